// Package junit reads the XML reports that JUnit's Ant task began and every test runner writes in its own way:
// testsuites or testsuite as root, suites in suites, attributes that may be missing.
//
//	<testsuites>
//	  <testsuite name="dose" tests="2" failures="1" time="0.2">
//	    <testcase classname="DoseTest" name="cap" file="dose_test.py" line="12" time="0.1">
//	      <properties><property name="verifies" value="SRS-12"/></properties>
//	      <failure message="7 > 5" type="AssertionError">trace</failure>
//	    </testcase>
//	    <testcase classname="DoseTest" name="zero" time="0.1"/>
//	  </testsuite>
//	</testsuites>
//
// A test with error, failure and skipped is counted by the first of these. A test that failed and passed when run
// again (flakyFailure, flakyError) passed and is flaky; one whose reruns failed too (rerunFailure) failed. An error or
// failure that stands in a suite and in no test is a result without a name. Counts
// that a suite claims and its tests do not bear out are faults. Documents with a DOCTYPE are refused, entities
// beside the five of XML and unknown encodings too. Clauses served: records of verification [62304 5.5.5],
// [62304 5.7.5].
package junit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/evidence/report"
)

// Format is the name of this format in a Report.
const Format = "junit"

// Detect reports whether a report begins like JUnit XML: its first element is testsuites, testsuite or testcase.
func Detect(name string, head []byte) bool {
	z := newTokens(toUTF8(bytes.NewReader(head)), len(head))
	for range 100 {
		switch k, err := z.next(false); {
		case k == tokenDoctype:
			return bytes.Contains(head, []byte("<testsuite")) // Read says what is wrong with it
		case err != nil || k == tokenEnd:
			return false
		case k == tokenOpen:
			return rootElement(z.element.name)
		}
	}
	return false
}

func rootElement(name string) bool {
	return name == "testsuites" || name == "testsuite" || name == "testcase"
}

// suite is a testsuite while it is open.
type suite struct {
	index  int
	path   string
	claims [3]int // of claimNames; -1 when not claimed
	counts [3]int
}

var claimNames = [3]string{"tests", "failures", "errors"}

// test is a testcase while it is open.
type test struct {
	result  report.Result
	verdict [3]bool        // error, failure, skipped
	texts   [3]report.Text // of each
	suite   bool           // no test: an error or failure of the suite itself
	flaky   bool
	system  report.Text // system-out and system-err
}

// The verdicts in the order in which they count.
const (
	isError = iota
	isFailure
	isSkipped
)

type reader struct {
	name     string
	builder  *report.Builder
	tokens   *tokens
	open     []string // names of the elements around the present place
	suites   []suite
	test     *test
	text     *report.Text // where characters go, nil to pass over them
	textAt   int          // depth of the element whose characters are gathered
	property *report.Property
	root     bool
}

// Read reads a report to its end. The error is that of r; what is wrong with the report is in its faults.
//
// goldthread:implements SRS-41
func Read(name string, r io.Reader, limits report.Limits) (*report.Report, error) {
	rd := &reader{name: name, builder: report.NewBuilder(Format, limits)}
	l := rd.builder.Limits()
	in := &limited{in: r, left: l.Bytes}
	rd.tokens = newTokens(toUTF8(in), l.Token)
	rd.read()
	if in.err != nil {
		return nil, fmt.Errorf("read %s: %w", name, in.err)
	}
	if n := rd.tokens.replaced; n > 0 {
		rd.builder.Fault(report.Fault{At: report.Position{File: name}, Message: fmt.Sprintf("the report holds control characters, which XML forbids (%d); they are read as ?", n),
			Remedy: "turn colours off in the output of the tests"})
	}
	return rd.builder.Report(), nil
}

func (r *reader) at() report.Position { return report.Position{File: r.name, Line: r.tokens.line} }

func (r *reader) place(e *element) report.Position {
	return report.Position{File: r.name, Line: e.line}
}

func (r *reader) fault(isError bool, message, remedy string) {
	r.builder.Fault(report.Fault{At: r.at(), Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) read() {
	for {
		k, err := r.tokens.next(r.text != nil || len(r.open) == 0)
		if err != nil {
			r.unreadable(err)
			return
		}
		more := true
		switch k {
		case tokenOpen:
			more = r.start(&r.tokens.element)
		case tokenClose:
			more = r.end(r.tokens.name)
		case tokenText:
			more = r.characters(r.tokens.text)
		case tokenDoctype:
			r.fault(true, "the report has a DOCTYPE, which is refused; from here on nothing is read", "remove the line that begins with <!")
			r.abandon()
			more = false
		case tokenEnd:
			r.ended()
			more = false
		default:
			panic(fmt.Sprintf("junit: token of kind %d", k)) // of our own making
		}
		if !more {
			return
		}
	}
}

func (r *reader) characters(text []byte) bool {
	switch {
	case r.text != nil:
		r.builder.Append(r.text, string(text))
	case len(bytes.TrimSpace(text)) > 0:
		r.fault(true, "text stands outside the root element; from here on nothing is read", "let the test runner write it again")
		return false
	}
	return true
}

// ended takes the end of the input.
func (r *reader) ended() {
	switch {
	case len(r.open) > 0:
		r.unreadable(errCut)
	case !r.root:
		r.fault(true, "the report is empty", "let the test runner write it again")
	}
}

// unreadable takes what makes the rest of a report unreadable.
func (r *reader) unreadable(err error) {
	limits := r.builder.Limits()
	switch {
	case errors.Is(err, errCut):
		r.fault(true, fmt.Sprintf("the report ends within the element %s", r.innermost()), "let the test runner write it again, to its end")
	case errors.Is(err, errTooLarge):
		r.fault(true, fmt.Sprintf("the report is larger than %d bytes; the rest is not read", limits.Bytes), "split the report")
	case errors.Is(err, errTag):
		r.fault(true, fmt.Sprintf("a tag is larger than %d bytes; from here on nothing is read", limits.Token), "let the tests have shorter names and messages")
	default:
		r.fault(true, "the report is no well-formed XML; from here on nothing is read: "+err.Error(), "let the test runner write it again")
	}
	r.abandon()
}

func (r *reader) innermost() string {
	if len(r.open) == 0 {
		return "testsuites"
	}
	return r.open[len(r.open)-1]
}

// abandon keeps the test that was open: its outcome is not known.
func (r *reader) abandon() {
	if r.test == nil {
		return
	}
	t := r.test
	if !t.verdict[isError] && !t.verdict[isFailure] {
		t.verdict[isError] = true
		r.builder.Append(&t.texts[isError], "the report ends within this test")
	}
	r.endTest()
}

func (r *reader) start(e *element) bool {
	if depth := r.builder.Limits().Depth; len(r.open) >= depth {
		r.fault(true, fmt.Sprintf("elements are nested more than %d deep; from here on nothing is read", depth), "let the test runner write a flatter report")
		r.abandon()
		return false
	}
	name := e.name
	if len(r.open) == 0 && !r.first(name) {
		return false
	}
	r.open = append(r.open, name)
	if r.text != nil {
		return true // an element inside a text
	}
	switch name {
	case "testsuite":
		r.startSuite(e)
	case "testcase":
		r.startTest(e)
	case "property":
		r.startProperty(e)
	case "error", "failure", "skipped", "flakyFailure", "flakyError", "rerunFailure", "rerunError", "system-out", "system-err":
		r.startVerdict(name, e)
	}
	return true
}

// first looks at the root of the report; a second root is an error.
func (r *reader) first(name string) bool {
	switch {
	case r.root:
		r.fault(true, fmt.Sprintf("the report has a second root element %s, which is not read", name), "keep each report in a file of its own")
		return false
	case !rootElement(name):
		r.fault(true, fmt.Sprintf("the root element is %s, not testsuites or testsuite", name), "give a report in JUnit's format")
		return false
	}
	r.root = true
	return true
}

func (r *reader) startSuite(e *element) {
	if r.test != nil {
		r.fault(false, "a testsuite stands within a testcase; its tests are read", "let the test runner write a valid report")
		r.endTest()
	}
	s := suite{path: e.get("name"), claims: [3]int{-1, -1, -1}}
	if n := len(r.suites); n > 0 {
		s.path = strings.Trim(r.suites[n-1].path+"/"+s.path, "/")
	}
	for i, name := range claimNames {
		s.claims[i] = claim(e.get(name))
	}
	s.index = r.builder.Suite(report.Suite{Name: s.path, Started: e.get("timestamp"), Duration: seconds(e.get("time")), At: r.place(e)})
	r.suites = append(r.suites, s)
}

func claim(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func (r *reader) startTest(e *element) {
	if r.test != nil {
		r.fault(false, "a testcase stands within another; both are read", "let the test runner write a valid report")
		r.endTest()
	}
	t := &test{result: report.Result{
		Class: e.get("classname"), Name: e.get("name"), File: e.get("file"), Line: max(0, claim(e.get("line"))),
		Duration: seconds(e.get("time")), At: r.place(e),
	}}
	if t.result.Class == "" {
		t.result.Class = e.get("class")
	}
	if n := len(r.suites); n > 0 {
		t.result.Suite = r.suites[n-1].path
	}
	for _, name := range []string{"status", "result"} {
		r.status(t, name, e.get(name))
	}
	r.test = t
}

// status takes the words with which some runners say in an attribute what others say in an element.
func (r *reader) status(t *test, name, word string) {
	verdict := -1
	switch strings.ToLower(word) {
	case "notrun", "disabled", "skipped", "ignored", "suppressed":
		verdict = isSkipped
	case "fail", "failed", "failure", "timeout":
		verdict = isFailure
	case "error":
		verdict = isError
	default:
		return
	}
	if !t.verdict[verdict] {
		t.verdict[verdict] = true
		r.builder.Append(&t.texts[verdict], name+": "+word+"\n")
	}
}

func (r *reader) startProperty(e *element) {
	p := report.Property{Name: e.get("name"), Value: e.get("value")}
	var list *[]report.Property
	switch {
	case r.test != nil:
		list = &r.test.result.Properties
	case len(r.suites) > 0:
		list = &r.builder.SuiteAt(r.suites[len(r.suites)-1].index).Properties
	default:
		return
	}
	if r.builder.Property(list, p, r.place(e)) && !e.has("value") { // some writers put the value into the element
		r.gather(&report.Text{})
		r.property = &(*list)[len(*list)-1]
	}
}

// gather sends the characters of the element just opened into a text.
func (r *reader) gather(text *report.Text) {
	r.text, r.textAt = text, len(r.open)
}

func (r *reader) startVerdict(name string, e *element) {
	t := r.test
	if t == nil {
		if len(r.suites) == 0 || name != "error" && name != "failure" {
			return // output of a suite
		}
		// A suite that could not be carried out has no test to say so.
		t = &test{suite: true, result: report.Result{Suite: r.suites[len(r.suites)-1].path, At: r.place(e)}}
		r.test = t
	}
	verdict := -1
	switch name {
	case "error":
		verdict = isError
	case "failure", "rerunFailure", "rerunError":
		verdict = isFailure
	case "skipped":
		verdict = isSkipped
	case "flakyFailure", "flakyError":
		t.flaky = true
		r.headline(&t.system, e)
		r.gather(&t.system)
		return
	default: // system-out, system-err
		r.gather(&t.system)
		return
	}
	t.verdict[verdict] = true
	r.headline(&t.texts[verdict], e)
	r.gather(&t.texts[verdict])
}

// headline begins a text with the type and message of an element.
func (r *reader) headline(text *report.Text, e *element) {
	parts := make([]string, 0, 2)
	for _, name := range []string{"type", "message"} {
		if part := e.get(name); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return
	}
	if !text.Empty() {
		r.builder.Append(text, "\n")
	}
	r.builder.Append(text, strings.Join(parts, ": ")+"\n")
}

func (r *reader) end(name string) bool {
	if len(r.open) == 0 || r.innermost() != name {
		r.fault(true, fmt.Sprintf("the report is no well-formed XML; from here on nothing is read: </%s> closes no element", name), "let the test runner write it again")
		r.abandon()
		return false
	}
	if r.text != nil && len(r.open) == r.textAt {
		if r.property != nil {
			r.property.Value = strings.TrimSpace(r.text.String())
			r.builder.Release(r.text)
			r.property = nil
		}
		r.text = nil
	}
	r.open = r.open[:len(r.open)-1]
	if r.text != nil {
		return true
	}
	switch name {
	case "error", "failure":
		if r.test != nil && r.test.suite {
			r.endTest()
		}
	case "testcase":
		if r.test != nil {
			r.endTest()
		}
	case "testsuite":
		r.endSuite()
	}
	return true
}

func (r *reader) endTest() {
	t := r.test
	r.test, r.text, r.property = nil, nil, nil
	t.result.Outcome = report.Passed
	switch {
	case t.verdict[isError]:
		t.result.Outcome = report.Error
	case t.verdict[isFailure]:
		t.result.Outcome = report.Failed
	case t.verdict[isSkipped]:
		t.result.Outcome = report.Skipped
	}
	t.result.Flaky = t.flaky && t.result.Outcome == report.Passed
	t.result.Message = r.message(t)
	r.count(t)
	r.builder.Result(t.result)
}

// message joins what was said of a test that did not pass; of one that did, nothing is kept but of a flaky one.
func (r *reader) message(t *test) string {
	var parts []string
	for i := range t.texts {
		if text := tidy(t.texts[i].String()); text != "" {
			parts = append(parts, text)
		}
	}
	if t.result.Outcome == report.Passed && !t.flaky {
		r.builder.Release(&t.system)
	}
	if text := tidy(t.system.String()); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}

// tidy takes the blank lines and indentation off that XML puts around a text.
func tidy(text string) string {
	return strings.TrimRight(strings.TrimLeft(text, "\r\n"), " \t\r\n")
}

// count adds a test to the suites around it.
func (r *reader) count(t *test) {
	for i := range r.suites {
		counts := &r.suites[i].counts
		if !t.suite {
			counts[0]++
		}
		switch t.result.Outcome {
		case report.Failed:
			counts[1]++
		case report.Error:
			counts[2]++
		}
	}
}

// endSuite compares what a suite claims with its tests: a report that lost tests must not look complete.
func (r *reader) endSuite() {
	if len(r.suites) == 0 {
		return
	}
	s := r.suites[len(r.suites)-1]
	r.suites = r.suites[:len(r.suites)-1]
	if s.claims[0] >= 0 && s.claims[0] > s.counts[0] {
		r.fault(true, fmt.Sprintf("the suite %q claims %d tests and holds %d", s.path, s.claims[0], s.counts[0]), "let the test runner write the whole report")
		return
	}
	// Runners disagree on what is a failure and what an error; both together must not be more than what was found.
	claimed := max(0, s.claims[1]) + max(0, s.claims[2])
	if found := s.counts[1] + s.counts[2]; claimed > found {
		r.fault(true, fmt.Sprintf("the suite %q claims %d failures and errors and holds %d", s.path, claimed, found), "look for the failed tests in the output of the test runner")
	}
}

// seconds is a duration as written, with a comma for thousands (1,234.5) or decimals (0,5); what no clock can have
// measured is none.
func seconds(text string) time.Duration {
	text = strings.TrimSpace(text)
	if whole, rest, ok := strings.Cut(text, ","); ok {
		if strings.ContainsAny(rest, ".,") || len(rest) == 3 && strings.Trim(whole, "0") != "" {
			text = strings.ReplaceAll(text, ",", "")
		} else {
			text = whole + "." + rest
		}
	}
	s, err := strconv.ParseFloat(text, 64)
	if err != nil || !(s > 0) || s > math.MaxInt64/float64(time.Second)/2 {
		return 0
	}
	return time.Duration(math.Round(s * float64(time.Second)))
}
