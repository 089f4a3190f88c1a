package cli

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// What an import leaves in the workspace: imports/NAME/ holds the mapping as used, what became of everything, and the
// source itself, from which the next import sees what has changed there, and an export takes what has no home here.
const (
	importFolder = "imports"
	mappingName  = "mapping.yaml"
	sourceName   = "source.zip"
	ledgerName   = "ledger.json"
	maxSource    = 256 << 20 // of one file, in bytes
)

// importPlan is one import on its way.
type importPlan struct {
	env     *Environment
	options importOptions
	format  format
	files   *exchange.Sources
	tree    *exchange.Tree
	title   string // of a new project

	into    string
	name    string
	root    *os.Root // of the workspace; nil where it is new
	text    *workspace.Text
	mapping *exchange.Mapping // as given, or as used the last time; nil for neither
	config  *workspaceConfig
	report  *importReport

	known map[string]record.Key   // what keys items of the source have here already
	twice map[string][]record.Key // and further items of one identity
	taken []record.Key            // all keys that are in use here
	raw   []byte                  // goldthread.yaml as it will be
}

func (p *importPlan) run(ctx context.Context) (*importReport, error) {
	p.into = p.env.path(p.options.into)
	p.name = workspace.ProjectName(cmp.Or(p.options.name, strings.TrimSuffix(p.title, filepath.Ext(p.title))))
	p.report = &importReport{Format: p.format.name, Into: p.into, Name: p.name, Preview: p.options.preview, Names: []nameCount{}, Changes: []importChange{}, Unresolved: []unresolvedLink{},
		Lost: []loss{}, Changed: []loss{}, Written: []string{}, Foreign: []string{}, Findings: []finding.Finding{}}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	if p.root != nil {
		defer p.root.Close()
	}
	if err := p.readMapping(); err != nil {
		return nil, err
	}
	p.lookUp()
	source := p.bundle()
	theirs, sch, err := p.convert()
	if err != nil {
		return nil, err
	}
	p.report.take(theirs.Ledger)
	p.report.Findings = append(p.report.Findings, theirs.Findings...)
	p.report.Foreign = append(p.report.Foreign, theirs.Foreign...)
	p.report.mapping = theirs.Mapping.Bytes(p.tree)
	if err := theirs.Ledger.Reconcile(); err != nil {
		return p.report, fault.New(fault.Internal, "the import does not add up; nothing was written", err)
	}
	read, err := p.asRead(theirs.Documents, sch)
	if err != nil {
		return nil, err
	}
	for _, r := range read {
		p.report.Findings = append(p.report.Findings, r.findings...)
	}
	documents := documentsOf(read)
	attached := p.attachments(documents)
	base, err := p.base(ctx, sch)
	if err != nil {
		return nil, err
	}
	merged := exchange.Merge(base, documents, p.text.Documents, exchange.Side(p.options.take))
	p.report.takeChanges(merged)
	for _, note := range merged.Notes {
		p.report.Findings = append(p.report.Findings, finding.Finding{Rule: "import-outline", Severity: finding.Note, Message: note, Remedy: "look at the preview, and move what has to be moved"})
	}
	if merged.Conflicts() > 0 {
		return p.report, fault.Newf(fault.Conflict, "%s; nothing was written", plural(merged.Conflicts(), "conflict")).WithHint("--take ours, --take theirs, or mend one side first")
	}
	files, err := p.workspaceFiles(ctx, merged, theirs, read, sch)
	if err != nil {
		return nil, err
	}
	files = append(files, attached...)
	kept, err := source()
	if err != nil {
		return nil, err
	}
	folder := path.Join(importFolder, p.name)
	files = append(files, workspace.File{Path: path.Join(folder, sourceName), Data: kept}, workspace.File{Path: path.Join(folder, mappingName), Data: p.report.mapping})
	return p.report, p.write(files)
}

// open reads the workspace, if there is one.
func (p *importPlan) open(ctx context.Context) error {
	p.text = &workspace.Text{Config: &workspace.Config{}, Schema: schema.Builtin(), Lock: workspace.NewLock()}
	if _, err := os.Stat(p.into); errors.Is(err, fs.ErrNotExist) {
		return p.newConfig()
	}
	f, err := p.env.open(ctx, p.into, openOptions{noForeign: true, noCode: true})
	if err != nil {
		return err
	}
	if p.root, err = openRoot(p.into); err != nil {
		return err
	}
	if !f.text.Config.Present && len(f.text.Documents) == 0 {
		return p.newConfig()
	}
	findings := f.text.Findings
	f.text.Findings = slices.DeleteFunc(slices.Clone(findings), func(x finding.Finding) bool { return x.Rule == workspace.RuleMissingFile }) // a picture that the source lacks too
	if err := f.unreadable(); err != nil {
		return err
	}
	f.text.Findings = findings
	p.text = f.text
	return nil
}

func (p *importPlan) newConfig() error {
	p.config = &workspaceConfig{Project: p.options.project, Title: p.title, Keys: map[string]string{}, Kinds: map[string]importedKind{}, Relations: map[string]importedVerb{}}
	if p.config.Project == "" {
		p.config.Project = workspace.ProjectName(filepath.Base(absolute(p.into)))
	}
	if err := record.CheckProjectName(p.config.Project); err != nil {
		return fault.New(fault.Invalid, "--project: "+err.Error(), nil)
	}
	return nil
}

// readMapping reads the mapping that the user gives, else the one used the last time.
func (p *importPlan) readMapping() error {
	prefixes := map[string]record.Kind{}
	for _, m := range p.options.mapping {
		prefix, kind, ok := strings.Cut(m, "=")
		if _, err := os.Stat(p.env.path(m)); err == nil || !ok {
			data, err := os.ReadFile(p.env.path(m))
			if err == nil {
				p.mapping, err = exchange.ReadMapping(data)
			}
			if err != nil {
				return fault.New(fault.Invalid, "the mapping "+m+" cannot be read", err).WithHint("--map REQ=SRS, or a file as docs/mapping.md describes it")
			}
			continue
		}
		if prefix == "" || kind == "" {
			return fault.Newf(fault.Invalid, "--map %s: want PREFIX=KIND", m).WithHint("--map REQ=SRS")
		}
		prefixes[prefix] = record.Kind(kind)
	}
	if p.mapping == nil && p.root != nil {
		data, err := p.root.ReadFile(path.Join(importFolder, p.name, mappingName))
		if err == nil {
			if p.mapping, err = exchange.ReadMapping(data); err != nil {
				return fault.New(fault.Invalid, path.Join(importFolder, p.name, mappingName)+" cannot be read", err).WithHint("correct it, or give another one with --map")
			}
		}
	}
	if p.mapping == nil {
		p.mapping = &exchange.Mapping{}
	}
	if p.mapping.Prefixes == nil {
		p.mapping.Prefixes = map[string]record.Kind{}
	}
	maps.Copy(p.mapping.Prefixes, prefixes)
	if p.mapping.Format != "" && p.mapping.Format != p.format.name {
		return fault.Newf(fault.Invalid, "the mapping is one for %s, not for %s", p.mapping.Format, p.format.name).WithHint("give the import another name with --name, or another mapping with --map")
	}
	if err := p.mapping.Check(p.text.Schema); err != nil {
		return fault.New(fault.Invalid, "the mapping does not go with the schema", err).WithHint("docs/mapping.md")
	}
	return nil
}

// bundle packs the source beside what else is to be done.
func (p *importPlan) bundle() func() ([]byte, error) {
	type packed struct {
		data []byte
		err  error
	}
	done := make(chan packed, 1)
	go func() {
		data, err := p.files.Archive(p.tree.Files, maxSource)
		done <- packed{data, err}
	}()
	return func() ([]byte, error) {
		r := <-done
		if r.err != nil {
			return nil, fault.New(fault.Invalid, "the source cannot be kept beside the workspace", r.err)
		}
		return r.data, nil
	}
}

// lookUp finds the keys that items already have here.
func (p *importPlan) lookUp() {
	p.known, p.twice = map[string]record.Key{}, map[string][]record.Key{}
	for _, d := range p.text.Documents {
		for it := range d.Items() {
			p.taken = append(p.taken, it.Key)
			name := cmp.Or(it.Value(p.format.name+"/id"), it.Value(p.format.name+"/key"), string(it.Key))
			if _, there := p.known[name]; !there {
				p.known[name] = it.Key
			} else {
				p.twice[name] = append(p.twice[name], it.Key)
			}
		}
	}
}

// conversion is how a tree is made documents: with the mapping and the keys of this import.
func (p *importPlan) conversion() exchange.Options {
	return exchange.Options{Mapping: p.mapping, Known: p.known, Twice: p.twice, Taken: p.taken, TakeAll: true, Restored: p.format.restores || p.format.updates}
}

// convert turns the source into documents, under the schema that the workspace will have.
func (p *importPlan) convert() (*exchange.Converted, *schema.Schema, error) {
	sch := p.text.Schema
	if p.config != nil {
		for prefix, kind := range p.mapping.Prefixes {
			p.config.Keys[prefix] = string(kind)
		}
		var err error
		if sch, err = schemaOf(p.config.bytes()); err != nil {
			return nil, nil, err
		}
	}
	converted := exchange.Convert(p.tree, sch, p.conversion())
	var err error
	if p.raw, err = p.configBytes(converted); err != nil {
		return nil, nil, err
	}
	if sch, err = schemaOf(p.raw); err != nil {
		return nil, nil, err
	}
	return converted, sch, nil
}

// base is the source as it was the last time, in the terms of today; nil where this is the first time.
func (p *importPlan) base(ctx context.Context, sch *schema.Schema) ([]*workspace.Document, error) {
	if p.root == nil {
		return nil, nil
	}
	tree, err := p.lastTree(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, path.Join(importFolder, p.name, sourceName)+" cannot be read, so that nobody can say what has changed at the source", err).
			WithHint("remove it to import as if for the first time, or give the import another name with --name")
	}
	read, err := p.asRead(exchange.Convert(tree, sch, p.conversion()).Documents, sch)
	return documentsOf(read), err
}

// lastTree reads the source as it was the last time. The error wraps fs.ErrNotExist where none was kept.
func (p *importPlan) lastTree(ctx context.Context) (*exchange.Tree, error) {
	files, err := keptSource(p.root, p.name)
	if err != nil {
		return nil, err
	}
	return p.format.read(ctx, files)
}

// keptSource is the source of an import as it was the last time. The error wraps fs.ErrNotExist where none was kept.
func keptSource(root *os.Root, name string) (fs.FS, error) {
	data, err := root.ReadFile(path.Join(importFolder, name, sourceName))
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	return exchange.NewListing(archive), nil
}

// readDocument is a document as it is when it has been written and read: what counts is what will be read.
type readDocument struct {
	doc      *workspace.Document
	written  []byte
	findings []finding.Finding
	files    bool // an item has files
	err      error
}

// asRead writes and reads documents.
func (p *importPlan) asRead(docs []*workspace.Document, sch *schema.Schema) ([]readDocument, error) {
	read := make([]readDocument, len(docs))
	parallel.Each(len(docs), func(i int) { read[i] = readBack(docs[i], sch) })
	var errs []error
	for _, r := range read {
		errs = append(errs, r.err)
	}
	return read, errors.Join(errs...)
}

func documentsOf(read []readDocument) []*workspace.Document {
	docs := make([]*workspace.Document, len(read))
	for i, r := range read {
		docs[i] = r.doc
	}
	return docs
}

func readBack(d *workspace.Document, sch *schema.Schema) readDocument {
	data, err := workspace.Write(d, sch)
	if err != nil {
		return readDocument{err: fault.New(fault.Invalid, "a document cannot be written", err)}
	}
	again, findings := workspace.Read(d.Path, data, sch)
	if again == nil {
		return readDocument{err: fault.Newf(fault.Internal, "%s cannot be read back", d.Path)}
	}
	r := readDocument{doc: again, written: data, findings: findings, err: takeConfirmations(d, again)}
	for it := range again.Items() {
		r.files = r.files || len(it.Files) > 0
	}
	return r
}

// takeConfirmations gives the links of a document that was read back what is known of them, and holds what was written
// against what is read: nothing may be missing.
func takeConfirmations(d, again *workspace.Document) error {
	next, stop := iter.Pull(again.Items())
	defer stop()
	for it := range d.Items() {
		read, ok := next()
		if !ok || read.Key != it.Key || len(read.Links) != len(it.Links) {
			return fault.Newf(fault.Internal, "%s: %s is not read back as it was written; nothing was written", d.Path, it.Key)
		}
		for i := range read.Links {
			l := &read.Links[i]
			at := slices.IndexFunc(it.Links, func(was workspace.Link) bool { return was.Verb == l.Verb && was.Target == l.Target })
			if at < 0 {
				return fault.Newf(fault.Internal, "%s: the link %s %s %s was not written; nothing was written", d.Path, it.Key, l.Verb, l.Target)
			}
			l.Known, l.Confirmed = it.Links[at].Known, it.Links[at].Confirmed
		}
	}
	if it, more := next(); more {
		return fault.Newf(fault.Internal, "%s: %s is read back and was never written; nothing was written", d.Path, it.Key)
	}
	return nil
}

// attachments are the files that texts refer to, out of the source; items get their hashes.
func (p *importPlan) attachments(docs []*workspace.Document) []workspace.File {
	inside := map[string][]byte{}
	var files []workspace.File
	for _, a := range p.tree.Attachments {
		inside[a.Path] = a.Data
		files = append(files, workspace.File{Path: a.Path, Data: a.Data})
	}
	hashes := map[string]record.Hash{}
	for _, d := range docs {
		for it := range d.Items() {
			for i := range it.Files {
				name := it.Files[i].Name
				if _, seen := hashes[name]; seen {
					continue
				}
				data, ok := inside[name]
				if !ok {
					var why string
					if data, why = exchange.ReadFile(p.files, name, maxSource); why != "" {
						hashes[name] = record.Hash{} // check of the new workspace names it with the item that needs it
						continue
					}
					files = append(files, workspace.File{Path: name, Data: data})
				}
				hashes[name] = sha256.Sum256(data)
			}
			it.Files = slices.DeleteFunc(it.Files, func(f record.File) bool { return hashes[f.Name].IsZero() })
			for i := range it.Files {
				it.Files[i].Hash = hashes[it.Files[i].Name]
			}
		}
	}
	return files
}

// workspaceFiles are the documents that are new or changed, the configuration and the lock.
func (p *importPlan) workspaceFiles(ctx context.Context, merged *exchange.Merged, theirs *exchange.Converted, read []readDocument, sch *schema.Schema) ([]workspace.File, error) {
	var files []workspace.File
	if string(p.raw) != p.text.Config.Raw {
		files = append(files, workspace.File{Path: workspace.ConfigFile, Data: p.raw})
	}
	if p.config != nil {
		files = append(files, workspace.File{Path: attributesFile, Data: []byte(attributes)})
	}
	text := &workspace.Text{Config: &workspace.Config{Present: true}, Schema: sch, Lock: p.text.Lock}
	changed := map[string]bool{}
	asRead := p.newAsRead(read)
	for _, d := range merged.Documents {
		r := asRead[d.Path]
		data := r.written
		if r.doc == nil || len(r.doc.Blocks) != len(d.Blocks) {
			var err error
			if data, err = workspace.Write(d, sch); err != nil {
				return nil, fault.New(fault.Invalid, "a document cannot be written", err)
			}
		}
		changed[d.Path] = true
		files = append(files, workspace.File{Path: d.Path, Data: data})
		text.Documents = append(text.Documents, d)
	}
	for _, d := range p.text.Documents {
		if !changed[d.Path] {
			text.Documents = append(text.Documents, d)
		}
	}
	slices.SortFunc(text.Documents, func(a, b *workspace.Document) int { return strings.Compare(a.Path, b.Path) })
	for _, d := range text.Documents {
		p.report.Documents++
		for it := range d.Items() {
			p.report.Items++
			p.report.Links += len(it.Links)
		}
	}
	lock, err := p.lock(ctx, theirs, text)
	if err != nil {
		return nil, err
	}
	return append(files, workspace.File{Path: workspace.LockFile, Data: lock.Write()}), nil
}

// newAsRead are the documents of the source that are not here yet, by their paths: they need not be written again. Those
// with files are not among them, since a file that is missing is taken off its item.
func (p *importPlan) newAsRead(read []readDocument) map[string]readDocument {
	out := map[string]readDocument{}
	for _, r := range read {
		if !r.files {
			out[r.doc.Path] = r
		}
	}
	for _, d := range p.text.Documents {
		delete(out, d.Path)
	}
	return out
}

// lock gives every new item its identity, and every new link what the other tool knew about it. Links that it never
// confirmed are left to be recorded by a person.
func (p *importPlan) lock(ctx context.Context, theirs *exchange.Converted, text *workspace.Text) (*workspace.Lock, error) {
	f := &folder{text: text, schema: text.Schema, documents: text.Documents}
	f.begin()
	if err := f.fold(); err != nil {
		return nil, err
	}
	lock, err := text.Record(f.snapshot, p.env.Random)
	if err != nil {
		return nil, err
	}
	byKey := map[record.Key]*workspace.Item{}
	for _, d := range theirs.Documents {
		for it := range d.Items() {
			byKey[it.Key] = it
		}
	}
	for _, d := range theirs.Documents {
		for it := range d.Items() {
			for _, l := range it.Links {
				name := workspace.LinkName(it.Key, l.Verb, l.Target)
				line, ok := lock.Links[name]
				if _, old := p.text.Lock.Links[name]; !ok || old {
					continue
				}
				target := byKey[record.Key(l.Target)]
				switch {
				case l.Confirmed.IsZero():
					delete(lock.Links, name)
				case target == nil || l.Confirmed.Target != target.ContentHash():
					line.Confirmed.Target = l.Confirmed.Target // no content at all: suspect here as it was there
					lock.Links[name] = line
					p.report.Suspect++
				}
			}
		}
	}
	return lock, ctx.Err()
}

// write writes what is not there yet as it shall be. A new workspace takes the place of nothing.
func (p *importPlan) write(files []workspace.File) error {
	if err := workspace.SortFiles(files); err != nil {
		return err
	}
	var changed []workspace.File
	var there []string
	for _, f := range files {
		var old []byte
		err := fs.ErrNotExist
		if p.root != nil {
			old, err = p.root.ReadFile(f.Path)
		}
		switch {
		case err == nil && bytes.Equal(old, f.Data):
			continue
		case err == nil && p.config != nil && f.Path != workspace.LockFile:
			there = append(there, f.Path)
		}
		changed = append(changed, f)
	}
	if len(there) > 0 {
		return fault.New(fault.Conflict, p.into+" holds files that the import would overwrite; nothing was written", errors.New(strings.Join(there, ", "))).
			WithHint("import into another folder")
	}
	ledgerFile := path.Join(importFolder, p.name, ledgerName)
	if len(changed) > 0 {
		for _, f := range changed {
			p.report.Written = append(p.report.Written, f.Path)
		}
		p.report.Written = append(p.report.Written, ledgerFile)
	}
	if p.options.preview || len(changed) == 0 {
		return nil
	}
	data, err := p.report.ledger()
	if err != nil {
		return err
	}
	changed = append(changed, workspace.File{Path: ledgerFile, Data: data})
	if err := os.MkdirAll(p.into, 0o777); err != nil {
		return fault.New(fault.Invalid, "cannot make "+p.into, err)
	}
	root, err := openRoot(p.into)
	if err != nil {
		return err
	}
	defer root.Close()
	return workspace.Save(root, changed)
}

// ledger is the report as it is kept: without what depends on where and when it was made.
func (r *importReport) ledger() ([]byte, error) {
	kept := *r
	kept.Into, kept.Written, kept.Changes = "", nil, nil
	var b bytes.Buffer
	err := writeJSON(&b, &kept)
	return b.Bytes(), err
}
