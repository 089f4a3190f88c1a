# goldthread:verifies SRS-1 [[it starts | it starts | ]]
@test "it starts" {
  run true # goldthread:verifies SRS-2 [[it starts | it starts | ]]
}
