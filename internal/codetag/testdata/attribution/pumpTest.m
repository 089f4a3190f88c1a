% goldthread:verifies SRS-1 [[ | pumpTest | ]]
classdef pumpTest < matlab.unittest.TestCase
    methods (Test)
        % goldthread:verifies SRS-2 [[pumpTest.testStart | pumpTest.testStart | ]]
        function testStart(testCase)
            x = [1 2]'; % goldthread:verifies SRS-3 [[pumpTest.testStart | pumpTest.testStart | ]]
        end
        function [a, b] = helper(x)
            % goldthread:implements SRS-4 [[ | pumpTest.helper | ]]
        end
    end
end
