# goldthread:implements SRS-1 [[ | start | ]]
proc start(x: int): int =
  x # goldthread:implements SRS-2 [[ | start | ]]
suite "pump":
  # goldthread:verifies SRS-3 [[pump > starts | pump.starts | ]]
  test "starts":
    check true
