package project

// A vector is a persistent array of three levels: a root, middle pages and
// leaves of pageSize elements. Pages carry the generation of the builder that
// made them; a builder changes its own pages in place and copies others.

const (
	pageBits = 8
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
)

type leaf[T any] struct {
	generation uint64
	at         [pageSize]T
}

type middle[T any] struct {
	generation uint64
	leaves     [pageSize]*leaf[T]
}

type vector[T any] struct {
	root []*middle[T]
	n    uint32
}

func (v *vector[T]) len() int { return int(v.n) }

// ref returns the place of element i for reading; i must be below len.
func (v *vector[T]) ref(i uint32) *T {
	return &v.root[i>>(2*pageBits)].leaves[i>>pageBits&pageMask].at[i&pageMask]
}

// edit returns the place of element i for writing by the builder of this
// generation.
func (v *vector[T]) edit(generation uint64, i uint32) *T {
	m := v.root[i>>(2*pageBits)]
	if m.generation != generation {
		c := *m
		c.generation = generation
		m = &c
		v.root[i>>(2*pageBits)] = m
	}
	l := m.leaves[i>>pageBits&pageMask]
	if l.generation != generation {
		c := *l
		c.generation = generation
		l = &c
		m.leaves[i>>pageBits&pageMask] = l
	}
	return &l.at[i&pageMask]
}

// push appends a zero element and returns its index and its place.
func (v *vector[T]) push(generation uint64) (uint32, *T) {
	i := v.n
	v.n++
	if int(i>>(2*pageBits)) == len(v.root) {
		v.root = append(v.root, &middle[T]{generation: generation})
	}
	m := v.root[i>>(2*pageBits)]
	if m.leaves[i>>pageBits&pageMask] == nil {
		if m.generation != generation {
			c := *m
			c.generation = generation
			m = &c
			v.root[i>>(2*pageBits)] = m
		}
		m.leaves[i>>pageBits&pageMask] = &leaf[T]{generation: generation}
	}
	return i, v.edit(generation, i)
}

// fork returns a vector whose root may be changed without v seeing it.
func (v *vector[T]) fork() vector[T] {
	return vector[T]{root: append(make([]*middle[T], 0, len(v.root)+1), v.root...), n: v.n}
}
