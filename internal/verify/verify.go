package verify

import (
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Finding is one thing about an export. Numbers that do not apply are 0.
type Finding struct {
	Entry     int64
	Operation int64
	What      string
}

func (f Finding) String() string {
	switch {
	case f.Entry == 0:
		return f.What
	case f.Operation == 0:
		return fmt.Sprintf("entry %d: %s", f.Entry, f.What)
	default:
		return fmt.Sprintf("entry %d, operation %d: %s", f.Entry, f.Operation, f.What)
	}
}

// Report is what was found. The ledger is as it was written, as far as that can be told, when there are no damages.
type Report struct {
	Origin      string    // the name of the ledger
	Size        int64     // entries
	Root        tlog.Hash // of the tree over them, computed from content
	Operations  int64
	Checkpoints int64
	Signatures  int64
	Blobs       int64
	Kept        int64     // entries covered by the largest checkpoint that was kept elsewhere and agrees; what is newer rests on the key alone
	Damages     []Finding // the first entry first
	Notes       []Finding // redactions, and what was not verified, with the reason
}

// Skew is by how much clocks may differ: an entry is called back-dated only when it is dated before an anchor by more.
const Skew = 5 * time.Minute

// File verifies an export, and compares it with checkpoints that were kept elsewhere. The error is for a file that is no export.
//
// goldthread:implements SRS-122
func File(r io.ReaderAt, size int64, kept ...[]byte) (*Report, error) {
	a, err := Open(r, size)
	if err != nil {
		return nil, err
	}
	v := &verifier{history: newHistory(), redacted: map[place]int64{}, redacts: map[place]int64{}, named: map[string]place{}, takenOut: map[string]int64{}}
	for e, err := range a.Entries() {
		if err != nil {
			v.damage(v.report.Size+1, 0, "it cannot be read, and nothing after it: %v", err)
			break
		}
		if e.Sequence != v.report.Size+1 {
			v.damage(e.Sequence, 0, "it follows entry %d: entries are missing, out of order or there twice", v.report.Size)
			break
		}
		v.entry(e)
	}
	v.report.Root = v.content.root()
	v.checkpoints(a)
	v.redactions()
	v.anchors()
	v.files(a)
	for _, text := range kept {
		v.keptElsewhere(text)
	}
	v.rotations()
	byPlace := func(a, b Finding) int {
		if a.Entry != b.Entry {
			return int(a.Entry - b.Entry)
		}
		return int(a.Operation - b.Operation)
	}
	slices.SortStableFunc(v.report.Damages, byPlace)
	slices.SortStableFunc(v.report.Notes, byPlace)
	return &v.report, nil
}

// place names an operation.
type place struct{ entry, operation int64 }

// verifier goes through the entries once and keeps what later ones refer to.
type verifier struct {
	report  Report
	history *history

	content      tree                // over what is there
	stored       *tree               // over the leaves as they are said; nil while they are the same
	storedOrigin string              // the name by the leaf that is said
	roots        []tlog.Hash         // of content after each entry
	storedAt     map[int64]tlog.Hash // of stored, where it differs
	times        []int64             // of each entry, microseconds
	keys         []rotation          // that sign checkpoints
	anchored     []anchor            // in the order of their entries
	redacted     map[place]int64     // operations that are gone → the entry that is said to redact
	redacts      map[place]int64     // operations that an entry says it redacts → that entry
	named        map[string]place    // files → the first operation that names each
	takenOut     map[string]int64    // files that were redacted → by which entry
	unvouched    []int64             // sizes of checkpoints at which a new key signs without the old one
	lastGood     int64               // size of the last checkpoint before a bad one
}

type anchor struct {
	entry, size int64
	time        int64 // that it proves, microseconds; 0 for none
	kind        string
}

func (v *verifier) damage(entry, operation int64, format string, args ...any) {
	v.report.Damages = append(v.report.Damages, Finding{entry, operation, fmt.Sprintf(format, args...)})
}

func (v *verifier) note(entry, operation int64, format string, args ...any) {
	v.report.Notes = append(v.report.Notes, Finding{entry, operation, fmt.Sprintf(format, args...)})
}

func (v *verifier) storedRoots(size int64) tlog.Hash {
	if root, differs := v.storedAt[size]; differs {
		return root
	}
	return v.roots[size-1]
}

// entry verifies one entry in itself, adds it to the tree, and takes in what it says.
func (v *verifier) entry(e Entry) {
	v.report.Size = e.Sequence
	v.hashes(e)
	envelope, err := parseObject(e.Envelope)
	if err != nil {
		v.damage(e.Sequence, 0, "its envelope cannot be read: %v", err)
		envelope = object{}
	} else {
		v.envelope(e, envelope)
	}
	stream := envelope.text("stream")
	for i, op := range e.Operations {
		at := place{e.Sequence, int64(i) + 1}
		v.report.Operations++
		if op.RedactedBy != 0 {
			v.redacted[at] = op.RedactedBy
			v.history.gaps[stream] = append(v.history.gaps[stream], e.Sequence)
			continue
		}
		o, err := parseObject(op.Bytes)
		if err != nil {
			v.damage(at.entry, at.operation, "it cannot be read: %v", err)
			continue
		}
		v.operation(at, stream, o)
	}
}

// hashes computes commitments, leaf and root. What the line says of them tells which of its parts was changed.
func (v *verifier) hashes(e Entry) {
	commitments := make([]tlog.Hash, len(e.Operations))
	said := make([]tlog.Hash, len(e.Operations))
	for i, op := range e.Operations {
		stated, ok := parseHex(op.Commitment)
		said[i], commitments[i] = stated, stated
		var err error
		if op.RedactedBy == 0 {
			commitments[i], err = commitment(op)
		}
		if !ok || err != nil || commitments[i] != stated {
			v.damage(e.Sequence, int64(i)+1, "it was changed: it does not match its commitment")
		}
	}
	leaf := leafHash(e.Sequence, e.Envelope, commitments)
	stated, ok := parseHex(e.Leaf)
	if leafHash(e.Sequence, e.Envelope, said) != stated || !ok {
		v.damage(e.Sequence, 0, "it was changed: its envelope and its commitments do not give its leaf")
	}
	if leaf != stated && v.stored == nil {
		v.stored = &tree{v.content.size, slices.Clone(v.content.peaks)}
		v.storedAt = map[int64]tlog.Hash{}
	}
	if v.stored != nil {
		v.stored.push(stated)
		v.storedAt[e.Sequence] = v.stored.root()
	}
	v.content.push(leaf)
	v.roots = append(v.roots, v.content.root())
	if e.Sequence == 1 {
		v.report.Origin = fmt.Sprintf("goldthread/%x", leaf[:16])
		v.storedOrigin = fmt.Sprintf("goldthread/%x", stated[:16])
	}
}

// envelope verifies what an envelope says about the entry around it, and its time.
func (v *verifier) envelope(e Entry, envelope object) {
	if format := envelope.text("goldthread"); format != "change v1" {
		v.note(e.Sequence, 0, "its format is %.40q, of which only the hashes are verified here", format)
	}
	if envelope.number("sequence") != e.Sequence || envelope.number("operations") != int64(len(e.Operations)) || envelope.text("idempotency") != e.Key {
		v.damage(e.Sequence, 0, "its envelope is of another entry: sequence, number of operations or key differ")
	}
	t, err := parseTime(envelope.text("time"))
	last := int64(-1 << 62)
	if n := len(v.times); n > 0 {
		last = v.times[n-1]
	}
	if err != nil {
		v.damage(e.Sequence, 0, "its time cannot be read")
		t = last
	} else if t < last {
		v.damage(e.Sequence, 0, "it is back-dated: its time is before that of the entry before it")
	}
	for int64(len(v.times)) < e.Sequence { // one for each entry, also where an envelope could not be read
		v.times = append(v.times, max(t, last))
	}
}

func parseTime(s string) (microseconds int64, err error) {
	const layout = "2006-01-02T15:04:05.000000Z"
	t, err := time.Parse(layout, s)
	if err == nil && t.Format(layout) != s {
		err = fmt.Errorf("%.40q is no time", s)
	}
	return t.UnixMicro(), err
}

// operation takes in what an operation says that can be verified.
func (v *verifier) operation(at place, stream string, op object) {
	switch op.text("op") {
	case "put":
		v.names(at, op.texts("files"))
	case "attach evidence":
		v.names(at, []string{op.member("report").text("hash")})
	case "sign":
		v.signature(at, op)
	case "redact":
		v.redacts[place{op.number("entry"), op.number("number")}] = at.entry
		for _, hash := range op.texts("blobs") {
			v.takenOut[hash] = at.entry
		}
	case "rotate key":
		v.rotate(at, op)
	case "anchor":
		v.anchor(at, op)
	case "rekey", "retire", "move state", "place", "link", "unlink", "confirm link", "comment", "baseline", "branch stream", "settings", "membership":
	default:
		v.note(at.entry, at.operation, "this is an operation %.40q, of which only the hash is verified here", op.text("op"))
		v.history.gaps[stream] = append(v.history.gaps[stream], at.entry)
	}
	v.history.apply(at.entry, stream, op)
}

func (v *verifier) names(at place, hashes []string) {
	for _, hash := range hashes {
		if _, known := v.named[hash]; !known && hash != "" && hash != "-" && hash != fmt.Sprintf("%064d", 0) {
			v.named[hash] = at
		}
	}
}

// rotate takes in a key for the checkpoints.
func (v *verifier) rotate(at place, op object) {
	previous := ""
	if n := len(v.keys); n > 0 {
		previous = v.keys[n-1].key
	}
	if op.text("previous") != previous || (previous == "") != (at.entry == 1) {
		v.damage(at.entry, at.operation, "the key for checkpoints does not follow the one before it; the first is named by entry 1")
	}
	v.keys = append(v.keys, rotation{at.entry, op.text("key")})
}

// anchor verifies that an anchor is of this ledger. Its proof is of its own kind and is verified by tools of that kind; the bytes that
// it must be over are those of the checkpoint of its size.
func (v *verifier) anchor(at place, op object) {
	size := op.number("size")
	root, ok := parseHex(op.text("root"))
	if size < 1 || size >= at.entry || !ok || root != v.roots[size-1] && root != v.storedRoots(size) {
		v.damage(at.entry, at.operation, "the anchor is of a head that this ledger has not had")
		return
	}
	a := anchor{entry: at.entry, size: size, kind: op.text("kind")}
	if proven := op.text("time"); proven != "" {
		t, err := parseTime(proven)
		if err != nil {
			v.damage(at.entry, at.operation, "the time of the anchor cannot be read")
			return
		}
		a.time = t
	}
	v.anchored = append(v.anchored, a)
}

// anchors looks for entries that are dated before an anchor which does not cover them.
func (v *verifier) anchors() {
	for _, a := range v.anchored {
		first, last := int64(0), int64(0)
		for n := a.size + 1; n <= int64(len(v.times)) && a.time != 0 && v.times[n-1]+Skew.Microseconds() < a.time; n++ {
			if first == 0 {
				first = n
			}
			last = n
		}
		if first > 0 {
			v.damage(first, 0, "it is back-dated, and so are those up to entry %d: dated before the %s anchor of entry %d, which does not cover them", last, a.kind, a.entry)
		}
	}
}

// redactions verifies that every operation that is gone was taken out by an entry that says so.
func (v *verifier) redactions() {
	redacting := map[int64]bool{}
	for _, by := range v.redacts {
		redacting[by] = true
	}
	for at, by := range v.redacted {
		switch {
		case v.redacts[at] != by || by <= at.entry:
			v.damage(at.entry, at.operation, "it was taken out, and entry %d, which is said to redact it, does not", by)
		case redacting[at.entry]:
			v.damage(at.entry, at.operation, "it was taken out of an entry that redacts others, which cannot be")
		default:
			v.note(at.entry, at.operation, "redacted by entry %d", by)
		}
	}
	for at, by := range v.redacts {
		if v.redacted[at] == 0 && at.entry > 0 {
			v.note(at.entry, at.operation, "entry %d redacts it, and its bytes are still here", by)
		}
	}
}

// files verifies every file of the export, and that those which operations name are there.
func (v *verifier) files(a *Archive) {
	have := map[string]bool{}
	for _, hash := range a.Blobs() {
		v.report.Blobs++
		have[hash] = true
		at, named := v.named[hash]
		if err := checkBlob(a, hash); err != nil {
			v.damage(at.entry, at.operation, "file %s was changed: %v", hash, err)
		}
		if !named {
			v.note(0, 0, "file %s is named by no operation that is here", hash)
		}
		if by := v.takenOut[hash]; by > 0 {
			v.note(at.entry, at.operation, "entry %d redacts file %s, and it is still here", by, hash)
		}
	}
	for hash, at := range v.named {
		switch by := v.takenOut[hash]; {
		case have[hash]:
		case by > 0:
			v.note(at.entry, at.operation, "file %s was redacted by entry %d", hash, by)
		default:
			v.damage(at.entry, at.operation, "file %s is missing", hash)
		}
	}
}

func checkBlob(a *Archive, hash string) error {
	r, err := a.Blob(hash)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return err
	}
	if got := fmt.Sprintf("%x", sum.Sum(nil)); got != hash {
		return fmt.Errorf("its bytes have the hash %s", got)
	}
	return nil
}
