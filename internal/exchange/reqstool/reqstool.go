// Package reqstool reads requirements, verification cases, manual results and annotations of reqstool
// (reqstool/reqstool-client) as they lie in a folder, with no help from reqstool itself.
//
//	requirements.yml                  metadata: {urn: ms-001, variant: microservice, title: Pump service}
//	                                  requirements: [{id: REQ_010, title: …, significance: shall, description: …, revision: 0.0.1}]
//	software_verification_cases.yml   cases: [{id: SVC_010, requirement_ids: [REQ_010], title: …, verification: automated-test}]
//	manual_verification_results.yml   results: [{id: MVR_1, svc_ids: [SVC_010], pass: true}]
//	annotations.yml                   requirement_annotations: {implementations: {REQ_010: [{elementKind: CLASS, …}]}}
//
// Each entry is an item; its identity is urn:id. The elements of the code that annotations name are fields of the item
// that they annotate. The reader refuses to follow imports to other repositories, symbolic links, anchors and aliases.
//
// The schemas are those of https://github.com/reqstool/reqstool-client/tree/main/src/reqstool/resources/schemas/v1. Clause
// served: requirements traceable to their source [62304 5.2.6], traceability [62304 5.1.1].
package reqstool

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
	"github.com/goldthread/goldthread/internal/exchange/yamltree"
)

// Format is the name of this format in a Tree.
const Format = "reqstool"

// Types of items.
const (
	TypeRequirement = "requirements"
	TypeCase        = "cases"
	TypeResult      = "results"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits = yamltree.Limits

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits Limits
}

// fileKind is what a file holds.
type fileKind uint8

const (
	other fileKind = iota
	requirements
	cases
	results
	annotations
	settings
)

var (
	topKey    = regexp.MustCompile(`^["']?([A-Za-z_]+)["']?[ \t]*:`)
	urnKey    = regexp.MustCompile(`(^|[{,])[ \t]*["']?urn["']?[ \t]*:`)
	schemaRef = regexp.MustCompile(`reqstool[^\s]*/([a-z_]+)\.schema\.json`)
	svcList   = regexp.MustCompile(`(?m)^[ \t-]*["']?(requirement_ids|verification)["']?[ \t]*:|[{,][ \t]*requirement_ids[ \t]*:`)
	mvrList   = regexp.MustCompile(`(?m)^[ \t-]*["']?svc_ids["']?[ \t]*:|[{,][ \t]*svc_ids[ \t]*:`)
)

// kindOf says by its name and beginning what a file holds.
func kindOf(name string, head []byte) fileKind {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if m := schemaRef.FindSubmatch(head[:min(len(head), 1000)]); m != nil {
		base = strings.TrimSuffix(string(m[1]), ".")
		if base == "requirements" {
			return requirements
		}
	}
	keys := topKeys(head)
	switch {
	case keys["metadata"] && hasURN(head):
		return requirements
	case keys["requirement_annotations"], base == "annotations" && len(keys) == 0:
		return annotations
	case keys["cases"] && svcList.Match(head), base == "software_verification_cases":
		return cases
	case keys["results"] && mvrList.Match(head), base == "manual_verification_results":
		return results
	case base == "reqstool_config":
		return settings
	}
	return other
}

// topKeys are the names at the beginning of lines. Most lines begin with a blank and are not looked at.
func topKeys(head []byte) map[string]bool {
	keys := map[string]bool{}
	for line := range bytes.Lines(head) {
		if line[0] == ' ' || line[0] == '-' {
			continue
		}
		if m := topKey.FindSubmatch(line); m != nil {
			keys[string(m[1])] = true
		}
	}
	return keys
}

// hasURN says that the metadata at the beginning of a file name a urn.
func hasURN(head []byte) bool {
	inside := false
	for line := range strings.Lines(string(head)) {
		switch begins := strings.TrimLeft(line, "\"'"); {
		case strings.HasPrefix(begins, "metadata"):
			inside = true
		case !strings.ContainsAny(line[:1], " \t\n#}"):
			inside = false
		}
		if inside && urnKey.MatchString(line) {
			return true
		}
	}
	return false
}

var extensions = []string{".yml", ".yaml"}

// Detect reports whether requirements, verification cases or annotations of reqstool lie in the folder or below it.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		head, _ := jsontree.Head(fsys, name)
		k := kindOf(name, normalised(head))
		return k == requirements || k == cases && len(head) > 0 || k == annotations && len(head) > 0
	}, extensions...)
}

func normalised(head []byte) []byte { return []byte(strings.ReplaceAll(string(head), "\r", "\n")) }

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the reqstool files: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every file of reqstool in a tree; other YAML files and test reports are named in Tree.Others. What is wrong
// with single files is in the faults of the Tree; an error means that the folder itself could not be read.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.WithDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, append([]string{".xml"}, extensions...)...)
	if err != nil {
		return nil, err
	}
	r := newReader(fsys, options.Limits)
	r.faults = faults
	r.read(names)
	return r.tree(), nil
}
