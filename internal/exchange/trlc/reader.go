package trlc

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// reader holds one reading between its steps: models, objects, what names mean.
type reader struct {
	fsys     fs.FS
	limits   Limits
	faults   []exchange.Fault
	files    []string
	models   []*modelParser
	objects  []*objectParser
	packages map[string]map[string]*declared
	index    map[string]*object // by key
	verbs    map[string]bool
	counts   exchange.Counts
	lost     []exchange.Loss
}

func newReader(fsys fs.FS, limits Limits) *reader {
	return &reader{fsys: fsys, limits: limits, packages: map[string]map[string]*declared{}, index: map[string]*object{}, verbs: map[string]bool{}}
}

// read parses all files, then finds out what their names mean.
func (r *reader) read(names []string) {
	for _, name := range names {
		switch strings.ToLower(path.Ext(name)) {
		case modelExtension, checkExtension:
			r.model(name)
		case objectExtension:
			r.objectFile(name)
		case ".md":
			if strings.HasSuffix(strings.ToLower(name), objectExtension+".md") {
				r.fault(exchange.Position{File: name}, true, "", "objects in Markdown are not read", "let TRLC write them as a .trlc file")
			}
		}
	}
	r.declare()
	for _, o := range r.objects {
		r.name(o)
	}
	for _, o := range r.objects {
		r.items(o)
	}
}

func (r *reader) fault(at exchange.Position, isError bool, item, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// open is a file to be parsed and its document.
func (r *reader) open(name string) (parser, *exchange.Document, bool) {
	text, refused := exchange.ReadText(r.fsys, name, r.limits.FileBytes, nil)
	if refused != nil {
		r.faults = append(r.faults, *refused)
		return parser{}, nil, false
	}
	r.files = append(r.files, name)
	stem := strings.TrimSuffix(name, path.Ext(name))
	doc := &exchange.Document{Key: stem, Title: path.Base(stem), Path: name, At: exchange.Position{File: name, Line: 1, Column: 1}}
	return parser{lexer: newLexer(name, text, r.limits)}, doc, true
}

func (r *reader) model(name string) {
	p, doc, ok := r.open(name)
	if !ok {
		return
	}
	doc.Key = name // objects of the same package may lie beside it under the same name
	m := &modelParser{parser: p, doc: doc}
	if m.parse() {
		r.models = append(r.models, m)
		r.lost = append(r.lost, m.checks...)
	}
	r.faults = append(r.faults, m.faults...)
}

func (r *reader) objectFile(name string) {
	p, doc, ok := r.open(name)
	if !ok {
		return
	}
	o := &objectParser{parser: p, doc: doc}
	if o.parse() {
		r.objects = append(r.objects, o)
		r.lost = append(r.lost, o.lost...)
		r.counts.Items += o.items
	}
	r.faults = append(r.faults, o.faults...)
}

// declare collects the types of all models and finds the types that they name.
func (r *reader) declare() {
	for _, m := range r.models {
		if r.packages[m.pkg] == nil {
			r.packages[m.pkg] = map[string]*declared{}
		}
		for _, d := range m.types {
			if first := r.packages[m.pkg][d.name]; first != nil {
				r.fault(d.at, false, "", fmt.Sprintf("the type %s is declared already at %s", d.full(), first.at), "give one of the two another name")
				continue
			}
			r.packages[m.pkg][d.name] = d
		}
	}
	for _, m := range r.models {
		for _, d := range m.types {
			r.resolveType(m, d)
		}
	}
}

func (r *reader) resolveType(m *modelParser, d *declared) {
	if d.parentName != "" {
		if d.parent = r.lookupType(d.parentName, m.pkg, m.imports); d.parent == nil || d.parent.kind != record {
			d.parent = nil
			r.fault(d.at, false, "", fmt.Sprintf("%s extends %s, which is not declared in the folder", d.full(), d.parentName), "read the folder that holds all models")
		}
	}
	for _, c := range d.components {
		for _, name := range c.types {
			t := r.lookupType(name, m.pkg, m.imports)
			if t == nil && c.builtin() == "" {
				r.fault(c.at, false, "", fmt.Sprintf("the type %s of %s.%s is not declared in the folder", name, d.full(), c.name), "read the folder that holds all models")
			}
			if t != nil {
				c.resolved = append(c.resolved, t)
			}
		}
	}
}

// lookupType finds a type by its name: in its package, in the own one, else in those imported.
func (r *reader) lookupType(name, pkg string, imports []string) *declared {
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		return r.packages[name[:dot]][name[dot+1:]]
	}
	if d := r.packages[pkg][name]; d != nil {
		return d
	}
	for _, imported := range imports {
		if d := r.packages[imported][name]; d != nil {
			return d
		}
	}
	return nil
}

// componentsOf are the components of a type with those of its parents.
func (r *reader) componentsOf(d *declared) map[string]*component {
	if d.all != nil {
		return d.all
	}
	d.all = map[string]*component{}
	seen := map[*declared]bool{}
	for t := d; t != nil && !seen[t]; t = t.parent {
		seen[t] = true
		for _, c := range t.components {
			if d.all[c.name] == nil {
				d.all[c.name] = c
			}
		}
	}
	return d.all
}

// lineage is a type, its parent and so on.
func lineage(d *declared) []*declared {
	var out []*declared
	for t := d; t != nil && !slices.Contains(out, t) && len(out) < 1000; t = t.parent {
		out = append(out, t)
	}
	return out
}

// name gives the objects of a file their keys.
func (r *reader) name(o *objectParser) {
	for _, obj := range o.objects {
		key := o.pkg + "." + obj.name
		if first := r.index[key]; first != nil {
			r.fault(obj.at, false, key, fmt.Sprintf("the object %s is declared already at %s; links lead to that one", key, first.at), "give one of the two another name")
			continue
		}
		r.index[key] = obj
	}
}

// lookupObject finds the key of an object by its name.
func (r *reader) lookupObject(name string, o *objectParser) (key string, found bool) {
	if strings.IndexByte(name, '.') >= 0 {
		return name, r.index[name] != nil
	}
	key = o.pkg + "." + name
	if r.index[key] != nil {
		return key, true
	}
	for _, imported := range o.imports {
		if k := imported + "." + name; r.index[k] != nil {
			return k, true
		}
	}
	return key, false
}

// tree puts everything in order.
func (r *reader) tree() *exchange.Tree {
	t := &exchange.Tree{Format: Format, Markup: "markdown", Lost: r.lost, Read: r.counts, Files: r.files}
	for _, m := range r.models {
		t.Documents = append(t.Documents, *m.doc)
		for _, d := range m.types {
			if d.kind == record && r.packages[d.pkg][d.name] == d {
				t.Types = append(t.Types, r.typeOf(d))
			}
		}
	}
	for _, o := range r.objects {
		t.Documents = append(t.Documents, *o.doc)
	}
	t.Read.Documents = len(t.Documents)
	verbs := make([]string, 0, len(r.verbs))
	for verb := range r.verbs {
		verbs = append(verbs, verb)
	}
	slices.Sort(verbs)
	for _, verb := range verbs {
		t.Relations = append(t.Relations, exchange.Relation{Verb: verb})
	}
	if len(r.files) == 0 && len(r.faults) == 0 {
		r.fault(exchange.Position{File: "."}, true, "", "no TRLC file (.rsl, .trlc) lies in the folder", "name the folder that holds them")
	}
	exchange.SortFaults(r.faults)
	t.Faults = r.faults
	return t
}

// typeOf is what a mapping needs to know of a type: its components, those of its parents first.
func (r *reader) typeOf(d *declared) exchange.Type {
	out := exchange.Type{Name: d.full(), Title: d.name, At: d.at}
	line := lineage(d)
	slices.Reverse(line)
	for _, t := range line {
		for _, c := range t.components {
			out.Attributes = append(out.Attributes, exchange.Attribute{Name: c.name, Data: dataType(c), Many: c.array, Values: literals(c)})
		}
	}
	return out
}

func dataType(c *component) exchange.DataType {
	switch c.builtin() {
	case "Boolean":
		return exchange.DataBoolean
	case "Integer":
		return exchange.DataInteger
	case "Decimal":
		return exchange.DataReal
	case "String":
		return exchange.DataString
	case "Markup_String":
		return exchange.DataMarkup
	}
	if c == nil || len(c.resolved) == 0 {
		return ""
	}
	switch c.resolved[0].kind {
	case record:
		return exchange.DataItem
	case enumeration:
		return exchange.DataEnum
	}
	return ""
}

func literals(c *component) []string {
	if len(c.resolved) == 1 && c.resolved[0].kind == enumeration {
		return c.resolved[0].literals
	}
	return nil
}
