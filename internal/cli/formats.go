package cli

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/doorstop"
	"github.com/goldthread/goldthread/internal/exchange/itemrst"
	"github.com/goldthread/goldthread/internal/exchange/needs"
	"github.com/goldthread/goldthread/internal/exchange/reqif"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
	"github.com/goldthread/goldthread/internal/fault"
)

// format is a format of another tool. docs/adding-a-format.md says how one is added.
type format struct {
	name, about string
	doc         string // its page below docs/
	inPlace     bool   // a folder of it can be checked as it lies
	detect      func(fs.FS) bool
	read        func(context.Context, fs.FS) (*exchange.Tree, error) // nil where it can only be written
	write       func(*exchange.Tree, exportOptions) ([]exportedFile, []exchange.Loss, error)
	ext         string // of the one file that is written; empty where it is a folder
}

// exportedFile is a file that an export writes.
type exportedFile struct {
	Path string
	Data []byte
}

// formats are ordered by how sure their detection is: those with a file name of their own first.
func formats() []format {
	return []format{
		{name: "doorstop", about: "trees of Doorstop: .doorstop.yml and one file an item", doc: "doorstop.md", inPlace: true, detect: doorstop.Detect,
			read: func(_ context.Context, f fs.FS) (*exchange.Tree, error) { return doorstop.Read(f, doorstop.Options{}) }},
		{name: "reqif", about: "ReqIF 1.0 to 1.2: .reqif files and .reqifz archives", doc: "reqif.md", detect: reqif.Detect,
			read:  func(_ context.Context, f fs.FS) (*exchange.Tree, error) { return reqif.Read(f, reqif.Options{}) },
			write: writeReqIF, ext: ".reqif"},
		{name: "strictdoc", about: "StrictDoc: .sdoc documents", doc: "strictdoc.md", inPlace: true, detect: strictdoc.Detect,
			read: func(_ context.Context, f fs.FS) (*exchange.Tree, error) {
				return strictdoc.Read(f, strictdoc.Options{})
			},
			write: writeStrictDoc},
		{name: "sphinx-needs", about: "needs.json of sphinx-needs", doc: "sphinx-needs.md", detect: needs.Detect,
			read:  func(_ context.Context, f fs.FS) (*exchange.Tree, error) { return needs.Read(f, needs.Options{}) },
			write: writeNeeds, ext: ".json"},
		{name: "itemrst", about: "reStructuredText with `.. item::` directives", doc: "item-rst.md", inPlace: true, detect: itemrst.Detect,
			read: func(_ context.Context, f fs.FS) (*exchange.Tree, error) { return itemrst.Read(f, itemrst.Options{}) }},
	}
}

func writeReqIF(t *exchange.Tree, o exportOptions) ([]exportedFile, []exchange.Loss, error) {
	options := reqif.WriteOptions{Title: o.title, Version: o.version, Now: o.now, Archive: o.archive}
	if o.skeleton != nil {
		data, lost, err := reqif.Update(o.skeleton, t, options)
		return []exportedFile{{Data: data}}, lost, err
	}
	data, lost, err := reqif.Write(t, options)
	return []exportedFile{{Data: data}}, lost, err
}

func writeStrictDoc(t *exchange.Tree, _ exportOptions) ([]exportedFile, []exchange.Loss, error) {
	files, lost, err := strictdoc.Write(t)
	out := make([]exportedFile, len(files))
	for i, f := range files {
		out[i] = exportedFile(f)
	}
	return out, lost, err
}

func writeNeeds(t *exchange.Tree, o exportOptions) ([]exportedFile, []exchange.Loss, error) {
	data, lost, err := needs.Write(t, needs.WriteOptions{})
	_ = o
	return []exportedFile{{Data: data}}, lost, err
}

func formatNamed(name string) (format, bool) {
	i := slices.IndexFunc(formats(), func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, false
	}
	return formats()[i], true
}

// formatNames lists the formats that can be read, or written.
func formatNames(can func(format) bool) string {
	var names []string
	for _, f := range formats() {
		if can(f) {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}

func readable(f format) bool { return f.read != nil }
func writable(f format) bool { return f.write != nil }

// detectFormat finds the one format that sources are in.
func detectFormat(files fs.FS) (format, error) {
	var found []format
	for _, f := range formats() {
		if f.read != nil && f.detect(files) {
			found = append(found, f)
		}
	}
	switch len(found) {
	case 0:
		return format{}, fault.Newf(fault.NotFound, "nothing here is in a format that can be imported; there are %s", formatNames(readable))
	case 1:
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = f.name
	}
	return format{}, fault.Newf(fault.Invalid, "the sources are in several formats: %s", strings.Join(names, ", ")).WithHint("name one: goldthread import " + names[0] + " …")
}
