package reqstool

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
	"github.com/goldthread/goldthread/internal/exchange/yamltree"
)

// reader holds one reading between its steps: files, items, what ids mean.
type reader struct {
	fsys   fs.FS
	limits Limits
	faults []exchange.Fault
	files  []string
	others []string
	opened []*file
	all    []*file              // of opened: those that could be read
	urns   map[string]*file     // of folders: the requirements in them
	index  map[string]*itemSlot // by urn:id
	counts exchange.Counts
	lost   []exchange.Loss
}

// file is one file that was read.
type file struct {
	yamltree.Source
	kind     fileKind
	readable bool
	urn      string
	title    string
	doc      exchange.Document
}

// itemSlot is where an item stands.
type itemSlot struct {
	file *file
	n    int
}

func newReader(fsys fs.FS, limits Limits) *reader {
	return &reader{fsys: fsys, limits: limits, urns: map[string]*file{}, index: map[string]*itemSlot{}}
}

func (r *reader) fault(at exchange.Position, isError bool, item, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) read(names []string) {
	for _, f := range exchange.Concurrently(len(names), runtime.GOMAXPROCS(0), func(i int) *file { return r.open(names[i]) }) {
		r.take(f)
	}
	for _, f := range r.all {
		if f.kind == requirements {
			r.metadata(f)
		}
	}
	for _, f := range r.all {
		r.place(f)
	}
	for _, f := range r.all {
		switch f.kind {
		case requirements, cases, results:
			r.items(f)
		case settings:
			r.settings(f)
		}
	}
	r.resolve()
	for _, f := range r.all {
		if f.kind == annotations {
			r.annotations(f)
		}
	}
	for _, f := range r.all {
		if f.kind == requirements {
			r.imports(f)
		}
	}
}

// open reads a file, if it is one of reqstool. It is called for several at once.
func (r *reader) open(name string) *file {
	f := &file{Source: yamltree.Source{File: name}}
	if strings.HasSuffix(strings.ToLower(name), ".xml") {
		return f
	}
	head, _ := jsontree.Head(r.fsys, name)
	if f.kind = kindOf(name, normalised(head)); f.kind == other || !f.Load(r.fsys, r.limits) {
		return f
	}
	if f.Root == nil || f.Root.Kind != yaml.MappingNode {
		f.Refuse(1, "the file does not hold names and values, as those of reqstool do", "write it as the schema of reqstool shows")
		return f
	}
	f.readable = true
	f.doc = exchange.Document{Path: name, At: exchange.Position{File: name, Line: 1, Column: 1}}
	return f
}

// take notes a file that was opened.
func (r *reader) take(f *file) {
	if f.kind == other {
		r.others = append(r.others, f.File)
		return
	}
	r.opened = append(r.opened, f)
	r.files = append(r.files, f.File)
	if f.readable {
		r.all = append(r.all, f)
	}
}

// metadata reads whose requirements a file holds.
func (r *reader) metadata(f *file) {
	node, _ := member(f.Root, "metadata")
	f.doc.Key = path.Dir(f.File)
	if node == nil || node.Kind != yaml.MappingNode {
		f.Fault(f.doc.At, false, "", "the file has no metadata", "add metadata: with urn and title")
		return
	}
	if urn, at := member(node, "urn"); urn != nil && urn.Kind == yaml.ScalarNode && urn.Value != "" {
		f.urn, f.doc.Key = urn.Value, urn.Value
		f.doc.At = f.Position(at)
	} else {
		f.Fault(f.Position(node), false, "", "the metadata have no urn", "add urn: with a name that no other system has")
	}
	if title, _ := member(node, "title"); title != nil && title.Kind == yaml.ScalarNode {
		f.title, f.doc.Title = title.Value, title.Value
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		switch key.Value {
		case "urn", "title":
		default:
			f.doc.Fields = append(f.doc.Fields, f.Field("metadata/"+key.Value, key, node.Content[i+1]))
		}
	}
	dir := path.Dir(f.File)
	if first := r.urns[dir]; first != nil {
		f.Fault(f.doc.At, false, "", fmt.Sprintf("the requirements of the folder are those of %s already", first.File), "keep one requirements.yml in a folder")
		return
	}
	r.urns[dir] = f
}

// place gives the other files of a folder, or of one below it, the urn of its requirements.
func (r *reader) place(f *file) {
	if f.kind == requirements {
		return
	}
	name := map[fileKind]string{cases: "Software verification cases", results: "Manual verification results", annotations: "Annotations", settings: "Settings"}[f.kind]
	f.doc.Title = name
	f.doc.Key = strings.TrimSuffix(f.File, path.Ext(f.File))
	for dir := path.Dir(f.File); ; dir = path.Dir(dir) {
		if of := r.urns[dir]; of != nil {
			f.urn, f.doc.Parent = of.urn, of.doc.Key
			f.doc.Title = name + " of " + cmp.Or(of.title, of.urn)
			return
		}
		if dir == "." || dir == "/" {
			return
		}
	}
}

// member is the value of a mapping under a name, and the node of the name; nil where there is none.
func member(mapping *yaml.Node, name string) (value, key *yaml.Node) {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1], mapping.Content[i]
		}
	}
	return nil, nil
}

// settings keeps what reqstool_config.yml says.
func (r *reader) settings(f *file) {
	for i := 0; i+1 < len(f.Root.Content); i += 2 {
		f.doc.Fields = append(f.doc.Fields, f.Field(f.Root.Content[i].Value, f.Root.Content[i], f.Root.Content[i+1]))
	}
}

// resolve finds the targets of all links.
func (r *reader) resolve() {
	for _, f := range r.all {
		for i := range f.doc.Items {
			it := &f.doc.Items[i]
			if it.ID == "" {
				continue
			}
			if first := r.index[it.ID]; first != nil {
				f.Fault(it.At, false, it.Key, fmt.Sprintf("%s is given already at %s; links lead to that one", it.Key, first.file.doc.Items[first.n].At), "give one of the two another id")
				continue
			}
			r.index[it.ID] = &itemSlot{f, i}
		}
	}
	for _, f := range r.all {
		for i := range f.doc.Items {
			for j := range f.doc.Items[i].Links {
				l := &f.doc.Items[i].Links[j]
				l.State = exchange.Unresolved
				if id := identity(f.urn, l.Target); r.index[id] != nil {
					l.State = exchange.Unconfirmed
					if id != l.Target {
						l.Target, l.Written = id, l.Target
					}
				}
			}
		}
	}
}

// identity is urn:id; an id may have another urn before it.
func identity(urn, id string) string {
	if strings.Contains(id, ":") {
		return id
	}
	return urn + ":" + id
}

// imports names what lies elsewhere, as far as it is not in the folder that is read.
func (r *reader) imports(f *file) {
	for _, name := range []string{"imports", "implementations"} {
		locations, _ := member(f.Root, name)
		if locations == nil || locations.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(locations.Content); i += 2 {
			for _, where := range locations.Content[i+1].Content {
				if locations.Content[i].Value == "local" && r.isRead(f, where) {
					continue
				}
				f.Fault(f.Position(where), false, "", fmt.Sprintf("%s: %s %s is not followed; what it holds is not read", name, locations.Content[i].Value, yamltree.JSON(where)), "read a folder that holds both")
			}
		}
	}
}

// isRead says that a local folder or file is part of what was read.
func (r *reader) isRead(f *file, where *yaml.Node) bool {
	p, _ := member(where, "path")
	if p == nil || p.Kind != yaml.ScalarNode {
		return false
	}
	target := path.Join(path.Dir(f.File), p.Value)
	return slices.ContainsFunc(r.all, func(other *file) bool {
		return other.kind == requirements && (other.File == target || path.Dir(other.File) == target)
	})
}

// tree puts everything in order.
func (r *reader) tree() *exchange.Tree {
	t := &exchange.Tree{Format: Format, Markup: "markdown", Types: types(), Lost: r.lost, Read: r.counts, Others: r.others, Files: r.files}
	rank := map[fileKind]int{requirements: 0, cases: 1, results: 2, annotations: 3, settings: 4}
	slices.SortStableFunc(r.all, func(a, b *file) int {
		return cmp.Or(strings.Compare(path.Dir(a.File), path.Dir(b.File)), rank[a.kind]-rank[b.kind])
	})
	verbs := map[string]bool{}
	for _, f := range r.all {
		t.Documents = append(t.Documents, f.doc)
		for i := range f.doc.Items {
			for _, l := range f.doc.Items[i].Links {
				verbs[l.Verb] = true
			}
		}
	}
	for _, verb := range []string{verbReferences, verbRequirements, verbCases} {
		if verbs[verb] {
			t.Relations = append(t.Relations, exchange.Relation{Verb: verb})
		}
	}
	t.Read.Documents = len(t.Documents)
	if len(r.files) == 0 && len(r.faults) == 0 {
		r.fault(exchange.Position{File: "."}, true, "", "no file of reqstool (requirements.yml with metadata) lies in the folder", "name the folder that holds them")
	}
	for _, f := range r.opened {
		r.faults = append(r.faults, f.Faults...)
	}
	exchange.SortFaults(r.faults)
	t.Faults = r.faults
	return t
}
