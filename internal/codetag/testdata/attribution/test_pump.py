"""Tests of the pump.

goldthread:verifies SRS-0 [[ |  | src.test_pump]]
"""
import os

# goldthread:implements SRS-1 [[ | LIMIT | src.test_pump]]
LIMIT = 5

# goldthread:verifies SRS-2 [[test_start | test_start | src.test_pump]]
@pytest.mark.parametrize("x", [
    1,
    2,
])
@other
def test_start(x):
    if x:
        # goldthread:verifies SRS-3 [[test_start | test_start | src.test_pump]]
        pass
    def helper():
        # goldthread:verifies SRS-4 [[test_start | helper | src.test_pump]]
        pass
    y = 1  # goldthread:verifies SRS-5 [[test_start | test_start | src.test_pump]]

# goldthread:implements SRS-6 [[ |  | src.test_pump]]

class TestPump(unittest.TestCase):
    """goldthread:verifies SRS-7 [[ | TestPump | src.test_pump]]"""

    # goldthread:verifies SRS-8 [[TestPump.test_stop | TestPump.test_stop | src.test_pump]]
    async def test_stop(
        self,  # goldthread:verifies SRS-9 [[TestPump.test_stop | TestPump.test_stop | src.test_pump]]
    ):
        """Stops.

        goldthread:verifies SRS-10 [[TestPump.test_stop | TestPump.test_stop | src.test_pump]]
        """
        x = """
def not_a_function():
"""
        # goldthread:verifies SRS-11 [[TestPump.test_stop | TestPump.test_stop | src.test_pump]]

    # goldthread:implements SRS-12 [[ | TestPump.helper | src.test_pump]]
    def helper(self): pass
    # goldthread:implements SRS-13 [[ | TestPump | src.test_pump]]

# goldthread:implements SRS-14 [[ | x | src.test_pump]]
x = foo(1)[2]
