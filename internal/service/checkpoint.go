package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// signing is what signs the checkpoints of one ledger. It belongs to whoever has the turn.
type signing struct {
	tail    *ledger.Tail // over the rows that were read back
	origin  string
	pending *ledger.CheckpointRow // signed, and not stored yet: it goes with the next entry
	damaged error                 // what was read back is not what was written; nothing is written any more
}

// keyOnRecord is the newest key that a ledger names, "" for none.
func keyOnRecord(l *project.Ledger) string {
	if len(l.Keys) == 0 {
		return ""
	}
	return l.Keys[len(l.Keys)-1].Key
}

// recover brings the checkpoints up to the newest entry when a ledger is opened: what was written and not signed before the
// program stopped is recomputed, then signed.
//
// goldthread:implements SRS-93
func (s *Service) recover(ctx context.Context, l *live, name string) error {
	if s.Keys == nil || l.head.Size == 0 || keyOnRecord(l.fold.Ledger()) == "" {
		l.signing.tail = ledger.NewTail()
		return nil
	}
	begin := ledger.EmptyHead()
	last, err := lastCheckpoint(ctx, s.Store, name, l.head.Size)
	if err != nil {
		return err
	}
	if last != nil {
		c, _, err := ledger.OpenCheckpoint(last.Note, keysOf(l.fold.Ledger())...)
		if err != nil {
			return fmt.Errorf("checkpoint of %d entries of project %s: %w", last.Size, name, err)
		}
		begin = c.Head
	}
	if begin.Size > l.head.Size {
		return fault.Newf(fault.Corrupt, "project %s has a checkpoint of %d entries and only %d entries: the last ones were cut off", name, begin.Size, l.head.Size).WithHint("goldthread verify")
	}
	tail, err := ledger.TailAt(ctx, s.Store, name, begin)
	if err != nil {
		return err
	}
	l.signing.tail = tail
	if begin.Size == l.head.Size {
		return nil
	}
	if err := s.signUpTo(ctx, l, name, nil); err != nil {
		return err
	}
	return s.flush(ctx, l, name)
}

// lastCheckpoint is the newest checkpoint that is stored, nil for none. It looks near the newest entry first: nearly every
// entry has one.
func lastCheckpoint(ctx context.Context, store ledger.Store, name string, size int64) (last *ledger.CheckpointRow, err error) {
	for _, from := range []int64{max(0, size-256), 0} {
		for row, err := range store.Checkpoints(ctx, name, from) {
			if err != nil {
				return nil, fmt.Errorf("read the checkpoints of project %s: %w", name, err)
			}
			last = &row
		}
		if last != nil {
			break
		}
	}
	return last, nil
}

func keysOf(l *project.Ledger) []string {
	var keys []string
	for _, k := range l.Keys {
		keys = append(keys, k.Key)
	}
	return keys
}

// signUpTo reads back the rows that are new, recomputes them, and signs the head. Rotated is the old key where a new one has
// just been put on record.
func (s *Service) signUpTo(ctx context.Context, l *live, name string, rotated *signingKey) error {
	for row, err := range s.Store.Rows(ctx, name, l.signing.tail.Head().Size+1, 0) {
		if err == nil {
			err = l.signing.tail.Add(row)
		}
		if err != nil {
			return fmt.Errorf("read back entries of project %s: %w", name, err)
		}
	}
	if l.signing.tail.Head() != l.head {
		return fault.Newf(fault.Corrupt, "project %s reads back with head %s, and was written with %s", name, l.signing.tail.Head(), l.head)
	}
	key, err := s.Keys.of(name, keyOnRecord(l.fold.Ledger()))
	if err != nil {
		return err
	}
	if l.signing.origin == "" {
		if l.signing.origin, err = originOf(ctx, s.Store, name); err != nil {
			return err
		}
	}
	signers := []note.Signer{key.signer}
	if rotated != nil && rotated.public != key.public {
		signers = append(signers, rotated.signer)
	}
	signed, err := ledger.Checkpoint{Origin: l.signing.origin, Head: l.head}.Sign(signers...)
	if err != nil {
		return err
	}
	l.signing.pending = &ledger.CheckpointRow{Size: l.head.Size, Note: signed}
	return nil
}

func originOf(ctx context.Context, store ledger.Store, name string) (string, error) {
	for row, err := range store.Rows(ctx, name, 1, 1) {
		if err != nil {
			return "", fmt.Errorf("read entry 1 of project %s: %w", name, err)
		}
		return ledger.Origin(row.LeafHash()), nil
	}
	return "", fault.Newf(fault.NotFound, "project %s has no entry yet", name)
}

// flush stores the checkpoint that waits for the next entry.
func (s *Service) flush(ctx context.Context, l *live, name string) error {
	if l.signing.pending == nil {
		return nil
	}
	if err := s.Store.PutCheckpoint(ctx, name, *l.signing.pending); err != nil {
		return fmt.Errorf("keep the checkpoint of project %s: %w", name, err)
	}
	l.signing.pending = nil
	return nil
}

// flushAll stores the checkpoints of all projects that are open.
func (s *Service) flushAll(ctx context.Context) error {
	s.mu.Lock()
	open := map[string]*live{}
	for name, l := range s.live {
		open[name] = l
	}
	s.mu.Unlock()
	var errs []error
	for name, l := range open {
		if l.fold == nil || l.err != nil {
			continue
		}
		l.turn <- struct{}{}
		errs = append(errs, s.flush(ctx, l, name))
		<-l.turn
	}
	return errors.Join(errs...)
}

// withKey puts the signing key on record with the first entry of a ledger.
func (s *Service) withKey(st *State, name string, ops []record.Operation) ([]record.Operation, error) {
	if s.Keys == nil {
		return ops, nil
	}
	key, err := s.Keys.of(name, keyOnRecord(st.Ledger))
	if err != nil {
		return nil, err
	}
	if keyOnRecord(st.Ledger) != "" || slices.ContainsFunc(ops, func(op record.Operation) bool { _, ok := op.(record.RotateKey); return ok }) {
		return ops, nil
	}
	return append([]record.Operation{record.RotateKey{Key: key.public}}, ops...), nil
}

// Checkpoint is the newest signed checkpoint of a project, to be kept elsewhere.
func (s *Service) Checkpoint(ctx context.Context, name string) ([]byte, error) {
	l, err := s.open(ctx, name)
	if err != nil {
		return nil, err
	}
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	if l.signing.pending != nil {
		return l.signing.pending.Note, nil
	}
	last, err := lastCheckpoint(ctx, s.Store, name, l.head.Size)
	if err != nil {
		return nil, err
	}
	if last == nil || last.Size != l.head.Size {
		return nil, fault.Newf(fault.NotFound, "project %s has no checkpoint of its newest entry", name)
	}
	return last.Note, nil
}

// RotateKey puts a new signing key on record [docs/ledger.md]. The checkpoint of that entry is signed by the old key as well,
// unless it is lost.
func (s *Service) RotateKey(ctx context.Context, cmd Command) (Receipt, error) {
	if s.Keys == nil {
		return Receipt{}, fault.Newf(fault.Unavailable, "there is no folder of signing keys")
	}
	next, err := s.Keys.next(cmd.Project)
	if err != nil {
		return Receipt{}, err
	}
	return s.submitAs(ctx, cmd, true, func(st *State) ([]record.Operation, error) {
		return []record.Operation{record.RotateKey{Key: next.public, Previous: keyOnRecord(st.Ledger)}}, nil
	})
}

// Holds tells whether a ledger still is what a checkpoint, kept elsewhere, says that it was. The size is that of the checkpoint,
// 0 where it is one of another ledger; damages say what does not hold. It recomputes the root from the entries themselves.
//
// goldthread:implements SRS-95
func (s *Service) Holds(ctx context.Context, name string, note []byte) (size int64, damages []Damage, err error) {
	l, err := s.open(ctx, name)
	if err != nil {
		return 0, nil, err
	}
	text, _, _ := strings.Cut(string(note), "\n\n")
	c, err := ledger.ParseCheckpoint(text + "\n")
	if err != nil {
		return 0, nil, err
	}
	origin, err := originOf(ctx, s.Store, name)
	if err != nil || origin != c.Origin {
		return 0, nil, nil
	}
	damaged := func(format string, args ...any) (int64, []Damage, error) {
		return c.Size, []Damage{{Entry: c.Size, What: fmt.Sprintf(format, args...)}}, nil
	}
	if _, _, err := ledger.OpenCheckpoint(note, keysOf(l.fold.Ledger())...); err != nil {
		return damaged("the checkpoint of %d entries that was kept elsewhere: %s", c.Size, fault.Sentence(err))
	}
	tail := ledger.NewTail()
	for row, err := range s.Store.Rows(ctx, name, 1, c.Size) {
		if err == nil {
			err = tail.Add(row)
		}
		if err != nil {
			return damaged("the entries do not lead to the checkpoint of %d entries that was kept elsewhere: %s", c.Size, fault.Sentence(err))
		}
	}
	switch head := tail.Head(); {
	case head.Size < c.Size:
		return damaged("a checkpoint of %d entries was kept elsewhere, and there are %d: the last ones were cut off, or an older copy was put back", c.Size, head.Size)
	case head != c.Head:
		return damaged("the first %d entries are not those of the checkpoint that was kept elsewhere: history was rewritten", c.Size)
	}
	return c.Size, nil, nil
}
