// Package rdm reads the data folder of the Regulatory Documentation Manager (innolitics/rdm): YAML files about one device,
// as they lie in a folder, with no help from RDM itself.
//
//	requirements.yml             [{id: r-1, title: …, type: Functional, system_requirements: [SR-6], description: …, specifications: …}]
//	risk.yml                     {risks: [{hazard: …, hazardous_situation: …, harm: …, severity: …}], risk_levels: …}
//	soup.yml                     [{title: FFTW, version: 3.3.5, purpose: …, anomaly_reference: …}]
//	unit_test_record.yml         {TestClass.TestName1: {result: pass, req_ids: [SR-12]}}
//	integration_test_record.yml
//	manual_tests.yml             [{name: …, steps: [{step: 1, result: pass, req_ids: [SR-11]}]}]
//	history.yml                  {change_requests: [{id: "1", title: …, change_ids: ["1"]}], changes: [{id: "1", content: …}]}
//
// Their entries are items, and so are those of any other list of entries with an id. Everything else (device.yml, people.yml,
// workflow.yml, …) is kept as fields of the document. Templates of Jinja, {{ device.name }}, are kept as they are and not
// filled in. The reader refuses symbolic links, anchors and aliases.
//
// The files are those of https://github.com/innolitics/rdm/tree/master/rdm/init_files/data. Clause served: requirements
// traceable to their source [62304 5.2.6], SOUP identified [62304 8.1.2], risk control traceable [62304 7.3.3].
package rdm

import (
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
const Format = "rdm"

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits = yamltree.Limits

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits Limits
}

var extensions = []string{".yml", ".yaml"}

// signs are what only RDM writes at the beginning of lines of a file with a name.
var signs = map[string]*regexp.Regexp{
	"requirements":            regexp.MustCompile(`(?m)^[ -]+(system_requirements|specifications)[ \t]*:`),
	"risk":                    regexp.MustCompile(`(?m)^(risk_levels|risk_probability_levels|risk_severity_levels|risk_acceptability_matrix)[ \t]*:`),
	"soup":                    regexp.MustCompile(`(?m)^[ -]+anomaly_reference[ \t]*:`),
	"history":                 regexp.MustCompile(`(?m)^change_requests[ \t]*:`),
	"unit_test_record":        regexp.MustCompile(`(?m)^[ -]+req_ids[ \t]*:`),
	"integration_test_record": regexp.MustCompile(`(?m)^[ -]+req_ids[ \t]*:`),
	"manual_tests":            regexp.MustCompile(`(?m)^[ -]+steps[ \t]*:`),
	"workflow":                regexp.MustCompile(`(?m)^version_of_62304[ \t]*:`),
}

// otherTool is what files of the same names of reqstool begin with.
var otherTool = regexp.MustCompile(`(?m)^metadata[ \t]*:`)

func stem(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }

// signed says by its name and beginning that a file is one of RDM.
func signed(fsys fs.FS, name string) bool {
	sign := signs[stem(name)]
	if sign == nil {
		return false
	}
	head, _ := jsontree.Head(fsys, name)
	text := []byte(strings.ReplaceAll(string(head), "\r", "\n"))
	return sign.Match(text) && !otherTool.Match(text)
}

// Detect reports whether a data folder of RDM lies in the folder or below it.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool { return signed(fsys, name) }, extensions...)
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the data folder of RDM: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every YAML file of the folders that hold one of RDM. What is wrong with single files is in the faults of the
// Tree; an error means that the folder itself could not be read.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.WithDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, extensions...)
	if err != nil {
		return nil, err
	}
	r := &reader{fsys: fsys, limits: options.Limits, faults: faults, index: map[string]string{}, verbs: map[string]bool{}, types: map[string]*exchange.Type{}}
	r.read(names)
	return r.tree(), nil
}
