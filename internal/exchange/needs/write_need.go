package needs

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// need writes one need.
func (w *writer) need(item *exchange.Item, docname string, sections []string) {
	id := w.ids[item]
	w.json.Name(id).Begin('{')
	w.json.Name("id").String(id)
	w.json.Name("type").String(w.text(item.Type))
	w.json.Name("title").String(w.text(item.Title))
	w.json.Name("content").String(w.text(item.Text))
	if w.tree.Markup == "markdown" {
		w.json.Name("doctype").String(".md")
	}
	if docname != "" {
		w.json.Name("docname").String(w.text(docname))
	}
	if len(sections) > 0 {
		w.json.Name("sections").Begin('[')
		for _, title := range sections {
			w.json.String(w.text(title))
		}
		w.json.End(']')
	}
	w.links(item)
	w.fields(item)
	for _, f := range item.Files {
		w.lose(f.At, item.Key, "file "+f.Path, "needs refer to no files")
	}
	w.json.End('}')
}

// links writes the links of an item, by verb.
func (w *writer) links(item *exchange.Item) {
	var names []string
	targets := map[string][]string{}
	for i := range item.Links {
		l := &item.Links[i]
		name := verbName(l.Verb)
		if w.backwards(l.Verb) {
			name = l.Verb
		}
		if targets[name] == nil {
			names = append(names, name)
		}
		targets[name] = append(targets[name], w.target(l))
		w.linkLosses(item, l, name)
	}
	for _, name := range names {
		w.json.Name(name).Strings(targets[name])
	}
}

// target is the id that a link names.
func (w *writer) target(l *exchange.Link) string {
	id := w.text(cmp.Or(w.named[l.Target], l.Target))
	if i := slices.IndexFunc(l.Fields, isPart); i >= 0 {
		id += "." + w.text(l.Fields[i].Values[0])
	}
	return id
}

func isPart(f exchange.Field) bool { return f.Name == "part" && len(f.Values) == 1 }

func (w *writer) linkLosses(item *exchange.Item, l *exchange.Link, name string) {
	what := name + " " + l.Target
	for _, f := range l.Fields {
		if !isPart(f) {
			w.lose(f.At, item.Key, f.Name+" of the link "+what, "links have no fields in needs.json")
		}
	}
	if l.Fingerprint != "" || l.State == exchange.Suspect {
		w.lose(l.At, item.Key, "confirmation of the link "+what, "needs.json has none")
	}
	if l.ID != "" {
		w.lose(l.At, item.Key, "identity of the link "+what, "needs.json has none")
	}
	if l.Verb != "" && name != optionName(l.Verb) {
		w.lose(l.At, item.Key, "verb of the link "+what, "a member "+l.Verb+" says something else in needs.json")
	}
	if l.Target == "" {
		w.lose(l.At, item.Key, "link "+name, "it has no target")
	}
}

// fields writes what has no place of its own.
func (w *writer) fields(item *exchange.Item) {
	written := map[string]bool{}
	for i := range item.Fields {
		f := &item.Fields[i]
		why, name := w.refuse(f), optionName(f.Name)
		if why == "" && written[name] {
			why = "the item has two fields of this name"
		}
		if why != "" {
			w.lose(f.At, item.Key, f.Name, why)
			continue
		}
		written[name] = true
		w.json.Name(name)
		w.fieldValue(f, w.isList(f))
	}
}

// refuse says why a field cannot be a member of its name.
func (w *writer) refuse(f *exchange.Field) string {
	switch {
	case ownMember(f.Name), w.isVerb[optionName(f.Name)], f.Name == "", f.Name == "doctype" && w.tree.Markup == "markdown":
		return "a member of this name says something else in needs.json"
	case len(f.Values) == 0 || len(f.Values) == 1 && f.Values[0] == "" && !w.isList(f):
		return "needs.json knows no option without a value"
	}
	return ""
}

func (w *writer) isList(f *exchange.Field) bool {
	if f.Nested {
		return false
	}
	if e := w.extra[optionName(f.Name)]; e != nil {
		return e.many
	}
	return len(f.Values) > 1 || f.Name == "tags" || f.Name == "constraints"
}

// fieldValue writes the values of a field.
func (w *writer) fieldValue(f *exchange.Field, list bool) {
	if f.Nested && len(f.Values) == 1 {
		v, refused := jsontree.Parse("", []byte(f.Values[0]), jsontree.Limits{})
		if refused == nil {
			w.json.Value(v)
			return
		}
		w.lose(f.At, "", f.Name, "the value is no JSON and is written as a string")
	}
	raw := rawData(f)
	write := func(v string) {
		if raw {
			w.json.Raw(v)
		} else {
			w.json.String(w.text(v))
		}
	}
	if !list {
		write(f.Values[0])
		return
	}
	w.json.Begin('[')
	for _, v := range f.Values {
		write(v)
	}
	w.json.End(']')
}

// rawData says that all values of a field can be written as numbers or truth values.
func rawData(f *exchange.Field) bool {
	for _, v := range f.Values {
		ok := false
		switch f.Data {
		case exchange.DataBoolean:
			ok = v == "true" || v == "false"
		case exchange.DataInteger:
			ok = jsontree.IsInteger(v)
		case exchange.DataReal:
			ok = jsontree.IsNumber(v)
		}
		if !ok {
			return false
		}
	}
	return len(f.Values) > 0
}

// flags lists what the items of a document say that needs have nothing for, and how many say it.
func (w *writer) flags(d *exchange.Document) {
	for _, flag := range []struct {
		what string
		is   func(*exchange.Item) bool
	}{
		{"identities", func(item *exchange.Item) bool { return item.ID != "" && item.ID != w.ids[item] }},
		{"levels, beside the order", func(item *exchange.Item) bool { return item.Level != "" }},
		{"being a heading", func(item *exchange.Item) bool { return item.Heading }},
		{"being not normative", func(item *exchange.Item) bool { return !item.Normative }},
		{"being derived", func(item *exchange.Item) bool { return item.Derived }},
		{"being not active", func(item *exchange.Item) bool { return !item.Active }},
		{"reviews", func(item *exchange.Item) bool { return item.Review.Fingerprint != "" }},
	} {
		n := 0
		for i := range d.Items {
			if flag.is(&d.Items[i]) {
				n++
			}
		}
		if n > 0 {
			w.lose(d.At, "", fmt.Sprintf("%s of %d items of %s", flag.what, n, d.Key), "needs have nothing of the sort; they are written without")
		}
	}
}
