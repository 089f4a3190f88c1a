package workspace

import (
	"slices"
	"sort"
)

// maxTable bounds the table in which a longest common subsequence is looked for,
// in cells. Runs that have no element of their own and are longer count as
// different: a merge then shows more than it must, and costs what it may.
const maxTable = 1 << 20

// pair says that element a of one sequence is element b of another.
type pair struct{ a, b int }

// match pairs equal elements of two sequences, ascending in both: what stands
// alone on both sides first, and between those the longest common subsequence.
func match[T comparable](a, b []T) []pair {
	m := &matcher[T]{a: a, b: b}
	m.run(0, len(a), 0, len(b))
	return m.out
}

type matcher[T comparable] struct {
	a, b []T
	out  []pair
}

func (m *matcher[T]) run(a0, a1, b0, b1 int) {
	for a0 < a1 && b0 < b1 && m.a[a0] == m.b[b0] {
		m.out = append(m.out, pair{a0, b0})
		a0, b0 = a0+1, b0+1
	}
	tail := 0
	for a0 < a1 && b0 < b1 && m.a[a1-1] == m.b[b1-1] {
		a1, b1, tail = a1-1, b1-1, tail+1
	}
	if a0 < a1 && b0 < b1 {
		if anchors := m.anchors(a0, a1, b0, b1); len(anchors) > 0 {
			for _, p := range anchors {
				m.run(a0, p.a, b0, p.b)
				m.out = append(m.out, p)
				a0, b0 = p.a+1, p.b+1
			}
			m.run(a0, a1, b0, b1)
		} else if (a1-a0)*(b1-b0) <= maxTable {
			m.table(a0, a1, b0, b1)
		}
	}
	for i := range tail {
		m.out = append(m.out, pair{a1 + i, b1 + i})
	}
}

// anchors pairs what stands once on either side: the longest run of such pairs
// that ascends.
func (m *matcher[T]) anchors(a0, a1, b0, b1 int) []pair {
	type count struct{ a, b, inA, inB int }
	seen := make(map[T]count, a1-a0)
	for i := a0; i < a1; i++ {
		c := seen[m.a[i]]
		c.a, c.inA = i, c.inA+1
		seen[m.a[i]] = c
	}
	for i := b0; i < b1; i++ {
		if c, ok := seen[m.b[i]]; ok {
			c.b, c.inB = i, c.inB+1
			seen[m.b[i]] = c
		}
	}
	var pairs []pair
	for i := a0; i < a1; i++ {
		if c := seen[m.a[i]]; c.inA == 1 && c.inB == 1 {
			pairs = append(pairs, pair{i, c.b})
		}
	}
	return ascending(pairs)
}

// ascending returns the longest part of pairs, which ascend in a, that ascends
// in b too.
func ascending(pairs []pair) []pair {
	var ends []int // of the run of each length, the pair that ends lowest
	before := make([]int, len(pairs))
	for i, p := range pairs {
		n := sort.Search(len(ends), func(k int) bool { return pairs[ends[k]].b > p.b })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	out := make([]pair, len(ends))
	for i, k := len(ends)-1, ends[len(ends)-1]; i >= 0; i, k = i-1, before[k] {
		out[i] = pairs[k]
	}
	return out
}

// table finds the longest common subsequence of two short runs.
func (m *matcher[T]) table(a0, a1, b0, b1 int) {
	width := b1 - b0 + 1
	length := make([]int32, (a1-a0+1)*width)
	at := func(i, j int) int { return (i-a0)*width + j - b0 }
	for i := a1 - 1; i >= a0; i-- {
		for j := b1 - 1; j >= b0; j-- {
			if m.a[i] == m.b[j] {
				length[at(i, j)] = length[at(i+1, j+1)] + 1
				continue
			}
			length[at(i, j)] = max(length[at(i+1, j)], length[at(i, j+1)])
		}
	}
	for i, j := a0, b0; i < a1 && j < b1; {
		switch {
		case m.a[i] == m.b[j]:
			m.out = append(m.out, pair{i, j})
			i, j = i+1, j+1
		case length[at(i+1, j)] >= length[at(i, j+1)]:
			i++
		default:
			j++
		}
	}
}

// chunk is a run of the base, with what stands in its place on both sides. A
// stable chunk is the same on all three.
type chunk struct {
	stable             bool
	base, ours, theirs span
}

// span is a run of a sequence: from, and to where it no longer is.
type span struct{ from, to int }

// chunks cuts three sequences at what they have in common.
func chunks[T comparable](base, ours, theirs []T) []chunk {
	inOurs, inTheirs := counterparts(base, ours), counterparts(base, theirs)
	var out []chunk
	b, o, t := 0, 0, 0
	for b < len(base) || o < len(ours) || t < len(theirs) {
		n := 0
		for b+n < len(base) && inOurs[b+n] == o+n && inTheirs[b+n] == t+n {
			n++
		}
		c := chunk{n > 0, span{b, b + n}, span{o, o + n}, span{t, t + n}}
		if !c.stable {
			next := b
			for next < len(base) && (inOurs[next] < 0 || inTheirs[next] < 0) {
				next++
			}
			c.base.to, c.ours.to, c.theirs.to = next, len(ours), len(theirs)
			if next < len(base) {
				c.ours.to, c.theirs.to = inOurs[next], inTheirs[next]
			}
		}
		out = append(out, c)
		b, o, t = c.base.to, c.ours.to, c.theirs.to
	}
	return out
}

// counterparts says of each element of base where it is in side, -1 for nowhere.
func counterparts[T comparable](base, side []T) []int {
	out := make([]int, len(base))
	for i := range out {
		out[i] = -1
	}
	for _, p := range match(base, side) {
		out[p.a] = p.b
	}
	return out
}

// which says whose version of a part counts.
type which int

const (
	takeOurs which = iota
	takeTheirs
	takeNeither // both sides changed it, in different ways
)

// choose decides one part of three versions.
func choose[T comparable](base, ours, theirs T) which {
	return decide(ours == base, theirs == base, ours == theirs)
}

func decide(oursUntouched, theirsUntouched, same bool) which {
	switch {
	case same, theirsUntouched:
		return takeOurs
	case oursUntouched:
		return takeTheirs
	}
	return takeNeither
}

// settle decides a chunk of lines.
func (c chunk) settle(base, ours, theirs []string) which {
	b, o, t := base[c.base.from:c.base.to], ours[c.ours.from:c.ours.to], theirs[c.theirs.from:c.theirs.to]
	return decide(c.stable || slices.Equal(b, o), slices.Equal(b, t), slices.Equal(o, t))
}
