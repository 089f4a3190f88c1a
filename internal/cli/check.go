package cli

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

func checkCommand(env *Environment) *cobra.Command {
	var format string
	var asJSON, verbose bool
	var results []string
	var q asked
	c := &cobra.Command{
		Use:   "check [DIR]",
		Short: "say what is wrong with a project folder",
		Long: `check reads the documents, the tags in the code and the test reports of a project
folder and says what is wrong: links that lead nowhere, changed ends of confirmed
links, requirements without a test, failing tests, duplicate keys, circles, and
more (see docs/checks.md). It exits with 0 when nothing is wrong and with 1 when
there is any error or warning; notes do not count.`,
		Example:           "  goldthread check\n  goldthread check examples/infusion-pump --format sarif\n  goldthread check --results build/junit.xml --json",
		Args:              arguments(0, 1),
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON {
				format = "json"
			}
			write, ok := checkFormats()[format]
			if !ok {
				return fault.Newf(fault.Invalid, "there is no format %q; there are text, json, sarif, junit", format)
			}
			for i, name := range results {
				results[i] = env.path(name)
			}
			f, done, err := env.openForCheck(cmd.Context(), env.folderArgument(args), results, q)
			if err != nil {
				return err
			}
			defer done()
			report := f.checked(cmd.Context())
			report.verbose = verbose
			if err := write(env.Stdout, report); err != nil {
				return fmt.Errorf("write the findings: %w", err)
			}
			if finding.Fails(report.Findings) {
				return errFindings
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text, json, sarif or junit")
	c.Flags().BoolVar(&asJSON, "json", false, "the same as --format json")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "list the files that were read and those that were left alone")
	c.Flags().StringArrayVar(&results, "results", nil, "a test report (go test -json or JUnit XML), besides those of goldthread.yaml; may be repeated")
	q.add(c)
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "sarif", "junit"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// openForCheck opens what is to be checked: a folder, or with --at a project of a ledger, which has its results in itself.
func (env *Environment) openForCheck(ctx context.Context, dir string, results []string, q asked) (*folder, func(), error) {
	if q.at == "" {
		f, err := env.open(ctx, dir, openOptions{results: results})
		return f, func() {}, err
	}
	if len(results) > 0 {
		return nil, nil, fault.Newf(fault.Invalid, "a ledger is checked with the results that it holds, not with --results").WithHint("goldthread push brings them in")
	}
	return env.askLedger(ctx, dir, q)
}

// checkReport is the result of a check, as its JSON form shows it.
type checkReport struct {
	Project   string            `json:"project"`
	Title     string            `json:"title"`
	Items     int               `json:"items"`
	Links     int               `json:"links"`
	Documents int               `json:"documents"`
	Tags      int               `json:"tags"`
	Results   int               `json:"results"`
	Formats   []string          `json:"formats"`
	Kinds     map[string]int    `json:"kinds"`
	Systems   []system          `json:"systems"`
	Coverage  []kindCoverage    `json:"coverage"`
	Counts    map[string]int    `json:"counts"`
	Findings  []finding.Finding `json:"findings"`

	folder  *folder
	verbose bool
}

// system is a software system with its safety class. A system without a class
// is C [62304 4.3.g].
type system struct {
	Key     record.Key `json:"key"`
	Title   string     `json:"title"`
	Class   string     `json:"class"`
	Decided bool       `json:"decided"`
}

// kindCoverage is a line of the coverage table.
type kindCoverage struct {
	Kind       string       `json:"kind"`
	Items      int          `json:"items"`
	Upstream   int          `json:"upstream"`
	Downstream int          `json:"downstream"`
	Verified   int          `json:"verified"`
	Orphans    []record.Key `json:"orphans"`
	DeadEnds   []record.Key `json:"dead_ends"`
	Unverified []record.Key `json:"unverified"`
}

// checked checks the folder and reports on it; both only read, so they run side
// by side.
func (f *folder) checked(ctx context.Context) *checkReport {
	var wait sync.WaitGroup
	var findings []finding.Finding
	wait.Go(func() { findings = f.check(ctx) })
	r := f.report()
	wait.Wait()
	if findings != nil {
		r.Findings = findings
	}
	if r.Items == 0 {
		r.Findings = append(r.Findings, finding.Finding{Rule: "nothing-to-check", Severity: finding.Warning,
			Message: "there is no item in " + f.dir + ", so that nothing was checked", Remedy: "write the first one, for example ## UN-1 … in a Markdown file, or name another folder"})
	}
	for _, s := range finding.Severities() {
		r.Counts[string(s)] = finding.Count(r.Findings, s)
	}
	return r
}

// report gathers what a check says about the folder apart from its findings.
func (f *folder) report() *checkReport {
	r := &checkReport{Project: f.text.Config.Project, Title: f.text.Config.Title, Formats: f.formats(), Documents: len(f.documents), Tags: len(f.tags.Tags),
		Kinds: map[string]int{}, Systems: []system{}, Coverage: []kindCoverage{}, Counts: map[string]int{}, Findings: []finding.Finding{}, folder: f}
	for _, n := range f.snapshot.All() {
		if !f.isItem(n.Item.Kind) {
			continue
		}
		r.Items++
		r.Kinds[string(n.Item.Kind)]++
		if f.schema.Is(n.Item.Kind, schema.KindSWS) {
			class := n.Item.Value("safety class")
			s := system{Key: n.Item.Key, Title: n.Item.Title, Class: class, Decided: class != ""}
			if class == "" {
				s.Class = "C"
			}
			r.Systems = append(r.Systems, s)
		}
	}
	for _, l := range f.snapshot.AllLinks() {
		if f.isItem(f.snapshot.Node(l.Source).Item.Kind) {
			r.Links++
		}
	}
	for _, rep := range f.reports {
		r.Results += len(rep.report.Results)
	}
	for _, c := range f.thread.Coverage() {
		if f.isItem(c.Kind) {
			r.Coverage = append(r.Coverage, kindCoverage{string(c.Kind), c.Items, c.Upstream, c.Downstream, c.Verified,
				f.keys(c.Orphans), f.keys(c.DeadEnds), f.keys(c.Unverified)})
		}
	}
	return r
}

// isItem reports whether items of the kind are written by people: documents are
// files, and derived kinds are seen in the code.
func (f *folder) isItem(k record.Kind) bool {
	kind := f.schema.Kind(k)
	return kind != nil && !kind.Derived && k != schema.KindDOC
}

func (f *folder) formats() []string {
	formats := []string{}
	if len(f.text.Documents) > 0 || f.text.Config.Present {
		formats = append(formats, "markdown")
	}
	return append(formats, f.foreign...)
}
