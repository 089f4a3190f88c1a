// goldthread:implements SRS-1 [[ | start | ]]
pub fn start(x: u8) u8 {
    return x; // goldthread:implements SRS-2 [[ | start | ]]
}
// goldthread:verifies SRS-3 [[it starts | it starts | ]]
test "it starts" {
    _ = start(1);
}
