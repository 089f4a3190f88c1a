// Package needs reads and writes needs.json, in which sphinx-needs (useblocks/sphinx-needs) exports the needs of a
// documentation and imports those of another.
//
//	{"project": "Pump", "current_version": "1.0", "versions": {"1.0": {"needs_amount": 1,
//	  "needs": {"REQ_1": {"id": "REQ_1", "type": "req", "title": "Stop", "content": "…", "docname": "srs",
//	    "sections": ["Alarms", "Requirements"], "status": "open", "tags": ["a"], "links": ["SYS_2"]}},
//	  "needs_schema": {"properties": {"links": {"field_type": "links"}, "effort": {"field_type": "extra"}}}}}}
//
// A need is an item; every member that has no place of its own is a field. Which members are links says the
// needs_schema of the file; where it says nothing, a list of which one names a need is one, and so is a list X that has
// an X_back. Lists X_back are the links of other needs read from their end and are not counted again.
//
// Format: https://sphinx-needs.readthedocs.io/en/latest/builders.html (needs), with sphinx_needs/needsfile.py and
// core_fields.json of the project. The reader opens no other file and no address. Clause served: traceability
// [62304 5.1.1], requirements traceable to their source [62304 5.2.6].
package needs

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// Format is the name of this format in a Tree.
const Format = "sphinx-needs"

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits  jsontree.Limits
	Files   int    // most entries of folders looked at; default 2,000,000
	Version string // of the documentation to be read; default is the current one of each file
}

// Detect reports whether a needs.json lies in the folder or below it, whatever its name is.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		head, _ := jsontree.Head(fsys, name)
		return looksRight(head)
	}, ".json")
}

// looksRight says by its beginning that a file is a needs.json.
func looksRight(head []byte) bool {
	names := jsontree.Names(head, 3)
	return slices.Contains(names, "versions") && slices.ContainsFunc(names, func(name string) bool {
		return name == "current_version" || strings.Count(name, "/") == 2 && strings.HasSuffix(name, "/needs")
	})
}

// Read reads every needs.json of a folder, also under other names; JSON files that are none are named in Tree.Others. An
// empty file tells nothing of what it was and is a fault. The error is for a folder that cannot be listed.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	names, faults, err := jsontree.Files(fsys, options.Files, ".json")
	if err != nil {
		return nil, err
	}
	r := &reader{options: options, tree: &exchange.Tree{Format: Format, Markup: "rst", Faults: faults, Backwards: map[string]string{}},
		items: map[string]*need{}, types: map[string]*exchange.Type{}, relations: map[string]bool{}}
	for _, name := range names {
		head, _ := jsontree.Head(fsys, name)
		if len(head) > 0 && !looksRight(head) {
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
