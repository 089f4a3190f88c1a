package org.example
class PumpSpec extends Specification {
    // goldthread:verifies SRS-1 [[PumpSpec.it starts | PumpSpec.it starts | org.example]]
    def "it starts"() {
        expect: true // goldthread:verifies SRS-2 [[PumpSpec.it starts | PumpSpec.it starts | org.example]]
    }
    // goldthread:verifies SRS-3 [[PumpSpec.stops | PumpSpec.stops | org.example]]
    @Test
    void stops() {
    }
}
