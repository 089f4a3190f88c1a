//go:build race

package disktest

// slower is how many times fewer cuts there are under the race detector, which makes SQLite that much slower.
const slower = 40
