package Pump;
# goldthread:implements SRS-1 [[ | start | ]]
sub start {
  my %h = (a => 1); # goldthread:implements SRS-2 [[ | start | ]]
}
# goldthread:verifies SRS-3 [[it starts | it starts | ]]
subtest 'it starts' => sub {
  ok(1);
};
