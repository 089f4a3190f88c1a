package exchange

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// Converted is a Tree in the terms of a workspace.
type Converted struct {
	Documents []*workspace.Document
	Schema    *schema.Schema         // with a kind for every key prefix that had none
	Foreign   []string               // those prefixes
	Prefixes  map[string]record.Kind // prefixes that stand for kinds, to be declared under keys:
	Mapping   *Mapping               // as used
	Findings  []finding.Finding
	Ledger    *Ledger
	Keys      map[string]record.Key // of items, by their identity at the source
}

// Options say how a Tree is converted.
type Options struct {
	Mapping *Mapping                // guessed where it says nothing; nil for all
	Known   map[string]record.Key   // keys that items of the source already have here, by their identity there
	Twice   map[string][]record.Key // further keys under one identity there, which a source may give twice
	Taken   []record.Key            // keys that other items have
	// TakeAll gives every item that can have no key of its own a number, and takes inactive ones too: for imports. Else such
	// items are findings.
	TakeAll bool
	// Restored says that an export brings back what has no home here, for the ledger.
	Restored bool
}

// Convert turns a Tree into documents of a workspace. Every item of the Tree is
// in them, or is named by a finding; so is every link. What a format knows about
// a link becomes its confirmation: a fingerprint that agrees confirms the target
// as it is now, one that does not makes the link suspect.
//
// goldthread:implements SRS-51
func Convert(t *Tree, sch *schema.Schema, options Options) *Converted {
	return convert(t, sch, options).out
}

func convert(t *Tree, sch *schema.Schema, options Options) *converter {
	n := t.Items()
	c := &converter{
		tree: t, mapping: Guess(t, sch, options.Mapping), known: options.Known, twice: options.Twice, takeAll: options.TakeAll, restored: options.Restored, reserved: map[record.Key]bool{},
		out:  &Converted{Schema: sch, Prefixes: map[string]record.Kind{}, Ledger: &Ledger{Read: t.Read, Lost: slices.Clone(t.Lost), Changed: slices.Clone(t.Changed), Dangling: slices.Clone(t.Dangling)}},
		keys: make(map[*Item]record.Key, n), kinds: make(map[*Item]*schema.Kind, n), named: make(map[string]record.Key, n), values: namesLedger{},
		paths: map[string]bool{}, inFile: map[string]int{}, items: make(map[*Item]*workspace.Item, n),
		byKey: make(map[record.Key]*workspace.Item, n), hashes: map[record.Key]record.Hash{}, inactive: map[record.Key]bool{},
		linked: map[linkName]bool{}, mirrored: map[linkName]bool{}, mixed: map[string]bool{}, said: map[string]bool{},
	}
	c.tree = withRoles(t, c.mapping, c.values)
	t = c.tree
	c.out.Mapping, c.relations = c.mapping, maps.Clone(c.mapping.Relations)
	if t.Read == (Counts{}) {
		c.out.Ledger.Read = t.counted()
	}
	for _, key := range options.Taken {
		c.reserved[key] = true
	}
	for _, prefix := range slices.Sorted(maps.Keys(c.mapping.Prefixes)) {
		c.alias(prefix, c.mapping.Prefixes[prefix])
	}
	for _, f := range t.Faults {
		severity := finding.Warning
		if f.Error {
			severity = finding.Error
		}
		c.add(finding.Finding{Rule: t.Format + "-fault", Severity: severity, Item: record.Key(f.Item), Message: f.Message, Remedy: f.Remedy}, f.At)
	}
	c.nameItems()
	c.convertItems()
	for i := range t.Documents {
		c.inFile[t.Documents[i].Path]++
	}
	for i := range t.Documents {
		c.document(&t.Documents[i])
	}
	c.settleVerbs()
	for _, it := range t.All() {
		c.fieldsOfLinks(it)
	}
	for _, it := range t.All() {
		c.links(it)
	}
	c.out.Ledger.Names = c.values.sorted()
	c.out.Ledger.Documents = len(c.out.Documents)
	c.out.Keys = c.named
	return c
}

type converter struct {
	tree     *Tree
	mapping  *Mapping
	known    map[string]record.Key
	twice    map[string][]record.Key
	takeAll  bool
	restored bool
	reserved map[record.Key]bool // keys of others
	out      *Converted
	keys     map[*Item]record.Key
	kinds    map[*Item]*schema.Kind
	named    map[string]record.Key // by identity and by key at the source; the first of each
	values   namesLedger
	paths    map[string]bool                // of documents
	inFile   map[string]int                 // documents of a file
	items    map[*Item]*workspace.Item      // since keys may be there twice
	byKey    map[record.Key]*workspace.Item // the first of each key
	hashes   map[record.Key]record.Hash     // and its content, where a link has asked for it
	inactive map[record.Key]bool            // items that were not taken
	linked   map[linkName]bool
	mirrored map[linkName]bool // links that their target has said
	mixed    map[string]bool   // relations that are taken for more than one of ours
	// relations are those of the mapping as it was given or guessed.
	relations map[string]RelationMapping
	said      map[string]bool // notes that are not repeated for every link
}

// lose lists something that is not kept.
func (c *converter) lose(at Position, item, what, why string) {
	c.out.Ledger.Lost = append(c.out.Ledger.Lost, Loss{At: at, Item: item, What: what, Why: why})
}

func (c *converter) add(f finding.Finding, at Position) {
	c.out.Findings = append(c.out.Findings, foundAt(f, at))
}

func foundAt(f finding.Finding, at Position) finding.Finding {
	f.File, f.Line, f.Column = at.File, at.Line, at.Column
	return f
}

// builder makes one document.
type builder struct {
	doc       *workspace.Document
	level     int          // of the section that items stand in
	composite map[int]bool // orders of items that hold others
	around    []int        // level around each section and item that is open, to which its end leads back
}

func newBuilder(d *Document, doc *workspace.Document) *builder {
	return &builder{doc: doc, level: 1, composite: composites(d)}
}

// document converts one document: title, then sections, prose and items in the
// order in which they stand.
func (c *converter) document(d *Document) {
	b := newBuilder(d, &workspace.Document{Path: c.documentPath(d), Meta: workspace.Meta{Title: documentTitle(d)}})
	sections, blocks, items := d.Sections, d.Blocks, d.Items
	for len(sections)+len(blocks)+len(items) > 0 {
		switch {
		case len(sections) > 0 && before(sections[0].Order, blocks, items):
			b.section(&sections[0])
			sections = sections[1:]
		case len(blocks) > 0 && (len(items) == 0 || blocks[0].Order < items[0].Order):
			if blocks[0].Kind == BlockEnd {
				b.end()
			}
			b.prose(blocks[0].Text)
			blocks = blocks[1:]
		default:
			if out := c.items[&items[0]]; out != nil {
				b.item(&items[0], out)
			} else {
				b.begin(items[0].Order)
			}
			items = items[1:]
		}
	}
	if c.takeAll {
		c.attributes(d)
	}
	b.title()
	c.out.Documents = append(c.out.Documents, b.doc)
}

func before(order int, blocks []Block, items []Item) bool {
	return (len(blocks) == 0 || order < blocks[0].Order) && (len(items) == 0 || order < items[0].Order)
}

func documentTitle(d *Document) string {
	if t := oneLine(d.Title); t != "" {
		return t
	}
	return oneLine(d.Key)
}

// documentPath is where the document is written by an import: the file itself as
// Markdown, or a file named after the document in its folder.
func (c *converter) documentPath(d *Document) string {
	name := strings.TrimSuffix(d.Path, path.Ext(d.Path))
	switch {
	case d.Path == path.Dir(d.At.File): // a folder
		name = path.Join(d.Path, fileName(strings.ToLower(d.Key)))
	case c.inFile[d.Path] > 1: // one of several in a file
		name = path.Join(path.Dir(d.Path), fileName(strings.Join(strings.Fields(strings.ToLower(documentTitle(d))), "-")))
	}
	parts := strings.Split(path.Clean("/" + name)[1:], "/")
	for i, part := range parts {
		parts[i] = fileName(part)
	}
	name = strings.Join(parts, "/")
	unique := name
	for n := 2; c.paths[strings.ToLower(unique)]; n++ {
		unique = name + "-" + strconv.Itoa(n)
	}
	c.paths[strings.ToLower(unique)] = true
	return unique + ".md"
}

// fileName is a name that every file system takes and no workspace passes over.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '-'
		}
		return r
	}, strings.ToValidUTF8(s, "-"))
	s = strings.Trim(s, ". ")
	if s == "" {
		return "document"
	}
	return s
}

// begin opens an item that holds others. They stand beside it here.
func (b *builder) begin(order int) {
	if b.composite[order] {
		b.around = append(b.around, b.level)
	}
}

// end ends the innermost section or item that is open.
func (b *builder) end() {
	if top := len(b.around) - 1; top >= 0 {
		b.level, b.around = b.around[top], b.around[:top]
	}
}

// section begins a section. Below an item it stands no deeper than the item,
// whose text it would become.
func (b *builder) section(s *Section) {
	level := min(max(s.Level, 1), 5)
	if outer := max(s.Level-1, 0); len(b.around) > outer {
		b.level, b.around = b.around[outer], b.around[:outer]
	}
	b.around = append(b.around, b.level)
	if n := len(b.doc.Blocks); n > 0 && b.doc.Blocks[n-1].Item != nil {
		level = min(level, b.doc.Blocks[n-1].Level)
	}
	b.level = level
	b.doc.Blocks = append(b.doc.Blocks, workspace.Block{Level: level, Heading: sectionHeading(s.Title), Line: s.At.Line})
}

// sectionHeading keeps a title that begins with a key from being an item.
func sectionHeading(title string) string {
	title = oneLine(title)
	if word, rest, _ := strings.Cut(title, " "); record.LooksLikeKey(word) {
		return strings.TrimSpace("*" + word + "* " + rest)
	}
	return title
}

// prose adds prose of the document below what stands last; below an item it
// would become the item's text, so it gets a section without a heading there.
func (b *builder) prose(text string) {
	text = proseText(text)
	if text == "" {
		return
	}
	n := len(b.doc.Blocks)
	switch {
	case n == 0:
		b.doc.Blocks = append(b.doc.Blocks, workspace.Block{Prose: text})
	case b.doc.Blocks[n-1].Item != nil:
		b.doc.Blocks = append(b.doc.Blocks, workspace.Block{Level: b.doc.Blocks[n-1].Level, Prose: text})
	case b.doc.Blocks[n-1].Prose == "":
		b.doc.Blocks[n-1].Prose = text
	default:
		b.doc.Blocks[n-1].Prose += "\n\n" + text
	}
}

// title gives the document a heading of level 1, if none of its sections is one.
func (b *builder) title() {
	blocks := b.doc.Blocks
	for i := range blocks {
		if blocks[i].Level == 1 && blocks[i].Item == nil && blocks[i].Heading != "" {
			return
		}
	}
	heading := workspace.Block{Level: 1, Heading: sectionHeading(b.doc.Meta.Title)}
	if len(blocks) > 0 && blocks[0].Level == 0 {
		heading.Prose, blocks = blocks[0].Prose, blocks[1:]
	}
	b.doc.Blocks = append([]workspace.Block{heading}, blocks...)
}
