package service

import (
	"context"
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Verified is what the verification of one project has found.
type Verified struct {
	Project string
	Head    ledger.Head // computed from the content of the entries
	Files   int         // that entries name, each read and held against its hash
	// Checkpoints that are stored, each held against the entries and against the key on record at its size.
	Checkpoints int
	Redacted    int      // operations whose content was taken out, as later entries say
	Damages     []Damage // the first one first; none means that everything is as it was written
}

// Damage is one thing that is not as it was written.
type Damage struct {
	Entry     int64 // 0 where it is of no entry
	Operation int64 // from 1, 0 where it is of no operation
	File      string
	What      string
}

// Verify recomputes everything that can be recomputed about a project [62304 8.3]: the hashes of all entries, the files that
// they name, the changes that they hold, and the state that readers see.
//
// goldthread:implements SRS-92
func (s *Service) Verify(ctx context.Context, name string) (*Verified, error) {
	v := &Verified{Project: name}
	head, damages, err := ledger.Verify(ctx, s.Store, name)
	if err != nil {
		return nil, err
	}
	v.Head = head
	for _, d := range damages {
		v.Damages = append(v.Damages, Damage{Entry: d.Sequence, Operation: d.Operation, What: d.String()})
	}
	fold, files, err := v.refold(ctx, s, name, head.Size)
	if err != nil {
		return nil, err
	}
	if fold != nil {
		for _, r := range fold.Ledger().Redactions {
			v.Redacted++
			for _, h := range r.Blobs {
				delete(files, h)
			}
		}
	}
	if err := v.checkFiles(s.Blobs, files); err != nil {
		return nil, err
	}
	if fold != nil {
		if err := v.checkSignatures(ctx, s, name, fold.Ledger()); err != nil {
			return nil, err
		}
	}
	if fold != nil {
		v.compare(s, name, fold)
	}
	slices.SortStableFunc(v.Damages, func(a, b Damage) int { return int(a.Entry - b.Entry) })
	return v, nil
}

// refold folds the entries anew, and gathers the files that they name with the first entry that does. The fold is nil where it
// cannot be made.
func (v *Verified) refold(ctx context.Context, s *Service, name string, size int64) (*project.Fold, map[record.Hash]Damage, error) {
	fold, files := project.NewFold(), map[record.Hash]Damage{}
	src := &source{ctx, s.Store, name}
	for c, err := range parallel.Ahead(src.Changes(1, size), 64) {
		if err != nil {
			if fault.KindOf(err) != fault.Corrupt {
				return nil, nil, err
			}
			v.Damages = append(v.Damages, Damage{Entry: fold.Entry() + 1, What: err.Error()})
			return nil, files, nil
		}
		for i, op := range c.Operations {
			for _, f := range filesOf(op) {
				if _, known := files[f.Hash]; !known {
					files[f.Hash] = Damage{Entry: c.Sequence, Operation: int64(i) + 1, File: f.Name}
				}
			}
		}
		if err := fold.Apply(c, src); err != nil {
			v.Damages = append(v.Damages, Damage{Entry: c.Sequence, What: err.Error()})
			return nil, files, nil
		}
	}
	return fold, files, nil
}

// filesOf are the files that an operation names.
func filesOf(op record.Operation) []record.File {
	switch op := op.(type) {
	case record.PutItem:
		return op.Item.Files
	case record.AttachEvidence:
		if !op.Report.Hash.IsZero() {
			return []record.File{op.Report}
		}
	}
	return nil
}

// checkFiles reads every file that an entry names.
func (v *Verified) checkFiles(blobs *blob.Folder, files map[record.Hash]Damage) error {
	for h, d := range files {
		v.Files++
		err := blobs.Check(blob.Hash(h))
		switch fault.KindOf(err) {
		case 0:
		case fault.Corrupt, fault.NotFound:
			d.What = fmt.Sprintf("%s: %s", d.File, fault.Sentence(err))
			v.Damages = append(v.Damages, d)
		default:
			return err
		}
	}
	return nil
}

// checkSignatures holds every checkpoint against the key that was on record at its size. The first one of a rotation is to be
// signed by the old key as well.
func (v *Verified) checkSignatures(ctx context.Context, s *Service, name string, l *project.Ledger) error {
	for row, err := range s.Store.Checkpoints(ctx, name, 0) {
		if err != nil {
			return fmt.Errorf("read the checkpoints of project %s: %w", name, err)
		}
		v.Checkpoints++
		key := ""
		for _, k := range l.Keys {
			if k.At.Entry <= row.Size {
				key = k.Key
			}
		}
		what := ""
		if key == "" {
			what = fmt.Sprintf("the checkpoint of %d entries is older than any key on record", row.Size)
		} else if _, _, err := ledger.OpenCheckpoint(row.Note, key); err != nil {
			what = fmt.Sprintf("the checkpoint of %d entries: %s", row.Size, fault.Sentence(err))
		}
		if what != "" {
			v.Damages = append(v.Damages, Damage{Entry: row.Size, What: what})
		}
	}
	return nil
}

// compare holds the state that readers see against one that was folded anew.
func (v *Verified) compare(s *Service, name string, fold *project.Fold) {
	s.mu.Lock()
	l := s.live[name]
	s.mu.Unlock()
	if l == nil || l.fold == nil || l.fold.Entry() != fold.Entry() {
		return // nobody has looked at it, or it has moved on meanwhile
	}
	for _, stream := range fold.Streams() {
		if head := l.fold.Head(stream); head == nil || head.Digest() != fold.Head(stream).Digest() {
			v.Damages = append(v.Damages, Damage{What: fmt.Sprintf("the state of stream %s that is shown is not that of its entries: restart the program", stream)})
		}
	}
}
