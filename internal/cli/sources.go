package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goldthread/goldthread/internal/codetag"
	"github.com/goldthread/goldthread/internal/evidence"
	"github.com/goldthread/goldthread/internal/evidence/report"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/verification"
	"github.com/goldthread/goldthread/internal/workspace"
)

// scan is a scan of the code under way.
type scan struct {
	done   chan struct{}
	tags   *codetag.Result
	items  []taggedItem
	faults []finding.Finding
	err    error
}

// taggedItem is the item that stands for a tagged place.
type taggedItem struct {
	item  record.Item
	first bool // of the tags at that place
}

func (s *scan) wait() { <-s.done }

// startScan finds the tags in the folders that hold code, beside what else is
// to be done.
func (f *folder) startScan(ctx context.Context, opt openOptions, progress *progress) *scan {
	s := &scan{done: make(chan struct{}), tags: &codetag.Result{}}
	if opt.noCode {
		close(s.done)
		return s
	}
	go func() {
		defer close(s.done)
		s.run(ctx, f.around, f.text.Config, progress)
	}()
	return s
}

func (s *scan) run(ctx context.Context, around surroundings, config *workspace.Config, progress *progress) {
	folders, faults := around.paths(config.Code)
	apart, faultsApart := around.paths(config.CodeApart)
	s.faults = outsideFindings("code", append(faults, faultsApart...))
	all := slices.Contains(folders, ".")
	within := func(rel string, isDir bool) bool {
		return !all && !underAny(rel, folders, isDir) || underAny(rel, apart, false)
	}
	if all && len(apart) == 0 {
		within = nil
	}
	res, err := codetag.ScanDir(ctx, around.dir, codetag.Options{Skip: within, Progress: progress.step})
	if err != nil {
		s.err = fault.New(fault.Invalid, "the code in "+around.dir+" cannot be scanned", err)
		return
	}
	s.tags = res
	if around.below != "." {
		s.rename(around)
	}
	s.items = make([]taggedItem, len(res.Tags))
	here := map[record.Key]bool{} // places of one file; tags are sorted by file
	for i := range res.Tags {
		if i > 0 && res.Tags[i].File != res.Tags[i-1].File {
			clear(here)
		}
		it := tagItem(&res.Tags[i])
		s.items[i] = taggedItem{it, !here[it.Key]}
		here[it.Key] = true
	}
}

// rename makes the names of files those that are seen from the workspace.
func (s *scan) rename(around surroundings) {
	for i := range s.tags.Tags {
		s.tags.Tags[i].File = around.name(s.tags.Tags[i].File)
	}
	for i := range s.tags.Faults {
		s.tags.Faults[i].File = around.name(s.tags.Faults[i].File)
	}
	for i := range s.tags.Skipped {
		s.tags.Skipped[i].File = around.name(s.tags.Skipped[i].File)
	}
}

// takeTags makes an item of every tagged place in the code and a link of every tag.
func (f *folder) takeTags(code *scan) error {
	code.wait()
	if code.err != nil {
		return code.err
	}
	f.tags, f.tagItems = code.tags, code.items
	f.findings = append(f.findings, code.faults...)
	for _, x := range f.tags.Faults {
		f.findings = append(f.findings, finding.Finding{Rule: "bad-tag", Severity: finding.Error, File: x.File, Line: x.Line, Column: x.Column,
			Message: x.Message, Remedy: "write the tag as goldthread:VERB KEY"})
	}
	for _, x := range f.tags.Skipped {
		if x.Tags {
			f.findings = append(f.findings, finding.Finding{Rule: "unread-tags", Severity: finding.Warning, File: x.File, Line: 1, Message: "the file " + x.Why,
				Remedy: "name it so that its language is known, or leave it out: code: [\"!" + x.File + "\"] in goldthread.yaml"})
		}
	}
	runs := f.tagRuns()
	parts := make([]*workspace.Part, len(runs))
	bad := make([][]finding.Finding, len(runs))
	var wait sync.WaitGroup
	for i, run := range runs {
		wait.Go(func() { parts[i], bad[i] = f.takeRun(run[0], run[1]) })
	}
	wait.Wait()
	f.draft.Join(parts...)
	f.findings = slices.Concat(f.findings, slices.Concat(bad...))
	return nil
}

// tagRuns cuts the tags into a run for each processor, at the borders of files.
func (f *folder) tagRuns() [][2]int {
	var runs [][2]int
	n := len(f.tags.Tags)
	each := max(1024, n/runtime.GOMAXPROCS(0)+1)
	for from := 0; from < n; {
		to := min(n, from+each)
		for to < n && f.tags.Tags[to].File == f.tags.Tags[to-1].File {
			to++
		}
		runs = append(runs, [2]int{from, to})
		from = to
	}
	return runs
}

func (f *folder) takeRun(from, to int) (*workspace.Part, []finding.Finding) {
	p := f.draft.Part(to-from, to-from)
	var bad []finding.Finding
	known := map[said]bool{} // in one file
	for i := from; i < to; i++ {
		if i > from && f.tags.Tags[i].File != f.tags.Tags[i-1].File {
			clear(known)
		}
		bad = append(bad, f.takeTag(p, &f.tags.Tags[i], &f.tagItems[i], known)...)
	}
	return p, bad
}

// said is what one tag says; saying it twice in one place does no harm.
type said struct {
	item record.Key
	verb record.Verb
	key  string
}

// takeTag takes one tag, or says what is wrong with it.
func (f *folder) takeTag(p *workspace.Part, t *codetag.Tag, tagged *taggedItem, known map[said]bool) []finding.Finding {
	at := workspace.Place{File: t.File, Line: t.Line, Column: t.Column}
	if tagged.first {
		p.Put(tagged.item, at)
	}
	verb := record.Verb(t.Verb)
	if strings.Contains(t.Verb, "-") {
		verb = record.Verb(strings.ReplaceAll(t.Verb, "-", " "))
	}
	bad := func(message, remedy string) []finding.Finding {
		return []finding.Finding{{Rule: "bad-tag", Severity: finding.Error, Item: record.Key(t.Key), File: t.File, Line: t.Line, Column: t.Column,
			Message: message, Remedy: remedy}}
	}
	if f.schema.Relation(verb) == nil {
		return bad(fmt.Sprintf("there is no relation %q", verb), "tags say implements or verifies")
	}
	if _, err := record.ParseRef(t.Key); err != nil {
		return bad(err.Error(), "correct the key in the tag")
	}
	link := said{tagged.item.Key, verb, t.Key}
	if !known[link] {
		known[link] = true
		p.Link(tagged.item.ID, verb, record.Ref(t.Key), record.Confirmation{}, at)
	}
	return nil
}

// tagItem is the item that stands for a tagged place: the test, else the unit
// of code, else the line.
func tagItem(t *codetag.Tag) record.Item {
	it := record.Item{Kind: schema.KindCODE, Title: t.Symbol}
	key := t.File
	switch {
	case t.Test != "":
		it.Kind, it.Title = schema.KindTEST, t.Test
		key += "#" + t.Test
	case isTestTag(t):
		it.Kind, it.Title = schema.KindTEST, path.Base(t.File)
	case t.Symbol != "":
		key += "#" + t.Symbol
	default:
		key += ":" + strconv.Itoa(t.Line)
		it.Title = key
	}
	it.Key = record.Key(key)
	it.ID = record.ProvisionalID(it.Key)
	return it
}

// isTestTag reports whether a tag that stands on no test stands for all of its
// file: one that verifies.
func isTestTag(t *codetag.Tag) bool {
	return strings.HasPrefix(t.Verb, "verifies") || t.Verb == "validates"
}

// reportFile is one test report that was read.
type reportFile struct {
	name   string
	hash   record.Hash
	report *report.Report
}

// readReports reads the reports that the configuration and the command line name.
func (f *folder) readReports(named []string) []reportFile {
	var out []reportFile
	root, err := openRoot(f.around.dir)
	if err != nil {
		return f.takeReport(out, f.around.dir, nil, err)
	}
	defer root.Close()
	for _, name := range f.reportNames(root) {
		file, err := root.Open(name)
		out = f.takeReport(out, f.around.name(name), file, err)
	}
	for _, name := range named {
		shown := name
		if rel, err := filepath.Rel(f.dir, name); err == nil && filepath.IsLocal(rel) {
			shown = filepath.ToSlash(rel)
		}
		if !slices.ContainsFunc(out, func(r reportFile) bool { return r.name == shown }) {
			file, err := os.Open(name)
			out = f.takeReport(out, shown, file, err)
		}
	}
	return out
}

// reportNames expands the paths and patterns of the configuration.
func (f *folder) reportNames(root *os.Root) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	paths, faults := f.around.paths(f.text.Config.Results)
	f.findings = append(f.findings, outsideFindings("results", faults)...)
	for _, p := range paths {
		matches, err := fs.Glob(root.FS(), p)
		if err != nil {
			f.findings = append(f.findings, finding.Finding{Rule: "bad-config", Severity: finding.Error, File: workspace.ConfigFile,
				Message: fmt.Sprintf("results: %s: %v", p, err), Remedy: "correct the pattern"})
		}
		for _, m := range matches {
			info, err := fs.Stat(root.FS(), m)
			if err != nil || !info.IsDir() {
				add(m)
				continue
			}
			_ = fs.WalkDir(root.FS(), m, func(name string, d fs.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() && isReportName(name) {
					add(name)
				}
				return nil
			})
		}
	}
	slices.Sort(names)
	return names
}

func isReportName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}

// takeReport reads one report as it streams by, and closes it.
func (f *folder) takeReport(out []reportFile, name string, file *os.File, err error) []reportFile {
	bad := func(line int, severity finding.Severity, message, remedy string) {
		f.findings = append(f.findings, finding.Finding{Rule: "bad-report", Severity: severity, File: name, Line: line, Message: message, Remedy: remedy})
	}
	if err != nil {
		bad(0, finding.Error, "the report cannot be read: "+err.Error(), "correct its path")
		return out
	}
	defer file.Close()
	hash := sha256.New()
	in := io.TeeReader(file, hash)
	r, err := evidence.Read(name, in, report.Limits{})
	if err == nil {
		_, err = io.Copy(io.Discard, in) // what stands behind the report is part of the file
	}
	if err != nil {
		bad(0, finding.Error, err.Error(), "give a report of go test -json or in JUnit XML")
		return out
	}
	for _, fault := range r.Faults {
		severity := finding.Warning
		if fault.Error {
			severity = finding.Error
		}
		bad(fault.At.Line, severity, fault.Message, fault.Remedy)
	}
	return append(out, reportFile{name, record.Hash(hash.Sum(nil)), r})
}

// addResults gives the tagged tests their results: the worst one where reports
// disagree, since nothing says which of them is the later.
//
// goldthread:implements SRS-45
func (f *folder) addResults() {
	var reported []verification.Reported
	for i := range f.reports {
		for _, r := range f.reports[i].report.Results {
			reported = append(reported, verification.Reported{Package: r.Package, Suite: r.Suite, Class: r.Class, Name: r.Name, File: r.File,
				Outcome: outcome(r.Outcome), Message: r.Message, Report: f.reports[i].name, Line: r.At.Line})
		}
	}
	if len(reported) == 0 {
		return
	}
	tests, ids := f.taggedTests()
	byTest, unmatched := verification.Match(tests, reported)
	results := map[string][]record.TestResult{}
	for t, indexes := range byTest {
		if len(indexes) == 0 {
			continue
		}
		worst := &reported[indexes[0]]
		for _, i := range indexes[1:] {
			if r := &reported[i]; r.Outcome != worst.Outcome && verification.Worse(r.Outcome, worst.Outcome) == r.Outcome {
				worst = r
			}
		}
		results[worst.Report] = append(results[worst.Report], record.TestResult{Test: ids[t], Outcome: string(worst.Outcome), Name: worst.Name,
			Message: worst.Message, Line: worst.Line})
	}
	for _, r := range f.reports {
		f.draft.Add(record.AttachEvidence{Report: record.File{Name: r.name, Hash: r.hash}, Format: r.report.Format, Results: results[r.name]},
			workspace.Place{File: r.name, Line: 1})
	}
	f.unmatched(reported, unmatched)
}

func outcome(o report.Outcome) verification.Outcome {
	switch o {
	case report.Passed:
		return verification.Passed
	case report.Skipped:
		return verification.Skipped
	default: // failed and error: neither shows that the software does what it shall
		return verification.Failed
	}
}

// unmatched tells of failed results behind which no tag stands.
func (f *folder) unmatched(reported []verification.Reported, indexes []int) {
	for _, i := range indexes {
		if r := &reported[i]; r.Outcome == verification.Failed && r.Name != "" {
			f.findings = append(f.findings, finding.Finding{Rule: verification.RuleUnknownFailed, Severity: finding.Note, File: r.Report, Line: r.Line,
				Message: fmt.Sprintf("%s failed, and no tag says what it verifies", r.Name), Remedy: "tag the test with goldthread:verifies KEY"})
		}
	}
}

// taggedTests lists the tests that tags stand on, each once.
func (f *folder) taggedTests() ([]verification.Test, []record.ID) {
	var tests []verification.Test
	var ids []record.ID
	for i := range f.tagItems {
		if it := &f.tagItems[i]; it.first && it.item.Kind == schema.KindTEST {
			t := &f.tags.Tags[i]
			tests = append(tests, verification.Test{Package: t.Package, File: t.File, Name: t.Test})
			ids = append(ids, it.item.ID)
		}
	}
	return tests, ids
}
