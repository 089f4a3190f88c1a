package cli

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/trace"
)

// goldthread:implements SRS-65
func impactCommand(env *Environment) *cobra.Command {
	var direction string
	var asJSON bool
	var q asked
	c := &cobra.Command{
		Use:   "impact KEY [DIR]",
		Short: "show what a change of an item touches, and by which path",
		Long: `impact follows the thread from one item, downstream to all that depends on it, into
code, tests and their results, and upstream to all that it depends on. What is
reached is grouped by its distance, with the place where it stands and a shortest
path that explains why it is there. A path over a suspect link says so: what is
beyond it may be out of date already.

The schema says for each relation which way a change travels (docs/schema.md).
Nothing is cut off.`,
		Example:           "  goldthread impact SRS-12\n  goldthread impact RC-3 examples/infusion-pump --direction down\n  goldthread impact SYS-3 --json",
		Args:              arguments(1, 2),
		ValidArgsFunction: env.completeKey,
		RunE: func(cmd *cobra.Command, args []string) error {
			ways, err := directions(direction)
			if err != nil {
				return err
			}
			f, done, err := env.ask(cmd, env.folderArgument(args[1:]), q)
			if err != nil {
				return err
			}
			defer done()
			h, err := f.item(args[0])
			if err != nil {
				return err
			}
			out := bufio.NewWriter(env.Stdout)
			write := impactText
			if asJSON {
				write = impactJSON
			}
			if err := write(out, f, h, ways); err != nil {
				return fmt.Errorf("write the impact: %w", err)
			}
			return out.Flush()
		},
	}
	c.Flags().StringVar(&direction, "direction", "both", "down, up or both")
	c.Flags().BoolVar(&asJSON, "json", false, "report as JSON")
	q.add(c)
	_ = c.RegisterFlagCompletionFunc("direction", cobra.FixedCompletions([]string{"down", "up", "both"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func directions(name string) ([]trace.Direction, error) {
	switch name {
	case "down", "downstream":
		return []trace.Direction{trace.Downstream}, nil
	case "up", "upstream":
		return []trace.Direction{trace.Upstream}, nil
	case "both":
		return []trace.Direction{trace.Downstream, trace.Upstream}, nil
	}
	return nil, fault.Newf(fault.Invalid, "there is no direction %q; there are down, up, both", name)
}

// impactHit is one item that a walk reaches.
type impactHit struct {
	Distance int       `json:"distance"` // in links
	Item     reference `json:"item"`
	Suspect  bool      `json:"suspect"`
	Path     []step    `json:"path"`
}

// reach yields what a walk reaches: nearest first, and by key at one distance.
//
// goldthread:implements SRS-34
func (f *folder) reach(c *trace.Closure) func(yield func(impactHit) bool) {
	return func(yield func(impactHit) bool) {
		for from := 0; from < c.Len(); {
			distance := c.Depth(from)
			at := map[project.Handle]int{}
			var group []project.Handle
			for ; from < c.Len() && c.Depth(from) == distance; from++ {
				group = append(group, c.At(from))
				at[c.At(from)] = from
			}
			f.sortHandles(group)
			for _, h := range group {
				hit := impactHit{Distance: distance, Item: f.refer(h)}
				hit.Path, hit.Suspect = f.path(c.Path(f.snapshot, at[h]))
				if !yield(hit) {
					return
				}
			}
		}
	}
}

func impactText(w io.Writer, f *folder, start project.Handle, ways []trace.Direction) error {
	item := f.refer(start)
	fmt.Fprintln(w, item.describe())
	for _, d := range ways {
		c := f.thread.Impact(start, d)
		fmt.Fprintf(w, "\n%s: %s\n", d, plural(c.Len(), "item"))
		distance := 0
		for hit := range f.reach(c) {
			if hit.Distance != distance {
				distance = hit.Distance
				fmt.Fprintf(w, "  %s away\n", plural(distance, "link"))
			}
			if _, err := io.WriteString(w, hit.text()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (hit *impactHit) text() string {
	suspect := ""
	if hit.Suspect {
		suspect = columnGap + "suspect"
	}
	return fmt.Sprintf("    %s%s\n        %s\n", hit.Item.describe(), suspect, pathText(hit.Path))
}

// impactCounts says how many items lie in each direction.
type impactCounts struct {
	Downstream int `json:"downstream"`
	Upstream   int `json:"upstream"`
	Suspect    int `json:"suspect"`
}

func impactJSON(w io.Writer, f *folder, start project.Handle, ways []trace.Direction) error {
	var counts impactCounts
	o := &jsonObject{w: w}
	o.member("project", f.text.Config.Project)
	o.member("item", f.refer(start))
	for _, d := range []trace.Direction{trace.Downstream, trace.Upstream} {
		jsonList(o, d.String(), func(yield func(impactHit) bool) {
			if !slices.Contains(ways, d) {
				return
			}
			for hit := range f.reach(f.thread.Impact(start, d)) {
				if hit.Suspect {
					counts.Suspect++
				}
				if d == trace.Upstream {
					counts.Upstream++
				} else {
					counts.Downstream++
				}
				if !yield(hit) {
					return
				}
			}
		})
	}
	o.member("counts", counts)
	return o.close()
}
