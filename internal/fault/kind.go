package fault

import (
	"log/slog"
	"net/http"
)

// Kind says what sort of failure it is, and by the table of kinds how each edge answers. The zero value is no kind.
type Kind int

// The closed list of kinds.
const (
	// Invalid: the input cannot be taken as it is; the user must change it.
	Invalid Kind = iota + 1
	// NotFound: what was named does not exist, or the user may not know that it does.
	NotFound
	// Conflict: somebody else was quicker, or what should be new exists already.
	Conflict
	// Denied: the user may not do this.
	Denied
	// Unavailable: it cannot be done now, and may succeed later unchanged (locked, busy, cancelled, timed out).
	Unavailable
	// Full: no space is left to write on. Reading goes on, and so does writing once there is space again.
	Full
	// Corrupt: stored bytes are not those that were written; verification failed.
	Corrupt
	// Internal: a broken invariant of our own, or a failure nobody has classified.
	Internal
)

// Exit codes of the command line that are no failure of the program; those of failures come from Kind.ExitCode.
const (
	ExitOK       = 0
	ExitFindings = 1
)

// row is how the edges answer one kind.
type row struct {
	name   string
	status int
	exit   int
	level  slog.Level
}

// rowOf is the one table of kinds: name, HTTP status, exit code, log level. Exit codes: 2 usage or input, 3 denied,
// 4 verification failed, 5 internal or not available.
//
// goldthread:implements SRS-62
func rowOf(k Kind) (row, bool) {
	switch k {
	case Invalid:
		return row{"invalid", http.StatusUnprocessableEntity, 2, slog.LevelInfo}, true
	case NotFound:
		return row{"not found", http.StatusNotFound, 2, slog.LevelInfo}, true
	case Conflict:
		return row{"conflict", http.StatusConflict, 2, slog.LevelInfo}, true
	case Denied:
		return row{"denied", http.StatusForbidden, 3, slog.LevelWarn}, true
	case Unavailable:
		return row{"unavailable", http.StatusServiceUnavailable, 5, slog.LevelWarn}, true
	case Full:
		return row{"full", http.StatusInsufficientStorage, 5, slog.LevelError}, true
	case Corrupt:
		return row{"corrupt", http.StatusInternalServerError, 4, slog.LevelError}, true
	case Internal:
		return row{"internal", http.StatusInternalServerError, 5, slog.LevelError}, true
	default:
		return row{"unknown kind", http.StatusInternalServerError, 5, slog.LevelError}, false
	}
}

// Kinds lists every kind, in the order of their declaration.
func Kinds() []Kind {
	return []Kind{Invalid, NotFound, Conflict, Denied, Unavailable, Full, Corrupt, Internal}
}

// String is the kind's name.
func (k Kind) String() string { r, _ := rowOf(k); return r.name }

// Error makes a Kind usable as the target of errors.Is; return faults, not kinds.
func (k Kind) Error() string { return k.String() }

// HTTPStatus is the status of an answer that failed with this kind.
func (k Kind) HTTPStatus() int { r, _ := rowOf(k); return r.status }

// ExitCode is the exit code of a command that failed with this kind.
func (k Kind) ExitCode() int { r, _ := rowOf(k); return r.exit }

// Level is the level at which a failure of this kind is logged.
func (k Kind) Level() slog.Level { r, _ := rowOf(k); return r.level }

func (k Kind) known() bool { _, ok := rowOf(k); return ok }
