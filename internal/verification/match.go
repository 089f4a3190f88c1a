package verification

import (
	"cmp"
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
			score, ok := agreement(&m.tests[i], r, s.name)
			b.add(i, score, ok)
		}
		for _, g := range m.bySentence[s.name] {
			if s.how == exact || s.how == bare && g.how == behindClass {
				score, ok := g.agreement(&m.tests[g.test], r)
				b.add(g.test, score, ok)
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
func (b *best) add(test, score int, ok bool) {
	switch {
	case !ok || len(b.tests) > 0 && score < b.score:
	case len(b.tests) == 0 || score > b.score:
		b.tests, b.score = []int{test}, score
	case !slices.Contains(b.tests, test):
		b.tests = append(b.tests, test)
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
// bracket may be part of it: there only what runners add at the end goes, as in
// "stops()", "stops(int)[1]", "stops [2]", "stops[jvm]", "stops [bar: 0.5, #0]".
func withoutParameters(name string) string {
	i := strings.IndexAny(name, "[(")
	if i <= 0 {
		return name
	}
	if !isSentence(name[:i]) {
		return name[:i]
	}
	head, group := lastGroup(name)
	switch blank := strings.TrimRight(head, " \t") != head; {
	case group == "" || group == "()" && blank:
		return name
	case group == "()":
		return head
	case group[0] == '(' && !(blank && strings.Contains(group, "=")):
		return name
	case group[0] == '[' && blank && !isRun(group):
		return name
	}
	head = strings.TrimRight(head, " \t")
	if types, params := lastGroup(head); params == "()" || strings.HasPrefix(params, "(") && isNumber(group[1:len(group)-1]) {
		return strings.TrimRight(types, " \t")
	}
	return head
}

// lastGroup splits off the brackets that a name ends in, with what is in them.
func lastGroup(name string) (head, group string) {
	level := 0
	for i := len(name) - 1; i > 0; i-- {
		switch name[i] {
		case ')', ']':
			level++
		case '(', '[':
			level--
		}
		if level == 0 && i == len(name)-1 {
			break // ends in no bracket
		}
		if level == 0 {
			return name[:i], name[i:]
		}
	}
	return name, ""
}

// isRun reports whether brackets behind a blank number one of the runs of a
// test: [2], [#2], [bar: 0.5, #2].
func isRun(group string) bool {
	inside := group[1 : len(group)-1]
	if i := strings.LastIndexByte(inside, '#'); i == 0 || i > 0 && strings.HasSuffix(inside[:i], ", ") {
		inside = inside[i+1:]
	}
	return isNumber(inside)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// agreement says how well a test and a result of the same name agree, and
// whether they contradict each other.
func agreement(t *Test, r *Reported, name string) (score int, ok bool) {
	score, ok = samePlace(t, r)
	if !ok {
		return 0, false
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
	case class == "" && speaksOf(reported, t):
		score += 2
	}
	return score, true
}

// samePlace compares packages and files.
func samePlace(t *Test, r *Reported) (score int, ok bool) {
	if t.Package != "" && r.Package != "" {
		if t.Package != r.Package {
			return 0, false
		}
		score += 8
	}
	if file := reportedFile(t, r); file != "" {
		if !sameFile(file, t.File) {
			return 0, false
		}
		score += 4
	}
	return score, true
}

// reportedFile is the file of a result. Some runners write it where the class
// stands: Vitest, Playwright, Bats.
func reportedFile(t *Test, r *Reported) string {
	if end := path.Ext(t.File); r.File == "" && end != "" && path.Ext(r.Class) == end {
		return r.Class
	}
	return r.File
}

// speaksOf reports whether a class or suite is named as the file or the package
// of a test.
func speaksOf(class string, t *Test) bool {
	return endsWith(class, stem(t.File)) || class != "" && endsWith(t.Package, class) || endsWith(class, t.Package)
}

// reading is one way to read the name of a test that is a sentence: as method
// behind a class, as title in suites, as suites and title in one.
type reading struct {
	test  int
	how   readAs
	class string // or suites, as codetag joins them
}

type readAs uint8

const (
	behindClass readAs = iota // PumpTest$When occluded.stops at once
	inSuites                  // Pump > when occluded > stops at once
	joined                    // Pump when occluded stops at once
)

// suiteSign stands between suites and title in the name of a test.
const suiteSign = " > "

// suiteSigns are those of reports: jest-junit and Mocha; Vitest; Playwright;
// node:test.
var suiteSigns = []string{" ", suiteSign, " › ", "."}

// maxSentence is the length from which on a name is read only as it is.
const maxSentence = 2000

// addReadings adds those of test i. A sign may be part of the sentence too, so
// each of them is read as the one behind the class: the class of the report
// decides.
func (m *matcher) addReadings(i int) {
	name := m.tests[i].Name
	if !isSentence(name) || len(name) > maxSentence {
		return
	}
	add := func(as string, g reading) { m.bySentence[as] = append(m.bySentence[as], g) }
	for _, s := range []struct {
		sign string
		how  readAs
	}{{".", behindClass}, {suiteSign, inSuites}} {
		for at := strings.Index(name, s.sign); at >= 0; {
			if class, method := name[:at], name[at+len(s.sign):]; class != "" && method != "" {
				add(method, reading{i, s.how, class})
			}
			next := strings.Index(name[at+len(s.sign):], s.sign)
			if next < 0 {
				break
			}
			at += len(s.sign) + next
		}
	}
	if last := strings.LastIndex(name, suiteSign); last >= 0 {
		for _, sign := range []string{" ", " › "} {
			add(strings.ReplaceAll(name, suiteSign, sign), reading{i, joined, name[:last]})
		}
	}
}

// agreement is that of a result that is named as g reads the name of t. What is
// not shown to be of the same class is not of this test.
func (g *reading) agreement(t *Test, r *Reported) (score int, ok bool) {
	switch g.how {
	case behindClass:
		if !ofClass(g.class, t, r) {
			return 0, false
		}
	case inSuites:
		if !ofSuites(g.class, r.Class) {
			return 0, false
		}
	case joined:
		return g.joinedAgreement(t, r)
	}
	score, ok = samePlace(t, &Reported{Package: r.Package, File: r.File})
	return score + 4, ok
}

// joinedAgreement is that of a result whose name holds the suites: its class
// says the same, or part of it, or names the file. That is no more than a test
// of just this name could show.
func (g *reading) joinedAgreement(t *Test, r *Reported) (score int, ok bool) {
	part := strings.HasPrefix(r.Name, r.Class) || strings.HasSuffix(r.Name, r.Class) || ofSuites(g.class, r.Class)
	if !part && reportedFile(t, r) == "" && !endsWith(r.Class, stem(t.File)) {
		return 0, false
	}
	if score, ok = samePlace(t, r); ok && speaksOf(cmp.Or(r.Class, r.Suite), t) {
		score += 2
	}
	return score, ok
}

// ofClass reports whether a result is of a class in the package of t.
func ofClass(class string, t *Test, r *Reported) bool {
	reported := r.Class
	if reported == "" {
		reported = r.Suite[strings.LastIndexByte(r.Suite, '/')+1:]
	}
	if !endsWith(reported, class) {
		return false
	}
	rest := strings.TrimSuffix(reported, class)
	return rest == "" || t.Package == "" || rest[:len(rest)-1] == t.Package
}

// ofSuites reports whether a class is suites as one of the runners joins them.
func ofSuites(suites, class string) bool {
	return slices.ContainsFunc(suiteSigns, func(sign string) bool { return class == strings.ReplaceAll(suites, suiteSign, sign) })
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

func sameFile(a, b string) bool { return endsWithPath(a, b) || endsWithPath(b, a) }

func endsWithPath(whole, part string) bool {
	whole, part = slashes(whole), slashes(part)
	part = strings.TrimPrefix(part, "./")
	rest, ok := strings.CutSuffix(whole, part)
	return ok && part != "" && (rest == "" || strings.HasSuffix(rest, "/"))
}

// wholeFile reports whether a result comes from the file that a tag covers.
func wholeFile(t *Test, r *Reported) bool {
	if r.File != "" {
		return sameFile(r.File, t.File)
	}
	return endsWith(r.Class, stem(t.File)) || endsWith(r.Suite, stem(t.File))
}
