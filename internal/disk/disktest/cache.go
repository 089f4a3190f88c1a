package disktest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
)

// kind is what an event did.
type kind int

const (
	wrote kind = iota
	truncated
	synced
	syncFailed // what was unsynced is on the disk or not, and no later sync brings it there
	linked     // a name was made, for a file or a folder
	unlinked
	renamed
	namesSynced
	answered // no I/O: a step has returned
)

// event is one thing that happened to a disk, in the order of happening.
type event struct {
	kind   kind
	node   int // of the file
	name   string
	to     string // of a rename
	folder bool   // of a link
	at     int64  // where it wrote; the size it truncated to; the number of the step acknowledged
	data   []byte
	seed   uint64
}

func (e event) String() string {
	switch e.kind {
	case wrote:
		return fmt.Sprintf("%d bytes written at %d to %s", len(e.data), e.at, e.name)
	case truncated:
		return fmt.Sprintf("%s truncated to %d", e.name, e.at)
	case synced:
		return e.name + " synced"
	case syncFailed:
		return e.name + " failed to sync"
	case linked:
		return e.name + " made"
	case unlinked:
		return e.name + " removed"
	case renamed:
		return e.name + " renamed to " + e.to
	case namesSynced:
		return "names in " + e.name + " synced"
	case answered:
		return fmt.Sprintf("step %d acknowledged", e.at)
	default:
		panic(fmt.Sprintf("event of unknown kind %d", e.kind))
	}
}

// image is what is on a disk without power.
type image struct {
	names   map[string]int // path → node
	folders map[int]bool
	files   map[int][]byte
}

func newImage() image {
	return image{names: map[string]int{}, folders: map[int]bool{}, files: map[int][]byte{}}
}

func (im image) clone() image {
	files := make(map[int][]byte, len(im.files))
	for node, data := range im.files {
		files[node] = slices.Clone(data)
	}
	return image{names: maps.Clone(im.names), folders: maps.Clone(im.folders), files: files}
}

// cache is a disk with power: what lasts, and what was not synced yet.
type cache struct {
	lasting image
	pending []event
}

// take brings the cache behind the next event.
func (c *cache) take(e event) {
	switch e.kind {
	case synced:
		c.flush(func(p event) bool { return p.touchesData() && p.node == e.node }, func(p event) { c.lasting.apply(p) })
	case syncFailed:
		chance := coins{rand.New(rand.NewPCG(e.seed, 0)), 0.5, 512}
		c.flush(func(p event) bool { return p.touchesData() && p.node == e.node }, func(p event) { chance.apply(&c.lasting, p) })
	case namesSynced:
		c.syncNames(e.name)
	case answered:
	default:
		c.pending = append(c.pending, e)
	}
}

func (e event) touchesData() bool { return e.kind == wrote || e.kind == truncated }

// flush takes the events that are meant out of the pending ones, and hands each on.
func (c *cache) flush(meant func(event) bool, do func(event)) {
	kept := c.pending[:0:0]
	for _, p := range c.pending {
		if meant(p) {
			do(p)
		} else {
			kept = append(kept, p)
		}
	}
	c.pending = kept
}

// syncNames makes the names of a folder last. Of a rename between two folders only its half in this one does: file systems without a
// journal keep no more.
func (c *cache) syncNames(folder string) {
	kept := c.pending[:0:0]
	for _, p := range c.pending {
		from, to := !p.touchesData() && path.Dir(p.name) == folder, p.kind == renamed && path.Dir(p.to) == folder
		switch {
		case p.kind == renamed && from && !to:
			c.lasting.apply(event{kind: unlinked, node: p.node, name: p.name})
			kept = append(kept, event{kind: linked, node: p.node, name: p.to})
		case p.kind == renamed && to && !from:
			c.lasting.apply(event{kind: linked, node: p.node, name: p.to})
			kept = append(kept, event{kind: unlinked, node: p.node, name: p.name})
		case from:
			c.lasting.apply(p)
		default:
			kept = append(kept, p)
		}
	}
	c.pending = kept
}

// apply carries out an event on what lasts.
func (im *image) apply(e event) {
	switch e.kind {
	case wrote:
		im.files[e.node] = overwrite(im.files[e.node], e.at, e.data)
	case truncated:
		im.files[e.node] = resize(im.files[e.node], e.at)
	case linked:
		im.names[e.name] = e.node
		if e.folder {
			im.folders[e.node] = true
		}
	case unlinked:
		if im.names[e.name] == e.node {
			delete(im.names, e.name)
		}
	case renamed:
		if im.names[e.name] == e.node {
			delete(im.names, e.name)
		}
		im.names[e.to] = e.node
	default:
		panic("only writes and names can be applied, not: " + e.String())
	}
}

func overwrite(data []byte, at int64, with []byte) []byte {
	if end := at + int64(len(with)); end > int64(len(data)) {
		data = resize(data, end)
	}
	copy(data[at:], with)
	return data
}

// resize gives data a size; what is new is zero.
func resize(data []byte, size int64) []byte {
	if size <= int64(len(data)) {
		return data[:size:size]
	}
	return append(data, make([]byte, size-int64(len(data)))...)
}

// reachable drops names whose folder is not there, and files without a name.
func (im *image) reachable() {
	names := slices.Sorted(maps.Keys(im.names)) // a folder comes before what is in it
	named := map[int]bool{}
	for _, name := range names {
		parent := path.Dir(name)
		if at, ok := im.names[parent]; parent != "/" && (!ok || !im.folders[at]) {
			delete(im.names, name)
			continue
		}
		named[im.names[name]] = true
	}
	maps.DeleteFunc(im.files, func(node int, _ []byte) bool { return !named[node] })
	maps.DeleteFunc(im.folders, func(node int, _ bool) bool { return !named[node] })
}
