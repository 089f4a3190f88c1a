; goldthread:implements SRS-1 [[ | start-pump! | ]]
(defn start-pump! [x]
  x) ; goldthread:implements SRS-2 [[ | start-pump! | ]]
; goldthread:verifies SRS-3 [[it-starts | it-starts | ]]
(deftest it-starts
  (is true))
