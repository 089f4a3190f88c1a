//go:build bootstrap

package schema

// builtinSource is empty while the generator that writes the real one is built.
var builtinSource source
