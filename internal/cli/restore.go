package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/workspace"
)

// origin is what an import brought in the last time, in the terms of the workspace; nil where its source was not kept.
func (env *Environment) origin(ctx context.Context, f *folder, root *os.Root, from format, name string, mapping *exchange.Mapping) (*exchange.Origin, error) {
	p := &importPlan{env: env, format: from, name: name, root: root, text: f.text, mapping: mapping}
	tree, err := p.lastTree(ctx)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fault.New(fault.Invalid, path.Join(importFolder, name, sourceName)+" cannot be read, and what has no home here lies in it", err).
			WithHint("restore the file, or remove it to export without it")
	}
	p.lookUp()
	o := exchange.NewOrigin(tree, f.text.Schema, p.conversion())
	read, err := p.asRead(o.Documents, f.text.Schema)
	o.Documents = documentsOf(read)
	return o, err
}

// linkStates says of each link what is known of it.
func (f *folder) linkStates() func(source record.Key, verb record.Verb, target record.Ref) exchange.LinkState {
	states := map[string]exchange.LinkState{}
	for h, l := range f.snapshot.AllLinks() {
		if l.Confirmed.IsZero() {
			continue
		}
		name := workspace.LinkName(f.snapshot.Node(l.Source).Item.Key, f.snapshot.Verb(l.Verb), record.Ref(f.snapshot.Node(l.Target).Item.Key))
		states[name] = exchange.Confirmed
		if f.thread.IsSuspect(h) {
			states[name] = exchange.Suspect
		}
	}
	return func(source record.Key, verb record.Verb, target record.Ref) exchange.LinkState {
		return cmp.Or(states[workspace.LinkName(source, verb, target)], exchange.Unconfirmed)
	}
}

// originals takes the files of the source for those that say nothing else: an order of attributes, quotes and comments are
// no part of a tree. What of the source is neither written nor taken out, such as what could not be read and what other
// files include, comes along.
func originals(to format, source *exchange.Tree, kept fs.FS, options exportOptions, files []exchange.WrittenFile, lost []exchange.Loss) ([]exchange.WrittenFile, []exchange.Loss, error) {
	then, known, err := to.write(source, options)
	if err != nil {
		return files, lost, nil // then nothing of it can be compared
	}
	was := map[string][]byte{}
	for _, f := range then {
		was[f.Path] = f.Data
	}
	there := map[string]bool{} // in lower case
	same := map[string]bool{}
	for i := range files {
		f := &files[i]
		there[strings.ToLower(f.Path)] = true
		data, written := was[f.Path]
		if !written || !bytes.Equal(data, f.Data) || !slices.Contains(source.Files, f.Path) {
			continue
		}
		data, why := exchange.ReadFile(kept, f.Path, maxSource)
		if why != "" {
			return nil, nil, fault.New(fault.Invalid, f.Path+" cannot be read out of the source that is kept", errors.New(why))
		}
		f.Data, same[f.Path] = data, true
	}
	for _, name := range source.Files {
		if _, written := was[name]; written || there[strings.ToLower(name)] {
			continue
		}
		data, why := exchange.ReadFile(kept, name, maxSource)
		if why != "" {
			return nil, nil, fault.New(fault.Invalid, name+" cannot be read out of the source that is kept", errors.New(why))
		}
		files = append(files, exchange.WrittenFile{Path: name, Data: data})
	}
	lost = slices.DeleteFunc(lost, func(x exchange.Loss) bool {
		return slices.Contains(known, x) && (same[x.At.File] || x.At.File == "" && len(same) == len(files))
	})
	return files, lost, nil
}
