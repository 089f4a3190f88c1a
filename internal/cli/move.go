package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/record"
)

func moveCommand(env *Environment) *cobra.Command {
	var w writeFlags
	c := &cobra.Command{
		Use:   "move KEY... STATE",
		Short: "move items to another state of their workflow",
		Long: `move takes a step of the workflow of items: a draft goes into review, a problem report
into investigation. Steps that ask for a signature are made by sign. A changed item
that was in force goes back to its first state by itself.`,
		Example: "  goldthread move SRS-12 SRS-13 'in review' --reason 'ready for review'",
		Args:    arguments(2, 1<<16),
		RunE: func(cmd *cobra.Command, args []string) error {
			keys, state := args[:len(args)-1], args[len(args)-1]
			l, command, err := env.writing(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer l.close()
			list := make([]record.Key, len(keys))
			for i, k := range keys {
				list[i] = record.Key(k)
			}
			r, err := l.Move(cmd.Context(), command, list, record.State(state))
			if err != nil {
				return err
			}
			return env.tellEntry(w.asJSON, r, fmt.Sprintf("%s: %s", strings.Join(keys, ", "), state))
		},
	}
	w.add(c)
	return c
}
