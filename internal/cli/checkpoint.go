package cli

import "github.com/spf13/cobra"

func rotateKeyCommand(env *Environment) *cobra.Command {
	var w writeFlags
	c := &cobra.Command{
		Use:   "rotate-key",
		Short: "put a new key on record that signs the checkpoints of the ledger",
		Long: `rotate-key makes a new signing key for a project's ledger and puts it on record with
an entry. The first checkpoint of the new key is signed by the old one as well, unless
the old one is lost: then the entry and its reason are all that vouches for it, and
verify says so.`,
		Example: "  goldthread rotate-key --reason 'yearly'",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, command, err := env.writing(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer l.close()
			r, err := l.RotateKey(cmd.Context(), command)
			if err != nil {
				return err
			}
			return env.tellEntry(w.asJSON, r, "a new signing key is on record")
		},
	}
	w.add(c)
	return c
}

func checkpointCommand(env *Environment) *cobra.Command {
	var flags ledgerFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "checkpoint",
		Short: "print the newest signed checkpoint of the ledger, to be kept elsewhere",
		Long: `checkpoint prints how many entries a project's ledger has and what its root is,
signed with the ledger's key: a note of C2SP. Whoever keeps it can tell later, with
verify --checkpoint, whether anything of before was changed, removed or put in
another order, even by somebody who has the database, the server and its keys.`,
		Example: "  goldthread checkpoint > checkpoint-2026-11.txt\n  goldthread verify --checkpoint checkpoint-2026-11.txt",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := env.openLedger(cmd.Context(), flags, env.folderArgument(nil))
			if err != nil {
				return err
			}
			defer l.close()
			note, err := l.Checkpoint(cmd.Context(), l.name)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.Stdout, map[string]string{"project": l.name, "checkpoint": string(note)})
			}
			_, err = env.Stdout.Write(note)
			return err
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return c
}
