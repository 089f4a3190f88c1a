package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
)

// logOptions are the flags of log.
type logOptions struct {
	ledgerFlags
	dir        string
	count      int
	allStreams bool
	asJSON     bool
}

func logCommand(env *Environment) *cobra.Command {
	var opt logOptions
	c := &cobra.Command{
		Use:   "log [KEY]",
		Short: "list the entries of the ledger: who changed what, when and why",
		Long: `log lists the entries of a project's ledger, the newest first: number, time, who,
where it came in, change request, reason, and what it did. With a KEY it lists those
that say anything about that item. Times are those of the ledger; claimed ones, of
git or of an import, are listed beside them.`,
		Example: "  goldthread log\n  goldthread log SRS-12\n  goldthread log --count 0 --json",
		Args:    arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := env.log(cmd.Context(), args, opt)
			if err != nil {
				return err
			}
			if opt.asJSON {
				return writeJSON(env.Stdout, list)
			}
			out := bufio.NewWriter(env.Stdout)
			list.write(out)
			return out.Flush()
		},
	}
	opt.add(c)
	c.Flags().StringVar(&opt.dir, "dir", "", "the workspace (default: the one around the working folder)")
	c.Flags().IntVarP(&opt.count, "count", "n", 50, "the newest so many (0: all)")
	c.Flags().BoolVar(&opt.allStreams, "all-streams", false, "the entries of all streams")
	c.Flags().BoolVar(&opt.asJSON, "json", false, "report as JSON")
	return c
}

// logList is a part of a ledger.
type logList struct {
	Project string     `json:"project"`
	Stream  string     `json:"stream"` // "" for all
	Item    record.Key `json:"item"`   // "" for all
	Matches int        `json:"matches"`
	Entries []logEntry `json:"entries"` // newest first
}

type logEntry struct {
	Entry   int64          `json:"entry"`
	Stream  string         `json:"stream"`
	Time    string         `json:"time"`
	Actor   string         `json:"actor"` // name
	ActorID string         `json:"actor_id"`
	Channel string         `json:"channel"`
	Request string         `json:"request"`
	Reason  string         `json:"reason"`
	Claimed []logClaim     `json:"claimed"`
	Does    map[string]int `json:"does"` // operations by their type
}

type logClaim struct {
	What   string `json:"what"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

func (env *Environment) log(ctx context.Context, args []string, opt logOptions) (*logList, error) {
	l, err := env.openLedger(ctx, opt.ledgerFlags, env.folderFlag(opt.dir))
	if err != nil {
		return nil, err
	}
	defer l.close()
	f, err := l.at(ctx, "")
	if err != nil {
		return nil, err
	}
	list := &logList{Project: l.name, Stream: string(l.stream), Entries: []logEntry{}}
	if opt.allStreams {
		list.Stream = ""
	}
	var about record.ID
	if len(args) > 0 {
		h, err := f.item(args[0])
		if err != nil {
			return nil, err
		}
		about, list.Item = f.snapshot.Node(h).Item.ID, record.Key(args[0])
	}
	for c, err := range l.Changes(ctx, l.name, 1, 0) {
		if err != nil {
			return nil, err
		}
		if list.Stream != "" && c.Stream != l.stream || !about.IsZero() && !service.Touches(c, about) {
			continue
		}
		list.Matches++
		list.Entries = append(list.Entries, newLogEntry(c, service.NameOf(f.ledger.Ledger, c.Actor)))
		if opt.count > 0 && len(list.Entries) > 2*opt.count {
			list.Entries = slices.Clone(list.Entries[opt.count:]) // hold no more than are wanted, twice over
		}
	}
	if opt.count > 0 && len(list.Entries) > opt.count {
		list.Entries = list.Entries[len(list.Entries)-opt.count:]
	}
	slices.Reverse(list.Entries)
	return list, nil
}

func newLogEntry(c *record.Change, actor string) logEntry {
	e := logEntry{Entry: c.Sequence, Stream: string(c.Stream), Time: record.FormatTime(c.Time), Actor: actor, ActorID: c.Actor, Channel: c.Channel, Request: c.Request, Reason: c.Reason,
		Claimed: []logClaim{}, Does: map[string]int{}}
	for _, cl := range c.Claimed {
		e.Claimed = append(e.Claimed, logClaim(cl))
	}
	for _, op := range c.Operations {
		if op == nil {
			e.Does["redacted"]++
			continue
		}
		e.Does[op.Type()]++
	}
	return e
}

func (l *logList) write(w io.Writer) {
	for _, e := range l.Entries {
		fmt.Fprintf(w, "entry %d  %s  %s", e.Entry, e.Time, printable(e.Actor))
		if l.Stream == "" {
			fmt.Fprintf(w, "  stream %s", e.Stream)
		}
		if e.Request != "" {
			fmt.Fprintf(w, "  under %s", printable(e.Request))
		}
		fmt.Fprintf(w, "\n    %s\n", printable(e.Reason))
		var does []string
		for _, name := range slices.Sorted(maps.Keys(e.Does)) {
			does = append(does, name+" "+strconv.Itoa(e.Does[name]))
		}
		fmt.Fprintf(w, "    %s: %s\n", printable(e.Channel), strings.Join(does, ", "))
		for _, c := range e.Claimed {
			fmt.Fprintf(w, "    claimed %s: %s (%s)\n", printable(c.What), printable(c.Value), printable(c.Source))
		}
	}
	if more := l.Matches - len(l.Entries); more > 0 {
		fmt.Fprintf(w, "%d older ones: --count 0\n", more)
	}
}
