package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/workspace"
)

// pullOptions are the flags of pull.
type pullOptions struct {
	ledgerFlags
	dir             string
	preview, asJSON bool
}

func pullCommand(env *Environment) *cobra.Command {
	var opt pullOptions
	c := &cobra.Command{
		Use:   "pull",
		Short: "bring what the ledger has changed into the folder",
		Long: `pull brings what a project's ledger has changed since the folder was taken from it into
the folder: item by item and part by part, so that what only one side changed is
taken. What both sides changed, in different ways, is written into the text between
markers that say where each came from; settle them, and push. It exits with 1 while
there is such a conflict.

In a folder that is empty, or not there, it writes the whole project.`,
		Example: "  goldthread pull\n  goldthread pull --dir pump --project infusion-pump --data /var/lib/goldthread\n  goldthread pull --preview",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := env.pull(cmd.Context(), opt)
			if err != nil {
				return err
			}
			if opt.asJSON {
				err = writeJSON(env.Stdout, report)
			} else {
				out := bufio.NewWriter(env.Stdout)
				report.write(out)
				err = out.Flush()
			}
			if err == nil && len(report.Conflicts) > 0 {
				return errFindings
			}
			return err
		},
	}
	opt.add(c)
	c.Flags().StringVar(&opt.dir, "dir", "", "the workspace (default: the one around the working folder)")
	c.Flags().BoolVar(&opt.preview, "preview", false, "say what would be written, and write nothing")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	return c
}

// pullReport is what a pull has done.
type pullReport struct {
	Project   string         `json:"project"`
	From      int64          `json:"from"` // entry that the folder began with; 0 for none
	To        int64          `json:"to"`
	Preview   bool           `json:"preview"`
	Written   []string       `json:"written"`
	Removed   []string       `json:"removed"`
	Conflicts []pullConflict `json:"conflicts"`
}

type pullConflict struct {
	Key    record.Key `json:"key"`
	File   string     `json:"file"`
	Part   string     `json:"part"`
	Base   string     `json:"base"`
	Ours   string     `json:"ours"`
	Theirs string     `json:"theirs"`
}

func (env *Environment) pull(ctx context.Context, opt pullOptions) (*pullReport, error) {
	dir := env.folderFlag(opt.dir)
	if empty, err := isEmptyFolder(dir); err != nil {
		return nil, err
	} else if empty {
		return env.firstPull(ctx, dir, opt)
	}
	f, err := env.open(ctx, dir, openOptions{noForeign: true, noCode: true})
	if err != nil {
		return nil, err
	}
	if err := f.unreadable(); err != nil {
		return nil, err
	}
	origin := f.text.Lock.Origin
	if origin.Ledger == "" {
		return nil, fault.Newf(fault.Conflict, "%s was not taken from a ledger", dir).WithHint("goldthread push makes its project in the ledger; or pull into an empty folder")
	}
	opt.stream = string(origin.Stream)
	l, err := env.openLedger(ctx, opt.ledgerFlags, dir)
	if err != nil {
		return nil, err
	}
	defer l.close()
	base, err := l.state(ctx, origin)
	if err != nil {
		return nil, err
	}
	to, err := l.Moment(ctx, l.name, l.stream, "")
	if err != nil {
		return nil, err
	}
	report := &pullReport{Project: l.name, From: origin.Entry, To: to, Preview: opt.preview, Written: []string{}, Removed: []string{}, Conflicts: []pullConflict{}}
	if to == origin.Entry {
		return report, nil
	}
	theirs, err := l.state(ctx, workspace.Origin{Ledger: origin.Ledger, Stream: origin.Stream, Entry: to})
	if err != nil {
		return nil, err
	}
	merged, err := l.merge(ctx, base, theirs, f.text)
	if err != nil {
		return nil, err
	}
	for _, c := range merged.Conflicts {
		report.Conflicts = append(report.Conflicts, pullConflict{c.Key, c.File, c.Part, c.Base, c.Ours, c.Theirs})
	}
	return report, env.writePulled(l, dir, merged.Write, merged.Files, merged.Remove, report)
}

// merge merges the folder with what the ledger has become.
func (l *openedLedger) merge(ctx context.Context, base, theirs workspace.State, ours *workspace.Text) (*workspace.Merged, error) {
	was, err := workspace.Checkout(base)
	if err != nil {
		return nil, err
	}
	is, err := workspace.Checkout(theirs)
	if err != nil {
		return nil, err
	}
	labels := map[record.ID]string{}
	for c, err := range l.Changes(ctx, l.name, base.Origin.Entry+1, theirs.Origin.Entry) {
		if err != nil {
			return nil, err
		}
		if c.Stream == l.stream {
			p, err := l.Project(ctx, l.name)
			if err != nil {
				return nil, err
			}
			for id := range service.Changed(c) {
				labels[id] = entryLabel(c, service.NameOf(p.Ledger, c.Actor))
			}
		}
	}
	return workspace.Merge3(was, is, ours, workspace.MergeOptions{Here: "here", Base: fmt.Sprintf("entry %d", base.Origin.Entry), Theirs: fmt.Sprintf("entry %d", theirs.Origin.Entry),
		Of: func(id record.ID) string { return labels[id] }})
}

// firstPull writes a whole project into a folder that is empty.
func (env *Environment) firstPull(ctx context.Context, dir string, opt pullOptions) (*pullReport, error) {
	if opt.project == "" {
		return nil, fault.Newf(fault.Invalid, "%s is empty: say which project is to come into it", dir).WithHint("--project NAME")
	}
	l, err := env.openLedger(ctx, opt.ledgerFlags, dir)
	if err != nil {
		return nil, err
	}
	defer l.close()
	ledger, err := l.Origin(ctx, l.name)
	if err != nil {
		return nil, err
	}
	to, err := l.Moment(ctx, l.name, l.stream, "")
	if err != nil {
		return nil, err
	}
	state, err := l.state(ctx, workspace.Origin{Ledger: ledger, Stream: l.stream, Entry: to})
	if err != nil {
		return nil, err
	}
	text, err := workspace.Checkout(state)
	if err != nil {
		return nil, err
	}
	for _, x := range text.Findings {
		if x.Severity == finding.Note {
			fmt.Fprintf(env.Stderr, "goldthread: %s\n", printable(x.Message))
		}
	}
	files, err := text.Render()
	if err != nil {
		return nil, err
	}
	report := &pullReport{Project: l.name, To: to, Preview: opt.preview, Written: []string{}, Removed: []string{}, Conflicts: []pullConflict{}}
	if !opt.preview {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, fault.New(fault.Invalid, "cannot make "+dir, err)
		}
	}
	return report, env.writePulled(l, dir, files, text.Attached(), nil, report)
}

func isEmptyFolder(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fault.New(fault.Invalid, dir+" cannot be read", err)
	}
	return !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() != ".git" }), nil
}

// writePulled writes documents and attached files, all or none, and takes away what must go.
func (env *Environment) writePulled(l *openedLedger, dir string, files []workspace.File, attached []record.File, remove []string, report *pullReport) error {
	for _, a := range attached {
		data, err := l.content(a)
		if err != nil {
			return err
		}
		files = append(files, workspace.File{Path: a.Name, Data: data})
	}
	if err := workspace.SortFiles(files); err != nil {
		return err
	}
	for _, f := range files {
		report.Written = append(report.Written, f.Path)
	}
	report.Removed = append(report.Removed, remove...)
	if report.Preview || len(files)+len(remove) == 0 {
		return nil
	}
	root, err := openRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := workspace.Save(root, files); err != nil {
		return err
	}
	for _, name := range remove {
		if err := root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.Invalid, "cannot take away "+name, err)
		}
	}
	return nil
}

// content reads an attached file out of the ledger.
func (l *openedLedger) content(f record.File) ([]byte, error) {
	r, err := l.Blob(f.Hash)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	return data, nil
}

func (r *pullReport) write(w io.Writer) {
	switch {
	case r.From == r.To:
		fmt.Fprintf(w, "%s: the folder is at entry %d, which is the newest\n", printable(r.Project), r.To)
		return
	case r.From == 0:
		fmt.Fprintf(w, "%s: entry %d\n", printable(r.Project), r.To)
	default:
		fmt.Fprintf(w, "%s: from entry %d to entry %d\n", printable(r.Project), r.From, r.To)
	}
	said := "wrote"
	if r.Preview {
		said = "would write"
	}
	for _, name := range r.Written {
		fmt.Fprintf(w, "    %s %s\n", said, printable(name))
	}
	for _, name := range r.Removed {
		fmt.Fprintf(w, "    took away %s\n", printable(name))
	}
	for _, c := range r.Conflicts {
		fmt.Fprintf(w, "conflict: %s, %s, in %s\n", printable(string(c.Key)), printable(c.Part), printable(c.File))
	}
	if len(r.Conflicts) > 0 {
		fmt.Fprintf(w, "%s: settle what stands between the markers, then push\n", plural(len(r.Conflicts), "conflict"))
	}
}
