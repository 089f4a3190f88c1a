// Package evidence reads reports of tests: it finds out in which format a report is and hands it to the reader of
// that format. The types are those of package report under their short names.
//
// It does not know requirements, builds or projects; what a result proves is decided where it is bound to them. A new
// format is a folder beside the others and a row in Formats. Clauses served: records of verification [62304 5.5.5],
// [62304 5.6.7], [62304 5.7.5].
package evidence

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/goldthread/goldthread/internal/evidence/gotest"
	"github.com/goldthread/goldthread/internal/evidence/junit"
	"github.com/goldthread/goldthread/internal/evidence/report"
)

// The types of a report.
type (
	Report   = report.Report
	Result   = report.Result
	Suite    = report.Suite
	Outcome  = report.Outcome
	Position = report.Position
	Property = report.Property
	Fault    = report.Fault
	Limits   = report.Limits
)

// The outcomes of a test.
const (
	Passed  = report.Passed
	Failed  = report.Failed
	Error   = report.Error
	Skipped = report.Skipped
)

// Outcomes is the closed list of outcomes.
func Outcomes() []Outcome { return report.Outcomes() }

// Format is one format of reports.
type Format struct {
	Name   string
	Title  string // for people
	detect func(name string, head []byte) bool
	read   func(name string, r io.Reader, limits Limits) (*Report, error)
}

// Formats are all formats, in the order in which they are tried.
func Formats() []Format {
	return []Format{
		{gotest.Format, "go test -json", gotest.Detect, gotest.Read},
		{junit.Format, "JUnit XML", junit.Detect, junit.Read},
	}
}

// headBytes is how much of a report is looked at to tell its format.
const headBytes = 16 << 10

// ErrUnknown says that a report is in no format that is read here.
var ErrUnknown = errors.New("the report is in no known format")

// Detect finds the format of a report by its beginning; the name is for formats that look alike.
func Detect(name string, head []byte) (Format, bool) {
	for _, f := range Formats() {
		if f.detect(name, head) {
			return f, true
		}
	}
	return Format{}, false
}

// Read reads a report in whichever format it is. The error is ErrUnknown or that of r; what is wrong with the report
// itself is in its faults.
//
// goldthread:implements SRS-42
func Read(name string, r io.Reader, limits Limits) (*Report, error) {
	in := bufio.NewReaderSize(r, headBytes)
	head, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	format, ok := Detect(name, head)
	if !ok {
		return nil, fmt.Errorf("read %s: %w (known are go test -json and JUnit XML)", name, ErrUnknown)
	}
	return format.read(name, in, limits)
}

// ReadAs reads a report in the format of a name.
func ReadAs(format, name string, r io.Reader, limits Limits) (*Report, error) {
	for _, f := range Formats() {
		if f.Name == format {
			return f.read(name, r, limits)
		}
	}
	return nil, fmt.Errorf("read %s as %s: %w", name, format, ErrUnknown)
}
