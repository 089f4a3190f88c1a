package exchange

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sources are the files and folders that an import names, as one file system: the folder itself where there is one,
// else each file and folder under its own name. Nothing outside of them can be read through it.
type Sources struct {
	fs.FS
	roots []*os.Root
}

// OpenSources opens files and folders of the disk.
func OpenSources(names []string) (*Sources, error) {
	s := &Sources{}
	top := topFS{}
	for _, name := range names {
		real, err := filepath.EvalSymlinks(name)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		info, err := os.Stat(real)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		folder, inner := real, "."
		if !info.IsDir() {
			folder, inner = filepath.Split(real)
			if folder == "" {
				folder = "."
			}
		}
		root, err := os.OpenRoot(folder)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.roots = append(s.roots, root)
		if info.IsDir() && len(names) == 1 {
			s.FS = NewListing(root.FS())
			return s, nil
		}
		top.add(filepath.Base(name), root.FS(), inner)
	}
	s.FS = NewListing(top)
	return s, nil
}

// Close closes the folders.
func (s *Sources) Close() error {
	var errs []error
	for _, r := range s.roots {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}

// Archive packs files of the sources.
func (s *Sources) Archive(names []string, limit int64) ([]byte, error) {
	var files []Attachment
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		data, why := ReadFile(s.FS, name, limit)
		if why != "" {
			return nil, fmt.Errorf("%s: %s", name, why)
		}
		files = append(files, Attachment{name, data})
	}
	return Pack(files)
}

// topFS is a folder of files and folders that lie elsewhere.
type topFS map[string]place

type place struct {
	fsys fs.FS
	name string // within fsys; "." for all of it
}

func (t topFS) add(name string, fsys fs.FS, inner string) {
	unique := name
	for n := 2; ; n++ {
		if _, there := t[unique]; !there {
			break
		}
		ext := path.Ext(name)
		unique = strings.TrimSuffix(name, ext) + "-" + strconv.Itoa(n) + ext
	}
	t[unique] = place{fsys, inner}
}

// Open makes topFS an fs.FS.
func (t topFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return &topFolder{fs: t}, nil
	}
	first, rest, _ := strings.Cut(name, "/")
	p, ok := t[first]
	switch {
	case !ok, rest != "" && p.name != ".":
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case p.name != ".":
		return p.fsys.Open(p.name)
	}
	return p.fsys.Open(path.Join(".", rest))
}

// ReadDir makes topFS an fs.ReadDirFS.
func (t topFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		first, rest, _ := strings.Cut(name, "/")
		p, ok := t[first]
		if !ok || p.name != "." {
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
		}
		return fs.ReadDir(p.fsys, path.Join(".", rest))
	}
	var out []fs.DirEntry
	for name := range t {
		info, err := fs.Stat(t, name)
		if err != nil {
			return nil, err
		}
		out = append(out, topEntry{name, info})
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

// topFolder is the folder itself, opened.
type topFolder struct {
	fs   topFS
	read bool
}

func (f *topFolder) Stat() (fs.FileInfo, error) { return topInfo{}, nil }
func (f *topFolder) Close() error               { return nil }
func (f *topFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: errors.New("is a folder")}
}

// ReadDir makes topFolder an fs.ReadDirFile that lists all at once.
func (f *topFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if f.read {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	f.read = true
	return f.fs.ReadDir(".")
}

// topInfo describes the folder itself.
type topInfo struct{}

func (topInfo) Name() string       { return "." }
func (topInfo) Size() int64        { return 0 }
func (topInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (topInfo) ModTime() time.Time { return time.Time{} }
func (topInfo) IsDir() bool        { return true }
func (topInfo) Sys() any           { return nil }

type topEntry struct {
	name string
	info fs.FileInfo
}

func (e topEntry) Name() string               { return e.name }
func (e topEntry) IsDir() bool                { return e.info.IsDir() }
func (e topEntry) Type() fs.FileMode          { return e.info.Mode().Type() }
func (e topEntry) Info() (fs.FileInfo, error) { return e.info, nil }
