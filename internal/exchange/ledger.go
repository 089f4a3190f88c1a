package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Ledger says what became of everything that an import has read: each element and value was mapped, changed or not kept,
// by name. Reconcile holds the sums against each other.
type Ledger struct {
	Read Counts
	Kept struct {
		Items int // of the source that are items here
		Links int // that are links here, or kept in fields where their target is not there
	}
	Documents  int // of the workspace
	Names      []NameCount
	Unresolved []Dangling // links of items here whose target is not there
	Dangling   []Dangling // links whose source is not there
	Lost       []Loss
	Changed    []Loss
}

// NameCount is what became of the values of one attribute of one type.
type NameCount struct {
	Type, Attribute                string
	To                             string // field, or role
	Read, Mapped, Foreign, NotKept int
}

// Reconcile is an error where something was read of which the ledger does not say what became of it.
//
// goldthread:implements SRS-71
func (l *Ledger) Reconcile() error {
	items, links := 0, len(l.Dangling)
	for _, x := range l.Lost {
		items += x.Items
		links += x.Links
	}
	if l.Read.Items != l.Kept.Items+items {
		return fmt.Errorf("%d items were read, %d are kept and %d are listed as lost", l.Read.Items, l.Kept.Items, items)
	}
	if l.Read.Links != l.Kept.Links+links {
		return fmt.Errorf("%d links were read, %d are kept and %d are listed as lost or without a source", l.Read.Links, l.Kept.Links, links)
	}
	for _, n := range l.Names {
		if n.Read != n.Mapped+n.Foreign+n.NotKept {
			return fmt.Errorf("%d values of %s %s were read, %d are mapped, %d kept as foreign fields and %d not kept", n.Read, n.Type, n.Attribute, n.Mapped, n.Foreign, n.NotKept)
		}
	}
	return nil
}

// attributes lists what a document says of itself and of its sections, which has no home here.
func (c *converter) attributes(d *Document) {
	why := "; it stays in the source that is kept"
	if c.restored {
		why = "; it stays in the source that is kept, and an export in the format of the source brings it back"
	}
	titles := map[int]string{}
	for i := range d.Sections {
		titles[d.Sections[i].Order] = d.Sections[i].Title
	}
	for _, f := range d.Fields {
		x := Loss{At: f.At, Item: d.Key, What: f.Name, Why: "documents have no attributes here" + why}
		if order, name, ok := ofNode(f.Name); ok {
			x.What, x.Why = name, "the outline of a document has no attributes here"+why
			if title, is := titles[order]; is {
				x.What, x.Why = fmt.Sprintf("%s of the section %s", name, oneLine(title)), "sections have no attributes here"+why
			}
		}
		c.out.Ledger.Changed = append(c.out.Ledger.Changed, x)
	}
}

// namesLedger counts values while items are converted.
type namesLedger map[[2]string]*NameCount

func (n namesLedger) of(it *Item, attribute string) *NameCount {
	id := [2]string{it.Type, attribute}
	if n[id] == nil {
		n[id] = &NameCount{Type: it.Type, Attribute: attribute}
	}
	return n[id]
}

// add takes in what was counted of later items.
func (n namesLedger) add(more namesLedger) {
	for id, m := range more {
		c := n[id]
		if c == nil {
			n[id] = m
			continue
		}
		c.Read, c.Mapped, c.Foreign, c.NotKept = c.Read+m.Read, c.Mapped+m.Mapped, c.Foreign+m.Foreign, c.NotKept+m.NotKept
		if m.To != "" && (c.To == "" || m.To != RoleForeign) {
			c.To = m.To
		}
	}
}

func (n namesLedger) sorted() []NameCount {
	out := make([]NameCount, 0, len(n))
	for _, id := range slices.SortedFunc(maps.Keys(n), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }) {
		out = append(out, *n[id])
	}
	return out
}
