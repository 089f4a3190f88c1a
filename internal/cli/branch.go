package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/record"
)

func branchCommand(env *Environment) *cobra.Command {
	var w writeFlags
	var from string
	c := &cobra.Command{
		Use:   "branch [NAME]",
		Short: "open a stream beside the main one, or list the streams",
		Long: `branch opens a stream, such as a maintenance line 1.x beside the next version: it
begins as the stream of --stream was at a baseline or an entry, and goes its own way
from there. What is done in one stream comes into another with port.

Without a NAME it lists the streams.`,
		Example: "  goldthread branch 1.x --from 1.0 --reason 'maintenance of release 1'\n  goldthread branch\n  goldthread check --at now --stream 1.x",
		Args:    arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return env.listStreams(cmd.Context(), w)
			}
			l, command, err := env.writing(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer l.close()
			r, err := l.Branch(cmd.Context(), command, record.Stream(args[0]), from)
			if err != nil {
				return err
			}
			return env.tellEntry(w.asJSON, r, fmt.Sprintf("stream %s", args[0]))
		},
	}
	w.add(c)
	c.Flags().StringVar(&from, "from", "", "baseline, or number of the entry, from which it branches (default: the newest entry)")
	return c
}

func (env *Environment) listStreams(ctx context.Context, w writeFlags) error {
	l, err := env.openLedger(ctx, w.ledgerFlags, env.folderFlag(w.dir))
	if err != nil {
		return err
	}
	defer l.close()
	p, err := l.Project(ctx, l.name)
	if err != nil {
		return err
	}
	if w.asJSON {
		return writeJSON(env.Stdout, p.Streams)
	}
	for _, s := range p.Streams {
		fmt.Fprintln(env.Stdout, printable(string(s)))
	}
	return nil
}
