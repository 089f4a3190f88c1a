package cli

import (
	"bufio"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/trace"
)

// traceOptions are the flags of trace.
type traceOptions struct {
	from, to      string
	via           []string
	format        string
	within        int // links of a path at most, 0 for any number
	asJSON, paths bool
}

// goldthread:implements SRS-65
func traceCommand(env *Environment) *cobra.Command {
	var opt traceOptions
	var q asked
	c := &cobra.Command{
		Use:   "trace [DIR] --from KIND --to KIND",
		Short: "show which items of one kind lead to which of another",
		Long: `trace shows a matrix between two kinds, both ways: every item of the kind --from
with the items of the kind --to that it is traced to, by whatever path and in
whatever direction, and then the items of the kind --to that none leads to. An item
of --from without any is a gap. Nothing is cut off, and rows are in the order of
their keys.

A path follows the thread downstream or upstream, as long as it takes. With --via it
passes exactly the kinds named, in that order; with --within it has at most so many
links, 1 for direct ones. A kind is SRS, software-requirements,
a group such as risk-management, or a key prefix of the project.

CSV (RFC 4180) has one line a pair; a cell that a spreadsheet would take for a
formula begins with an apostrophe. HTML is one page that needs no network and can be
printed. Gaps do not change the exit code; check does that.`,
		Example: "  goldthread trace --from SYS --to TEST\n  goldthread trace --from RC --to TC --via SRS --paths\n" +
			"  goldthread trace pump --from software-requirements --to tests --format html > matrix.html",
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
			m, err := f.matrix(opt)
			if err != nil {
				return err
			}
			m.made = env.Now().UTC().Format("2006-01-02 15:04 UTC") + " by goldthread " + env.Version
			out := bufio.NewWriter(env.Stdout)
			if err := write(out, m); err != nil {
				return fmt.Errorf("write the matrix: %w", err)
			}
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the matrix: %w", err)
			}
			m.tellEmpty(env.Stderr)
			return nil
		},
	}
	opt.flags(env, c)
	q.add(c)
	return c
}

func (opt *traceOptions) flags(env *Environment, c *cobra.Command) {
	c.Flags().StringVar(&opt.from, "from", "", "kind of the rows")
	c.Flags().StringVar(&opt.to, "to", "", "kind of the items they are traced to")
	c.Flags().StringSliceVar(&opt.via, "via", nil, "kinds that a path must pass, in order: SYS,SRS")
	c.Flags().IntVar(&opt.within, "within", 0, "only paths of at most so many links (0: as long as it takes)")
	c.Flags().StringVar(&opt.format, "format", "text", "text, csv, html or json")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "the same as --format json")
	c.Flags().BoolVar(&opt.paths, "paths", false, "in text: show a shortest path to each")
	_ = c.RegisterFlagCompletionFunc("from", env.completeKind)
	_ = c.RegisterFlagCompletionFunc("to", env.completeKind)
	_ = c.RegisterFlagCompletionFunc("via", completeList(env.completeKind))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "csv", "html", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

// writer checks what needs no folder and returns the writer of the format.
func (opt *traceOptions) writer() (func(io.Writer, *matrix) error, error) {
	if opt.from == "" || opt.to == "" {
		return nil, fault.Newf(fault.Invalid, "trace needs the two kinds to trace between").WithHint("goldthread trace --from SYS --to TEST")
	}
	if opt.within < 0 {
		return nil, fault.Newf(fault.Invalid, "--within takes a number of links, not %d", opt.within)
	}
	if opt.asJSON {
		opt.format = "json"
	}
	switch opt.format {
	case "text":
		return matrixText, nil
	case "csv":
		return matrixCSV, nil
	case "html":
		return matrixHTML, nil
	case "json":
		return matrixJSON, nil
	}
	return nil, fault.Newf(fault.Invalid, "there is no format %q; there are text, csv, html, json", opt.format)
}

// matrix is a two-way matrix that is worked out row by row. Its rows must be
// taken before the items without a source and the counts.
//
// goldthread:implements SRS-33
type matrix struct {
	folder   *folder
	from, to selection
	via      []selection
	paths    bool
	within   int
	made     string // when and by what
	query    trace.Query
	reached  []bool // by handle
	counts   matrixCounts
}

type matrixCounts struct {
	From          int `json:"from"`
	Traced        int `json:"traced"`
	Gaps          int `json:"gaps"`
	To            int `json:"to"`
	WithoutSource int `json:"without_source"`
	Pairs         int `json:"pairs"`
	Suspect       int `json:"suspect"` // pairs whose path has a suspect link
}

// matrixRow is one item with what it is traced to.
type matrixRow struct {
	Item reference   `json:"item"`
	Hits []matrixHit `json:"hits"`
}

type matrixHit struct {
	Item    reference `json:"item"`
	Suspect bool      `json:"suspect"`
	Path    []step    `json:"path"`
}

func (f *folder) matrix(opt traceOptions) (*matrix, error) {
	m := &matrix{folder: f, paths: opt.paths, within: opt.within, via: []selection{}, reached: make([]bool, f.snapshot.Handles())}
	var err error
	if m.from, err = f.selectKind(opt.from); err != nil {
		return nil, err
	}
	if m.to, err = f.selectKind(opt.to); err != nil {
		return nil, err
	}
	m.query = trace.Query{From: m.from.kinds, To: m.to.kinds, FromItems: m.from.items(f.snapshot), ToItems: m.to.items(f.snapshot)}
	for _, name := range opt.via {
		via, err := f.selectKind(name)
		if err != nil {
			return nil, err
		}
		if via.prefix != "" {
			return nil, fault.Newf(fault.Invalid, "--via takes kinds, and %s is a key prefix", printable(via.prefix)).WithHint("--via " + string(via.kinds[0]))
		}
		m.via = append(m.via, via)
		m.query.Via = append(m.query.Via, via.kinds)
	}
	return m, nil
}

// rows yields the rows in the order of their keys.
func (m *matrix) rows(yield func(matrixRow) bool) {
	f := m.folder
	for r := range f.thread.Matrix(m.query) {
		row := matrixRow{Item: f.refer(r.Item), Hits: []matrixHit{}}
		for _, h := range r.Hits {
			if h.Item == r.Item || m.within > 0 && len(h.Path) > m.within {
				continue // a path there and back says nothing
			}
			m.reached[h.Item] = true
			hit := matrixHit{Item: f.refer(h.Item)}
			if hit.Path, hit.Suspect = f.path(h.Path); hit.Suspect {
				m.counts.Suspect++
			}
			row.Hits = append(row.Hits, hit)
		}
		m.counts.From++
		m.counts.Pairs += len(row.Hits)
		if len(row.Hits) == 0 {
			m.counts.Gaps++
		} else {
			m.counts.Traced++
		}
		if !yield(row) {
			return
		}
	}
}

// withoutSource yields the items that no row leads to.
func (m *matrix) withoutSource(yield func(reference) bool) {
	for _, h := range m.folder.thread.Of(m.to.kinds) {
		if m.query.ToItems != nil && !m.query.ToItems(h) {
			continue
		}
		m.counts.To++
		if m.reached[h] {
			continue
		}
		m.counts.WithoutSource++
		if !yield(m.folder.refer(h)) {
			return
		}
	}
}

// tellEmpty says so where a side of the matrix is empty: that nothing is
// missing from an empty set proves nothing.
func (m *matrix) tellEmpty(stderr io.Writer) {
	for _, side := range []struct {
		what selection
		n    int
	}{{m.from, m.counts.From}, {m.to, m.counts.To}} {
		if side.n == 0 {
			fmt.Fprintf(stderr, "goldthread: there are no items %s in %s\n", side.what.described(m.folder), m.folder.dir)
		}
	}
}

func matrixText(w io.Writer, m *matrix) error {
	for row := range m.rows {
		fmt.Fprintln(w, row.Item.describe())
		for i := range row.Hits {
			if err := m.hitText(w, &row.Hits[i]); err != nil {
				return err
			}
		}
		if len(row.Hits) == 0 {
			fmt.Fprintf(w, "  gap: traced to none %s\n", m.to.of(m.folder))
		}
	}
	n := 0
	for r := range m.withoutSource {
		if n++; n == 1 {
			fmt.Fprintf(w, "without a source %s\n", m.from.of(m.folder))
		}
		fmt.Fprintf(w, "  %s\n", r.describe())
	}
	c := &m.counts
	suspect := ""
	if c.Suspect > 0 {
		suspect = fmt.Sprintf(", %s by way of a suspect link", plural(c.Suspect, "pair"))
	}
	_, err := fmt.Fprintf(w, "%s → %s: %d of %d traced, %s; %d of %d without a source%s\n", printable(m.from.label), printable(m.to.label), c.Traced, c.From, plural(c.Gaps, "gap"),
		c.WithoutSource, c.To, suspect)
	return err
}

func (m *matrix) hitText(w io.Writer, h *matrixHit) error {
	suspect := ""
	if h.Suspect {
		suspect = columnGap + "suspect"
	}
	_, err := fmt.Fprintf(w, "  %s%s\n", h.Item.describe(), suspect)
	if m.paths && err == nil {
		_, err = fmt.Fprintf(w, "      %s\n", pathText(h.Path))
	}
	return err
}

func matrixJSON(w io.Writer, m *matrix) error {
	via := []string{}
	for _, v := range m.via {
		via = append(via, v.label)
	}
	o := &jsonObject{w: w}
	o.member("project", m.folder.text.Config.Project)
	o.member("from", m.from.label)
	o.member("to", m.to.label)
	o.member("via", via)
	o.member("within", m.within)
	jsonList(o, "rows", m.rows)
	jsonList(o, "without_source", m.withoutSource)
	o.member("counts", m.counts)
	return o.close()
}

func matrixCSV(w io.Writer, m *matrix) error {
	c := newCSVRows(w)
	if err := c.row("status", "from", "from_title", "from_file", "from_line", "to", "to_title", "to_file", "to_line", "to_outcome", "suspect", "path"); err != nil {
		return err
	}
	for row := range m.rows {
		from := row.Item.cells()
		if len(row.Hits) == 0 {
			if err := c.row("gap", from[0], from[1], from[2], from[3], "", "", "", "", "", "", ""); err != nil {
				return err
			}
		}
		for _, h := range row.Hits {
			to := h.Item.cells()
			if err := c.row("traced", from[0], from[1], from[2], from[3], to[0], to[1], to[2], to[3], h.Item.Outcome, yesNo(h.Suspect), pathText(h.Path)); err != nil {
				return err
			}
		}
	}
	for r := range m.withoutSource {
		to := r.cells()
		if err := c.row("without source", "", "", "", "", to[0], to[1], to[2], to[3], r.Outcome, "", ""); err != nil {
			return err
		}
	}
	return c.close()
}

// cells are key, title, file and line for a table.
func (r *reference) cells() [4]string {
	line := ""
	if r.Line > 0 {
		line = fmt.Sprint(r.Line)
	}
	return [4]string{string(r.Key), r.Title, r.File, line}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
