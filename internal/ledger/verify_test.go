package ledger

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
)

// goldthread:verifies SRS-57
func TestEveryDamageHasASentence(t *testing.T) {
	tests := map[string]Damage{
		"entry 3 is missing":                      {Kind: EntryMissing, Sequence: 3, Last: 3},
		"entries 3 to 5 are missing":              {Kind: EntryMissing, Sequence: 3, Last: 5},
		"entry 3 was changed":                     {Kind: EntryChanged, Sequence: 3},
		"operation 2 of entry 3 was changed":      {Kind: OperationChanged, Sequence: 3, Operation: 2},
		"operation 2 of entry 3 is missing":       {Kind: OperationMissing, Sequence: 3, Operation: 2, LastOperation: 2},
		"operations 2 to 4 of entry 3 are missin": {Kind: OperationMissing, Sequence: 3, Operation: 2, LastOperation: 4},
		"operation 2 of entry 3 was added":        {Kind: OperationAdded, Sequence: 3, Operation: 2},
		"commitments of entry 3 were changed":     {Kind: CommitmentChanged, Sequence: 3},
		"the root stored with entry 3":            {Kind: RootChanged, Sequence: 3},
		"tree hash 3, written with entry 3, was":  {Kind: TreeChanged, Sequence: 3, Index: 3},
		"tree hash 3, written with entry 3, is m": {Kind: TreeMissing, Sequence: 3, Index: 3},
		"tree hash 3 is stored for entry 3":       {Kind: TreeAdded, Sequence: 3, Index: 3},
		"damage of unknown kind 0":                {},
		"operation 2 of entry 3 was taken out":    {Kind: OperationGone, Sequence: 3, Operation: 2},
		"operation 2 of entry 3 is said to be re": {Kind: RedactionFalse, Sequence: 3, Operation: 2, Last: 2},
		"operation 2 of entry 3 was redacted by ": {Kind: RedactionUndone, Sequence: 3, Operation: 2, Last: 5},
		"the checkpoint of 3 entries is not of":   {Kind: CheckpointChanged, Sequence: 3, Last: 3},
		"the checkpoints of 3 to 5 entries are o": {Kind: CheckpointAdded, Sequence: 3, Last: 5},
		"the checkpoint of 3 entries is not sig":  {Kind: CheckpointUnsigned, Sequence: 3, Last: 3},
		"damage of unknown kind 17":               {Kind: CheckpointUnsigned + 1},
	}
	for want, damage := range tests {
		if got := damage.String(); !strings.HasPrefix(got, want) {
			t.Errorf("%+v is %q, want it to begin %q", [1]DamageKind{damage.Kind}, got, want)
		}
	}
}

// memory serves the rows of a grown ledger and fails where it is told to. What it does not have it lacks on purpose.
type memory struct {
	Store
	grown
	failRows, failNodes int // after so many; 0 never
}

var errBroken = errors.New("the cable is broken")

func (m memory) Head(context.Context, string) (Head, error) { return m.heads[len(m.heads)-1], nil }

func (m memory) Rows(context.Context, string, int64, int64) iter.Seq2[Row, error] {
	return failing(m.rows, m.failRows)
}

func (m memory) TreeRows(context.Context, string, int64) iter.Seq2[TreeRow, error] {
	var nodes []TreeRow
	for i, hash := range m.stored {
		nodes = append(nodes, TreeRow{Index: int64(i), Hash: hash})
	}
	return failing(nodes, m.failNodes)
}

func (m memory) TreeHashes(_ context.Context, _ string, indexes []int64) ([]Hash, error) {
	return sliceReader(m.stored).ReadHashes(indexes)
}

func (m memory) Checkpoints(context.Context, string, int64) iter.Seq2[CheckpointRow, error] {
	return failing([]CheckpointRow(nil), 0)
}

func failing[T any](all []T, after int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i, one := range all {
			if after > 0 && i == after {
				var none T
				yield(none, errBroken)
				return
			}
			if !yield(one, nil) {
				return
			}
		}
	}
}

// goldthread:verifies SRS-57
func TestVerifySaysWhatKeptItFromReading(t *testing.T) {
	g := grow(t, 20)
	for n := range 20 {
		s := memory{grown: g, failRows: n}
		if _, damages, err := Verify(t.Context(), s, "pump"); (err != nil) != (n > 0) || err != nil && !errors.Is(err, errBroken) || len(damages) > 0 {
			t.Errorf("rows end after %d: %v, %v", n, damages, err)
		}
	}
	for n := range len(g.stored) {
		s := memory{grown: g, failNodes: n}
		if _, damages, err := Verify(t.Context(), s, "pump"); (err != nil) != (n > 0) || err != nil && !errors.Is(err, errBroken) || len(damages) > 0 {
			t.Errorf("nodes end after %d: %v, %v", n, damages, err)
		}
	}
}

func TestVerifySeesRowsThatEndBeforeTheHead(t *testing.T) {
	g := grow(t, 20)
	g.rows = g.rows[:17]
	_, damages, err := Verify(t.Context(), memory{grown: g}, "pump")
	if err != nil || len(damages) != 1 || damages[0] != (Damage{Kind: EntryMissing, Sequence: 18, Last: 20}) {
		t.Errorf("Verify = %v, %v", damages, err)
	}
}

func TestEntriesEndsAtTheFirstError(t *testing.T) {
	var last error
	n := 0
	for _, err := range Entries(t.Context(), memory{grown: grow(t, 20), failRows: 7}, "pump", 1, 0) {
		if last != nil {
			t.Fatal("it went on after an error")
		}
		if last = err; err == nil {
			n++
		}
	}
	if n != 7 || !errors.Is(last, errBroken) || fault.KindOf(last) != fault.Internal {
		t.Errorf("%d entries, then %v", n, last)
	}
}
