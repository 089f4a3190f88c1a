package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/workspace"
)

// mendReport is what mend did.
type mendReport struct {
	Renamed []renamed `json:"renamed"`
	Changed []change  `json:"changed"`
	Unsure  []unsure  `json:"unsure"`
	Lock    bool      `json:"lock"` // lines of two branches were brought together
}

type renamed struct {
	Old     record.Key `json:"old"`
	New     record.Key `json:"new"`
	Title   string     `json:"title"`
	File    string     `json:"file"`
	Line    int        `json:"line"`
	Keeper  change     `json:"keeper"`
	Because string     `json:"because"`
}

type unsure struct {
	Key record.Key `json:"key"`
	change
}

func mendCommand(env *Environment) *cobra.Command {
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "mend [DIR]",
		Short: "give new keys to items that two branches gave the same one",
		Long: `mend puts right what a merge of two branches leaves behind: two items with one key,
and two lines in goldthread.lock for one thing. The item that was here before the
merge keeps its key (without git: the one that stands first); the other gets the
next free number, in its heading, in the lock, and in the links and code tags that
came in with it. References of which nothing says which item they mean are left as
they are and listed.`,
		Example:           "  git merge feature\n  goldthread mend --dry-run\n  goldthread mend && goldthread fmt && goldthread check",
		Args:              arguments(0, 1),
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := env.mend(cmd.Context(), env.folderArgument(args), dry)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.Stdout, r)
			}
			r.text(env)
			return nil
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and do nothing")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	return c
}

func (env *Environment) mend(ctx context.Context, dir string, dry bool) (*mendReport, error) {
	f, err := env.open(ctx, dir, openOptions{noForeign: true})
	if err != nil {
		return nil, err
	}
	if err := f.unmendable(); err != nil {
		return nil, err
	}
	m, err := f.text.Mend(ctx, workspace.OpenGit(ctx, f.dir), f.references())
	if err != nil {
		return nil, fault.New(fault.Invalid, "the history of "+f.dir+" cannot be read", err)
	}
	root, err := openRoot(f.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	r := &mendReport{Renamed: []renamed{}, Changed: []change{}, Unsure: []unsure{}}
	r.Lock = m.Lock.Present && string(m.Lock.Write()) != lockBytes(root)
	for _, x := range m.Renamed {
		r.Renamed = append(r.Renamed, renamed{x.Old, x.New, x.Title, x.At.File, x.At.Line, change{x.Keeper.File, x.Keeper.Line}, x.Because})
	}
	for _, e := range m.Edits {
		r.Changed = append(r.Changed, change{e.File, e.Line})
	}
	for _, u := range m.Unsure {
		r.Unsure = append(r.Unsure, unsure{u.Key, change{u.At.File, u.At.Line}})
	}
	return r, f.save(m.Edits, m.Lock, !dry)
}

// unmendable is an error when something could not be read, other than what mend
// is there for.
func (f *folder) unmendable() error {
	kept := f.text.Findings
	f.text.Findings = nil
	for _, x := range kept {
		if x.Rule != workspace.RuleLockConflict && (x.Rule != workspace.RuleConflictMarker || x.File != workspace.LockFile) {
			f.text.Findings = append(f.text.Findings, x)
		}
	}
	var others []finding.Finding
	for _, x := range f.draft.Findings {
		if x.Rule != workspace.RuleDuplicateKey {
			others = append(others, x)
		}
	}
	f.draft.Findings = others
	return f.unreadable()
}

func (r *mendReport) text(env *Environment) {
	w := env.Stdout
	for _, x := range r.Renamed {
		fmt.Fprintf(w, "%s:%d: %s %s is now %s; the item at %s:%d keeps %s, since %s\n", x.File, x.Line, x.Old, printable(x.Title), x.New, x.Keeper.File,
			x.Keeper.Line, x.Old, x.Because)
	}
	for _, c := range r.Changed {
		fmt.Fprintf(w, "%s:%d: changed\n", c.File, c.Line)
	}
	for _, u := range r.Unsure {
		fmt.Fprintf(w, "%s:%d: speaks of %s; nothing says which of the items it means, so look at it\n", u.File, u.Line, u.Key)
	}
	if r.Lock {
		fmt.Fprintf(w, "%s: changed\n", workspace.LockFile)
	}
	if len(r.Renamed) == 0 && !r.Lock {
		fmt.Fprintln(w, "nothing to mend")
	}
}
