package exchange

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// ReadFile reads a regular file of a tree up to a limit in bytes; why is for the user, and empty when all is well.
func ReadFile(fsys fs.FS, name string, limit int64) (data []byte, why string) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, Reason(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, Reason(err)
	}
	if !info.Mode().IsRegular() {
		return nil, "it is not a regular file"
	}
	data = make([]byte, min(info.Size(), limit)+1)
	n, err := io.ReadFull(f, data)
	data = data[:n]
	if err == nil { // the file has grown, or does not tell its size
		var rest []byte
		rest, err = io.ReadAll(io.LimitReader(f, limit+1-int64(n)))
		data = append(data, rest...)
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, Reason(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Sprintf("it is larger than %d bytes", limit)
	}
	return data, ""
}

// WrittenFile is a file that a writer of many files makes.
type WrittenFile struct {
	Path string // slash path below the folder that is written
	Data []byte
}

// Reason is the part of a file error that the user does not know yet: the position names the file.
func Reason(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

// SkippedFolder names folders that hold the data of version control or foreign packages, never requirements.
func SkippedFolder(name string) bool {
	switch path.Base(name) {
	case ".git", ".hg", ".svn", ".bzr", "node_modules", ".venv", "venv", ".tox":
		return true
	}
	return false
}
