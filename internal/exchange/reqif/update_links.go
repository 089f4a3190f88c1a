package reqif

import (
	"slices"

	"github.com/goldthread/goldthread/internal/exchange"
)

// ends are what makes a link one link.
type ends struct {
	source       *exchange.Item
	verb, target string
}

// wanted is a link that the file shall have.
type wanted struct {
	from  *exchange.Item
	link  *exchange.Link
	found bool
}

// relate takes out relations that no link stands for any more, and adds those of new links. A relation is found by its
// identifier where the link has one, else by its ends and its type. Where no link has an identifier, because a project does not
// keep them, it is found by its ends alone if the type of the link is none of the file's.
func (u *updater) relate() {
	var list []*wanted
	byID, byEnds, byTargets := map[string]*wanted{}, map[ends][]*wanted{}, map[ends][]*wanted{}
	for _, it := range u.next.All() {
		for i := range it.Links {
			w := &wanted{from: it, link: &it.Links[i]}
			list = append(list, w)
			to := u.target(w.link.Target)
			switch {
			case w.link.ID != "" && byID[w.link.ID] == nil:
				byID[w.link.ID] = w
			default:
				byEnds[ends{it, w.link.Verb, to}] = append(byEnds[ends{it, w.link.Verb, to}], w)
				if !u.isRelation(w.link.Verb) {
					byTargets[ends{it, "", to}] = append(byTargets[ends{it, "", to}], w)
				}
			}
		}
	}
	if len(byID) > 0 {
		clear(byTargets)
	}
	find := func(l *relation, was *linkOrigin) *wanted {
		if l.id != "" && byID[l.id] != nil {
			return byID[l.id]
		}
		from := u.homes[l.from]
		to := u.target(was.link.Target)
		for _, candidates := range [][]*wanted{byEnds[ends{from, was.link.Verb, to}], byTargets[ends{from, "", to}]} {
			if i := slices.IndexFunc(candidates, func(w *wanted) bool { return !w.found }); i >= 0 {
				return candidates[i]
			}
			if len(candidates) > 0 { // the same link twice is one here
				return candidates[0]
			}
		}
		return nil
	}
	for _, f := range u.files {
		for _, l := range f.relations {
			was := u.links[l]
			if was == nil { // it has no source, and so is no link of an item
				continue
			}
			w := find(l, was)
			if w == nil || u.homes[l.from] != w.from {
				u.takeOut(f, l.id, l.span)
				continue
			}
			again := w.found
			w.found = true
			if !again {
				u.changeLink(l, was, w)
			}
		}
		u.regroup(f)
	}
	for _, w := range list {
		if !w.found {
			u.newLink(w)
		}
	}
}

// target is the identifier of what a link leads to, or what it says where that is not there.
func (u *updater) target(name string) string {
	if id := u.names[name]; id != "" {
		return id
	}
	return name
}

// isRelation reports a name that a relation of the files has.
func (u *updater) isRelation(verb string) bool {
	if verb == "relation" {
		return true
	}
	for _, f := range u.files {
		if slices.ContainsFunc(f.typeList, func(t *specType) bool { return t.element == "SPEC-RELATION-TYPE" && t.name == verb }) {
			return true
		}
	}
	return false
}

// changeLink writes what has changed in a relation. A link without any fields says nothing about them.
func (u *updater) changeLink(l *relation, was *linkOrigin, w *wanted) {
	e := &element{f: l.file, id: l.id, span: l.span, list: l.list, values: l.values, typ: u.typ(l.file, l.typ)}
	if to := u.target(w.link.Target); to != u.target(was.link.Target) {
		u.edit(l.file, l.to.from, l.to.to, l.file.ref("TARGET", "SPEC-OBJECT", to))
		e.changed = true
	}
	if w.link.Verb != was.link.Verb && u.isRelation(w.link.Verb) && u.isRelation(was.link.Verb) {
		if t := u.typeNamed(l.file, "SPEC-RELATION-TYPE", w.link.Verb); t != nil && l.kind.to > 0 {
			u.edit(l.file, l.kind.from, l.kind.to, l.file.ref("TYPE", "SPEC-RELATION-TYPE", t.id))
			e.changed = true
		}
	}
	if len(w.link.Fields) > 0 {
		u.fields(e, w.link.Fields, was.link.Fields, was.fields)
	}
	u.finish(e)
}

// regroup takes relations that are gone out of the groups of a file.
func (u *updater) regroup(f *file) {
	for _, g := range f.groups {
		for i, id := range g.relations {
			if u.gone[id] {
				u.remove(f, g.refs[i])
			}
		}
	}
}

// newLink writes a link that was not there. One that leads nowhere names what it was to lead to.
func (u *updater) newLink(w *wanted) {
	f := u.main()
	if o := u.kept[w.from]; o != nil {
		f = o.file
	}
	to := u.target(w.link.Target)
	t := u.typeFor(f, "SPEC-RELATION-TYPE", w.link.Verb, relationTypeID(w.link.Verb))
	e := &element{f: f, id: u.w.own(w.link.ID, "link", w.from.Identity(), w.link.Verb, w.link.Target), typ: t}
	extra := ""
	for i := range w.link.Fields {
		switch n := &w.link.Fields[i]; n.Name {
		case "LONG-NAME", "DESC":
			extra += " " + n.Name + `="` + escape(joined(n)) + `"`
		case groupField:
			u.lose(w.from.Identity(), groupField, "a new link is put into no group")
		default:
			u.addNew(e, n)
		}
	}
	values := ""
	if e.added.Len() > 0 {
		values = f.el("VALUES", "", e.added.String())
	}
	u.add(f, "SPEC-RELATIONS", f.el("SPEC-RELATION", u.identity(e.id, "")+extra, values+f.ref("TARGET", "SPEC-OBJECT", to)+f.ref("SOURCE", "SPEC-OBJECT", u.ids[w.from])+f.ref("TYPE", "SPEC-RELATION-TYPE", t.id)))
}
