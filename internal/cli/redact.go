package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

func redactCommand(env *Environment) *cobra.Command {
	var w writeFlags
	var order, reference string
	var blobs []string
	c := &cobra.Command{
		Use:   "redact ENTRY:OPERATION",
		Short: "take the content of an operation out of the ledger for good",
		Long: `redact takes out what must not be kept, such as personal data that came in by
mistake: the content of one operation, and the files named. It cannot be undone. What
is left is proven as before, and everybody sees that something was taken out, by
whom, and on whose order. Backups and copies of before still hold it.

log and show --json name entries and operations.`,
		Example: "  goldthread redact 17:3 --order 'data protection officer, request 2026-11' --reason 'name of a patient'",
		Args:    arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			entry, number, ok := strings.Cut(args[0], ":")
			r := record.Redact{Order: order, Reference: reference}
			var err, numberErr error
			r.Entry, err = strconv.ParseInt(entry, 10, 64)
			r.Number, numberErr = strconv.ParseInt(number, 10, 64)
			if !ok || err != nil || numberErr != nil || r.Entry < 1 || r.Number < 1 {
				return fault.Newf(fault.Invalid, "%q names no operation: want the number of the entry and of the operation in it", args[0]).WithHint("goldthread redact 17:3")
			}
			for _, b := range blobs {
				h, err := record.ParseHash("", b)
				if err != nil {
					return fault.New(fault.Invalid, fmt.Sprintf("%.70q is no hash of a file", b), err)
				}
				r.Blobs = append(r.Blobs, h)
			}
			l, command, err := env.writing(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer l.close()
			receipt, err := l.Redact(cmd.Context(), command, r)
			if err != nil {
				return err
			}
			return env.tellEntry(w.asJSON, receipt, "the content of operation "+args[0]+" was taken out")
		},
	}
	w.add(c)
	c.Flags().StringVar(&order, "order", "", "on whose order, and under which reference")
	c.Flags().StringVar(&reference, "reference", "", "where the order is kept")
	c.Flags().StringArrayVar(&blobs, "file", nil, "SHA-256 of a file that is taken out as well; may be repeated")
	return c
}

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
			_, err = env.Stdout.Write(note)
			return err
		},
	}
	flags.add(c)
	return c
}
