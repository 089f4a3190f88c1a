// goldthread:verifies SRS-0 [[ |  | example.org/pump/src]]

package pump

import "testing"

// goldthread:implements SRS-1 [[ | limit | example.org/pump/src]]
const limit = 5

const (
	// goldthread:implements SRS-2 [[ | low | example.org/pump/src]]
	low  = 1
	high = 2 // goldthread:implements SRS-3 [[ | high | example.org/pump/src]]
)

// Pump pumps.
//
// goldthread:implements SRS-4 [[ | Pump | example.org/pump/src]]
type Pump struct {
	// goldthread:implements SRS-5 [[ | Pump | example.org/pump/src]]
	rate int // goldthread:implements SRS-5 [[ | Pump | example.org/pump/src]]
}

type (
	// goldthread:implements SRS-6 [[ | Alarm | example.org/pump/src]]
	Alarm struct{ x int }
	// goldthread:implements SRS-6 [[ | Level | example.org/pump/src]]
	Level int
)

// goldthread:implements SRS-7 [[ | Pump.Start | example.org/pump/src]]
func (p *Pump) Start(f func() error, m map[string]interface{}) (s struct{ a int }, err error) {
	// goldthread:implements SRS-8 [[ | Pump.Start | example.org/pump/src]]
	for i := 0; i < 3; i++ {
		if x := "}"; x != "" { // goldthread:implements SRS-8 [[ | Pump.Start | example.org/pump/src]]
		}
	}
	return
	// goldthread:implements SRS-8 [[ | Pump.Start | example.org/pump/src]]
}

// goldthread:implements SRS-9 [[ |  | example.org/pump/src]]

func (List[T]) Len() struct{ n int } { return struct{ n int }{1} } // goldthread:implements SRS-10 [[ | List.Len | example.org/pump/src]]

// goldthread:verifies SRS-11 [[TestStart | TestStart | example.org/pump/src]]
func TestStart(t *testing.T) {
	t.Run("sub", func(t *testing.T) {
		// goldthread:verifies SRS-12 [[TestStart | TestStart | example.org/pump/src]]
	})
}

//goldthread:verifies SRS-13 [[BenchmarkX | BenchmarkX | example.org/pump/src]]
//nolint:all
func BenchmarkX(b *testing.B) {}

// goldthread:verifies SRS-14 [[FuzzX | FuzzX | example.org/pump/src]]
func FuzzX(f *testing.F) {
}

// goldthread:verifies SRS-15 [[ | Testing | example.org/pump/src]]
func Testing() {}

func TestParams(
	t *testing.T, // goldthread:verifies SRS-16 [[TestParams | TestParams | example.org/pump/src]]
) {
}

/*
goldthread:verifies SRS-17 [[Example_x | Example_x | example.org/pump/src]]
*/
func Example_x() {}

var table = map[string]int{
	// goldthread:implements SRS-18 [[ | table | example.org/pump/src]]
	"a": 1,
}

// goldthread:implements SRS-19 [[ |  | example.org/pump/src]]
