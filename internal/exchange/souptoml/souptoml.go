// Package souptoml reads registers of SOUP that are kept in TOML: a file of tables, one for each component.
//
//	schema_version = 1
//	register_kind = "pump-soup-register"
//
//	[[entries]]
//	component_id = "glfw-3.4"
//	name = "GLFW"
//	version = "3.4"
//	classification = "SOUP"
//	usage = "Window creation"
//	risk_controls = ["Pinned to a tag."]
//
// No tool owns such registers, so the names of their attributes vary: an item is every table of an array of tables, or of a
// table of tables, that says a name or an id. Every attribute is kept. What TOML 1.0 forbids (a key that is there twice, a
// table that is defined twice) refuses the file, with its line.
//
// The language is https://toml.io/en/v1.0.0. Clause served: SOUP items identified [62304 5.3.3], [62304 8.1.2].
package souptoml

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// Format is the name of this format in a Tree.
const Format = "soup-toml"

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes  int64 // largest file read; default 64 MiB
	ValueBytes int   // longest string; default 16 MiB
	Values     int   // most values of one file; default 500,000
	Files      int   // most entries of folders looked at; default 2,000,000
	Depth      int   // deepest nesting of values, and most parts of a key; default 256
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 64 << 20
	}
	if l.ValueBytes <= 0 {
		l.ValueBytes = 16 << 20
	}
	if l.Values <= 0 {
		l.Values = 500_000
	}
	if l.Files <= 0 {
		l.Files = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits Limits
}

const extension = ".toml"

var (
	soupName = regexp.MustCompile(`(?i)(^|[^a-z])(soup|ots)([^a-z]|$)`)
	soupText = regexp.MustCompile(`(?im)^[ \t]*(\[\[?[^\]\n]*\bsoup\b|register_kind[ \t]*=[^\n]*soup|classification[ \t]*=[ \t]*["']soup\b|known_anomal|anomal[a-z]*_(tracking|list|reference|url)[ \t]*=)`)
)

// isRegister says by its name and beginning that a file is a register of SOUP. Manifests of packages are none, whatever
// packages they name.
func isRegister(fsys fs.FS, name string) bool {
	switch path.Base(name) {
	case "Cargo.toml", "pyproject.toml", "Pipfile":
		return false
	}
	head, _ := jsontree.Head(fsys, name)
	text := strings.ReplaceAll(string(head), "\r", "\n")
	return soupText.MatchString(text) || soupName.MatchString(path.Base(name)) && strings.Contains(text, "[")
}

// Detect reports whether a register of SOUP in TOML lies in the folder or below it.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool { return isRegister(fsys, name) }, extension)
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the SOUP register: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every register of SOUP in a tree; where no file looks like one, every TOML file. Other TOML files are named in
// Tree.Others. An error means that the folder itself could not be read.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, extension)
	if err != nil {
		return nil, err
	}
	r := &reader{fsys: fsys, limits: options.Limits, faults: faults, keys: map[string]bool{}}
	var registers []string
	for _, name := range names {
		if isRegister(fsys, name) {
			registers = append(registers, name)
		} else {
			r.others = append(r.others, name)
		}
	}
	if registers == nil {
		registers, r.others = r.others, nil
	}
	for _, name := range registers {
		r.file(name)
	}
	return r.tree(), nil
}
