// Package jsontree reads JSON (RFC 8259) from files that nobody vouches for, strictly and with the place of every value:
// the readers of formats that are JSON stand on it, and tell people the line and column of what they found.
//
// It refuses what programs read differently: duplicate names in an object, also where they are escaped differently,
// bytes that are not UTF-8, escaped halves of surrogate pairs, the character NUL, NaN and Infinity, data behind the
// value, comments; and what costs more than it should: depth, giant strings, too many values. That is the profile
// I-JSON (RFC 7493), whose sizes are limits here. A byte order mark is passed over and UTF-16 with one is read.
//
// encoding/json is no help with that: it replaces bad bytes, takes the last of duplicate names and folds their case.
// Clause served: requirements traceable to their source [62304 5.2.6].
package jsontree

import (
	"fmt"
	"io/fs"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes   int64 // largest file; default 256 MiB
	Values      int   // most values and names of one file; default 8,000,000, which take 16 bytes each
	Depth       int   // most objects and arrays around a value; default 256
	StringBytes int   // longest string or number as written; default 16 MiB
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	l.FileBytes = min(l.FileBytes, 1<<31)
	if l.Values <= 0 {
		l.Values = 8_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	if l.StringBytes <= 0 {
		l.StringBytes = 16 << 20
	}
	return l
}

// Error says why a file was refused, and where.
type Error struct {
	At      exchange.Position
	Message string // one sentence
	Remedy  string
}

// Error makes Error an error: where, then what.
func (e *Error) Error() string { return e.At.String() + ": " + e.Message }

// Fault is the error as a reader reports it.
func (e *Error) Fault() exchange.Fault {
	return exchange.Fault{At: e.At, Message: e.Message, Remedy: e.Remedy, Error: true}
}

// Load reads and parses a file. The error is an *Error.
func Load(fsys fs.FS, name string, limits Limits) (Value, *Error) {
	limits = limits.withDefaults()
	data, why := exchange.ReadFile(fsys, name, limits.FileBytes)
	if why != "" {
		return Value{}, &Error{exchange.Position{File: name}, "the file cannot be read: " + why, "mend or replace the file"}
	}
	return Parse(name, data, limits)
}

// Parse reads the one value that data holds. The file is the name that positions have. The data is kept and must not
// change afterwards.
func Parse(file string, data []byte, limits Limits) (Value, *Error) {
	limits = limits.withDefaults()
	d := &document{file: file}
	if int64(len(data)) > limits.FileBytes {
		return Value{}, &Error{exchange.Position{File: file}, fmt.Sprintf("the file is larger than %d bytes", limits.FileBytes), "split it"}
	}
	d.data = data
	if err := d.decode(); err != nil {
		return Value{}, err
	}
	s := &scanner{document: d, limits: limits}
	if err := s.scan(); err != nil {
		return Value{}, err
	}
	return Value{d, 0}, nil
}
