package cli

import (
	"cmp"
	"context"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/workspace"
)

// texts reads present revisions from the folder and confirmed ones from the
// history of git, which is searched once for all suspect links and only when
// the first one is asked for.
type texts struct {
	ctx    context.Context
	folder *folder
	old    map[workspace.Wanted]*record.Item
	err    error
}

func (f *folder) texts(ctx context.Context) *texts { return &texts{ctx: ctx, folder: f} }

// Now is part of trace.Texts.
func (t *texts) Now(h project.Handle) (*record.Item, error) {
	return t.folder.snapshot.Full(t.folder.source, h)
}

// Confirmed is part of trace.Texts.
func (t *texts) Confirmed(h project.Handle, content record.Hash) (*record.Item, error) {
	if f := t.folder; f.ledger != nil {
		return f.snapshot.ByContent(f.source, h, content)
	}
	if t.old == nil {
		t.old = map[workspace.Wanted]*record.Item{}
		t.search()
	}
	return t.old[workspace.Wanted{Key: t.folder.snapshot.Node(h).Item.Key, Content: content}], t.err
}

func (t *texts) search() {
	f := t.folder
	git := workspace.OpenGit(t.ctx, f.dir)
	if git == nil {
		return
	}
	items, files := map[workspace.Wanted]*workspace.Item{}, map[workspace.Wanted]string{}
	at := map[record.Key]*workspace.Item{}
	in := map[record.Key]string{}
	for _, d := range f.text.Documents {
		for it := range d.Items() {
			at[it.Key], in[it.Key] = it, cmp.Or(it.File, d.Path)
		}
	}
	want := func(h project.Handle, content record.Hash) {
		w := workspace.Wanted{Key: f.snapshot.Node(h).Item.Key, Content: content}
		if it := at[w.Key]; it != nil {
			items[w], files[w] = it, in[w.Key]
		}
	}
	for _, s := range f.thread.Suspects() {
		l := f.snapshot.Link(s.Link)
		if s.SourceChanged {
			want(l.Source, l.Confirmed.Source)
		}
		if s.TargetChanged {
			want(l.Target, l.Confirmed.Target)
		}
	}
	if len(items) == 0 {
		return
	}
	found, err := git.Revisions(t.ctx, items, files, f.schema)
	if found != nil {
		t.old = found
	}
	t.err = err
}

var _ trace.Texts = (*texts)(nil)
