package service

import (
	"context"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// TakeIn makes a project out of a folder that was read: its settings and all
// operations of the reading, as one change.
type TakeIn struct {
	Project    string
	Settings   record.Settings
	Operations []record.Operation
	Actor      string
	Reason     string
	Claimed    []record.Claim
}

// TakeIn carries out the command. A project of the name must not exist yet:
// fault.Conflict.
func (s *Service) TakeIn(ctx context.Context, cmd TakeIn) error {
	if err := s.create(ctx, cmd.Project); err != nil {
		return err
	}
	return s.submit(ctx, cmd.Project, func(*project.Snapshot) (*record.Change, error) {
		ops := append([]record.Operation{cmd.Settings}, cmd.Operations...)
		return &record.Change{Stream: record.Main, Actor: cmd.Actor, Channel: "workspace", Reason: cmd.Reason,
			Idempotency: "take in " + cmd.Project, Claimed: cmd.Claimed, Operations: ops}, nil
	})
}
