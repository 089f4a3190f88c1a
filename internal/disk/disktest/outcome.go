package disktest

import (
	"fmt"
	"math/rand/v2"
)

// An outcome is one way in which the power can have failed: which of the unsynced events are on the disk, by the sector. Sectors of
// what was dropped keep what they held; where the file did not reach yet they are missing, zero or rubbish.

// cut returns what one outcome leaves of a disk, and says in words which it was. Outcome 0 keeps everything (the process died, the
// power did not fail), outcome 1 nothing that was not synced, the others are chosen by the seed.
func (c *cache) cut(outcome int, seed uint64) (image, string) {
	r := rand.New(rand.NewPCG(seed, uint64(outcome)))
	im := c.lasting.clone()
	sector := int64(512)
	if r.IntN(2) == 0 {
		sector = 4096
	}
	chance, words := c.choose(outcome, r)
	rest := remains(r.IntN(3))
	for i, e := range c.pending {
		p, torn := chance(i)
		switch {
		case !e.touchesData():
			if p > 0 && r.Float64() < p {
				im.apply(e)
			}
		case torn:
			tear(&im, e, r.Int64N(int64(len(e.data))+1), rest, r)
		default:
			coins{r, p, sector}.applyLeaving(&im, e, rest)
		}
	}
	im.reachable()
	return im, fmt.Sprintf("%s, sectors of %d, %v", words, sector, rest)
}

// choose returns how likely each pending event is kept, and whether it is torn at a byte.
func (c *cache) choose(outcome int, r *rand.Rand) (chance func(i int) (p float64, torn bool), words string) {
	n := max(len(c.pending), 1)
	some := r.IntN(n + 1)
	one := r.IntN(n)
	from := r.IntN(n)
	to := from + 1 + r.IntN(n-from)
	yes := func(keep bool) float64 {
		if keep {
			return 1
		}
		return 0
	}
	switch outcome {
	case 0:
		return func(int) (float64, bool) { return 1, false }, "everything kept"
	case 1:
		return func(int) (float64, bool) { return 0, false }, "nothing unsynced kept"
	}
	switch way := r.IntN(10); way {
	case 0:
		return func(i int) (float64, bool) { return yes(i < some), i == some }, fmt.Sprintf("the first %d of %d kept and the next torn", some, n)
	case 1:
		return func(i int) (float64, bool) { return yes(i >= some), false }, fmt.Sprintf("all but the first %d of %d kept", some, n)
	case 2:
		return func(i int) (float64, bool) { return yes(i == one), false }, fmt.Sprintf("number %d of %d alone kept", one, n)
	case 3:
		return func(i int) (float64, bool) { return yes(i != one), false }, fmt.Sprintf("number %d of %d alone dropped", one, n)
	case 4:
		return func(i int) (float64, bool) { return yes(i < from || i >= to), false }, fmt.Sprintf("numbers %d to %d of %d dropped", from, to-1, n)
	case 5:
		return func(i int) (float64, bool) { return 1, i == one }, fmt.Sprintf("number %d of %d torn", one, n)
	case 6:
		return func(int) (float64, bool) { return yes(r.IntN(2) == 0), false }, "every second kept"
	case 7:
		return func(int) (float64, bool) { return yes(r.IntN(2) == 0), r.IntN(4) == 0 }, "every second kept, some torn"
	default:
		p := []float64{0.1, 0.5, 0.9}[r.IntN(3)]
		return func(int) (float64, bool) { return p, false }, fmt.Sprintf("sectors kept with chance %.1f", p)
	}
}

// remains is what stands where a file was made longer and the write was lost.
type remains int

const (
	missing remains = iota
	zero
	rubbish
)

func (r remains) String() string {
	return [...]string{"nothing in the gaps", "zero in the gaps", "rubbish in the gaps"}[r]
}

// coins keep each sector of a write with a chance.
type coins struct {
	r      *rand.Rand
	chance float64
	sector int64
}

func (c coins) apply(im *image, e event) { c.applyLeaving(im, e, missing) }

func (c coins) applyLeaving(im *image, e event, rest remains) {
	if e.kind == truncated {
		if c.r.Float64() < c.chance {
			im.apply(e)
		}
		return
	}
	for at, end := e.at, e.at+int64(len(e.data)); at < end; {
		next := min((at/c.sector+1)*c.sector, end)
		if part := e.data[at-e.at : next-e.at]; c.r.Float64() < c.chance {
			im.write(e.node, at, part, rest, c.r)
		} else {
			im.lose(e.node, at, next, rest, c.r)
		}
		at = next
	}
}

// tear keeps the first bytes of a write.
func tear(im *image, e event, bytes int64, rest remains, r *rand.Rand) {
	if e.kind == truncated {
		return
	}
	im.write(e.node, e.at, e.data[:bytes], rest, r)
	im.lose(e.node, e.at+bytes, e.at+int64(len(e.data)), rest, r)
}

// write keeps a write; a gap that it leaves behind the old end is filled.
func (im *image) write(node int, at int64, data []byte, rest remains, r *rand.Rand) {
	if len(data) == 0 {
		return
	}
	if rest == rubbish {
		im.lose(node, int64(len(im.files[node])), at, rest, r)
	}
	im.files[node] = overwrite(im.files[node], at, data)
}

// lose drops a write; what of it was behind the old end may be there all the same, without its bytes.
func (im *image) lose(node int, from, to int64, rest remains, r *rand.Rand) {
	size := int64(len(im.files[node]))
	if rest == missing || to <= size {
		return
	}
	im.files[node] = resize(im.files[node], to)
	if rest == rubbish {
		for i := max(from, size); i < to; i++ {
			im.files[node][i] = byte(r.Uint32())
		}
	}
}
