package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/workspace"
)

// formatReport is what fmt did, or would do.
type formatReport struct {
	Documents []string `json:"documents"` // that were not canonical
	Lock      bool     `json:"lock"`      // was not up to date
	NewItems  int      `json:"new_items"`
	NewLinks  int      `json:"new_links"`
	Gone      int      `json:"gone"` // lines of items and links that are there no more
	Dry       bool     `json:"dry"`
}

func formatCommand(env *Environment) *cobra.Command {
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "fmt [DIR]",
		Short: "write documents in their canonical form and record new items and links",
		Long: `fmt writes every document of a workspace in its canonical form (docs/workspace.md)
and brings goldthread.lock up to date: a new item gets its identity, a new link is
recorded with what its two ends are now. Links that are recorded already keep
what was confirmed, so that a suspect link stays suspect until somebody confirms
it. Nothing is written while anything in the folder could not be read.`,
		Example:           "  goldthread fmt\n  goldthread fmt --dry-run examples/infusion-pump",
		Args:              arguments(0, 1),
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := env.open(cmd.Context(), env.folderArgument(args), openOptions{noCode: true, noForeign: true})
			if err != nil {
				return err
			}
			report, err := f.format(env, dry)
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(env.Stdout, report)
			} else {
				err = report.text(env)
			}
			if err != nil {
				return fmt.Errorf("write the report: %w", err)
			}
			if dry && (len(report.Documents) > 0 || report.Lock) {
				return errFindings
			}
			return nil
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "write nothing; exit with 1 when something would be written")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	return c
}

// unreadable is an error that lists what stands against writing to the folder.
func (f *folder) unreadable() error {
	list := f.text.Unread()
	for _, x := range f.draft.Findings {
		if x.Severity == finding.Error {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return nil
	}
	finding.Sort(list)
	lines := make([]string, len(list))
	for i, x := range list {
		lines[i] = place(x) + ": " + printable(x.Message)
	}
	return fault.New(fault.Invalid, fmt.Sprintf("nothing was written, since %s in %s could not be read", plural(len(list), "place"), f.dir),
		fmt.Errorf("%s", strings.Join(lines, "\n  "))).WithHint("goldthread check " + f.dir)
}

func (f *folder) format(env *Environment, dry bool) (*formatReport, error) {
	if len(f.text.Documents) == 0 && !f.text.Config.Present {
		return nil, fault.Newf(fault.NotFound, "%s holds no document of a workspace", f.dir).WithHint("goldthread init " + f.dir)
	}
	if err := f.unreadable(); err != nil {
		return nil, err
	}
	root, err := openRoot(f.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	files, err := f.text.Canonical(root)
	if err != nil {
		return nil, err
	}
	report := &formatReport{Documents: []string{}, Dry: dry}
	for _, file := range files {
		report.Documents = append(report.Documents, file.Path)
	}
	lock, err := f.text.Record(f.snapshot, env.Random)
	if err != nil {
		return nil, err
	}
	report.count(f.text.Lock, lock)
	if report.Lock = string(lock.Write()) != lockBytes(root); report.Lock {
		files = append(files, workspace.File{Path: workspace.LockFile, Data: lock.Write()})
	}
	if dry {
		return report, nil
	}
	return report, workspace.Save(root, files)
}

func lockBytes(root *os.Root) string {
	data, err := root.ReadFile(workspace.LockFile)
	if err != nil {
		return ""
	}
	return string(data)
}

func (r *formatReport) count(before, after *workspace.Lock) {
	for k := range after.Items {
		if _, known := before.Items[k]; !known {
			r.NewItems++
		}
	}
	for k := range after.Links {
		if _, known := before.Links[k]; !known {
			r.NewLinks++
		}
	}
	r.Gone = len(before.Items) + r.NewItems - len(after.Items) + len(before.Links) + r.NewLinks - len(after.Links)
}

func (r *formatReport) text(env *Environment) error {
	var b strings.Builder
	verb := "wrote"
	if r.Dry {
		verb = "would write"
	}
	for _, d := range r.Documents {
		fmt.Fprintf(&b, "%s %s\n", verb, d)
	}
	if r.Lock {
		fmt.Fprintf(&b, "%s %s: %s, %s, %s gone\n", verb, workspace.LockFile, plural(r.NewItems, "new item"), plural(r.NewLinks, "new link"), plural(r.Gone, "line"))
	}
	_, err := env.Stdout.Write([]byte(b.String()))
	return err
}
