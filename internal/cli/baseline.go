package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
)

func baselineCommand(env *Environment) *cobra.Command {
	var w writeFlags
	var title string
	c := &cobra.Command{
		Use:   "baseline [NAME]",
		Short: "name the present state of the ledger, or list the names",
		Long: `baseline gives the present state of a stream a name that stays: reports can be made
as of it, it can be compared with others, and maintenance lines branch from it. From
the first one on, or from the one that a plan names as control point, items that it
holds change only under an approved change request.

Without a NAME it lists the baselines.`,
		Example: "  goldthread baseline 1.0 --title 'First release' --reason 'release 1.0 was approved'\n  goldthread baseline\n  goldthread diff 1.0 1.1",
		Args:    arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return env.listBaselines(cmd.Context(), w)
			}
			l, command, err := env.writing(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer l.close()
			r, err := l.Baseline(cmd.Context(), command, args[0], title)
			if err != nil {
				return err
			}
			return env.tellEntry(w.asJSON, r, fmt.Sprintf("baseline %s of stream %s", args[0], l.stream))
		},
	}
	w.add(c)
	c.Flags().StringVar(&title, "title", "", "the baseline in words")
	return c
}

// tellEntry says what a command has written.
func (env *Environment) tellEntry(asJSON bool, r service.Receipt, what string) error {
	if asJSON {
		return writeJSON(env.Stdout, entryReport{Entry: r.Entry, Repeated: r.Repeated})
	}
	switch {
	case r.Entry == 0:
		fmt.Fprintln(env.Stdout, "there was nothing to do")
	case r.Repeated:
		fmt.Fprintf(env.Stdout, "entry %d: %s (done before)\n", r.Entry, printable(what))
	default:
		fmt.Fprintf(env.Stdout, "entry %d: %s\n", r.Entry, printable(what))
	}
	return nil
}

type baselineRow struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Entry int64  `json:"entry"`
	Time  string `json:"time"`
}

func (env *Environment) listBaselines(ctx context.Context, w writeFlags) error {
	l, err := env.openLedger(ctx, w.ledgerFlags, env.folderFlag(w.dir))
	if err != nil {
		return err
	}
	defer l.close()
	f, err := l.at(ctx, "")
	if err != nil {
		return err
	}
	rows, table := []baselineRow{}, [][]cell{}
	for _, b := range f.snapshot.Baselines() {
		e, err := l.Entry(ctx, l.name, b.Entry)
		if err != nil {
			return err
		}
		row := baselineRow{b.Name, b.Title, b.Entry, record.FormatTime(e.Change.Time)}
		rows = append(rows, row)
		table = append(table, []cell{cell(printable(row.Name)), cell(fmt.Sprintf("entry %d", row.Entry)), cell(row.Time), cell(printable(row.Title))})
	}
	if w.asJSON {
		return writeJSON(env.Stdout, rows)
	}
	return writeTable(env.Stdout, "", table)
}
