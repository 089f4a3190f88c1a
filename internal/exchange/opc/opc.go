// Package opc opens the archives in which Office files lie (Open Packaging Conventions, ECMA-376 part 2): parts, and the
// relations that lead from one to another. It trusts nothing that an archive says of itself: entries are counted and
// measured, entries that share bytes or swell beyond reason are refused, and no name is used as a path. Binary files of old
// Office versions and encrypted ones are told apart and refused with the way out.
//
// Format: https://ecma-international.org/publications-and-standards/standards/ecma-376/. Clause served: requirements
// traceable to their source [62304 5.2.6].
package opc

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	Parts      int   // most entries of an archive; default 10,000
	PartBytes  int64 // largest part; default 256 MiB
	TotalBytes int64 // all parts together, as the archive says; default 512 MiB
}

func (l Limits) withDefaults() Limits {
	l.Parts = cmp.Or(max(l.Parts, 0), 10_000)
	l.PartBytes = cmp.Or(max(l.PartBytes, 0), 256<<20)
	l.TotalBytes = cmp.Or(max(l.TotalBytes, 0), 512<<20)
	return l
}

// A part of more than ratioFrom bytes may be mostRatio times as large as it is in the archive. What Office writes is up to some 40 times.
const (
	ratioFrom = 8 << 20
	mostRatio = 100
)

// Error is why a file or part is not read.
type Error struct {
	Message, Remedy string
	Line            int // of the part, 0 where the whole is meant
}

func (e *Error) Error() string { return e.Message }

func refuse(remedy, format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Remedy: remedy}
}

// Package is an open archive.
type Package struct {
	limits  Limits
	files   map[string]*zip.File // by name in lower case
	bytes   int64                // read so far
	listing []string
}

const again = "open the file in Office and save it again"

// Open looks at all entries of an archive and reads none.
func Open(data []byte, limits Limits) (*Package, *Error) {
	p := &Package{limits: limits.withDefaults(), files: map[string]*zip.File{}}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, refuse(again, "the file is damaged, or none of Office: %s", strings.TrimPrefix(err.Error(), "zip: "))
	}
	if len(z.File) > p.limits.Parts {
		return nil, refuse("take out what is embedded in it", "the file has more than %d parts", p.limits.Parts)
	}
	var total uint64
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if refused := p.entry(f); refused != nil {
			return nil, refused
		}
		if total += f.UncompressedSize64; total > uint64(p.limits.TotalBytes) || f.UncompressedSize64 > uint64(p.limits.TotalBytes) {
			return nil, refuse("divide it into several files", "the file swells to more than %d bytes", p.limits.TotalBytes)
		}
	}
	switch first, second, err := exchange.Overlap(z.File); {
	case err != nil:
		return nil, refuse(again, "the part %s is damaged: %s", first.Name, strings.TrimPrefix(err.Error(), "zip: "))
	case first != nil:
		return nil, refuse(again, "the parts %s and %s of the file overlap", first.Name, second.Name)
	}
	slices.Sort(p.listing)
	return p, nil
}

// entry takes an entry into the package, if there is nothing wrong with it.
func (p *Package) entry(f *zip.File) *Error {
	name := strings.TrimPrefix(f.Name, "/")
	key := strings.ToLower(name)
	switch {
	case strings.Contains(name, `\`) || !fs.ValidPath(name):
		return refuse(again, "the name %q of a part leads out of the file, or has a backslash", f.Name)
	case f.Mode()&fs.ModeType != 0:
		return refuse(again, "the part %s is no regular file", name)
	case p.files[key] != nil:
		return refuse(again, "the part %s is there twice", name)
	case f.Flags&1 != 0:
		return refuse("save the file without a password", "the part %s is encrypted", name)
	case f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/mostRatio > f.CompressedSize64:
		return refuse("save only what it holds of requirements", "the part %s swells to %d bytes, more than %d times what it has in the file", name, f.UncompressedSize64, mostRatio)
	}
	p.files[key] = f
	p.listing = append(p.listing, name)
	return nil
}

// Names are the parts, sorted.
func (p *Package) Names() []string { return p.listing }

// Has reports whether there is a part.
func (p *Package) Has(name string) bool { return p.files[strings.ToLower(name)] != nil }

// Part reads a part.
func (p *Package) Part(name string) ([]byte, *Error) {
	f := p.files[strings.ToLower(name)]
	if f == nil {
		return nil, refuse(again, "the part %s is missing", name)
	}
	if f.UncompressedSize64 > uint64(p.limits.PartBytes) {
		return nil, refuse("divide it into several files", "the part %s has %d bytes, more than %d", name, f.UncompressedSize64, p.limits.PartBytes)
	}
	r, err := f.Open()
	if err != nil {
		return nil, refuse(again, "the part %s cannot be read: %v", name, err)
	}
	defer r.Close()
	// What an archive says of sizes may be a lie either way: no more is taken at first than what its bytes can hold.
	out := bytes.NewBuffer(make([]byte, 0, min(f.UncompressedSize64, f.CompressedSize64*mostRatio+ratioFrom)+bytes.MinRead))
	_, err = out.ReadFrom(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	switch {
	case err != nil:
		return nil, refuse(again, "the part %s is damaged: %s", name, strings.TrimPrefix(err.Error(), "zip: "))
	case uint64(out.Len()) != f.UncompressedSize64:
		return nil, refuse(again, "the part %s is not as large as the file says", name)
	}
	if p.bytes += int64(out.Len()); p.bytes > p.limits.TotalBytes {
		return nil, refuse("divide it into several files", "the file swells to more than %d bytes", p.limits.TotalBytes)
	}
	return out.Bytes(), nil
}

// Relation leads from a part to another, or out of the file.
type Relation struct {
	ID       string
	Type     string // the last word of the address that stands for it, such as worksheet
	Target   string // name of the part, or the address as written where it leads out of the file
	External bool
}

// Relations are those of a part; "" is the file itself.
func (p *Package) Relations(part string) ([]Relation, *Error) {
	name := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		name = "_rels/.rels"
	}
	if !p.Has(name) {
		return nil, nil
	}
	data, refused := p.Part(name)
	if refused != nil {
		return nil, refused
	}
	var all []Relation
	refused = Scan(name, data, func(s *xmlscan.Scanner) {
		if s.Kind != xmlscan.Start || s.Name.Local != "Relationship" {
			return
		}
		r := Relation{ID: s.Attr("Id"), Type: path.Base(s.Attr("Type")), Target: s.Attr("Target"), External: strings.EqualFold(s.Attr("TargetMode"), "External")}
		switch {
		case r.External:
		case strings.HasPrefix(r.Target, "/"):
			r.Target = path.Clean(r.Target)[1:]
		default:
			r.Target = strings.TrimPrefix(path.Join(path.Dir(part), r.Target), "/")
		}
		all = append(all, r)
	})
	return all, refused
}

// Scan reads a part token by token.
func Scan(name string, data []byte, token func(*xmlscan.Scanner)) *Error {
	s, err := xmlscan.New(data, xmlscan.Options{})
	if err == nil {
		for s.Next() {
			token(s)
		}
		err = s.Err()
	}
	return Broken(name, err)
}

// Broken is an error of a scan as one of a part; nil for nil.
func Broken(name string, err error) *Error {
	if err == nil {
		return nil
	}
	e := refuse(again, "the part %s is no proper XML: %v", name, err)
	if at, ok := errors.AsType[*xmlscan.Error](err); ok {
		e.Line = at.Line
	}
	return e
}

// Main is the part that a file is about: the target of the relation officeDocument.
func (p *Package) Main() (string, *Error) {
	relations, refused := p.Relations("")
	if refused != nil {
		return "", refused
	}
	for _, r := range relations {
		if r.Type == "officeDocument" && !r.External {
			return r.Target, nil
		}
	}
	return "", refuse(again, "the file does not say what it is about")
}

// One is the target of the first relation of a type, empty for none.
func One(relations []Relation, of string) string {
	for _, r := range relations {
		if r.Type == of && !r.External {
			return r.Target
		}
	}
	return ""
}
