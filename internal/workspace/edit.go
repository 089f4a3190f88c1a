package workspace

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// Edit replaces one key in one line of a file: the first whole word Old at or
// behind Column (from 1, in bytes).
type Edit struct {
	File     string
	Line     int
	Column   int
	Old, New record.Key
}

// ApplyEdits reads the files that edits are about and returns them changed. An
// edit that does not find its word is an error: the file has changed since.
func ApplyEdits(root *os.Root, edits []Edit) ([]File, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(b.Column, a.Column)) // from the end of a line, so that columns hold
	})
	var out []File
	for len(edits) > 0 {
		n := 1
		for n < len(edits) && edits[n].File == edits[0].File {
			n++
		}
		data, err := readFile(root, edits[0].File)
		if err != nil {
			return nil, fault.New(fault.Invalid, "cannot read "+edits[0].File, err)
		}
		if data, err = applyTo(data, edits[:n]); err != nil {
			return nil, err
		}
		out = append(out, File{edits[0].File, data})
		edits = edits[n:]
	}
	return out, nil
}

func applyTo(data []byte, edits []Edit) ([]byte, error) {
	lines := bytes.SplitAfter(data, []byte("\n"))
	for _, e := range edits {
		if e.Line < 1 || e.Line > len(lines) {
			return nil, fault.Newf(fault.Conflict, "%s:%d is not there any more", e.File, e.Line)
		}
		line := string(lines[e.Line-1])
		at := findKey(line, e.Old, max(0, e.Column-1))
		if at < 0 {
			return nil, fault.Newf(fault.Conflict, "%s:%d does not name %s any more", e.File, e.Line, e.Old)
		}
		lines[e.Line-1] = []byte(line[:at] + string(e.New) + line[at+len(e.Old):])
	}
	return bytes.Join(lines, nil), nil
}

// findKey finds a key as a whole word at or behind an offset; -1 if it is not there.
func findKey(line string, key record.Key, from int) int {
	for from <= len(line) {
		i := strings.Index(line[from:], string(key))
		if i < 0 {
			return -1
		}
		i += from
		if (i == 0 || !inKey(line, i-1)) && !continues(line[i+len(key):]) {
			return i
		}
		from = i + 1
	}
	return -1
}

func inKey(line string, i int) bool { return isKeyByte(line[i]) || line[i] == '/' }

func isKeyByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '_' || c >= 0x80
}

// continues reports whether what follows a key belongs to it. A dot does when a
// letter or digit follows: SRS-1.2, but not the end of a sentence.
func continues(rest string) bool {
	if rest == "" {
		return false
	}
	if rest[0] == '.' {
		return len(rest) > 1 && isKeyByte(rest[1]) && rest[1] != '-' && rest[1] != '_'
	}
	return isKeyByte(rest[0])
}

// Mentions lists the places where documents speak of a key in prose, that is
// without linking to it, apart from those that edits change. They are left to
// the author: changing them would change requirements.
func (t *Text) Mentions(root *os.Root, key record.Key, edits []Edit) ([]Place, error) {
	edited := map[Place]bool{}
	for _, e := range edits {
		edited[Place{File: e.File, Line: e.Line}] = true
	}
	var out []Place
	for _, d := range t.Documents {
		data, err := readFile(root, d.Path)
		if err != nil {
			return nil, fault.New(fault.Invalid, "cannot read "+d.Path, err)
		}
		for n, line := range strings.Split(string(data), "\n") {
			if at := findKey(line, key, 0); at >= 0 && !edited[Place{File: d.Path, Line: n + 1}] {
				out = append(out, Place{d.Path, n + 1, at + 1})
			}
		}
	}
	return out, nil
}

// Rekey returns the edits that give an item another key in its heading and in
// all links that documents have to it.
func (t *Text) Rekey(old, new record.Key) []Edit {
	var edits []Edit
	for _, d := range t.Documents {
		for it := range d.Items() {
			if it.Key == old {
				edits = append(edits, Edit{d.Path, it.Line, 1, old, new})
			}
			for _, l := range it.Links {
				if record.Key(l.Target) == old {
					edits = append(edits, Edit{d.Path, l.Line, l.Column, old, new})
				}
			}
		}
	}
	return edits
}

// Rekey gives an item another key in the lock, and to the links from and to it.
func (l *Lock) Rekey(old, new record.Key) {
	if it, ok := l.Items[old]; ok {
		delete(l.Items, old)
		l.Items[new] = it
	}
	for name, link := range l.Links {
		parts := strings.SplitN(name, " ", 3)
		renamed := slices.Clone(parts)
		for _, i := range []int{0, 2} {
			if parts[i] == string(old) {
				renamed[i] = string(new)
			}
		}
		if !slices.Equal(parts, renamed) {
			delete(l.Links, name)
			l.Links[strings.Join(renamed, " ")] = link
		}
	}
}

// FreeKey is the next number behind the highest one that the prefix of key has
// in documents, in the lock and among the keys given already.
func (t *Text) FreeKey(key record.Key, given ...record.Key) record.Key {
	prefix := strings.TrimRight(string(key), "0123456789")
	highest, width := 0, 0
	see := func(k record.Key) {
		digits, ok := strings.CutPrefix(string(k), prefix)
		n := 0
		if !ok || digits == "" || len(digits) > 9 {
			return
		}
		for _, c := range digits {
			if c < '0' || c > '9' {
				return
			}
			n = n*10 + int(c-'0')
		}
		if n > highest {
			highest = n
		}
		if digits[0] == '0' {
			width = max(width, len(digits))
		}
	}
	for _, d := range t.Documents {
		for it := range d.Items() {
			see(it.Key)
		}
	}
	for k := range t.Lock.Items {
		see(k)
	}
	for _, k := range given {
		see(k)
	}
	return record.Key(fmt.Sprintf("%s%0*d", prefix, width, highest+1))
}
