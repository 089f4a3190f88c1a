// goldthread:verifies SRS-0 [[ |  | org.example.pump]]

package org.example.pump;

import org.junit.Test;

/** goldthread:verifies SRS-1 [[ | PumpTest | org.example.pump]] */
@RunWith(JUnit4.class)
public final class PumpTest extends Base<Map<String, List<X>>> implements A, B {
    // goldthread:implements SRS-2 [[ | PumpTest.LIMIT | org.example.pump]]
    private static final int LIMIT = 5;
    private int[] other = {1, 2}; // goldthread:implements SRS-3 [[ | PumpTest.other | org.example.pump]]

    // goldthread:implements SRS-4 [[ | PumpTest.PumpTest | org.example.pump]]
    public PumpTest() {
        super();
    }

    // goldthread:verifies SRS-5 [[PumpTest.starts | PumpTest.starts | org.example.pump]]
    @Test(expected = X.class)
    public void starts() throws Exception {
        for (int i = 0; i < 3; i++) {
            foo(() -> { bar(); }); // goldthread:verifies SRS-6 [[PumpTest.starts | PumpTest.starts | org.example.pump]]
        }
        new Thread(new Runnable() {
            public void run() {
                // goldthread:verifies SRS-6 [[PumpTest.starts | PumpTest.starts | org.example.pump]]
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    // goldthread:verifies SRS-7 [[PumpTest.stops | PumpTest.stops | org.example.pump]]
    <T extends Comparable<T>> Map<String, T> stops(int x) { return null; }

    // goldthread:implements SRS-8 [[ | PumpTest.helper | org.example.pump]]
    void helper() {}

    @Nested
    class Alarms {
        @org.junit.jupiter.api.Test
        void sounds() { // goldthread:verifies SRS-9 [[PumpTest$Alarms.sounds | PumpTest.Alarms.sounds | org.example.pump]]
        }
    }

    enum Level { LOW(1), HIGH(2); Level(int x) {} }

    // goldthread:implements SRS-10 [[ | PumpTest.Shape | org.example.pump]]
    interface Shape {
        // goldthread:implements SRS-11 [[ | PumpTest.Shape.area | org.example.pump]]
        double area();
    }

    // goldthread:implements SRS-12 [[ | PumpTest.Point | org.example.pump]]
    record Point(int x, int y) {}
}
