# goldthread:implements SRS-1 [[ | start | ]]
function start(x)
    x # goldthread:implements SRS-2 [[ | start | ]]
end
# goldthread:verifies SRS-3 [[it starts | it starts | ]]
@testset "it starts" begin
    @test true
end
