package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// importOptions are the flags of an import.
type importOptions struct {
	into, project string
	mapping       []string
	asJSON        bool
}

// importReport says what an import read and wrote.
type importReport struct {
	Format    string            `json:"format"`
	Into      string            `json:"into"`
	Documents int               `json:"documents"`
	Items     int               `json:"items"`
	Links     int               `json:"links"`
	Suspect   int               `json:"suspect"`
	Written   []string          `json:"written"`
	Foreign   []string          `json:"foreign"` // key prefixes of no kind of the standard
	Findings  []finding.Finding `json:"findings"`
}

func importCommand(env *Environment) *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "turn the tree of another tool into a workspace",
		Long: `import reads the tree of another tool and writes it as a workspace of Markdown
documents. Identities, texts, links, attached files and what the tool knew about
reviewed links are kept; what has no home here is kept in fields named after the
tool. Every item and link that was not taken is listed.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return fault.Newf(fault.Invalid, "%q is no format that can be imported", args[0]).WithHint("goldthread import --help")
		},
	}
	for _, format := range foreignFormats() {
		c.AddCommand(importFormatCommand(env, format))
	}
	return c
}

func importFormatCommand(env *Environment, format foreignFormat) *cobra.Command {
	var opt importOptions
	c := &cobra.Command{
		Use:               format.name + " SRC --into DIR",
		Short:             "import " + format.about,
		Long:              "Import " + format.about + " (docs/" + format.doc + ").\n\nKey prefixes stand for kinds of the standard as --map says; a prefix without one\ngets a kind of its own, which serves no rule until goldthread.yaml says what it is.",
		Example:           "  goldthread import " + format.name + " requirements --into thread --map REQ=SRS",
		Args:              arguments(1, 1),
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.into == "" {
				return fault.Newf(fault.Invalid, "say where to: --into DIR").WithHint(cmd.CommandPath() + " --help")
			}
			r, err := env.importTree(cmd.Context(), format, env.path(args[0]), opt)
			if err != nil {
				return err
			}
			if opt.asJSON {
				return writeJSON(env.Stdout, r)
			}
			return r.text(env)
		},
	}
	c.Flags().StringVar(&opt.into, "into", "", "the folder of the new workspace")
	c.Flags().StringVar(&opt.project, "project", "", "name of the project (default: that of the folder)")
	c.Flags().StringArrayVar(&opt.mapping, "map", nil, "PREFIX=KIND, what a key prefix stands for; may be repeated")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	_ = c.MarkFlagDirname("into")
	return c
}

// workspaceConfig is goldthread.yaml as an import writes it.
type workspaceConfig struct {
	Project   string                  `yaml:"project"`
	Title     string                  `yaml:"title,omitempty"`
	Keys      map[string]string       `yaml:"keys,omitempty"`
	Kinds     map[string]importedKind `yaml:"kinds,omitempty"`
	Relations map[string]importedVerb `yaml:"relations,omitempty"`
}

type importedKind struct {
	Name   string `yaml:"name"`
	Plural string `yaml:"plural"`
	Prefix string `yaml:"prefix"`
}

type importedVerb struct {
	Ends []importedEnd `yaml:"ends"`
}

type importedEnd struct {
	From []string `yaml:"from,flow"`
	To   []string `yaml:"to,flow"`
}

// goldthread:implements SRS-51
func (env *Environment) importTree(ctx context.Context, format foreignFormat, src string, opt importOptions) (*importReport, error) {
	from, err := openRoot(src)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	if !format.detect(from.FS()) {
		return nil, fault.Newf(fault.NotFound, "%s holds no %s", src, format.about)
	}
	tree, err := format.read(from.FS())
	if err != nil {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("the %s tree in %s cannot be read", format.name, src), err)
	}
	config, err := newConfig(src, opt)
	if err != nil {
		return nil, err
	}
	sch, err := config.schema()
	if err != nil {
		return nil, err
	}
	converted := exchange.Convert(tree, sch, exchange.Options{})
	config.foreignKinds(converted)
	if sch, err = config.schema(); err != nil {
		return nil, err
	}
	r := &importReport{Format: format.name, Into: env.path(opt.into), Written: []string{}, Foreign: converted.Foreign, Findings: converted.Findings}
	if r.Foreign == nil {
		r.Foreign = []string{}
	}
	if r.Findings == nil {
		r.Findings = []finding.Finding{}
	}
	files, err := r.files(ctx, from, converted, sch, config, env)
	if err != nil {
		return nil, err
	}
	return r, r.write(files)
}

func newConfig(src string, opt importOptions) (*workspaceConfig, error) {
	c := &workspaceConfig{Project: opt.project, Keys: map[string]string{}, Kinds: map[string]importedKind{}, Relations: map[string]importedVerb{}}
	if c.Project == "" {
		c.Project = workspace.ProjectName(filepath.Base(absolute(opt.into)))
	}
	if err := record.CheckProjectName(c.Project); err != nil {
		return nil, fault.New(fault.Invalid, "--project: "+err.Error(), nil)
	}
	c.Title = filepath.Base(absolute(src))
	for _, m := range opt.mapping {
		prefix, kind, ok := strings.Cut(m, "=")
		if !ok || prefix == "" || kind == "" {
			return nil, fault.Newf(fault.Invalid, "--map %s: want PREFIX=KIND", m).WithHint("--map REQ=SRS")
		}
		c.Keys[prefix] = kind
	}
	return c, nil
}

func (c *workspaceConfig) bytes() []byte {
	data, _ := yaml.Marshal(c) // strings and lists of strings always can be
	return data
}

// schema is the schema that the configuration makes.
func (c *workspaceConfig) schema() (*schema.Schema, error) {
	sch, faults := schema.Builtin().Extend(c.bytes(), workspace.ConfigFile)
	var errs []error
	for _, f := range faults {
		if finding.Severity(f.Severity) == finding.Error {
			errs = append(errs, errors.New(f.Message))
		}
	}
	if sch == nil || len(errs) > 0 {
		return nil, fault.New(fault.Invalid, "the key prefixes of the tree do not go with the schema", errors.Join(errs...)).
			WithHint("say what they stand for, for example --map REQ=SRS")
	}
	return sch, nil
}

// foreignKinds declares the kinds that the conversion made, with the links that
// their items may have.
func (c *workspaceConfig) foreignKinds(converted *exchange.Converted) {
	var ids []string
	for _, prefix := range converted.Foreign {
		k := converted.Schema.KindOfKey(record.Key(prefix + "1"))
		name := kindNameFor(k)
		c.Kinds[string(k.ID)] = importedKind{Name: name, Plural: name + "s", Prefix: k.Prefix}
		ids = append(ids, string(k.ID))
	}
	if len(ids) == 0 {
		return
	}
	c.Relations[string(schema.VerbRefines)] = importedVerb{[]importedEnd{{ids, []string{"any"}}, {[]string{"any"}, ids}}}
	c.Relations[string(schema.VerbImplements)] = importedVerb{[]importedEnd{{[]string{string(schema.KindCODE)}, ids}}}
	c.Relations[string(schema.VerbVerifies)] = importedVerb{[]importedEnd{{[]string{string(schema.KindTEST), string(schema.KindTC)}, ids}}}
}

// kindNameFor makes a name that the schema takes out of the title of a
// document, which may hold anything.
func kindNameFor(k *schema.Kind) string {
	words := strings.FieldsFunc(strings.ToLower(k.Name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' })
	name := strings.Join(words, " ")
	if len(words) == 0 || !unicode.IsLetter([]rune(name)[0]) {
		return strings.ToLower(k.Prefix) + " item"
	}
	return name
}

// files are all files of the new workspace, and counts what is in them.
func (r *importReport) files(ctx context.Context, from *os.Root, converted *exchange.Converted, sch *schema.Schema, config *workspaceConfig, env *Environment) ([]workspace.File, error) {
	files := []workspace.File{{Path: workspace.ConfigFile, Data: config.bytes()}, {Path: attributesFile, Data: []byte(attributes)}}
	text := &workspace.Text{Config: &workspace.Config{Present: true}, Schema: sch, Lock: workspace.NewLock()}
	attached := map[string]bool{}
	for _, d := range converted.Documents {
		data, err := workspace.Write(d, sch)
		if err != nil {
			return nil, fault.New(fault.Invalid, "a document cannot be written", err)
		}
		files = append(files, workspace.File{Path: d.Path, Data: data})
		again, findings := workspace.Read(d.Path, data, sch) // what counts is what will be read
		r.Findings = append(r.Findings, findings...)
		if again == nil {
			return nil, fault.Newf(fault.Internal, "%s cannot be read back", d.Path)
		}
		text.Documents = append(text.Documents, again)
		r.Documents++
		for it := range again.Items() {
			r.Items++
			r.Links += len(it.Links)
			for _, f := range it.Files {
				attached[f.Name] = true
			}
		}
		if err := sameCounts(d, again); err != nil {
			return nil, err
		}
	}
	hashes := map[string]record.Hash{}
	for name := range attached {
		data, err := fs.ReadFile(from.FS(), name)
		if err != nil {
			continue // check of the new workspace names it with the item that needs it
		}
		files = append(files, workspace.File{Path: name, Data: data})
		hashes[name] = sha256.Sum256(data)
	}
	setHashes(text, hashes)
	lock, err := r.lock(ctx, converted, text, env)
	if err != nil {
		return nil, err
	}
	files = append(files, workspace.File{Path: workspace.LockFile, Data: lock.Write()})
	return files, workspace.SortFiles(files)
}

// setHashes gives attached files their hashes, and takes those away that are not there.
func setHashes(text *workspace.Text, hashes map[string]record.Hash) {
	for _, d := range text.Documents {
		for it := range d.Items() {
			it.Files = slices.DeleteFunc(it.Files, func(f record.File) bool { return hashes[f.Name].IsZero() })
			for i := range it.Files {
				it.Files[i].Hash = hashes[it.Files[i].Name]
			}
		}
	}
}

// sameCounts holds what was written against what is read back.
func sameCounts(a, b *workspace.Document) error {
	count := func(d *workspace.Document) (items, links int) {
		for it := range d.Items() {
			items++
			links += len(it.Links)
		}
		return items, links
	}
	itemsA, linksA := count(a)
	itemsB, linksB := count(b)
	if itemsA != itemsB || linksA != linksB {
		return fault.Newf(fault.Internal, "%s was written with %d items and %d links and is read back with %d and %d; nothing was written", a.Path, itemsA, linksA, itemsB, linksB)
	}
	return nil
}

// lock gives every item its identity, and every link what the other tool knew
// about it. Links that it never confirmed are left to be recorded by a person.
func (r *importReport) lock(ctx context.Context, converted *exchange.Converted, text *workspace.Text, env *Environment) (*workspace.Lock, error) {
	f := &folder{text: text, schema: text.Schema, documents: text.Documents}
	f.begin()
	if err := f.fold(); err != nil {
		return nil, err
	}
	lock, err := text.Record(f.snapshot, env.Random)
	if err != nil {
		return nil, err
	}
	before := map[record.Key]record.Hash{}
	for _, d := range converted.Documents {
		for it := range d.Items() {
			before[it.Key] = it.ContentHash()
		}
	}
	for _, d := range converted.Documents {
		for it := range d.Items() {
			for _, l := range it.Links {
				name := workspace.LinkName(it.Key, l.Verb, l.Target)
				line, ok := lock.Links[name]
				if !ok {
					continue
				}
				switch target := record.Key(l.Target); {
				case l.Confirmed.IsZero():
					delete(lock.Links, name)
				case l.Confirmed.Target != before[target]:
					line.Confirmed.Target = l.Confirmed.Target // no content at all: suspect here as it was there
					lock.Links[name] = line
					r.Suspect++
				}
			}
		}
	}
	return lock, ctx.Err()
}

// write makes the new workspace, which must not be there yet.
func (r *importReport) write(files []workspace.File) error {
	if err := os.MkdirAll(r.Into, 0o777); err != nil {
		return fault.New(fault.Invalid, "cannot make "+r.Into, err)
	}
	root, err := openRoot(r.Into)
	if err != nil {
		return err
	}
	defer root.Close()
	var there []string
	for _, f := range files {
		if _, err := root.Lstat(f.Path); err == nil {
			there = append(there, f.Path)
		}
	}
	if len(there) > 0 {
		return fault.New(fault.Conflict, r.Into+" holds files that the import would overwrite; nothing was written", errors.New(strings.Join(there, ", "))).
			WithHint("import into another folder")
	}
	for _, f := range files {
		r.Written = append(r.Written, f.Path)
	}
	return workspace.Save(root, files)
}

func (r *importReport) text(env *Environment) error {
	var b strings.Builder
	for _, f := range r.Findings {
		where := place(f)
		if where != "" {
			where += ": "
		}
		fmt.Fprintf(&b, "%s%s: %s [%s]\n", where, f.Severity, printable(f.Message), f.Rule)
	}
	fmt.Fprintf(&b, "%s: %s in %s, %s, %d of them suspect, written to %s\n", r.Format, plural(r.Items, "item"), plural(r.Documents, "document"), plural(r.Links, "link"),
		r.Suspect, r.Into)
	if len(r.Foreign) > 0 {
		fmt.Fprintf(&b, "keys beginning with %s are of no kind of the standard: say what they are under keys: in %s\n", strings.Join(r.Foreign, ", "),
			path.Join(filepath.ToSlash(r.Into), workspace.ConfigFile))
	}
	fmt.Fprintf(&b, "next: goldthread check %s\n", r.Into)
	_, err := env.Stdout.Write([]byte(b.String()))
	return err
}
