# frozen_string_literal: true

# goldthread:implements SRS-1 [[ | Pump | ]]
module Pump
  # goldthread:implements SRS-2 [[ | Pump.Engine | ]]
  class Engine < Base
    def start?(x = {})
      y = x.map do |z|
        z # goldthread:implements SRS-3 [[ | Pump.Engine.start? | ]]
      end
    end

    # goldthread:implements SRS-4 [[ | Pump.Engine.make | ]]
    def self.make; end
  end
end

# goldthread:verifies SRS-5 [[Pump | Pump | ]]
RSpec.describe Pump do
  context "when on" do
    # goldthread:verifies SRS-6 [[Pump when on starts | Pump.when on.starts | ]]
    it "starts" do
      expect(1).to eq 1 # goldthread:verifies SRS-7 [[Pump when on starts | Pump.when on.starts | ]]
    end
    it('stops') { x } # goldthread:verifies SRS-8 [[Pump when on stops | Pump.when on.stops | ]]
  end
end

class TestPump < Minitest::Test
  # goldthread:verifies SRS-9 [[TestPump.test_starts | TestPump.test_starts | ]]
  def test_starts
  end
end
