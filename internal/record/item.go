package record

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the short name of an item kind as declared in a schema: SRS.
type Kind string

// Verb is the name of a relation as read from its source: "refines".
type Verb string

// State is the name of a state of a kind's workflow: "draft".
type State string

// Item is one record of a project at one revision. Its links, state and place
// are kept apart, because the content hash does not cover them.
type Item struct {
	ID       ID
	Key      Key
	Kind     Kind
	Title    string  // one line
	Text     string  // Markdown, lines end in \n, none at the end
	Fields   []Field // explicitly set ones, sorted by name
	Files    []File  // sorted by name
	Language string  // BCP 47, empty for the project's own
}

// Field is one explicitly set field. Many tells a field that may hold several
// values from one that holds exactly one, whatever it holds now.
type Field struct {
	Name   string
	Values []string
	Many   bool
}

// File is an attached file: its path in the project and what it held.
type File struct {
	Name string // slash path
	Hash Hash   // plain SHA-256 of the bytes
}

// Field returns the values of the named field, nil where it is not set.
func (it *Item) Field(name string) []string {
	for i := range it.Fields {
		if it.Fields[i].Name == name {
			return it.Fields[i].Values
		}
	}
	return nil
}

// Value returns the first value of the named field, "" where it is not set.
func (it *Item) Value(name string) string {
	if v := it.Field(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// SortFields puts fields and files into the order that codec and hash demand.
func (it *Item) SortFields() {
	slices.SortFunc(it.Fields, func(a, b Field) int { return compareUTF16(a.Name, b.Name) })
	slices.SortFunc(it.Files, func(a, b File) int { return compareUTF16(a.Name, b.Name) })
}

// Check reports the first way in which it is not well formed, whatever its
// schema: what passes can be encoded, hashed and written as text.
//
// goldthread:implements SRS-8
func (it *Item) Check() error {
	if it.ID.IsZero() {
		return fmt.Errorf("item %s: no identity", it.Key)
	}
	if _, err := ParseKey(string(it.Key)); err != nil {
		return err
	}
	if it.Kind == "" {
		return fmt.Errorf("item %s: no kind", it.Key)
	}
	if err := CheckLine(string(it.Kind)); err != nil {
		return fmt.Errorf("item %s: kind: %w", it.Key, err)
	}
	if err := CheckLine(it.Language); err != nil {
		return fmt.Errorf("item %s: language: %w", it.Key, err)
	}
	if err := CheckLine(it.Title); err != nil {
		return fmt.Errorf("item %s: title: %w", it.Key, err)
	}
	if err := CheckText(it.Text); err != nil {
		return fmt.Errorf("item %s: text: %w", it.Key, err)
	}
	for i, f := range it.Fields {
		if err := CheckFieldName(f.Name); err != nil {
			return fmt.Errorf("item %s: %w", it.Key, err)
		}
		if i > 0 && compareUTF16(it.Fields[i-1].Name, f.Name) >= 0 {
			return fmt.Errorf("item %s: field %q is set twice or out of order", it.Key, f.Name)
		}
		if !f.Many && len(f.Values) != 1 {
			return fmt.Errorf("item %s: field %q holds %d values, it takes one", it.Key, f.Name, len(f.Values))
		}
		for _, v := range f.Values {
			if err := CheckText(v); err != nil {
				return fmt.Errorf("item %s: field %q: %w", it.Key, f.Name, err)
			}
		}
	}
	for i, f := range it.Files {
		if f.Name == "" || CheckLine(f.Name) != nil {
			return fmt.Errorf("item %s: file name %q", it.Key, f.Name)
		}
		if i > 0 && compareUTF16(it.Files[i-1].Name, f.Name) >= 0 {
			return fmt.Errorf("item %s: file %q is attached twice or out of order", it.Key, f.Name)
		}
	}
	return nil
}

// CheckFieldName accepts lower-case words with single blanks between them, and
// foreign names, which carry the format they came from before a slash:
// doorstop/level.
func CheckFieldName(name string) error {
	if name == "" || len(name) > 200 {
		return fmt.Errorf("field name %.40q: want 1 to 200 characters", name)
	}
	if space, rest, foreign := strings.Cut(name, "/"); foreign {
		if space == "" || rest == "" || strings.ContainsAny(name, ":\n\r") || strings.TrimSpace(name) != name || CheckLine(name) != nil {
			return fmt.Errorf("field name %q: a foreign name is FORMAT/NAME without colon", name)
		}
		return nil
	}
	last := byte(' ')
	for i := 0; i < len(name); i++ {
		c := name[i]
		ok := 'a' <= c && c <= 'z' || isDigit(c) && i > 0 || c == ' ' && last != ' '
		if !ok {
			return fmt.Errorf("field name %q: use lower-case words with single blanks", name)
		}
		last = c
	}
	if last == ' ' {
		return fmt.Errorf("field name %q: ends in a blank", name)
	}
	return nil
}

// CheckLine accepts valid UTF-8 on one line, without control characters and
// without blanks at its ends.
func CheckLine(s string) error {
	if strings.ContainsAny(s, "\n\r") {
		return fmt.Errorf("%.40q holds more than one line", s)
	}
	if strings.TrimFunc(s, unicode.IsSpace) != s {
		return fmt.Errorf("%.40q begins or ends with a blank", s)
	}
	return CheckText(s)
}

// CheckText accepts valid UTF-8 without control characters other than tab and
// line feed; a text has no empty lines at its ends.
func CheckText(s string) error {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
				return fmt.Errorf("control character %#x at byte %d", c, i)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("invalid UTF-8 at byte %d", i)
		}
		i += n - 1
	}
	if s != "" && (s[0] == '\n' || s[len(s)-1] == '\n') {
		return fmt.Errorf("empty lines at its ends")
	}
	return nil
}

// Link leads from one item to another. Where the project has no such item, the
// target's identity is zero and Ref says what was written.
type Link struct {
	Verb      Verb
	Source    ID
	Target    ID
	Ref       Ref // key of the target as written; for links across projects project/KEY
	Confirmed Confirmation
}

// Confirmation holds the content hashes of both ends as they were when a
// person last said that the link is right. A zero hash was never confirmed.
type Confirmation struct {
	Source, Target Hash
}

// IsZero reports whether nothing was confirmed.
func (c Confirmation) IsZero() bool { return c == Confirmation{} }

// TargetName is what stands for the target in the link-set hash and in
// operations: its identity, or the reference where there is none.
func (l *Link) TargetName() string {
	if l.Target.IsZero() {
		return string(l.Ref)
	}
	return l.Target.String()
}

// CompareLinks orders links by source, verb, target.
func CompareLinks(a, b Link) int {
	if c := slices.Compare(a.Source[:], b.Source[:]); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.Verb), string(b.Verb)); c != 0 {
		return c
	}
	if c := slices.Compare(a.Target[:], b.Target[:]); c != 0 {
		return c
	}
	return strings.Compare(string(a.Ref), string(b.Ref))
}
