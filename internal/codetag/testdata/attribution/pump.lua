-- goldthread:implements SRS-1 [[ | M.start | ]]
function M.start(x)
  return x -- goldthread:implements SRS-2 [[ | M.start | ]]
end
describe("pump", function()
  -- goldthread:verifies SRS-3 [[pump starts | pump.starts | ]]
  it("starts", function()
    assert(true)
  end)
end)
