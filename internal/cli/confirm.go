package cli

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/workspace"
)

// confirmOptions are the flags of confirm.
type confirmOptions struct {
	dir, to, reason, by string
	asJSON              bool
}

// confirmed is one link that was confirmed.
type confirmed struct {
	Source     record.Key `json:"source"`
	Verb       string     `json:"verb"`
	Target     record.Key `json:"target"`
	Difference []string   `json:"difference"`
}

func confirmCommand(env *Environment) *cobra.Command {
	var opt confirmOptions
	c := &cobra.Command{
		Use:   "confirm KEY...",
		Short: "say that suspect links still hold, and why",
		Long: `confirm records that a person has looked at both ends of the suspect links of the
items named, and why the links still hold. It shows what had changed. The person
is the one git knows, unless --by names another. A reason is required: it is what
an auditor reads later.

Only links in documents of the workspace can be confirmed; what another tool
keeps is confirmed there, or imported first.`,
		Example:           "  goldthread confirm SRS-12 --reason 'the new limit does not touch the alarm'\n  goldthread confirm SRS-12 SRS-13 --to SYS-3 --reason 'wording only'",
		Args:              arguments(1, 1<<16),
		ValidArgsFunction: env.completeKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			done, err := env.confirm(cmd.Context(), args, opt)
			if err != nil {
				return err
			}
			if opt.asJSON {
				return writeJSON(env.Stdout, done)
			}
			for _, c := range done {
				fmt.Fprintf(env.Stdout, "confirmed %s %s %s\n", c.Source, c.Verb, c.Target)
				for _, d := range c.Difference {
					fmt.Fprintf(env.Stdout, "    %s\n", printable(d))
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&opt.dir, "dir", "", "the workspace (default: the one around the working folder)")
	c.Flags().StringVar(&opt.to, "to", "", "only links to this item")
	c.Flags().StringVar(&opt.reason, "reason", "", "why the links still hold")
	c.Flags().StringVar(&opt.by, "by", "", "who says so (default: user.name of git)")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	return c
}

// goldthread:implements SRS-26
func (env *Environment) confirm(ctx context.Context, keys []string, opt confirmOptions) ([]confirmed, error) {
	by, err := env.signature(ctx, opt)
	if err != nil {
		return nil, err
	}
	f, err := env.open(ctx, env.folderFlag(opt.dir), openOptions{noCode: true, noForeign: true})
	if err != nil {
		return nil, err
	}
	if err := f.unreadable(); err != nil {
		return nil, err
	}
	links, err := f.suspectLinks(keys, opt.to)
	if err != nil {
		return nil, err
	}
	texts := f.texts(ctx)
	lock := f.text.Lock.Clone()
	done := []confirmed{}
	for _, s := range links {
		l := f.snapshot.Link(s.Link)
		done = append(done, confirmed{f.snapshot.Node(l.Source).Item.Key, string(f.snapshot.Verb(l.Verb)), f.snapshot.Node(l.Target).Item.Key,
			f.thread.Difference(s, texts)})
		lock.Confirm(f.snapshot, s.Link, by)
	}
	root, err := openRoot(f.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return done, workspace.Save(root, []workspace.File{{Path: workspace.LockFile, Data: lock.Write()}})
}

// gitUser is the person whom git knows, "" for nobody: without a repository that of the person's own settings.
func gitUser(ctx context.Context, dir string) string {
	out, err := exec.CommandContext(ctx, "git", "-C", dir, "config", "user.name").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// signature is the person and the reason; both are required.
func (env *Environment) signature(ctx context.Context, opt confirmOptions) (workspace.Signature, error) {
	s := workspace.Signature{Person: strings.TrimSpace(opt.by), Date: env.Now().Format("2006-01-02"), Reason: strings.TrimSpace(opt.reason)}
	if s.Reason == "" {
		return s, fault.Newf(fault.Invalid, "a confirmation needs a reason").WithHint("--reason 'why the link still holds'")
	}
	if s.Person == "" {
		s.Person = gitUser(ctx, env.Dir)
	}
	if s.Person == "" {
		s.Person = env.User
	}
	if s.Person == "" {
		return s, fault.Newf(fault.Invalid, "a confirmation needs a person, and neither git nor the system names one").WithHint("--by 'Jane Doe'")
	}
	for _, text := range []string{s.Person, s.Reason} {
		if err := record.CheckLine(text); err != nil {
			return s, fault.New(fault.Invalid, "person and reason are one line each", err)
		}
	}
	return s, nil
}

// folderFlag is folderArgument for a flag.
func (env *Environment) folderFlag(dir string) string {
	if dir == "" {
		return env.folderArgument(nil)
	}
	return env.path(dir)
}

// suspectLinks lists the suspect links from the keys, each once; each key
// must have one.
func (f *folder) suspectLinks(keys []string, to string) ([]trace.Suspect, error) {
	target := project.NoHandle
	var err error
	if to != "" {
		if target, err = f.item(to); err != nil {
			return nil, err
		}
	}
	var out []trace.Suspect
	all := f.thread.Suspects()
	for _, key := range keys {
		h, err := f.item(key)
		if err != nil {
			return nil, err
		}
		found := false
		for _, s := range all {
			l := f.snapshot.Link(s.Link)
			if l.Source != h || target != project.NoHandle && l.Target != target {
				continue
			}
			found = true
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
		if !found {
			return nil, fault.Newf(fault.NotFound, "no link from %s is suspect", key).WithHint("goldthread check " + f.dir)
		}
	}
	return out, nil
}

// completeKeys completes KEY...
func (env *Environment) completeKeys(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return env.completeKey(cmd, nil, begun)
}
