package needs

import (
	"fmt"
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// reader holds one reading between its steps: files, then links, then documents.
type reader struct {
	options   Options
	tree      *exchange.Tree
	notes     jsontree.Notes
	files     []*file
	items     map[string]*need // by id, the first of each
	types     map[string]*exchange.Type
	relations map[string]bool
}

// file is one needs.json.
type file struct {
	name     string
	project  string
	fields   []exchange.Field // of the file and of its version
	version  string
	schema   schema
	needs    []*need
	declared map[string]bool // types whose attributes are those of the schema
	notSet   tally           // members that say nothing
	usual    tally           // members that say what is so unless said otherwise
}

// need is one need between its reading and its place in a document.
type need struct {
	file    *file
	value   jsontree.Value
	item    exchange.Item
	docname string
	section []string // outermost first
	line    int      // of the need in its document, 0 where not known
	doctype string
	parts   jsontree.Value
	lists   []list // members that may be links
	backs   []list // members X_back
}

// list is a member of a need that may hold links.
type list struct {
	name   string
	value  jsontree.Value
	at     exchange.Position // of its name
	before int               // fields that stand before it
}

func (r *reader) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	r.notes.Fault(exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// file reads the version of a file that is to be read.
func (r *reader) file(name string, root jsontree.Value) {
	versions := root.Get("versions")
	if versions.Kind() != jsontree.Object {
		r.tree.Others = append(r.tree.Others, name)
		r.fault(root.At(), "", true, "the file has no versions, and so no needs", "export it with the builder needs of sphinx-needs")
		return
	}
	r.tree.Files = append(r.tree.Files, name)
	f := &file{name: name, project: root.Get("project").Text(), notSet: tally{}, usual: tally{}, declared: map[string]bool{}}
	r.files = append(r.files, f)
	for member, value := range root.Members() {
		if member != "versions" {
			f.keep(member, value)
		}
	}
	version := r.choose(f, root, versions)
	if !version.Exists() {
		return
	}
	f.schema = readSchema(version.Get("needs_schema"))
	for member, value := range version.Members() {
		switch member {
		case "needs", "needs_amount", "needs_schema", "needs_defaults_removed", "filters_amount":
		default:
			f.keep("version/"+member, value)
		}
	}
	if creator := version.Get("creator"); r.tree.Tool == "" && creator.Exists() {
		r.tree.Tool = strings.TrimSpace(creator.Get("program").Text() + " " + creator.Get("version").Text())
	}
	r.needs(f, version)
	r.amount(f, version)
}

// keep makes a member of the file a field of its document.
func (f *file) keep(name string, value jsontree.Value) {
	if value.Empty() {
		f.notSet.add(name)
		return
	}
	f.fields = append(f.fields, fieldOf(name, value))
}

// choose is the version to be read; the others are listed.
func (r *reader) choose(f *file, root, versions jsontree.Value) jsontree.Value {
	current := root.Get("current_version")
	wanted := r.options.Version
	if wanted == "" {
		wanted = current.Text()
	}
	version := versions.Get(wanted)
	switch {
	case version.Exists():
	case versions.Len() == 0:
		r.fault(versions.At(), "", true, "the file has no version, and so no needs", "export it again with sphinx-needs")
		return version
	case r.options.Version != "":
		r.fault(versions.At(), "", true, fmt.Sprintf("the version %s is not in the file, which has %s", wanted, versionNames(versions)), "name one of those")
		r.others(versions, "", wanted)
		return version
	default:
		for name, value := range versions.Members() {
			wanted, version = name, value
		}
		at := root.At()
		if current.Exists() {
			at = current.At()
		}
		r.fault(at, "", false, fmt.Sprintf("current_version is %q, which is none of the versions %s; the last one, %s, is read", current.Text(), versionNames(versions), wanted),
			"correct current_version, or say which version is wanted")
	}
	f.version = wanted
	if wanted != current.Text() {
		f.fields = append(f.fields, exchange.Field{Name: "version", Values: []string{wanted}, At: version.NameAt()})
	}
	r.others(versions, wanted, wanted)
	return version
}

// others lists the versions that are not read.
func (r *reader) others(versions jsontree.Value, read, wanted string) {
	for name, value := range versions.Members() {
		if name == read {
			continue
		}
		why := fmt.Sprintf("only the version %s is read; it can be chosen instead", read)
		if read == "" {
			why = fmt.Sprintf("the version %s was asked for", wanted)
		}
		r.notes.Lose(exchange.Loss{At: value.NameAt(), What: fmt.Sprintf("version %s with %d needs", name, value.Get("needs").Len()), Why: why})
	}
}

func versionNames(versions jsontree.Value) string {
	var names []string
	for name := range versions.Members() {
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// needs reads the needs of a version: an object by id, or a list.
func (r *reader) needs(f *file, version jsontree.Value) {
	needs := version.Get("needs")
	switch needs.Kind() {
	case jsontree.Object:
		for id, value := range needs.Members() {
			r.need(f, id, value, value.NameAt())
		}
	case jsontree.Array:
		for value := range needs.Elements() {
			r.need(f, "", value, value.At())
		}
	case jsontree.Absent, jsontree.Null:
		r.fault(version.At(), "", false, fmt.Sprintf("the version %s has no needs", f.version), "export it again with sphinx-needs")
	default:
		r.fault(needs.At(), "", true, "needs is neither an object nor a list", "export the file again with sphinx-needs")
	}
}

// amount holds needs_amount against the needs that are there.
func (r *reader) amount(f *file, version jsontree.Value) {
	amount := version.Get("needs_amount")
	n, isNumber := amount.Int()
	if there := version.Get("needs").Len(); amount.Exists() && (!isNumber || n != there) {
		r.fault(amount.At(), "", false, fmt.Sprintf("needs_amount is %s, but the version %s holds %d needs", amount.JSON(), f.version, there),
			"look whether needs are missing; sphinx-needs corrects the number with its next export")
	}
}

// need reads one need. What of its lists are links is known when all ids are.
func (r *reader) need(f *file, key string, value jsontree.Value, at exchange.Position) {
	r.tree.Read.Items++
	id := value.Get("id").Text()
	switch {
	case value.Kind() != jsontree.Object:
		r.lost(at, key, "need "+key, fmt.Sprintf("it is %s, not an object", value.Kind()))
		return
	case id == "" && key == "":
		r.lost(at, "", "need", "it has no id")
		return
	case id == "":
		id = key
	case key != "" && id != key:
		r.fault(value.Get("id").At(), id, false, fmt.Sprintf("the id of the need %s is %s; the latter counts", key, id), "give both the same name")
	}
	n := &need{file: f, value: value, item: exchange.Item{Key: id, Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: at}}
	n.members()
	f.needs = append(f.needs, n)
	if first := r.items[id]; first != nil {
		r.fault(at, id, false, fmt.Sprintf("the need %s is there already, at %s; links lead to that one", id, first.item.At), "give one of the two another id, or read one of the files only")
		return
	}
	r.items[id] = n
}

func (r *reader) lost(at exchange.Position, item, what, why string) {
	r.notes.Lose(exchange.Loss{At: at, Item: item, What: what, Why: why, Items: 1})
	r.fault(at, item, true, "a need is not read: "+why, "export the file again with sphinx-needs")
}

// stem is the name of a file without folder and extension.
func stem(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}
