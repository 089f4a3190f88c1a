<?php
namespace Example\Pump;

// goldthread:verifies SRS-1 [[ | PumpTest | Example.Pump]]
final class PumpTest extends TestCase
{
    // goldthread:verifies SRS-2 [[PumpTest.testStarts | PumpTest.testStarts | Example.Pump]]
    public function testStarts(): void
    {
        $x = function () { return 1; };
        // goldthread:verifies SRS-3 [[PumpTest.testStarts | PumpTest.testStarts | Example.Pump]]
    }

    // goldthread:verifies SRS-4 [[PumpTest.stops | PumpTest.stops | Example.Pump]]
    #[Test]
    public function stops() {}

    private function helper() {} // goldthread:implements SRS-5 [[ | PumpTest.helper | Example.Pump]]
}
