package exchange

import (
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/workspace"
)

// withRoles is a tree in which attributes stand in the place that a mapping gives them: as key, title or text. What stood
// there is kept as an attribute of that name.
func withRoles(t *Tree, m *Mapping, names namesLedger) *Tree {
	if !slices.ContainsFunc(t.Documents, func(d Document) bool {
		return slices.ContainsFunc(d.Items, func(it Item) bool { return hasRole(m, &it) })
	}) {
		return t
	}
	out := *t
	out.Documents = slices.Clone(t.Documents)
	for i := range out.Documents {
		d := &out.Documents[i]
		d.Items = slices.Clone(d.Items)
		for j := range d.Items {
			if it := &d.Items[j]; hasRole(m, it) {
				applyRoles(it, m.Types[it.Type], names)
			}
		}
	}
	return &out
}

func isRole(field string) bool { return field == RoleKey || field == RoleTitle || field == RoleText }

func hasRole(m *Mapping, it *Item) bool {
	tm := m.Types[it.Type]
	return tm != nil && slices.ContainsFunc(it.Fields, func(f Field) bool { return isRole(tm.Attributes[f.Name]) })
}

func applyRoles(it *Item, tm *TypeMapping, names namesLedger) {
	var kept []Field
	done := map[string]bool{}
	for _, f := range it.Fields {
		role := tm.Attributes[f.Name]
		if !isRole(role) || done[role] {
			kept = append(kept, f)
			continue
		}
		done[role] = true
		place := map[string]*string{RoleKey: &it.Key, RoleTitle: &it.Title, RoleText: &it.Text}[role]
		if *place != "" {
			kept = append(kept, Field{Name: role, Values: []string{*place}, At: it.At})
		}
		*place = strings.Join(f.Values, "\n")
		n := names.of(it, f.Name)
		n.Read++
		n.Mapped++
		n.To = role
	}
	it.Fields = kept
}

// roles puts the key, title and text of an item that came in with such a mapping back to where they were.
func (p *projector) roles(out *Item, it *workspace.Item) {
	for role, place := range map[string]*string{RoleTitle: &out.Title, RoleText: &out.Text} {
		attribute := p.attributes[out.Type][role]
		if attribute == "" {
			continue
		}
		if *place != "" {
			p.attribute(out, Field{Name: attribute, Values: []string{*place}})
		}
		*place = p.own(it, role)
	}
	if attribute := p.attributes[out.Type][RoleKey]; attribute != "" {
		p.attribute(out, Field{Name: attribute, Values: []string{out.Key}})
		out.Key = p.own(it, "key'")
	}
}
