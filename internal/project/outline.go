package project

import (
	"fmt"
	"sync"

	"github.com/goldthread/goldthread/internal/record"
)

// Outline is the order of one document: prose, sections, items. It is
// immutable; where an item stands is computed once, when first asked.
type Outline struct {
	Blocks []record.Block
	once   sync.Once
	index  map[record.ID]int
}

// Index returns the number of the block that holds the item, -1 for none.
func (o *Outline) Index(id record.ID) int {
	o.once.Do(func() {
		o.index = make(map[record.ID]int, len(o.Blocks))
		for i, b := range o.Blocks {
			if !b.Item.IsZero() {
				o.index[b.Item] = i
			}
		}
	})
	if i, ok := o.index[id]; ok {
		return i
	}
	return -1
}

// Sections returns the headings above block i, outermost first.
func (o *Outline) Sections(i int) []string {
	var up []string
	level := o.Blocks[i].Level
	for i--; i >= 0 && level > 1; i-- {
		if b := o.Blocks[i]; b.Item.IsZero() && b.Level > 0 && b.Level < level {
			up = append(up, b.Heading)
			level = b.Level
		}
	}
	for l, r := 0, len(up)-1; l < r; l, r = l+1, r-1 {
		up[l], up[r] = up[r], up[l]
	}
	return up
}

func (b *builder) place(op record.Place) error {
	doc, err := b.known(op.Document)
	if err != nil {
		return err
	}
	handles := make(map[Handle]bool, len(op.Outline))
	for _, block := range op.Outline {
		if block.Item.IsZero() {
			continue
		}
		h, err := b.known(block.Item)
		if err != nil {
			return err
		}
		if handles[h] {
			return fmt.Errorf("%s stands twice in the document", b.next.Node(h).Item.Key)
		}
		if d := b.next.Node(h).Document; d != NoHandle && d != doc {
			return fmt.Errorf("%s stands in document %s already", b.next.Node(h).Item.Key, b.next.Node(d).Item.Key)
		}
		handles[h] = true
	}
	if old := b.next.Node(doc).Outline; old != nil {
		for _, block := range old.Blocks {
			if h, ok := b.next.ByID(block.Item); ok && !handles[h] {
				b.setDocument(h, NoHandle)
			}
		}
	}
	for h := range handles {
		b.setDocument(h, doc)
	}
	return b.change(op.Document, func(n *Node) error { n.Outline = &Outline{Blocks: op.Outline}; return nil })
}

func (b *builder) setDocument(h, doc Handle) {
	old := b.next.Node(h)
	if old.Document == doc {
		return
	}
	n := *old
	n.Document = doc
	*b.next.nodes.edit(b.generation, uint32(h)) = &n
}
