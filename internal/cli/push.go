package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/workspace"
)

func pushCommand(env *Environment) *cobra.Command {
	var w writeFlags
	c := &cobra.Command{
		Use:   "push",
		Short: "bring what the folder has changed into the ledger",
		Long: `push brings what the text of a folder has changed since it was taken from the ledger
into it, as one entry: items, links, confirmations, places and prose. A folder whose
project the ledger does not have yet makes it. Where the ledger has moved on meanwhile
nothing is done; pull first.

States, signatures and people are not made of text: writing approved into a file
approves nothing.`,
		Example: "  goldthread push --reason 'limits of drug library 3'\n  goldthread push --reason 'mended alarm' --request CR-12",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := env.push(cmd.Context(), w)
			if err != nil {
				return err
			}
			return env.tellEntry(w.asJSON, r, "what the folder has changed")
		},
	}
	w.add(c)
	return c
}

func (env *Environment) push(ctx context.Context, w writeFlags) (service.Receipt, error) {
	dir := env.folderFlag(w.dir)
	f, err := env.open(ctx, dir, openOptions{noForeign: true, noCode: true})
	if err != nil {
		return service.Receipt{}, err
	}
	if err := f.unreadable(); err != nil {
		return service.Receipt{}, err
	}
	if !f.text.Config.Present {
		return service.Receipt{}, fault.Newf(fault.Invalid, "%s is no workspace", dir).WithHint("goldthread init")
	}
	origin := f.text.Lock.Origin
	if origin.Ledger == "" {
		return env.firstPush(ctx, w, f)
	}
	w.stream = string(origin.Stream)
	l, command, err := env.writing(ctx, w)
	if err != nil {
		return service.Receipt{}, err
	}
	defer l.close()
	command.Channel = "workspace"
	state, err := l.state(ctx, origin)
	if err != nil {
		return service.Receipt{}, err
	}
	pushed, err := workspace.Push(state, f.text, env.Random)
	if err != nil {
		return service.Receipt{}, err
	}
	if err := refusals(pushed.Findings); err != nil {
		return service.Receipt{}, err
	}
	if len(pushed.Operations) == 0 {
		return service.Receipt{}, nil
	}
	command.Claimed = env.claims(ctx)
	r, err := l.Push(ctx, service.Push{Command: command, Base: origin.Entry, Whole: true, Operations: pushed.Operations, Files: pushedFiles(dir, pushed.Files)})
	if err != nil {
		return r, err
	}
	origin.Entry = r.Entry
	return r, env.saveLock(dir, pushed.Lock, origin)
}

// firstPush makes the project of a folder in the ledger.
func (env *Environment) firstPush(ctx context.Context, w writeFlags, f *folder) (service.Receipt, error) {
	if w.reason == "" {
		return service.Receipt{}, fault.Newf(fault.Invalid, "say why, with --reason")
	}
	dir := f.dir
	l, err := env.openLedger(ctx, w.ledgerFlags, dir)
	if err != nil {
		return service.Receipt{}, err
	}
	defer l.close()
	has, err := l.Has(ctx, l.name)
	if err != nil {
		return service.Receipt{}, err
	}
	if has {
		return service.Receipt{}, fault.Newf(fault.Conflict, "the ledger has a project %s already, which this folder was not taken from", l.name).
			WithHint("goldthread pull into an empty folder; or give the project another name in goldthread.yaml")
	}
	// Identities that are made of keys do not last: every item gets its own, in the lock, before anything is written.
	lock, err := f.text.Record(f.snapshot, env.Random)
	if err != nil {
		return service.Receipt{}, err
	}
	f.text.Lock, f.draft = lock, nil
	f.begin()
	if err := f.fold(); err != nil {
		return service.Receipt{}, err
	}
	cmd, err := f.takeIn()
	if err != nil {
		return service.Receipt{}, err
	}
	cmd.Project, cmd.Reason, cmd.AcceptClock, cmd.Claimed = l.name, w.reason, w.acceptClock, env.claims(ctx)
	if err := l.TakeIn(ctx, cmd); err != nil {
		return service.Receipt{}, err
	}
	ledger, err := l.Origin(ctx, l.name)
	if err != nil {
		return service.Receipt{}, err
	}
	return service.Receipt{Entry: 1}, env.saveLock(dir, lock, workspace.Origin{Ledger: ledger, Stream: record.Main, Entry: 1})
}

// claims are the authors that git knows, which nobody here has proven.
func (env *Environment) claims(ctx context.Context) []record.Claim {
	name := gitUser(ctx, env.Dir)
	if name == "" {
		return nil
	}
	return []record.Claim{{What: "author", Value: name, Source: "git"}}
}

func (env *Environment) saveLock(dir string, lock *workspace.Lock, origin workspace.Origin) error {
	lock.Origin = origin
	root, err := openRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return workspace.Save(root, []workspace.File{{Path: workspace.LockFile, Data: lock.Write()}})
}

// pushedFiles are files of a folder that go into the ledger.
func pushedFiles(dir string, files []record.File) []service.File {
	var out []service.File
	for _, file := range files {
		name := filepath.Join(dir, filepath.FromSlash(file.Name))
		out = append(out, service.File{File: file, Open: func() (io.ReadCloser, error) { return os.Open(name) }})
	}
	return out
}

// refusals are the findings that keep a text from being pushed, as one error.
func refusals(list []finding.Finding) error {
	var lines []error
	hint := ""
	for _, x := range list {
		if x.Severity == finding.Error {
			lines = append(lines, fmt.Errorf("%s:%d: %s", x.File, x.Line, x.Message))
			hint = x.Remedy
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, fmt.Sprintf("%s keep the folder from being pushed; nothing was done", plural(len(lines), "finding")), errors.Join(lines...)).WithHint(hint)
}

// state is a state of the ledger as a folder begins with it. A folder that was taken from another ledger is refused.
func (l *openedLedger) state(ctx context.Context, origin workspace.Origin) (workspace.State, error) {
	ledger, err := l.Origin(ctx, l.name)
	if err != nil {
		return workspace.State{}, err
	}
	if origin.Ledger != ledger {
		return workspace.State{}, fault.Newf(fault.Conflict, "the folder was taken from the ledger %s, and project %s here is %s", origin.Ledger, l.name, ledger).WithHint("--data names the folder of the right ledger")
	}
	p, err := l.ProjectAt(ctx, l.name, origin.Stream, origin.Entry)
	if err != nil {
		return workspace.State{}, err
	}
	return workspace.State{Snapshot: p.Snapshot, Source: p.Source, Origin: origin, Name: l.name, Change: func(entry int64) (*record.Change, error) {
		e, err := l.Entry(ctx, l.name, entry)
		if err != nil {
			return nil, err
		}
		c := *e.Change
		c.Actor = service.NameOf(p.Ledger, c.Actor)
		return &c, nil
	}}, nil
}

// entryLabel names an entry behind the marker of a conflict: its number, who made it and why.
func entryLabel(c *record.Change, actor string) string {
	return strings.TrimSpace(fmt.Sprintf("entry %d, %s: %s", c.Sequence, actor, c.Reason))
}
