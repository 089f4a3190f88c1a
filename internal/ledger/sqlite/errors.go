package sqlite

import (
	"context"
	"errors"
	"syscall"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/goldthread/goldthread/internal/fault"
)

// classify makes a fault of an error of the database and keeps it as the cause. An error that has a kind keeps it.
func classify(err error, sentence string) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Unavailable, sentence+", because the request was given up", err)
	}
	if errors.Is(err, syscall.ENOSPC) {
		return full(sentence, err)
	}
	failed, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return fault.New(fault.Internal, sentence, err)
	}
	switch failed.Code() & 0xff { // the primary code; the rest is detail
	case codes.SQLITE_FULL:
		return full(sentence, err)
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_INTERRUPT, codes.SQLITE_NOMEM:
		return fault.New(fault.Unavailable, sentence+" now", err)
	case codes.SQLITE_CANTOPEN, codes.SQLITE_PERM, codes.SQLITE_READONLY, codes.SQLITE_AUTH:
		return fault.New(fault.Unavailable, sentence+", because this process may not use the file", err).WithHint("check owner and rights of the data folder")
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return fault.New(fault.Corrupt, sentence+", because the file is damaged", err).WithHint("restore the data folder from a backup, or move it aside")
	default:
		return fault.New(fault.Internal, sentence, err)
	}
}

// goldthread:implements SRS-59
func full(sentence string, cause error) error {
	return fault.New(fault.Full, sentence+", because the disk is full", cause).WithHint("free space on the disk of the data folder; nothing was lost, and reading goes on meanwhile")
}

// isTaken says whether a row could not be inserted because its place is taken.
func isTaken(err error) bool {
	failed, ok := errors.AsType[*driver.Error](err)
	return ok && (failed.Code() == codes.SQLITE_CONSTRAINT_PRIMARYKEY || failed.Code() == codes.SQLITE_CONSTRAINT_UNIQUE)
}
