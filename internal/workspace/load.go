package workspace

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Text is a workspace as read.
type Text struct {
	Config    *Config
	Schema    *schema.Schema
	Documents []*Document // by path
	Lock      *Lock
	Plain     []string // Markdown files that are no documents of the project
	Findings  []finding.Finding
}

// LoadOptions are what a caller may say about reading a workspace.
type LoadOptions struct {
	Base     *schema.Schema                   // nil for the built-in kinds
	Skip     func(name string, dir bool) bool // files and folders to leave alone
	DirName  string                           // names the project where goldthread.yaml does not
	Progress func(files int)
}

// Open reads the configuration of the workspace below root; Read reads the rest.
// Only errors of the file system that leave nothing to work with are returned
// as an error; all else is among the findings.
func Open(root *os.Root, opt LoadOptions) (*Text, error) {
	base := opt.Base
	if base == nil {
		base = schema.Builtin()
	}
	t := &Text{Lock: NewLock()}
	data, present, err := readIfThere(root, ConfigFile)
	if err != nil {
		return nil, err
	}
	t.Config, t.Schema, t.Findings = ReadConfig(data, present, opt.DirName, base)
	return t, nil
}

// Load is Open and Read.
func Load(ctx context.Context, root *os.Root, opt LoadOptions) (*Text, error) {
	t, err := Open(root, opt)
	if err != nil {
		return nil, err
	}
	return t, t.Read(ctx, root, opt)
}

// Read reads the lock and the documents of a workspace whose configuration is
// known, on all processors.
func (t *Text) Read(ctx context.Context, root *os.Root, opt LoadOptions) error {
	var wait sync.WaitGroup
	var lockErr error
	var inLock []finding.Finding
	wait.Go(func() { inLock, lockErr = t.readLock(root) })
	err := t.readDocuments(ctx, root, opt)
	wait.Wait()
	t.Findings = append(t.Findings, inLock...)
	return errors.Join(lockErr, err)
}

func (t *Text) readLock(root *os.Root) (findings []finding.Finding, err error) {
	data, present, err := readIfThere(root, LockFile)
	if err == nil && present {
		t.Lock, findings = ReadLock(data)
	}
	return findings, err
}

func (t *Text) readDocuments(ctx context.Context, root *os.Root, opt LoadOptions) error {
	names, found, err := markdownFiles(root, t.Config.Documents, opt.Skip)
	if err != nil {
		return err
	}
	t.Findings = append(t.Findings, found...)
	return t.read(ctx, root, names, opt.Progress)
}

func readIfThere(root *os.Root, name string) (data []byte, present bool, err error) {
	data, err = readFile(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fault.New(fault.Invalid, "cannot read "+name, err)
	}
	return data, true, nil
}

// readFile reads a file of bounded size.
func readFile(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", name)
	}
	if info.Size() > 4*MaxFile {
		return nil, fmt.Errorf("%s has %d bytes, which is too large", name, info.Size())
	}
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if err == io.ErrUnexpectedEOF {
		err = nil
	}
	return data[:n], err
}

// markdownFiles lists the Markdown files below the given paths, sorted.
func markdownFiles(root *os.Root, below []string, skip func(string, bool) bool) ([]string, []finding.Finding, error) {
	seen := map[string]bool{}
	var names []string
	var findings []finding.Finding
	add := func(name string) {
		if !seen[name] && strings.EqualFold(path.Ext(name), ".md") {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, p := range below {
		info, err := root.Stat(p)
		if err != nil {
			findings = append(findings, finding.Finding{Rule: "bad-config", Severity: finding.Error, File: ConfigFile,
				Message: fmt.Sprintf("documents: %s cannot be read: %v", p, err), Remedy: "correct the path"})
			continue
		}
		if !info.IsDir() {
			add(p)
			continue
		}
		err = fs.WalkDir(root.FS(), p, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				findings = append(findings, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: name, Message: err.Error(), Remedy: "correct its rights"})
				return nil
			}
			if d.IsDir() {
				if name != "." && (strings.HasPrefix(d.Name(), ".") || skip != nil && skip(name, true)) {
					return fs.SkipDir
				}
				return nil
			}
			if d.Type().IsRegular() && (skip == nil || !skip(name, false)) {
				add(name)
			}
			return nil
		})
		if err != nil {
			return nil, nil, fault.New(fault.Invalid, "cannot read the workspace", err)
		}
	}
	slices.Sort(names)
	return names, findings, nil
}

// read reads the documents, each on its own, and keeps their order.
func (t *Text) read(ctx context.Context, root *os.Root, names []string, progress func(int)) error {
	docs := make([]*Document, len(names))
	found := make([][]finding.Finding, len(names))
	files := &fileHashes{root: root}
	var done atomic.Int64
	parallel.Each(len(names), func(i int) {
		if ctx.Err() != nil {
			return
		}
		docs[i], found[i] = t.readOne(root, names[i], files)
		if n := done.Add(1); progress != nil {
			progress(int(n))
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, d := range docs {
		if d != nil && !d.HasItems() && d.Front == "" {
			t.Plain = append(t.Plain, names[i])
			found[i] = slices.DeleteFunc(found[i], func(f finding.Finding) bool { return f.Rule != RuleConflictMarker && f.Severity != finding.Error })
			t.Findings = append(t.Findings, found[i]...)
			continue
		}
		t.Findings = append(t.Findings, found[i]...)
		if d != nil {
			t.Documents = append(t.Documents, d)
		}
	}
	return nil
}

func (t *Text) readOne(root *os.Root, name string, files *fileHashes) (*Document, []finding.Finding) {
	data, err := readFile(root, name)
	if err != nil {
		return nil, []finding.Finding{{Rule: "unreadable", Severity: finding.Error, File: name, Message: err.Error(), Remedy: "correct the file or its rights"}}
	}
	d, findings := Read(name, data, t.Schema)
	if d == nil {
		return nil, findings
	}
	for it := range d.Items() {
		findings = append(findings, files.fill(name, it)...)
	}
	return d, findings
}

// fileHashes computes the hashes of attached files, each once.
type fileHashes struct {
	root  *os.Root
	known sync.Map // name → func() (record.Hash, error)
}

// fill sets the hashes of the files of an item. A file that is not there is a
// finding; a folder is no attached file.
func (f *fileHashes) fill(document string, it *Item) []finding.Finding {
	if len(it.Files) == 0 {
		return nil
	}
	var findings []finding.Finding
	it.Files = slices.DeleteFunc(it.Files, func(file record.File) bool {
		h, err := f.hash(file.Name)
		if err == nil {
			return h.IsZero()
		}
		at := fileLine{line: it.Line, column: 1}
		if i := slices.IndexFunc(it.fileLines, func(l fileLine) bool { return l.name == file.Name }); i >= 0 {
			at = it.fileLines[i]
		}
		findings = append(findings, finding.Finding{Rule: RuleMissingFile, Severity: finding.Error, Item: it.Key, File: document, Line: at.line, Column: at.column,
			Message: fmt.Sprintf("%s names the file %s, which cannot be read: %v", it.Key, file.Name, cause(err)), Remedy: "add the file, or correct the path"})
		return true
	})
	for i := range it.Files {
		it.Files[i].Hash, _ = f.hash(it.Files[i].Name)
	}
	return findings
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (f *fileHashes) hash(name string) (record.Hash, error) {
	once, _ := f.known.LoadOrStore(name, sync.OnceValues(func() (record.Hash, error) { return hashFile(f.root, name) }))
	return once.(func() (record.Hash, error))()
}

// hashFile returns the zero hash for a folder.
func hashFile(root *os.Root, name string) (record.Hash, error) {
	file, err := root.Open(name)
	if err != nil {
		return record.Hash{}, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return record.Hash{}, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return record.Hash{}, err
	}
	return record.Hash(h.Sum(nil)), nil
}
