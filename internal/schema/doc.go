// Package schema says what a project may hold: the kinds of items, their fields, the relations between them and the
// workflows they move through. All of it is data, kinds.yaml; Go interprets it.
//
// The built-in schema follows the words of IEC 62304 and ISO 14971, so that the thread from hazard to risk control,
// requirement, unit, code and test can be walked both ways [62304 5.1.1.c, 62304 7.3.3]. A project extends it in its
// goldthread.yaml. An extension may add and may make stricter; what it may not weaken is the list `protected` of
// kinds.yaml, and every attempt is a fault that names its line. The format of both is described in docs/schema.md.
//
// A Schema is immutable and safe for any number of readers. The package is pure: bytes in, Schema and faults out. It
// refuses to read files, to know any item, and to repair a faulty extension silently: what it could not take is listed.
//
// kinds.yaml is turned into Go tables and typed accessors by go generate (tables_gen.go, accessors_gen.go), so that a
// program start parses no YAML. The generator builds with the tag bootstrap, which leaves the generated files out.
package schema

//go:generate go run -tags bootstrap ./gen
