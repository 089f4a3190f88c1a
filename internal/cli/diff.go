package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// goldthread:implements SRS-65
func diffCommand(env *Environment) *cobra.Command {
	var asJSON bool
	var flags ledgerFlags
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "say which items differ between two folders, revisions or baselines, and how",
		Long: `diff compares two states of a project item by item: what was added, removed,
changed or given another key, field by field, texts line by line, and which links
came and went. Items are the same when their identities in goldthread.lock are, else
when their keys are.

A and B are folders. What is no folder is a revision of git (a branch, tag, commit,
HEAD~3) and means the workspace around the working folder as it was then, or a
moment of the project's ledger (a baseline, the number of an entry, a time, or now),
where git does not know the name; git:NAME and ledger:NAME say which is meant. REVISION:DIR means the folder DIR from the top of the repository, or from here where
DIR begins with a dot. Nothing is checked out and no code of the repository
runs.

Prose of documents and goldthread.yaml are compared too; results of tests and
confirmations of links are not. As with diff, the exit code is 0 where nothing
differs and 1 where something does.`,
		Example: "  goldthread diff HEAD .\n  goldthread diff v1.0 v1.1 --json\n  goldthread diff ledger:1.0 ledger:1.1\n  goldthread diff ledger:now .\n  goldthread diff old/requirements requirements\n  goldthread diff HEAD~1:examples/infusion-pump examples/infusion-pump",
		Args:    arguments(2, 2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) < 2 {
				return nil, cobra.ShellCompDirectiveFilterDirs
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := env.difference(cmd.Context(), args[0], args[1], flags)
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(env.Stdout, d)
			} else {
				out := bufio.NewWriter(env.Stdout)
				d.write(out)
				err = out.Flush()
			}
			if err != nil {
				return fmt.Errorf("write the difference: %w", err)
			}
			if d.Different {
				return errFindings
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	flags.add(c)
	return c
}

// difference is how two states of a project differ.
type difference struct {
	Before        string         `json:"before"` // as named on the command line
	After         string         `json:"after"`
	Different     bool           `json:"different"`
	Counts        map[string]int `json:"counts"`
	Configuration []fieldChange  `json:"configuration"` // goldthread.yaml, at most one
	Items         []itemChange   `json:"items"`
}

// Kinds of change, besides those of package project.
const changeRekeyed = "rekeyed"

// itemChange is how one item differs.
type itemChange struct {
	What   string        `json:"what"` // added, removed, changed, rekeyed (and perhaps changed)
	Key    record.Key    `json:"key"`
	OldKey record.Key    `json:"old_key"` // where it was rekeyed
	Kind   string        `json:"kind"`
	Title  string        `json:"title"` // after, or before where it was removed
	Fields []fieldChange `json:"fields"`
	Links  []linkChange  `json:"links"`
}

// fieldChange is a field before and after, "" where it was not set.
type fieldChange struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// linkChange is a link from the item that came or went.
type linkChange struct {
	What   string `json:"what"` // added or removed
	Verb   string `json:"verb"`
	Target string `json:"target"`
}

// difference reads both states and compares them.
func (env *Environment) difference(ctx context.Context, before, after string, flags ledgerFlags) (*difference, error) {
	states := &states{env: env, flags: flags}
	defer states.close()
	a, closeA, err := states.open(ctx, before)
	if err != nil {
		return nil, err
	}
	defer closeA()
	b, closeB, err := states.open(ctx, after)
	if err != nil {
		return nil, err
	}
	defer closeB()
	return compareFolders(before, a, after, b)
}

// states opens what arguments of diff mean. The ledger is opened once.
type states struct {
	env    *Environment
	flags  ledgerFlags
	ledger *openedLedger
}

func (s *states) close() {
	if s.ledger != nil {
		s.ledger.close()
	}
}

// Words before a name that say who knows it.
const (
	inLedger = "ledger:"
	inGit    = "git:"
)

// open opens what an argument means; the caller must call the function returned.
func (s *states) open(ctx context.Context, name string) (*folder, func(), error) {
	moment, said := strings.CutPrefix(name, inLedger)
	if said || s.flags.data != "" || s.flags.project != "" {
		if info, err := os.Stat(s.env.path(name)); !said && err == nil && info.IsDir() {
			return s.openFolder(ctx, name)
		}
		if s.ledger == nil {
			var err error
			if s.ledger, err = s.env.openLedger(ctx, s.flags, s.env.folderArgument(nil)); err != nil {
				return nil, nil, err
			}
		}
		if moment == now {
			moment = ""
		}
		f, err := s.ledger.at(ctx, moment)
		return f, func() {}, err
	}
	f, closeState, err := s.openFolder(ctx, strings.TrimPrefix(name, inGit))
	if err == nil || !errors.Is(err, fault.NotFound) || strings.HasPrefix(name, inGit) || !s.env.hasLedger() {
		return f, closeState, err
	}
	if f, closeState, ledgerErr := s.open(ctx, inLedger+name); ledgerErr == nil {
		return f, closeState, nil
	}
	return nil, nil, err
}

// hasLedger reports whether the user has a ledger in the default place.
func (env *Environment) hasLedger() bool {
	folder, err := env.dataFolder("", ledgerPurpose)
	if err != nil {
		return false
	}
	_, err = os.Stat(folder)
	return err == nil
}

func (s *states) openFolder(ctx context.Context, name string) (*folder, func(), error) {
	env := s.env
	dir, closeState, err := env.state(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	f, err := env.open(ctx, dir, openOptions{})
	if err != nil {
		closeState()
		return nil, nil, err
	}
	hint := ""
	if dir == env.path(name) {
		hint = "goldthread check " + dir
	}
	env.tellUnread(f, name, hint)
	return f, closeState, nil
}

// compareFolders names every item that came, went or changed.
//
// goldthread:implements SRS-20
func compareFolders(before string, a *folder, after string, b *folder) (*difference, error) {
	list, err := project.Difference(project.Side{Snapshot: a.snapshot, Source: a.source}, project.Side{Snapshot: b.snapshot, Source: b.source})
	if err != nil {
		return nil, err
	}
	d := &difference{Before: before, After: after, Configuration: []fieldChange{}, Items: []itemChange{},
		Counts: map[string]int{project.Added: 0, project.Removed: 0, project.Changed: 0, changeRekeyed: 0}}
	if a.text.Config.Raw != b.text.Config.Raw {
		d.Configuration = append(d.Configuration, fieldChange{"goldthread.yaml", a.text.Config.Raw, b.text.Config.Raw})
	}
	list = withoutMoved(list, a, b)
	renamed := renamedKeys(list)
	for i := range list {
		if c := newItemChange(&list[i], renamed); len(c.Fields)+len(c.Links) > 0 || c.What != project.Changed {
			side := b
			if c.What == project.Removed {
				side = a
			}
			c.Title = side.titleOf(c.Key)
			d.Items = append(d.Items, c)
		}
	}
	d.addProse(a, b)
	for _, c := range d.Items {
		d.Counts[c.What]++
	}
	d.Different = len(d.Items)+len(d.Configuration) > 0
	return d, nil
}

// titleOf is the title of the item that has the key.
func (f *folder) titleOf(key record.Key) string {
	if h, ok := f.snapshot.ByKey(key); ok {
		return f.snapshot.Node(h).Item.Title
	}
	return ""
}

// renamedKeys maps old keys to new ones.
func renamedKeys(list []project.ItemDifference) map[string]string {
	renamed := map[string]string{}
	for _, d := range list {
		for _, f := range d.Fields {
			if f.Name == "key" && d.What == project.Changed {
				renamed[f.Before] = f.After
			}
		}
	}
	return renamed
}

// newItemChange takes links and keys apart from the other fields. A link whose
// target only has another key is the same link.
func newItemChange(d *project.ItemDifference, renamed map[string]string) itemChange {
	c := itemChange{What: d.What, Key: d.Key, Kind: string(d.Kind), Fields: []fieldChange{}, Links: []linkChange{}}
	for _, f := range d.Fields {
		verb, isLink := strings.CutPrefix(f.Name, "link ")
		switch {
		case isLink:
			c.Links = append(c.Links, linkChanges(verb, f, renamed)...)
		case f.Name == "key" && d.What == project.Changed:
			c.What, c.OldKey = changeRekeyed, record.Key(f.Before)
		case f.Name == "key", f.Name == "kind" && d.What != project.Changed, f.Name == "title" && d.What != project.Changed:
			// stands in the head of the change already
		default:
			c.Fields = append(c.Fields, fieldChange(f))
		}
	}
	return c
}

func linkChanges(verb string, f project.FieldDifference, renamed map[string]string) []linkChange {
	before, after := linkTargets(f.Before), linkTargets(f.After)
	for i, key := range before {
		if key, ok := renamed[key]; ok {
			before[i] = key
		}
	}
	var out []linkChange
	for _, key := range before {
		if !slices.Contains(after, key) {
			out = append(out, linkChange{project.Removed, verb, key})
		}
	}
	for _, key := range after {
		if !slices.Contains(before, key) {
			out = append(out, linkChange{project.Added, verb, key})
		}
	}
	return out
}

// linkTargets splits the targets of a relation as a difference lists them: they
// are keys of items that people write, which hold no comma.
func linkTargets(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ", ")
}

// addProse compares the prose of documents, which belongs to no item.
func (d *difference) addProse(a, b *folder) {
	for _, h := range b.thread.Of([]record.Kind{schema.KindDOC}) {
		n := b.snapshot.Node(h)
		before, found := a.snapshot.ByID(n.Item.ID)
		if !found {
			before, found = a.snapshot.ByKey(n.Item.Key)
		}
		if !found || !a.snapshot.Node(before).Present() {
			continue
		}
		prose := fieldChange{"prose", proseOf(a.snapshot.Node(before).Outline), proseOf(n.Outline)}
		if prose.Before == prose.After {
			continue
		}
		i := slices.IndexFunc(d.Items, func(c itemChange) bool { return c.Key == n.Item.Key })
		if i < 0 {
			d.Items = append(d.Items, itemChange{What: project.Changed, Key: n.Item.Key, Kind: string(n.Item.Kind), Title: n.Item.Title, Fields: []fieldChange{}, Links: []linkChange{}})
			i = len(d.Items) - 1
		}
		d.Items[i].Fields = append(d.Items[i].Fields, prose)
	}
	slices.SortStableFunc(d.Items, func(x, y itemChange) int { return record.CompareKeys(x.Key, y.Key) })
}

// proseOf is what a document says between its items.
func proseOf(o *project.Outline) string {
	if o == nil {
		return ""
	}
	var parts []string
	for _, b := range o.Blocks {
		if !b.Item.IsZero() {
			continue
		}
		if b.Level > 0 {
			parts = append(parts, strings.TrimRight(strings.Repeat("#", b.Level)+" "+b.Heading, " "))
		}
		if p := strings.Trim(b.Prose, "\n"); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n\n")
}

// withoutMoved leaves out tagged places that have no name but their line, and of
// which only the line is another: what they say is as it was.
func withoutMoved(list []project.ItemDifference, a, b *folder) []project.ItemDifference {
	removed, added := map[string][]int{}, map[string][]int{}
	for i := range list {
		switch d := &list[i]; {
		case d.What == project.Removed && a.derived(d.Kind):
			removed[placeName(d)] = append(removed[placeName(d)], i)
		case d.What == project.Added && b.derived(d.Kind):
			added[placeName(d)] = append(added[placeName(d)], i)
		}
	}
	moved := map[int]bool{}
	for name, gone := range removed {
		for n := range min(len(gone), len(added[name])) {
			moved[gone[n]], moved[added[name][n]] = true, true
		}
	}
	var out []project.ItemDifference
	for i, d := range list {
		if !moved[i] {
			out = append(out, d)
		}
	}
	return out
}

// placeName is all that a tagged place says, without its line.
func placeName(d *project.ItemDifference) string {
	file, line, _ := strings.Cut(string(d.Key), "#")
	if line == "" {
		file = file[:max(strings.LastIndexByte(file, ':'), 0)]
	} else {
		file = string(d.Key)
	}
	parts := []string{file, string(d.Kind)}
	for _, f := range d.Fields {
		if f.Name != "key" && f.Name != "title" {
			parts = append(parts, f.Name, cmp.Or(f.Before, f.After))
		}
	}
	return strings.Join(parts, "\x00")
}

func (d *difference) write(w io.Writer) {
	for _, c := range d.Configuration {
		fmt.Fprintln(w, "changed goldthread.yaml")
		writeLines(w, "    ", c.Before, c.After)
	}
	for i := range d.Items {
		d.Items[i].write(w)
	}
	if !d.Different {
		fmt.Fprintln(w, "no difference")
		return
	}
	fmt.Fprintf(w, "%d added, %d removed, %d changed, %d rekeyed\n", d.Counts[project.Added], d.Counts[project.Removed], d.Counts[project.Changed], d.Counts[changeRekeyed])
}

func (c *itemChange) write(w io.Writer) {
	head := c.What + " "
	if c.OldKey != "" {
		head += string(c.OldKey) + " → "
	}
	fmt.Fprintln(w, printable(head)+reference{Key: c.Key, Title: c.Title}.label())
	for _, l := range c.Links {
		sign := "+"
		if l.What == project.Removed {
			sign = "-"
		}
		fmt.Fprintf(w, "    %s %s %s\n", sign, printable(l.Verb), printable(l.Target))
	}
	for _, f := range c.Fields {
		f.write(w)
	}
}

// write shows a value of one line in one line, and longer ones line by line.
func (f *fieldChange) write(w io.Writer) {
	name := printable(f.Name)
	switch {
	case strings.Contains(f.Before+f.After, "\n") || f.Name == "text" || f.Name == "prose":
		fmt.Fprintf(w, "    %s:\n", name)
		writeLines(w, "      ", f.Before, f.After)
	case f.Before == "":
		fmt.Fprintf(w, "    + %s: %s\n", name, printable(f.After))
	case f.After == "":
		fmt.Fprintf(w, "    - %s: %s\n", name, printable(f.Before))
	default:
		fmt.Fprintf(w, "    - %s: %s\n    + %s: %s\n", name, printable(f.Before), name, printable(f.After))
	}
}
