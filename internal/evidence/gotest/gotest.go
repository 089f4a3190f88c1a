// Package gotest reads the stream of events of `go test -json` (cmd/test2json).
//
//	{"Time":"2026-11-21T07:00:50Z","Action":"run","Package":"example.org/pump","Test":"TestClamp"}
//	{"Action":"output","Package":"example.org/pump","Test":"TestClamp","Output":"    pump_test.go:12: 7 > 5\n"}
//	{"Action":"fail","Package":"example.org/pump","Test":"TestClamp","Elapsed":0.01}
//	{"Action":"fail","Package":"example.org/pump","Elapsed":0.02}
//
// Every test and subtest that ended is a result, and so is one that began and did not end (failed). A package that
// failed without a failing test of its own (its build, its TestMain, a limit of time between tests) is a result
// without a name (error). Lines that are no events are faults, not the end. Clauses served: records of verification
// [62304 5.5.5], [62304 5.7.5].
package gotest

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/evidence/report"
)

// Format is the name of this format in a Report.
const Format = "go-test-json"

// Detect reports whether a report begins like a stream of events. A line or two before them, such as a download
// notice, do not hide them.
func Detect(name string, head []byte) bool {
	s := scanner{names: map[string]string{}}
	text := string(head)
	for range 20 {
		line, rest, whole := strings.Cut(text, "\n")
		if e, ok := s.scan([]byte(line)); ok && e.action != "" && (e.pack != "" || e.importPath != "" || e.test != "") {
			return true
		}
		if !whole {
			return false
		}
		text = rest
	}
	return false
}

// running is a test that has begun.
type running struct {
	at         int // line
	order      int
	output     report.Text
	properties []report.Property
}

// unit is a package while its tests run.
type unit struct {
	suite  int // index in the report
	tests  map[string]*running
	output report.Text
	failed bool // a test of it failed
	ended  bool
}

type reader struct {
	name    string
	builder *report.Builder
	line    int
	units   map[string]*unit
	order   []string // of units
	builds  map[string]*report.Text
	unknown map[string]bool // actions
	orders  int             // tests begun
	open    int             // tests running
}

// Read reads a report to its end. The error is that of r; what is wrong with the report is in its faults.
//
// goldthread:implements SRS-40
func Read(name string, r io.Reader, limits report.Limits) (*report.Report, error) {
	rd := &reader{
		name: name, builder: report.NewBuilder(Format, limits), units: map[string]*unit{},
		builds: map[string]*report.Text{}, unknown: map[string]bool{},
	}
	if err := rd.read(r); err != nil {
		return nil, err
	}
	rd.finish()
	return rd.builder.Report(), nil
}

func (r *reader) at() report.Position { return report.Position{File: r.name, Line: r.line} }

func (r *reader) fault(isError bool, message, remedy string) {
	r.builder.Fault(report.Fault{At: r.at(), Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) read(in io.Reader) error {
	limits := r.builder.Limits()
	lines := bufio.NewReaderSize(io.LimitReader(in, limits.Bytes+1), 1<<20)
	s := scanner{names: map[string]string{}}
	left := limits.Bytes
	for {
		line, size, err := nextLine(lines, limits.Token)
		if left -= int64(size); left < 0 {
			r.line++
			r.fault(true, fmt.Sprintf("the report is larger than %d bytes; the rest is not read", limits.Bytes), "split the report")
			return nil
		}
		if size > 0 {
			r.line++
			r.oneLine(&s, line, size)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s after line %d: %w", r.name, r.line, err)
		}
	}
}

func (r *reader) oneLine(s *scanner, line []byte, size int) {
	if line == nil {
		r.fault(true, fmt.Sprintf("the line is longer than %d bytes (%d) and is not read", r.builder.Limits().Token, size), "let the test print less")
		return
	}
	if strings.TrimSpace(string(line)) == "" {
		return
	}
	e, ok := s.scan(line)
	if !ok || e.action == "" {
		r.fault(false, "the line is no event of go test -json: "+excerpt(line), "keep other output out of the report: send it to another file")
		return
	}
	r.event(&e)
}

// nextLine reads a line without its end. A line beyond the limit is nil with its size; the bytes are valid until the
// next call.
func nextLine(r *bufio.Reader, limit int) (line []byte, size int, err error) {
	line, err = r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return trimEnd(line), len(line), err
	}
	long := append([]byte(nil), line...)
	size = len(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.ReadSlice('\n')
		size += len(line)
		if size <= limit {
			long = append(long, line...)
		} else {
			long = nil
		}
	}
	if size > limit {
		return nil, size, err
	}
	return trimEnd(long), size, err
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	if line == nil {
		return []byte{}
	}
	return line
}

// excerpt is the beginning of a line for a message.
func excerpt(line []byte) string {
	const length = 60
	if len(line) > length {
		return strconv.QuoteToGraphic(string(line[:length])) + " and more"
	}
	return strconv.QuoteToGraphic(string(line))
}

func (r *reader) event(e *event) {
	if most := r.builder.Limits().Results; r.open >= most && e.action == "run" || len(r.units) >= most && r.units[e.pack] == nil {
		r.fault(true, fmt.Sprintf("more than %d tests or packages run at once; this one is not read", most), "split the report")
		return
	}
	switch e.action {
	case "build-output":
		r.buildOutput(e)
	case "build-fail": // the package says so again when it fails
	case "start":
		r.unit(e)
	case "run":
		r.begin(e)
	case "pause", "cont":
	case "output":
		r.output(e)
	case "attr":
		r.property(e, report.Property{Name: e.key, Value: e.value})
	case "artifacts":
		r.property(e, report.Property{Name: "artifacts", Value: e.path})
	case "pass", "bench":
		r.end(e, report.Passed)
	case "fail":
		r.end(e, report.Failed)
	case "skip":
		r.end(e, report.Skipped)
	default:
		if !r.unknown[e.action] && len(r.unknown) < 100 {
			r.unknown[e.action] = true
			r.fault(false, fmt.Sprintf("the action %q is not known; its events are passed over", e.action), "tell us which version of Go wrote the report")
		}
	}
}

func (r *reader) buildOutput(e *event) {
	text := r.builds[e.importPath]
	if text == nil {
		if most := r.builder.Limits().Suites; len(r.builds) >= most {
			r.fault(true, fmt.Sprintf("more than %d packages were built; what the compiler said of this one is not read", most), "split the report")
			return
		}
		text = &report.Text{}
		r.builds[e.importPath] = text
	}
	r.builder.Append(text, e.output)
}

// unit is the package of an event; it is made where no start came before.
func (r *reader) unit(e *event) *unit {
	u := r.units[e.pack]
	if u == nil {
		u = &unit{tests: map[string]*running{}, suite: r.builder.Suite(report.Suite{Name: e.pack, Started: e.time, At: r.at()})}
		r.units[e.pack] = u
		r.order = append(r.order, e.pack)
		return u
	}
	if e.action == "start" && u.ended {
		// The same package again, as when two streams were joined.
		r.release(u)
		*u = unit{tests: map[string]*running{}, suite: r.builder.Suite(report.Suite{Name: e.pack, Started: e.time, At: r.at()})}
	}
	return u
}

func (r *reader) release(u *unit) { r.builder.Release(&u.output) }

func (r *reader) begin(e *event) {
	u := r.unit(e)
	u.ended = false
	if old := u.tests[e.test]; old != nil {
		r.unfinished(e.pack, e.test, u, old, "the test began again and its first run did not finish")
	}
	r.orders++
	r.open++
	u.tests[e.test] = &running{at: r.line, order: r.orders}
}

func (r *reader) forget(u *unit, test string) {
	if _, is := u.tests[test]; is {
		delete(u.tests, test)
		r.open--
	}
}

func (r *reader) output(e *event) {
	u := r.unit(e)
	if t := u.tests[e.test]; t != nil && e.test != "" {
		if !framing(e.output) {
			r.builder.Append(&t.output, e.output)
		}
		return
	}
	if strings.HasPrefix(e.output, "ok ") && strings.Contains(e.output, "(cached)") {
		r.builder.SuiteAt(u.suite).Cached = true
	}
	r.builder.Append(&u.output, e.output)
}

// framing says that a line is one with which the testing package frames the output of tests.
func framing(line string) bool {
	line = strings.TrimLeft(line, " ")
	if len(line) < 4 || line[0] != '=' && line[0] != '-' {
		return false
	}
	for _, prefix := range []string{"=== RUN  ", "=== PAUSE", "=== CONT ", "=== NAME ", "=== ATTR ", "--- PASS:", "--- FAIL:", "--- SKIP:", "--- BENCH:"} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

func (r *reader) property(e *event, p report.Property) {
	u := r.unit(e)
	list := &r.builder.SuiteAt(u.suite).Properties
	if t := u.tests[e.test]; t != nil && e.test != "" {
		list = &t.properties
	}
	r.builder.Property(list, p, r.at())
}

func (r *reader) end(e *event, outcome report.Outcome) {
	u := r.unit(e)
	if e.test == "" {
		r.endPackage(e, u, outcome)
		return
	}
	t := u.tests[e.test]
	if t == nil {
		// go test -json gives a run event to every test; other writers of the format may not.
		t = &running{at: r.line}
	}
	r.forget(u, e.test)
	u.failed = u.failed || outcome == report.Failed
	r.result(e.pack, e.test, t, outcome, seconds(e.elapsed))
}

func (r *reader) result(pack, test string, t *running, outcome report.Outcome, took time.Duration) {
	result := report.Result{
		Package: pack, Name: test, Outcome: outcome, Duration: took, Properties: t.properties,
		At: report.Position{File: r.name, Line: t.at},
	}
	if outcome == report.Passed {
		r.builder.Release(&t.output)
	} else {
		result.Message = strings.Trim(t.output.String(), "\n")
		result.File, result.Line = place(result.Message)
	}
	r.builder.Result(result)
}

// place finds the first "file.go:12: " with which the testing package begins messages.
func place(message string) (file string, line int) {
	for text := range strings.Lines(message) {
		text = strings.TrimLeft(text, " \t")
		name, rest, ok := strings.Cut(text, ".go:")
		if !ok || strings.ContainsAny(name, " \t") {
			continue
		}
		digits, _, ok := strings.Cut(rest, ":")
		if n, err := strconv.Atoi(digits); ok && err == nil && n > 0 {
			return name + ".go", n
		}
	}
	return "", 0
}

func (r *reader) endPackage(e *event, u *unit, outcome report.Outcome) {
	r.endTests(e.pack, u)
	u.ended = true
	suite := r.builder.SuiteAt(u.suite)
	suite.Outcome, suite.Duration = outcome, seconds(e.elapsed)
	if outcome != report.Failed {
		r.release(u)
		return
	}
	suite.Output = u.output.String()
	if u.failed {
		return
	}
	message := strings.Trim(suite.Output, "\n")
	if build := r.builds[e.failedBuild]; build != nil && e.failedBuild != "" {
		message = strings.Trim(build.String(), "\n")
	}
	r.builder.Result(report.Result{
		Package: e.pack, Outcome: report.Error, Duration: suite.Duration, At: r.at(), Message: message,
	})
}

// endTests ends the tests of a package that are still running, in the order in which they began.
func (r *reader) endTests(pack string, u *unit) {
	open := slices.SortedFunc(maps.Keys(u.tests), func(a, b string) int { return cmp.Compare(u.tests[a].order, u.tests[b].order) })
	for _, test := range open {
		r.unfinished(pack, test, u, u.tests[test], "the test did not finish")
	}
}

func (r *reader) unfinished(pack, test string, u *unit, t *running, why string) {
	r.forget(u, test)
	u.failed = true
	if !t.output.Empty() {
		r.builder.Append(&t.output, "\n")
	}
	r.builder.Append(&t.output, why)
	r.result(pack, test, t, report.Failed, 0)
}

// finish ends what the report left open.
func (r *reader) finish() {
	for _, pack := range r.order {
		u := r.units[pack]
		if u.ended {
			continue
		}
		r.endTests(pack, u)
		suite := r.builder.SuiteAt(u.suite)
		suite.Outcome, suite.Output = report.Error, u.output.String()
		r.fault(true, fmt.Sprintf("the report ends before the package %s does", pack), "run the tests again and keep the whole report")
	}
	if len(r.order) == 0 {
		r.fault(true, "the report holds no events of tests", "write it with: go test -json ./... > report.json")
	}
}

// seconds is a duration as written; what no clock can have measured is none.
func seconds(s float64) time.Duration {
	if !(s > 0) || s > math.MaxInt64/float64(time.Second)/2 {
		return 0
	}
	return time.Duration(math.Round(s * float64(time.Second)))
}
