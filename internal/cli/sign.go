package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// signOptions are the flags of sign.
type signOptions struct {
	writeFlags
	meaning, text, to string
	preview           bool
}

func signCommand(env *Environment) *cobra.Command {
	var opt signOptions
	c := &cobra.Command{
		Use:   "sign KEY...",
		Short: "sign items as they are: as their reviewer, approver, author, or as responsible",
		Long: `sign records your electronic signature over the present revisions of items: your name,
the time, what it means, and the hashes of their content and links, signed with your
own key. It holds for these revisions for ever, and anybody can check it with
ssh-keygen. A signature that a step of the workflow asks for makes that step: an
approval brings an item that is in review into force.

Look at the items first: --preview shows what would be signed.`,
		Example: "  goldthread sign SRS-12 --meaning review --preview\n  goldthread sign SRS-12 SRS-13 --meaning approval --reason 'reviewed in meeting 12'",
		Args:    arguments(1, 1<<16),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := env.sign(cmd.Context(), args, opt)
			if err != nil {
				return err
			}
			if opt.asJSON {
				return writeJSON(env.Stdout, report)
			}
			out := bufio.NewWriter(env.Stdout)
			report.write(out)
			return out.Flush()
		},
	}
	opt.add(c)
	c.Flags().StringVar(&opt.meaning, "meaning", "", "review, approval, authorship or responsibility")
	c.Flags().StringVar(&opt.text, "text", "", "what the signature says beyond its meaning")
	c.Flags().StringVar(&opt.to, "to", "", "state that the items go to by it (default: the one in which they are in force)")
	c.Flags().BoolVar(&opt.preview, "preview", false, "show what would be signed, and sign nothing")
	_ = c.RegisterFlagCompletionFunc("meaning", cobra.FixedCompletions([]string{"review", "approval", "authorship", "responsibility"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// signReport is a signature as it was, or would be, made.
type signReport struct {
	Entry   int64        `json:"entry"` // 0 for a preview
	Name    string       `json:"name"`
	Meaning string       `json:"meaning"`
	Time    string       `json:"time"`
	Text    string       `json:"text"`
	Stream  string       `json:"stream"`
	AsOf    int64        `json:"as_of"` // entry
	Items   []signedItem `json:"items"`
}

type signedItem struct {
	Key      record.Key `json:"key"`
	Title    string     `json:"title"`
	Revision int64      `json:"revision"`
	Content  string     `json:"content_hash"`
	Links    string     `json:"link_hash"`
}

func (env *Environment) sign(ctx context.Context, keys []string, opt signOptions) (*signReport, error) {
	meaning, err := signature.ParseMeaning(opt.meaning)
	if err != nil {
		return nil, err
	}
	if opt.reason == "" {
		opt.reason = "signature of " + string(meaning)
	}
	l, command, err := env.writing(ctx, opt.writeFlags)
	if err != nil {
		return nil, err
	}
	defer l.close()
	f, err := l.at(ctx, "")
	if err != nil {
		return nil, err
	}
	person, err := access.Actor(f.ledger.Ledger, command.Actor)
	if err != nil {
		return nil, err
	}
	if person.Person.IsZero() {
		return nil, fault.Newf(fault.Denied, "nobody is enrolled who could sign").WithHint("goldthread key new, then goldthread enrol NAME --role manager --self")
	}
	request := signature.Request{Person: person.Membership, Meaning: meaning, Text: opt.text, Time: env.Now().UTC()}
	for _, k := range keys {
		if _, err := f.item(k); err != nil {
			return nil, err
		}
		request.Keys = append(request.Keys, record.Key(k))
	}
	op, err := signature.Prepare(f.snapshot, request)
	if err != nil {
		return nil, err
	}
	report := newSignReport(f.snapshot, op)
	if opt.preview {
		return report, nil
	}
	origin, err := l.Origin(ctx, l.name)
	if err != nil {
		return nil, err
	}
	signer, err := env.signer(ctx, opt.key)
	if err != nil {
		return nil, err
	}
	if op, err = signature.Complete(op, origin, person.Membership, signer); err != nil {
		return nil, err
	}
	r, err := l.Sign(ctx, command, op, record.State(opt.to))
	if err != nil {
		return nil, err
	}
	report.Entry = r.Entry
	return report, nil
}

func newSignReport(s *project.Snapshot, op record.Sign) *signReport {
	r := &signReport{Name: op.Name, Meaning: string(op.Meaning), Time: op.Time, Text: op.Text, Stream: string(op.Stream), AsOf: op.Entry, Items: []signedItem{}}
	for _, it := range op.Items {
		title := ""
		if h, there := s.ByID(it.ID); there {
			title = s.Node(h).Item.Title
		}
		r.Items = append(r.Items, signedItem{it.Key, title, it.Revision, it.Content.Content(), it.Links.Links()})
	}
	return r
}

func (r *signReport) write(w io.Writer) {
	if r.Entry == 0 {
		fmt.Fprintf(w, "would be signed by %s: %s, as of entry %d of stream %s\n", printable(r.Name), r.Meaning, r.AsOf, printable(r.Stream))
	} else {
		fmt.Fprintf(w, "entry %d: signed by %s: %s, %s\n", r.Entry, printable(r.Name), r.Meaning, r.Time)
	}
	if r.Text != "" {
		fmt.Fprintf(w, "    %s\n", printable(r.Text))
	}
	for _, it := range r.Items {
		fmt.Fprintf(w, "    %s revision %d  %s\n        %s\n        %s\n", printable(string(it.Key)), it.Revision, printable(it.Title), it.Content, it.Links)
	}
}

// roleList joins roles as people read them.
func roleList(roles []string) string { return strings.Join(roles, ", ") }
