import XCTest

// goldthread:implements SRS-1 [[ | Pump | ]]
public final class Pump: Base {
    // goldthread:implements SRS-2 [[ | Pump.init | ]]
    init(x: Int) { }
    // goldthread:implements SRS-3 [[ | Pump.start | ]]
    func start() -> String {
        return "\(x { 1 })" // goldthread:implements SRS-4 [[ | Pump.start | ]]
    }
}

class PumpTests: XCTestCase {
    // goldthread:verifies SRS-5 [[PumpTests.testStarts | PumpTests.testStarts | ]]
    func testStarts() throws {
        XCTAssert(true) // goldthread:verifies SRS-6 [[PumpTests.testStarts | PumpTests.testStarts | ]]
    }
    // goldthread:implements SRS-7 [[ | PumpTests.helper | ]]
    func helper() {}
}

// goldthread:verifies SRS-8 [[stops | stops | ]]
@Test("It stops", .tags(.x))
func stops() async {
}
