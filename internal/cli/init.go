package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// attributesFile tells git how to merge the lock: its lines are a set.
const (
	attributesFile = ".gitattributes"
	attributes     = workspace.LockFile + " merge=union\n"
)

func initCommand(env *Environment) *cobra.Command {
	var name, title string
	var asJSON bool
	c := &cobra.Command{
		Use:   "init DIR",
		Short: "begin a workspace in a folder",
		Long: `init writes what a workspace needs: goldthread.yaml, a document each for device,
requirements, architecture, risk, verification and plans, that say what belongs
into them, an empty goldthread.lock, and the line in .gitattributes by which git
merges the lock. Files that are there already stay as they are.`,
		Example: "  goldthread init .\n  goldthread init pump --name infusion-pump --title 'Infusion pump controller'",
		Args:    arguments(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := env.path(args[0])
			written, err := env.initWorkspace(dir, name, title)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.Stdout, map[string]any{"dir": dir, "written": written})
			}
			for _, w := range written {
				fmt.Fprintf(env.Stdout, "wrote %s\n", filepath.Join(dir, filepath.FromSlash(w)))
			}
			fmt.Fprintf(env.Stdout, "next: write items into the documents, then goldthread fmt %s and goldthread check %s\n", args[0], args[0])
			return nil
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the project: lower-case letters, digits, dashes (default: that of the folder)")
	c.Flags().StringVar(&title, "title", "", "what people call the project")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	return c
}

func (env *Environment) initWorkspace(dir, name, title string) ([]string, error) {
	if name == "" {
		name = workspace.ProjectName(filepath.Base(absolute(dir)))
	}
	if err := record.CheckProjectName(name); err != nil {
		return nil, fault.New(fault.Invalid, "--name: "+err.Error(), nil)
	}
	if err := record.CheckLine(title); err != nil {
		return nil, fault.New(fault.Invalid, "--title: "+err.Error(), nil)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fault.New(fault.Invalid, "cannot make "+dir, err)
	}
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := root.Lstat(workspace.ConfigFile); err == nil {
		return nil, fault.Newf(fault.Conflict, "%s is a workspace already", dir).WithHint("goldthread check " + dir)
	}
	files, err := env.initFiles(root, name, title)
	if err != nil {
		return nil, err
	}
	written := make([]string, len(files))
	for i, f := range files {
		written[i] = f.Path
	}
	return written, workspace.Save(root, files)
}

func (env *Environment) initFiles(root *os.Root, name, title string) ([]workspace.File, error) {
	head, _ := yaml.Marshal(struct {
		Project string `yaml:"project"`
		Title   string `yaml:"title,omitempty"`
	}{name, title})
	files := []workspace.File{{Path: workspace.ConfigFile, Data: append(head, initConfig...)}}
	for _, d := range initDocuments() {
		files = append(files, workspace.File{Path: "docs/" + d.name, Data: []byte(d.text())})
	}
	kept := files[:0]
	for _, f := range files {
		if _, err := root.Lstat(f.Path); errors.Is(err, fs.ErrNotExist) {
			kept = append(kept, f)
		}
	}
	if _, err := root.Lstat(workspace.LockFile); errors.Is(err, fs.ErrNotExist) {
		lock, err := env.lockOf(kept[1:])
		if err != nil {
			return nil, err
		}
		kept = append(kept, workspace.File{Path: workspace.LockFile, Data: lock.Write()})
	}
	old, err := root.ReadFile(attributesFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.Invalid, "cannot read "+attributesFile, err)
	}
	if !bytes.Contains(old, []byte(workspace.LockFile)) {
		if len(old) > 0 && !bytes.HasSuffix(old, []byte("\n")) {
			old = append(old, '\n')
		}
		kept = append(kept, workspace.File{Path: attributesFile, Data: append(old, attributes...)})
	}
	return kept, workspace.SortFiles(kept)
}

// lockOf is the lock of documents that are about to be written.
func (env *Environment) lockOf(documents []workspace.File) (*workspace.Lock, error) {
	text := &workspace.Text{Config: &workspace.Config{Present: true}, Schema: schema.Builtin(), Lock: workspace.NewLock()}
	for _, d := range documents {
		doc, _ := workspace.Read(d.Path, d.Data, text.Schema)
		text.Documents = append(text.Documents, doc)
	}
	f := &folder{text: text, schema: text.Schema, documents: text.Documents}
	f.begin()
	if err := f.fold(); err != nil {
		return nil, err
	}
	return text.Record(f.snapshot, env.Random)
}

const initConfig = `documents: [docs]
# Folders with code that carries tags such as goldthread\:implements SRS-1 (without the backslash), and test reports.
code: ["."]
results: [results]
`

// initDocument is a document that init writes: no items, but what belongs into it.
type initDocument struct {
	name, key, title string
	sections         [][2]string
}

func (d initDocument) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nkey: %s\ntitle: %s\n---\n# %s\n", d.key, d.title, d.title)
	for _, s := range d.sections {
		fmt.Fprintf(&b, "\n## %s\n\n<!-- %s -->\n", s[0], s[1])
	}
	return b.String()
}

// initDocuments are the documents of a new workspace, in the order of the
// V-model, with the words of IEC 62304 and ISO 14971.
func initDocuments() []initDocument {
	return []initDocument{
		{"device.md", "DOC-1", "Device and needs", [][2]string{
			{"Device", "### DEV-1 ...: the device, its intended use and its variants [14971 5.2]"},
			{"User needs", "### UN-1 ...: what a user must be able to achieve"},
			{"System requirements", "### SYS-1 ...: what the device as a whole must do; `- refines: UN-1` [62304 5.2.1]"},
		}},
		{"requirements.md", "DOC-2", "Software requirements", [][2]string{
			{"Software requirements", "### SRS-1 ...: one thing that can be tested; `- refines: SYS-1` [62304 5.2]"},
		}},
		{"architecture.md", "DOC-3", "Software architecture", [][2]string{
			{"Software systems", "### SWS-1 ...: with its `- safety class: C` and the reason for it [62304 4.3]"},
			{"Software items and units", "### SWU-1 ...: `- part of: SWS-1`; requirements say `- allocated to: SWU-1` [62304 5.3.1]"},
			{"SOUP", "### SOUP-1 ...: one version of software of unknown provenance [62304 8.1.2]"},
		}},
		{"risk.md", "DOC-4", "Risk management", [][2]string{
			{"Hazards and hazardous situations", "### HAZ-1 ...: a possible source of harm [14971 5.4]"},
			{"Risk controls", "### RC-1 ...: a measure that makes a risk smaller; software requirements say `- implements: RC-1` [62304 7.2]"},
		}},
		{"tests.md", "DOC-5", "Verification", [][2]string{
			{"Test cases", "### TC-1 ...: `- verifies: SRS-1`; tests in code carry a tag instead [62304 5.7]"},
		}},
		{"plans.md", "DOC-6", "Plans", [][2]string{
			{"Plans", "### PLN-1 ...: development, verification, configuration, risk, maintenance, problem resolution [62304 5.1]"},
		}},
	}
}
