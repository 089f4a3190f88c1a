package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// head is what a checkpoint says.
type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

func (h head) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", h.origin, h.size, base64.StdEncoding.EncodeToString(h.root[:]))
}

// parseHead reads the text of a checkpoint and refuses every spelling but one. It looks at no signature.
func parseHead(text []byte) (h head, err error) {
	body, _, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(body, "\n")
	if !found || len(lines) != 3 || len(text) > maxNote {
		return h, errors.New("it has not the three lines origin, size and root before its signatures")
	}
	h.origin = lines[0]
	if h.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || h.size < 1 {
		return h, fmt.Errorf("%.40q is no size", lines[1])
	}
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(raw) != len(h.root) {
		return h, fmt.Errorf("%.60q is no root", lines[2])
	}
	h.root = tlog.Hash(raw)
	if h.text() != body+"\n" {
		return h, errors.New("it is not in its one spelling")
	}
	return h, nil
}

// checkSigned verifies that a note is signed by the keys given, each once, in any order, and by no others.
func checkSigned(text []byte, keys []string) error {
	var list []note.Verifier
	for _, key := range keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("key %.80q: %w", key, err)
		}
		list = append(list, v)
	}
	n, err := note.Open(text, note.VerifierList(list...))
	if err != nil {
		return err
	}
	again := n.Text + "\n"
	for _, s := range n.Sigs { // note.Open leaves out a second one by the same key
		raw, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil {
			return err
		}
		again += fmt.Sprintf("— %s %s\n", s.Name, base64.StdEncoding.EncodeToString(raw))
	}
	if len(n.Sigs) != len(list) || again != string(text) {
		return errors.New("a signature is missing, is by a key that is not known, or is not in its one spelling")
	}
	return nil
}

// rotation says from which entry on a key signs.
type rotation struct {
	entry int64
	key   string
}

// due returns the keys that must have signed a checkpoint of a size, the one before it being of another: the key in force then, and
// those that have come into force since.
func due(keys []rotation, before, size int64) (list []string) {
	for _, k := range keys {
		switch {
		case k.entry > size:
		case k.entry <= before:
			list = append(list[:0], k.key)
		default:
			list = append(list, k.key)
		}
	}
	return list
}

// checkpoints verifies every checkpoint of the export.
func (v *verifier) checkpoints(a *Archive) {
	before := int64(0)
	bad := run{what: "the checkpoint does not say the root that the entries give: entries or checkpoints were changed"}
	unsigned := run{what: "the checkpoint is not signed by the key of the ledger"}
	for text, err := range a.Checkpoints() {
		var h head
		if err == nil {
			h, err = parseHead(text)
		}
		switch {
		case err != nil:
			v.damage(before, 0, "a checkpoint after that of %d entries cannot be read: %v", before, err)
			return
		case h.size <= before:
			v.damage(h.size, 0, "the checkpoint of %d entries comes after that of %d", h.size, before)
			continue
		case h.size > v.report.Size:
			v.damage(h.size, 0, "there is a checkpoint of %d entries, and there are %d: entries were cut off", h.size, v.report.Size)
			return
		case h.origin != v.report.Origin && h.origin != v.storedOrigin:
			v.damage(h.size, 0, "the checkpoint of %d entries is of another ledger, %s", h.size, h.origin)
		case h.root != v.roots[h.size-1] && h.root != v.storedRoots(h.size):
			bad.add(v, before, h.size)
		default:
			keys := due(v.keys, before, h.size)
			switch {
			case checkSigned(text, keys) == nil:
			case len(keys) > 1 && checkSigned(text, keys[len(keys)-1:]) == nil:
				v.unvouched = append(v.unvouched, h.size)
			default:
				unsigned.add(v, before, h.size)
			}
		}
		before = h.size
		v.report.Checkpoints++
	}
	if before < v.report.Size {
		v.note(before+1, 0, "no checkpoint covers entries %d to %d", before+1, v.report.Size)
	}
	listed, err := a.Keys()
	var own []string
	for _, k := range v.keys {
		own = append(own, k.key)
	}
	if err != nil || !slices.Equal(listed, own) {
		v.damage(0, 0, "the list of keys is not that of the entries")
	}
	if len(v.keys) == 0 {
		v.note(1, 0, "no entry names a key for the checkpoints")
	}
}

// run gathers checkpoints that fail for the same reason, one after the other, into one damage.
type run struct {
	what       string
	at         int // place in the damages, from 1
	first, end int64
}

func (r *run) add(v *verifier, before, size int64) {
	if r.at > 0 && r.end == before {
		r.end = size
		v.report.Damages[r.at-1].What = fmt.Sprintf("%s (checkpoints of %d to %d entries; the last one that holds is of %d)", r.what, r.first, size, v.lastGood)
		return
	}
	v.lastGood = before
	v.damage(before+1, 0, "%s (checkpoint of %d entries; the last one that holds is of %d)", r.what, size, before)
	r.at, r.first, r.end = len(v.report.Damages), size, size
}

// rotations judges keys that the key before them has not vouched for: it was lost, or somebody has announced a key of their own. A
// checkpoint that was kept elsewhere and covers the change says that it was the former.
func (v *verifier) rotations() {
	for _, size := range v.unvouched {
		if size <= v.report.Kept {
			v.note(size, 0, "the checkpoint of %d entries is signed by a new key alone, and one that was kept elsewhere covers it", size)
		} else {
			v.damage(size, 0, "the checkpoint of %d entries is signed by a new key alone: the old one was lost, or somebody has announced their own", size)
		}
	}
}

// keptElsewhere compares the ledger with a checkpoint that the auditor brings along.
func (v *verifier) keptElsewhere(text []byte) {
	h, err := parseHead(text)
	if err != nil {
		v.damage(0, 0, "a checkpoint that was kept elsewhere cannot be read: %v", err)
		return
	}
	signed := "its signature is by no key of this ledger"
	for _, k := range v.keys {
		if verifier, err := note.NewVerifier(k.key); err == nil {
			if n, err := note.Open(text, note.VerifierList(verifier)); err == nil && n.Text == h.text() {
				signed = "it was signed by the ledger's own key"
			}
		}
	}
	switch {
	case h.origin != v.report.Origin:
		v.damage(0, 0, "the checkpoint that was kept elsewhere is of another ledger, %s", h.origin)
	case h.size > v.report.Size:
		v.damage(v.report.Size+1, 0, "a checkpoint that was kept elsewhere covers %d entries, and there are %d: entries were cut off, or the ledger was rolled back; %s", h.size, v.report.Size, signed)
	case h.root != v.roots[h.size-1]:
		v.damage(0, 0, "the history is not the one of the checkpoint of %d entries that was kept elsewhere: an entry up to that one was changed; %s", h.size, signed)
	default:
		v.note(h.size, 0, "a checkpoint of %d entries that was kept elsewhere agrees", h.size)
		v.report.Kept = max(v.report.Kept, h.size)
	}
}
