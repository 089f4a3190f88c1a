package workspace

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Wanted is a revision of an item to look for: that with the content hash.
type Wanted struct {
	Key     record.Key
	Content record.Hash
}

// Revisions finds old revisions of items in the history of git: for each, where
// it stands today and which one is wanted. What is not found is not in the
// result; nothing is cut off: every commit that touched the files is looked at,
// newest first, until all are found.
func (g *Git) Revisions(ctx context.Context, wanted map[Wanted]*Item, documents map[Wanted]string, sch *schema.Schema) (map[Wanted]*record.Item, error) {
	b, err := g.blobs(ctx)
	if err != nil {
		return nil, err
	}
	defer b.close()
	h := &history{git: g, blobs: b, schema: sch, found: map[Wanted]*record.Item{}, documents: map[string]*Document{}, hashes: map[string]record.Hash{}}
	byFile := map[string][]Wanted{}
	for w, file := range documents {
		byFile[file] = append(byFile[file], w)
	}
	for file, wants := range byFile {
		if err := h.search(ctx, file, wants, wanted); err != nil {
			return h.found, err
		}
	}
	return h.found, h.elsewhere(ctx, wanted, documents)
}

type history struct {
	git       *Git
	blobs     *blobs
	schema    *schema.Schema
	found     map[Wanted]*record.Item
	documents map[string]*Document   // by file name and blob id
	hashes    map[string]record.Hash // of files, by blob id
}

// search looks for revisions in the history of one document and of the files
// that its items attach.
func (h *history) search(ctx context.Context, file string, wants []Wanted, now map[Wanted]*Item) error {
	paths := []string{file}
	for _, w := range wants {
		for _, f := range now[w].Files {
			if !slices.Contains(paths, f.Name) {
				paths = append(paths, f.Name)
			}
		}
	}
	commits, err := h.git.commits(ctx, paths)
	if err != nil {
		return err
	}
	for _, commit := range commits {
		if wants = h.missing(wants); len(wants) == 0 {
			return nil
		}
		if err := h.at(commit, file, wants); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) missing(wants []Wanted) []Wanted {
	return slices.DeleteFunc(slices.Clone(wants), func(w Wanted) bool { return h.found[w] != nil })
}

// elsewhere looks for what the document of today never held in the documents
// that did: items move.
func (h *history) elsewhere(ctx context.Context, now map[Wanted]*Item, documents map[Wanted]string) error {
	for w := range documents {
		if h.found[w] != nil {
			continue
		}
		files, err := h.git.holding(ctx, string(w.Key))
		if err != nil {
			return err
		}
		for _, file := range files {
			if file == documents[w] || h.found[w] != nil {
				continue
			}
			if err := h.search(ctx, file, []Wanted{w}, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// at reads one document as it was in a commit and takes what is wanted from it.
func (h *history) at(commit, file string, wants []Wanted) error {
	id, data, err := h.blobs.file(commit, file)
	if err != nil || id == "" {
		return err
	}
	doc, known := h.documents[file+"\x00"+id]
	if !known {
		doc, _ = Read(file, data, h.schema)
		h.documents[file+"\x00"+id] = doc
	}
	if doc == nil {
		return nil
	}
	for it := range doc.Items() {
		i := slices.IndexFunc(wants, func(w Wanted) bool { return w.Key == it.Key })
		if i < 0 {
			continue
		}
		old := it.Item
		old.Files = slices.Clone(it.Files)
		if err := h.fill(commit, &old); err != nil {
			return err
		}
		content := old.ContentHash()
		for _, w := range wants {
			if w.Key == it.Key && w.Content == content {
				h.found[w] = &old
			}
		}
	}
	return nil
}

// fill computes the hashes of attached files as they were in a commit.
func (h *history) fill(commit string, it *record.Item) error {
	for i := range it.Files {
		id, data, err := h.blobs.file(commit, it.Files[i].Name)
		if err != nil {
			return err
		}
		hash, known := h.hashes[id]
		if !known {
			hash = sha256.Sum256(data)
			h.hashes[id] = hash
		}
		it.Files[i].Hash = hash
	}
	return nil
}
