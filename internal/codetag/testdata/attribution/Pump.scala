package org.example

// goldthread:implements SRS-1 [[ | Pump | org.example]]
case class Pump(rate: Int) {
  // goldthread:implements SRS-2 [[ | Pump.start | org.example]]
  def start(x: Int): Int = {
    x // goldthread:implements SRS-3 [[ | Pump.start | org.example]]
  }
}

class PumpSuite extends FunSuite {
  // goldthread:verifies SRS-4 [[starts | PumpSuite.starts | org.example]]
  test("starts") {
    assert(true)
  }
  @Test
  def stops() { // goldthread:verifies SRS-5 [[PumpSuite.stops | PumpSuite.stops | org.example]]
  }
}
