package project_test

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// check walks all of a Snapshot and says the first thing that contradicts another.
func check(s *project.Snapshot) error {
	items := 0
	for h := range s.Handles() {
		n := s.Node(h)
		if n.Present() {
			items++
		}
		if err := checkFound(s, h, n); err != nil {
			return err
		}
		if err := checkPlace(s, h, n); err != nil {
			return err
		}
		if err := checkEdges(s, h, s.Out(h), true); err != nil {
			return err
		}
		if err := checkEdges(s, h, s.In(h), false); err != nil {
			return err
		}
	}
	if items != s.Items() {
		return fmt.Errorf("%d items in use, Items says %d", items, s.Items())
	}
	links, out, in := 0, 0, 0
	for l, link := range s.AllLinks() {
		links++
		if got := s.Link(l); *got != *link {
			return fmt.Errorf("link %d is another one", l)
		}
	}
	for h := range s.Handles() {
		out += s.Out(h).Len()
		in += s.In(h).Len()
	}
	if links != s.Links() || out != links || in != links {
		return fmt.Errorf("%d links, Links says %d, %d lead out, %d lead in", links, s.Links(), out, in)
	}
	return nil
}

func checkFound(s *project.Snapshot, h project.Handle, n *project.Node) error {
	if n.Missing {
		if found, ok := s.ByKey(n.Item.Key); ok && found != h && s.In(h).Len() > 0 {
			return fmt.Errorf("%s is missing and there", n.Item.Key)
		}
		return nil
	}
	if found, ok := s.ByKey(n.Item.Key); !ok || found != h {
		return fmt.Errorf("%s is not found by its key", n.Item.Key)
	}
	if found, ok := s.ByID(n.Item.ID); !ok || found != h {
		return fmt.Errorf("%s is not found by its identity", n.Item.Key)
	}
	return nil
}

// checkPlace holds outlines against the documents that items name.
func checkPlace(s *project.Snapshot, h project.Handle, n *project.Node) error {
	if n.Document != project.NoHandle {
		doc := s.Node(n.Document)
		if doc.Outline == nil || doc.Outline.Index(n.Item.ID) < 0 {
			return fmt.Errorf("%s stands in %s, whose outline does not name it", n.Item.Key, doc.Item.Key)
		}
	}
	if n.Outline == nil {
		return nil
	}
	for i, b := range n.Outline.Blocks {
		if b.Item.IsZero() {
			continue
		}
		in, ok := s.ByID(b.Item)
		if !ok || s.Node(in).Document != h || n.Outline.Index(b.Item) != i {
			return fmt.Errorf("block %d of %s holds an item that stands elsewhere", i, n.Item.Key)
		}
	}
	return nil
}

// checkEdges holds one side of an item against the links: each is there, on both sides, once, in ascending order.
func checkEdges(s *project.Snapshot, h project.Handle, edges *project.Edges, out bool) error {
	n, last := 0, -1
	seen := map[string]bool{}
	for e := range edges.All() {
		l := s.Link(e.Link)
		near, far, other := l.Source, l.Target, s.In(e.Node)
		if !out {
			near, far, other = l.Target, l.Source, s.Out(e.Node)
		}
		if l.Removed || near != h || far != e.Node || l.Verb != e.Verb {
			return fmt.Errorf("%s has an edge that is not link %d", s.Node(h).Item.Key, e.Link)
		}
		if int(e.Link) <= last {
			return fmt.Errorf("%s: link %d comes after link %d", s.Node(h).Item.Key, e.Link, last)
		}
		last = int(e.Link)
		if !has(other, e.Link) {
			return fmt.Errorf("link %d is not at its other end", e.Link)
		}
		name := fmt.Sprint(e.Node, e.Verb)
		if seen[name] {
			return fmt.Errorf("%s has the same link twice", s.Node(h).Item.Key)
		}
		seen[name] = true
		n++
	}
	if n != edges.Len() {
		return fmt.Errorf("%s: %d edges, Len says %d", s.Node(h).Item.Key, n, edges.Len())
	}
	return checkChunks(edges)
}

func checkChunks(edges *project.Edges) error {
	n, empty := 0, false
	for i := 0; ; i++ {
		c := edges.Chunk(i)
		if c == nil {
			break
		}
		n += len(c)
		empty = empty || len(c) == 0 && i > 0
	}
	if n != edges.Len() || empty {
		return fmt.Errorf("%d edges in chunks, Len says %d; an empty chunk: %v", n, edges.Len(), empty)
	}
	return nil
}

func has(edges *project.Edges, l project.LinkHandle) bool {
	for e := range edges.All() {
		if e.Link == l {
			return true
		}
	}
	return false
}

// requirement is an operation that puts a plain item.
func requirement(n int, title string) record.PutItem {
	return record.PutItem{Item: record.Item{ID: testID(n), Key: record.Key(fmt.Sprintf("SRS-%d", n)), Kind: "SRS", Title: title}}
}

// link is an operation that links two plain items.
func link(source int, verb record.Verb, target int) record.AddLink {
	return record.AddLink{Link: record.Link{Verb: verb, Source: testID(source), Target: testID(target)}}
}

// change is one change of the main stream.
func change(seq int64, ops ...record.Operation) *record.Change {
	return &record.Change{Sequence: seq, Stream: record.Main, Operations: ops}
}

func contains(err error, part string) bool { return strings.Contains(err.Error(), part) }
