package workspace

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawRun(t *rapid.T, name string) []int {
	return rapid.SliceOfN(rapid.IntRange(0, 5), 0, 8).Draw(t, name)
}

func TestMatchPairsWhatIsEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRun(t, "a"), drawRun(t, "b")
		last := pair{-1, -1}
		for _, p := range match(a, b) {
			if a[p.a] != b[p.b] || p.a <= last.a || p.b <= last.b {
				t.Fatalf("pairs of %v and %v: %v", a, b, match(a, b))
			}
			last = p
		}
		if n := len(match(a, a)); n != len(a) {
			t.Fatalf("of %v only %d are paired with themselves", a, n)
		}
	})
}

// Between permutations the longest ascending run is found: as little as can be
// has moved.
func TestMatchOfPermutationsIsLongest(t *testing.T) {
	for n := range 7 {
		sorted := make([]int, n)
		for i := range sorted {
			sorted[i] = i
		}
		permutations(sorted, func(p []int) {
			longest := 0
			for set := range 1 << n {
				at := -1
				ok, count := true, 0
				for i := range n {
					if set>>i&1 == 1 {
						where := slices.Index(p, i)
						ok, at, count = ok && where > at, where, count+1
					}
				}
				if ok {
					longest = max(longest, count)
				}
			}
			if got := len(match(sorted, p)); got != longest {
				t.Errorf("%v: %d stay, %d could", p, got, longest)
			}
		})
	}
}

func permutations(list []int, visit func([]int)) {
	var grow func(done, left []int)
	grow = func(done, left []int) {
		if len(left) == 0 {
			visit(done)
		}
		for i, x := range left {
			grow(append(slices.Clone(done), x), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	grow(nil, list)
}

// Chunks cover all three sequences, and stable ones are equal.
func TestChunksCoverEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, o, th := drawRun(t, "base"), drawRun(t, "ours"), drawRun(t, "theirs")
		var atB, atO, atT int
		for _, c := range chunks(b, o, th) {
			if c.base.from != atB || c.ours.from != atO || c.theirs.from != atT {
				t.Fatalf("chunks of %v, %v, %v: %+v", b, o, th, chunks(b, o, th))
			}
			atB, atO, atT = c.base.to, c.ours.to, c.theirs.to
			x, y, z := b[c.base.from:c.base.to], o[c.ours.from:c.ours.to], th[c.theirs.from:c.theirs.to]
			if c.stable && (!slices.Equal(x, y) || !slices.Equal(x, z)) || len(x)+len(y)+len(z) == 0 {
				t.Fatalf("chunk %+v of %v, %v, %v", c, b, o, th)
			}
		}
		if atB != len(b) || atO != len(o) || atT != len(th) {
			t.Fatalf("chunks of %v, %v, %v: %+v", b, o, th, chunks(b, o, th))
		}
	})
}

// Every element of a merged order is there once, or twice where both sides moved
// it; what neither side took away is there.
func TestMergeOrderKeepsWhatNobodyTookAway(t *testing.T) {
	permuted := func(t *rapid.T, of []int, name string) []element {
		var out []element
		for _, n := range rapid.Permutation(of).Draw(t, name) {
			out = append(out, element{section: n})
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		base := permuted(t, []int{1, 2, 3, 4, 5}, "base")
		side := func(name string, own int) []element {
			list := slices.Clone(base)
			if rapid.Bool().Draw(t, name+" moves") {
				list = permuted(t, []int{1, 2, 3, 4, 5}, name)
			}
			list = slices.Insert(list, rapid.IntRange(0, len(list)).Draw(t, "at"), element{section: own})
			if rapid.Bool().Draw(t, name+" takes out") {
				list = slices.DeleteFunc(list, func(e element) bool { return e.section == own%5+1 })
			}
			return list
		}
		ours, theirs := side("ours", 6), side("theirs", 7)
		count := map[element]int{}
		for _, p := range mergeOrder(base, ours, theirs) {
			count[p.element]++
		}
		for n := 1; n <= 7; n++ {
			e := element{section: n}
			inBase, inOurs, inTheirs := slices.Contains(base, e), slices.Contains(ours, e), slices.Contains(theirs, e)
			want := inOurs && inTheirs || !inBase && (inOurs || inTheirs)
			if got := count[e]; want && (got < 1 || got > 2) || !inOurs && !inTheirs && got > 0 {
				t.Fatalf("%d is there %d times: base %v, ours %v, theirs %v, merged %v", n, got, base, ours, theirs, mergeOrder(base, ours, theirs))
			}
		}
	})
}
