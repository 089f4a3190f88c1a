# goldthread:implements SRS-1 [[ | start | ]]
start <- function(x) {
  y <- x # goldthread:implements SRS-2 [[ | start | ]]
}
# goldthread:verifies SRS-3 [[it starts | it starts | ]]
test_that("it starts", {
  expect_true(TRUE)
})
