package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// RuleNotInText says that a text cannot show something that the ledger holds.
const RuleNotInText = "not-in-text"

// unplacedFile is the document of items that stand in none.
const unplacedFile = "unplaced.md"

// unplacedProse is what a reader of that document is told.
const unplacedProse = "These items stand in no document of the ledger. Move them to where they belong; a push gives them the place that they have in the text."

// State is a state of a ledger from which a text is made.
type State struct {
	Snapshot *project.Snapshot
	Source   project.Source
	Origin   Origin
	Name     string         // of the project, where its goldthread.yaml does not say one
	Base     *schema.Schema // nil for the built-in kinds
	// Change tells who made an entry, when and why, for the confirmations of
	// links; without it they are there without a name. Operations are not needed.
	Change func(entry int64) (*record.Change, error)
}

// Checkout makes the text of a state: documents in their canonical form, lock
// and configuration. Items that no document places stand in a document of their
// own, in the order of their keys. Notes tell what text cannot show and a push
// will therefore leave alone. What would not be read back as it is in the ledger
// is an error that names every such item, and nothing is made.
//
// goldthread:implements SRS-110
func Checkout(st State) (*Text, error) {
	c := &checkout{State: st, text: &Text{Lock: NewLock()}, placed: map[project.Handle]bool{}, files: map[string]attached{}, ids: map[record.Key]record.ID{}}
	settings := st.Snapshot.Settings().Schema
	base := st.Base
	if base == nil {
		base = schema.Builtin()
	}
	c.text.Config, c.text.Schema, c.text.Findings = ReadConfig([]byte(settings), settings != "", st.Name, base)
	if err := errorsOf(c.text.Findings, "the settings of the project cannot be read"); err != nil {
		return nil, err
	}
	if err := c.documents(); err != nil {
		return nil, err
	}
	if err := c.unplaced(); err != nil {
		return nil, err
	}
	slices.SortFunc(c.text.Documents, func(a, b *Document) int { return strings.Compare(a.Path, b.Path) })
	c.attachments()
	if err := c.lock(); err != nil {
		return nil, err
	}
	return c.text, c.readBack()
}

type checkout struct {
	State
	text   *Text
	paths  map[string]bool
	placed map[project.Handle]bool
	files  map[string]attached
	ids    map[record.Key]record.ID
}

// attached is the newest version of an attached file.
type attached struct {
	hash record.Hash
	at   project.Position
	item record.Key
}

func (c *checkout) note(key record.Key, message, remedy string) {
	c.text.Findings = append(c.text.Findings, finding.Finding{Rule: RuleNotInText, Severity: finding.Note, Item: key, Message: message, Remedy: remedy})
}

// isFile reports whether an item is a document that stands as a file.
func (c *checkout) isFile(n *project.Node) bool {
	return n.Present() && c.text.Schema.Is(n.Item.Kind, documentKind) && (n.Outline != nil || n.Item.Value(PathField) != "")
}

// inText reports whether an item is one that a text shows. What is seen in code
// is not: it comes from the code again.
func (c *checkout) inText(n *project.Node) bool {
	kind := c.text.Schema.Kind(n.Item.Kind)
	return n.Present() && (kind == nil || !kind.Derived)
}

func (c *checkout) documents() error {
	var handles []project.Handle
	for h, n := range c.Snapshot.All() {
		if c.isFile(n) {
			handles = append(handles, h)
		}
	}
	slices.SortFunc(handles, func(a, b project.Handle) int {
		return record.CompareKeys(c.Snapshot.Node(a).Item.Key, c.Snapshot.Node(b).Item.Key)
	})
	c.paths = map[string]bool{}
	for _, h := range handles {
		if err := c.document(h); err != nil {
			return err
		}
	}
	return nil
}

// document makes the file of one document.
func (c *checkout) document(h project.Handle) error {
	n := c.Snapshot.Node(h)
	full, err := c.Snapshot.Full(c.Source, h)
	if err != nil {
		return err
	}
	d := &Document{Path: c.path(full)}
	if n.Outline != nil {
		for _, b := range n.Outline.Blocks {
			if err := c.block(d, h, b); err != nil {
				return err
			}
		}
	}
	d.fitLevels()
	c.front(d, full)
	c.hiddenParts(h, full)
	c.ids[d.Key()] = full.ID
	c.text.Documents = append(c.text.Documents, d)
	return nil
}

// block adds one block of an outline to a document. Items out of use are left
// out: they are no part of the text any more.
func (c *checkout) block(d *Document, document project.Handle, b record.Block) error {
	if b.Item.IsZero() {
		d.Blocks = append(d.Blocks, Block{Level: b.Level, Heading: b.Heading, Prose: b.Prose})
		return nil
	}
	h, ok := c.Snapshot.ByID(b.Item)
	if !ok || c.Snapshot.Node(h).Document != document || !c.inText(c.Snapshot.Node(h)) {
		return nil
	}
	if n := c.Snapshot.Node(h); c.isFile(n) {
		c.note(n.Item.Key, fmt.Sprintf("%s is a document of its own and stands in %s, which a text cannot show", n.Item.Key, c.Snapshot.Node(document).Item.Key), "")
		return nil
	}
	it, err := c.item(h)
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, Block{Level: b.Level, Item: it})
	c.placed[h] = true
	return nil
}

// fitLevels raises sections that stand deeper than the item above them, whose
// text they would be: there another item stood between them.
func (d *Document) fitLevels() {
	for i := 1; i < len(d.Blocks); i++ {
		if above := &d.Blocks[i-1]; above.Item != nil && d.Blocks[i].Item == nil {
			d.Blocks[i].Level = min(d.Blocks[i].Level, above.Level)
		}
	}
}

// item makes an item as it stands in a document.
func (c *checkout) item(h project.Handle) (*Item, error) {
	full, err := c.Snapshot.Full(c.Source, h)
	if err != nil {
		return nil, err
	}
	it := &Item{Item: *full}
	it.Files = slices.Clone(full.Files)
	for e := range c.Snapshot.Out(h).All() {
		it.Links = append(it.Links, Link{Verb: c.Snapshot.Verb(e.Verb), Target: record.Ref(c.Snapshot.Node(e.Node).Item.Key)})
	}
	for _, f := range full.Files {
		at := c.Snapshot.Node(h).At
		if old, ok := c.files[f.Name]; !ok || later(at, old.at) {
			c.files[f.Name] = attached{f.Hash, at, full.Key}
		}
	}
	c.ids[it.Key] = it.ID
	return it, nil
}

func later(a, b project.Position) bool {
	return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Operation, b.Operation)) > 0
}

// hiddenParts notes what a document holds that a file cannot show.
func (c *checkout) hiddenParts(h project.Handle, full *record.Item) {
	var parts []string
	for _, f := range full.Fields {
		if f.Name != PathField && f.Name != FrontField {
			parts = append(parts, f.Name)
		}
	}
	if full.Text != "" {
		parts = append(parts, "text")
	}
	if len(full.Files) > 0 {
		parts = append(parts, "files")
	}
	if c.Snapshot.Out(h).Len() > 0 {
		parts = append(parts, "links")
	}
	if len(parts) > 0 {
		c.note(full.Key, fmt.Sprintf("the file of %s cannot show its %s", full.Key, strings.Join(parts, ", ")), "a push leaves them as they are; change them on the page of the document")
	}
}

// path is where the file of a document stands: where it did, if that is a place
// that is read, else a new one that is made of its key.
func (c *checkout) path(doc *record.Item) string {
	p := doc.Value(PathField)
	if p != "" && !strings.EqualFold(path.Ext(p), ".md") {
		p += ".md"
	}
	if !c.readable(p) {
		p = c.place(strings.ToLower(string(doc.Key)) + ".md")
	}
	return c.free(p)
}

// free is p, or what is free in its place.
func (c *checkout) free(p string) string {
	stem := strings.TrimSuffix(p, path.Ext(p))
	for n := 2; c.paths[p]; n++ {
		p = fmt.Sprintf("%s-%d.md", stem, n)
	}
	c.paths[p] = true
	return p
}

// place is a file in the first folder that holds documents.
func (c *checkout) place(name string) string {
	for _, p := range c.text.Config.Documents {
		if !strings.EqualFold(path.Ext(p), ".md") {
			return path.Join(p, name)
		}
	}
	return name
}

// readable reports whether a file at p is read as a document.
func (c *checkout) readable(p string) bool {
	if p == "" || p != path.Clean(p) || path.IsAbs(p) || strings.ContainsAny(p, "\\\n\t") || record.CheckLine(p) != nil {
		return false
	}
	for _, part := range strings.Split(p, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return slices.ContainsFunc(c.text.Config.Documents, func(below string) bool {
		return below == "." || p == below || strings.HasPrefix(p, below+"/")
	})
}

// unplaced makes the document of the items that stand in none.
func (c *checkout) unplaced() error {
	d := &Document{Blocks: []Block{{Level: 1, Heading: "Items without a place", Prose: unplacedProse}}}
	for h, n := range c.Snapshot.All() {
		if c.placed[h] || c.isFile(n) || !c.inText(n) {
			continue
		}
		it, err := c.item(h)
		if err != nil {
			return err
		}
		d.Blocks = append(d.Blocks, Block{Level: 2, Item: it})
		if n.Outline != nil {
			c.note(n.Item.Key, fmt.Sprintf("%s has an outline and is no document, which a text cannot show", n.Item.Key), "")
		}
	}
	if len(d.Blocks) == 1 {
		return nil
	}
	slices.SortFunc(d.Blocks[1:], func(a, b Block) int { return record.CompareKeys(a.Item.Key, b.Item.Key) })
	d.Path = c.free(c.place(unplacedFile))
	c.text.Documents = append(c.text.Documents, d)
	return nil
}

// attachments gives every item the newest version of its files: a folder holds
// one.
func (c *checkout) attachments() {
	for _, d := range c.text.Documents {
		for it := range d.Items() {
			for i := range it.Files {
				newest := c.files[it.Files[i].Name]
				if newest.hash != it.Files[i].Hash {
					c.note(it.Key, fmt.Sprintf("%s has %s as it was before %s changed it, and a folder holds only one version", it.Key, it.Files[i].Name, newest.item),
						"look at the item with the file as it is now")
					it.Files[i].Hash = newest.hash
				}
			}
		}
	}
}

// lock makes the lock of the documents: what fmt would write, but that the links
// have the confirmations of the ledger.
func (c *checkout) lock() error {
	l := c.text.Lock
	l.Present, l.Origin = true, c.Origin
	for key, id := range c.ids {
		l.Items[key] = LockItem{ID: id}
	}
	for _, link := range c.Snapshot.AllLinks() {
		source, target := c.Snapshot.Node(link.Source), c.Snapshot.Node(link.Target)
		if c.ids[source.Item.Key] != source.Item.ID || c.isFile(source) {
			continue
		}
		_, known := c.ids[target.Item.Key]
		if link.Confirmed.IsZero() && !known {
			continue // nobody has seen anything yet
		}
		line, err := c.confirmed(link)
		if err != nil {
			return err
		}
		l.Links[LinkName(source.Item.Key, c.Snapshot.Verb(link.Verb), record.Ref(target.Item.Key))] = line
	}
	return c.text.rehash()
}

// confirmed is the line of a link, with who confirmed it if somebody did so by
// name.
func (c *checkout) confirmed(link *project.Link) (LockLink, error) {
	line := LockLink{Confirmed: link.Confirmed}
	if c.Change == nil {
		return line, nil
	}
	op, err := c.Source.Operation(link.At)
	if err != nil {
		return line, fmt.Errorf("read the confirmation of a link: %w", err)
	}
	confirm, ok := op.(record.ConfirmLink)
	if !ok {
		return line, nil
	}
	change, err := c.Change(link.At.Entry)
	if err != nil {
		return line, fmt.Errorf("read entry %d: %w", link.At.Entry, err)
	}
	line.Person, line.Reason = oneLine(cmp.Or(confirm.Person, change.Actor)), oneLine(cmp.Or(confirm.Reason, change.Reason))
	line.Date = change.Time.UTC().Format("2006-01-02")
	return line, nil
}

// Fold makes the Snapshot of the documents alone, without code and results.
func (t *Text) Fold() (*project.Snapshot, error) {
	d := NewDraft(t.Lock, len(t.Documents))
	d.Documents(t.Documents)
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: d.Operations()})
	if err != nil {
		return nil, fault.New(fault.Internal, "the text cannot be folded into a project", err)
	}
	return s, nil
}

// rehash gives every item that the lock names the hashes that it has in the text.
func (t *Text) rehash() error {
	s, err := t.Fold()
	if err != nil {
		return err
	}
	ids := make([]record.ID, s.Handles())
	for key, it := range t.Lock.Items {
		if h, ok := s.ByKey(key); ok {
			ids[h] = it.ID
		}
	}
	for key, it := range t.Lock.Items {
		if h, ok := s.ByKey(key); ok {
			t.Lock.Items[key] = LockItem{ID: it.ID, Content: s.Node(h).Content, Links: linkSetHash(s, h, ids)}
		}
	}
	return nil
}

// readBack reads what would be written and holds it against what was meant.
func (c *checkout) readBack() error {
	faults := make([]error, len(c.text.Documents))
	parallel.Each(len(faults), func(i int) { faults[i] = c.text.readBack(c.text.Documents[i]) })
	if err := errors.Join(faults...); err != nil {
		return fault.New(fault.Conflict, "the project cannot stand as text", err)
	}
	return nil
}

func (t *Text) readBack(d *Document) error {
	data, err := Write(d, t.Schema)
	if err != nil {
		return err
	}
	again, findings := Read(d.Path, data, t.Schema)
	var faults []error
	for _, f := range findings {
		if f.Severity == finding.Error && f.Rule != "bad-list" { // a remark about text that looks like fields
			faults = append(faults, fmt.Errorf("%s:%d: %s", f.File, f.Line, f.Message))
		}
	}
	if len(faults) == 0 {
		faults = differences(d, again)
	}
	return errors.Join(faults...)
}

// differences names the blocks of a document that were not read as they were
// meant.
func differences(meant, read *Document) []error {
	var faults []error
	if len(meant.Blocks) != len(read.Blocks) {
		return []error{fmt.Errorf("%s: %d blocks are read as %d, so that something in it looks like a heading", meant.Path, len(meant.Blocks), len(read.Blocks))}
	}
	for i := range meant.Blocks {
		a, b := &meant.Blocks[i], &read.Blocks[i]
		switch {
		case a.Level != b.Level || (a.Item == nil) != (b.Item == nil):
			faults = append(faults, fmt.Errorf("%s: block %d would be read as another heading", meant.Path, i+1))
		case a.Item == nil:
			if a.Heading != b.Heading || a.Prose != b.Prose {
				faults = append(faults, fmt.Errorf("%s: the section %q would be read as another one", meant.Path, a.Heading))
			}
		case !sameInText(a.Item, b.Item):
			faults = append(faults, fmt.Errorf("%s: %s would be read as another item", meant.Path, a.Item.Key))
		}
	}
	return faults
}

// sameInText compares two items but for the content of their files.
func sameInText(a, b *Item) bool {
	x, y := a.Item, b.Item
	x.ID, y.ID, x.Files, y.Files = record.ID{}, record.ID{}, named(x.Files), named(y.Files)
	x.Fields, y.Fields = slices.Clone(x.Fields), slices.Clone(y.Fields)
	x.SortFields()
	y.SortFields()
	return x.Key == y.Key && x.Language == y.Language && x.ContentHash() == y.ContentHash() && slices.Equal(linkNames(a), linkNames(b))
}

func named(files []record.File) []record.File {
	out := make([]record.File, len(files))
	for i, f := range files {
		out[i].Name = f.Name
	}
	return out
}

// linkNames lists verb and target of the links of an item, sorted.
func linkNames(it *Item) []string {
	out := make([]string, len(it.Links))
	for i, l := range it.Links {
		out[i] = string(l.Verb) + " " + string(l.Target)
	}
	slices.Sort(out)
	return out
}

// Render writes a text: documents, lock, and goldthread.yaml where there is one.
func (t *Text) Render() ([]File, error) {
	var out []File
	var faults []error
	for _, d := range t.Documents {
		data, err := Write(d, t.Schema)
		faults = append(faults, err)
		out = append(out, File{d.Path, data})
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fault.New(fault.Invalid, "documents cannot be written", err)
	}
	if t.Config.Present {
		out = append(out, File{ConfigFile, []byte(t.Config.Raw)})
	}
	out = append(out, File{LockFile, t.Lock.Write()})
	return out, SortFiles(out)
}

// Attached lists the files that the items of a text name, by name.
func (t *Text) Attached() []record.File {
	var out []record.File
	for _, d := range t.Documents {
		for it := range d.Items() {
			out = append(out, it.Files...)
		}
	}
	slices.SortFunc(out, func(a, b record.File) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Hash.Hex(), b.Hash.Hex()))
	})
	return slices.Compact(out)
}

// oneLine is a label or a reason as it can stand behind a marker.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// errorsOf are the findings that are errors, as one fault.
func errorsOf(list []finding.Finding, sentence string) error {
	var faults []error
	for _, f := range list {
		if f.Severity == finding.Error {
			faults = append(faults, errors.New(f.Message))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, sentence, errors.Join(faults...))
}
