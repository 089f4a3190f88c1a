package jsontree

import (
	"fmt"

	"github.com/goldthread/goldthread/internal/exchange"
)

// MaxNotes is how many faults, and how many losses, a reading lists; a file of nothing but faults would take a hundred
// times its size otherwise. The rest is counted.
const MaxNotes = 10_000

// Notes are the faults and losses of one reading.
type Notes struct {
	faults   []exchange.Fault
	lost     []exchange.Loss
	unsaid   int
	unlisted exchange.Loss // the sum of what is lost beyond the list
	beyond   int
}

// Fault lists a fault.
func (n *Notes) Fault(f exchange.Fault) {
	if len(n.faults) >= MaxNotes {
		n.unsaid++
		return
	}
	n.faults = append(n.faults, f)
}

// Lose lists a loss.
func (n *Notes) Lose(l exchange.Loss) {
	if len(n.lost) >= MaxNotes {
		n.beyond++
		n.unlisted.At = l.At
		n.unlisted.Items += l.Items
		n.unlisted.Links += l.Links
		return
	}
	n.lost = append(n.lost, l)
}

// Into puts everything into a tree, faults in order.
func (n *Notes) Into(t *exchange.Tree) {
	t.Faults = append(t.Faults, n.faults...)
	if n.unsaid > 0 {
		t.Faults = append(t.Faults, exchange.Fault{Message: fmt.Sprintf("%d further faults are not listed", n.unsaid), Remedy: "mend what is listed, then read again", Error: true})
	}
	exchange.SortFaults(t.Faults)
	t.Lost = append(t.Lost, n.lost...)
	if n.beyond > 0 {
		n.unlisted.What = fmt.Sprintf("%d further losses, the last of them here", n.beyond)
		n.unlisted.Why = fmt.Sprintf("%d are listed by name", MaxNotes)
		t.Lost = append(t.Lost, n.unlisted)
	}
}
