//go:build !race

package disktest

const slower = 1
