package schema

import (
	"slices"

	"github.com/goldthread/goldthread/internal/record"
)

// Relation is a verb that links items, read from the source.
type Relation struct {
	Verb    record.Verb
	Reverse string // read from the target: refined by
	Ends    []*End
	// Acyclic says that no item may be reached from itself along this verb.
	Acyclic bool
	// Self says that an item may be linked to itself.
	Self bool
	// Evidence says that rules take a link of this verb as proof of something about its target.
	Evidence bool
	Impact   Direction
	Help     string
	Clauses  []string
	Order    int // index in Schema.Relations

	allowed  []bits   // by order of the source's kind
	endsFrom [][]*End // by order of the source's kind
}

// End is one allowed pair of kinds of a relation. From and To hold every kind, those that specialise included.
type End struct {
	From []record.Kind
	To   []record.Kind
	Same bool // source and target are of one kind
	Min  int  // links an item of From has at least to items of To
	Max  int  // and at most; 0 is no limit
}

// Direction says which way a change travels along a link: what is touched when the other end changed.
type Direction string

// The closed list of directions.
const (
	TargetToSource Direction = "target-to-source" // a changed target touches the source
	SourceToTarget Direction = "source-to-target"
	BothWays       Direction = "both"
	NoImpact       Direction = "none"
)

// Directions lists every direction.
func Directions() []Direction {
	return []Direction{TargetToSource, SourceToTarget, BothWays, NoImpact}
}

func (d Direction) known() bool { return slices.Contains(Directions(), d) }
