package codetag

import (
	"bytes"
	"context"
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
)

// chunk is how many files of one folder a worker takes at a time.
const chunk = 16

// surroundings is what holds at the root of a scan: rules and module of the
// folders above it.
type surroundings struct {
	rules  ruleChain
	module string // Go import path of the root, "" outside a module
}

// folder is one folder being scanned. It stays open until its files are read,
// so that opening a file costs one system call however deep it lies.
type folder struct {
	root   *os.Root
	rel    string // slash path, "" for the root
	module string // Go import path
	open   atomic.Int32
	keep   bool // the caller's root: not ours to close
}

func (f *folder) release() {
	if f.open.Add(-1) == 0 && !f.keep {
		f.root.Close()
	}
}

func (f *folder) join(name string) string {
	if f.rel == "" {
		return name
	}
	return f.rel + "/" + name
}

// job is some files of one folder.
type job struct {
	in    *folder
	names []string
}

// scanner is one scan: a walker that sends jobs to workers.
type scanner struct {
	opt  Options
	jobs chan job

	mu    sync.Mutex // guards what follows, and calls of Progress
	res   Result     // without tags
	parts [][]Tag    // the tags of single files, each in order
}

// goldthread:implements SRS-39
func scan(ctx context.Context, root *os.Root, above surroundings, opt Options) (*Result, error) {
	s := &scanner{opt: opt, jobs: make(chan job, 4*opt.Workers)}
	var workers sync.WaitGroup
	for range opt.Workers {
		workers.Go(func() { s.work(ctx) })
	}
	top := &folder{root: root, keep: true, module: above.module}
	top.open.Store(1)
	err := s.walk(ctx, top, above.rules)
	close(s.jobs)
	workers.Wait()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	s.res.Tags = joinTags(s.parts)
	s.res.sort()
	return &s.res, nil
}

// walk lists the folder f and those below it. It releases f. Only a failure of
// the root, or of ctx, is an error; others are faults.
func (s *scanner) walk(ctx context.Context, f *folder, rules ruleChain) error {
	defer f.release()
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := list(f.root)
	if err != nil {
		if f.rel == "" {
			return fmt.Errorf("list the folder to scan: %w", err)
		}
		s.fault(f.rel, "folder cannot be listed: "+reason(err))
		return nil
	}
	rules = s.enter(f, entries, rules)
	var names []string
	for _, e := range entries {
		rel, dir := f.join(e.Name()), e.IsDir()
		if leaveOut(e) || rules.ignored(rel, dir) || s.opt.Skip != nil && s.opt.Skip(rel, dir) {
			continue
		}
		switch {
		case dir:
			if err := s.descend(ctx, f, e.Name(), rules); err != nil {
				return err
			}
		case e.Type()&fs.ModeSymlink != 0:
			s.skip(rel, "symbolic link, not followed")
		case !e.Type().IsRegular():
			s.skip(rel, "not a regular file")
		case neverScanned(e.Name()):
		default:
			names = append(names, e.Name())
		}
	}
	return s.send(ctx, f, names)
}

func (s *scanner) descend(ctx context.Context, f *folder, name string, rules ruleChain) error {
	rel := f.join(name)
	root, err := f.root.OpenRoot(name)
	if err != nil {
		s.fault(rel, "folder cannot be opened: "+reason(err))
		return nil
	}
	sub := &folder{root: root, rel: rel}
	if f.module != "" {
		sub.module = f.module + "/" + name
	}
	sub.open.Store(1)
	return s.walk(ctx, sub, rules)
}

// enter reads what a folder says about itself: ignore files and go.mod.
func (s *scanner) enter(f *folder, entries []fs.DirEntry, rules ruleChain) ruleChain {
	has := map[string]bool{}
	for _, e := range entries {
		switch e.Name() {
		case gitIgnore, ownIgnore, "go.mod", ".git":
			has[e.Name()] = e.Type().IsRegular() || e.IsDir() && e.Name() == ".git"
		}
	}
	add := func(name string) {
		text, err := s.small(f.root, name)
		if err != nil {
			s.fault(f.join(name), "ignore file cannot be read: "+reason(err))
		}
		rules = rules.with(ruleset{dir: f.rel, rules: parseIgnore(text)})
	}
	if f.rel == "" && has[".git"] {
		// git reads this file with less weight than any .gitignore
		if text, err := s.small(f.root, ".git/info/exclude"); err == nil {
			rules = rules.with(ruleset{rules: parseIgnore(text)})
		}
	}
	for _, name := range []string{gitIgnore, ownIgnore} {
		if has[name] {
			add(name)
		}
	}
	if has["go.mod"] {
		text, err := s.small(f.root, "go.mod")
		if err != nil {
			s.fault(f.join("go.mod"), "file cannot be read: "+reason(err))
		}
		f.module = modulePath(text)
	}
	return rules
}

// small reads a file that steers the scan.
func (s *scanner) small(root *os.Root, name string) (string, error) {
	f, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return readSmall(f)
}

func readSmall(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxIgnore+1))
	if err == nil && len(text) > maxIgnore {
		return "", fmt.Errorf("larger than %d bytes", maxIgnore)
	}
	return string(text), err
}

func (s *scanner) send(ctx context.Context, f *folder, names []string) error {
	for len(names) > 0 {
		n := min(chunk, len(names))
		f.open.Add(1)
		select {
		case s.jobs <- job{f, names[:n]}:
		case <-ctx.Done():
			f.release()
			return ctx.Err()
		}
		names = names[n:]
	}
	return nil
}

// work reads files until there are no more jobs. After ctx is done it only
// releases what is queued.
func (s *scanner) work(ctx context.Context) {
	var buf []byte
	var mem scratch
	for j := range s.jobs {
		var part Result
		var parts [][]Tag
		for _, name := range j.names {
			if ctx.Err() != nil {
				continue
			}
			buf = s.read(j.in, name, buf, &mem, &part)
			if len(part.Tags) > 0 {
				parts = append(parts, part.Tags)
				part.Tags = nil
			}
		}
		j.in.release()
		s.merge(&part, parts...)
	}
}

// read scans one file into res and returns the buffer for the next.
func (s *scanner) read(in *folder, name string, buf []byte, mem *scratch, res *Result) []byte {
	rel := in.join(name)
	lang := byName(name)
	f, err := in.root.Open(name)
	if err != nil {
		res.Faults = append(res.Faults, fileFault(rel, "file cannot be opened: "+reason(err)))
		return buf
	}
	defer f.Close()
	limit := s.opt.MaxFile
	if lang == nil {
		limit = min(limit, binaryProbe) // first only look whether it is text with a shebang
	}
	raw, more, err := readUpTo(f, limit, buf)
	if err != nil {
		res.Faults = append(res.Faults, fileFault(rel, "file cannot be read: "+reason(err)))
		return raw
	}
	if lang == nil {
		lang = byShebang(raw)
		if _, why := decode(raw); lang == nil && why != "" {
			res.Skipped = append(res.Skipped, Skipped{File: rel, Why: why})
			return raw
		}
		if more && limit < s.opt.MaxFile {
			if raw, more, err = readMore(f, s.opt.MaxFile, raw); err != nil {
				res.Faults = append(res.Faults, fileFault(rel, "file cannot be read: "+reason(err)))
				return raw
			}
		}
		if lang == nil {
			if speaksOfTags(raw) {
				res.Skipped = append(res.Skipped, Skipped{File: rel, Why: "holds tags, and its language is not known by its name or first line", Tags: true})
			}
			return raw
		}
	}
	if more {
		res.Skipped = append(res.Skipped, Skipped{File: rel, Why: fmt.Sprintf("larger than %d bytes", s.opt.MaxFile)})
		return raw
	}
	text, why := decode(raw)
	if why != "" {
		res.Skipped = append(res.Skipped, Skipped{File: rel, Why: why})
		return raw
	}
	res.Files++
	res.Bytes += int64(len(raw))
	mem.scan(source{file: rel, module: in.module, lang: lang, text: text}, res)
	return raw
}

// speaksOfTags reports whether a text holds the word of tags and a verb behind it.
func speaksOfTags(text []byte) bool {
	for {
		n := bytes.Index(text, []byte(word))
		if n < 0 {
			return false
		}
		text = text[n+len(word):]
		if len(text) > 0 && text[0] >= 'a' && text[0] <= 'z' {
			return true
		}
	}
}

// readUpTo reads at most limit bytes of f into buf, grown as needed; more tells
// that there are more.
func readUpTo(f *os.File, limit int64, buf []byte) (raw []byte, more bool, err error) {
	return readMore(f, limit, buf[:0])
}

// readMore appends to raw until it holds limit bytes.
func readMore(f *os.File, limit int64, raw []byte) ([]byte, bool, error) {
	for {
		if int64(len(raw)) > limit {
			return raw[:limit], true, nil
		}
		if len(raw) == cap(raw) {
			raw = append(raw, make([]byte, max(32<<10, len(raw)))...)[:len(raw)]
		}
		n, err := f.Read(raw[len(raw):min(int64(cap(raw)), limit+1)])
		raw = raw[:len(raw)+n]
		if err == io.EOF {
			return raw, false, nil
		}
		if err != nil {
			return raw, false, err
		}
	}
}

func (s *scanner) merge(part *Result, tags ...[]Tag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts = append(s.parts, tags...)
	s.res.Faults = append(s.res.Faults, part.Faults...)
	s.res.Skipped = append(s.res.Skipped, part.Skipped...)
	s.res.Files += part.Files
	s.res.Bytes += part.Bytes
	if s.opt.Progress != nil && part.Files > 0 {
		s.opt.Progress(s.res.Files)
	}
}

// joinTags puts the tags of single files in the order of the files.
func joinTags(parts [][]Tag) []Tag {
	slices.SortFunc(parts, func(a, b []Tag) int { return strings.Compare(a[0].File, b[0].File) })
	return slices.Concat(parts...)
}

// goldthread:implements SRS-37
func (s *scanner) fault(rel, message string) {
	s.merge(&Result{Faults: []Fault{fileFault(rel, message)}})
}

// goldthread:implements SRS-37
func (s *scanner) skip(rel, why string) {
	s.merge(&Result{Skipped: []Skipped{{File: rel, Why: why}}})
}

func fileFault(rel, message string) Fault {
	return Fault{File: rel, Line: 1, Column: 1, Message: message}
}

func list(root *os.Root) ([]fs.DirEntry, error) {
	d, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.ReadDir(-1)
}

// leaveOut reports what no rule can take back: git's own folder, and the .git
// file of a submodule or work tree.
func leaveOut(e fs.DirEntry) bool {
	return e.Name() == ".git"
}

// reason is an error without the path, which the fault names already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// modulePath returns the path in the module line of a go.mod, "" if there is none.
func modulePath(text string) string {
	for line := range bytes.SplitSeq([]byte(text), []byte("\n")) {
		if i := bytes.Index(line, []byte("//")); i >= 0 {
			line = line[:i]
		}
		f := bytes.Fields(line)
		if len(f) == 2 && string(f[0]) == "module" {
			return path.Clean(string(bytes.Trim(f[1], "\"`")))
		}
	}
	return ""
}
