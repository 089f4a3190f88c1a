package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/keyfile"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// keyNewOptions are the flags of key new.
type keyNewOptions struct {
	keyOptions
	comment   string
	noProtect bool
	asJSON    bool
}

func keyNewCommand(env *Environment) *cobra.Command {
	var opt keyNewOptions
	c := &cobra.Command{
		Use:   "new",
		Short: "make a key, protected by a passphrase",
		Long: `new makes an Ed25519 key and writes it into a file that only you can read, protected
by a passphrase: to sign takes the file and the passphrase, so that neither alone is
enough. A file that is there is never overwritten. The public key goes to standard
output; it is what a manager enrols.

The passphrase is asked on the terminal, twice. Scripts give it by --passphrase-file or
` + passphraseVariable + `. With --no-passphrase the file alone is enough to sign in your
name; keep that for tests.`,
		Example: "  goldthread key new\n  goldthread key new --out ~/.ssh/goldthread --comment 'Jane Doe, QA'",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			made, err := env.newKey(cmd.Context(), opt)
			if err != nil {
				return err
			}
			if opt.asJSON {
				return writeJSON(env.Stdout, made)
			}
			fmt.Fprintln(env.Stdout, made.Public)
			fmt.Fprintf(env.Stderr, "wrote %s, fingerprint %s\n", printable(made.File), made.Fingerprint)
			return nil
		},
	}
	c.Flags().StringVar(&opt.file, "out", "", "where to write it (default: "+keyVariable+", else the file key below your settings)")
	c.Flags().StringVar(&opt.comment, "comment", "", "what ssh-add lists it under (default: your name)")
	c.Flags().BoolVar(&opt.noProtect, "no-passphrase", false, "leave the file unprotected")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	opt.passphraseFlag(c)
	return c
}

// goldthread:implements SRS-108
func (env *Environment) newKey(ctx context.Context, opt keyNewOptions) (*keyReport, error) {
	path, err := env.keyFile(opt.file)
	if err != nil {
		return nil, err
	}
	if opt.comment == "" {
		opt.comment = env.User
	}
	if err := record.CheckLine(opt.comment); err != nil {
		return nil, fault.New(fault.Invalid, "the comment of a key is one line", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return nil, keyfile.Exists(path) // before a passphrase is thought of; Save looks again
	}
	passphrase, err := env.newPassphrase(ctx, opt)
	if err != nil {
		return nil, err
	}
	key, err := keyfile.Generate(env.Random)
	if err != nil {
		return nil, err
	}
	if err := key.Save(path, opt.comment, passphrase); err != nil {
		return nil, err
	}
	return reportKey(path, keyfile.Public{Credential: key.Credential(), Private: true, Protected: len(passphrase) > 0})
}

// newPassphrase is the passphrase of a new key; empty only where that is asked for.
func (env *Environment) newPassphrase(ctx context.Context, opt keyNewOptions) ([]byte, error) {
	if opt.noProtect {
		if opt.passphraseFile != "" {
			return nil, fault.Newf(fault.Invalid, "--no-passphrase and --passphrase-file contradict each other")
		}
		return nil, nil
	}
	ask := env.passphrase(ctx, opt.keyOptions)
	if ask == nil {
		return nil, fault.Newf(fault.Invalid, "a key needs a passphrase, and nobody can be asked for one").
			WithHint("--passphrase-file FILE, or " + passphraseVariable)
	}
	passphrase, err := ask("passphrase for the new key")
	if err != nil {
		return nil, err
	}
	if len(passphrase) == 0 {
		return nil, fault.Newf(fault.Invalid, "an empty passphrase protects nothing").WithHint("choose one; --no-passphrase leaves the file unprotected")
	}
	again, err := ask("the same again")
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(passphrase, again) {
		return nil, fault.Newf(fault.Invalid, "the two passphrases differ; no key was made").WithHint("goldthread key new")
	}
	return passphrase, nil
}

func reportKey(path string, public keyfile.Public) (*keyReport, error) {
	fingerprint, err := signature.Fingerprint(public.Credential)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	return &keyReport{File: path, Kind: public.Credential.Kind, Public: public.Credential.Public, Fingerprint: fingerprint, Private: public.Private, Protected: public.Protected}, nil
}
