package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
)

// lock is the hold of one process on a data folder. The system lets go of it when the process ends, however it ends.
type lock struct{ file *os.File }

// errHeld is what lockFile answers when somebody else holds the file.
var errHeld = errors.New("the file is locked")

// takeLock takes the folder, or says who has it. The process number in the file is for that sentence only.
func takeLock(folder string) (*lock, error) {
	path := filepath.Join(folder, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.New(fault.Unavailable, fmt.Sprintf("the data folder %s cannot be locked", folder), err)
	}
	if err := lockFile(f); err != nil {
		holder := readHolder(f)
		err = errors.Join(err, f.Close())
		if errors.Is(err, errHeld) {
			return nil, fault.New(fault.Unavailable, fmt.Sprintf("the data folder %s is in use by another goldthread%s", folder, holder), err).
				WithHint("stop the other process, or choose another folder with --data")
		}
		return nil, fault.New(fault.Unavailable, fmt.Sprintf("the data folder %s cannot be locked", folder), err)
	}
	if err := writeHolder(f); err != nil {
		return nil, fault.New(fault.Unavailable, fmt.Sprintf("the lock of the data folder %s cannot be written", folder), errors.Join(err, f.Close()))
	}
	return &lock{file: f}, nil
}

// release lets go of the folder. The file stays: removing it could let two processes hold two files of the same name.
func (l *lock) release() error { return l.file.Close() }

func writeHolder(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func readHolder(f *os.File) string {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 32))
	if err != nil {
		return ""
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (process %d)", pid)
}
