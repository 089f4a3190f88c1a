package project

import (
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
)

// Apply folds one change into s and returns the new Snapshot; s stays as it is.
// The change must be the next one of the stream. An operation that contradicts
// the state (an unknown identity, a key that is taken, a link made twice) is an
// error that names it, and nothing of the change is applied.
//
// goldthread:implements SRS-17
func (s *Snapshot) Apply(c *record.Change) (*Snapshot, error) {
	if c.Sequence <= s.entry {
		return nil, fmt.Errorf("entry %d: the stream is already at entry %d", c.Sequence, s.entry)
	}
	if c.Stream != s.stream {
		return nil, fmt.Errorf("entry %d: belongs to stream %q, not to %q", c.Sequence, c.Stream, s.stream)
	}
	hashes := contentHashes(c.Operations)
	b := s.edit(c.Sequence)
	b.hashes = hashes
	conflict, err := b.applyAll(c, true)
	if conflict {
		b = s.edit(c.Sequence)
		b.hashes = hashes
		_, err = b.applyAll(c, false)
	}
	if err != nil {
		return nil, err
	}
	b.pack(s.linkCount)
	b.next.entry, b.next.time = c.Sequence, c.Time
	return b.next, nil
}

// applyAll folds the operations of a change. Only where it may work ahead can it
// end in a conflict.
func (b *builder) applyAll(c *record.Change, ahead bool) (conflict bool, err error) {
	var ends []linkEnds // of the links ahead, where there are many
	run := 0            // end of the run of like operations at hand
	for i := 0; i < len(c.Operations); i++ {
		b.at.Operation = int32(i)
		if ahead && i == run {
			ops := c.Operations[i:]
			puts, links := runOf[record.PutItem](ops), runOf[record.AddLink](ops)
			run += max(puts, links, 1)
			if puts >= bulk {
				if !b.putsAhead(ops[:puts]) {
					return true, nil
				}
				i = run - 1
				continue
			}
			ends = b.linksAhead(ops[:links])
		}
		op := c.Operations[i]
		var err error
		if len(ends) > 0 {
			err = b.linkEnds(op.(record.AddLink).Link, ends[0])
			ends = ends[1:]
		} else {
			err = b.apply(op)
		}
		if err != nil {
			return false, fmt.Errorf("entry %d, operation %d (%s): %w", c.Sequence, i+1, op.Type(), err)
		}
	}
	return false, nil
}

// runOf counts the operations of one type with which ops begin.
func runOf[T record.Operation](ops []record.Operation) int {
	for i, op := range ops {
		if _, ok := op.(T); !ok {
			return i
		}
	}
	return len(ops)
}

// builder makes the next Snapshot out of one.
type builder struct {
	next       *Snapshot
	generation uint64
	at         Position
	fresh      bool          // everything in next was made by this builder
	hashes     []record.Hash // content hash of each operation that puts an item
}

// run is how many of many things one processor does at a time.
const run = 512

// contentHashes computes the content hashes of what operations put.
func contentHashes(ops []record.Operation) []record.Hash {
	hashes := make([]record.Hash, len(ops))
	parallel.Runs(len(ops), run, func(from, to int) {
		var buf []byte
		for i := from; i < to; i++ {
			put, ok := ops[i].(record.PutItem)
			switch {
			case ok && !put.Content.IsZero():
				hashes[i] = put.Content
			case ok:
				hashes[i], buf = put.Item.AppendContentHash(buf)
			}
		}
	})
	return hashes
}

func (s *Snapshot) edit(entry int64) *builder {
	next := *s
	next.nodes, next.out, next.in, next.links = s.nodes.fork(), s.out.fork(), s.in.fork(), s.links.fork()
	return &builder{next: &next, generation: s.generation() + 1, at: Position{Entry: entry}, fresh: s.nodes.len() == 0}
}

// generation is the number of the builder that made s. Every builder of the
// same base gets the same number; that is safe, since a builder forks the roots
// and never sees pages of its siblings.
func (s *Snapshot) generation() uint64 { return uint64(s.entry) }

// goldthread:implements SRS-19
func (b *builder) apply(op record.Operation) error {
	switch op := op.(type) {
	case nil: // it was redacted, and nothing stands in for it
		return nil
	case record.PutItem:
		return b.put(&op.Item)
	case record.Rekey:
		return b.rekey(op)
	case record.Retire:
		return b.change(op.ID, func(n *Node) error {
			if n.Retired {
				return fmt.Errorf("%s is already retired", n.Item.Key)
			}
			n.Retired = true
			b.next.items--
			return nil
		})
	case record.MoveState:
		return b.change(op.ID, func(n *Node) error { n.State = op.State; return nil })
	case record.Place:
		return b.place(op)
	case record.AddLink:
		return b.link(op.Link)
	case record.Unlink:
		return b.unlink(op)
	case record.ConfirmLink:
		return b.confirm(op)
	case record.Comment:
		_, err := b.known(op.ID)
		return err
	case record.AttachEvidence:
		return b.evidence(op)
	case record.Baseline:
		return b.baseline(op)
	case record.Branch:
		return nil // the Fold opens the stream
	case record.Settings:
		b.next.settings = op
		return nil
	case record.Sign:
		return b.sign(op)
	case record.Membership, record.Redact, record.Anchor, record.RotateKey:
		return nil // the Fold keeps what is of the whole ledger
	case record.Unknown:
		return fmt.Errorf("this version does not know the operation; open the project with a newer one")
	default:
		return fmt.Errorf("internal: operation %T has no fold", op)
	}
}

func (b *builder) known(id record.ID) (Handle, error) {
	h, ok := b.next.ByID(id)
	if !ok {
		return NoHandle, fmt.Errorf("no item has the identity %s", id)
	}
	return h, nil
}

// change replaces the node of id by a copy that f has changed.
func (b *builder) change(id record.ID, f func(*Node) error) error {
	h, err := b.known(id)
	if err != nil {
		return err
	}
	n := *b.next.Node(h)
	if err := f(&n); err != nil {
		return err
	}
	*b.next.nodes.edit(b.generation, uint32(h)) = &n
	return nil
}

// addNode gives a node a new handle and makes it findable by its key.
func (b *builder) addNode(n *Node, keyHash uint64) Handle {
	i, place := b.next.nodes.push(b.generation)
	*place = n
	b.next.out.push(b.generation)
	b.next.in.push(b.generation)
	b.next.byKey.insert(b.generation, keyHash, Handle(i))
	return Handle(i)
}

// fill makes n the node of an item that an operation puts.
func (b *builder) fill(n *Node, it *record.Item, at Position) {
	n.Item, n.Document, n.At, n.Content = *it, NoHandle, at, b.hashes[at.Operation]
	n.Item.Text = ""
}

func (b *builder) put(it *record.Item) error {
	n := new(Node)
	b.fill(n, it, b.at)
	idHash := b.next.hashID(it.ID)
	h, ok := b.next.byIDHash(it.ID, idHash)
	if ok {
		old := b.next.Node(h)
		if old.Item.Key != it.Key || old.Item.Kind != it.Kind {
			return fmt.Errorf("%s %s cannot become %s %s by an edit", old.Item.Kind, old.Item.Key, it.Kind, it.Key)
		}
		if old.Retired {
			return fmt.Errorf("%s is retired", it.Key)
		}
		n.State, n.Document, n.Outline, n.Result, n.Signed = old.State, old.Document, old.Outline, old.Result, old.Signed
		n.Earlier = append(old.Earlier[:len(old.Earlier):len(old.Earlier)], old.At)
		*b.next.nodes.edit(b.generation, uint32(h)) = n
		return nil
	}
	keyHash := hashString(b.next.seed, string(it.Key))
	h, taken := b.next.byKeyHash(it.Key, keyHash)
	switch {
	case taken && !b.next.Node(h).Missing:
		return fmt.Errorf("key %s is already that of item %s", it.Key, b.next.Node(h).Item.ID)
	case taken:
		*b.next.nodes.edit(b.generation, uint32(h)) = n
	default:
		h = b.addNode(n, keyHash)
	}
	b.next.byID.insert(b.generation, idHash, h)
	b.next.items++
	return nil
}

func (b *builder) rekey(op record.Rekey) error {
	h, err := b.known(op.ID)
	if err != nil {
		return err
	}
	other, taken := b.next.ByKey(op.Key)
	if taken && !b.next.Node(other).Missing {
		return fmt.Errorf("key %s is already taken", op.Key)
	}
	n := *b.next.Node(h)
	b.next.byKey.remove(b.generation, hashString(b.next.seed, string(n.Item.Key)), h)
	n.Item.Key = op.Key
	*b.next.nodes.edit(b.generation, uint32(h)) = &n
	if taken { // links that waited for this key now lead to the item
		b.redirect(other, h)
	}
	b.next.byKey.insert(b.generation, hashString(b.next.seed, string(op.Key)), h)
	return nil
}

// redirect turns all links to a missing item into links to h. Where the same
// link to h is there already, it is the one that stays.
func (b *builder) redirect(missing, h Handle) {
	waiting := slices.Collect(b.next.In(missing).All()) // the edges change on the way
	for _, e := range waiting {
		l := *b.next.Link(e.Link)
		b.detach(e.Link, &l)
		if _, exists := b.find(l.Source, l.Verb, h); !exists {
			b.attach(l.Source, h, l)
		}
	}
	b.next.byKey.remove(b.generation, hashString(b.next.seed, string(b.next.Node(missing).Item.Key)), missing)
}

// target finds what a link leads to; a reference to nothing makes a missing node.
func (b *builder) target(id record.ID, ref record.Ref) (Handle, error) {
	if !id.IsZero() {
		return b.known(id)
	}
	if ref == "" {
		return NoHandle, fmt.Errorf("link without a target")
	}
	hash := hashString(b.next.seed, string(ref))
	if h, ok := b.next.byKeyHash(record.Key(ref), hash); ok {
		return h, nil
	}
	return b.addNode(&Node{Item: record.Item{Key: record.Key(ref)}, Document: NoHandle, Missing: true, At: b.at}, hash), nil
}

// maxVerbs is how many verbs a project may have: far more than any schema, and
// few enough to be looked through.
const maxVerbs = 4096

func (b *builder) verb(v record.Verb) VerbIndex {
	if i, ok := b.next.VerbIndex(v); ok {
		return i
	}
	b.next.verbs = append(b.next.verbs[:len(b.next.verbs):len(b.next.verbs)], v)
	return VerbIndex(len(b.next.verbs) - 1)
}

func (b *builder) link(l record.Link) error {
	source, err := b.known(l.Source)
	if err != nil {
		return err
	}
	target, err := b.target(l.Target, l.Ref)
	if err != nil {
		return err
	}
	return b.join(source, l, target)
}

// join makes the link between two handles.
func (b *builder) join(source Handle, l record.Link, target Handle) error {
	if len(b.next.verbs) >= maxVerbs {
		if _, known := b.next.VerbIndex(l.Verb); !known {
			return fmt.Errorf("%q would be one verb more than the %d that a project may have", l.Verb, maxVerbs)
		}
	}
	verb := b.verb(l.Verb)
	if _, exists := b.find(source, verb, target); exists {
		return fmt.Errorf("%s %s %s is already there", b.next.Node(source).Item.Key, l.Verb, b.next.Node(target).Item.Key)
	}
	b.attach(source, target, Link{Verb: verb, Confirmed: l.Confirmed, At: b.at})
	return nil
}

func (b *builder) attach(source, target Handle, l Link) {
	i, place := b.next.links.push(b.generation)
	l.Source, l.Target = source, target
	*place = l
	b.next.out.edit(b.generation, uint32(source)).add(Edge{target, LinkHandle(i), l.Verb}, b.fresh)
	b.next.in.edit(b.generation, uint32(target)).add(Edge{source, LinkHandle(i), l.Verb}, b.fresh)
	b.next.linkCount++
}

func (b *builder) detach(h LinkHandle, l *Link) {
	b.next.links.edit(b.generation, uint32(h)).Removed = true
	b.next.out.edit(b.generation, uint32(l.Source)).remove(h)
	b.next.in.edit(b.generation, uint32(l.Target)).remove(h)
	b.next.linkCount--
}

// find looks for a link at the end with fewer edges.
func (b *builder) find(source Handle, verb VerbIndex, target Handle) (LinkHandle, bool) {
	edges, other := b.next.Out(source), target
	if in := b.next.In(target); len(in.more) < len(edges.more) || len(in.more) == 0 && len(in.first) < len(edges.first) {
		edges, other = in, source
	}
	for i := 0; ; i++ {
		c := edges.Chunk(i)
		if c == nil {
			return 0, false
		}
		for _, e := range c {
			if e.Node == other && e.Verb == verb {
				return e.Link, true
			}
		}
	}
}

func (b *builder) existing(source record.ID, verb record.Verb, targetID record.ID, ref record.Ref) (LinkHandle, error) {
	s, err := b.known(source)
	if err != nil {
		return 0, err
	}
	t, err := b.target(targetID, ref)
	if err != nil {
		return 0, err
	}
	h, ok := b.find(s, b.verb(verb), t)
	if !ok {
		return 0, fmt.Errorf("there is no link %s %s %s", b.next.Node(s).Item.Key, verb, b.next.Node(t).Item.Key)
	}
	return h, nil
}

func (b *builder) unlink(op record.Unlink) error {
	h, err := b.existing(op.Source, op.Verb, op.Target, op.Ref)
	if err != nil {
		return err
	}
	l := *b.next.Link(h)
	b.detach(h, &l)
	return nil
}

func (b *builder) confirm(op record.ConfirmLink) error {
	h, err := b.existing(op.Source, op.Verb, op.Target, op.Ref)
	if err != nil {
		return err
	}
	l := b.next.links.edit(b.generation, uint32(h))
	l.Confirmed, l.At = op.Confirmed, b.at
	return nil
}

func (b *builder) evidence(op record.AttachEvidence) error {
	for _, r := range op.Results {
		result := &Result{Outcome: r.Outcome, Name: r.Name, Message: r.Message, Report: op.Report.Name, Line: r.Line, Manifest: op.Manifest, At: b.at}
		if err := b.change(r.Test, func(n *Node) error { n.Result = result; return nil }); err != nil {
			return err
		}
	}
	return nil
}

// sign notes a signature with the items it is of. It does not judge it: that is
// the business of whoever wrote it, and of verification.
func (b *builder) sign(op record.Sign) error {
	for _, it := range op.Items {
		s := Signature{Person: op.Person, Name: op.Name, Meaning: op.Meaning, Revision: it.Revision, Content: it.Content, Links: it.Links, At: b.at}
		if err := b.change(it.ID, func(n *Node) error { n.Signed = append(n.Signed[:len(n.Signed):len(n.Signed)], s); return nil }); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) baseline(op record.Baseline) error {
	for _, x := range b.next.baselines {
		if x.Name == op.Name {
			return fmt.Errorf("baseline %q was made at entry %d", op.Name, x.Entry)
		}
	}
	n := len(b.next.baselines)
	b.next.baselines = append(b.next.baselines[:n:n], NamedBaseline{op.Name, op.Title, b.at.Entry})
	return nil
}
