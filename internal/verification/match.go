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
	tests  []Test
	byName map[string][]int // last part of the name
	// Tags on whole files, by the file's own name and by the last word of it.
	byFile, byStem map[string][]int
}

func newMatcher(tests []Test) *matcher {
	m := &matcher{tests: tests, byName: map[string][]int{}, byFile: map[string][]int{}, byStem: map[string][]int{}}
	for i, t := range tests {
		if t.Name == "" {
			base, word := path.Base(slashes(t.File)), lastWord(stem(t.File))
			m.byFile[base], m.byStem[word] = append(m.byFile[base], i), append(m.byStem[word], i)
			continue
		}
		_, method := splitName(t.Name)
		m.byName[method] = append(m.byName[method], i)
	}
	return m
}

// splitName splits Class.method; a name with blanks is one of those that are
// sentences, and has no class.
func splitName(name string) (class, method string) {
	if strings.ContainsAny(name, " \t") {
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

// find returns the tests that a result belongs to, best agreement only.
func (m *matcher) find(r *Reported) []int {
	var best []int
	score := -1
	for _, name := range resultNames(r.Name) {
		_, method := splitName(name)
		for _, i := range m.byName[method] {
			s, ok := agreement(&m.tests[i], r, name)
			if !ok || s < score {
				continue
			}
			if s > score {
				score, best = s, nil
			}
			best = append(best, i)
		}
		if len(best) > 0 {
			return best
		}
	}
	for _, i := range m.nearWhole(r) {
		if wholeFile(&m.tests[i], r) {
			best = append(best, i)
		}
	}
	return best
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

// resultNames are the names under which a result may be found: as reported,
// without parameters, and for a subtest those of the tests around it.
func resultNames(name string) []string {
	names := []string{name}
	trimmed := name
	if i := strings.IndexAny(trimmed, "[("); i > 0 {
		trimmed = strings.TrimSpace(trimmed[:i])
		names = append(names, trimmed)
	}
	for {
		i := strings.LastIndexByte(trimmed, '/')
		if i <= 0 {
			return names
		}
		trimmed = trimmed[:i]
		names = append(names, trimmed)
	}
}

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
