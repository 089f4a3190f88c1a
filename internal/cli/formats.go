package cli

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/csv"
	"github.com/goldthread/goldthread/internal/exchange/docx"
	"github.com/goldthread/goldthread/internal/exchange/doorstop"
	"github.com/goldthread/goldthread/internal/exchange/itemrst"
	"github.com/goldthread/goldthread/internal/exchange/lobster"
	"github.com/goldthread/goldthread/internal/exchange/needs"
	"github.com/goldthread/goldthread/internal/exchange/openfasttrace"
	"github.com/goldthread/goldthread/internal/exchange/rdm"
	"github.com/goldthread/goldthread/internal/exchange/reqif"
	"github.com/goldthread/goldthread/internal/exchange/reqstool"
	"github.com/goldthread/goldthread/internal/exchange/rmtoo"
	"github.com/goldthread/goldthread/internal/exchange/roboclerk"
	"github.com/goldthread/goldthread/internal/exchange/souptoml"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
	"github.com/goldthread/goldthread/internal/exchange/trlc"
	"github.com/goldthread/goldthread/internal/exchange/xlsx"
	"github.com/goldthread/goldthread/internal/fault"
)

// format is a format of another tool. docs/adding-a-format.md says how one is added.
type format struct {
	name, about string
	doc         string // its page below docs/
	inPlace     bool   // a folder of it can be checked as it lies
	detect      func(fs.FS) bool
	read        func(context.Context, fs.FS) (*exchange.Tree, error)
	write       func(*exchange.Tree, exportOptions) ([]exchange.WrittenFile, []exchange.Loss, error) // nil where it can only be read
	// What has no home here comes back out of the source of an import: into the tree that is written (restores), or the writer
	// takes it out of the source itself (updates).
	restores, updates bool
	ext               string // of the one file that is written; empty where it is a folder
}

// formats lists all formats.
func formats() []format {
	return []format{
		{name: "csv", about: "tables of comma-separated values, tabs or semicolons", doc: "csv.md", detect: csv.Detect, read: reading(csv.Read, csv.Options{}),
			write: one(func(t *exchange.Tree, _ exportOptions) ([]byte, []exchange.Loss, error) {
				return csv.Write(t, csv.WriteOptions{})
			}), ext: ".csv"},
		{name: "docx", about: "requirement documents of Word", doc: "word.md", detect: docx.Detect, read: reading(docx.Read, docx.Options{})},
		{name: "doorstop", about: "trees of Doorstop: .doorstop.yml and one file an item", doc: "doorstop.md", inPlace: true, detect: doorstop.Detect,
			read: reading(doorstop.Read, doorstop.Options{}), write: many(doorstop.Write), restores: true},
		{name: "itemrst", about: "reStructuredText with `.. item::` directives", doc: "item-rst.md", inPlace: true, detect: itemrst.Detect, read: reading(itemrst.Read, itemrst.Options{})},
		{name: "lobster", about: "interchange files and reports of LOBSTER", doc: "lobster.md", detect: lobster.Detect, read: reading(lobster.Read, lobster.Options{})},
		{name: "openfasttrace", about: "OpenFastTrace: Markdown, tags in code, and specobject XML of ReqM2", doc: "openfasttrace.md", detect: openfasttrace.Detect,
			read: reading(openfasttrace.Read, openfasttrace.Options{}), write: many(openfasttrace.Write), restores: true},
		{name: "rdm", about: "the data folder of RDM: requirements, risks, SOUP and tests in YAML", doc: "rdm.md", detect: rdm.Detect, read: reading(rdm.Read, rdm.Options{})},
		{name: "reqif", about: "ReqIF 1.0 to 1.2: .reqif files and .reqifz archives", doc: "reqif.md", detect: reqif.Detect, read: reading(reqif.Read, reqif.Options{}),
			write: one(writeReqIF), updates: true, ext: ".reqif"},
		{name: "reqstool", about: "requirements, verification cases and annotations of reqstool", doc: "reqstool.md", detect: reqstool.Detect, read: reading(reqstool.Read, reqstool.Options{})},
		{name: "rmtoo", about: "requirements of rmtoo: .req files", doc: "rmtoo.md", detect: rmtoo.Detect, read: reading(rmtoo.Read, rmtoo.Options{})},
		{name: "roboclerk", about: "checkpoints of RoboClerk", doc: "roboclerk.md", detect: roboclerk.Detect, read: reading(roboclerk.Read, roboclerk.Options{})},
		{name: "soup-toml", about: "registers of SOUP in TOML", doc: "soup-toml.md", detect: souptoml.Detect, read: reading(souptoml.Read, souptoml.Options{})},
		{name: "sphinx-needs", about: "needs.json of sphinx-needs", doc: "sphinx-needs.md", detect: needs.Detect, read: reading(needs.Read, needs.Options{}),
			write: one(func(t *exchange.Tree, o exportOptions) ([]byte, []exchange.Loss, error) {
				options := needs.WriteOptions{Project: o.title, Created: o.now.Format(time.RFC3339)}
				if o.restored { // its source names it
					options.Project = ""
				}
				return needs.Write(t, options)
			}), restores: true, ext: ".json"},
		{name: "strictdoc", about: "StrictDoc: .sdoc documents", doc: "strictdoc.md", inPlace: true, detect: strictdoc.Detect, read: reading(strictdoc.Read, strictdoc.Options{}),
			write: many(strictdoc.Write), restores: true},
		{name: "trlc", about: "TRLC: .rsl models and .trlc objects", doc: "trlc.md", detect: trlc.Detect, read: reading(trlc.Read, trlc.Options{})},
		{name: "xlsx", about: "tables of Excel: one sheet or several", doc: "xlsx.md", detect: xlsx.Detect, read: reading(xlsx.Read, xlsx.Options{}),
			write: one(func(t *exchange.Tree, o exportOptions) ([]byte, []exchange.Loss, error) {
				return xlsx.Write(t, xlsx.WriteOptions{})
			}), ext: ".xlsx"},
	}
}

// reading is a reader with its options.
func reading[O any](read func(fs.FS, O) (*exchange.Tree, error), options O) func(context.Context, fs.FS) (*exchange.Tree, error) {
	return func(_ context.Context, files fs.FS) (*exchange.Tree, error) { return read(files, options) }
}

// one is the writer of a format of one file.
func one(write func(*exchange.Tree, exportOptions) ([]byte, []exchange.Loss, error)) func(*exchange.Tree, exportOptions) ([]exchange.WrittenFile, []exchange.Loss, error) {
	return func(t *exchange.Tree, o exportOptions) ([]exchange.WrittenFile, []exchange.Loss, error) {
		data, lost, err := write(t, o)
		return []exchange.WrittenFile{{Data: data}}, lost, err
	}
}

// many is the writer of a format of many files.
func many(write func(*exchange.Tree) ([]exchange.WrittenFile, []exchange.Loss, error)) func(*exchange.Tree, exportOptions) ([]exchange.WrittenFile, []exchange.Loss, error) {
	return func(t *exchange.Tree, _ exportOptions) ([]exchange.WrittenFile, []exchange.Loss, error) {
		return write(t)
	}
}

// writeReqIF writes the source of an import again, with what has changed, else a file of our own.
func writeReqIF(t *exchange.Tree, o exportOptions) ([]byte, []exchange.Loss, error) {
	options := reqif.WriteOptions{Title: o.title, Version: o.version, Now: o.now, Archive: o.archive}
	if o.skeleton != nil {
		return reqif.Update(o.skeleton, t, options)
	}
	return reqif.Write(t, options)
}

func formatNamed(name string) (format, bool) {
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, false
	}
	return all[i], true
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

// formatTable lists the formats with what they are and where they are described.
func formatTable(can func(format) bool) string {
	var b strings.Builder
	for _, f := range formats() {
		if can(f) {
			fmt.Fprintf(&b, "  %-14s %s (docs/%s)\n", f.name, f.about, f.doc)
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func readable(format) bool   { return true }
func writable(f format) bool { return f.write != nil }

// detectFormat finds the one format that sources are in.
func detectFormat(files fs.FS) (format, error) {
	var found []format
	for _, f := range formats() {
		if f.detect(files) {
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
