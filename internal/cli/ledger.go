package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/codetag"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/workspace"
)

// ledgerFlags say which project of which ledger a command is about.
type ledgerFlags struct {
	data, project, stream string
}

func (l *ledgerFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&l.data, "data", "", "folder of the ledger (default: one below the settings of the user)")
	c.Flags().StringVar(&l.project, "project", "", "project in the ledger (default: that of the workspace around the working folder)")
	c.Flags().StringVar(&l.stream, "stream", string(record.Main), "stream of the project")
	_ = c.MarkFlagDirname("data")
}

// ledgerPurpose is the folder of the ledgers of a user, below that of the program.
const ledgerPurpose = "ledgers"

// openedLedger is a project of a ledger that is open.
type openedLedger struct {
	*service.Service
	env     *Environment
	name    string // of the project
	stream  record.Stream
	folder  string // of the data
	closing func() error
}

func (l *openedLedger) close() {
	if err := l.closing(); err != nil {
		l.env.Log.Error("close the data folder", "error", err)
	}
}

// openLedger opens the ledger that the flags name. Dir is the workspace that names the project where no flag does.
func (env *Environment) openLedger(ctx context.Context, flags ledgerFlags, dir string) (*openedLedger, error) {
	folder, err := env.dataFolder(flags.data, ledgerPurpose)
	if err != nil {
		return nil, err
	}
	l := &openedLedger{env: env, name: flags.project, stream: record.Stream(cmp.Or(flags.stream, string(record.Main))), folder: folder}
	if l.name == "" {
		if l.name, err = env.projectOf(dir); err != nil {
			return nil, err
		}
	}
	if l.Service, l.closing, err = env.OpenService(ctx, folder); err != nil {
		return nil, err
	}
	return l, nil
}

// projectOf is the name of the project of a workspace.
func (env *Environment) projectOf(dir string) (string, error) {
	root, err := openRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	text, err := workspace.Open(root, workspace.LoadOptions{})
	if err != nil {
		return "", err
	}
	if !text.Config.Present {
		return "", fault.Newf(fault.Invalid, "%s is no workspace, so that it names no project", dir).WithHint("--project NAME, or work in a folder with goldthread.yaml")
	}
	return text.Config.Project, nil
}

// at is the project as it was at a moment that a person names, "" for now, to be asked like a folder.
func (l *openedLedger) at(ctx context.Context, moment string) (*folder, error) {
	entry, err := l.Moment(ctx, l.name, l.stream, moment)
	if err != nil {
		return nil, err
	}
	p, err := l.ProjectAt(ctx, l.name, l.stream, entry)
	if err != nil {
		return nil, err
	}
	config, sch, findings := workspace.ReadConfig([]byte(p.Snapshot.Settings().Schema), p.Snapshot.Settings().Schema != "", l.name, p.Schema)
	return &folder{dir: l.folder, ledger: p, schema: sch, snapshot: p.Snapshot, source: p.Source, thread: trace.New(p.Snapshot, sch), findings: findings,
		text: &workspace.Text{Config: config, Schema: sch, Lock: workspace.NewLock()}, tags: &codetag.Result{}}, nil
}

// entryPlace is where an operation stands in a ledger, for messages that name a file and a line.
func entryPlace(p project.Position) (file string, line int) {
	return fmt.Sprintf("entry %d", p.Entry), int(p.Operation) + 1
}

// asked is what a command is about: a folder, or with --at a project of a ledger.
type asked struct {
	ledgerFlags
	at string
}

// now is how a person asks for the newest entry.
const now = "now"

func (q *asked) add(c *cobra.Command) {
	c.Flags().StringVar(&q.at, "at", "", "ask the ledger, as of a baseline, the number of an entry, or a time (2026-11-28, 2026-11-28T14:00); \"now\" for its newest entry")
	q.ledgerFlags.add(c)
}

// ask opens what is asked about. The caller must call the function returned.
func (env *Environment) ask(cmd *cobra.Command, dir string, q asked) (*folder, func(), error) {
	if q.at == "" {
		f, err := env.answer(cmd, dir)
		return f, func() {}, err
	}
	return env.askLedger(cmd.Context(), dir, q)
}

func (env *Environment) askLedger(ctx context.Context, dir string, q asked) (*folder, func(), error) {
	l, err := env.openLedger(ctx, q.ledgerFlags, dir)
	if err != nil {
		return nil, nil, err
	}
	if q.at == now {
		q.at = ""
	}
	f, err := l.at(ctx, q.at)
	if err != nil {
		l.close()
		return nil, nil, err
	}
	return f, l.close, nil
}
