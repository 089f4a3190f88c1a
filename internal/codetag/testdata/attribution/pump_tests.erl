% goldthread:verifies SRS-1 [[start_test | start_test | ]]
-spec start_test() -> ok.
start_test() ->
    ok. % goldthread:verifies SRS-2 [[start_test | start_test | ]]
