package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/trace"
)

// goldthread:implements SRS-65
func showCommand(env *Environment) *cobra.Command {
	var asJSON bool
	var q asked
	c := &cobra.Command{
		Use:   "show KEY [DIR]",
		Short: "show an item, its links and its thread both ways",
		Long: `show prints one item: its kind and state, where it stands, fields, text, attached
files, and its links both ways. A suspect link tells which end changed and, where
the history of git has the old text, how. Below stands the thread as two trees:
upstream to needs, intended use and hazards, downstream to code, tests and their
results. A tree names each item once, at its shortest distance.

A folder without a ledger knows no state but that in which an item begins.`,
		Example:           "  goldthread show SRS-12\n  goldthread show HAZ-1 examples/infusion-pump\n  goldthread show SRS-12 --json",
		Args:              arguments(1, 2),
		ValidArgsFunction: env.completeKey,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, done, err := env.ask(cmd, env.folderArgument(args[1:]), q)
			if err != nil {
				return err
			}
			defer done()
			h, err := f.item(args[0])
			if err != nil {
				return err
			}
			s, err := f.sheet(cmd.Context(), h)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.Stdout, s)
			}
			out := bufio.NewWriter(env.Stdout)
			s.write(out)
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the item: %w", err)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	q.add(c)
	return c
}

// sheet is all that is shown of one item.
type sheet struct {
	reference
	KindName   string       `json:"kind_name"`
	State      record.State `json:"state"`
	Language   string       `json:"language"`
	Document   record.Key   `json:"document"`
	Sections   []string     `json:"sections"` // outermost first
	Content    string       `json:"content_hash"`
	Fields     []sheetField `json:"fields"`
	Files      []sheetFile  `json:"files"`
	Text       string       `json:"text"`
	Message    string       `json:"message"` // of the result of a test
	Links      []sheetLink  `json:"links"`
	Upstream   []branch     `json:"upstream"`
	Downstream []branch     `json:"downstream"`
}

type sheetField struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type sheetFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// sheetLink is one link as seen from the item.
type sheetLink struct {
	Direction  string      `json:"direction"` // out, or in
	Verb       record.Verb `json:"verb"`
	Reading    string      `json:"reading"` // of the verb, from the item
	Item       reference   `json:"item"`    // at the other end
	Confirmed  bool        `json:"confirmed"`
	Suspect    bool        `json:"suspect"`
	Changed    []string    `json:"changed"`    // keys of the ends that changed since it was confirmed
	Difference []string    `json:"difference"` // how they did
}

// branch is one item of a tree, after the one it hangs on.
type branch struct {
	Depth   int        `json:"depth"` // from 1
	From    record.Key `json:"from"`
	Reading string     `json:"reading"`
	Suspect bool       `json:"suspect"`
	Item    reference  `json:"item"`
}

func (f *folder) sheet(ctx context.Context, h project.Handle) (*sheet, error) {
	it, err := f.snapshot.Full(f.source, h)
	if err != nil {
		return nil, err
	}
	n := f.snapshot.Node(h)
	s := &sheet{reference: f.refer(h), KindName: f.kindName(n), State: f.state(n), Language: it.Language, Sections: []string{}, Content: n.Content.Hex(),
		Fields: []sheetField{}, Files: []sheetFile{}, Text: it.Text, Upstream: f.tree(h, trace.Upstream), Downstream: f.tree(h, trace.Downstream)}
	for _, x := range it.Fields {
		s.Fields = append(s.Fields, sheetField{x.Name, append([]string{}, x.Values...)})
	}
	for _, x := range it.Files {
		s.Files = append(s.Files, sheetFile{x.Name, x.Hash.Hex()})
	}
	if n.Result != nil {
		s.Message = n.Result.Message
	}
	f.standsIn(s, n)
	s.Links = f.sheetLinks(h, f.texts(ctx))
	return s, nil
}

func (f *folder) standsIn(s *sheet, n *project.Node) {
	if n.Document == project.NoHandle {
		return
	}
	doc := f.snapshot.Node(n.Document)
	s.Document = doc.Item.Key
	if i := doc.Outline.Index(n.Item.ID); i >= 0 {
		s.Sections = append(s.Sections, doc.Outline.Sections(i)...)
	}
}

// sheetLinks lists the links from an item, then those to it, each in the order
// of the schema's relations and of keys.
func (f *folder) sheetLinks(h project.Handle, texts trace.Texts) []sheetLink {
	links := []sheetLink{}
	for _, side := range []string{"out", "in"} {
		edges := f.snapshot.Out(h)
		if side == "in" {
			edges = f.snapshot.In(h)
		}
		begin := len(links)
		for e := range edges.All() {
			if side == "in" && !f.snapshot.Node(e.Node).Present() {
				continue
			}
			links = append(links, f.sheetLink(side, e, texts))
		}
		slices.SortStableFunc(links[begin:], func(a, b sheetLink) int {
			if d := f.verbOrder(a.Verb) - f.verbOrder(b.Verb); d != 0 {
				return d
			}
			return record.CompareKeys(a.Item.Key, b.Item.Key)
		})
	}
	return links
}

// verbOrder is the place of a verb in the schema; foreign ones come last.
func (f *folder) verbOrder(v record.Verb) int {
	if r := f.schema.Relation(v); r != nil {
		return r.Order
	}
	return len(f.schema.Relations())
}

func (f *folder) sheetLink(side string, e project.Edge, texts trace.Texts) sheetLink {
	l := f.snapshot.Link(e.Link)
	verb := f.snapshot.Verb(e.Verb)
	link := sheetLink{Direction: side, Verb: verb, Reading: string(verb), Item: f.refer(e.Node), Confirmed: !l.Confirmed.IsZero(),
		Suspect: f.thread.IsSuspect(e.Link), Changed: []string{}, Difference: []string{}}
	if side == "in" {
		link.Reading = f.thread.Reverse(verb)
	}
	if !link.Suspect {
		return link
	}
	source, target := f.snapshot.Node(l.Source), f.snapshot.Node(l.Target)
	suspect := trace.Suspect{Link: e.Link, SourceChanged: changedSince(l.Confirmed.Source, source.Content), TargetChanged: changedSince(l.Confirmed.Target, target.Content)}
	if suspect.TargetChanged {
		link.Changed = append(link.Changed, string(target.Item.Key))
	}
	if suspect.SourceChanged {
		link.Changed = append(link.Changed, string(source.Item.Key))
	}
	link.Difference = append(link.Difference, f.thread.Difference(suspect, texts)...)
	return link
}

func changedSince(confirmed, now record.Hash) bool { return !confirmed.IsZero() && confirmed != now }

// tree lists what a walk reaches, each item once, after the one through which
// it is reached. It does not recurse: a thread may be as long as it likes.
func (f *folder) tree(start project.Handle, d trace.Direction) []branch {
	c := f.thread.Impact(start, d)
	below := map[project.Handle][]project.Handle{}
	last := map[project.Handle]trace.Step{}
	depth := map[project.Handle]int{}
	for i := range c.Len() {
		path := c.Path(f.snapshot, i)
		step := path[len(path)-1]
		below[step.From] = append(below[step.From], step.To)
		last[step.To], depth[step.To] = step, len(path)
	}
	for _, children := range below {
		f.sortHandles(children)
	}
	list := []branch{}
	todo := slices.Clone(below[start])
	slices.Reverse(todo)
	for len(todo) > 0 {
		h := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		step := last[h]
		list = append(list, branch{Depth: depth[h], From: f.snapshot.Node(step.From).Item.Key, Reading: f.thread.Reading(step),
			Suspect: f.thread.IsSuspect(step.Link), Item: f.refer(h)})
		for _, child := range slices.Backward(below[h]) {
			todo = append(todo, child)
		}
	}
	return list
}

func (s *sheet) write(w io.Writer) {
	fmt.Fprintf(w, "%s\n%s\n", s.label(), s.subtitle())
	s.writeFields(w)
	if s.Text != "" {
		fmt.Fprintf(w, "\n%s\n", printableText(s.Text))
	}
	fmt.Fprintf(w, "\nlinks: %d\n", len(s.Links))
	for i := range s.Links {
		s.Links[i].write(w)
	}
	for _, t := range []struct {
		name string
		tree []branch
	}{{"upstream", s.Upstream}, {"downstream", s.Downstream}} {
		fmt.Fprintf(w, "\n%s: %s\n", t.name, plural(len(t.tree), "item"))
		for i := range t.tree {
			t.tree[i].write(w)
		}
	}
}

// subtitle is what stands below the title: kind, state, place, result.
func (s *sheet) subtitle() string {
	parts := []string{s.KindName, string(s.State), s.Place()}
	if s.Document != "" {
		in := "in " + string(s.Document)
		if len(s.Sections) > 0 {
			in += " › " + strings.Join(s.Sections, " › ")
		}
		parts = append(parts, in)
	}
	parts = append(parts, s.Result())
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return printable(strings.Join(parts, ", "))
}

func (s *sheet) writeFields(w io.Writer) {
	if len(s.Fields)+len(s.Files) > 0 || s.Language != "" || s.Message != "" {
		fmt.Fprintln(w)
	}
	for _, x := range s.Fields {
		writeField(w, x.Name, strings.Join(x.Values, ", "))
	}
	if s.Language != "" {
		writeField(w, "language", s.Language)
	}
	for _, x := range s.Files {
		writeField(w, "file", x.Name)
	}
	if s.Message != "" {
		writeField(w, "result", s.Message)
	}
}

// writeField writes a field; further lines of its value stand below the first.
func writeField(w io.Writer, name, value string) {
	if strings.Contains(value, "\n") {
		fmt.Fprintf(w, "%s:\n%s\n", printable(name), strings.TrimRight(indent(printableText(value), "  "), "\n"))
		return
	}
	fmt.Fprintf(w, "%s: %s\n", printable(name), printable(value))
}

// indent puts blanks in front of every line that holds something.
func indent(text, blanks string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimRight(line, "\n") != "" {
			b.WriteString(blanks)
		}
		b.WriteString(line)
	}
	return b.String()
}

func (l *sheetLink) write(w io.Writer) {
	suspect := ""
	if l.Suspect {
		suspect = fmt.Sprintf("%ssuspect: %s changed", columnGap, printable(strings.Join(l.Changed, " and ")))
	}
	fmt.Fprintf(w, "  %s %s%s\n", printable(l.Reading), l.Item.describe(), suspect)
	for _, d := range l.Difference {
		fmt.Fprintf(w, "      %s\n", printable(d))
	}
}

func (b *branch) write(w io.Writer) {
	suspect := ""
	if b.Suspect {
		suspect = columnGap + "suspect"
	}
	fmt.Fprintf(w, "%s%s %s%s\n", strings.Repeat("  ", b.Depth), printable(b.Reading), b.Item.describe(), suspect)
}
