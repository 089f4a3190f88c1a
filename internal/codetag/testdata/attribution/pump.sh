#!/bin/bash
# goldthread:implements SRS-1 [[ | start-pump | ]]
start-pump() {
  if [ "$1" = "}" ]; then echo "${x}"; fi # goldthread:implements SRS-2 [[ | start-pump | ]]
}

# goldthread:implements SRS-3 [[ | stop | ]]
function stop {
  case x in
    a) ;; # goldthread:implements SRS-4 [[ | stop | ]]
  esac
}

test_starts() { # goldthread:verifies SRS-5 [[test_starts | test_starts | ]]
  start-pump
}
