package project

import (
	"sync"

	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
)

// bulk is the number of operations from which on work is done ahead of them on
// all processors, and nodes and leaves are made in blocks.
const (
	bulk      = 4096
	nodeBlock = 64
	leafBlock = 256
)

// putsAhead makes the new items that operations put. It reports false where one
// of the items is not new, or two claim the same identity or key: then the
// builder is of no more use, and operation by operation the change gives the
// right result or names the fault.
func (b *builder) putsAhead(ops []record.Operation) bool {
	n := len(ops)
	ids, keys := make([]uint64, n), make([]uint64, n)
	parallel.Runs(n, run, func(from, to int) {
		for i := from; i < to; i++ {
			put := ops[i].(record.PutItem)
			ids[i], keys[i] = b.next.hashID(put.Item.ID), hashString(b.next.seed, string(put.Item.Key))
		}
	})
	base := b.next.Handles()
	id := func(h Handle) record.ID {
		if h < base {
			return b.next.Node(h).Item.ID
		}
		return ops[h-base].(record.PutItem).Item.ID
	}
	key := func(h Handle) record.Key {
		if h < base {
			return b.next.Node(h).Item.Key
		}
		return ops[h-base].(record.PutItem).Item.Key
	}
	var idsNew, keysNew bool
	var wait sync.WaitGroup
	wait.Go(func() {
		idsNew = b.next.byID.fill(b.generation, base, ids, func(x, y Handle) bool { return id(x) == id(y) })
	})
	wait.Go(func() {
		keysNew = b.next.byKey.fill(b.generation, base, keys, func(x, y Handle) bool { return key(x) == key(y) })
	})
	wait.Wait()
	if !idsNew || !keysNew {
		return false
	}
	b.next.items += n
	for range n {
		b.next.nodes.push(b.generation)
		b.next.out.push(b.generation)
		b.next.in.push(b.generation)
	}
	at := b.at
	parallel.Runs(n, run, func(from, to int) {
		block := make([]Node, 0, nodeBlock)
		for i := from; i < to; i++ {
			if len(block) == cap(block) {
				block = make([]Node, 0, nodeBlock)
			}
			block = block[:len(block)+1]
			node := &block[len(block)-1]
			put := ops[i].(record.PutItem)
			b.fill(node, &put.Item, Position{at.Entry, at.Operation + int32(i)})
			*b.next.nodes.edit(b.generation, uint32(base)+uint32(i)) = node
		}
	})
	return true
}

// fill adds handles from base on by their hashes, and reports whether none of
// them is the same as another or as one that was there.
func (t *trie) fill(generation uint64, base Handle, hashes []uint64, same func(x, y Handle) bool) bool {
	defer func() { t.room = nil }()
	for i, hash := range hashes {
		if len(t.room) == cap(t.room) {
			t.room = make([]trieLeaf, 0, leafBlock)
		}
		lf, rest := t.leafFor(generation, hash)
		h := base + Handle(i)
		for _, e := range lf.entries {
			if e.rest == rest && same(e.handle, h) {
				return false
			}
		}
		lf.entries = append(lf.entries, trieEntry{rest, h})
	}
	return true
}
