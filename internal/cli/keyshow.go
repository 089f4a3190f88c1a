package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/keyfile"
)

func keyShowCommand(env *Environment) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [FILE]",
		Short: "the public key and its fingerprint",
		Long: `show prints the public half of a key file, private or .pub, for which it needs no
passphrase, and on standard error the fingerprint, which people compare. Without FILE it
is the key that you would sign with.`,
		Example: "  goldthread key show\n  goldthread key show ~/.ssh/id_ed25519 > id_ed25519.pub",
		Args:    arguments(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := ""
			if len(args) == 1 {
				file = args[0]
			}
			path, err := env.keyFile(file)
			if err != nil {
				return err
			}
			public, err := keyfile.Look(path)
			if err != nil {
				return err
			}
			shown, err := reportKey(path, public)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.Stdout, shown)
			}
			fmt.Fprintln(env.Stdout, shown.Public)
			fmt.Fprintf(env.Stderr, "fingerprint %s, %s\n", shown.Fingerprint, howKept(public))
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	return c
}

// howKept says how a key is kept, in words.
func howKept(p keyfile.Public) string {
	switch {
	case !p.Private:
		return "public key only: ssh-agent signs with it"
	case p.Protected:
		return "private key, protected by a passphrase"
	}
	return "private key without a passphrase: whoever has the file can sign in your name"
}
