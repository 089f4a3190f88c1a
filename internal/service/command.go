package service

import (
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Command says who wants to change a project, and why. Each method of Service that writes takes one, with what it is to do
// beside it.
type Command struct {
	Project string
	Stream  record.Stream // empty for the main one
	Actor   string        // identity of a person who is enrolled; LocalActor while nobody is
	Channel string        // cli, web, api, workspace, import …
	Request record.Key    // change request; needed for controlled items from the control point on
	Reason  string
	// Idempotency names the command for retries: the second one changes nothing and has the answer of the first. Empty for
	// a command that is not repeated.
	Idempotency string
	Claimed     []record.Claim
	// AcceptClock is the operator's word that the clock is right although it jumped.
	AcceptClock bool
}

// State is what a command is decided on: the newest one, with what was decided before it and is not stored yet.
type State struct {
	Snapshot *project.Snapshot
	Source   Source
	Schema   *schema.Schema
	Ledger   *project.Ledger
	Entry    int64          // of the change that is decided
	Person   project.Person // who acts; zero for LocalActor

	recent recent
	state  *project.Prepared
}

// Source reads back operations and changes.
type Source interface {
	project.Source
	project.Changes
}

// Receipt is what a command is answered with when it is done.
type Receipt struct {
	Entry    int64 // of the change
	Repeated bool  // it was done before; the entry is that of the first time
}

// decision makes the operations of a command out of the state. What it returns an error for is not done. A decision without
// operations changes nothing and is no entry.
type decision func(*State) ([]record.Operation, error)
