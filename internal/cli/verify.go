package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
)

func verifyCommand(env *Environment) *cobra.Command {
	var flags ledgerFlags
	var asJSON bool
	var checkpoints []string
	c := &cobra.Command{
		Use:   "verify",
		Short: "recompute every hash of a ledger, and read every file that it names",
		Long: `verify recomputes what can be recomputed about the projects of a ledger: the hash of
every operation, entry and node of the tree, every file that an entry names, the
changes that the entries hold, and the state that is shown. It names each thing that
is not as it was written, the first one first, and then exits with 4.

What is consistent in itself it cannot find without a checkpoint that was kept
elsewhere: give it with --checkpoint.`,
		Example: "  goldthread verify --data /var/lib/goldthread --checkpoint checkpoint-2026-11.txt\n  goldthread verify --project infusion-pump --json",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := env.verify(cmd.Context(), flags, checkpoints)
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(env.Stdout, report)
			} else {
				out := bufio.NewWriter(env.Stdout)
				report.write(out)
				err = out.Flush()
			}
			if err != nil {
				return err
			}
			if n := report.damages(); n > 0 {
				return fault.Newf(fault.Corrupt, "%s: not everything is as it was written", plural(n, "damage")).WithHint("goldthread restore, from a backup that verifies; keep this folder for whoever looks into it")
			}
			return nil
		},
	}
	c.Flags().StringVar(&flags.data, "data", "", "folder of the ledger (default: one below the settings of the user)")
	c.Flags().StringVar(&flags.project, "project", "", "only this project")
	c.Flags().StringArrayVar(&checkpoints, "checkpoint", nil, "file with a signed checkpoint that was kept elsewhere; may be repeated")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	_ = c.MarkFlagDirname("data")
	return c
}

// verificationReport is what a verification has found.
type verificationReport struct {
	Data     string            `json:"data"`
	Projects []verifiedProject `json:"projects"`
}

type verifiedProject struct {
	Project     string   `json:"project"`
	Entries     int64    `json:"entries"`
	Root        string   `json:"root"` // of the tree, computed from the entries
	Files       int      `json:"files"`
	Checkpoints int      `json:"checkpoints"` // that are stored
	Redacted    int      `json:"redacted"`    // operations whose content was taken out
	Kept        []int64  `json:"kept"`        // sizes of the checkpoints kept elsewhere that are of this ledger
	Damages     []damage `json:"damages"`
}

type damage struct {
	Entry     int64  `json:"entry"`
	Operation int64  `json:"operation"`
	File      string `json:"file"`
	What      string `json:"what"`
}

func (r *verificationReport) damages() int {
	n := 0
	for _, p := range r.Projects {
		n += len(p.Damages)
	}
	return n
}

func (env *Environment) verify(ctx context.Context, flags ledgerFlags, checkpoints []string) (*verificationReport, error) {
	folder, err := env.dataFolder(flags.data, ledgerPurpose)
	if err != nil {
		return nil, err
	}
	svc, closeService, err := env.OpenService(ctx, folder)
	if err != nil {
		return nil, err
	}
	l := &openedLedger{Service: svc, env: env, closing: closeService}
	defer l.close()
	kept, err := env.readCheckpoints(checkpoints)
	if err != nil {
		return nil, err
	}
	names := []string{flags.project}
	if flags.project == "" {
		if names, err = svc.Projects(ctx); err != nil {
			return nil, err
		}
	}
	report := &verificationReport{Data: folder, Projects: []verifiedProject{}}
	for _, name := range names {
		v, err := svc.Verify(ctx, name)
		if err != nil {
			return nil, err
		}
		p := verifiedProject{Project: name, Entries: v.Head.Size, Root: v.Head.Root.String(), Files: v.Files, Checkpoints: v.Checkpoints, Redacted: v.Redacted, Kept: []int64{}, Damages: []damage{}}
		for _, note := range kept {
			size, d, err := svc.Holds(ctx, name, note.data)
			switch {
			case err != nil:
				return nil, fmt.Errorf("checkpoint %s: %w", note.name, err)
			case size == 0: // of another ledger
			default:
				note.found = true
				p.Kept = append(p.Kept, size)
				for _, x := range d {
					p.Damages = append(p.Damages, damage(x))
				}
			}
		}
		for _, d := range v.Damages {
			p.Damages = append(p.Damages, damage(d))
		}
		report.Projects = append(report.Projects, p)
	}
	for _, note := range kept {
		if !note.found {
			return nil, fault.Newf(fault.Corrupt, "the checkpoint %s is of no ledger in %s: it was taken away, or another one was put in its place", note.name, folder)
		}
	}
	return report, nil
}

// keptCheckpoint is a checkpoint that was kept elsewhere.
type keptCheckpoint struct {
	name  string
	data  []byte
	found bool // in the ledger of a project
}

func (env *Environment) readCheckpoints(names []string) ([]*keptCheckpoint, error) {
	var kept []*keptCheckpoint
	for _, name := range names {
		data, err := os.ReadFile(env.path(name))
		if err != nil {
			return nil, fault.New(fault.Invalid, "the checkpoint "+name+" cannot be read", err)
		}
		kept = append(kept, &keptCheckpoint{name: name, data: data})
	}
	return kept, nil
}

func (r *verificationReport) write(w io.Writer) {
	for _, p := range r.Projects {
		fmt.Fprintf(w, "%s: %s, %s", printable(p.Project), plural(int(p.Entries), "entry"), plural(p.Files, "file"))
		if len(p.Damages) == 0 {
			fmt.Fprintf(w, ": as they were written\n    root %s\n", p.Root)
			if p.Redacted > 0 {
				fmt.Fprintf(w, "    %s redacted, as later entries say\n", plural(p.Redacted, "operation"))
			}
			for _, size := range p.Kept {
				fmt.Fprintf(w, "    the checkpoint of %s that was kept elsewhere holds\n", plural(int(size), "entry"))
			}
			continue
		}
		fmt.Fprintf(w, ": %s\n", plural(len(p.Damages), "damage"))
		for _, d := range p.Damages {
			fmt.Fprintf(w, "    %s\n", printable(d.What))
		}
	}
}
