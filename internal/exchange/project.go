package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// ProjectOptions say for which format a project is made into a Tree.
type ProjectOptions struct {
	Format  string   // fields FORMAT/NAME become attributes again
	Mapping *Mapping // of the import that the project came from, nil where there was none
	// File reads an attached file; nil where files are not wanted.
	File func(name string) ([]byte, error)
	IDs  map[record.Key]record.ID
	// State says whether a link holds as both ends are now: Confirmed, Suspect or Unconfirmed; nil where nobody knows.
	State func(source record.Key, verb record.Verb, target record.Ref) LinkState
	// Origin is what gives back what has no home in a workspace; nil where there is none.
	Origin *Origin
}

// Project makes a Tree of documents of a workspace. It is the inverse of Convert: items that came from the format have
// their identities, types, attributes and relations again; all others are of our kinds, fields and relations.
//
// goldthread:implements SRS-73
func Project(docs []*workspace.Document, sch *schema.Schema, options ProjectOptions) *Tree {
	matched := slices.Repeat([]int{-1}, len(docs))
	if options.Origin != nil {
		matched = options.Origin.match(docs)
	}
	var kept []*workspace.Document
	var origins []int
	for i, d := range docs {
		if d.HasItems() || len(docs) == 1 || d.Meta.Key != "" || matched[i] >= 0 {
			kept, origins = append(kept, d), append(origins, matched[i])
		}
	}
	p := newProjector(kept, sch, options)
	p.declare()
	if options.Origin != nil {
		p.restore(kept, origins)
	}
	return p.tree
}

// projectAll is Project of documents whatever they hold, one to one.
func projectAll(docs []*workspace.Document, sch *schema.Schema, options ProjectOptions) *Tree {
	return newProjector(docs, sch, options).tree
}

func newProjector(docs []*workspace.Document, sch *schema.Schema, options ProjectOptions) *projector {
	p := &projector{options: options, schema: sch, tree: &Tree{Format: cmp.Or(options.Format, "goldthread"), Markup: "markdown"}, names: map[record.Key]string{},
		types: map[string]map[string]*Attribute{}, backwards: map[record.Key][]Link{}, files: map[string]bool{}}
	p.reverse()
	for _, d := range docs {
		for it := range d.Items() {
			p.names[it.Key] = p.identity(it)
		}
	}
	for _, d := range docs {
		for it := range d.Items() {
			p.backwardLinks(it)
		}
	}
	for _, d := range docs {
		p.document(d)
	}
	return p
}

type projector struct {
	options    ProjectOptions
	schema     *schema.Schema
	tree       *Tree
	names      map[record.Key]string            // identities of items in the tree
	types      map[string]map[string]*Attribute // by type and attribute
	typeOf     map[record.Kind]string           // the one type whose items are of a kind
	attributes map[string]map[string]string     // type → our field → attribute
	verbs      map[record.Verb]relationOfFormat // our verb → theirs
	backwards  map[record.Key][]Link            // links that the format writes at their target
	files      map[string]bool
}

type relationOfFormat struct {
	verb      string
	backwards bool
}

// reverse turns the mapping round, as far as it is one to one.
func (p *projector) reverse() {
	p.typeOf, p.attributes, p.verbs = map[record.Kind]string{}, map[string]map[string]string{}, map[record.Verb]relationOfFormat{}
	m := p.options.Mapping
	if m == nil {
		return
	}
	several := map[record.Kind]bool{}
	for _, name := range slices.Sorted(maps.Keys(m.Types)) {
		tm := m.Types[name]
		if _, there := p.typeOf[tm.Kind]; there {
			several[tm.Kind] = true
		}
		if name != "" {
			p.typeOf[tm.Kind] = name
		}
		p.attributes[name] = map[string]string{}
		for _, attribute := range slices.Sorted(maps.Keys(tm.Attributes)) {
			if field := tm.Attributes[attribute]; p.attributes[name][field] == "" {
				p.attributes[name][field] = attribute
			}
		}
	}
	for kind := range several {
		delete(p.typeOf, kind)
	}
	for _, verb := range slices.Sorted(maps.Keys(m.Relations)) {
		r := m.Relations[verb]
		if old, there := p.verbs[r.Verb]; !there || old.backwards && !r.Backwards {
			p.verbs[r.Verb] = relationOfFormat{verb, r.Backwards}
		}
	}
}

// own returns a foreign field of this format.
func (p *projector) own(it *workspace.Item, name string) string {
	return it.Value(p.options.Format + "/" + name)
}

func (p *projector) identity(it *workspace.Item) string {
	return cmp.Or(p.own(it, "id"), p.own(it, "key"), string(it.Key))
}

// came reports whether an item came from the format.
func (p *projector) came(it *workspace.Item) bool {
	return slices.ContainsFunc(it.Fields, func(f record.Field) bool { return strings.HasPrefix(f.Name, p.options.Format+"/") })
}

// relationOf is what the format says for a link: what it said when the link came in, where a field keeps that.
func (p *projector) relationOf(it *workspace.Item, l workspace.Link) relationOfFormat {
	for _, f := range it.Fields {
		name, ok := strings.CutPrefix(f.Name, p.options.Format+"/link ")
		if !ok || len(f.Values) == 0 || f.Values[0] != string(l.Verb) {
			continue
		}
		if verb, ok := strings.CutSuffix(name, " "+string(l.Target)+" "+verbName); ok {
			return relationOfFormat{verb: attributeName("/" + verb)}
		}
	}
	return p.relation(l.Verb)
}

func (p *projector) relation(verb record.Verb) relationOfFormat {
	if r, ok := p.verbs[verb]; ok {
		return r
	}
	return relationOfFormat{verb: string(verb)}
}

// backwardLinks gives links that the format writes at their target to the item there.
func (p *projector) backwardLinks(it *workspace.Item) {
	for _, l := range it.Links {
		r := p.relationOf(it, l)
		if target := record.Key(l.Target); r.backwards && p.names[target] != "" {
			p.backwards[target] = append(p.backwards[target], Link{Verb: r.verb, Target: p.names[it.Key], State: Unconfirmed})
		}
	}
}

func (p *projector) document(d *workspace.Document) {
	out := Document{Key: string(d.Key()), Title: d.Title(), Path: d.Path, At: Position{File: d.Path, Line: 1}}
	order := 0
	var numbers []int
	for i := range d.Blocks {
		b := &d.Blocks[i]
		order++
		at := Position{File: d.Path, Line: b.Line}
		title := b.Level == 1 && b.Item == nil && (b.Heading == out.Title || b.Heading == sectionHeading(out.Title))
		depth := max(1, b.Level-1)
		switch {
		case b.Item != nil:
			numbers = count(numbers, depth)
			out.Items = append(out.Items, p.item(d, b.Item, level(numbers), order))
		case b.Heading != "" && !title:
			numbers = count(numbers, depth)
			out.Sections = append(out.Sections, Section{Title: b.Heading, Level: depth, Order: order, At: at})
		}
		if b.Item == nil && b.Prose != "" {
			order++
			out.Blocks = append(out.Blocks, Block{Kind: "prose", Text: b.Prose, Order: order, At: at})
		}
	}
	p.tree.Documents = append(p.tree.Documents, out)
	p.tree.Read.Documents++
}

// count goes on counting at a depth: 1.2 is 1.3 or 1.2.1 or 2.
func count(numbers []int, depth int) []int {
	for len(numbers) < depth {
		numbers = append(numbers, 0)
	}
	numbers = numbers[:depth]
	numbers[depth-1]++
	for i := range numbers {
		numbers[i] = max(numbers[i], 1) // below a depth that was passed over
	}
	return numbers
}

func level(numbers []int) string {
	parts := make([]string, len(numbers))
	for i, n := range numbers {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ".")
}

func (p *projector) item(d *workspace.Document, it *workspace.Item, level string, order int) Item {
	out := Item{ID: p.own(it, "id"), Key: cmp.Or(p.own(it, "key"), string(it.Key)), Document: string(d.Key()), Level: level, Order: order, Title: it.Title, Text: it.Text,
		Normative: true, Active: true, At: Position{File: d.Path, Line: it.Line}}
	if id, ok := p.options.IDs[it.Key]; ok && out.ID == "" && !id.IsZero() {
		out.ID = id.String()
	}
	came := p.came(it)
	if out.Type = p.own(it, "type"); out.Type == "" { // a new item is of the type that its kind has at the source
		out.Type = p.typeOf[it.Kind]
	}
	if out.Type == "" && (!came || p.options.Mapping == nil || len(p.options.Mapping.Types) > 1 || p.options.Mapping.Types[""] == nil) {
		out.Type = string(it.Kind)
	}
	for i := range it.Fields {
		p.field(&out, it, &it.Fields[i])
	}
	if came {
		p.roles(&out, it)
	}
	if it.Language != "" {
		p.attribute(&out, Field{Name: "language", Values: []string{it.Language}, Data: DataString})
	}
	for _, l := range it.Links {
		r := p.relationOf(it, l)
		if r.backwards && p.names[record.Key(l.Target)] != "" {
			continue
		}
		out.Links = append(out.Links, p.link(it, r.verb, l))
	}
	out.Links = append(out.Links, p.backwards[it.Key]...)
	for _, f := range it.Files {
		p.file(f.Name)
	}
	p.tree.Read.Items++
	p.tree.Read.Links += len(out.Links)
	return out
}

func (p *projector) link(it *workspace.Item, verb string, l workspace.Link) Link {
	out := Link{Verb: verb, Target: cmp.Or(p.names[record.Key(l.Target)], string(l.Target)), State: Unconfirmed, At: Position{File: l.File, Line: l.Line, Column: l.Column}}
	if p.names[record.Key(l.Target)] == "" {
		out.State = Unresolved
	} else if p.options.State != nil {
		out.State = p.options.State(it.Key, l.Verb, l.Target)
	}
	prefix := foreignName(p.options.Format, fmt.Sprintf("link %s %s ", verb, l.Target)+"x")
	prefix = strings.TrimSuffix(prefix, "x")
	for _, f := range it.Fields {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok && name != verbName {
			out.Fields = append(out.Fields, Field{Name: attributeName("/" + name), Values: f.Values})
		}
	}
	return out
}

// field gives a field its place: what an item was at its source, an attribute of the format, or one of ours.
func (p *projector) field(out *Item, it *workspace.Item, f *record.Field) {
	name, foreign := strings.CutPrefix(f.Name, p.options.Format+"/")
	if !foreign || p.options.Format == "" {
		attribute := cmp.Or(p.attributes[out.Type][f.Name], f.Name)
		data := DataString
		if own := p.kindField(it.Kind, f.Name); own != nil {
			data = dataOf(own)
		}
		values := slices.Clone(f.Values)
		if data == DataBoolean {
			for i, v := range values {
				values[i] = map[string]string{"yes": "true", "no": "false"}[v]
			}
		}
		p.attribute(out, Field{Name: attribute, Values: values, Data: data})
		return
	}
	value := strings.Join(f.Values, "\n")
	verb, unresolved := strings.CutPrefix(name, "unresolved ")
	path, file := strings.CutPrefix(name, "file ")
	switch {
	case name == "id", name == "key", name == "type", isRole(strings.TrimSuffix(name, again)) && p.attributes[out.Type][strings.TrimSuffix(name, again)] != "":
	case name == "level":
		if depth(value) == depth(out.Level) { // it stands where it stood
			out.Level = value
		}
	case name == "heading":
		out.Heading = value == "yes"
	case name == "normative":
		out.Normative = value != "no"
	case name == "derived":
		out.Derived = value == "yes"
	case name == "active":
		out.Active = value != "no"
	case name == "reviewed":
		out.Review.Fingerprint = value
	case unresolved:
		for target := range strings.SplitSeq(value, "\n") {
			out.Links = append(out.Links, Link{Verb: attributeName("/" + verb), Target: target, State: Unresolved})
		}
	case file:
		out.Files = append(out.Files, fileOf(attributeName("/"+path), value))
	case strings.HasPrefix(name, "link "):
	default:
		p.attribute(out, Field{Name: attributeName(f.Name), Values: slices.Clone(f.Values)})
	}
}

// fileOf reads what the field of a file says: its type, keyword and hash, as far as it has them.
func fileOf(path, value string) File {
	f := File{Path: path}
	words := strings.Fields(value)
	if n := len(words); n > 0 && len(words[n-1]) == 64 && strings.Trim(strings.ToLower(words[n-1]), "0123456789abcdef") == "" {
		f.SHA256, words = words[n-1], words[:n-1]
	}
	if len(words) > 0 {
		f.Type, f.Keyword = words[0], strings.Join(words[1:], " ")
	}
	return f
}

func (p *projector) kindField(kind record.Kind, name string) *schema.Field {
	if k := p.schema.Kind(kind); k != nil {
		return k.Field(name)
	}
	return nil
}

// attribute adds an attribute to an item and to what its type declares.
func (p *projector) attribute(out *Item, f Field) {
	f.At = out.At
	out.Fields = append(out.Fields, f)
	if p.types[out.Type] == nil {
		p.types[out.Type] = map[string]*Attribute{}
	}
	a := p.types[out.Type][f.Name]
	if a == nil {
		a = &Attribute{Name: f.Name, Data: cmp.Or(f.Data, DataString)}
		p.types[out.Type][f.Name] = a
	}
	a.Many = a.Many || len(f.Values) > 1
}

// dataOf is the data type of a field of ours.
func dataOf(f *schema.Field) DataType {
	switch f.Type {
	case schema.TypeText:
		return DataMarkup
	case schema.TypeEnum:
		return DataEnum
	case schema.TypeInteger:
		return DataInteger
	case schema.TypeDecimal:
		return DataReal
	case schema.TypeReference:
		return DataItem
	case schema.TypeDate, schema.TypeTime:
		return DataString // a date alone is no time
	case schema.TypeBoolean:
		return DataBoolean
	case schema.TypeLine, schema.TypeURL, schema.TypeHash:
	}
	return DataString
}

// declare lists types and relations: our kinds with the values of their enumerations, types of the source with what was met.
func (p *projector) declare() {
	seen := map[string]bool{}
	verbs := map[string]bool{}
	for _, it := range p.tree.All() {
		seen[it.Type] = true
		for _, l := range it.Links {
			verbs[l.Verb] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		t := Type{Name: name, Title: name}
		kind := p.schema.Kind(record.Kind(name))
		if kind != nil {
			t.Title = kind.Name
		}
		for _, a := range slices.Sorted(maps.Keys(p.types[name])) {
			attribute := *p.types[name][a]
			if kind != nil && kind.Field(a) != nil {
				f := kind.Field(a)
				attribute.Many = f.Many
				for _, v := range f.Values {
					attribute.Values = append(attribute.Values, v.Value)
				}
			}
			t.Attributes = append(t.Attributes, attribute)
		}
		p.tree.Types = append(p.tree.Types, t)
	}
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		r := Relation{Verb: verb}
		if own := p.schema.Relation(record.Verb(verb)); own != nil {
			r.Reverse = own.Reverse
		}
		p.tree.Relations = append(p.tree.Relations, r)
	}
}

func (p *projector) file(name string) {
	if p.options.File == nil || p.files[name] {
		return
	}
	p.files[name] = true
	data, err := p.options.File(name)
	if err != nil {
		p.tree.Lost = append(p.tree.Lost, Loss{What: name, Why: "the attached file cannot be read: " + err.Error()})
		return
	}
	p.tree.Attachments = append(p.tree.Attachments, Attachment{Path: name, Data: data})
	p.tree.Read.Files++
}
