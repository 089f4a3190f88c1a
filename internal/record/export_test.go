package record

// The two ways to read an operation, for tests that hold them against each other.
var (
	ScanOperation      = scanOperation
	DecodeAnyOperation = decodeOperation
)
