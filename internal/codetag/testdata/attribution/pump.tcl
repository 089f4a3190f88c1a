# goldthread:implements SRS-1 [[ | ::pump::start | ]]
proc ::pump::start {x} {
  # goldthread:implements SRS-2 [[ | ::pump::start | ]]
}
# goldthread:verifies SRS-3 [[pump-1.1 | pump-1.1 | ]]
test pump-1.1 {it starts} {
  set x 1
} 1
