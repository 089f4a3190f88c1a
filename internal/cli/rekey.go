package cli

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/codetag"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/workspace"
)

// rekeyReport is what rekey did.
type rekeyReport struct {
	Old      record.Key `json:"old"`
	New      record.Key `json:"new"`
	Changed  []change   `json:"changed"`
	Mentions []change   `json:"mentions"` // in prose, left as they are
}

// change is a place in a file.
type change struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

func rekeyCommand(env *Environment) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "rekey OLD NEW [DIR]",
		Short: "give an item another key, wherever it is linked to",
		Long: `rekey gives an item another key: in its heading, in every link of the documents, in
the lock and in the tags of the code. The item stays the same: its identity, its
history and its confirmed links remain. Places where prose only mentions the key
are listed and left, since changing them would change requirements.`,
		Example: "  goldthread rekey SRS-13 SRS-112",
		Args:    arguments(2, 3),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return env.completeKey(cmd, nil, begun)
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := env.rekey(cmd.Context(), args[0], args[1], env.folderArgument(args[2:]))
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.Stdout, r)
			}
			for _, c := range r.Changed {
				fmt.Fprintf(env.Stdout, "%s:%d: %s is now %s\n", c.File, c.Line, r.Old, r.New)
			}
			for _, c := range r.Mentions {
				fmt.Fprintf(env.Stdout, "%s:%d: mentions %s in prose, left as it is\n", c.File, c.Line, r.Old)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	return c
}

func (env *Environment) rekey(ctx context.Context, from, to, dir string) (*rekeyReport, error) {
	f, err := env.open(ctx, dir, openOptions{noForeign: true})
	if err != nil {
		return nil, err
	}
	if err := f.unreadable(); err != nil {
		return nil, err
	}
	old, new, err := f.keysToSwap(from, to)
	if err != nil {
		return nil, err
	}
	edits := f.text.Rekey(old, new)
	for _, t := range f.tags.Tags {
		if t.Key == string(old) {
			edits = append(edits, workspace.Edit{File: t.File, Line: t.Line, Column: t.Column, Old: old, New: new})
		}
	}
	lock := f.text.Lock.Clone()
	lock.Rekey(old, new)
	return f.applyEdits(edits, lock, &rekeyReport{Old: old, New: new, Changed: []change{}, Mentions: []change{}})
}

// keysToSwap checks the two keys: the old one is that of an item of a document,
// the new one is free and of the same kind.
func (f *folder) keysToSwap(from, to string) (old, new record.Key, err error) {
	h, err := f.item(from)
	if err != nil {
		return "", "", err
	}
	old = f.snapshot.Node(h).Item.Key
	if new, err = record.ParseKey(to); err != nil {
		return "", "", fault.New(fault.Invalid, to+" is no key", err)
	}
	n := f.snapshot.Node(h)
	if !f.isItem(n.Item.Kind) {
		return "", "", fault.Newf(fault.Invalid, "%s is no item that a person wrote, so that it has no key to change", from)
	}
	if k := f.schema.KindOfKey(new); k == nil || k.ID != n.Item.Kind {
		return "", "", fault.Newf(fault.Invalid, "the prefix of %s does not stand for a %s, as %s is", new, f.kindName(n), old).
			WithHint("keep the prefix " + old.Prefix())
	}
	if other, taken := f.snapshot.ByKey(new); taken {
		sentence := "%s is already the key of an item"
		if f.snapshot.Node(other).Missing {
			sentence = "links lead to %s already, although there is no such item; they would come to mean another one"
		}
		return "", "", fault.Newf(fault.Conflict, sentence, new).WithHint("goldthread show " + string(new))
	}
	return old, new, nil
}

func (f *folder) kindName(n *project.Node) string {
	if k := f.schema.Kind(n.Item.Kind); k != nil {
		return k.Name
	}
	return string(n.Item.Kind)
}

// applyEdits writes edits and the lock together, and reports them.
func (f *folder) applyEdits(edits []workspace.Edit, lock *workspace.Lock, r *rekeyReport) (*rekeyReport, error) {
	root, err := openRoot(f.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	mentions, err := f.text.Mentions(root, r.Old, edits)
	if err != nil {
		return nil, err
	}
	for _, m := range mentions {
		r.Mentions = append(r.Mentions, change{m.File, m.Line})
	}
	for _, e := range edits {
		r.Changed = append(r.Changed, change{e.File, e.Line})
	}
	return r, f.save(edits, lock, true)
}

// save applies edits and writes the lock, all or nothing; with write false it
// only finds out whether it could.
func (f *folder) save(edits []workspace.Edit, lock *workspace.Lock, write bool) error {
	root, err := openRoot(f.around.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	below := slices.Clone(edits)
	for i := range below {
		below[i].File = path.Join(f.around.below, below[i].File)
	}
	files, err := workspace.ApplyEdits(root, below)
	if err != nil || !write {
		return err
	}
	if lock.Present {
		files = append(files, workspace.File{Path: path.Join(f.around.below, workspace.LockFile), Data: lock.Write()})
	}
	return workspace.Save(root, files)
}

// references are the tags of the code as package workspace sees them.
func (f *folder) references() []workspace.Reference {
	out := make([]workspace.Reference, len(f.tags.Tags))
	for i := range f.tags.Tags {
		t := &f.tags.Tags[i]
		out[i] = workspace.Reference{File: t.File, Line: t.Line, Column: t.Column, Key: record.Key(t.Key), Name: declaredName(t)}
	}
	return out
}

// declaredName is the name of the test or unit that a tag stands on, as it is
// declared: without what is around it.
func declaredName(t *codetag.Tag) string {
	name := t.Test
	if name == "" {
		name = t.Symbol
	}
	name = path.Base(strings.ReplaceAll(name, "::", "/"))
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	return name
}
