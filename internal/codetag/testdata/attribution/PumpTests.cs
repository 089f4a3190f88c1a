using Xunit;

namespace Example.Pump
{
    // goldthread:verifies SRS-1 [[ | PumpTests | Example.Pump]]
    [Collection("x")]
    public class PumpTests : Base
    {
        // goldthread:implements SRS-2 [[ | PumpTests.Rate | Example.Pump]]
        public int Rate { get; set; }

        // goldthread:implements SRS-3 [[ | PumpTests.Twice | Example.Pump]]
        public int Twice(int x) => 2 * x;

        /// <summary>goldthread:verifies SRS-4 [[PumpTests.Starts | PumpTests.Starts | Example.Pump]]</summary>
        [Fact]
        public async Task Starts()
        {
            // goldthread:verifies SRS-5 [[PumpTests.Starts | PumpTests.Starts | Example.Pump]]
            var x = new[] { 1, 2 };
        }

        [Theory, InlineData(1)]
        [InlineData(2)]
        // goldthread:verifies SRS-6 [[PumpTests.Stops | PumpTests.Stops | Example.Pump]]
        public void Stops(int x)
        {
        }

        class Inner { [Test] void A() { /* goldthread:verifies SRS-7 [[PumpTests+Inner.A | PumpTests.Inner.A | Example.Pump]] */ } }
    }
}
