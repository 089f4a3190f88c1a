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
