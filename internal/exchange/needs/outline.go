package needs

import (
	"cmp"
	"path"
	"slices"

	"github.com/goldthread/goldthread/internal/exchange"
)

// documents makes a document of each project, with what its files say of themselves and the needs of which no document is
// known, and one below it of each document that needs name. Files of one folder and project are one: sphinx-needs can
// write a file for each need.
func (r *reader) documents() {
	type place struct{ folder, project string }
	groups := map[place][]*file{}
	var order []place
	for _, f := range r.files {
		p := place{path.Dir(f.name), cmp.Or(f.project, "\x00"+f.name)}
		if groups[p] == nil {
			order = append(order, p)
		}
		groups[p] = append(groups[p], f)
	}
	r.markup()
	for _, p := range order {
		r.project(groups[p])
	}
}

// markup is that of the texts: reStructuredText, or Markdown where each need says so.
func (r *reader) markup() {
	needs, markdown := 0, 0
	for _, f := range r.files {
		for _, n := range f.needs {
			needs++
			if n.doctype == ".md" {
				markdown++
			}
		}
	}
	if needs > 0 && needs == markdown {
		r.tree.Markup = "markdown"
		return
	}
	for _, f := range r.files {
		for _, n := range f.needs {
			if n.doctype != "" && n.doctype != ".rst" {
				n.item.Fields = append(n.item.Fields, exchange.Field{Name: "doctype", Values: []string{n.doctype}, At: n.item.At})
			}
		}
	}
}

// project makes the documents of the files of one project.
func (r *reader) project(files []*file) {
	first := files[0]
	at := exchange.Position{File: first.name, Line: 1, Column: 1}
	root := exchange.Document{Key: cmp.Or(first.project, stem(first.name)), Title: first.project, Path: first.name, At: at}
	for _, f := range files {
		for _, field := range f.fields {
			if !slices.ContainsFunc(root.Fields, func(g exchange.Field) bool { return g.Name == field.Name && slices.Equal(g.Values, field.Values) }) {
				root.Fields = append(root.Fields, field)
			}
		}
	}
	byName := map[string][]*need{}
	var names []string
	for _, f := range files {
		for _, n := range f.needs {
			if byName[n.docname] == nil && n.docname != "" {
				names = append(names, n.docname)
			}
			byName[n.docname] = append(byName[n.docname], n)
		}
	}
	fill(&root, byName[""])
	r.tree.Documents = append(r.tree.Documents, root)
	if len(root.Items) > 0 {
		r.tree.Read.Documents++
	}
	for _, name := range names {
		d := exchange.Document{Key: name, Parent: root.Key, Path: path.Dir(first.name), At: at}
		fill(&d, byName[name])
		d.Title = commonTitle(byName[name])
		r.tree.Documents = append(r.tree.Documents, d)
		r.tree.Read.Documents++
	}
}

// commonTitle is the outermost heading around all needs of a document, which is its title.
func commonTitle(needs []*need) string {
	title := ""
	for i, n := range needs {
		switch {
		case len(n.section) == 0:
			return ""
		case i == 0:
			title = n.section[0]
		case n.section[0] != title:
			return ""
		}
	}
	return title
}

// heading is a section while an outline is being made of the sections around needs.
type heading struct {
	title string
	at    exchange.Position // of the first need below it
	needs []*need
	below []*heading
	named map[string]*heading
}

// fill gives a document its needs, in the order of their lines where they are known, each below its headings.
func fill(d *exchange.Document, needs []*need) {
	if lines(needs) {
		slices.SortStableFunc(needs, func(a, b *need) int { return cmp.Compare(a.line, b.line) })
	}
	top := &heading{}
	for _, n := range needs {
		h := top
		for _, title := range n.section {
			h = h.child(title, n.item.At)
		}
		h.needs = append(h.needs, n)
	}
	order := 0
	h, level := top, 0
	type step struct {
		heading *heading
		level   int
	}
	stack := []step{{h, level}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.level > 0 {
			order++
			d.Sections = append(d.Sections, exchange.Section{Title: s.heading.title, Level: s.level, Order: order, At: s.heading.at})
		}
		for _, n := range s.heading.needs {
			order++
			n.item.Order, n.item.Document = order, d.Key
			d.Items = append(d.Items, n.item)
		}
		for _, below := range slices.Backward(s.heading.below) {
			stack = append(stack, step{below, s.level + 1})
		}
	}
}

// lines says that all needs have a line.
func lines(needs []*need) bool {
	return !slices.ContainsFunc(needs, func(n *need) bool { return n.line <= 0 })
}

func (h *heading) child(title string, at exchange.Position) *heading {
	if h.named[title] == nil {
		if h.named == nil {
			h.named = map[string]*heading{}
		}
		h.named[title] = &heading{title: title, at: at}
		h.below = append(h.below, h.named[title])
	}
	return h.named[title]
}
