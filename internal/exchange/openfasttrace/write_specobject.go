package openfasttrace

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// reqm2 is a ReqM2 file while it is written.
type reqm2 struct {
	w       *writer
	out     strings.Builder
	doctype string // of the items that are being written
	grouped bool   // there are some
}

func (w *writer) specdocument(documents []*exchange.Document) []byte {
	x := &reqm2{w: w}
	x.out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + tagSpecDocument)
	for _, d := range documents {
		for _, f := range d.Fields {
			if name, ok := strings.CutPrefix(f.Name, "@"); ok && w.own {
				x.attribute(name, strings.Join(f.Values, " "))
			}
		}
	}
	x.out.WriteString(">\n")
	for _, d := range documents {
		x.document(d)
	}
	x.closeGroup()
	x.out.WriteString("</" + tagSpecDocument + ">\n")
	return []byte(x.out.String())
}

func (x *reqm2) document(d *exchange.Document) {
	for _, f := range d.Fields {
		switch {
		case strings.HasPrefix(f.Name, "@") && x.w.own:
		case x.w.own && kindOf(d.Path) == kindXML:
			x.closeGroup()
			x.field("\t", f.Name, &f)
		default:
			x.w.lose(f.At, "", f.Name, "a document has no fields")
		}
	}
	for _, s := range d.Sections {
		x.w.lose(s.At, "", s.Title, "a section has no place in ReqM2")
	}
	for _, b := range d.Blocks {
		x.w.lose(b.At, "", b.Kind, "prose has no place in ReqM2")
	}
	for i := range d.Items {
		p := x.w.prepare(&d.Items[i], true)
		artifact := p.id.artifact
		if x.w.own && kindOf(d.Path) == kindXML {
			artifact = d.Items[i].Type
		}
		if !x.grouped || artifact != x.doctype {
			x.closeGroup()
			x.doctype, x.grouped = artifact, true
			x.out.WriteString("\t<" + tagSpecObjects)
			x.attribute("doctype", artifact)
			x.out.WriteString(">\n")
		}
		x.object(p)
	}
}

func (x *reqm2) closeGroup() {
	if x.grouped {
		x.out.WriteString("\t</" + tagSpecObjects + ">\n")
	}
	x.grouped = false
}

func (x *reqm2) attribute(name, value string) {
	x.out.WriteString(" " + name + "=\"" + strings.ReplaceAll(x.escape(value), "\"", "&quot;") + "\"")
}

// escape writes text; characters that XML cannot hold are replaced.
func (x *reqm2) escape(s string) string {
	replaced := false
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			replaced = true
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	if replaced {
		x.w.loseOnce("control characters", "XML cannot hold them; they are replaced")
	}
	return escaper.Replace(s)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func (x *reqm2) leaf(indent, name, value string) {
	x.out.WriteString(indent + "<" + name + ">" + x.escape(value) + "</" + name + ">\n")
}

func (x *reqm2) object(p *prepared) {
	x.out.WriteString("\t\t<" + tagSpecObject)
	for _, f := range p.other {
		if name, ok := strings.CutPrefix(f.Name, "@"); ok {
			x.attribute(name, strings.Join(f.Values, " "))
		}
	}
	x.out.WriteString(">\n")
	const in = "\t\t\t"
	name := p.id.name
	for _, f := range p.other {
		if f.Name == "id" && len(f.Values) == 1 && !f.Nested {
			name = f.Values[0]
		}
	}
	if p.item.Key != "" || !x.w.own {
		x.leaf(in, "id", name)
		x.leaf(in, "version", p.id.revision)
	}
	if p.title != "" {
		x.leaf(in, "shortdesc", p.title)
	}
	if p.text != "" {
		x.leaf(in, "description", p.text)
	}
	x.fields(p)
	x.links(p)
	x.out.WriteString("\t\t</" + tagSpecObject + ">\n")
}

// fields are written in the order in which the item has them.
func (x *reqm2) fields(p *prepared) {
	const in = "\t\t\t"
	order := p.order
	for _, name := range []string{fieldStatus, fieldRationale, fieldComment, fieldTags, fieldNeeds} {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	done := map[string]bool{}
	other := p.other
	for _, name := range order {
		switch {
		case len(other) > 0 && other[0].Name == name:
			if !strings.HasPrefix(name, "@") && (name != "id" || other[0].Nested) {
				x.field(in, name, &other[0])
			}
			other = other[1:]
			continue
		case done[name]:
			continue
		}
		done[name] = true
		switch name {
		case fieldStatus:
			x.optional(in, "status", p.status)
		case fieldRationale:
			x.optional(in, "rationale", p.rationale)
		case fieldComment:
			x.optional(in, "comment", p.comment)
		case fieldTags:
			x.list(in, "tags", "tag", p.tags)
		case fieldNeeds:
			x.list(in, "needscoverage", "needsobj", p.needs)
		}
	}
}

func (x *reqm2) optional(in, name, value string) {
	if value != "" {
		x.leaf(in, name, value)
	}
}

func (x *reqm2) list(in, name, entry string, values []string) {
	if len(values) == 0 {
		return
	}
	x.out.WriteString(in + "<" + name + ">\n")
	for _, v := range values {
		x.leaf(in+"\t", entry, v)
	}
	x.out.WriteString(in + "</" + name + ">\n")
}

// field writes a field that keeps an element.
func (x *reqm2) field(in, name string, f *exchange.Field) {
	around, inner, within := strings.Cut(name, "/")
	if within {
		x.out.WriteString(in + "<" + around + ">\n")
		name = inner
	}
	value := strings.Join(f.Values, "\n")
	var e element
	switch {
	case !xmlName(name):
		x.w.lose(f.At, "", f.Name, "no element can have this name")
	case f.Nested && json.Unmarshal([]byte(value), &e) == nil && xmlName(e.Name):
		x.element(in, &e)
	default:
		x.leaf(in, name, value)
	}
	if within {
		x.out.WriteString(in + "</" + around + ">\n")
	}
}

func xmlName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isWord(c) && (i == 0 || c != '-' && c != '.') || i == 0 && c >= '0' && c <= '9' {
			return false
		}
	}
	return s != ""
}

func (x *reqm2) element(in string, e *element) {
	x.out.WriteString(in + "<" + e.Name)
	names := make([]string, 0, len(e.Attributes))
	for name := range e.Attributes {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		x.attribute(name, e.Attributes[name])
	}
	x.out.WriteString(">" + x.escape(e.Text))
	for _, child := range e.Children {
		x.element("", child)
	}
	x.out.WriteString("</" + e.Name + ">")
	if in != "" {
		x.out.WriteString("\n")
	}
}

// links writes the links in their order, those of one verb that follow each other together.
func (x *reqm2) links(p *prepared) {
	const in = "\t\t\t"
	written := map[id]string{}
	for i := range p.item.Links {
		if l := &p.item.Links[i]; l.Written != "" && x.w.own {
			if target, ok := x.w.targets[l.Target]; ok {
				written[target] = l.Written
			} else if target, ok := wholeID(l.Target); ok {
				written[target] = l.Written
			}
		}
	}
	containers := map[string]string{verbCovers: "providescoverage", verbDepends: "dependencies", verbFulfilled: "fulfilledby"}
	for i, l := range p.links {
		if i == 0 || p.links[i-1].verb != l.verb {
			x.out.WriteString(in + "<" + containers[l.verb] + ">\n")
		}
		switch l.verb {
		case verbCovers:
			to := l.to.artifact + ":" + l.to.name
			if w := written[l.to]; w != "" && !strings.ContainsAny(w, "~:") {
				to = w
			} else if l.to.artifact == unknownType {
				to = l.to.name
			}
			x.out.WriteString(in + "\t<provcov>\n")
			x.leaf(in+"\t\t", "linksto", to)
			x.leaf(in+"\t\t", "dstversion", l.to.revision)
			x.out.WriteString(in + "\t</provcov>\n")
		case verbDepends:
			x.leaf(in+"\t", "dependson", l.to.String())
		case verbFulfilled:
			x.out.WriteString(in + "\t<ffbObj>\n")
			x.leaf(in+"\t\t", "ffbId", l.to.name)
			x.leaf(in+"\t\t", "ffbType", l.to.artifact)
			x.leaf(in+"\t\t", "ffbVersion", l.to.revision)
			x.out.WriteString(in + "\t</ffbObj>\n")
		}
		if i == len(p.links)-1 || p.links[i+1].verb != l.verb {
			x.out.WriteString(in + "</" + containers[l.verb] + ">\n")
		}
	}
}
