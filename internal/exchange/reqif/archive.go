package reqif

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// entry is a file of an archive.
type entry struct {
	name string
	data []byte
}

// unpack reads an archive that may mean harm: its entries are counted, measured while they are read, and taken only under
// names that lead nowhere else; entries that share bytes of the archive are refused.
func unpack(data []byte, options Options) ([]entry, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("the archive cannot be read: %w", err)
	}
	if len(z.File) > options.MaxEntries {
		return nil, fmt.Errorf("the archive has more than %d entries", options.MaxEntries)
	}
	switch first, second, err := exchange.Overlap(z.File); {
	case err != nil:
		return nil, fmt.Errorf("the entry %s of the archive: %w", first.Name, err)
	case first != nil:
		return nil, fmt.Errorf("the entries %s and %s of the archive overlap", first.Name, second.Name)
	}
	var out []entry
	seen := map[string]bool{}
	left := options.MaxArchive
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		name := path.Clean(f.Name)
		switch {
		case strings.Contains(f.Name, `\`) || !fs.ValidPath(name) || path.IsAbs(f.Name):
			return nil, fmt.Errorf("the entry %q of the archive leads out of it, or has a backslash in its name", f.Name)
		case f.Mode()&fs.ModeType != 0:
			return nil, fmt.Errorf("the entry %s of the archive is no regular file", f.Name)
		case seen[strings.ToLower(name)]:
			return nil, fmt.Errorf("the entry %s is in the archive twice", f.Name)
		case f.Flags&1 != 0:
			return nil, fmt.Errorf("the entry %s of the archive is encrypted", f.Name)
		case f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/200 > f.CompressedSize64:
			return nil, fmt.Errorf("the entry %s of the archive swells to more than 200 times its size", f.Name)
		}
		seen[strings.ToLower(name)] = true
		limit := min(left, options.MaxFile)
		content, err := readEntry(f, limit)
		if err != nil {
			return nil, fmt.Errorf("the entry %s of the archive: %w", f.Name, err)
		}
		left -= int64(len(content))
		out = append(out, entry{name, content})
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

func readEntry(f *zip.File, limit int64) ([]byte, error) {
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("it has %d bytes, which is too large", f.UncompressedSize64)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	content, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = fmt.Errorf("it is larger than %d bytes", limit)
	}
	return content, err
}

// isJunk names what packers leave in archives.
func isJunk(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "Thumbs.db")
}

func (r *reader) archive(name string, data []byte) error {
	entries, err := unpack(data, r.options)
	if err != nil {
		return err
	}
	before := len(r.files)
	var faults error
	for _, e := range entries {
		switch {
		case isJunk(e.name):
			r.tree.Others = append(r.tree.Others, name+"/"+e.name)
		case isReqIF(e.name):
			if err := r.parse(name+"/"+e.name, path.Join(path.Dir(name), path.Dir(e.name)), e.data); err != nil {
				r.fault(positionOf(name+"/"+e.name, err), "", true, err.Error(), "export the archive again, or correct the file")
				faults = err
			}
		default:
			to := path.Join(path.Dir(name), e.name)
			if r.attached[to] {
				r.fault(exchange.Position{File: name}, "", false, "another archive holds a file "+to+" too; the first one was taken", "import the archives one by one")
				r.tree.Lost = append(r.tree.Lost, exchange.Loss{At: exchange.Position{File: name}, What: "file " + e.name, Why: "another archive holds a file of that name"})
			} else {
				r.attached[to] = true
				r.tree.Attachments = append(r.tree.Attachments, exchange.Attachment{Path: to, Data: e.data})
			}
			r.tree.Read.Files++
		}
	}
	if len(r.files) == before {
		if faults != nil {
			return faults
		}
		return fmt.Errorf("the archive holds no .reqif file")
	}
	return nil
}
