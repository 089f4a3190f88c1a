package project

import "hash/maphash"

// A trie finds handles by a hash of a key or identity: two levels of pages of
// 512 and small leaves of (hash remainder, handle). Its depth is fixed, so that
// no insertion has to rebuild it. The caller compares the real key; the hash
// seed never shows in any result.

const (
	trieBits  = 9
	trieWidth = 1 << trieBits
)

type trieEntry struct {
	rest   uint32
	handle Handle
}

// A leaf holds its first entries itself: most leaves have no more.
type trieLeaf struct {
	generation uint64
	entries    []trieEntry
	first      [2]trieEntry
}

type triePage struct {
	generation uint64
	leaves     [trieWidth]*trieLeaf
}

type trie struct {
	generation uint64
	pages      *[trieWidth]*triePage
	room       []trieLeaf // for new leaves, where many are made
}

func trieSplit(h uint64) (page, leaf int, rest uint32) {
	return int(h >> (64 - trieBits)), int(h >> (64 - 2*trieBits) & (trieWidth - 1)), uint32(h)
}

// candidates returns the entries among which hash h may be.
func (t *trie) candidates(h uint64) ([]trieEntry, uint32) {
	p, l, rest := trieSplit(h)
	if t.pages == nil || t.pages[p] == nil || t.pages[p].leaves[l] == nil {
		return nil, rest
	}
	return t.pages[p].leaves[l].entries, rest
}

func (t *trie) leafFor(generation uint64, h uint64) (*trieLeaf, uint32) {
	p, l, rest := trieSplit(h)
	if t.pages == nil || t.generation != generation {
		pages := new([trieWidth]*triePage)
		if t.pages != nil {
			*pages = *t.pages
		}
		t.pages, t.generation = pages, generation
	}
	page := t.pages[p]
	if page == nil || page.generation != generation {
		c := &triePage{generation: generation}
		if page != nil {
			c.leaves = page.leaves
		}
		page = c
		t.pages[p] = c
	}
	lf := page.leaves[l]
	if lf == nil || lf.generation != generation {
		c := t.newLeaf()
		c.generation = generation
		c.entries = c.first[:0]
		if lf != nil {
			c.entries = append(c.entries, lf.entries...)
		}
		lf = c
		page.leaves[l] = c
	}
	return lf, rest
}

func (t *trie) newLeaf() *trieLeaf {
	if len(t.room) == cap(t.room) {
		return new(trieLeaf)
	}
	t.room = t.room[:len(t.room)+1]
	return &t.room[len(t.room)-1]
}

func (t *trie) insert(generation uint64, h uint64, handle Handle) {
	lf, rest := t.leafFor(generation, h)
	lf.entries = append(lf.entries, trieEntry{rest, handle})
}

func (t *trie) remove(generation uint64, h uint64, handle Handle) {
	lf, _ := t.leafFor(generation, h)
	for i, e := range lf.entries {
		if e.handle == handle {
			lf.entries = append(lf.entries[:i], lf.entries[i+1:]...)
			return
		}
	}
}

func hashString(seed maphash.Seed, s string) uint64 { return maphash.String(seed, s) }
