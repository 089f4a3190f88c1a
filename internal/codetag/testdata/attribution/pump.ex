# goldthread:implements SRS-1 [[ | Pump.Engine | ]]
defmodule Pump.Engine do
  # goldthread:implements SRS-2 [[ | Pump.Engine.start | ]]
  @doc "starts"
  @spec start(integer) :: integer
  def start(x) do
    x # goldthread:implements SRS-3 [[ | Pump.Engine.start | ]]
  end

  describe "alarm" do
    # goldthread:verifies SRS-4 [[alarm sounds | Pump.Engine.alarm.sounds | ]]
    test "sounds", %{x: x} do
      assert x
    end
  end
end
