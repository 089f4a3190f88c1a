package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/wording"
	"github.com/goldthread/goldthread/internal/workspace"
)

// lintOptions are the flags of lint.
type lintOptions struct {
	kinds, terms, off []string
	confidence        string
	asJSON, rules     bool
}

// lintReport is what lint found.
type lintReport struct {
	Project  string           `json:"project"`
	Items    int              `json:"items"`   // that were judged
	Skipped  []skippedItem    `json:"skipped"` // that were not
	Counts   map[string]int   `json:"counts"`  // by confidence
	Findings []wordingFinding `json:"findings"`
}

type skippedItem struct {
	Item record.Key `json:"item"`
	Why  string     `json:"why"`
}

// wordingFinding is a finding of wording with its place in the file.
type wordingFinding struct {
	finding.Finding
	Confidence wording.Confidence `json:"confidence"`
	Excerpt    string             `json:"excerpt"`
	Source     string             `json:"source"`
}

func lintCommand(env *Environment) *cobra.Command {
	var opt lintOptions
	c := &cobra.Command{
		Use:   "lint [DIR]",
		Short: "find requirements that are hard to understand or to test",
		Long: `lint judges the wording of requirements: vague words, escape clauses, open lists,
several demands in one, numbers without a unit, and more; --rules explains every
rule with a better form and its published source (docs/wording.md). Each finding has
a confidence: high (at least nine of ten are right), medium, low. It exits with 1
when there is a finding of high confidence, or nothing to judge.

Terms that the project has defined, and rules that do not apply, may stand in
goldthread.yaml: wording: {terms: [fast bolus], off: [may-demand]}.`,
		Example:           "  goldthread lint\n  goldthread lint requirements --confidence low --kind SRS\n  goldthread lint --rules",
		Args:              arguments(0, 1),
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.rules {
				return lintRules(env.Stdout, opt.asJSON)
			}
			at := slices.Index(wording.Confidences(), wording.Confidence(opt.confidence))
			if at < 0 {
				return fault.Newf(fault.Invalid, "--confidence %s: there are high, medium and low", opt.confidence)
			}
			f, err := env.open(cmd.Context(), env.folderArgument(args), openOptions{noCode: true})
			if err != nil {
				return err
			}
			r, err := f.lint(opt, wording.Confidences()[:at+1])
			if err != nil {
				return err
			}
			if opt.asJSON {
				err = writeJSON(env.Stdout, r)
			} else {
				err = r.text(env.Stdout)
			}
			if err != nil {
				return err
			}
			if r.Items+len(r.Skipped) == 0 {
				fmt.Fprintf(env.Stderr, "goldthread: there is no item to judge in %s\nhint: goldthread lint --kind KIND, or another folder\n", f.dir)
				return errFindings
			}
			if r.Counts[string(wording.High)] > 0 {
				return errFindings
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&opt.kinds, "kind", nil, "kinds to judge (default: needs, requirements, risk controls, labelling); may be repeated")
	c.Flags().StringVar(&opt.confidence, "confidence", string(wording.Medium), "the lowest confidence to show: high, medium, low")
	c.Flags().StringArrayVar(&opt.terms, "term", nil, "a term that the project has defined; may be repeated")
	c.Flags().StringArrayVar(&opt.off, "off", nil, "a rule that does not apply; may be repeated")
	c.Flags().BoolVar(&opt.rules, "rules", false, "explain the rules")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	_ = c.RegisterFlagCompletionFunc("confidence", cobra.FixedCompletions([]string{"high", "medium", "low"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (o lintOptions) wanted(sch *schema.Schema) (func(record.Kind) bool, error) {
	if len(o.kinds) == 0 {
		return func(kind record.Kind) bool { return sch.Demands(kind) || servesNoRule(sch, kind) }, nil
	}
	var kinds []record.Kind
	for _, name := range o.kinds {
		k := sch.Kind(record.Kind(name))
		if k == nil {
			return nil, fault.Newf(fault.Invalid, "there is no kind %s", name).WithHint("goldthread list --help")
		}
		kinds = append(kinds, k.ID)
	}
	return func(kind record.Kind) bool {
		return slices.ContainsFunc(kinds, func(k record.Kind) bool { return sch.Is(kind, k) })
	}, nil
}

// servesNoRule reports whether a kind came from another tool as it is: its items are taken for requirements.
func servesNoRule(sch *schema.Schema, kind record.Kind) bool {
	k := sch.Kind(kind)
	return k != nil && k.ServesNoRule
}

// lint judges the items of a folder, on all processors.
func (f *folder) lint(opt lintOptions, confidences []wording.Confidence) (*lintReport, error) {
	wanted, err := opt.wanted(f.schema)
	if err != nil {
		return nil, err
	}
	off := append(slices.Clone(opt.off), f.text.Config.Wording.Off...)
	for _, id := range off {
		if !slices.ContainsFunc(wording.Rules(), func(r wording.Rule) bool { return r.ID == id }) {
			return nil, fault.Newf(fault.Invalid, "there is no rule %s of wording", id).WithHint("goldthread lint --rules")
		}
	}
	type job struct {
		doc *workspace.Document
		it  *workspace.Item
	}
	var jobs []job
	for _, d := range f.documents {
		for it := range d.Items() {
			if wanted(it.Kind) {
				jobs = append(jobs, job{d, it})
			}
		}
	}
	checker := wording.New(wording.Options{Terms: append(slices.Clone(opt.terms), f.text.Config.Wording.Terms...), Off: off})
	found := make([][]wordingFinding, len(jobs))
	skipped := make([]string, len(jobs))
	parallel.Each(len(jobs), func(i int) {
		it := jobs[i].it
		if skipped[i] = wording.Skipped(it.Title, it.Text); skipped[i] != "" {
			return
		}
		for _, x := range checker.Check(it.Title, it.Text) {
			if slices.Contains(confidences, x.Confidence) {
				found[i] = append(found[i], wordingOf(jobs[i].doc, it, &x))
			}
		}
	})
	r := &lintReport{Project: f.text.Config.Project, Skipped: []skippedItem{}, Counts: map[string]int{}, Findings: []wordingFinding{}}
	for i := range jobs {
		if skipped[i] != "" {
			r.Skipped = append(r.Skipped, skippedItem{jobs[i].it.Key, skipped[i]})
			continue
		}
		r.Items++
		r.Findings = append(r.Findings, found[i]...)
	}
	for _, x := range r.Findings {
		r.Counts[string(x.Confidence)]++
	}
	slices.SortStableFunc(r.Findings, func(a, b wordingFinding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r, nil
}

// wordingOf gives a finding its place in the file.
func wordingOf(d *workspace.Document, it *workspace.Item, x *wording.Finding) wordingFinding {
	line, column := it.TextLine+x.Line-1, x.Column
	if x.InTitle {
		line, column = it.Line, 1
	}
	severity := finding.Note
	if x.Confidence == wording.High {
		severity = finding.Warning
	}
	return wordingFinding{finding.Finding{Rule: x.Rule, Severity: severity, Item: it.Key, File: cmp.Or(it.File, d.Path), Line: line, Column: column, Message: x.Message, Remedy: x.Better},
		x.Confidence, x.Excerpt, x.Source}
}

func (r *lintReport) text(w io.Writer) error {
	var b strings.Builder
	for _, x := range r.Findings {
		fmt.Fprintf(&b, "%s: %s, %s confidence: %s %s [%s]\n    %s (%s)\n", place(x.Finding), x.Severity, x.Confidence, x.Item, printable(x.Message), x.Rule, printable(x.Remedy), x.Source)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "%s was not judged: %s\n", s.Item, s.Why)
	}
	fmt.Fprintf(&b, "%s: %s judged; %d of high confidence", r.Project, plural(r.Items, "item"), r.Counts[string(wording.High)])
	for _, c := range wording.Confidences()[1:] {
		if n := r.Counts[string(c)]; n > 0 {
			fmt.Fprintf(&b, ", %d of %s", n, c)
		}
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// lintRules explains the rules.
func lintRules(w io.Writer, asJSON bool) error {
	rules := wording.Rules()
	if asJSON {
		return writeJSON(w, rules)
	}
	var b strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&b, "%s (%s confidence)\n  %s\n  %s\n  instead of: %s\n  write:      %s\n  source: %s\n\n", r.ID, r.Confidence, r.Title, r.Why, r.Bad, r.Good, r.Source)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
