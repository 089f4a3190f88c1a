package workspace

import "unsafe"

// stringOf returns data as a string without copying it. The caller must never
// change data afterwards: texts of items are parts of it.
func stringOf(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }
