package service

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// A group is what is committed together: as many commands as have come while the one before was written, within limits.
const (
	maxGroup      = 256     // commands
	maxGroupBytes = 8 << 20 // of operations
	maxRetries    = 8       // when another process has written meanwhile
)

// request is a command that waits for its turn.
type request struct {
	command Command
	decide  decision
	rotates bool          // puts a new signing key on record: it need not have the old one
	done    chan struct{} // closed when receipt and err are there
	receipt Receipt
	err     error
}

func (r *request) finish(receipt Receipt, err error) {
	r.receipt, r.err = receipt, err
	close(r.done)
}

// decided is a command whose entry is made.
type decided struct {
	*request
	change *record.Change
	entry  ledger.Entry
}

// submit decides a command on the newest state, appends it, and publishes it. Commands that come while others are written wait
// and are written together. A context that ends stops the wait, never a command whose turn has come.
//
// goldthread:implements SRS-61
// goldthread:implements SRS-89
func (s *Service) submit(ctx context.Context, cmd Command, decide decision) (Receipt, error) {
	return s.submitAs(ctx, cmd, false, decide)
}

func (s *Service) submitAs(ctx context.Context, cmd Command, rotates bool, decide decision) (Receipt, error) {
	if cmd.Stream == "" {
		cmd.Stream = record.Main
	}
	l, err := s.open(ctx, cmd.Project)
	if err != nil {
		return Receipt{}, err
	}
	r := &request{command: cmd, decide: decide, rotates: rotates, done: make(chan struct{})}
	l.queue(r)
	select {
	case l.turn <- struct{}{}:
		s.writeQueue(context.WithoutCancel(ctx), l, cmd.Project)
		<-l.turn
	case <-r.done:
	case <-ctx.Done():
		if l.withdraw(r) {
			return Receipt{}, fault.New(fault.Unavailable, "the command was given up before its turn came; nothing was done", ctx.Err())
		}
	}
	<-r.done
	return r.receipt, r.err
}

// queue adds a command to those that wait.
func (l *live) queue(r *request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, r)
}

// withdraw takes a command back, if nobody has taken it up yet.
func (l *live) withdraw(r *request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, r)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	return i >= 0
}

// take takes up the next commands.
func (l *live) take() []*request {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), maxGroup)
	taken := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return taken
}

// writeQueue writes what waits, group by group. The caller has the turn.
func (s *Service) writeQueue(ctx context.Context, l *live, name string) {
	for group := l.take(); len(group) > 0; group = l.take() {
		for len(group) > 0 {
			group = s.writeGroup(ctx, l, name, group)
		}
	}
}

// writeGroup decides commands and appends them, and returns those that did not fit into the group.
func (s *Service) writeGroup(ctx context.Context, l *live, name string, group []*request) (rest []*request) {
	for try := 1; ; try++ {
		done, left, last := s.decideGroup(ctx, l, name, group)
		if len(done) == 0 {
			return left
		}
		err := s.appendGroup(ctx, l, name, done)
		if errors.Is(err, ledger.ErrHeadMoved) && try < maxRetries {
			if err = l.follow(ctx, s.Store, name); err == nil {
				group = group[:0:0]
				for _, d := range done {
					group = append(group, d.request)
				}
				group = append(group, left...)
				continue
			}
		}
		for _, d := range done {
			if err != nil {
				d.finish(Receipt{}, err)
			}
		}
		if err != nil {
			return left
		}
		old := s.oldKey(l, name, done)
		last.Publish()
		s.afterAppend(ctx, l, name, old, done)
		for _, d := range done {
			l.recent = l.recent.with(d.change)
			d.finish(Receipt{Entry: d.change.Sequence}, nil)
		}
		return left
	}
}

// pending is what was decided and is not stored yet.
type pending struct {
	changes []*record.Change
	recent  recent // with digests of them
}

func (p *pending) add(c *record.Change) {
	p.changes, p.recent = append(p.changes, c), p.recent.with(c)
}

// decideGroup decides commands one upon the other. Those that are refused, that were done before or that change nothing are
// answered at once.
func (s *Service) decideGroup(ctx context.Context, l *live, name string, group []*request) (done []decided, rest []*request, state *project.Prepared) {
	state = l.fold.Now()
	before := &pending{recent: l.recent}
	keys := map[string]bool{}
	bytes := 0
	for i, r := range group {
		if len(done) > 0 && (bytes > maxGroupBytes || keys[r.command.Idempotency] || opensStream(done[len(done)-1].change)) {
			return done, group[i:], state
		}
		d, next, err := s.decideOne(ctx, name, r, state, before)
		switch {
		case err != nil:
			r.finish(Receipt{}, err)
		case d != nil:
			done, state = append(done, *d), next
			before.add(d.change)
			for _, op := range d.entry.Operations {
				bytes += len(op.Bytes)
			}
			if r.command.Idempotency != "" {
				keys[r.command.Idempotency] = true
			}
		}
	}
	return done, nil, state
}

// opensStream reports whether a change opens a stream: what comes after it may read it back, so that it must be stored.
func opensStream(c *record.Change) bool {
	return slices.ContainsFunc(c.Operations, func(op record.Operation) bool { _, ok := op.(record.Branch); return ok })
}

// decideOne makes the entry of a command. It returns nothing for one that was answered.
func (s *Service) decideOne(ctx context.Context, name string, r *request, state *project.Prepared, before *pending) (*decided, *project.Prepared, error) {
	cmd := r.command
	if cmd.Idempotency != "" {
		entry, err := s.Store.Sequence(ctx, name, cmd.Idempotency)
		if err == nil {
			r.finish(Receipt{Entry: entry, Repeated: true}, nil)
			return nil, nil, nil
		}
		if !errors.Is(err, fault.NotFound) {
			return nil, nil, fmt.Errorf("look for command %q in project %s: %w", cmd.Idempotency, name, err)
		}
	}
	snapshot := state.Head(cmd.Stream)
	if snapshot == nil {
		return nil, nil, fault.Newf(fault.NotFound, "project %s has no stream %s", name, cmd.Stream).WithHint("goldthread branch --list")
	}
	sch, err := schemaOf(snapshot.Settings())
	if err != nil {
		return nil, nil, err
	}
	src := &groupSource{source{ctx, s.Store, name}, before.changes}
	st := &State{Snapshot: snapshot, Source: src, Schema: sch, Ledger: state.Ledger(), Entry: state.Entry() + 1, recent: before.recent, state: state}
	if st.Person, err = access.Actor(st.Ledger, cmd.Actor); err != nil {
		return nil, nil, err
	}
	ops, err := safely(r.decide, st)
	if err != nil {
		return nil, nil, err
	}
	if len(ops) == 0 {
		r.finish(Receipt{}, nil)
		return nil, nil, nil
	}
	if !r.rotates {
		if ops, err = s.withKey(st, name, ops); err != nil {
			return nil, nil, err
		}
	}
	c := &record.Change{Sequence: st.Entry, Stream: cmd.Stream, Actor: cmd.Actor, Channel: cmd.Channel, Request: string(cmd.Request), Reason: cmd.Reason,
		Idempotency: cmd.Idempotency, Claimed: cmd.Claimed, Operations: ops}
	if err := permit(st, c, cmd); err != nil {
		return nil, nil, err
	}
	var word []record.Claim
	if c.Time, word, err = stamp(s.Now(), st.Ledger.Time, cmd.AcceptClock); err != nil {
		return nil, nil, err
	}
	c.Claimed = append(c.Claimed[:len(c.Claimed):len(c.Claimed)], word...)
	next, err := state.Prepare(c, src)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "the change contradicts the project", err)
	}
	entry, err := s.entry(c)
	if err != nil {
		return nil, nil, err
	}
	return &decided{r, c, entry}, next, nil
}

// safely decides. A decision that falls over must not take with it those that wait for the turn.
func safely(decide decision, st *State) (ops []record.Operation, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.New(fault.Internal, "the command failed; nothing was done", fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
		}
	}()
	return decide(st)
}

// appendGroup makes decided commands durable, all or none.
func (s *Service) appendGroup(ctx context.Context, l *live, name string, group []decided) error {
	entries := make([]ledger.Entry, len(group))
	for i, d := range group {
		entries[i] = d.entry
	}
	if l.signing.damaged != nil {
		return l.signing.damaged
	}
	var checkpoints []ledger.CheckpointRow
	if l.signing.pending != nil {
		checkpoints = append(checkpoints, *l.signing.pending)
	}
	receipt, err := s.Store.Append(ctx, name, l.head, entries, checkpoints...)
	if err != nil {
		return fmt.Errorf("append entry %d of project %s: %w", group[0].change.Sequence, name, err)
	}
	if receipt.Repeated {
		return fault.Newf(fault.Internal, "entry %d of project %s was found to be there already", group[0].change.Sequence, name)
	}
	l.head, l.signing.pending = receipt.Head, nil
	return nil
}

// oldKey is the key that was on record before a group that puts a new one there, nil where there is none.
func (s *Service) oldKey(l *live, name string, group []decided) *signingKey {
	if s.Keys == nil || !slices.ContainsFunc(group, func(d decided) bool { return d.rotates }) {
		return nil
	}
	key, err := s.Keys.read(name + keySuffix)
	if err != nil || key == nil || key.public != keyOnRecord(l.fold.Ledger()) {
		return nil // lost: the new one signs alone
	}
	return key
}

// afterAppend forgets what was redacted, and signs what was appended. Where that does not read back as it was written nothing more is written: what is there is
// left as it is, for whoever looks into it.
func (s *Service) afterAppend(ctx context.Context, l *live, name string, old *signingKey, group []decided) {
	if slices.ContainsFunc(group, func(d decided) bool { return len(d.entry.Redacts) > 0 }) {
		if err := s.refold(ctx, l, name); err != nil {
			l.signing.damaged = err
			return
		}
	}
	if s.Keys == nil {
		return
	}
	if err := s.signUpTo(ctx, l, name, old); err != nil {
		l.signing.damaged = fault.New(fault.Corrupt, fmt.Sprintf("project %s does not read back as it was written; nothing more is written to it", name), err).WithHint("goldthread verify")
	}
}

// follow folds in what another process has written.
func (l *live) follow(ctx context.Context, store ledger.Store, name string) error {
	head, err := store.Head(ctx, name)
	if err != nil {
		return fmt.Errorf("follow project %s: %w", name, err)
	}
	l.recent = nil
	src := &source{ctx, store, name}
	for c, err := range parallel.Ahead(src.Changes(l.fold.Entry()+1, head.Size), 64) {
		if err != nil {
			return fmt.Errorf("follow project %s: %w", name, err)
		}
		if err := l.fold.Apply(c, src); err != nil {
			return fault.New(fault.Corrupt, fmt.Sprintf("the ledger of project %s does not fold", name), err)
		}
	}
	l.head = head
	return nil
}

// groupSource reads what is stored, and what was decided and is not stored yet.
type groupSource struct {
	source
	group []*record.Change
}

// Operation implements project.Source.
func (s *groupSource) Operation(p project.Position) (record.Operation, error) {
	for _, c := range s.group {
		if c.Sequence == p.Entry {
			return c.Operations[p.Operation], nil
		}
	}
	return s.source.Operation(p)
}

// Changes implements project.Changes.
func (s *groupSource) Changes(from, to int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		stored := to
		if len(s.group) > 0 {
			stored = min(to, s.group[0].Sequence-1)
		}
		for c, err := range s.source.Changes(from, stored) {
			if !yield(c, err) || err != nil {
				return
			}
		}
		for _, c := range s.group {
			if c.Sequence >= from && c.Sequence <= to && !yield(c, nil) {
				return
			}
		}
	}
}
