package strictdoc

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// reader holds one reading between its steps: walk, documents, includes, links.
type reader struct {
	fsys     fs.FS
	limits   Limits
	names    []string // of documents
	files    []string
	faults   []exchange.Fault
	grammars map[string]*importedGrammar
	parsed   []*parser
	byUID    map[string]*named // what has each UID first
}

// importedGrammar is a file .sgra; grammar is nil when it could not be read.
type importedGrammar struct {
	grammar *grammar
	fault   *exchange.Fault
}

// walk finds the documents.
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
		case entry.IsDir() || !hasExtension(name, documentExtension):
		case entry.Type()&fs.ModeSymlink != 0:
			r.error(name, "the file is a symbolic link, which is not followed", "put the file itself into the folder")
		case !entry.Type().IsRegular():
			r.error(name, "this is not a regular file and is not read", "remove it from the folder")
		default:
			r.names = append(r.names, name)
		}
		return nil
	})
	slices.Sort(r.names)
}

func (r *reader) error(file, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: exchange.Position{File: file}, Message: message, Remedy: remedy, Error: true})
}

func (r *reader) readDocument(name string) {
	r.files = append(r.files, name)
	text, fault := exchange.ReadText(r.fsys, name, r.limits.FileBytes, nil)
	if fault != nil {
		r.faults = append(r.faults, *fault)
		return
	}
	p := &parser{file: name, limits: r.limits, in: newLines(text, 1), grammar: standardGrammar(), load: r.grammar, met: map[string]bool{}, unknown: map[string]bool{}}
	p.doc.Path, p.doc.Key = name, strings.TrimSuffix(name, path.Ext(name))
	if p.parse() {
		r.parsed = append(r.parsed, p)
	}
	r.faults = append(r.faults, p.faults...)
}

// grammar reads a grammar from its file, once for all documents.
func (r *reader) grammar(name string, at exchange.Position) (*grammar, []exchange.Fault) {
	known := r.grammars[name]
	var faults []exchange.Fault
	if known == nil {
		known = &importedGrammar{}
		r.grammars[name] = known
		faults = r.readGrammar(name, known)
	}
	if known.grammar == nil {
		faults = append(faults, exchange.Fault{At: at, Message: "the grammar " + name + " cannot be read: " + known.fault.Message, Remedy: "put the file where the document looks for it"})
	}
	return known.grammar, faults
}

func (r *reader) readGrammar(name string, into *importedGrammar) []exchange.Fault {
	if info, err := fs.Stat(r.fsys, name); err != nil || !info.Mode().IsRegular() {
		into.fault = &exchange.Fault{Message: "there is no such file in the folder"}
		return nil
	}
	text, fault := exchange.ReadText(r.fsys, name, r.limits.FileBytes, nil)
	if fault != nil {
		into.fault = fault
		return nil
	}
	r.files = append(r.files, name)
	l := newLines(text, 1)
	for !l.done() && blank(l.current()) {
		l.next()
	}
	if strings.TrimRight(l.current(), " ") != "["+tagGrammar+"]" {
		into.fault = &exchange.Fault{Message: "it does not begin with [" + tagGrammar + "]"}
		return nil
	}
	l.next()
	var faults []exchange.Fault
	into.grammar, faults = parseGrammar(name, strings.TrimRight(l.text[l.start:], "\n"), l.line, r.limits.Faults)
	return faults
}

// tree judges what needs all documents and puts everything in order.
func (r *reader) tree() *exchange.Tree {
	t := &exchange.Tree{Format: Format}
	r.givenTwice()
	r.resolve()
	types := newDeclared()
	added := map[*grammar]bool{}
	for _, p := range r.parsed {
		t.Read.Items += p.read.Items
		t.Read.Links += p.read.Links
		t.Read.Documents += p.read.Documents
		t.Lost = append(t.Lost, p.lost...)
		t.Changed = append(t.Changed, p.changed...)
		t.Dangling = append(t.Dangling, p.dangling...)
		if p.grammar.standard || !added[p.grammar] {
			added[p.grammar] = true
			types.add(p.grammar, p.file, p.met)
		}
	}
	t.Types, t.Relations = types.types, types.relations
	t.Markup = r.markup()
	t.Documents = r.documents()
	t.Backwards = r.backwards()
	if len(r.names) == 0 && len(r.faults) == 0 {
		r.error(".", "no document of StrictDoc (.sdoc) lies in the folder", "name the folder that holds them")
	}
	exchange.SortFaults(r.faults)
	slices.Sort(r.files)
	t.Faults, t.Files = r.faults, slices.Compact(r.files)
	return t
}

// givenTwice names MIDs and UIDs that several nodes have.
func (r *reader) givenTwice() {
	n := 0
	for _, p := range r.parsed {
		n += len(p.names)
	}
	first := map[string]map[string]*named{fieldMID: make(map[string]*named, n/2), fieldUID: make(map[string]*named, n/2)}
	for _, p := range r.parsed {
		for i := range p.names {
			n := &p.names[i]
			if before := first[n.name][n.value]; before != nil {
				r.faults = append(r.faults, exchange.Fault{At: n.at, Item: n.value, Message: fmt.Sprintf("the %s %s is given already at %s", n.name, n.value, before.at), Remedy: "give one of the two another"})
				continue
			}
			first[n.name][n.value] = n
		}
	}
	r.byUID = first[fieldUID]
}

// resolve finds the target of every link.
func (r *reader) resolve() {
	n := 0
	for _, p := range r.parsed {
		n += len(p.doc.Items)
	}
	keys := make(map[string]bool, n)
	for _, p := range r.parsed {
		for i := range p.doc.Items {
			if key := p.doc.Items[i].Key; key != "" {
				keys[key] = true
			}
		}
	}
	for _, p := range r.parsed {
		for i := range p.doc.Items {
			it := &p.doc.Items[i]
			for j := range it.Links {
				l := &it.Links[j]
				if keys[l.Target] {
					l.State = exchange.Unconfirmed
				} else if other := r.byUID[l.Target]; other != nil {
					r.faults = append(r.faults, exchange.Fault{At: l.At, Item: it.Key, Message: fmt.Sprintf("%s leads to %s, which is a section or document (%s) and no item", it.Key, l.Target, other.at), Remedy: "link the requirements in it"})
				}
			}
		}
	}
}

// markup is that of most documents; a document with another one is named.
func (r *reader) markup() string {
	count := map[string]int{}
	for _, p := range r.parsed {
		if p.markup == "" {
			p.markup = defaultMarkup
		}
		count[p.markup]++
	}
	most := defaultMarkup
	for _, markup := range slices.Sorted(maps.Keys(count)) {
		if count[markup] > count[most] {
			most = markup
		}
	}
	for _, p := range r.parsed {
		if p.markup != most {
			r.faults = append(r.faults, exchange.Fault{At: p.doc.At, Message: fmt.Sprintf("the texts of the document are in %s, those of most others in %s", p.markup, most), Remedy: "import it by itself"})
		}
	}
	return most
}

// backwards names the verbs of children.
func (r *reader) backwards() map[string]string {
	out := map[string]string{}
	for _, p := range r.parsed {
		for i := range p.doc.Items {
			for _, l := range p.doc.Items[i].Links {
				if reverse, ok := backwards(l.Verb); ok {
					out[l.Verb] = reverse
				}
			}
		}
		for _, d := range p.dangling {
			if reverse, ok := backwards(d.Verb); ok {
				out[d.Verb] = reverse
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// documents are in the order of their paths, those shown in others behind them.
func (r *reader) documents() []exchange.Document {
	at := map[string]int{}
	for i, p := range r.parsed {
		at[p.file] = i
	}
	children := make([][]int, len(r.parsed))
	parent := make([]int, len(r.parsed))
	for i := range parent {
		parent[i] = -1
	}
	for i, p := range r.parsed {
		for _, in := range p.includes {
			j, ok := at[in.path]
			switch {
			case !ok:
				r.faults = append(r.faults, exchange.Fault{At: in.at, Message: "the included document " + in.path + " is not there, or cannot be read", Remedy: "correct the path, which begins at the folder of this document"})
			case parent[j] >= 0:
				r.faults = append(r.faults, exchange.Fault{At: in.at, Message: fmt.Sprintf("%s is included by %s already", in.path, r.parsed[parent[j]].file), Remedy: "include it once"})
			case r.above(parent, i, j):
				r.faults = append(r.faults, exchange.Fault{At: in.at, Message: in.path + " includes this document itself", Remedy: "remove one of the two inclusions"})
			default:
				parent[j] = i
				children[i] = append(children[i], j)
				r.parsed[j].doc.Parent = p.doc.Key
			}
		}
	}
	var out []exchange.Document
	for i := range r.parsed {
		if parent[i] >= 0 {
			continue
		}
		stack := []int{i}
		for len(stack) > 0 {
			j := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			out = append(out, r.parsed[j].doc)
			for _, c := range slices.Backward(children[j]) {
				stack = append(stack, c)
			}
		}
	}
	return out
}

// above says that j is i or stands above it.
func (r *reader) above(parent []int, i, j int) bool {
	for ; i >= 0; i = parent[i] {
		if i == j {
			return true
		}
	}
	return false
}
