package lobster

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// reader holds one reading: files first, then which targets are there.
type reader struct {
	tree  *exchange.Tree
	notes jsontree.Notes
	items map[string]place // by identity, the first of each
	types map[string]int   // index in Tree.Types
	downs []down
	// notSet counts the members of the present file that say that there is nothing; LOBSTER writes every member.
	notSet map[string]int
}

// place is where an item stands in the tree.
type place struct{ document, item int }

// down is a reference of a report from an item to one that traces to it.
type down struct {
	from   place
	target tag
	at     exchange.Position
}

// versions are those of each schema that are read; what an item is where it says no kind.
var schemas = map[string]struct {
	versions []int
	kind     string
}{
	"lobster-req-trace": {[]int{3, 4}, "requirement"},
	"lobster-imp-trace": {[]int{3}, "implementation"},
	"lobster-act-trace": {[]int{3}, "activity"},
	"lobster-report":    {[]int{2}, ""},
}

// levelKinds are the kinds of levels of a report.
var levelKinds = map[string]string{"requirements": "requirement", "implementation": "implementation", "activity": "activity"}

func (r *reader) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	r.notes.Fault(exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// file reads one file.
func (r *reader) file(name string, root jsontree.Value) {
	schema := root.Get("schema")
	known, ok := schemas[schema.Text()]
	data := root.Get("data")
	report := schema.Text() == "lobster-report"
	if report {
		data = root.Get("levels")
	}
	if !ok || data.Kind() != jsontree.Array {
		r.tree.Others = append(r.tree.Others, name)
		message := fmt.Sprintf("the schema is %q, which is none of LOBSTER that is known", schema.Text())
		if ok {
			message = "the file has no list of items"
		}
		r.fault(root.At(), "", true, message, "write the file again with a tool of LOBSTER")
		return
	}
	r.tree.Files = append(r.tree.Files, name)
	if generator := root.Get("generator").Text(); r.tree.Tool == "" {
		r.tree.Tool = generator
	}
	if version := root.Get("version"); !slices.ContainsFunc(known.versions, func(n int) bool { v, isInt := version.Int(); return isInt && v == n }) {
		at := root.At()
		if version.Exists() {
			at = version.At()
		}
		r.fault(at, "", false, fmt.Sprintf("version %s of %s is not known; it is read as version %d", cmp.Or(version.JSON(), "(none)"), schema.Text(), known.versions[len(known.versions)-1]),
			"look whether all is there, or write the file again with a tool of LOBSTER of today")
	}
	r.notSet = map[string]int{}
	d := exchange.Document{Key: stem(name), Path: name, At: root.At()}
	for member, value := range root.Members() {
		if member != "data" && member != "levels" && !value.Empty() {
			d.Fields = append(d.Fields, fieldOf(member, value))
		}
	}
	r.open(d)
	if report {
		r.levels(d.Key, name, data)
	} else {
		r.list(data, known.kind)
	}
	if len(r.notSet) > 0 {
		var all []string
		for _, name := range slices.Sorted(maps.Keys(r.notSet)) {
			all = append(all, fmt.Sprintf("%s %d", name, r.notSet[name]))
		}
		r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: exchange.Position{File: name}, What: "values that are not set: " + strings.Join(all, ", "),
			Why: `null, "" and [] say in LOBSTER that there is no value; the item has no such field`})
	}
}

// open begins a document, to which items are added from now on.
func (r *reader) open(d exchange.Document) {
	r.tree.Documents = append(r.tree.Documents, d)
	r.tree.Read.Documents++
}

// levels reads the levels of a report, each as a document below that of the file.
func (r *reader) levels(parent, name string, levels jsontree.Value) {
	for level := range levels.Elements() {
		d := exchange.Document{Key: level.Get("name").Text(), Title: level.Get("name").Text(), Parent: parent, Path: path.Dir(name), At: level.At()}
		if level.Kind() != jsontree.Object || d.Key == "" {
			r.tree.Read.Items += level.Get("items").Len()
			r.notes.Lose(exchange.Loss{At: level.At(), What: "level", Why: "it has no name", Items: level.Get("items").Len()})
			r.fault(level.At(), "", true, "a level of the report has no name and is not read", "write the report again with lobster-report")
			continue
		}
		for member, value := range level.Members() {
			if member != "name" && member != "items" && !value.Empty() {
				d.Fields = append(d.Fields, fieldOf(member, value))
			}
		}
		r.open(d)
		r.list(level.Get("items"), levelKinds[level.Get("kind").Text()])
	}
}

// list reads the items of a document.
func (r *reader) list(data jsontree.Value, kind string) {
	for v := range data.Elements() {
		r.tree.Read.Items++
		r.item(v, kind)
	}
}

// tag is the name of an item, with the version where it has one.
type tag struct{ id, name, version string }

// parseTag takes a tag apart: namespace, blank, name, and behind an @ the version.
func parseTag(text string) (tag, bool) {
	namespace, rest, ok := strings.Cut(text, " ")
	name, version, _ := strings.Cut(rest, "@")
	return tag{namespace + " " + name, name, version}, ok && namespace != "" && name != ""
}

// item reads one item into the document that is open.
func (r *reader) item(v jsontree.Value, kind string) {
	t, ok := parseTag(v.Get("tag").Text())
	if !ok {
		links := v.Get("refs").Len() + v.Get("ref_up").Len()
		r.tree.Read.Links += links
		what := strings.TrimSpace("item " + v.Get("tag").JSON())
		r.notes.Lose(exchange.Loss{At: v.At(), What: what, Why: "its tag is not a namespace and a name", Items: 1, Links: links})
		r.fault(v.At(), "", true, "an item is not read, because its tag is not a namespace and a name", `give it one, such as "req pump.stop"`)
		return
	}
	n := len(r.tree.Documents) - 1
	d := &r.tree.Documents[n]
	at := place{n, len(d.Items)}
	item := exchange.Item{ID: t.id, Key: t.name, Type: kind, Document: d.Key, Order: len(d.Items) + 1, Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: v.At()}
	if t.version != "" {
		item.Fields = append(item.Fields, exchange.Field{Name: "version", Values: []string{t.version}, At: v.Get("tag").At()})
	}
	if own := v.Get("kind").Text(); own != "" {
		item.Type = strings.TrimSpace(kind + " " + own) // a function may be an implementation or a test
	}
	for name, member := range v.Members() {
		r.member(&item, at, name, member)
	}
	if first, twice := r.items[t.id]; twice {
		r.fault(item.At, t.id, false, fmt.Sprintf("the item %s is there already, at %s; references lead to that one", t.id, r.at(first).At), "give one of the two another tag, or read one of the files only: a report repeats what other files hold")
	} else {
		r.items[t.id] = at
	}
	r.declare(&item)
	d.Items = append(d.Items, item)
}

func (r *reader) at(p place) *exchange.Item { return &r.tree.Documents[p.document].Items[p.item] }

// member takes one member of an item.
func (r *reader) member(item *exchange.Item, at place, name string, v jsontree.Value) {
	switch {
	case name == "tag":
	case name == "name" && v.Kind() == jsontree.String:
		item.Title = v.Text()
	case name == "text" && v.Kind() == jsontree.String:
		item.Text = v.Text()
	case name == "refs" || name == "ref_up":
		r.refs(item, name, v)
	case name == "ref_down":
		r.refsDown(item, at, v)
	case name == "location" && v.Kind() == jsontree.Object:
		location(item, v)
	case v.Empty():
		r.notSet[name]++
	default:
		item.Fields = append(item.Fields, fieldOf(name, v))
	}
}

// location gives an item the file it comes from, and every part of its location as a field.
func location(item *exchange.Item, v jsontree.Value) {
	kind := v.Get("kind").Text()
	file := cmp.Or(v.Get("file").Text(), v.Get("filename").Text())
	if file != "" {
		item.Files = append(item.Files, exchange.File{Path: file, Type: kind, At: v.At()})
	}
	for name, part := range v.Members() {
		if !part.Empty() && !(file != "" && (name == "file" || name == "filename" || name == "kind")) {
			item.Fields = append(item.Fields, fieldOf("location/"+name, part))
		}
	}
}

// fieldOf is a member as a field: a list of scalars has a value each, anything deeper is JSON.
func fieldOf(name string, v jsontree.Value) exchange.Field {
	f := exchange.Field{Name: name, At: v.NameAt()}
	values, ok := v.Strings()
	switch {
	case !ok:
		f.Values, f.Nested = []string{v.JSON()}, true
		return f
	case v.Kind() == jsontree.Bool:
		f.Data = exchange.DataBoolean
	case jsontree.IsInteger(v.Text()) && v.Kind() == jsontree.Number:
		f.Data = exchange.DataInteger
	case v.Kind() == jsontree.Number:
		f.Data = exchange.DataReal
	}
	f.Values = values
	return f
}

// declare adds the type of an item and its attributes to those of the tree.
func (r *reader) declare(item *exchange.Item) {
	n, known := r.types[item.Type]
	if !known {
		n = len(r.tree.Types)
		r.types[item.Type] = n
		declared := exchange.Type{Name: item.Type, At: item.At}
		if strings.HasPrefix(item.Type, "activity") {
			declared.Title = "verification " + item.Type
		}
		r.tree.Types = append(r.tree.Types, declared)
	}
	t := &r.tree.Types[n]
	for _, f := range item.Fields {
		i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
		if i < 0 {
			i = len(t.Attributes)
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.Name, Data: cmp.Or(f.Data, exchange.DataString)})
		}
		t.Attributes[i].Many = t.Attributes[i].Many || len(f.Values) > 1
	}
}

func stem(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}
