// Package roboclerk reads the checkpoints of RoboClerk (MeindertN/RoboClerk), in which it keeps all items of a medical
// device project as it took them from an issue tracker and the source: requirements of three sorts, contents of
// documents, risks, SOUP, tests of the system and of units, and anomalies, with typed links.
//
//	{"SystemRequirements": [{"ItemID": "2", "ItemType": "SystemRequirement", "ItemTitle": "Mitigate the risk",
//	   "RequirementDescription": "The software shall …", "LinkedItems": [{"TargetID": "5", "LinkType": 1}]}],
//	 "SoftwareRequirements": […], "Risks": […], "SOUPs": […], "UnitTests": […]}
//
// The lists that begin with Eliminated hold items that RoboClerk's filters left out; they are read as not active. Beside
// checkpoints the test descriptions are read that RoboClerk imports: a list of {id, name, type, description, trace}. A
// list of test results is evidence and no requirement, and is named.
//
// Format: RoboClerk.Core/DataSources/CheckpointDataStorage.cs, RoboClerk.Core/Items, and TestDescriptionFileSchema.json
// of the project. Clauses served: traceability [62304 5.1.1], requirements traceable to their source [62304 5.2.6].
package roboclerk

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// Format is the name of this format in a Tree.
const Format = "roboclerk"

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits jsontree.Limits
	Files  int // most entries of folders looked at; default 2,000,000
}

// Detect reports whether a checkpoint lies in the folder or below it.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		head, _ := jsontree.Head(fsys, name)
		return sortOf(head) == checkpoint
	}, ".json")
}

// sort is what a JSON file is to RoboClerk.
type sort int

const (
	foreign sort = iota
	checkpoint
	descriptions
	results
)

// sortOf tells it by the beginning of a file.
func sortOf(head []byte) sort {
	names := jsontree.Names(head, 3)
	lists := 0
	for _, name := range names {
		list, member, _ := strings.Cut(name, "/")
		if _, _, known := listNamed(list); known && member == "*/ItemID" {
			return checkpoint
		} else if known && member == "" {
			lists++
		}
	}
	has := func(name string) bool { return slices.Contains(names, name) }
	switch {
	case lists >= 3:
		return checkpoint
	case has("*/id") && has("*/type") && has("*/trace") && has("*/description"):
		return descriptions
	case has("*/id") && has("*/type") && has("*/status") && !has("*/trace"):
		return results
	}
	return foreign
}

// Read reads every checkpoint and every file of test descriptions of a folder; other JSON files are named in Tree.Others.
// The error is for a folder that cannot be listed.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	names, faults, err := jsontree.Files(fsys, options.Files, ".json")
	if err != nil {
		return nil, err
	}
	r := &reader{tree: &exchange.Tree{Format: Format, Markup: "markdown", Tool: "RoboClerk", Faults: faults}, ids: map[string]exchange.Position{}, types: map[string]int{}}
	for _, name := range names {
		head, _ := jsontree.Head(fsys, name)
		is := sortOf(head)
		if is == foreign && len(head) > 0 {
			r.tree.Others = append(r.tree.Others, name)
			continue
		}
		root, refused := jsontree.Load(fsys, name, options.Limits)
		switch {
		case refused != nil:
			r.notes.Fault(refused.Fault())
			r.tree.Others = append(r.tree.Others, name)
		case is == results:
			r.results(name, root)
		case is == descriptions:
			r.tree.Files = append(r.tree.Files, name)
			r.descriptions(name, root)
		default:
			r.tree.Files = append(r.tree.Files, name)
			r.checkpoint(name, root)
		}
	}
	r.finish()
	return r.tree, nil
}
