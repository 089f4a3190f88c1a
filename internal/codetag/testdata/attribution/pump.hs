module Pump where

-- goldthread:implements SRS-1 [[ | start | ]]
start :: Int -> Int
start 0 = 1 -- goldthread:implements SRS-2 [[ | start | ]]
start x = y
  where
    -- goldthread:implements SRS-3 [[ | start | ]]
    y = x

-- goldthread:implements SRS-4 [[ | Mode | ]]
data Mode = On | Off
