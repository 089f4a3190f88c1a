package doorstop

import (
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
)

// readItem is one item file and what is needed to judge its links once all items are known.
type readItem struct {
	item    exchange.Item
	id      uid
	level   level
	content stampable
	links   []writtenUID // in the order of item.Links
	lost    []exchange.Loss
	lists   map[string]bool // attributes that are fields, and whether they are lists
	faults  []exchange.Fault
	read    bool // false: the file is no item, or could not be read
	other   bool // the file is no item
}

// itemReader reads one file.
type itemReader struct {
	source   *source
	document *document
	convert  converter
	out      *readItem
	header   string
	built    map[string]value // what may be hashed under attributes/reviewed
}

func (r *reader) readItem(d *document, c candidate) *readItem {
	data, why := exchange.ReadFile(r.fsys, c.path, r.options.Limits.FileBytes)
	if why != "" {
		s := &source{file: c.path, item: c.name}
		s.fault(exchange.Position{File: c.path}, true, "the item cannot be read: "+why, "mend or replace the file")
		return &readItem{id: c.uid, faults: s.faults}
	}
	return parseItem(d, c, data, r.options.Limits)
}

// parseItem reads an item of the content of its file.
func parseItem(d *document, c candidate, data []byte, limits Limits) *readItem {
	s := &source{file: c.path, item: c.name}
	out := &readItem{id: c.uid, level: defaultLevel(), content: stampable{name: c.name}, lists: map[string]bool{}}
	defer func() { out.faults = s.faults }()
	out.item = exchange.Item{
		Key: c.name, Document: d.config.prefix, Level: "1.0", Normative: true, Active: true,
		Review: exchange.Review{State: exchange.NotReviewed}, At: s.whole(),
	}
	ir := &itemReader{source: s, document: d, out: out, built: map[string]value{},
		convert: converter{nodes: limits.Nodes, depth: limits.Depth}}
	body, isMarkdown := ir.split(data, strings.EqualFold(path.Ext(c.path), ".md"))
	root := s.parse()
	if root == nil {
		return out
	}
	if foreign(d, c, root) {
		out.other = true
		s.faults = nil
		return out
	}
	ir.attributes(root)
	if isMarkdown {
		ir.body(body)
	}
	ir.finish()
	out.read = true
	return out
}

// foreign says that a file only looks like an item: its prefix is not that of its document and it has none of the
// attributes Doorstop writes into every item.
func foreign(d *document, c candidate, root *yaml.Node) bool {
	if strings.EqualFold(c.uid.prefix, d.config.prefix) {
		return false
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		switch root.Content[i].Value {
		case "level", "text", "normative", "links", "reviewed":
			return false
		}
	}
	return true
}

// attributes reads the mapping of an item; of a repeated key the last counts.
func (ir *itemReader) attributes(root *yaml.Node) {
	last := make(map[string]int, len(root.Content)/2)
	for i := 0; i+1 < len(root.Content); i += 2 {
		last[root.Content[i].Value] = i
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := root.Content[i]
		if last[key.Value] != i {
			continue
		}
		node := root.Content[i+1]
		if key.Value == "links" {
			ir.linkList(node)
			continue
		}
		v, err := ir.convert.value(node, 1)
		if err != nil {
			ir.source.fault(ir.source.position(key), true, fmt.Sprintf("the attribute %s is not read: %v", key.Value, err), "simplify the value")
			continue
		}
		ir.attribute(key, node, v)
	}
}

func (ir *itemReader) attribute(key, node *yaml.Node, v value) {
	item := &ir.out.item
	ir.built[key.Value] = v
	switch key.Value {
	case "level":
		ir.level(node, v)
	case "active":
		item.Active = v.truth()
	case "normative":
		item.Normative = v.truth()
	case "derived":
		item.Derived = v.truth()
	case "header":
		ir.header = loadText(v.string())
	case "text":
		ir.out.content.text = loadText(v.string())
	case "reviewed":
		item.Review.Fingerprint = ir.fingerprint(node, v, "reviewed")
	case "ref":
		ir.ref(node, v)
	case "references":
		ir.references(node, v)
	default:
		item.Fields = append(item.Fields, v.field(key.Value, ir.source.position(key)))
		ir.out.lists[key.Value] = v.kind == kindList
	}
}

// level keeps the level as written and orders it as Doorstop does: an unquoted 1.10 is the number 1.1 to YAML.
func (ir *itemReader) level(node *yaml.Node, v value) {
	text := v.text
	switch v.kind {
	case kindNull:
		text = "1"
	case kindInt, kindFloat:
		if !v.truth() {
			text = "1" // a zero is no level to Doorstop either
		}
	case kindList:
		parts := make([]string, len(v.items))
		for i, part := range v.items {
			parts[i] = part.string()
		}
		text = strings.Join(parts, ".")
	case kindOther, kindDate, kindMap, kindBool:
		text = v.string()
	}
	parsed, ok := parseLevel(text)
	ir.out.level = parsed
	ir.out.item.Level = v.string()
	if v.kind == kindList {
		ir.out.item.Level = text
	}
	if !ok {
		ir.source.fault(ir.source.position(node), false, fmt.Sprintf("level %q is no level; the item is placed as if it were 1.0", v.string()),
			"write numbers with dots between them, as in level: 2.3")
		return
	}
	if v.kind == kindFloat && text != v.raw && strings.HasSuffix(v.raw, "0") && !strings.HasSuffix(v.raw, ".0") {
		ir.source.fault(ir.source.position(node), false, fmt.Sprintf("level %s is a number in YAML and Doorstop places it as %s", v.raw, text),
			fmt.Sprintf("quote it: level: '%s'", v.raw))
	}
}

// fingerprint is a stamp as Doorstop takes it: null and false are none, true is a wish to have it made.
func (ir *itemReader) fingerprint(node *yaml.Node, v value, of string) string {
	if v.kind != kindString && v.kind != kindOther && !v.truth() {
		return ""
	}
	if v.truth() {
		ir.source.fault(ir.source.position(node), false, fmt.Sprintf("%s is confirmed by hand (true) and has no fingerprint", of),
			"let Doorstop write the fingerprint: doorstop review "+ir.source.item)
		return ""
	}
	return v.string()
}

func (ir *itemReader) ref(node *yaml.Node, v value) {
	ir.out.content.ref = strings.TrimFunc(v.string(), pythonSpace)
	if ref := ir.out.content.ref; ref != "" {
		ir.out.item.Files = append(ir.out.item.Files, exchange.File{Path: ref, Type: "ref", At: ir.source.position(node)})
	}
}

func (ir *itemReader) references(node *yaml.Node, v value) {
	if v.kind == kindNull {
		return
	}
	if v.kind != kindList {
		ir.source.fault(ir.source.position(node), true, "references is not a list", "write one reference an entry, as in - path: a.c")
		ir.out.content.unknown = "references"
		return
	}
	for i, entry := range v.items {
		at := ir.source.position(node)
		if node.Kind == yaml.SequenceNode {
			at = ir.source.position(node.Content[i])
		}
		ir.reference(entry, at)
	}
}

func (ir *itemReader) reference(entry value, at exchange.Position) {
	var r reference
	var hasType, hasPath bool
	r.kind, hasType = entry.get("type")
	r.path, hasPath = entry.get("path")
	r.keyword, r.hasKeyword = entry.get("keyword")
	r.sha, r.hasSHA = entry.get("sha")
	if !hasPath {
		ir.source.fault(at, true, "a reference has no path", "name the file: path: tests/test1.c")
		ir.out.content.unknown = "references"
		return
	}
	if !hasType {
		ir.source.fault(at, false, "a reference has no type, which Doorstop demands", "add type: file")
		ir.out.content.unknown = "references"
	}
	ir.out.content.references = append(ir.out.content.references, r)
	ir.out.item.Files = append(ir.out.item.Files, exchange.File{
		Path: strings.TrimSpace(r.path.string()), Type: r.kind.string(), Keyword: r.keyword.string(), SHA256: r.sha.string(), At: at,
	})
	for i, key := range entry.keys {
		switch key {
		case "type", "path", "keyword", "sha":
			continue
		}
		ir.out.item.Fields = append(ir.out.item.Fields, entry.items[i].field("references/"+key, at))
	}
}

// finish derives what follows from all attributes together.
func (ir *itemReader) finish() {
	item := &ir.out.item
	item.Heading = ir.out.level.heading && !item.Normative
	item.Title, item.Text = ir.header, ir.out.content.text
	if item.Heading && item.Title == "" {
		// Doorstop prints the first line of such an item as the heading.
		item.Title, item.Text, _ = strings.Cut(item.Text, "\n")
		item.Text = strings.TrimLeft(item.Text, "\n")
	}
	for _, name := range ir.document.config.reviewed {
		ir.hashed(name)
	}
}

// hashed adds an attribute that the document wants in the fingerprint.
func (ir *itemReader) hashed(name string) {
	var b strings.Builder
	item := &ir.out.item
	v, given := ir.built[name]
	ok := true
	switch name {
	case "level":
		serialiseScalar(&b, "doorstop.core.types.Level", ir.out.level.String())
	case "header":
		serialiseScalar(&b, "doorstop.core.types.Text", ir.header)
	case "text":
		serialiseScalar(&b, "doorstop.core.types.Text", ir.out.content.text)
	case "ref":
		serialiseScalar(&b, "str", ir.out.content.ref)
	case "active":
		serialiseScalar(&b, "bool", pythonBool(item.Active))
	case "normative":
		serialiseScalar(&b, "bool", pythonBool(item.Normative))
	case "derived":
		serialiseScalar(&b, "bool", pythonBool(item.Derived))
	case "links", "reviewed", "references":
		ok = false
	default:
		if !given {
			return
		}
		ok = v.serialise(&b)
	}
	if !ok {
		ir.out.content.unknown = name
		return
	}
	ir.out.content.reviewed = append(ir.out.content.reviewed, b.String())
}

func pythonBool(b bool) string {
	if b {
		return "True"
	}
	return "False"
}
