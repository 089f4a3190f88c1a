package exportfile_test

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/exportfile"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/verify"
)

// parts are an export taken apart, for somebody to change.
type parts struct {
	t       testing.TB
	with    ledger.Signing // what the server has, for who has taken the server over
	entries []verify.Entry
	notes   [][]byte
	sizes   []int64
	keys    []string
	blobs   map[string][]byte
}

func takeApart(t testing.TB, file []byte, with ledger.Signing) *parts {
	t.Helper()
	a, err := verify.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	p := &parts{t: t, with: with, blobs: map[string][]byte{}}
	for e, err := range a.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		p.entries = append(p.entries, e)
	}
	for text, err := range a.Checkpoints() {
		_, head, parseErr := ledger.ParseNote(text)
		if err := errors.Join(err, parseErr); err != nil {
			t.Fatal(err)
		}
		p.notes, p.sizes = append(p.notes, text), append(p.sizes, head.Size)
	}
	if p.keys, err = a.Keys(); err != nil {
		t.Fatal(err)
	}
	for _, hash := range a.Blobs() {
		r, err := a.Blob(hash)
		if err != nil {
			t.Fatal(err)
		}
		if p.blobs[hash], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// part is a part of an export as bytes.
type part struct {
	name string
	text []byte
}

func (p *parts) raw() (all []part) {
	var lines []byte
	for _, e := range p.entries {
		lines = append(verify.AppendLine(lines, e), '\n')
	}
	var keys string
	for _, key := range p.keys {
		keys += key + "\n"
	}
	all = append(all, part{"ledger.jsonl", lines}, part{"checkpoints", bytes.Join(p.notes, []byte("\n"))}, part{"keys", []byte(keys)})
	var names []string
	for hash := range p.blobs {
		names = append(names, hash)
	}
	slices.Sort(names)
	for _, hash := range names {
		all = append(all, part{"blobs/" + hash, p.blobs[hash]})
	}
	return all
}

func pack(t testing.TB, all []part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range all {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(part.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// replace changes a text in an envelope or in an operation (from 1) of an entry; it must be there.
func (p *parts) replace(entry, operation int, from, to string) {
	p.t.Helper()
	text := &p.entries[entry-1].Envelope
	if operation > 0 {
		text = &p.entries[entry-1].Operations[operation-1].Bytes
	}
	if !strings.Contains(*text, from) {
		p.t.Fatalf("entry %d does not hold %q: %s", entry, from, *text)
	}
	*text = strings.Replace(*text, from, to, 1)
}

// rehash does what a careful forger does: it numbers the entries anew, computes commitments and leaves, and lets anchors that are
// recorded name the roots that the forged entries have.
func (p *parts) rehash() (rows []ledger.Row) {
	p.t.Helper()
	var heads []ledger.Head
	for i := range p.entries {
		e := &p.entries[i]
		if was := fmt.Sprintf(`"sequence":%d,`, e.Sequence); e.Sequence != int64(i)+1 {
			e.Envelope = strings.Replace(e.Envelope, was, fmt.Sprintf(`"sequence":%d,`, i+1), 1)
			e.Sequence = int64(i) + 1
		}
		row := ledger.Row{Sequence: e.Sequence, OperationCount: int64(len(e.Operations)), Envelope: []byte(e.Envelope)}
		var commitments []ledger.Hash
		for j := range e.Operations {
			op := &e.Operations[j]
			if decoded, err := record.DecodeOperation([]byte(op.Bytes)); err == nil {
				if anchor, ok := decoded.(record.Anchor); ok {
					anchor.Size = min(anchor.Size, int64(len(heads)))
					anchor.Root = record.Hash(heads[anchor.Size-1].Root)
					op.Bytes = string(record.EncodeOperation(anchor))
				}
			}
			var c ledger.Hash
			if raw, err := hex.DecodeString(op.Commitment); err == nil {
				copy(c[:], raw)
			}
			if op.RedactedBy == 0 {
				var salt ledger.Salt
				raw, err := hex.DecodeString(op.Salt)
				if err != nil {
					p.t.Fatal(err)
				}
				copy(salt[:], raw)
				c = ledger.OperationCommitment(ledger.Operation{Salt: salt, Bytes: []byte(op.Bytes)})
			}
			op.Commitment = hex.EncodeToString(c[:])
			commitments = append(commitments, c)
		}
		row.OperationsRoot = ledger.OperationsRoot(commitments)
		leaf := ledger.Leaf{Sequence: row.Sequence, OperationCount: row.OperationCount, OperationsRoot: row.OperationsRoot, Envelope: row.Envelope}.Hash()
		e.Leaf = hex.EncodeToString(leaf[:])
		rows = append(rows, row)
		copied := slices.Clone(rows)
		if _, err := ledger.Grow(ledger.EmptyHead(), noNodes{}, copied); err != nil {
			p.t.Fatal(err)
		}
		heads = append(heads, ledger.Head{Size: row.Sequence, Root: copied[i].Root})
		rows[i].Root = copied[i].Root
	}
	return rows
}

type noNodes struct{}

func (noNodes) ReadHashes(indexes []int64) ([]ledger.Hash, error) {
	return make([]ledger.Hash, len(indexes)), nil
}

// resign computes all hashes anew and signs a checkpoint of every entry with the server's key.
func (p *parts) resign() {
	p.t.Helper()
	rows := p.rehash()
	p.notes, p.sizes = nil, nil
	var first ledger.Hash
	raw, err := hex.DecodeString(p.entries[0].Leaf)
	if err != nil {
		p.t.Fatal(err)
	}
	copy(first[:], raw)
	for _, row := range rows {
		signer, err := p.with.Signer(p.with.Keys[0].Key)
		if err != nil {
			p.t.Fatal(err)
		}
		c, err := ledger.SignCheckpoint(ledger.Origin(first), ledger.Head{Size: row.Sequence, Root: row.Root}, signer)
		if err != nil {
			p.t.Fatal(err)
		}
		p.notes, p.sizes = append(p.notes, c.Note), append(p.sizes, c.Size)
	}
}

// cut leaves entries 1 to n and their checkpoints.
func (p *parts) cut(n int) {
	p.entries = p.entries[:n]
	for i, size := range p.sizes {
		if size > int64(n) {
			p.notes, p.sizes = p.notes[:i], p.sizes[:i]
			return
		}
	}
}

// again appends a copy of an entry as a new one, with another reason and time.
func (p *parts) again(entry int, reason string, at time.Time) {
	e := p.entries[entry-1]
	e.Operations = slices.Clone(e.Operations)
	e.Envelope = strings.Replace(e.Envelope, `"reason":"because"`, fmt.Sprintf(`"reason":%q`, reason), 1)
	i := strings.Index(e.Envelope, `"time":"`) + len(`"time":"`)
	was := fmt.Sprintf(`"sequence":%d,`, e.Sequence)
	e.Envelope = e.Envelope[:i] + record.FormatTime(at) + e.Envelope[i+len(record.FormatTime(at)):]
	e.Sequence = int64(len(p.entries)) + 1
	e.Envelope = strings.Replace(e.Envelope, was, fmt.Sprintf(`"sequence":%d,`, e.Sequence), 1)
	p.entries = append(p.entries, e)
}

// attacked is the ledger that is attacked: entry 4 is an approval, 5 brings a file, 6 and 9 are comments, 8 redacts operation 2 of 7, 11
// is an anchor of 10 entries that proves their time, 12 and 13 are newer than it.
func attacked(t testing.TB) (file []byte, kept []byte, with ledger.Signing) {
	h := newHouse(t)
	made := begin(h, "pump", func(int) int { return 1 })
	commit := func(ops ...record.Operation) {
		made.now = made.now.Add(time.Hour)
		made.add(record.Main, ops...)
		made.commit()
		made.save()
	}
	a := record.Item{ID: record.ProvisionalID("SRS-1"), Key: "SRS-1", Kind: "SRS", Title: "Stop", Text: "It stops."}
	b := record.Item{ID: record.ProvisionalID("SRS-2"), Key: "SRS-2", Kind: "SRS", Title: "Warn", Text: "It warns."}
	commit(record.PutItem{Item: a})
	commit(record.PutItem{Item: b}, record.AddLink{Link: record.Link{Verb: "refines", Source: a.ID, Target: b.ID, Ref: "SRS-2"}})
	s := made.fold.Head(record.Main)
	at, _ := s.ByID(a.ID)
	n := s.Node(at)
	commit(made.people[0].sign(record.Sign{Meaning: record.MeaningApproval, Stream: record.Main, Entry: 3, Time: record.FormatTime(made.now),
		Items: []record.SignedItem{{ID: a.ID, Key: a.Key, Revision: 1, Content: n.Content, Links: s.LinkSetHash(at)}}}, made.origin))
	made.evidence(record.Main, s)
	made.commit()
	commit(record.Comment{ID: a.ID, Text: "first comment"})
	a.Text = "It stops at once."
	commit(record.PutItem{Item: a}, record.Comment{ID: a.ID, Text: "names a patient"})
	commit(record.Redact{Entry: 7, Number: 2, Order: "of a court", Approver: made.people[1].Person})
	commit(record.Comment{ID: a.ID, Text: "second comment"})
	commit(record.MoveState{ID: b.ID, State: "approved"})
	commit(record.Anchor{Kind: "rfc3161", Size: 10, Root: record.Hash(made.head.Root), Time: record.FormatTime(made.now.Add(time.Hour + time.Minute))})
	for c, err := range h.store.Checkpoints(t.Context(), "pump", 11) {
		if err != nil {
			t.Fatal(err)
		}
		kept = c.Note
		break
	}
	commit(record.MoveState{ID: a.ID, State: "approved"})
	commit(record.Comment{ID: b.ID, Text: "last comment"})
	return h.export("pump"), kept, made.signing()
}

// Who finds an attack. The table in docs/ledger.md says it in these words.
const (
	alone  = "the file alone"
	kept   = "a checkpoint kept elsewhere"
	nobody = "out of reach until the next anchor"
)

// attacks are those of a database administrator; "with the key" is one who has taken over the server and its signing key as well.
func attacks() []struct {
	name, found string
	do          func(p *parts)
} {
	return []struct {
		name, found string
		do          func(p *parts)
	}{
		{"edit an old entry", alone, func(p *parts) { p.replace(6, 0, "because", "of course") }},
		{"edit an old operation", alone, func(p *parts) { p.replace(6, 1, "first", "another") }},
		{"edit an old entry, hashes recomputed", alone, func(p *parts) { p.replace(6, 0, "because", "of course"); p.rehash() }},
		{"edit an old entry, signed again with the key", kept, func(p *parts) { p.replace(6, 0, "because", "of course"); p.resign() }},
		{"change the actor of an approval, with the key", kept, func(p *parts) { p.replace(4, 0, `"actor":"ann"`, `"actor":"bob"`); p.resign() }},
		{"change who has signed an approval, with the key", alone, func(p *parts) { p.replace(4, 1, `"name":"Ann"`, `"name":"Bob"`); p.resign() }},
		{"change what was approved, with the key", alone, func(p *parts) { p.replace(2, 1, "It stops.", "It goes on."); p.resign() }},
		{"delete a middle entry", alone, func(p *parts) { p.entries = slices.Delete(p.entries, 5, 6) }},
		{"delete a middle entry and renumber", alone, func(p *parts) { p.entries = slices.Delete(p.entries, 8, 9); p.rehash() }},
		{"delete a middle entry and renumber, with the key", kept, func(p *parts) { p.entries = slices.Delete(p.entries, 8, 9); p.resign() }},
		{"reorder two entries", alone, func(p *parts) { p.entries[5], p.entries[8] = p.entries[8], p.entries[5] }},
		{"reorder two entries, with the key", kept, func(p *parts) {
			p.entries[5].Operations, p.entries[8].Operations = p.entries[8].Operations, p.entries[5].Operations
			p.resign()
		}},
		{"duplicate a sequence", alone, func(p *parts) { p.entries = slices.Insert(p.entries, 6, p.entries[5]) }},
		{"cut the tail, its checkpoints stay", alone, func(p *parts) { p.entries = p.entries[:9] }},
		{"cut the tail with its checkpoints", kept, func(p *parts) { p.cut(9) }},
		{"roll back to an older copy", kept, func(p *parts) { p.cut(10) }},
		{"roll back and continue, with the key", kept, func(p *parts) {
			p.cut(9)
			for i := range 5 {
				p.again(6, "another history", lastTime.Add(time.Duration(i)*time.Minute))
			}
			p.resign()
		}},
		{"serve another view to somebody who compares, with the key", kept, func(p *parts) { p.replace(9, 1, "second comment", "nothing"); p.resign() }},
		{"edit an entry that is newer than the last anchor, with the key", nobody, func(p *parts) { p.replace(13, 1, "last comment", "nothing"); p.resign() }},
		{"cut entries that are newer than the last anchor", nobody, func(p *parts) { p.cut(12) }},
		{"append an entry that is dated before the last one, with the key", alone, func(p *parts) { p.again(6, "late", lastTime.Add(-48*time.Hour)); p.resign() }},
		{"date an entry before an anchor that does not cover it, with the key", alone, func(p *parts) {
			p.cut(11)
			p.replace(11, 0, "T21:", "T20:")
			p.again(6, "late", time.Date(2026, 11, 28, 20, 30, 0, 0, time.UTC))
			p.resign()
		}},
		{"append an entry dated after the last anchor, before its true time, with the key", nobody, func(p *parts) { p.again(6, "late", lastTime); p.resign() }},
		{"swap a file", alone, func(p *parts) {
			for hash := range p.blobs {
				p.blobs[hash] = []byte("another file")
			}
		}},
		{"remove a file", alone, func(p *parts) { clear(p.blobs) }},
		{"plant a checkpoint of another ledger", alone, func(p *parts) {
			signer, _ := p.with.Signer(p.with.Keys[0].Key)
			c, err := ledger.SignCheckpoint("goldthread/00000000000000000000000000000000", ledger.Head{Size: 5, Root: ledger.Hash{1}}, signer)
			if err != nil {
				p.t.Fatal(err)
			}
			p.notes[4] = c.Note
		}},
		{"sign with a key of one's own", alone, func(p *parts) { p.with = ledgertest.Signing(p.t, map[int64]string{1: "ffffffff"}); p.resign() }},
		{"announce a key of one's own, without the server's", alone, func(p *parts) {
			own := ledgertest.Signing(p.t, map[int64]string{1: "ffffffff"})
			p.again(6, "a new key", lastTime)
			p.entries[13].Operations[0].Bytes = string(record.EncodeOperation(record.RotateKey{Key: own.Keys[0].Key, Previous: p.keys[0]}))
			notes := p.notes
			p.with, p.keys = own, append(p.keys, own.Keys[0].Key)
			p.resign()
			p.notes = append(notes, p.notes[13])
		}},
		{"take out an operation without an order", alone, func(p *parts) {
			p.entries[5].Operations[0] = verify.Operation{Commitment: p.entries[5].Operations[0].Commitment, RedactedBy: 10}
		}},
		{"put something in the place of what was redacted", alone, func(p *parts) {
			op := p.entries[5].Operations[0]
			op.Commitment = p.entries[6].Operations[1].Commitment
			p.entries[6].Operations[1] = op
		}},
		{"let somebody else redact", alone, func(p *parts) { p.entries[6].Operations[1].RedactedBy = 9 }},
		{"change the key of a retry", alone, func(p *parts) { p.entries[6].Key = "another" }},
	}
}

var lastTime = time.Date(2026, 11, 28, 23, 30, 0, 0, time.UTC)

// Every attack is found by whom the page says, by both verifiers, and is never imported when the file alone shows it.
//
// goldthread:verifies SRS-122
// goldthread:verifies SRS-123
// goldthread:verifies-implementation-of RC-9
// goldthread:verifies-effectiveness-of RC-9
func TestAttacks(t *testing.T) {
	file, outside, with := attacked(t)
	page, err := os.ReadFile("../../../docs/ledger.md")
	if err != nil {
		t.Fatal(err)
	}
	note := write(t, outside)
	h := newHouse(t)
	for _, attack := range attacks() {
		t.Run(attack.name, func(t *testing.T) {
			if row := fmt.Sprintf("| %s | %s |\n", attack.name, attack.found); !bytes.Contains(page, []byte(row)) {
				t.Errorf("docs/ledger.md lacks the row\n%s", row)
			}
			p := takeApart(t, file, with)
			attack.do(p)
			forged := pack(t, p.raw())
			if bytes.Equal(forged, file) {
				t.Fatal("nothing was attacked")
			}
			byFile, err := verify.File(bytes.NewReader(forged), int64(len(forged)))
			if err != nil {
				t.Fatal(err)
			}
			compared, err := verify.File(bytes.NewReader(forged), int64(len(forged)), outside)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(byFile.Damages) > 0; got != (attack.found == alone) {
				t.Errorf("the file alone shows: %v", byFile.Damages)
			}
			if got := len(compared.Damages) > 0; got == (attack.found == nobody) {
				t.Errorf("the file and a checkpoint that was kept show: %v", compared.Damages)
			}
			if attack.found == alone {
				if _, err := exportfile.Import(t.Context(), h.store, h.blobs, "forged", bytes.NewReader(forged), int64(len(forged))); fault.KindOf(err) != fault.Corrupt {
					t.Errorf("it is imported: %v", err)
				}
			}
			path := write(t, forged)
			if attack.name == "change what was approved, with the key" {
				return // the second verifier does not follow what items were
			}
			if out, clean := python(t, path); clean == (attack.found == alone) {
				t.Errorf("the second verifier says:\n%s", out)
			}
			if attack.found == alone {
				return
			}
			if out, clean := python(t, path, note); clean != (attack.found == nobody) {
				t.Errorf("the second verifier with the checkpoint says:\n%s", out)
			}
		})
	}
}

// Damage is named where it is, and the first is the first.
func TestDamageIsNamed(t *testing.T) {
	file, _, with := attacked(t)
	p := takeApart(t, file, with)
	p.replace(9, 1, "second", "third")
	p.replace(3, 2, "refines", "uses")
	forged := pack(t, p.raw())
	report, err := verify.File(bytes.NewReader(forged), int64(len(forged)))
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, d := range report.Damages {
		places = append(places, fmt.Sprintf("%d.%d", d.Entry, d.Operation))
	}
	if got := strings.Join(places, " "); got != "3.2 4.1 9.1" { // the approval of entry 4 covers the link that was changed
		t.Errorf("damages at %s: %v", got, report.Damages)
	}
}

// Every byte of every part of an export counts, whatever its checksum says.
//
// goldthread:verifies SRS-122
func TestEveryByteOfAnExportCounts(t *testing.T) {
	h := newHouse(t)
	made := begin(h, "pump", func(int) int { return 1 })
	made.evidence(record.Main, made.fold.Head(record.Main))
	made.add(record.Main, made.people[0].sign(record.Sign{Meaning: record.MeaningReview, Stream: record.Main, Entry: 1, Time: record.FormatTime(made.now)}, made.origin))
	made.commit()
	made.add(record.Main, record.Redact{Entry: 1, Number: 4, Order: "of a court"})
	made.commit()
	made.save()
	p := takeApart(t, h.export("pump"), made.signing())
	mutants := 0
	for i, one := range p.raw() {
		for at := range one.text {
			all := p.raw()
			text := all[i].text
			text[at] ^= 1 << (at % 8)
			forged := pack(t, all)
			mutants++
			if report, err := verify.File(bytes.NewReader(forged), int64(len(forged))); err == nil && len(report.Damages) == 0 {
				t.Errorf("byte %d of %s is changed to %q, and nothing is found", at, one.name, text[at])
			}
		}
	}
	t.Logf("%d mutants refused", mutants)
}

// update writes the file that keeps the format what it is. It is never run again once a release has written v1.
var update = flag.Bool("update", false, "write testdata of package verify anew")

// An export that was made when the format was frozen is made today byte for byte, and verifies for ever.
//
// goldthread:verifies SRS-123
func TestTheFormatIsFrozen(t *testing.T) {
	const name = "../../verify/testdata/v1.zip"
	file, outside, _ := attacked(t)
	if *update {
		if err := errors.Join(os.WriteFile(name, file, 0o644), os.WriteFile("../../verify/testdata/v1.checkpoint", outside, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	frozen, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(frozen, file) {
		t.Error("the same history gives another export than when the format was frozen")
	}
}
