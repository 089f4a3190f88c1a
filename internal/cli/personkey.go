package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/keyfile"
	"github.com/goldthread/goldthread/internal/signature"
)

// Variables of the environment that have to do with keys.
const (
	keyVariable        = "GOLDTHREAD_KEY"
	passphraseVariable = "GOLDTHREAD_PASSPHRASE"
	agentVariable      = "SSH_AUTH_SOCK"
)

// keyOptions are the flags of a command that a person signs with.
type keyOptions struct{ file, passphraseFile string }

func (o *keyOptions) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.file, "key", "", "your key: a private key, or a .pub file whose key ssh-agent holds (default: "+keyVariable+", else the one of key new)")
	o.passphraseFlag(c)
}

func (o *keyOptions) passphraseFlag(c *cobra.Command) {
	c.Flags().StringVar(&o.passphraseFile, "passphrase-file", "", "a file with the passphrase of the key (default: "+passphraseVariable+", else asked on the terminal)")
}

// keyReport is a key as commands print it.
type keyReport struct {
	File        string `json:"file"`
	Kind        string `json:"kind"`
	Public      string `json:"public"`
	Fingerprint string `json:"fingerprint"`
	Private     bool   `json:"private"`
	Protected   bool   `json:"protected"`
}

func keyCommand(env *Environment) *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "the key that you sign with",
		Long: `key makes and shows the personal key by which you act in a ledger and sign in it: an
Ed25519 key in the format of OpenSSH, so that ssh-keygen, ssh-add and ssh-agent know
it, and a key of yours that is there already will do.

Where a command needs it, the key is that of --key FILE, else of ` + keyVariable + `, else
the file key in the folder of goldthread below your settings. A file that ends in .pub
stands for the key that a running ssh-agent holds.`,
		Example: "  goldthread key new\n  goldthread key show",
		Args:    arguments(0, 1<<16),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return fault.Newf(fault.Invalid, "there is no command %q below key", args[0]).WithHint("goldthread key --help")
		},
	}
	c.AddCommand(keyNewCommand(env), keyShowCommand(env))
	return c
}

// keyFile is the place of the person's key.
func (env *Environment) keyFile(flag string) (string, error) {
	switch {
	case flag != "":
		return env.path(flag), nil
	case env.variable(keyVariable) != "":
		return env.path(env.variable(keyVariable)), nil
	case env.KeyFile != "":
		return env.KeyFile, nil
	}
	return "", fault.Newf(fault.Invalid, "the system names no place for settings, so that it is not known where your key is").WithHint("--key FILE, or " + keyVariable)
}

// signer is the person's key, ready to sign.
//
// goldthread:implements SRS-108
func (env *Environment) signer(ctx context.Context, o keyOptions) (signature.Signer, error) {
	path, err := env.keyFile(o.file)
	if err != nil {
		return nil, err
	}
	return keyfile.Open(path, keyfile.Options{Agent: env.variable(agentVariable), Passphrase: env.passphrase(ctx, o)})
}

// passphrase says where the passphrase of a key comes from; nil where nobody can be asked.
func (env *Environment) passphrase(ctx context.Context, o keyOptions) func(prompt string) ([]byte, error) {
	switch {
	case o.passphraseFile != "":
		return func(string) ([]byte, error) { return keyfile.Passphrase(env.path(o.passphraseFile)) }
	case env.variable(passphraseVariable) != "":
		return func(string) ([]byte, error) { return []byte(env.variable(passphraseVariable)), nil }
	case env.AskPassphrase != nil:
		return func(prompt string) ([]byte, error) { return env.AskPassphrase(ctx, printable(prompt)) }
	}
	return nil
}

func (env *Environment) variable(name string) string {
	if env.Getenv == nil {
		return ""
	}
	return env.Getenv(name)
}
