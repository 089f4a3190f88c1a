package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/keyfile"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
)

// writeFlags are those of commands that change a ledger.
type writeFlags struct {
	ledgerFlags
	dir, reason, request string
	acceptClock, asJSON  bool
	key                  keyOptions
}

func (w *writeFlags) add(c *cobra.Command) {
	w.ledgerFlags.add(c)
	w.key.flags(c)
	c.Flags().StringVar(&w.dir, "dir", "", "the workspace (default: the one around the working folder)")
	c.Flags().StringVar(&w.reason, "reason", "", "why; an auditor reads it later")
	c.Flags().StringVar(&w.request, "request", "", "key of the approved change request; needed for controlled items")
	c.Flags().BoolVar(&w.acceptClock, "accept-clock", false, "the clock is right although it jumped; that is kept with the entry")
	c.Flags().BoolVar(&w.asJSON, "json", false, "report as JSON")
}

// writing opens the ledger to write. A command without a reason is refused.
func (env *Environment) writing(ctx context.Context, w writeFlags) (*openedLedger, service.Command, error) {
	if w.reason == "" {
		return nil, service.Command{}, fault.Newf(fault.Invalid, "say why, with --reason")
	}
	l, err := env.openLedger(ctx, w.ledgerFlags, env.folderFlag(w.dir))
	if err != nil {
		return nil, service.Command{}, err
	}
	actor, err := env.actor(ctx, l, w.key)
	if err != nil {
		l.close()
		return nil, service.Command{}, err
	}
	return l, service.Command{Project: l.name, Stream: l.stream, Actor: actor, Channel: "cli", Request: record.Key(w.request), Reason: w.reason, AcceptClock: w.acceptClock}, nil
}

// actor is who acts: in a ledger in which people are enrolled the one whose key the user has. That the user has the private half
// is proven where something is signed; else who has the data folder is taken at the word of the key.
func (env *Environment) actor(ctx context.Context, l *openedLedger, key keyOptions) (string, error) {
	p, err := l.Project(ctx, l.name)
	if err != nil {
		return "", err
	}
	if access.Open(p.Ledger) {
		return access.Local, nil
	}
	path, err := env.keyFile(key.file)
	if err != nil {
		return "", err
	}
	public, err := keyfile.Look(path)
	if err != nil {
		return "", err
	}
	person, err := access.WithCredential(p.Ledger, public.Credential)
	if err != nil {
		return "", err
	}
	return person.Person.String(), nil
}

// entryReport is what a command that writes answers.
type entryReport struct {
	Entry    int64 `json:"entry"` // 0 where there was nothing to do
	Repeated bool  `json:"repeated"`
}
