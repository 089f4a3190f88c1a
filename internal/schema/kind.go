package schema

import "github.com/goldthread/goldthread/internal/record"

// Kind is a kind of item.
type Kind struct {
	ID      record.Kind
	Name    string // singular, as in a sentence: software requirement
	Plural  string
	Group   string
	Prefix  string // of keys; empty for derived kinds
	Help    string
	Clauses []string // such as "62304 5.2.2"
	// Specialises is the kind whose place it takes in rules, empty for none.
	Specialises record.Kind
	// Derived kinds are seen in sources and never written by a person; they are no items of the ledger.
	Derived bool
	// ServesNoRule says that neither it nor a kind it specialises is built in: no clause is met by it.
	ServesNoRule bool
	Workflow     *Workflow // nil for derived kinds
	// Fields holds inherited fields, then its own, in the order of their declaration.
	Fields []*Field
	Order  int // index in Schema.Kinds

	byName    map[string]*Field
	ancestors bits
}

// Field returns the field of that name, inherited ones included; nil if there is none.
func (k *Kind) Field(name string) *Field { return k.byName[name] }

// Group is a family of kinds, for navigation and for naming many kinds at once.
type Group struct {
	Name string
	Help string
}

// Standard is a document whose clauses may be cited.
type Standard struct {
	Name  string // as in citations: 62304
	Title string
}

// bits is a set of small integers.
type bits []uint64

func newBits(n int) bits      { return make(bits, (n+63)/64) }
func (b bits) has(i int) bool { return b[i>>6]>>(i&63)&1 == 1 }
func (b bits) add(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) addAll(other bits) {
	for i := range other {
		b[i] |= other[i]
	}
}
