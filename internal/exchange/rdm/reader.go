package rdm

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
	"github.com/goldthread/goldthread/internal/exchange/yamltree"
)

// reader holds one reading: files, items, links.
type reader struct {
	fsys   fs.FS
	limits Limits
	faults []exchange.Fault
	files  []string
	opened []*file
	index  map[string]string // identity and key of items → identity
	verbs  map[string]bool
	types  map[string]*exchange.Type
	order  []string // of types
	counts exchange.Counts
	lost   []exchange.Loss
}

// file is one file that was read.
type file struct {
	yamltree.Source
	readable  bool
	templates mask
	doc       exchange.Document
	ids       map[string]int
}

func (r *reader) fault(at exchange.Position, isError bool, item, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) read(names []string) {
	folders := map[string]bool{}
	for _, name := range names {
		if !folders[path.Dir(name)] && signed(r.fsys, name) {
			folders[path.Dir(name)] = true
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !folders[path.Dir(name)] })
	for _, f := range exchange.Concurrently(len(names), runtime.GOMAXPROCS(0), func(i int) *file { return r.open(names[i]) }) {
		r.file(f)
	}
	r.lists()
	r.resolve()
}

// open reads a file. It is called for several at once.
func (r *reader) open(name string) *file {
	f := &file{Source: yamltree.Source{File: name}, ids: map[string]int{}}
	f.Mask = &f.templates
	f.readable = f.Load(r.fsys, r.limits)
	return f
}

// file puts a file into the result.
func (r *reader) file(f *file) {
	name := f.File
	r.files = append(r.files, name)
	r.opened = append(r.opened, f)
	if !f.readable {
		return
	}
	f.doc = exchange.Document{Key: strings.TrimSuffix(name, path.Ext(name)), Title: title(stem(name)), Path: name, At: exchange.Position{File: name, Line: 1, Column: 1}}
	if f.templates != 0 {
		f.Fault(f.doc.At, false, "", "the file holds templates ({{ }}), which are kept as they are and not filled in", "write out what they stand for, if it is to be known here")
	}
	if f.Root != nil {
		r.content(f)
	}
}

// title is the name of a file as people read it: manual_tests, Manual tests.
func title(stem string) string {
	words := strings.ReplaceAll(stem, "_", " ")
	if words == "" {
		return stem
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// content reads what a file holds, by its name, else by its shape.
func (r *reader) content(f *file) {
	name := stem(f.File)
	k, known := kinds[name]
	switch {
	case f.Root.Kind == yaml.SequenceNode && known && k.list:
		r.entries(f, k, name, f.Root)
	case f.Root.Kind == yaml.SequenceNode && !known && haveID(f.Root):
		r.entries(f, general(name), name, f.Root)
	case f.Root.Kind != yaml.MappingNode:
		f.doc.Fields = append(f.doc.Fields, f.Field(name, f.Root, f.Root))
	case known && k.mapping:
		r.records(f, k)
	default:
		for i := 0; i+1 < len(f.Root.Content); i += 2 {
			key, value := f.Root.Content[i], f.Root.Content[i+1]
			inner, ok := lists[name+"/"+key.Value]
			switch {
			case ok && value.Kind == yaml.SequenceNode:
				r.entries(f, inner, key.Value, value)
			case key.Value == name && value.Kind == yaml.SequenceNode && haveID(value):
				r.entries(f, general(name), name, value)
			default:
				f.doc.Fields = append(f.doc.Fields, f.Field(key.Value, key, value))
			}
		}
	}
}

// general is how the entries of a list that RDM does not know itself are read.
func general(name string) kind {
	return kind{typeName: name, key: []string{"id"}, title: []string{"title", "name"}, text: []string{"description", "content", "text"}}
}

// haveID says that all entries of a list are mappings with an id.
func haveID(list *yaml.Node) bool {
	for _, n := range list.Content {
		if id, _ := member(n, "id"); id == nil {
			return false
		}
	}
	return len(list.Content) > 0
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

// scalarOf is a member that is a single value, empty for none and for null.
func scalarOf(mapping *yaml.Node, name string) string {
	v, _ := member(mapping, name)
	if v == nil || v.Kind != yaml.ScalarNode || yamltree.IsNull(v) {
		return ""
	}
	return v.Value
}

// lists makes links of lists of names that are all items.
func (r *reader) lists() {
	for _, f := range r.opened {
		for i := range f.doc.Items {
			it := &f.doc.Items[i]
			for _, name := range []string{it.ID, it.Key} {
				if name == "" {
					continue
				}
				if _, there := r.index[name]; !there {
					r.index[name] = cmp.Or(it.ID, it.Key)
				}
			}
		}
	}
	for _, f := range r.opened {
		for i := range f.doc.Items {
			it := &f.doc.Items[i]
			it.Fields = slices.DeleteFunc(it.Fields, func(fl exchange.Field) bool {
				if len(fl.Values) == 0 || fl.Nested || !mayRefer[fl.Name] {
					return false
				}
				for _, v := range fl.Values {
					if _, there := r.index[v]; !there {
						return false
					}
				}
				for _, v := range fl.Values {
					r.link(it, fl.Name, v, fl.At, nil)
				}
				return true
			})
		}
	}
}

func (r *reader) link(it *exchange.Item, verb, target string, at exchange.Position, fields []exchange.Field) {
	r.counts.Links++
	r.verbs[verb] = true
	it.Links = append(it.Links, exchange.Link{Verb: verb, Target: target, At: at, Fields: fields})
}

// resolve finds the targets of all links. A number of a change is one of the same file.
func (r *reader) resolve() {
	for _, f := range r.opened {
		for i := range f.doc.Items {
			for j := range f.doc.Items[i].Links {
				l := &f.doc.Items[i].Links[j]
				id, found := r.index[l.Target]
				if l.Verb == verbChanges {
					id, found = r.index[changePrefix+l.Target]
				}
				l.State = exchange.Unresolved
				if found {
					l.State = exchange.Unconfirmed
					if id != l.Target {
						l.Target, l.Written = id, l.Target
					}
				}
			}
		}
	}
}

// tree puts everything in order.
func (r *reader) tree() *exchange.Tree {
	t := &exchange.Tree{Format: Format, Markup: "markdown", Files: r.files, Lost: r.lost, Read: r.counts}
	for _, f := range r.opened {
		r.faults = append(r.faults, f.Faults...)
		if f.doc.Path != "" {
			t.Documents = append(t.Documents, f.doc)
		}
	}
	for _, name := range r.order {
		t.Types = append(t.Types, *r.types[name])
	}
	for _, verb := range verbs {
		if r.verbs[verb] {
			t.Relations = append(t.Relations, exchange.Relation{Verb: verb})
		}
	}
	t.Read.Documents = len(t.Documents)
	if len(r.files) == 0 && len(r.faults) == 0 {
		r.fault(exchange.Position{File: "."}, true, "", "no data folder of RDM (requirements.yml, risk.yml, soup.yml) lies in the folder", "name the folder that holds them")
	}
	exchange.SortFaults(r.faults)
	t.Faults = r.faults
	return t
}

// met notes a type and an attribute of it.
func (r *reader) met(typeName, attribute string, f exchange.Field) {
	t := r.types[typeName]
	if t == nil {
		t = &exchange.Type{Name: typeName, Title: title(typeName)}
		r.types[typeName] = t
		r.order = append(r.order, typeName)
	}
	if attribute == "" {
		return
	}
	for i := range t.Attributes {
		if a := &t.Attributes[i]; a.Name == attribute {
			if a.Data != f.Data {
				a.Data = exchange.DataString
			}
			a.Many = a.Many || len(f.Values) > 1
			return
		}
	}
	t.Attributes = append(t.Attributes, exchange.Attribute{Name: attribute, Data: cmp.Or(f.Data, exchange.DataString), Many: len(f.Values) > 1})
}

// duplicate names an identity that two items of a file have.
func (f *file) duplicate(it *exchange.Item) {
	id := cmp.Or(it.ID, it.Key)
	f.ids[id]++
	if n := f.ids[id]; id != "" && n > 1 {
		f.Fault(it.At, false, it.Key, fmt.Sprintf("%s is there already in %s; links lead to that one", id, f.File), "give one of the two another id")
	}
}
