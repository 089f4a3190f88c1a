package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/service"
)

func backupCommand(env *Environment) *cobra.Command {
	var flags ledgerFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "backup DIR",
		Short: "copy all ledgers, files and keys into a new folder, and verify the copy",
		Long: `backup copies everything that a data folder keeps into a new folder: all ledgers as
they were at one moment, every file, and the signing keys. Others may read and write
meanwhile. The copy is then opened and verified, as verify does it, and is a data
folder of its own: restore puts it in place.

Keep it as safe as the data folder: it holds the signing keys.`,
		Example: "  goldthread backup /mnt/backup/2026-11-28 --data /var/lib/goldthread",
		Args:    arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := env.dataFolder(flags.data, ledgerPurpose)
			if err != nil {
				return err
			}
			to := env.path(args[0])
			if err := env.backup(cmd.Context(), folder, to); err != nil {
				return err
			}
			return env.tellVerified(cmd.Context(), to, "backup", asJSON)
		},
	}
	c.Flags().StringVar(&flags.data, "data", "", "folder of the ledger (default: one below the settings of the user)")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	_ = c.MarkFlagDirname("data")
	return c
}

func restoreCommand(env *Environment) *cobra.Command {
	var flags ledgerFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "restore BACKUP",
		Short: "make a data folder out of a backup, and verify it",
		Long: `restore copies a backup to the data folder, which must not be there yet, and
verifies it. It copies all or nothing. What was written after the backup is not in it;
clients that have seen newer checkpoints will say so.`,
		Example: "  goldthread restore /mnt/backup/2026-11-28 --data /var/lib/goldthread",
		Args:    arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := env.dataFolder(flags.data, ledgerPurpose)
			if err != nil {
				return err
			}
			if err := service.Restore(env.path(args[0]), folder); err != nil {
				return err
			}
			return env.tellVerified(cmd.Context(), folder, "restored", asJSON)
		},
	}
	c.Flags().StringVar(&flags.data, "data", "", "folder of the ledger (default: one below the settings of the user)")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	_ = c.MarkFlagDirname("data")
	return c
}

func (env *Environment) backup(ctx context.Context, folder, to string) error {
	svc, closeService, err := env.OpenService(ctx, folder)
	if err != nil {
		return err
	}
	l := &openedLedger{Service: svc, env: env, closing: closeService}
	defer l.close()
	return svc.Backup(ctx, to)
}

// tellVerified verifies a copy, and says what is in it.
func (env *Environment) tellVerified(ctx context.Context, folder, what string, asJSON bool) error {
	report, err := env.verify(ctx, ledgerFlags{data: folder}, nil)
	if err != nil {
		return err
	}
	if asJSON {
		err = writeJSON(env.Stdout, report)
	} else {
		report.write(env.Stdout)
		fmt.Fprintf(env.Stdout, "%s: %s\n", what, folder)
	}
	if err == nil && report.damages() > 0 {
		err = fault.Newf(fault.Corrupt, "%s in %s: not everything is as it was written", plural(report.damages(), "damage"), folder)
	}
	return err
}
