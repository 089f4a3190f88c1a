package openfasttrace

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// reader holds one reading between its steps: walk, files, links.
type reader struct {
	fsys   fs.FS
	limits Limits
	names  []string
	faults []exchange.Fault
	files  []string
	tags   []exchange.Item // of source files
	bad    int             // lines of the present source file that are nearly tags
	out    exchange.Tree
	rst    int // documents in reStructuredText
	others int // documents in Markdown
}

// walk finds the files that may hold items.
func (r *reader) walk() {
	entries := 0
	_ = fs.WalkDir(r.fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			r.error(name, "the folder cannot be read: "+exchange.Reason(err), "check its permissions")
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entries++; entries > r.limits.Files {
			r.error(name, fmt.Sprintf("more than %d files; the rest is not read", r.limits.Files), "read a folder closer to the requirements")
			return fs.SkipAll
		}
		switch {
		case entry.IsDir() && exchange.SkippedFolder(name):
			return fs.SkipDir
		case entry.IsDir() || kindOf(name) == kindNone:
		case entry.Type()&fs.ModeSymlink != 0:
			if kindOf(name) != kindSource {
				r.error(name, "the file is a symbolic link, which is not followed", "put the file itself into the folder")
			}
		case entry.Type().IsRegular():
			r.names = append(r.names, name)
		}
		return nil
	})
	slices.Sort(r.names)
}

func (r *reader) error(file, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: exchange.Position{File: file}, Message: message, Remedy: remedy, Error: true})
}

func (r *reader) readFile(name string) {
	switch k := kindOf(name); k {
	case kindSource:
		r.readSource(name)
	case kindXML:
		r.readXML(name)
	default:
		r.readMarkup(name, k == kindRST)
	}
}

// readSource searches a file for tags. What is no text, or too large, is no source.
func (r *reader) readSource(name string) {
	data, why := exchange.ReadFile(r.fsys, name, r.limits.SourceBytes)
	if why != "" {
		if info, err := fs.Stat(r.fsys, name); err != nil || info.Size() <= r.limits.SourceBytes {
			r.error(name, "the file cannot be read: "+why, "check the file")
			return
		}
		r.faults = append(r.faults, exchange.Fault{At: exchange.Position{File: name}, Message: "the file is not searched for coverage tags: " + why, Remedy: "divide it, if it holds some"})
		return
	}
	data, why = exchange.DecodeText(data)
	if why != "" || !bytes.Contains(data, []byte("->")) || bytes.IndexByte(data, 0) >= 0 {
		return
	}
	text := string(data)
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if r.sourceTags(name, text) > 0 {
		r.files = append(r.files, name)
	}
}

func key(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

func (r *reader) readMarkup(name string, rst bool) {
	text, fault := exchange.ReadText(r.fsys, name, r.limits.FileBytes, nil)
	if fault != nil {
		r.faults = append(r.faults, *fault)
		r.files = append(r.files, name)
		return
	}
	m := &markup{file: name, rst: rst, limits: r.limits}
	m.doc = exchange.Document{Key: key(name), Path: name, At: exchange.Position{File: name, Line: 1, Column: 1}}
	m.parse(text)
	if len(m.doc.Items) == 0 {
		// A document without items is none of OpenFastTrace, unless it was not read to its end.
		r.faults = append(r.faults, slices.DeleteFunc(m.faults, func(f exchange.Fault) bool { return !f.Error })...)
		return
	}
	if rst {
		r.rst++
	} else {
		r.others++
	}
	r.take(name, m.doc, len(m.doc.Items), m.links, m.faults)
	r.out.Lost = append(r.out.Lost, m.lost...)
	r.out.Changed = append(r.out.Changed, m.changed...)
}

func (r *reader) take(name string, doc exchange.Document, items, links int, faults []exchange.Fault) {
	r.files = append(r.files, name)
	r.out.Documents = append(r.out.Documents, doc)
	r.out.Read.Items += items
	r.out.Read.Links += links
	r.out.Read.Documents++
	r.faults = append(r.faults, faults...)
}

func (r *reader) readXML(name string) {
	if strings.EqualFold(path.Ext(name), ".xml") && !holdsItems(r.fsys, name) {
		return
	}
	text, fault := exchange.ReadText(r.fsys, name, r.limits.FileBytes, recode)
	if fault != nil {
		r.faults = append(r.faults, *fault)
		r.files = append(r.files, name)
		return
	}
	s := &specobject{file: name, limits: r.limits}
	s.doc = exchange.Document{Key: key(name), Path: name}
	if !s.parse([]byte(text)) {
		r.files = append(r.files, name)
		r.faults = append(r.faults, s.faults...)
		return
	}
	r.take(name, s.doc, s.items, s.links, s.faults)
	r.out.Lost = append(r.out.Lost, s.lost...)
}

// tree judges what needs all files and puts everything in order.
func (r *reader) tree() *exchange.Tree {
	t := &r.out
	t.Format, t.Markup = Format, "markdown"
	if r.rst > r.others {
		t.Markup = "rst"
	}
	if len(r.tags) > 0 {
		links := 0
		for i := range r.tags {
			links += len(r.tags[i].Links)
		}
		t.Documents = append(t.Documents, exchange.Document{Key: tagsDocument, Title: "Coverage tags", Path: ".", Items: r.tags})
		t.Read.Items += len(r.tags)
		t.Read.Links += links
		t.Read.Documents++
	}
	if len(t.Documents) == 0 && len(r.faults) == 0 {
		r.error(".", "no specification item of OpenFastTrace lies in the folder", "name the folder that holds them")
	}
	r.resolve()
	r.declare()
	exchange.SortFaults(r.faults)
	slices.Sort(r.files)
	t.Faults, t.Files = r.faults, slices.Compact(r.files)
	return t
}

// items visits all items.
func (r *reader) items(visit func(*exchange.Item)) {
	for i := range r.out.Documents {
		d := &r.out.Documents[i]
		for j := range d.Items {
			visit(&d.Items[j])
		}
	}
}

// resolve finds the target of every link, and names ids given twice and links to another revision.
func (r *reader) resolve() {
	first := make(map[string]*exchange.Item, r.out.Items())
	r.items(func(it *exchange.Item) {
		if it.Key == "" {
			return
		}
		if before := first[it.Key]; before != nil {
			r.faults = append(r.faults, exchange.Fault{At: it.At, Item: it.Key, Message: fmt.Sprintf("%s is given already at %s", it.Key, before.At), Remedy: "give one of the two another name"})
			return
		}
		first[it.Key] = it
	})
	var others *similar
	r.items(func(it *exchange.Item) {
		for i := range it.Links {
			l := &it.Links[i]
			if first[l.Target] != nil {
				l.State = exchange.Unconfirmed
				continue
			}
			if others == nil {
				others = r.similar()
			}
			if name, ok := strings.CutPrefix(l.Target, unknownType+"~"); ok && others.named[name] != "" {
				l.Target, l.State = others.named[name], exchange.Unconfirmed
				continue
			}
			if other := others.revised[withoutRevision(l.Target)]; other != "" {
				r.faults = append(r.faults, exchange.Fault{At: l.At, Item: it.Key, Message: fmt.Sprintf("%s %s %s, but that item has the revision of %s", it.Key, l.Verb, l.Target, other), Remedy: "look at what changed, then link the present revision"})
			}
		}
	})
}

// similar are the keys of items by parts of them.
type similar struct {
	revised map[string]string // by TYPE~NAME
	named   map[string]string // by NAME~REVISION; empty where several have it
}

func (r *reader) similar() *similar {
	s := &similar{make(map[string]string, r.out.Items()), make(map[string]string, r.out.Items())}
	r.items(func(it *exchange.Item) {
		if it.Key == "" {
			return
		}
		s.revised[withoutRevision(it.Key)] = it.Key
		_, name, _ := strings.Cut(it.Key, "~")
		if other, known := s.named[name]; known && other != it.Key {
			s.named[name] = ""
		} else {
			s.named[name] = it.Key
		}
	})
	return s
}

func withoutRevision(key string) string { return key[:strings.LastIndexByte(key, '~')] }

// declare lists the types that are there, in the order of the first item of each.
func (r *reader) declare() {
	seen := map[string]bool{}
	verbs := map[string]bool{}
	r.items(func(it *exchange.Item) {
		for _, l := range it.Links {
			verbs[l.Verb] = true
		}
		if seen[it.Type] {
			return
		}
		seen[it.Type] = true
		r.out.Types = append(r.out.Types, exchange.Type{Name: it.Type, Attributes: []exchange.Attribute{
			{Name: fieldStatus, Data: exchange.DataEnum, Values: statuses}, {Name: fieldRationale, Data: exchange.DataMarkup}, {Name: fieldComment, Data: exchange.DataMarkup},
			{Name: fieldNeeds, Data: exchange.DataString, Many: true}, {Name: fieldTags, Data: exchange.DataString, Many: true},
		}})
	})
	if verbs[verbCovers] || verbs[verbFulfilled] {
		r.out.Relations = append(r.out.Relations, exchange.Relation{Verb: verbCovers, Reverse: verbFulfilled})
	}
	if verbs[verbDepends] {
		r.out.Relations = append(r.out.Relations, exchange.Relation{Verb: verbDepends})
	}
	if verbs[verbFulfilled] {
		r.out.Backwards = map[string]string{verbFulfilled: verbCovers}
	}
}
