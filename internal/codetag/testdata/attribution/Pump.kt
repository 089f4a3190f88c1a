package org.example.pump

// goldthread:implements SRS-1 [[ | LIMIT | org.example.pump]]
const val LIMIT = 5

// goldthread:implements SRS-2 [[ | twice | org.example.pump]]
fun twice(x: Int) = 2 * x

/** goldthread:verifies SRS-3 [[ | PumpTest | org.example.pump]] */
@DisplayName("x")
internal class PumpTest(private val x: Int) :
    Base(), Other {

    // goldthread:verifies SRS-4 [[PumpTest.it starts | PumpTest.it starts | org.example.pump]]
    @Test
    fun `it starts`() {
        // goldthread:verifies SRS-5 [[PumpTest.it starts | PumpTest.it starts | org.example.pump]]
        list.forEach { x -> println("${x}") }
    }

    // goldthread:verifies SRS-6 [[PumpTest.stops | PumpTest.stops | org.example.pump]]
    @Test fun stops() = run {
        val y = 1 // goldthread:verifies SRS-7 [[PumpTest.stops | PumpTest.stops | org.example.pump]]
    }

    companion object {
        // goldthread:implements SRS-8 [[ | PumpTest.make | org.example.pump]]
        fun <T> make(): T? = null
    }
}
