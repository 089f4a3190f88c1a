package exchange

import (
	"slices"
	"strings"
)

// item is an item of the source with what has changed here.
func (r *restorer) item(p pair, now *Item) Item {
	source, then := p.source, p.then
	out := *source
	out.Type, out.Key = changed(source.Type, then.Type, now.Type), changed(source.Key, then.Key, now.Key)
	out.Title, out.Text = changed(source.Title, then.Title, now.Title), changed(source.Text, then.Text, now.Text)
	out.Heading, out.Normative = changed(source.Heading, then.Heading, now.Heading), changed(source.Normative, then.Normative, now.Normative)
	out.Derived, out.Active = changed(source.Derived, then.Derived, now.Derived), changed(source.Active, then.Active, now.Active)
	if source.Level != "" {
		out.Level = changed(source.Level, then.Level, now.Level)
	}
	out.Fields = restoredFields(source.Fields, then.Fields, now.Fields)
	if !slices.EqualFunc(then.Files, now.Files, sameFile) {
		out.Files = restoredFiles(source.Files, then.Files, now.Files)
	}
	out.Links = r.links(source.Links, then.Links, now.Links)
	if !sameContent(source, &out) {
		// What was reviewed, and what the source had computed, was another text. The fingerprint itself stays: it says so.
		out.Fingerprint, out.Review.State = "", ""
	}
	if now.Review.Fingerprint != then.Review.Fingerprint {
		out.Review = now.Review
	}
	return out
}

// sameContent reports whether two items differ in nothing but the state of their links.
func sameContent(a, b *Item) bool {
	return a.Type == b.Type && a.Key == b.Key && a.Title == b.Title && a.Text == b.Text && a.Heading == b.Heading && a.Normative == b.Normative && a.Derived == b.Derived &&
		a.Active == b.Active && a.Level == b.Level && slices.EqualFunc(a.Files, b.Files, sameFile) &&
		slices.EqualFunc(a.Fields, b.Fields, func(f, g Field) bool { return f.Name == g.Name && slices.Equal(f.Values, g.Values) }) &&
		slices.EqualFunc(a.Links, b.Links, func(l, m Link) bool { return l.Verb == m.Verb && l.Target == m.Target })
}

func sameFile(a, b File) bool {
	a.At, b.At = Position{}, Position{}
	return a == b
}

// nth names attributes of which an item may have several.
type nth struct {
	name string
	n    int
}

func numberFields(fields []Field) (names []nth, byName map[nth]*Field) {
	byName = make(map[nth]*Field, len(fields))
	seen := map[string]int{}
	for i := range fields {
		name := nth{fields[i].Name, seen[fields[i].Name]}
		seen[name.name]++
		names = append(names, name)
		byName[name] = &fields[i]
	}
	return names, byName
}

// restoredFields are the attributes of the source with the values of now, in their order; then those that are new.
func restoredFields(source, then, now []Field) []Field {
	names, inSource := numberFields(source)
	_, inThen := numberFields(then)
	nowNames, inNow := numberFields(now)
	var out []Field
	for i, name := range names {
		f := source[i]
		was, is := inThen[name], inNow[name]
		switch {
		case was == nil: // it was not taken
		case is == nil:
			continue
		case !slices.Equal(was.Values, is.Values):
			f.Values = splitAsIn(f.Values, is.Values)
		}
		out = append(out, f)
	}
	for _, name := range nowNames {
		is, was := inNow[name], inThen[name]
		if inSource[name] != nil && was != nil || was != nil && slices.Equal(was.Values, is.Values) {
			continue // above, or under another name
		}
		out = append(out, *is)
	}
	return out
}

// splitAsIn gives a value that holds several, one a line, as the source has them: one by one.
func splitAsIn(source, now []string) []string {
	if len(source) < 2 || len(now) != 1 || slices.ContainsFunc(source, func(v string) bool { return strings.Contains(v, "\n") }) {
		return now
	}
	return strings.Split(now[0], "\n")
}

func restoredFiles(source, then, now []File) []File {
	find := func(list []File, path string) *File {
		if i := slices.IndexFunc(list, func(f File) bool { return f.Path == path }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	var out []File
	for _, f := range source {
		was, is := find(then, f.Path), find(now, f.Path)
		switch {
		case was == nil:
			out = append(out, f)
		case is == nil:
		case sameFile(*was, *is):
			out = append(out, f)
		default:
			out = append(out, *is)
		}
	}
	for _, f := range now {
		if find(source, f.Path) == nil && find(then, f.Path) == nil {
			out = append(out, f)
		}
	}
	return out
}

// links are the links of the source that are there still, each in the state of now; then those that are new.
func (r *restorer) links(source, then, now []Link) []Link {
	was := r.pairLinks(source, then, true) // a verb may have another name on its way back
	is := r.pairLinks(then, now, false)
	var out []Link
	for i, l := range source {
		switch j := was[i]; {
		case j < 0: // it was not taken as this
			out = append(out, l)
		case is[j] >= 0:
			out = append(out, inState(l, now[is[j]].State))
		}
	}
	old := map[int]bool{}
	for _, j := range is {
		old[j] = true
	}
	for j, l := range now {
		if !old[j] {
			out = append(out, l)
		}
	}
	return out
}

// pairLinks finds for each link its like in others, by verb and target, else (loosely) by target alone; -1 for none.
func (r *restorer) pairLinks(links, others []Link, loosely bool) []int {
	type name struct{ verb, target string }
	out := slices.Repeat([]int{-1}, len(links))
	taken := make([]bool, len(others))
	pass := func(of func(l *Link) name) {
		left := map[name][]int{}
		for j := range others {
			if !taken[j] {
				left[of(&others[j])] = append(left[of(&others[j])], j)
			}
		}
		for i := range links {
			if n := of(&links[i]); out[i] < 0 && len(left[n]) > 0 {
				out[i], left[n] = left[n][0], left[n][1:]
				taken[out[i]] = true
			}
		}
	}
	pass(func(l *Link) name { return name{l.Verb, r.target(l.Target)} })
	if loosely {
		pass(func(l *Link) name { return name{target: r.target(l.Target)} })
	}
	return out
}

// target is the key here of what a link leads to, by its key or identity at the source; as written where it has none.
func (r *restorer) target(name string) string {
	if key, ok := r.origin.Converted.Keys[name]; ok {
		return string(key)
	}
	return name
}

// inState is a link of the source as it is known now. That nothing is recorded of it here does not make it less suspect.
func inState(l Link, state LinkState) Link {
	if state == Unconfirmed && l.State == Suspect {
		return l
	}
	l.State = state
	return l
}
