package project

// A vector is a persistent array of three levels: a root, middle pages and
// leaves. Pages carry the generation of the builder that
// made them; a builder changes its own pages in place and copies others.

// Leaves are small, because publishing a change copies whole ones, out of
// memory that no cache holds.

const (
	leafBits   = 6
	middleBits = 8
	leafMask   = 1<<leafBits - 1
	middleMask = 1<<middleBits - 1
)

type leaf[T any] struct {
	generation uint64
	at         [1 << leafBits]T
}

type middle[T any] struct {
	generation uint64
	leaves     [1 << middleBits]*leaf[T]
}

// goldthread:implements SRS-69
type vector[T any] struct {
	root []*middle[T]
	n    uint32
}

func (v *vector[T]) len() int { return int(v.n) }

// ref returns the place of element i for reading; i must be below len.
func (v *vector[T]) ref(i uint32) *T {
	return &v.root[i>>(leafBits+middleBits)].leaves[i>>leafBits&middleMask].at[i&leafMask]
}

// edit returns the place of element i for writing by the builder of this
// generation.
func (v *vector[T]) edit(generation uint64, i uint32) *T {
	m := v.root[i>>(leafBits+middleBits)]
	if m.generation != generation {
		c := *m
		c.generation = generation
		m = &c
		v.root[i>>(leafBits+middleBits)] = m
	}
	l := m.leaves[i>>leafBits&middleMask]
	if l.generation != generation {
		c := *l
		c.generation = generation
		l = &c
		m.leaves[i>>leafBits&middleMask] = l
	}
	return &l.at[i&leafMask]
}

// push appends a zero element and returns its index and its place.
func (v *vector[T]) push(generation uint64) (uint32, *T) {
	i := v.n
	v.n++
	if int(i>>(leafBits+middleBits)) == len(v.root) {
		v.root = append(v.root, &middle[T]{generation: generation})
	}
	m := v.root[i>>(leafBits+middleBits)]
	if m.leaves[i>>leafBits&middleMask] == nil {
		if m.generation != generation {
			c := *m
			c.generation = generation
			m = &c
			v.root[i>>(leafBits+middleBits)] = m
		}
		m.leaves[i>>leafBits&middleMask] = &leaf[T]{generation: generation}
	}
	return i, v.edit(generation, i)
}

// fork returns a vector whose root may be changed without v seeing it.
func (v *vector[T]) fork() vector[T] {
	return vector[T]{root: append(make([]*middle[T], 0, len(v.root)+1), v.root...), n: v.n}
}
