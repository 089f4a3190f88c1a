package report

import (
	"fmt"
	"unicode/utf8"
)

// Builder collects a Report within limits; readers use it so that every format is bounded and says so in one way.
type Builder struct {
	limits  Limits
	report  Report
	text    int // bytes of messages and outputs held
	dropped int // faults beyond the limit
	errors  bool
	missing int   // results beyond the limit
	scrap   Suite // stands for suites beyond the limit
	full    bool  // a property was left out
}

// NewBuilder begins a report.
func NewBuilder(format string, limits Limits) *Builder {
	return &Builder{limits: limits.WithDefaults(), report: Report{Format: format}}
}

// Limits are those in force.
func (b *Builder) Limits() Limits { return b.limits }

// Fault adds a fault; those beyond the limit are counted.
func (b *Builder) Fault(f Fault) {
	if len(b.report.Faults) >= b.limits.Faults {
		b.dropped++
		b.errors = b.errors || f.Error
		return
	}
	b.report.Faults = append(b.report.Faults, f)
}

// Result adds a result.
func (b *Builder) Result(r Result) {
	if len(b.report.Results) >= b.limits.Results {
		if b.missing == 0 {
			b.Fault(Fault{At: r.At, Error: true, Message: fmt.Sprintf("the report has more than %d results; from here on none is read", b.limits.Results),
				Remedy: "split the report"})
		}
		b.missing++
		return
	}
	b.report.Results = append(b.report.Results, r)
}

// Suite adds a suite and gives its index.
func (b *Builder) Suite(s Suite) int {
	if len(b.report.Suites) >= b.limits.Suites {
		if b.scrap.Name == "" {
			b.Fault(Fault{At: s.At, Error: true, Message: fmt.Sprintf("the report has more than %d suites; from here on only their tests are read", b.limits.Suites),
				Remedy: "split the report"})
		}
		b.scrap = Suite{Name: "beyond the limit"}
		return -1
	}
	b.report.Suites = append(b.report.Suites, s)
	return len(b.report.Suites) - 1
}

// SuiteAt is the suite that Suite added under an index, to be completed.
func (b *Builder) SuiteAt(index int) *Suite {
	if index < 0 {
		return &b.scrap
	}
	return &b.report.Suites[index]
}

// Property adds a property to a list, and says whether there was room for it.
func (b *Builder) Property(list *[]Property, p Property, at Position) bool {
	const frame = 32 // bytes that a property without any text takes
	size := len(p.Name) + len(p.Value) + frame
	if size > b.limits.Text-b.text {
		if !b.full {
			b.full = true
			b.Fault(Fault{At: at, Error: true, Message: fmt.Sprintf("the texts of the report are larger than %d bytes; this property and those that find no room are left out", b.limits.Text),
				Remedy: "split the report, or let the tests print less"})
		}
		return false
	}
	b.text += size
	*list = append(*list, p)
	return true
}

// Results counts the results so far.
func (b *Builder) Results() int { return len(b.report.Results) + b.missing }

// Report ends the report.
func (b *Builder) Report() *Report {
	if b.dropped > 0 {
		b.report.Faults = append(b.report.Faults, Fault{Error: b.errors,
			Message: fmt.Sprintf("%d more faults of this report are not listed", b.dropped), Remedy: "mend those listed and read the report again"})
	}
	return &b.report
}

// Text is a text that grows within the limits: bytes that do not fit are counted, and the text says so.
type Text struct {
	bytes []byte
	cut   int
}

// Append adds to a text held by the builder.
func (b *Builder) Append(t *Text, s string) {
	room := min(b.limits.Message-len(t.bytes), b.limits.Text-b.text)
	if t.cut > 0 || room < len(s) {
		keep := max(0, min(room, len(s)))
		if t.cut > 0 {
			keep = 0
		}
		for keep > 0 && keep < len(s) && !utf8.RuneStart(s[keep]) {
			keep--
		}
		t.cut += len(s) - keep
		s = s[:keep]
	}
	t.bytes = append(t.bytes, s...)
	b.text += len(s)
}

// Release forgets a text that is not needed.
func (b *Builder) Release(t *Text) {
	b.text -= len(t.bytes)
	*t = Text{}
}

// String is the text, with a last line where it was cut.
func (t *Text) String() string {
	if t.cut > 0 {
		return fmt.Sprintf("%s\n[%d bytes more are in the report]", t.bytes, t.cut)
	}
	return string(t.bytes)
}

// Empty says that nothing was added.
func (t *Text) Empty() bool { return len(t.bytes) == 0 && t.cut == 0 }
