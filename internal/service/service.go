package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Config is what a Service works with.
type Config struct {
	Store  ledger.Store
	Blobs  *blob.Folder
	Now    func() time.Time
	Random io.Reader // of cryptographic quality: salts, identities
	Keys   *Keys     // that sign checkpoints; nil signs none
}

// Service holds the projects of one store. It is safe for any number of
// callers.
type Service struct {
	Config
	mu   sync.Mutex // guards live
	live map[string]*live
}

// live is a project whose entries are folded and followed.
type live struct {
	once sync.Once
	err  error
	fold *project.Fold

	turn    chan struct{} // holds a token while somebody decides and appends
	head    ledger.Head   // this and recent are of whoever has the turn
	recent  recent
	signing signing

	mu      sync.Mutex // guards waiting
	waiting []*request // in the order in which they came
}

// New makes a Service. It reads nothing yet.
func New(c Config) *Service { return &Service{Config: c, live: map[string]*live{}} }

// Projects names the projects of the store.
func (s *Service) Projects(ctx context.Context) ([]string, error) {
	names, err := s.Store.Projects(ctx)
	if err != nil {
		return nil, fmt.Errorf("list projects: %w", err)
	}
	return names, nil
}

// Project is one project as it was after one entry.
type Project struct {
	Name     string
	Snapshot *project.Snapshot
	Schema   *schema.Schema
	Source   project.Source
	Ledger   *project.Ledger // as it is now
	Streams  []record.Stream // main first
}

// Project returns the newest state of the main stream.
func (s *Service) Project(ctx context.Context, name string) (*Project, error) {
	l, err := s.open(ctx, name)
	if err != nil {
		return nil, err
	}
	return s.ProjectAt(ctx, name, record.Main, l.fold.Head(record.Main).Entry())
}

func schemaOf(settings record.Settings) (*schema.Schema, error) {
	if settings.Schema == "" {
		return schema.Builtin(), nil
	}
	sch, faults := schema.Builtin().Extend([]byte(settings.Schema), "settings")
	if sch == nil {
		return nil, fault.Newf(fault.Corrupt, "the schema of the project cannot be read: %v", faults)
	}
	return sch, nil
}

// open folds the entries of a project when it is first asked for.
func (s *Service) open(ctx context.Context, name string) (*live, error) {
	s.mu.Lock()
	l := s.live[name]
	if l == nil {
		l = &live{turn: make(chan struct{}, 1)}
		s.live[name] = l
	}
	s.mu.Unlock()
	l.once.Do(func() { l.err = s.start(context.WithoutCancel(ctx), l, name) })
	if l.err != nil {
		s.mu.Lock()
		if s.live[name] == l {
			delete(s.live, name) // the next caller tries again
		}
		s.mu.Unlock()
		return nil, l.err
	}
	return l, nil
}

func (s *Service) start(ctx context.Context, l *live, name string) error {
	l.fold = project.NewFold()
	if err := l.follow(ctx, s.Store, name); err != nil {
		return err
	}
	return s.recover(ctx, l, name)
}

// create makes a project that must not hold an entry yet.
func (s *Service) create(ctx context.Context, name string) error {
	if err := record.CheckProjectName(name); err != nil {
		return fault.New(fault.Invalid, err.Error(), nil)
	}
	err := s.Store.Create(ctx, name)
	if errors.Is(err, fault.Conflict) {
		if head, headErr := s.Store.Head(ctx, name); headErr == nil && head.Size == 0 {
			return nil // left by a command whose entry could not be written
		}
	}
	if err != nil {
		return fmt.Errorf("create project %s: %w", name, err)
	}
	return nil
}

// entry encodes a change for the ledger.
func (s *Service) entry(c *record.Change) (ledger.Entry, error) {
	e := ledger.Entry{Sequence: c.Sequence, Key: c.Idempotency, Envelope: record.EncodeEnvelope(c), Operations: make([]ledger.Operation, len(c.Operations)), Redacts: redactionsOf(c)}
	for i, op := range c.Operations {
		e.Operations[i].Bytes = record.EncodeOperation(op)
		if _, err := io.ReadFull(s.Random, e.Operations[i].Salt[:]); err != nil {
			return e, fault.New(fault.Internal, "no randomness for the salt of an operation", err)
		}
	}
	return e, nil
}

// Close keeps what is still to be kept, and releases the store.
func (s *Service) Close() error {
	return errors.Join(s.flushAll(context.Background()), s.Store.Close())
}

// Has reports whether there is a project of the name that holds an entry.
func (s *Service) Has(ctx context.Context, name string) (bool, error) {
	names, err := s.Projects(ctx)
	if err != nil || !slices.Contains(names, name) {
		return false, err
	}
	head, err := s.Store.Head(ctx, name)
	return head.Size > 0, err
}
