// Package blob keeps files by the SHA-256 of their bytes: attachments, raw test reports, packed results. It serves the evidence
// that verification records rest on [62304 5.7.5] and the retrievability of controlled items [62304 8.3].
//
//	blobs/ab/cdef...      a file, named by its hash in hex, the first byte being a folder
//	blobs/incoming-...    a file being written; what a crash left behind is removed when the folder is opened
//
// A file is on the disk, with its name, when Put returns, so an entry that names it can be written after it. What is read is
// compared with its hash; a damaged file ends in an error and is healed by putting the same bytes again. The package refuses to
// take a name from anybody: a path is made of a hash and nothing else, and no link leads out of the folder. It deletes nothing but what
// Remove is told to.
//
// One process at a time may have a folder open; the lock of the ledger beside it sees to that. Within it everything is safe for
// concurrent use.
package blob

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/goldthread/goldthread/internal/fault"
)

// Hash is the SHA-256 of a file's bytes, and its only name.
type Hash [sha256.Size]byte

// String returns the hash in lower-case hex.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String writes, and nothing else.
func ParseHash(text string) (Hash, error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != sha256.Size || strings.ToLower(text) != text {
		return Hash{}, fault.New(fault.Invalid, fmt.Sprintf("%.80q is not a hash of 64 hex digits", text), err)
	}
	return Hash(raw), nil
}

func (h Hash) folder() string { return h.String()[:2] }
func (h Hash) path() string   { return h.String()[:2] + "/" + h.String()[2:] }

// Info is what is known of a file.
type Info struct {
	Hash Hash
	Size int64
}

const incoming = "incoming-"

// Folder is a folder of blobs. Make it with OpenFolder.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder of blobs, which it makes if there is none in an existing parent.
func OpenFolder(name string) (*Folder, error) {
	if err := makeFolder(name); err != nil {
		return nil, failed("the folder of files "+name+" cannot be made", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the folder of files "+name+" cannot be opened", err)
	}
	f := &Folder{root: root}
	if err := f.sweep(); err != nil {
		return nil, failed("the folder of files "+name+" cannot be cleaned of unfinished ones", errors.Join(err, root.Close()))
	}
	return f, nil
}

// makeFolder makes the folder and its name durable.
func makeFolder(name string) error {
	if err := os.Mkdir(name, 0o700); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	parent, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(syncNames(parent), parent.Close())
}

// Close releases the folder. Readers that are open stay so.
func (f *Folder) Close() error { return f.root.Close() }

// Put stores what it reads from r, at most max bytes, and returns its hash and size; it is durable when it returns. It fails with
// fault.Invalid when there is more than max, with fault.Full when the disk is full, and with r's own error when r fails; then
// nothing is stored. Storing what is there already is no error.
//
// goldthread:implements SRS-59, SRS-60
func (f *Folder) Put(r io.Reader, max int64) (Info, error) {
	if max < 0 {
		return Info{}, fault.Newf(fault.Invalid, "a file cannot have less than %d bytes", max)
	}
	name := incoming + rand.Text()
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Info{}, failed("a file cannot be stored", err)
	}
	info, err := receive(file, r, max)
	if err == nil {
		err = f.settle(name, info.Hash)
	}
	if err != nil {
		return Info{}, errors.Join(err, f.root.Remove(name))
	}
	return info, nil
}

// Open returns a reader of the file. Its bytes are to be trusted once Read has returned io.EOF: a file that does not have its hash
// ends in fault.Corrupt instead. It fails with fault.NotFound when there is no such file.
func (f *Folder) Open(h Hash) (io.ReadCloser, error) {
	file, err := f.root.Open(h.path())
	if err != nil {
		return nil, missing(h, err)
	}
	return &verifier{file: file, want: h, sum: sha256.New()}, nil
}

// Stat returns the size of the file without reading it, or fault.NotFound.
func (f *Folder) Stat(h Hash) (Info, error) {
	stat, err := f.root.Stat(h.path())
	if err != nil {
		return Info{}, missing(h, err)
	}
	return Info{Hash: h, Size: stat.Size()}, nil
}

// Remove takes a file out for good, durably. One that is not there is taken out already.
func (f *Folder) Remove(h Hash) error {
	if err := f.root.Remove(h.path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed(fmt.Sprintf("file %s cannot be taken out", h), err)
	}
	if _, err := f.root.Stat(h.folder()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return f.sync(h.folder())
}

// All yields every file that is stored, ordered by hash, without reading it. What is no file of ours in the folder is an error
// that names it, and the rest follows.
func (f *Folder) All() iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		folders, err := fs.ReadDir(f.root.FS(), ".")
		if err != nil {
			yield(Info{}, failed("the folder of files cannot be read", err))
			return
		}
		for _, folder := range folders {
			if strings.HasPrefix(folder.Name(), incoming) {
				continue // being written
			}
			for info, err := range f.inFolder(folder) {
				if !yield(info, err) {
					return
				}
			}
		}
	}
}

func (f *Folder) inFolder(folder fs.DirEntry) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		files, err := fs.ReadDir(f.root.FS(), folder.Name())
		if !folder.IsDir() || err != nil {
			yield(Info{}, fault.New(fault.Corrupt, fmt.Sprintf("%q among the files is none of them", folder.Name()), err))
			return
		}
		for _, file := range files {
			h, err := ParseHash(folder.Name() + file.Name())
			info := Info{Hash: h}
			if err == nil {
				info, err = f.Stat(h)
			} else {
				err = fault.New(fault.Corrupt, fmt.Sprintf("%q among the files is none of them", folder.Name()+"/"+file.Name()), nil)
			}
			if !yield(info, err) {
				return
			}
		}
	}
}

// Check reads a file to its end: fault.Corrupt where it does not have its hash, fault.NotFound where there is none.
func (f *Folder) Check(h Hash) error {
	r, err := f.Open(h)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// receive copies r into the file, makes it durable and closes it.
func receive(file *os.File, r io.Reader, max int64) (info Info, err error) {
	defer func() { err = errors.Join(err, file.Close()) }()
	source := &source{r: r}
	sum := sha256.New()
	limit := max
	if limit < math.MaxInt64 {
		limit++ // one more byte tells a file that is too large from one that fits
	}
	n, err := io.Copy(io.MultiWriter(file, sum), io.LimitReader(source, limit))
	switch {
	case source.err != nil:
		return Info{}, fmt.Errorf("read the file to store: %w", source.err)
	case err != nil:
		return Info{}, failed("a file cannot be stored", err)
	case n > max:
		return Info{}, fault.Newf(fault.Invalid, "the file has more than the %d bytes that are allowed", max)
	}
	if err := file.Sync(); err != nil {
		return Info{}, failed("a file cannot be stored", err)
	}
	return Info{Hash: Hash(sum.Sum(nil)), Size: n}, nil
}

// settle gives a received file its name, and makes that durable. It goes over a file of that name: the bytes are the same, or
// that file was damaged.
func (f *Folder) settle(name string, h Hash) error {
	if err := f.root.Mkdir(h.folder(), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return failed("a file cannot be stored", err)
	}
	if err := f.root.Rename(name, h.path()); err != nil {
		return failed("a file cannot be stored", err)
	}
	// Both, even if the folder was there: another Put may have made it and not yet synced it.
	if err := errors.Join(f.sync(h.folder()), f.sync(".")); err != nil {
		return failed("a file cannot be stored durably", err)
	}
	return nil
}

// sync makes the names in one of our folders durable.
func (f *Folder) sync(folder string) error {
	dir, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(syncNames(dir), dir.Close())
}

func syncNames(dir *os.File) error {
	if runtime.GOOS == "windows" { // folders cannot be synced there; NTFS has its own journal of names
		return nil
	}
	return dir.Sync()
}

// sweep removes what a crash left unfinished.
func (f *Folder) sweep() error {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), incoming) {
			if err := f.root.Remove(e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// source remembers the error of a reader, to tell it from one of the disk.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// verifier is a reader that ends in io.EOF only if what it read has the hash.
type verifier struct {
	file *os.File
	want Hash
	sum  hash.Hash
}

// goldthread:implements SRS-60
func (v *verifier) Read(p []byte) (int, error) {
	n, err := v.file.Read(p)
	v.sum.Write(p[:n])
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		return n, failed(fmt.Sprintf("file %s cannot be read", v.want), err)
	}
	if got := Hash(v.sum.Sum(nil)); got != v.want {
		return n, fault.Newf(fault.Corrupt, "file %s was damaged: its bytes now have the hash %s", v.want, got).
			WithHint("store the original file again, or restore it from a backup")
	}
	return n, io.EOF
}

func (v *verifier) Close() error { return v.file.Close() }

func missing(h Hash, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, fmt.Sprintf("file %s is not stored", h), err)
	}
	return failed(fmt.Sprintf("file %s cannot be read", h), err)
}

// failed makes a fault of an error of the file system.
func failed(sentence string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.New(fault.Full, sentence+", because the disk is full", err).WithHint("free space on the disk of the data folder; what is stored can be read meanwhile")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fault.New(fault.Unavailable, sentence+", because this process may not use the folder", err).WithHint("check owner and rights of the data folder")
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return fault.New(fault.Unavailable, sentence, err)
	default:
		return fault.New(fault.Internal, sentence, err)
	}
}
