package verify

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Names in an export.
const (
	ledgerName     = "ledger.jsonl"
	checkpointName = "checkpoints"
	keysName       = "keys"
	blobFolder     = "blobs/"
)

// Limits of what is read. Since nothing in an export is compressed, no part can be larger than the file itself.
const (
	maxLine = 1 << 30
	maxNote = 16 << 10
	maxKeys = 1 << 20
)

// Archive is an export file that was opened. Make it with Open.
type Archive struct {
	files map[string]*zip.File
	blobs []string // in the order of the file, which is that of their names
}

// Open reads the directory of an export and refuses what no writer of exports makes: parts that are compressed or encrypted, that lie over
// each other, are larger than the file, come twice, in another order or under another name. A part is read when it is asked for.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("this is no export of a ledger: %w", err)
	}
	a := &Archive{files: make(map[string]*zip.File, len(z.File))}
	end := int64(0)
	for i, f := range z.File {
		if err := a.place(i, f.Name); err != nil {
			return nil, err
		}
		const encrypted = 1
		if f.Method != zip.Store || f.Flags&encrypted != 0 || f.CompressedSize64 != f.UncompressedSize64 || f.UncompressedSize64 > uint64(size) {
			return nil, fmt.Errorf("part %q of the export is compressed, encrypted or larger than the file", f.Name)
		}
		at, err := f.DataOffset()
		if err != nil {
			return nil, fmt.Errorf("part %q of the export: %w", f.Name, err)
		}
		if at < end || at+int64(f.UncompressedSize64) > size {
			return nil, fmt.Errorf("part %q of the export lies over another", f.Name)
		}
		end = at + int64(f.UncompressedSize64)
		a.files[f.Name] = f
	}
	if len(z.File) < 3 {
		return nil, errors.New("the export lacks parts: it has ledger.jsonl, checkpoints and keys at least")
	}
	return a, nil
}

// place checks the name of a part at its place.
func (a *Archive) place(i int, name string) error {
	if first := []string{ledgerName, checkpointName, keysName}; i < len(first) {
		if name != first[i] {
			return fmt.Errorf("part %d of the export is %.100q, not %s", i+1, name, first[i])
		}
		return nil
	}
	hash, found := strings.CutPrefix(name, blobFolder)
	if _, err := hex.DecodeString(hash); !found || err != nil || len(hash) != 64 || hash != strings.ToLower(hash) {
		return fmt.Errorf("the export has a part %.100q, which is no file by its hash", name)
	}
	if n := len(a.blobs); n > 0 && a.blobs[n-1] >= hash {
		return fmt.Errorf("file %s of the export comes twice or out of order", hash)
	}
	a.blobs = append(a.blobs, hash)
	return nil
}

// Entries yields the lines of the ledger. One that cannot be read ends it.
func (a *Archive) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		n := 0
		for line, err := range a.lines(ledgerName, maxLine) {
			n++
			var e Entry
			if err == nil {
				e, err = ParseLine(line)
			}
			if err != nil {
				yield(Entry{}, fmt.Errorf("line %d of %s: %w", n, ledgerName, err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Checkpoints yields the notes. An error ends it.
func (a *Archive) Checkpoints() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var note []byte
		signed := false
		for line, err := range a.lines(checkpointName, maxNote) {
			if err == nil && len(note)+len(line) > maxNote {
				err = errors.New("a checkpoint is larger than any")
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(line) == 0 && signed { // the empty line between two notes
				if !yield(note, nil) {
					return
				}
				note, signed = nil, false
				continue
			}
			signed = bytes.HasPrefix(line, []byte("— "))
			note = append(append(note, line...), '\n')
		}
		if len(note) > 0 {
			yield(note, nil)
		}
	}
}

// Keys returns the verifier keys.
func (a *Archive) Keys() (keys []string, err error) {
	for line, err := range a.lines(keysName, maxKeys) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, string(line))
	}
	return keys, nil
}

// Blobs returns the hashes of the files, ascending.
func (a *Archive) Blobs() []string { return a.blobs }

// Blob opens a file by its hash. Its bytes are not checked yet.
func (a *Archive) Blob(hash string) (io.ReadCloser, error) {
	f := a.files[blobFolder+hash]
	if f == nil {
		return nil, fmt.Errorf("file %s is not in the export", hash)
	}
	return f.Open()
}

// lines yields the lines of a part; each ends in a line feed, the last too.
func (a *Archive) lines(name string, limit int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r, err := a.files[name].Open()
		if err != nil {
			yield(nil, fmt.Errorf("part %s of the export: %w", name, err))
			return
		}
		defer r.Close()
		lines := bufio.NewReaderSize(r, 64<<10)
		for {
			line, err := readLine(lines, limit)
			if err == io.EOF && len(line) == 0 {
				return
			}
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				yield(nil, fmt.Errorf("part %s of the export: %w", name, err))
				return
			}
			if !yield(line[:len(line)-1], nil) {
				return
			}
		}
	}
}

func readLine(r *bufio.Reader, limit int) (line []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return nil, fmt.Errorf("a line has more than %d bytes", limit)
		}
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}
