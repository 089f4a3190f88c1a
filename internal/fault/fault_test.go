package fault_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/fault"
)

// goldthread:verifies SRS-62
func TestTableOfKinds(t *testing.T) {
	type answer struct {
		Name         string
		Status, Exit int
		Level        slog.Level
	}
	want := []answer{
		{"invalid", 422, 2, slog.LevelInfo},
		{"not found", 404, 2, slog.LevelInfo},
		{"conflict", 409, 2, slog.LevelInfo},
		{"denied", 403, 3, slog.LevelWarn},
		{"unavailable", 503, 5, slog.LevelWarn},
		{"full", 507, 5, slog.LevelError},
		{"corrupt", 500, 4, slog.LevelError},
		{"internal", 500, 5, slog.LevelError},
	}
	var got []answer
	for _, k := range fault.Kinds() {
		got = append(got, answer{k.String(), k.HTTPStatus(), k.ExitCode(), k.Level()})
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("table of kinds (-want +got):\n%s", d)
	}
}

func TestKindsAreAClosedList(t *testing.T) {
	last := fault.Kinds()[len(fault.Kinds())-1]
	for _, k := range []fault.Kind{0, last + 1} {
		if k.String() != "unknown kind" || k.HTTPStatus() != 500 || k.ExitCode() != 5 {
			t.Errorf("Kind(%d) = %s, %d, %d; want an unknown kind answered as internal", int(k), k, k.HTTPStatus(), k.ExitCode())
		}
	}
	for i, k := range fault.Kinds() {
		if int(k) != i+1 {
			t.Errorf("Kinds()[%d] = %d: a kind is missing from the list", i, int(k))
		}
	}
}

// goldthread:verifies SRS-63
func TestReadingAFault(t *testing.T) {
	cause := &fs.PathError{Op: "open", Path: "ledger.db", Err: fs.ErrNotExist}
	missing := fault.New(fault.NotFound, "project pump does not exist", cause)
	tests := []struct {
		sentence string
		err      error
		kind     fault.Kind
		text     string
		hint     string
		log      string
	}{
		{"no error has no kind", nil, 0, "", "", ""},
		{"an error nobody classified is internal and gives nothing away", errors.New("secret path"), fault.Internal,
			"something went wrong inside goldthread", "", "secret path"},
		{"a fault tells its sentence, its log text has the cause", missing, fault.NotFound,
			"project pump does not exist", "", "project pump does not exist: open ledger.db: file does not exist"},
		{"wrapping adds context to the log and nothing to the sentence", fmt.Errorf("serve: %w", missing.WithHint("goldthread init pump")), fault.NotFound,
			"project pump does not exist", "goldthread init pump", "serve: project pump does not exist: open ledger.db: file does not exist"},
		{"the outermost fault decides the kind, an inner hint is kept",
			fault.New(fault.Conflict, "cannot push", missing.WithHint("goldthread init pump")), fault.Conflict,
			"cannot push", "goldthread init pump", "cannot push: project pump does not exist: open ledger.db: file does not exist"},
		{"the zero kind is answered as internal", fault.New(0, "x", nil), fault.Internal, "x", "", "x"},
		{"a sentence may be formatted", fault.Newf(fault.Invalid, "line %d", 3), fault.Invalid, "line 3", "", "line 3"},
		{"a fault is found in joined errors", errors.Join(errors.New("first"), missing), fault.NotFound,
			"project pump does not exist", "", "first\nproject pump does not exist: open ledger.db: file does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.kind {
				t.Errorf("KindOf = %v, want %v", got, tt.kind)
			}
			if got := fault.Sentence(tt.err); got != tt.text {
				t.Errorf("Sentence = %q, want %q", got, tt.text)
			}
			if got := fault.Hint(tt.err); got != tt.hint {
				t.Errorf("Hint = %q, want %q", got, tt.hint)
			}
			if tt.err != nil && tt.err.Error() != tt.log {
				t.Errorf("Error() = %q, want %q", tt.err.Error(), tt.log)
			}
		})
	}
}

// goldthread:verifies SRS-63
func TestTheCauseIsNeverLost(t *testing.T) {
	cause := &fs.PathError{Op: "open", Path: "ledger.db", Err: fs.ErrNotExist}
	err := fmt.Errorf("serve: %w", fault.New(fault.Unavailable, "outer", fault.New(fault.NotFound, "inner", cause)))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("errors.Is does not see the cause")
	}
	if got, ok := errors.AsType[*fs.PathError](err); !ok || got != cause {
		t.Error("errors.As does not see the cause")
	}
	if !errors.Is(err, fault.Unavailable) || !errors.Is(err, fault.NotFound) {
		t.Error("errors.Is does not see the kinds")
	}
	if errors.Is(err, fault.Denied) {
		t.Error("errors.Is sees a kind that is not there")
	}
}

func TestWithHintLeavesTheOriginalAlone(t *testing.T) {
	shared := fault.New(fault.Denied, "no", nil)
	_ = shared.WithHint("ask")
	if fault.Hint(shared) != "" || strings.Contains(shared.Error(), "ask") {
		t.Error("WithHint changed the fault it was called on")
	}
}
