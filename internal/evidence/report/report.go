// Package report holds the neutral form of a test report: which tests ran, how each ended, and where in the report
// that is written. The readers in the folders beside it deliver it; package evidence chooses among them.
//
// It does not say what a result proves: that is for whoever binds it to a build and to requirements. It refuses to
// guess: a test without an end has failed, a report whose own counts do not fit its tests has a fault. Clauses
// served: records of verification [62304 5.5.5], [62304 5.6.7], [62304 5.7.5].
package report

import (
	"fmt"
	"time"
)

// Outcome says how a test ended.
type Outcome string

const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"  // the test found a fault, or did not finish
	Error   Outcome = "error"   // the test could not be carried out
	Skipped Outcome = "skipped" // the test was not carried out
)

// Outcomes is the closed list of outcomes.
func Outcomes() []Outcome { return []Outcome{Passed, Failed, Error, Skipped} }

// Position is a place in a report.
type Position struct {
	File string // as the caller named the report
	Line int    // from 1; 0 when the whole report is meant
}

// String gives the form that editors jump to.
func (p Position) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return p.File
}

// Property is a name and value that a report gives a test or suite. Names may repeat.
type Property struct{ Name, Value string }

// Result is how one test ended in one run. A test that ran twice has two.
type Result struct {
	Suite      string // JUnit: names of the suites around the test, outermost first, divided by /
	Class      string // JUnit: classname
	Name       string // of the test; empty for a package that failed as a whole
	Package    string // Go: import path
	File       string // source file, as the report names it; for a failed Go test that of the first message
	Line       int    // in File, 0 when not known
	Outcome    Outcome
	Flaky      bool // it failed and passed when run again
	Duration   time.Duration
	Message    string // why it did not pass; empty for a test that passed
	At         Position
	Properties []Property
}

// Suite is a group of tests with what the report says of it as a whole: a package in Go, a testsuite in JUnit.
type Suite struct {
	Name       string
	Outcome    Outcome // Go: of the package; JUnit has none
	Started    string  // time as written
	Duration   time.Duration
	Cached     bool   // Go: the results are those of an earlier run
	Output     string // Go: of a package that failed, what no test printed
	At         Position
	Properties []Property
}

// Fault is one thing in a report that could not be read as it stands.
type Fault struct {
	At      Position
	Message string // what is wrong, one sentence
	Remedy  string // the way out
	Error   bool   // something is missing from the Report; otherwise it was read with the reservation named
}

// Report is everything one report says.
type Report struct {
	Format  string
	Results []Result // in the order of the report
	Suites  []Suite
	Faults  []Fault
}

// Counts is the number of results of each outcome; all outcomes are there.
func (r *Report) Counts() map[Outcome]int {
	counts := make(map[Outcome]int, len(Outcomes()))
	for _, o := range Outcomes() {
		counts[o] = 0
	}
	for i := range r.Results {
		counts[r.Results[i].Outcome]++
	}
	return counts
}

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-43
type Limits struct {
	Bytes   int64 // of the whole report; default 2 GiB
	Token   int   // bytes of one line or XML token; default 32 MiB
	Depth   int   // of nested XML elements; default 100
	Message int   // bytes of one result's message; default 1 MiB
	Text    int   // bytes of all messages, outputs and properties held at once; default 256 MiB
	Results int   // default 5,000,000
	Suites  int   // default 500,000
	Faults  int   // faults listed one by one; default 1,000
}

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	set := func(n *int, standard int) {
		if *n <= 0 {
			*n = standard
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 2 << 30
	}
	set(&l.Token, 32<<20)
	set(&l.Depth, 100)
	set(&l.Message, 1<<20)
	set(&l.Text, 256<<20)
	set(&l.Results, 5_000_000)
	set(&l.Suites, 500_000)
	set(&l.Faults, 1_000)
	return l
}
