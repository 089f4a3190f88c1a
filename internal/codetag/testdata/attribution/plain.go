package pump

// goldthread:implements SRS-1 [[ | TestX | example.org/pump/src]]
func TestX() {}
func g() interface{ F() } {
	// goldthread:implements SRS-2 [[ | g | example.org/pump/src]]
	return nil
}
