// Package lobster reads the interchange files of LOBSTER (bmw-software-engineering/lobster), in which its tools hand on
// requirements, implementations and activities such as tests, each with what it traces to, and LOBSTER's report of all.
//
//	{"schema": "lobster-req-trace", "version": 4, "generator": "lobster-trlc", "data": [{"tag": "req pump.stop@3",
//	  "location": {"kind": "file", "file": "pump.trlc", "line": 4, "column": 2}, "name": "pump.stop", "refs": ["req sys.safe@1"],
//	  "just_up": [], "just_down": [], "just_global": [], "framework": "TRLC", "kind": "requirement", "text": "…", "status": null}]}
//
// A tag is a namespace, a name and, behind an @, a version. Namespace and name are the identity of an item; a reference
// to another version than the item has is a suspect link. In a report ref_down is what ref_up of the other item says and
// is not counted again. Only what the file says is read: no location is opened, no policy applied.
//
// Format: https://github.com/bmw-software-engineering/lobster/blob/main/documentation/schemas.md (versions 3 and 4), and
// for the report (version 2) lobster/common/report.py of the project. Clause served: traceability [62304 5.1.1].
package lobster

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// Format is the name of this format in a Tree.
const Format = "lobster"

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits jsontree.Limits
	Files  int // most entries of folders looked at; default 2,000,000
}

// extensions are those of files that LOBSTER's tools write.
var extensions = []string{".lobster", ".json"}

// Detect reports whether a file of LOBSTER lies in the folder or below it, whatever its name is.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool { return isLobster(fsys, name) }, extensions...)
}

// isLobster looks at both ends of a file: its schema is named at one of them.
func isLobster(fsys fs.FS, name string) bool {
	head, tail := jsontree.Head(fsys, name)
	names := jsontree.Names(head, 1)
	if !slices.ContainsFunc(names, func(n string) bool { return n == "schema" || n == "data" || n == "levels" }) {
		return false
	}
	return slices.ContainsFunc([][]byte{head, tail}, func(part []byte) bool { return bytes.Contains(part, []byte(`"lobster-`)) })
}

// Read reads every file of LOBSTER of a folder, and files that only claim to be one by their name are faults; other JSON
// files are named in Tree.Others. The error is for a folder that cannot be listed.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	names, faults, err := jsontree.Files(fsys, options.Files, extensions...)
	if err != nil {
		return nil, err
	}
	r := &reader{tree: &exchange.Tree{Format: Format, Markup: "markdown", Faults: faults}, items: map[string]place{}, types: map[string]int{}}
	for _, name := range names {
		if !strings.HasSuffix(strings.ToLower(name), ".lobster") && !isLobster(fsys, name) {
			r.tree.Others = append(r.tree.Others, name)
			continue
		}
		root, refused := jsontree.Load(fsys, name, options.Limits)
		if refused != nil {
			r.notes.Fault(refused.Fault())
			r.tree.Others = append(r.tree.Others, name)
			continue
		}
		r.file(name, root)
	}
	r.finish()
	return r.tree, nil
}
