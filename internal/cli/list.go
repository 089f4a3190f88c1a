package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
)

// listOptions are the flags of list.
type listOptions struct {
	where       string
	columns     []string
	format      string
	asJSON, all bool
}

// defaultColumns are those of list where none are asked for.
func defaultColumns() []string { return []string{"key", "kind", "title"} }

// goldthread:implements SRS-65
func listCommand(env *Environment) *cobra.Command {
	var opt listOptions
	var q asked
	c := &cobra.Command{
		Use:   "list [DIR]",
		Short: "list the items that answer to a question",
		Long: `list shows items in the order of their keys, all or those for which --where holds:

  kind = SRS and verification.method = test and not title ~ "stop"

Names are key, kind, title, state, text, result, language, document, file, line, any
field (dots, dashes and underscores may stand for blanks), and any relation from
either end (refines, refined by), whose values are the keys at the other end.

  =  !=          is, is not: any of the values, capitals or not. A kind includes
                 those that specialise it
  ~              contains, capitals or not
  <  <=  >  >=   for numbers and dates
  has NAME       a value is set
  links NAME     there is a link of that relation
  suspect        a link from the item is suspect
  unverified     no test verifies it
  and  or  not   and brackets; and binds closer than or

Values that hold brackets, operators, and, or, not are put into quotes. Documents and
places in code are listed where the question asks for their kind, and with --all.
The grammar is in docs/commands.md.`,
		Example: "  goldthread list --where 'kind=SRS and unverified'\n  goldthread list --where 'refines = SYS-3' --columns key,title,state,verified.by\n" +
			"  goldthread list pump --where 'kind=TEST and result=failed' --format csv",
		Args:              arguments(0, 1),
		ValidArgsFunction: completeFolders,
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := opt.writer()
			if err != nil {
				return err
			}
			f, done, err := env.ask(cmd, env.folderArgument(args), q)
			if err != nil {
				return err
			}
			defer done()
			l, err := f.listing(opt)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(env.Stdout)
			if err := write(out, l); err != nil {
				return fmt.Errorf("write the list: %w", err)
			}
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the list: %w", err)
			}
			return nil
		},
	}
	opt.flags(env, c)
	q.add(c)
	return c
}

func (opt *listOptions) flags(env *Environment, c *cobra.Command) {
	c.Flags().StringVar(&opt.where, "where", "", "what must hold of an item")
	c.Flags().StringSliceVar(&opt.columns, "columns", nil, "what is shown of each, as named above (default key,kind,title)")
	c.Flags().StringVar(&opt.format, "format", "text", "text, csv or json")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "the same as --format json")
	c.Flags().BoolVar(&opt.all, "all", false, "documents and places in code and tests too")
	_ = c.RegisterFlagCompletionFunc("where", cobra.NoFileCompletions)
	_ = c.RegisterFlagCompletionFunc("columns", completeList(env.completeColumn))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "csv", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

func (env *Environment) completeColumn(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	f := env.openToComplete(cmd, args)
	if f == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []cobra.Completion
	for _, name := range f.propertyNames() {
		if name = strings.ReplaceAll(name, " ", "."); strings.HasPrefix(name, begun) {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (opt *listOptions) writer() (func(io.Writer, *listing) error, error) {
	if opt.asJSON {
		opt.format = "json"
	}
	switch opt.format {
	case "text":
		return listText, nil
	case "csv":
		return listCSV, nil
	case "json":
		return listJSON, nil
	}
	return nil, fault.Newf(fault.Invalid, "there is no format %q; there are text, csv, json", opt.format)
}

// listing is the items that answer, in the order of their keys, and what is
// shown of them.
type listing struct {
	folder  *folder
	where   string
	items   []project.Handle
	columns []*property
}

func (f *folder) listing(opt listOptions) (*listing, error) {
	l := &listing{folder: f, where: opt.where}
	q, holds := &question{}, func(project.Handle) bool { return true }
	if opt.where != "" {
		var err error
		if q, holds, err = f.ask(opt.where); err != nil {
			return nil, err
		}
	}
	if len(opt.columns) == 0 {
		opt.columns = defaultColumns()
	}
	for _, name := range opt.columns {
		p, near := f.property(name)
		if p == nil {
			err := fault.Newf(fault.Invalid, "--columns: there is no field or relation %q", printable(name))
			if len(near) > 0 {
				return nil, err.WithHint("did you mean " + oneOf(near) + "?")
			}
			return nil, err.WithHint("goldthread list --help")
		}
		l.columns = append(l.columns, p)
	}
	for h, n := range f.snapshot.All() {
		if (opt.all || q.wide || f.isItem(n.Item.Kind)) && holds(h) {
			l.items = append(l.items, h)
		}
	}
	f.sortHandles(l.items)
	return l, q.err
}

func (l *listing) cells(h project.Handle) ([]string, error) {
	cells := make([]string, len(l.columns))
	for i, p := range l.columns {
		values, err := p.values(h)
		if err != nil {
			return nil, err
		}
		cells[i] = strings.Join(values, ", ")
	}
	return cells, nil
}

func listText(w io.Writer, l *listing) error {
	rows := make([][]cell, 0, len(l.items))
	for _, h := range l.items {
		cells, err := l.cells(h)
		if err != nil {
			return err
		}
		row := make([]cell, len(cells))
		for i, c := range cells {
			row[i] = cell(printable(c))
		}
		rows = append(rows, row)
	}
	return writeTable(w, "", rows)
}

func listCSV(w io.Writer, l *listing) error {
	c := newCSVRows(w)
	heads := make([]string, len(l.columns))
	for i, p := range l.columns {
		heads[i] = p.name
	}
	if err := c.row(heads...); err != nil {
		return err
	}
	for _, h := range l.items {
		cells, err := l.cells(h)
		if err != nil {
			return err
		}
		if err := c.row(cells...); err != nil {
			return err
		}
	}
	return c.close()
}

// listedItem is an item of a list in JSON.
type listedItem struct {
	reference
	State  string              `json:"state"`
	Values map[string][]string `json:"values"` // by column
}

func listJSON(w io.Writer, l *listing) error {
	var failed error
	o := &jsonObject{w: w}
	o.member("project", l.folder.text.Config.Project)
	o.member("where", l.where)
	jsonList(o, "items", func(yield func(listedItem) bool) {
		for _, h := range l.items {
			it := listedItem{reference: l.folder.refer(h), State: string(l.folder.state(l.folder.snapshot.Node(h))), Values: map[string][]string{}}
			for _, p := range l.columns {
				values, err := p.values(h)
				if err != nil {
					failed = err
					return
				}
				it.Values[p.name] = append([]string{}, values...)
			}
			if !yield(it) {
				return
			}
		}
	})
	if failed != nil {
		return failed
	}
	o.member("count", len(l.items))
	return o.close()
}
