package verification

import (
	"path"
	"slices"
	"strings"
)

// Outcome is what became of a test.
type Outcome string

// The closed list of outcomes, worst first. NoResult is that of a test that no
// report speaks of.
const (
	Failed   Outcome = "failed"
	Skipped  Outcome = "skipped"
	Passed   Outcome = "passed"
	NoResult Outcome = "no result"
)

// Outcomes lists the outcomes that a report can hold, worst first.
func Outcomes() []Outcome { return []Outcome{Failed, Skipped, Passed} }

// known is an outcome of the closed list. What a later version may have recorded
// counts as failed: it is not known to have passed.
func known(o Outcome) Outcome {
	if o != NoResult && !slices.Contains(Outcomes(), o) {
		return Failed
	}
	return o
}

// Worse returns the worse of two outcomes; any is worse than no result.
func Worse(a, b Outcome) Outcome {
	a, b = known(a), known(b)
	for _, o := range Outcomes() {
		if a == o || b == o {
			return o
		}
	}
	return NoResult
}

// Reported is one result of a test report.
type Reported struct {
	Package, Suite, Class, Name, File string // as the report says, "" where it does not
	Outcome                           Outcome
	Message                           string
	Report                            string // file of the report
	Line                              int
}

// Test is one tagged test of the sources.
type Test struct {
	Package string // import path or module, "" where unknown
	File    string
	Name    string // TestX, Class.method, Suite.Name; "" for a tag on a whole file
}

// Match assigns results to tests. It returns for every test the indexes of its
// results, and the results that belong to no test. A result belongs to the
// test of its name whose package, class and file agree best. Where several
// agree equally, a failed result counts for each of them, and another for none:
// what may have failed is not shown as passed.
func Match(tests []Test, results []Reported) (byTest [][]int, unmatched []int) {
	m := newMatcher(tests)
	byTest = make([][]int, len(tests))
	for i := range results {
		found := m.find(&results[i])
		if len(found) == 0 || len(found) > 1 && known(results[i].Outcome) != Failed {
			unmatched = append(unmatched, i)
			continue
		}
		for _, t := range found {
			byTest[t] = append(byTest[t], i)
		}
	}
	return byTest, unmatched
}

type matcher struct {
	tests      []Test
	byName     map[string][]int     // last part of the name
	bySentence map[string][]reading // of names that are sentences
	// Tags on whole files, by the file's own name and by the last word of it.
	byFile, byStem map[string][]int
}

func newMatcher(tests []Test) *matcher {
	m := &matcher{tests: tests, byName: map[string][]int{}, bySentence: map[string][]reading{}, byFile: map[string][]int{}, byStem: map[string][]int{}}
	for i, t := range tests {
		if t.Name == "" {
			base, word := path.Base(slashes(t.File)), lastWord(stem(t.File))
			m.byFile[base], m.byStem[word] = append(m.byFile[base], i), append(m.byStem[word], i)
			continue
		}
		_, method := splitName(t.Name)
		m.byName[method] = append(m.byName[method], i)
		m.addReadings(i)
	}
	return m
}

// splitName splits Class.method; a name with blanks is one of those that are
// sentences, and only its readings have a class.
func splitName(name string) (class, method string) {
	if isSentence(name) {
		return "", name
	}
	if i := strings.LastIndexAny(name, ".#"); i > 0 && i+1 < len(name) {
		return name[:i], name[i+1:]
	}
	if i := strings.LastIndex(name, "::"); i > 0 {
		return name[:i], name[i+2:]
	}
	return "", name
}

func isSentence(name string) bool { return strings.ContainsAny(name, " \t") }

// find returns the tests that a result belongs to, best agreement only.
func (m *matcher) find(r *Reported) []int {
	var b best
	for _, s := range spellings(r.Name) {
		_, method := splitName(s.name)
		for _, i := range m.byName[method] {
			if s.how == bare && isSentence(m.tests[i].Name) {
				continue // who writes sentences adds no parameters, unless behind a class
			}
			b.add(i)(agreement(&m.tests[i], r, s.name))
		}
		for _, g := range m.bySentence[s.name] {
			if s.how == exact || s.how == bare && g.how == behindClass {
				b.add(g.test)(g.agreement(&m.tests[g.test], r))
			}
		}
		if len(b.tests) > 0 {
			return b.tests
		}
	}
	var whole []int
	for _, i := range m.nearWhole(r) {
		if wholeFile(&m.tests[i], r) {
			whole = append(whole, i)
		}
	}
	return whole
}

// best holds the tests that agree best so far.
type best struct {
	tests []int
	score int
}

// add takes in what agreement says of a test.
func (b *best) add(test int) func(score int, ok bool) {
	return func(score int, ok bool) {
		switch {
		case !ok || len(b.tests) > 0 && score < b.score:
		case len(b.tests) == 0 || score > b.score:
			b.tests, b.score = []int{test}, score
		case !slices.Contains(b.tests, test):
			b.tests = append(b.tests, test)
		}
	}
}

// nearWhole are the tags on whole files that may be that of a result.
func (m *matcher) nearWhole(r *Reported) []int {
	if r.File != "" {
		return m.byFile[path.Base(slashes(r.File))]
	}
	class, suite := lastWord(r.Class), lastWord(r.Suite)
	if class == suite {
		return m.byStem[class]
	}
	near := slices.Concat(m.byStem[class], m.byStem[suite])
	slices.Sort(near)
	return slices.Compact(near)
}

// spelling is a name under which the test of a result may be found.
type spelling struct {
	name string
	how  spelt
}

type spelt uint8

const (
	exact  spelt = iota // as reported
	bare                // without parameters
	around              // the test around a subtest
)

func spellings(name string) []spelling {
	out := []spelling{{name, exact}}
	rest := withoutParameters(name)
	if rest != name {
		out = append(out, spelling{rest, bare})
	}
	for {
		i := strings.LastIndexByte(rest, '/')
		if i <= 0 {
			return out
		}
		rest = rest[:i]
		out = append(out, spelling{rest, around})
	}
}

// withoutParameters cuts a name off at its first bracket. In a sentence a
// bracket may be part of it: there only what runners add at its end goes, as in
// "stops()", "stops(int)[1]", "stops [2]", "stops[jvm]", "stops [bar: 0.5, #0]".
func withoutParameters(name string) string {
	i := strings.IndexAny(name, "[(")
	if i <= 0 {
		return name
	}
	if !isSentence(name[:i]) {
		return name[:i]
	}
	open := openingBracket(name)
	if open <= 0 {
		return name
	}
	inside, head := name[open+1:len(name)-1], strings.TrimRight(name[:open], " \t")
	switch {
	case name[len(name)-1] == ')' && inside == "" && len(head) == open:
		return head
	case len(head) < open && !isParameters(inside) || name[len(name)-1] == ')' && len(head) == open:
		return name
	}
	if open = openingBracket(head); open > 0 && head[len(head)-1] == ')' && (isNumber(inside) || open+2 == len(head)) {
		head = strings.TrimRight(head[:open], " \t") // (int)[1], ()[jvm]
	}
	return head
}

// openingBracket returns the offset of the bracket that the last byte of name
// closes, or -1.
func openingBracket(name string) int {
	level := 0
	for i := len(name) - 1; i >= 0; i-- {
		switch name[i] {
		case ')', ']':
			level++
		case '(', '[':
			level--
		}
		if level <= 0 {
			if i == len(name)-1 {
				return -1 // no bracket
			}
			return i
		}
	}
	return -1
}

// isParameters reports whether what stands in brackets behind a blank tells one
// run of a test from others: 2, bar: 0.5, #0, i=1.
func isParameters(inside string) bool {
	return isNumber(inside[strings.LastIndexByte(inside, '#')+1:]) || strings.ContainsRune(inside, '=')
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// agreement says how well a test and a result of the same name agree, and
// whether they contradict each other.
func agreement(t *Test, r *Reported, name string) (score int, ok bool) {
	if t.Package != "" && r.Package != "" {
		if t.Package != r.Package {
			return 0, false
		}
		score += 8
	}
	class, _ := splitName(t.Name)
	inName, _ := splitName(name)
	reported := r.Class
	if reported == "" {
		reported = inName
	}
	if reported == "" {
		reported = r.Suite
	}
	switch {
	case class != "" && r.Class+inName != "":
		if !endsWith(reported, class) && !endsWith(r.Suite, class) && !endsWith(inName, class) {
			return 0, false
		}
		score += 4
	case class == "" && reported != "":
		if endsWith(reported, stem(t.File)) || t.Package != "" && endsWith(t.Package, reported) || endsWith(reported, t.Package) && t.Package != "" {
			score += 2
		}
	}
	if r.File != "" {
		if !endsWithPath(r.File, t.File) && !endsWithPath(t.File, r.File) {
			return 0, false
		}
		score += 4
	}
	return score, true
}

// endsWith reports whether whole ends in part at the border of a word.
func endsWith(whole, part string) bool {
	rest, ok := strings.CutSuffix(whole, part)
	return ok && part != "" && (rest == "" || strings.ContainsAny(rest[len(rest)-1:], betweenWords))
}

// betweenWords are the characters between the words of a class or module.
const betweenWords = "./:#$\\ "

// lastWord is what a name that ends in whole words ends in.
func lastWord(name string) string {
	return name[strings.LastIndexAny(name, betweenWords)+1:]
}

// stem is the name of a file without its folder and its ending.
func stem(file string) string {
	base := path.Base(slashes(file))
	return strings.TrimSuffix(base, path.Ext(base))
}

func slashes(file string) string { return strings.ReplaceAll(file, `\`, "/") }

func endsWithPath(whole, part string) bool {
	whole, part = slashes(whole), slashes(part)
	part = strings.TrimPrefix(part, "./")
	rest, ok := strings.CutSuffix(whole, part)
	return ok && part != "" && (rest == "" || strings.HasSuffix(rest, "/"))
}

// wholeFile reports whether a result comes from the file that a tag covers.
func wholeFile(t *Test, r *Reported) bool {
	if r.File != "" {
		return endsWithPath(r.File, t.File) || endsWithPath(t.File, r.File)
	}
	return endsWith(r.Class, stem(t.File)) || endsWith(r.Suite, stem(t.File))
}
