// Package exportfile writes a whole ledger into one file and makes a ledger out of such a file. The file is what package verify
// proves and docs/ledger.md specifies; it serves whoever must hand over, keep for years or move the records of a device
// [62304 8.3] [62304 5.1.11].
//
// The same ledger gives the same bytes. Nothing is taken in that package verify finds damaged, and what is taken in has the same
// heads, name, checkpoints and redactions as where it came from.
package exportfile

import (
	"archive/zip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/verify"
)

// Write writes the ledger of a project as it is when it begins. What its last checkpoint does not cover is exported without: sign the
// head first (ledger.SignHead, PutCheckpoint). It fails with fault.Corrupt where a file that an operation names is not there.
//
// goldthread:implements SRS-123
func Write(ctx context.Context, w io.Writer, store ledger.Store, blobs *blob.Folder, project string) error {
	head, err := store.Head(ctx, project)
	if err != nil {
		return err
	}
	if head.Size == 0 {
		return fault.Newf(fault.NotFound, "project %s has no entry to export", project)
	}
	e := &export{ctx: ctx, zip: zip.NewWriter(w), store: store, project: project, size: head.Size, named: map[record.Hash]bool{}, redacted: map[record.Hash]bool{}}
	if err := e.entries(); err != nil {
		return fmt.Errorf("export project %s: %w", project, err)
	}
	if err := e.checkpoints(); err != nil {
		return fmt.Errorf("export project %s: %w", project, err)
	}
	if err := e.blobs(blobs); err != nil {
		return fmt.Errorf("export project %s: %w", project, err)
	}
	return e.zip.Close()
}

type export struct {
	ctx      context.Context
	zip      *zip.Writer
	store    ledger.Store
	project  string
	size     int64
	keys     []string
	named    map[record.Hash]bool // files that operations name
	redacted map[record.Hash]bool // files that were taken out
}

func (e *export) part(name string) (io.Writer, error) {
	return e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
}

func (e *export) entries() error {
	w, err := e.part("ledger.jsonl")
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(e.store.TreeRows(e.ctx, e.project, 0))
	defer stop()
	var line []byte
	for row, err := range e.store.Rows(e.ctx, e.project, 1, e.size) {
		if err != nil {
			return err
		}
		leaf, err := leafOf(row, next)
		if err != nil {
			return err
		}
		entry, err := e.entry(row, leaf)
		if err != nil {
			return err
		}
		line = append(verify.AppendLine(line[:0], entry), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// leafOf returns the leaf that was stored with a row, not one that the row gives now; of a tree that lacks it, one that nothing gives.
func leafOf(row ledger.Row, next func() (ledger.TreeRow, error, bool)) (ledger.Hash, error) {
	index := tlog.StoredHashIndex(0, row.Sequence-1)
	for {
		node, err, more := next()
		if err != nil || !more || node.Index > index {
			return ledger.Hash{}, err
		}
		if node.Index == index {
			return node.Hash, nil
		}
	}
}

// entry makes the line of a row. Damage goes along as it is: it is for whoever verifies to see.
func (e *export) entry(row ledger.Row, leaf ledger.Hash) (verify.Entry, error) {
	line := verify.Entry{Envelope: string(row.Envelope), Key: row.Key, Leaf: hex.EncodeToString(leaf[:]), Sequence: row.Sequence}
	if !utf8.Valid(row.Envelope) {
		return line, fault.Newf(fault.Corrupt, "the envelope of entry %d is no text", row.Sequence)
	}
	for _, op := range row.Operations {
		out := verify.Operation{Commitment: hex.EncodeToString(op.Commitment[:]), RedactedBy: op.RedactedBy}
		if op.RedactedBy == 0 {
			out.Bytes, out.Salt = string(op.Bytes), hex.EncodeToString(op.Salt[:])
			if !utf8.Valid(op.Bytes) {
				return line, fault.Newf(fault.Corrupt, "operation %d of entry %d is no text", op.Number, row.Sequence)
			}
			if decoded, err := record.DecodeOperation(op.Bytes); err == nil {
				e.note(decoded)
			}
		}
		line.Operations = append(line.Operations, out)
	}
	return line, nil
}

// note keeps what later parts need of an operation.
func (e *export) note(op record.Operation) {
	switch op := op.(type) {
	case record.PutItem:
		for _, f := range op.Item.Files {
			e.named[f.Hash] = true
		}
	case record.AttachEvidence:
		e.named[op.Report.Hash] = true
	case record.Redact:
		for _, h := range op.Blobs {
			e.redacted[h] = true
		}
	case record.RotateKey:
		e.keys = append(e.keys, op.Key)
	}
}

func (e *export) checkpoints() error {
	w, err := e.part("checkpoints")
	if err != nil {
		return err
	}
	first := true
	for c, err := range e.store.Checkpoints(e.ctx, e.project, 0) {
		if err != nil {
			return err
		}
		if c.Size > e.size {
			break // made since
		}
		text := c.Note
		if !first {
			text = append([]byte("\n"), text...)
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
		first = false
	}
	if w, err = e.part("keys"); err != nil {
		return err
	}
	for _, key := range e.keys {
		if _, err := io.WriteString(w, key+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func (e *export) blobs(folder *blob.Folder) error {
	compare := func(a, b record.Hash) int { return slices.Compare(a[:], b[:]) }
	for _, hash := range slices.SortedFunc(maps.Keys(e.named), compare) {
		if hash.IsZero() || e.redacted[hash] {
			continue
		}
		if err := e.blob(folder, blob.Hash(hash)); err != nil {
			return err
		}
	}
	return nil
}

func (e *export) blob(folder *blob.Folder, hash blob.Hash) error {
	r, err := folder.Open(hash)
	if errors.Is(err, fault.NotFound) {
		return fault.New(fault.Corrupt, fmt.Sprintf("file %s, which an entry names, is not stored", hash), err).WithHint("restore it from a backup, or put it again")
	}
	if err != nil {
		return err
	}
	w, err := e.part("blobs/" + hash.String())
	if err == nil {
		_, err = io.Copy(w, r)
	}
	return errors.Join(err, r.Close())
}

// Import makes the ledger of a project, which must have no entry, out of an export: fault.Conflict. It verifies the file first, and
// writes nothing that package verify finds damaged: fault.Corrupt, with the report; kept are checkpoints that were kept elsewhere.
// Files come before the entries that name them.
//
// goldthread:implements SRS-123
func Import(ctx context.Context, store ledger.Store, blobs *blob.Folder, project string, r io.ReaderAt, size int64, kept ...[]byte) (*verify.Report, error) {
	report, err := verify.File(r, size, kept...)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the file is no export of a ledger", err)
	}
	if n := len(report.Damages); n > 0 {
		return report, fault.Newf(fault.Corrupt, "the export has %d damages, the first: %s", n, report.Damages[0]).WithHint("nothing was imported; ask for the file again")
	}
	a, err := verify.Open(r, size)
	if err != nil {
		return report, fault.New(fault.Invalid, "the file is no export of a ledger", err)
	}
	for _, hash := range a.Blobs() {
		if err := takeIn(a, blobs, hash); err != nil {
			return report, err
		}
	}
	head, err := store.Import(ctx, project, rows(a), checkpoints(a))
	if err != nil {
		return report, err
	}
	if head != (ledger.Head{Size: report.Size, Root: report.Root}) {
		return report, fault.Newf(fault.Internal, "project %s was imported as %s, verified was %d %s", project, head, report.Size, report.Root)
	}
	return report, nil
}

func takeIn(a *verify.Archive, blobs *blob.Folder, hash string) error {
	want, err := blob.ParseHash(hash)
	if err != nil {
		return err
	}
	r, err := a.Blob(hash)
	if err != nil {
		return fault.New(fault.Invalid, "a file of the export cannot be read", err)
	}
	defer r.Close()
	info, err := blobs.Put(r, 1<<62)
	if err != nil {
		return err
	}
	if info.Hash != want {
		return fault.Newf(fault.Corrupt, "file %s of the export changed while it was read", hash)
	}
	return nil
}

func rows(a *verify.Archive) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for e, err := range a.Entries() {
			var row ledger.Row
			if err == nil {
				row, err = rowOf(e)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func rowOf(e verify.Entry) (ledger.Row, error) {
	row := ledger.Row{Sequence: e.Sequence, Key: e.Key, Envelope: []byte(e.Envelope), OperationCount: int64(len(e.Operations))}
	commitments := make([]ledger.Hash, len(e.Operations))
	for i, op := range e.Operations {
		out := ledger.OperationRow{Number: int64(i) + 1, RedactedBy: op.RedactedBy}
		if op.RedactedBy == 0 {
			out.Bytes = []byte(op.Bytes)
			if err := unhex(out.Salt[:], op.Salt); err != nil {
				return row, err
			}
		}
		if err := unhex(out.Commitment[:], op.Commitment); err != nil {
			return row, err
		}
		commitments[i] = out.Commitment
		row.Operations = append(row.Operations, out)
	}
	row.OperationsRoot = ledger.OperationsRoot(commitments)
	return row, nil
}

func unhex(into []byte, text string) error {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(into) {
		return fault.New(fault.Corrupt, "the export has a hash that is none", err)
	}
	copy(into, raw)
	return nil
}

func checkpoints(a *verify.Archive) iter.Seq2[ledger.CheckpointRow, error] {
	return func(yield func(ledger.CheckpointRow, error) bool) {
		for text, err := range a.Checkpoints() {
			c := ledger.CheckpointRow{Note: text}
			if err == nil {
				var head ledger.Head
				_, head, err = ledger.ParseNote(text)
				c.Size = head.Size
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}
