package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
)

// importOptions are the flags of an import.
type importOptions struct {
	into, project, name string
	mapping             []string
	take                string
	preview, asJSON     bool
}

// importReport says what an import read and what became of it.
type importReport struct {
	Format     string            `json:"format"`
	Into       string            `json:"into"`
	Name       string            `json:"name"` // of the import, by which it is found again
	Preview    bool              `json:"preview"`
	Read       exchange.Counts   `json:"read"`
	Kept       keptCounts        `json:"kept"`
	Documents  int               `json:"documents"` // these three as they are in the workspace
	Items      int               `json:"items"`
	Links      int               `json:"links"`
	Suspect    int               `json:"suspect"`
	Names      []nameCount       `json:"names"` // what became of the values of every attribute
	Changes    []importChange    `json:"changes"`
	Conflicts  int               `json:"conflicts"`
	Unresolved []unresolvedLink  `json:"unresolved"`
	Lost       []loss            `json:"lost"`
	Changed    []loss            `json:"changed"`
	Written    []string          `json:"written"`
	Foreign    []string          `json:"foreign"` // key prefixes of no kind of the standard
	Findings   []finding.Finding `json:"findings"`

	mapping []byte
}

type keptCounts struct {
	Items int `json:"items"`
	Links int `json:"links"`
}

type nameCount struct {
	Type      string `json:"type"`
	Attribute string `json:"attribute"`
	To        string `json:"to"`
	Read      int    `json:"read"`
	Mapped    int    `json:"mapped"`
	Foreign   int    `json:"foreign"`
	NotKept   int    `json:"not_kept"`
}

type unresolvedLink struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Verb  string `json:"verb"`
	Where string `json:"where"`
}

type loss struct {
	Where string `json:"where"`
	Item  string `json:"item,omitempty"`
	What  string `json:"what"`
	Why   string `json:"why"`
}

type importChange struct {
	Key    record.Key          `json:"key"`
	What   exchange.ChangeKind `json:"what"`
	Fields []importFieldChange `json:"fields,omitempty"`
}

// importFieldChange has null where a part is not there.
type importFieldChange struct {
	Name     string  `json:"name"`
	Base     *string `json:"base"`
	Theirs   *string `json:"theirs"`
	Ours     *string `json:"ours"`
	Conflict bool    `json:"conflict"`
}

func importCommand(env *Environment) *cobra.Command {
	var opt importOptions
	c := &cobra.Command{
		Use:   "import [FORMAT] SRC… --into DIR",
		Short: "bring in what other tools have, once or again and again",
		Long: `import reads files and folders of another tool and writes them as documents of a
workspace. Identities, texts, links, attached files and what the tool knew about
reviewed links are kept; what has no home here is kept in fields named after the
format. Every element that was changed or not kept is listed.

What the types, attributes and relations of the source are here is guessed from
their names and written to imports/NAME/mapping.yaml; edit it, or give one with
--map. Imported again into the same folder, the source is merged field by field
with what was changed here; --preview shows what would happen.

Formats:
` + formatTable(readable),
		Example: "  goldthread import spec.reqifz --into thread --preview\n  goldthread import reqif spec.reqifz --into thread --map mapping.yaml\n" +
			"  goldthread import doorstop requirements --into thread --map REQ=SRS",
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return strings.Split(formatNames(readable), ", "), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			r, err := env.importSources(cmd.Context(), args, opt)
			if r != nil {
				if printed := r.print(env, opt.asJSON); printed != nil {
					return printed
				}
			}
			return err
		},
	}
	c.Flags().StringVar(&opt.into, "into", "", "the folder of the workspace, new or not")
	c.Flags().StringVar(&opt.project, "project", "", "name of a new project (default: that of the folder)")
	c.Flags().StringVar(&opt.name, "name", "", "name of the import, by which it is found again (default: that of the source)")
	c.Flags().StringArrayVar(&opt.mapping, "map", nil, "a mapping file, or PREFIX=KIND, what a key prefix stands for; may be repeated")
	c.Flags().StringVar(&opt.take, "take", "", "whose side to take where both have changed the same: ours or theirs")
	c.Flags().BoolVar(&opt.preview, "preview", false, "say what would be done, and write nothing")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	_ = c.MarkFlagDirname("into")
	return c
}

// importSources reads the sources, and writes what they hold into the workspace.
//
// goldthread:implements SRS-51
// importCollectAt keeps an import at ten times its file: what stages of it leave behind is collected sooner than elsewhere.
const importCollectAt = 150

func (env *Environment) importSources(ctx context.Context, args []string, opt importOptions) (*importReport, error) {
	if env.Collect != nil {
		env.Collect(importCollectAt)
	}
	named, sources := format{}, args
	if f, ok := formatNamed(args[0]); ok {
		named, sources = f, args[1:]
	}
	switch {
	case len(sources) == 0:
		return nil, fault.Newf(fault.Invalid, "say what to import: a file or a folder").WithHint("goldthread import --help")
	case opt.into == "":
		return nil, fault.Newf(fault.Invalid, "say where to: --into DIR").WithHint("goldthread import --help")
	case opt.take != "" && opt.take != string(exchange.Ours) && opt.take != string(exchange.Theirs):
		return nil, fault.Newf(fault.Invalid, "--take %s: want ours or theirs", opt.take)
	}
	for i, name := range sources {
		sources[i] = env.path(name)
	}
	files, err := exchange.OpenSources(sources)
	if err != nil {
		hint := "there are the formats " + formatNames(readable)
		return nil, fault.New(fault.NotFound, "cannot open what is to be imported", err).WithHint(hint)
	}
	defer files.Close()
	if named.name == "" {
		if named, err = detectFormat(files); err != nil {
			return nil, err
		}
	}
	progress := env.progress("importing")
	tree, err := named.read(ctx, files)
	progress.done()
	switch {
	case err != nil:
		return nil, fault.New(fault.Invalid, fmt.Sprintf("the %s source %s cannot be read", named.name, strings.Join(sources, ", ")), err)
	case tree.Items() == 0 && slices.ContainsFunc(tree.Faults, func(f exchange.Fault) bool { return f.Error }):
		return nil, fault.New(fault.Invalid, fmt.Sprintf("nothing can be taken from the %s source %s", named.name, strings.Join(sources, ", ")), faultsOf(tree))
	case len(tree.Files) == 0:
		return nil, fault.New(fault.NotFound, fmt.Sprintf("%s holds no %s", strings.Join(sources, ", "), named.about), warningsOf(tree))
	}
	p := &importPlan{env: env, options: opt, format: named, files: files, tree: tree, title: filepath.Base(absolute(sources[0]))}
	return p.run(ctx)
}

// faultsOf lists what made parts of a source unreadable.
func faultsOf(tree *exchange.Tree) error { return listed(tree, true) }

// warningsOf lists all faults of a source.
func warningsOf(tree *exchange.Tree) error { return listed(tree, false) }

func listed(tree *exchange.Tree, onlyErrors bool) error {
	var errs []error
	for _, f := range tree.Faults {
		if f.Error || !onlyErrors {
			errs = append(errs, fmt.Errorf("%s: %s; %s", f.At, f.Message, f.Remedy))
		}
	}
	return errors.Join(errs...)
}

func (r *importReport) print(env *Environment, asJSON bool) error {
	if asJSON {
		return writeJSON(env.Stdout, r)
	}
	return r.text(env)
}

// take fills the report from what became of the source.
func (r *importReport) take(l *exchange.Ledger) {
	r.Read, r.Kept = l.Read, keptCounts{l.Kept.Items, l.Kept.Links}
	for _, n := range l.Names {
		r.Names = append(r.Names, nameCount(n))
	}
	for _, u := range append(l.Unresolved, l.Dangling...) {
		r.Unresolved = append(r.Unresolved, unresolvedLink{u.From, u.To, u.Verb, u.At.String()})
	}
	for _, u := range l.Dangling {
		r.Lost = append(r.Lost, loss{u.At.String(), u.From, strings.TrimSpace("link " + u.Verb), "the item that it leads from is not there"})
	}
	for _, x := range l.Lost {
		r.Lost = append(r.Lost, loss{x.At.String(), x.Item, x.What, x.Why})
	}
	for _, x := range l.Changed {
		r.Changed = append(r.Changed, loss{x.At.String(), x.Item, x.What, x.Why})
	}
}

func (r *importReport) takeChanges(m *exchange.Merged) {
	there := func(s string) *string {
		if s == exchange.Unset {
			return nil
		}
		return &s
	}
	for _, c := range m.Changes {
		x := importChange{Key: c.Key, What: c.What}
		for _, f := range c.Fields {
			x.Fields = append(x.Fields, importFieldChange{f.Name, there(f.Base), there(f.Theirs), there(f.Ours), f.Conflict})
		}
		r.Changes = append(r.Changes, x)
	}
	r.Conflicts = m.Conflicts()
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
	if r.Preview {
		fmt.Fprintf(&b, "mapping:\n%s", indent(printableText(strings.TrimRight(string(r.mapping), "\n")), "  ")+"\n")
	}
	for _, c := range r.Changes {
		if c.What == exchange.ItemAdded && !r.Preview {
			continue
		}
		fmt.Fprintf(&b, "%s %s\n", c.What, c.Key)
		for _, f := range c.Fields {
			mark := ""
			if f.Conflict {
				mark = "  CONFLICT: was " + shown(f.Base) + ", here"
			} else {
				mark = "  was"
			}
			fmt.Fprintf(&b, "  %s:%s %s\n    now %s\n", f.Name, mark, shown(f.Ours), shown(f.Theirs))
		}
	}
	for _, x := range r.Lost {
		fmt.Fprintf(&b, "%s: not kept: %s: %s\n", cmp.Or(x.Where, x.Item), printable(x.What), printable(x.Why))
	}
	for _, x := range r.Changed {
		fmt.Fprintf(&b, "%s: changed: %s: %s\n", cmp.Or(x.Where, x.Item), printable(x.What), printable(x.Why))
	}
	fmt.Fprintf(&b, "%s: read %s, %s, %s, %s; kept %s and %s\n", r.Format, plural(r.Read.Items, "item"), plural(r.Read.Links, "link"), plural(r.Read.Documents, "document"),
		plural(r.Read.Files, "attached file"), plural(r.Kept.Items, "item"), plural(r.Kept.Links, "link"))
	mapped, foreign, notKept := 0, 0, 0
	for _, n := range r.Names {
		mapped, foreign, notKept = mapped+n.Mapped, foreign+n.Foreign, notKept+n.NotKept
	}
	if len(r.Names) > 0 {
		fmt.Fprintf(&b, "values: %d in fields of ours, %d in fields named %s/…, %d not kept\n", mapped, foreign, r.Format, notKept)
	}
	if n := len(r.Unresolved); n > 0 {
		fmt.Fprintf(&b, "items that are not there are named by %s\n", plural(n, "link"))
	}
	switch {
	case r.Conflicts > 0:
		fmt.Fprintf(&b, "%s: changed here and at the source; nothing was written\n", plural(r.Conflicts, "conflict"))
	case r.Preview:
		fmt.Fprintf(&b, "a preview: nothing was written\n")
	case len(r.Written) == 0:
		fmt.Fprintf(&b, "nothing changed\n")
	default:
		fmt.Fprintf(&b, "%s: %s in %s, %s, %d of them suspect, written to %s\n", r.Format, plural(r.Items, "item"), plural(r.Documents, "document"), plural(r.Links, "link"),
			r.Suspect, r.Into)
	}
	if len(r.Foreign) > 0 {
		fmt.Fprintf(&b, "keys beginning with %s are of no kind of the standard: say what they are in %s\n", strings.Join(r.Foreign, ", "),
			path.Join(filepath.ToSlash(r.Into), importFolder, r.Name, mappingName))
	}
	if !r.Preview && r.Conflicts == 0 {
		fmt.Fprintf(&b, "next: goldthread check %s\n", r.Into)
	}
	_, err := env.Stdout.Write([]byte(b.String()))
	return err
}

func shown(s *string) string {
	if s == nil {
		return "not there"
	}
	return printable(strings.ReplaceAll(*s, "\n", " ⏎ "))
}
