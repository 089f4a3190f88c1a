package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/goldthread/goldthread/internal/codetag"
	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/verification"
	"github.com/goldthread/goldthread/internal/workspace"
)

// folder is a project as read: a folder of text, foreign trees, tags and results
// folded into one Snapshot, or a state of a ledger.
type folder struct {
	dir       string // as the user may type it
	text      *workspace.Text
	schema    *schema.Schema
	documents []*workspace.Document // those of foreign trees included
	foreign   []string              // formats of foreign trees found
	draft     *workspace.Draft      // nil for a project of a ledger
	source    project.Source        // of texts: the draft, or the ledger
	ledger    *service.Project      // nil for a folder
	snapshot  *project.Snapshot
	thread    *trace.Thread
	tags      *codetag.Result
	reports   []reportFile
	findings  []finding.Finding // from reading

	around   surroundings
	tagItems []taggedItem // what stands for each of tags.Tags
}

// openOptions are what commands may say about reading a folder.
type openOptions struct {
	results []string // reports named on the command line
	noCode  bool
	// noForeign leaves trees of other tools alone: for commands that write.
	noForeign bool
}

// folderArgument returns the folder that a command is about: the argument, or
// the workspace around the working folder.
func (env *Environment) folderArgument(args []string) string {
	if len(args) > 0 {
		return env.path(args[0])
	}
	for dir := env.Dir; ; {
		if _, err := os.Stat(filepath.Join(dir, workspace.ConfigFile)); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return env.Dir
		}
		dir = parent
	}
}

// open reads a folder. What can be read is read; findings say what cannot.
//
// goldthread:implements SRS-68
func (env *Environment) open(ctx context.Context, dir string, opt openOptions) (*folder, error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f := &folder{dir: dir}
	progress := env.progress("reading")
	defer progress.done()
	load := workspace.LoadOptions{DirName: filepath.Base(absolute(dir)), Progress: progress.step}
	if f.text, err = workspace.Open(root, load); err != nil {
		return nil, err
	}
	f.around = around(dir, append(slices.Clone(f.text.Config.Code), f.text.Config.Results...))
	code := f.startScan(ctx, opt, progress)
	defer code.wait()                          // whatever happens below
	trees, err := foreignTrees(ctx, root, dir) // their files are no documents, whether or not they are read
	if err != nil {
		return nil, err
	}
	ignored := codetag.Ignored(dir)
	inForeign := foreignFiles(trees)
	load.Skip = func(name string, isDir bool) bool { return ignored(name, isDir) || inForeign[name] }
	if err := f.text.Read(ctx, root, load); err != nil {
		return nil, err
	}
	f.schema, f.documents = f.text.Schema, f.text.Documents
	f.findings = append(f.findings, f.text.Findings...)
	if opt.noForeign {
		trees = nil
	}
	for _, t := range trees {
		c := exchange.Convert(t, f.schema, exchange.Options{})
		f.schema = c.Schema
		f.documents = append(f.documents, c.Documents...)
		f.findings = append(f.findings, c.Findings...)
		f.foreign = append(f.foreign, t.Format)
		for _, prefix := range c.Foreign {
			f.findings = append(f.findings, finding.Finding{Rule: "serves-no-rule", Severity: finding.Note,
				Message: fmt.Sprintf("items with the prefix %s are of no kind of the standard, so that no rule judges them", prefix),
				Remedy:  fmt.Sprintf("say what they are in goldthread.yaml, for example keys: {%s: SRS}", prefix)})
		}
	}
	f.reports = f.readReports(opt.results)
	f.begin()
	if err := f.takeTags(code); err != nil {
		return nil, err
	}
	f.addResults()
	return f, f.fold()
}

// begin starts the draft with the documents.
func (f *folder) begin() {
	items := 0
	for _, d := range f.documents {
		items += len(d.Blocks)
	}
	f.draft = workspace.NewDraft(f.text.Lock, items)
	f.draft.Documents(f.documents)
	f.source = f.draft
}

// fold makes the snapshot out of the draft.
func (f *folder) fold() error {
	change := &record.Change{Sequence: 1, Stream: record.Main, Actor: "local", Channel: "workspace", Operations: f.draft.Operations()}
	snapshot, err := project.Empty(record.Main).Apply(change)
	if err != nil {
		return fault.New(fault.Internal, "the folder cannot be folded into a project", err)
	}
	f.snapshot = snapshot
	f.thread = trace.New(snapshot, f.schema)
	f.findings = append(f.findings, f.draft.Findings...)
	return nil
}

func openRoot(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.NotFound, "there is no folder "+dir, nil).WithHint("goldthread init " + dir)
	case err != nil:
		return nil, fault.New(fault.Invalid, dir+" cannot be opened as a folder", err)
	}
	return root, nil
}

func absolute(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

// foreignTrees reads the trees of other tools in the folder, in a fixed order.
func foreignTrees(ctx context.Context, root *os.Root, dir string) ([]*exchange.Tree, error) {
	var trees []*exchange.Tree
	files := exchange.NewListing(root.FS())
	for _, format := range formats() {
		if !format.inPlace || !format.detect(files) {
			continue
		}
		t, err := format.read(ctx, files)
		if err != nil {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("the %s tree in %s cannot be read", format.name, dir), err)
		}
		trees = append(trees, t)
	}
	return trees, nil
}

func foreignFiles(trees []*exchange.Tree) map[string]bool {
	files := map[string]bool{}
	for _, t := range trees {
		for _, name := range t.Files {
			files[name] = true
		}
	}
	return files
}

// underAny reports whether a path lies in one of the folders, or on the way to one.
func underAny(rel string, folders []string, isDir bool) bool {
	for _, f := range folders {
		if rel == f || strings.HasPrefix(rel, f+"/") || isDir && strings.HasPrefix(f, rel+"/") {
			return true
		}
	}
	return false
}

// locate says where in the folder an operation came from.
func (f *folder) locate(p project.Position) (file string, line, column int) {
	if f.draft == nil {
		file, line = entryPlace(p)
		return file, line, 1
	}
	place := f.draft.Place(p)
	return place.File, place.Line, place.Column
}

// check returns everything that is wrong with the folder. The parts only read,
// so they run side by side.
func (f *folder) check(ctx context.Context) []finding.Finding {
	var wait sync.WaitGroup
	var lock, links, tests []finding.Finding
	if f.draft != nil {
		wait.Go(func() { lock = f.draft.CheckLock(f.snapshot, f.text) })
	}
	wait.Go(func() { tests = verification.Check(f.thread, f.locate) })
	links = f.thread.Check(f.locate, f.texts(ctx))
	wait.Wait()
	list := slices.Concat(f.findings, lock, links, tests)
	f.foreignRemedies(list)
	finding.Sort(list)
	return list
}

// foreignRemedies says of suspect links in trees of other tools where they can
// be confirmed: not here.
func (f *folder) foreignRemedies(list []finding.Finding) {
	if len(f.foreign) == 0 {
		return
	}
	own := make(map[string]bool, len(f.text.Documents))
	for _, d := range f.text.Documents {
		own[d.Path] = true
	}
	for i := range list {
		if list[i].Rule == trace.RuleSuspectLink && !own[list[i].File] {
			list[i].Remedy = "look at both ends, then confirm the link in the tool that keeps it (doorstop clear), or import the tree"
		}
	}
}
