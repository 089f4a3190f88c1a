package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// The large project: a million items, of which a tenth are system requirements,
// and five links from each.
const (
	largeItems  = 1_000_000
	linksEach   = 5
	sourceCount = 400 // fixed random sources of impact queries
	publishes   = 2_000
)

// benchMemory measures what happens in memory in a project of a million items
// and five million links.
func benchMemory(ctx context.Context) error {
	debug.SetGCPercent(400)
	fmt.Printf("\nin memory: %d items, %d links\n", largeItems, largeItems*linksEach)
	begun := time.Now()
	s, flat, err := large()
	if err != nil {
		return err
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	fmt.Printf("built in %s, %d MB live\n", short(time.Since(begun)), m.HeapAlloc>>20)
	if err := benchPublish(s); err != nil {
		return err
	}
	benchClosure(s, flat)
	return errors.Join(benchMatrix(), ctx.Err())
}

func itemID(i int) record.ID { return record.ProvisionalID(itemKey(i)) }

func itemKey(i int) record.Key {
	if i < largeItems/10 {
		return record.Key(fmt.Sprintf("SYS-%d", i+1))
	}
	return record.Key(fmt.Sprintf("SRS-%d", i+1))
}

func newItem(i, revision int) record.Item {
	kind := record.Kind(schema.KindSRS)
	if i < largeItems/10 {
		kind = schema.KindSYS
	}
	return record.Item{ID: itemID(i), Key: itemKey(i), Kind: kind, Title: fmt.Sprintf("Requirement %d, revision %d", i+1, revision), Text: "It shall."}
}

// adjacency is the same graph as plain arrays: the yardstick of walks.
type adjacency struct{ start, to []int32 }

// large builds the project. Links lead from an item to items before it, mostly
// near ones, as requirements do.
func large() (*project.Snapshot, *adjacency, error) {
	random := rand.New(rand.NewPCG(14971, 1))
	ops := make([]record.Operation, 0, largeItems*(1+linksEach))
	ids := make([]record.ID, largeItems)
	for i := range largeItems {
		it := newItem(i, 1)
		ids[i] = it.ID
		ops = append(ops, record.PutItem{Item: it})
	}
	targets := make([][linksEach]int32, largeItems)
	degree := make([]int32, largeItems+1)
	targets[0] = [linksEach]int32{-1, -1, -1, -1, -1}
	for i := 1; i < largeItems; i++ {
		for j := range linksEach {
			near := min(i, 1+random.IntN(10_000))
			target := i - near
			if j == 0 {
				target = random.IntN(i)
			}
			targets[i][j] = int32(target)
			degree[target+1]++
			ops = append(ops, record.AddLink{Link: record.Link{Verb: verbs[j], Source: ids[i], Target: ids[target]}})
		}
	}
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Actor: "bench", Channel: "bench", Operations: ops})
	if err != nil {
		return nil, nil, err
	}
	return s, flatten(targets, degree), nil
}

// verbs of the links of one item: five, so that no two links of it are the same.
var verbs = [linksEach]record.Verb{schema.VerbRefines, schema.VerbImplements, schema.VerbUses, "needs", "follows"}

// flatten makes plain arrays of who links to an item.
func flatten(targets [][linksEach]int32, degree []int32) *adjacency {
	a := &adjacency{start: degree}
	for i := 1; i < len(degree); i++ {
		degree[i] += degree[i-1]
	}
	a.to = make([]int32, degree[len(degree)-1])
	next := append([]int32(nil), degree...)
	for i := range targets {
		for _, t := range targets[i] {
			if t >= 0 {
				a.to[next[t]] = int32(i)
				next[t]++
			}
		}
	}
	return a
}

// benchPublish changes one item and one link at a time. Yardstick: the content
// hash of the item, which any answer needs.
func benchPublish(s *project.Snapshot) error {
	random := rand.New(rand.NewPCG(14971, 2))
	var took, yardstick times
	for n := range publishes {
		it := newItem(random.IntN(largeItems), n+2)
		it.Text = prose(random, 900)
		c := &record.Change{Sequence: int64(n + 2), Stream: record.Main, Actor: "bench", Channel: "bench", Operations: []record.Operation{record.PutItem{Item: it}}}
		begun := time.Now()
		next, err := s.Apply(c)
		took = append(took, time.Since(begun))
		if err != nil {
			return err
		}
		s = next
		begun = time.Now()
		_ = it.ContentHash()
		yardstick = append(yardstick, time.Since(begun))
	}
	fmt.Printf("publish a change: median %s, p99 %s; yardstick (hash of the item) %s, ratio %s\n", short(took.median()), short(took.at(0.99)), short(yardstick.median()),
		ratio(took.median(), yardstick.median()))
	return nil
}

// benchClosure finds everything that a change of an item may touch, for fixed
// random sources and for the worst one: the root, from which all is reached.
// Yardstick: a breadth-first walk over plain arrays.
func benchClosure(s *project.Snapshot, flat *adjacency) {
	t := trace.New(s, schema.Builtin())
	var w trace.Walker
	random := rand.New(rand.NewPCG(14971, 3))
	var took, yardstick times
	walk := &flatWalk{seen: make([]uint32, largeItems)}
	reached, plain := 0, 0
	measure := func(i int) (time.Duration, time.Duration) {
		h, _ := s.ByID(itemID(i))
		begun := time.Now()
		reached = t.Walk(&w, h, trace.Downstream).Len()
		a := time.Since(begun)
		begun = time.Now()
		plain = walk.from(flat, int32(i))
		return a, time.Since(begun)
	}
	for range sourceCount {
		a, b := measure(random.IntN(largeItems))
		took, yardstick = append(took, a), append(yardstick, b)
	}
	fmt.Printf("closure of an impact query, %d sources: median %s, p95 %s; yardstick (plain arrays) p95 %s, ratio %s\n", sourceCount, short(took.median()), short(took.at(0.95)),
		short(yardstick.at(0.95)), ratio(took.at(0.95), yardstick.at(0.95)))
	var worst, worstYardstick times
	for range 9 {
		a, b := measure(0)
		worst, worstYardstick = append(worst, a), append(worstYardstick, b)
	}
	fmt.Printf("closure of the worst source, %d items reached (plain: %d): median %s; yardstick %s, ratio %s\n", reached, plain, short(worst.median()),
		short(worstYardstick.median()), ratio(worst.median(), worstYardstick.median()))
}

// flatWalk is a breadth-first walk over plain arrays.
type flatWalk struct {
	seen  []uint32
	round uint32
	queue []int32
}

func (w *flatWalk) from(a *adjacency, source int32) int {
	w.round++
	w.queue = append(w.queue[:0], source)
	w.seen[source] = w.round
	for i := 0; i < len(w.queue); i++ {
		for _, to := range a.to[a.start[w.queue[i]]:a.start[w.queue[i]+1]] {
			if w.seen[to] != w.round {
				w.seen[to] = w.round
				w.queue = append(w.queue, to)
			}
		}
	}
	return len(w.queue) - 1
}

// benchMatrix streams the matrix of software requirements against test cases
// in a project of the same size in five layers, as real ones have, and measures
// how much memory stands meanwhile. Yardstick: following the same links in
// plain arrays.
func benchMatrix() error {
	s, flat, err := layered()
	if err != nil {
		return err
	}
	t := trace.New(s, schema.Builtin())
	var before, half runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begun := time.Now()
	rows, cells := 0, 0
	for row := range t.Matrix(trace.Query{From: []record.Kind{schema.KindSRS}, To: []record.Kind{schema.KindTC}}) {
		rows++
		cells += len(row.Hits)
		if rows == largeItems/5 {
			runtime.GC()
			runtime.ReadMemStats(&half)
		}
	}
	took := time.Since(begun)
	begun = time.Now()
	walk := &flatWalk{seen: make([]uint32, largeItems)}
	for i := range largeItems {
		if layerOf(i) == 2 {
			walk.from(flat, int32(i))
		}
	}
	yardstick := time.Since(begun)
	fmt.Printf("matrix, streamed: %d rows, %d cells in %s, %d MB held beside the project half-way; yardstick (walks over plain arrays) %s, ratio %s\n", rows, cells, short(took),
		max(0, int64(half.HeapAlloc)-int64(before.HeapAlloc))>>20, short(yardstick), ratio(took, yardstick))
	return nil
}

// layers are the kinds of the layered project, each linking to the one above,
// with the share of items that lies above it and in it, in thousandths.
var layers = []struct {
	kind  record.Kind
	verb  record.Verb
	until int
}{{schema.KindUN, "", 1}, {schema.KindSYS, schema.VerbRefines, 60}, {schema.KindSRS, schema.VerbRefines, 360}, {schema.KindSWU, schema.VerbImplements, 560}, {schema.KindTC, schema.VerbVerifies, 1000}}

func layerOf(i int) int {
	for n, l := range layers {
		if i < largeItems/1000*l.until {
			return n
		}
	}
	return len(layers) - 1
}

// layered builds the project in layers: software requirements refine system
// requirements, which refine needs; units implement requirements and test cases
// verify them.
func layered() (*project.Snapshot, *adjacency, error) {
	random := rand.New(rand.NewPCG(14971, 4))
	ops := make([]record.Operation, 0, largeItems*(1+linksEach))
	ids := make([]record.ID, largeItems)
	targets := make([][linksEach]int32, largeItems)
	degree := make([]int32, largeItems+1)
	for i := range largeItems {
		l := layers[layerOf(i)]
		key := record.Key(fmt.Sprintf("%s-%d", l.kind, i+1))
		ids[i] = record.ProvisionalID(key)
		ops = append(ops, record.PutItem{Item: record.Item{ID: ids[i], Key: key, Kind: l.kind, Title: "Item", Text: "It shall."}})
	}
	for i := range largeItems {
		n := layerOf(i)
		if n == 0 {
			for j := range targets[i] {
				targets[i][j] = -1
			}
			continue
		}
		above := min(n-1, 2) // units and test cases link to software requirements
		first, size := 0, largeItems/1000*layers[above].until
		if above > 0 {
			first = largeItems / 1000 * layers[above-1].until
			size -= first
		}
		here := largeItems / 1000 * layers[n-1].until
		center := (i - here) * size / (largeItems/1000*layers[n].until - here)
		for j := range linksEach {
			target := first + (center+j*7+random.IntN(5))%size // near ones
			targets[i][j] = int32(target)
			degree[target+1]++
			ops = append(ops, record.AddLink{Link: record.Link{Verb: layers[n].verb, Source: ids[i], Target: ids[target]}})
		}
	}
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Actor: "bench", Channel: "bench", Operations: ops})
	if err != nil {
		return nil, nil, err
	}
	return s, flatten(targets, degree), nil
}
