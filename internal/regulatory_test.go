package internal

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"

	"github.com/goldthread/goldthread/internal/codetag"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// This file holds what `goldthread check regulatory` cannot know: that the records of this program in regulatory/ are those of this
// very source [62304 5.3.1] [62304 8.1.2].

// Titles of the two records of the Go toolchain, whose version is that of the line `go` in go.mod.
const (
	goLibrary   = "Go standard library and runtime"
	goToolchain = "Go toolchain"
)

// ownItems reads the items of regulatory/.
func ownItems(t *testing.T) []*workspace.Item {
	t.Helper()
	folder, err := os.OpenRoot(filepath.Join(root(t), "regulatory"))
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	text, err := workspace.Load(context.Background(), folder, workspace.LoadOptions{DirName: "regulatory"})
	if err != nil {
		t.Fatal(err)
	}
	var items []*workspace.Item
	for _, doc := range text.Documents {
		items = slices.AppendSeq(items, doc.Items())
	}
	return items
}

// A component is something made by others: a SOUP item, or a tool when it is no part of the program.
type component struct {
	kind    record.Kind
	version string
}

// components lists by title what the records must name: the direct dependencies and Go itself; and apart from them what those
// bring along, which may be named.
func components(fsys fs.FS, r rules) (direct, brought map[string]component, err error) {
	versions, err := directDependencies(fsys)
	if err != nil {
		return nil, nil, err
	}
	text, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, nil, err
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, nil, err
	}
	direct = map[string]component{goLibrary: {schema.KindSOUP, mod.Go.Version}, goToolchain: {schema.KindTOOL, mod.Go.Version}}
	brought = map[string]component{}
	modules := map[string]bool{}
	for _, require := range mod.Require {
		modules[require.Mod.Path] = true
		brought[require.Mod.Path] = component{schema.KindSOUP, require.Mod.Version}
	}
	for name, version := range versions {
		tool := slices.ContainsFunc(mod.Tool, func(tool *modfile.Tool) bool { return within(tool.Path, name) })
		kind := record.Kind(schema.KindSOUP)
		if tool || !modules[name] || slices.Contains(r.testModules, name) {
			kind = schema.KindTOOL
		}
		direct[name] = component{kind, version}
	}
	return direct, brought, nil
}

// checkComponents returns a finding for every dependency without a true SOUP item or tool, and for every one that is left over.
func checkComponents(items []*workspace.Item, direct, brought map[string]component) []string {
	var findings []string
	named := map[string]bool{}
	for _, it := range items {
		if it.Kind != schema.KindSOUP && it.Kind != schema.KindTOOL {
			continue
		}
		want, known := direct[it.Title]
		if !known && it.Kind == schema.KindSOUP && it.Value("direct") == "no" {
			want, known = brought[it.Title]
		}
		got := component{it.Kind, it.Value("version")}
		switch {
		case !known:
			findings = append(findings, fmt.Sprintf("%s %s is used no more, or is not direct: remove it", it.Key, it.Title))
		case named[it.Title]:
			findings = append(findings, fmt.Sprintf("%s names %s a second time", it.Key, it.Title))
		case got != want:
			findings = append(findings, fmt.Sprintf("%s says that %s is a %s of version %s, it is a %s of version %s: review its changes and known anomalies first",
				it.Key, it.Title, got.kind, got.version, want.kind, want.version))
		}
		if purl := it.Value("purl"); purl != "" && purl != "pkg:golang/"+it.Title+"@"+it.Value("version") {
			findings = append(findings, fmt.Sprintf("%s has the package address %s of something else", it.Key, purl))
		}
		named[it.Title] = true
	}
	for _, name := range slices.Sorted(maps.Keys(direct)) {
		if !named[name] {
			findings = append(findings, fmt.Sprintf("no %s has the title %s: add it, with version %s", direct[name].kind, name, direct[name].version))
		}
	}
	return findings
}

// units maps the folders of packages, and the modules of SOUP items, to the keys of their records.
func units(items []*workspace.Item) (folders, modules map[string]record.Key) {
	folders, modules = map[string]record.Key{}, map[string]record.Key{}
	for _, it := range items {
		switch it.Kind {
		case schema.KindSWU:
			folders[strings.TrimPrefix(it.Value("path"), "../")] = it.Key
		case schema.KindSOUP:
			modules[it.Title] = it.Key
		}
	}
	return folders, modules
}

// recorded tells which files belong to a unit: those of the program and of what generates it, not suites of tests.
func recorded(f goFile) bool {
	for imported := range f.imports {
		if imported == "testing" {
			return false
		}
	}
	return !f.test && path.Base(f.dir) != path.Base(path.Dir(f.dir))+"test" && (strings.HasPrefix(f.dir, "internal/") || strings.HasPrefix(f.dir, "cmd/"))
}

// checkUnits returns a finding for every package without a unit, every unit without a package, and every import that the links
// "uses" of the unit do not name, or name in vain.
func checkUnits(items []*workspace.Item, files []goFile) []string {
	folders, modules := units(items)
	needs := map[string]map[record.Key]string{} // by folder
	var findings []string
	for _, f := range files {
		if !recorded(f) {
			continue
		}
		if needs[f.dir] == nil {
			needs[f.dir] = map[record.Key]string{}
			if folders[f.dir] == "" {
				findings = append(findings, f.dir+" is the path of no software unit: add it to the architecture")
			}
		}
		for imported := range f.imports {
			if key := importedRecord(imported, folders, modules); key != "" {
				needs[f.dir][key] = imported
			}
		}
	}
	for _, it := range items {
		if it.Kind == schema.KindSWU {
			findings = append(findings, checkUses(it, needs[strings.TrimPrefix(it.Value("path"), "../")])...)
		}
	}
	return findings
}

func importedRecord(imported string, folders, modules map[string]record.Key) record.Key {
	if below, ours := strings.CutPrefix(imported, module+"/"); ours {
		return folders[below]
	}
	for name, key := range modules {
		if within(imported, name) {
			return key
		}
	}
	return ""
}

func checkUses(unit *workspace.Item, needs map[record.Key]string) []string {
	if needs == nil {
		return []string{fmt.Sprintf("%s has the path %s, which holds no package", unit.Key, unit.Value("path"))}
	}
	var findings []string
	uses := map[record.Key]bool{}
	for _, l := range unit.Links {
		kind := record.Key(l.Target).Prefix()
		if l.Verb != schema.VerbUses || kind != string(schema.KindSWU) && kind != string(schema.KindSOUP) {
			continue
		}
		uses[record.Key(l.Target)] = true
		if needs[record.Key(l.Target)] == "" {
			findings = append(findings, fmt.Sprintf("%s uses %s, says the architecture, and %s does not import it", unit.Key, l.Target, unit.Value("path")))
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(needs), record.CompareKeys) {
		if !uses[key] {
			findings = append(findings, fmt.Sprintf("%s imports %s, and %s does not say that it uses %s", unit.Value("path"), needs[key], unit.Key, key))
		}
	}
	return findings
}

// checkTagged returns a finding for every software requirement that no code says to implement.
func checkTagged(items []*workspace.Item, tags []codetag.Tag) []string {
	implemented := map[string]bool{}
	for _, tag := range tags {
		if tag.Verb == "implements" && tag.Test == "" && !strings.HasSuffix(tag.File, "_test.go") {
			implemented[tag.Key] = true
		}
	}
	var findings []string
	for _, it := range items {
		if it.Kind == schema.KindSRS && !implemented[string(it.Key)] {
			findings = append(findings, fmt.Sprintf("no code says that it implements %s, %s", it.Key, it.Title))
		}
	}
	return findings
}

// TestOwnComponents holds SOUP items and tools of regulatory/ against go.mod.
func TestOwnComponents(t *testing.T) {
	direct, brought, err := components(os.DirFS(root(t)), architecture)
	if err != nil {
		t.Fatal(err)
	}
	report(t, checkComponents(ownItems(t), direct, brought))
}

// TestOwnUnits holds the software units of regulatory/ against the packages and their imports.
func TestOwnUnits(t *testing.T) {
	report(t, checkUnits(ownItems(t), moduleSource(t)))
}

// TestOwnRequirementsAreImplemented looks for a tag of each software requirement of regulatory/ in the code.
func TestOwnRequirementsAreImplemented(t *testing.T) {
	skip := func(rel string, dir bool) bool {
		first, _, _ := strings.Cut(rel, "/")
		return !slices.Contains([]string{"cmd", "internal"}, first) || path.Base(rel) == "testdata"
	}
	found, err := codetag.ScanDir(context.Background(), root(t), codetag.Options{Skip: skip})
	if err != nil {
		t.Fatal(err)
	}
	report(t, checkTagged(ownItems(t), found.Tags))
}

// madeUpItems reads the items of a made-up document.
func madeUpItems(t *testing.T, text string) []*workspace.Item {
	t.Helper()
	doc, findings := workspace.Read("made-up.md", []byte(text), schema.Builtin())
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return slices.Collect(doc.Items())
}

// TestUntrueComponentsAreFound shows that the check can fail, in every way it knows.
func TestUntrueComponentsAreFound(t *testing.T) {
	tree := madeUpTree(`
-- go.mod --
module example.org/pump

go 1.26.0

require (
	example.org/clock v1.0.0
	example.org/dose v1.2.0
	example.org/compare v0.1.0
	example.org/alarm v1.0.0
	example.org/deep v0.1.0 // indirect
)
`)
	items := madeUpItems(t, `
# SOUP-1 Go standard library and runtime

- version: 1.26.0

# SOUP-2 example.org/clock

- version: v1.0.0
- purl: pkg:golang/example.org/clock@v0.9.0

# SOUP-3 example.org/clock

- version: v1.0.0

# SOUP-4 example.org/dose

- version: v1.1.0

# SOUP-5 example.org/compare

- version: v0.1.0

# SOUP-6 example.org/deep

- version: v0.1.0
- direct: no

# SOUP-7 example.org/gone

- version: v1.0.0

# TOOL-1 Go toolchain

- version: 1.25.0
`)
	direct, brought, err := components(tree, rules{testModules: []string{"example.org/compare"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"SOUP-2 has the package address pkg:golang/example.org/clock@v0.9.0 of something else",
		"SOUP-3 names example.org/clock a second time",
		"SOUP-4 says that example.org/dose is a SOUP of version v1.1.0, it is a SOUP of version v1.2.0: review its changes and known anomalies first",
		"SOUP-5 says that example.org/compare is a SOUP of version v0.1.0, it is a TOOL of version v0.1.0: review its changes and known anomalies first",
		"SOUP-7 example.org/gone is used no more, or is not direct: remove it",
		"TOOL-1 says that Go toolchain is a TOOL of version 1.25.0, it is a TOOL of version 1.26.0: review its changes and known anomalies first",
		"no SOUP has the title example.org/alarm: add it, with version v1.0.0",
	}
	if diff := gocmp.Diff(want, checkComponents(items, direct, brought)); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

// TestUntrueUnitsAreFound shows that the check of units can fail, in every way it knows.
func TestUntrueUnitsAreFound(t *testing.T) {
	items := madeUpItems(t, `
# SWU-1 trace

- uses: SWU-2, SWU-3, SOUP-1
- path: ../internal/trace

# SWU-2 project

- path: ../internal/project

# SWU-3 gone

- path: ../internal/gone

# SOUP-1 example.org/clock

- version: v1.0.0

# SOUP-2 example.org/dose

- version: v1.0.0
`)
	files := madeUpSource(t, `
-- internal/trace/a.go --
package trace

import (
	_ "example.org/dose/limits"
	_ "fmt"
	_ "github.com/goldthread/goldthread/internal/project"
)
-- internal/trace/a_test.go --
package trace

import _ "github.com/goldthread/goldthread/internal/web"
-- internal/project/a.go --
package project
-- internal/project/projecttest/a.go --
package projecttest

import _ "testing"
-- internal/web/a.go --
package web
`)
	want := []string{
		"../internal/trace imports example.org/dose/limits, and SWU-1 does not say that it uses SOUP-2",
		"SWU-1 uses SOUP-1, says the architecture, and ../internal/trace does not import it",
		"SWU-1 uses SWU-3, says the architecture, and ../internal/trace does not import it",
		"SWU-3 has the path ../internal/gone, which holds no package",
		"internal/web is the path of no software unit: add it to the architecture",
	}
	got := checkUnits(items, files)
	slices.SortFunc(got, cmp.Compare[string])
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

// TestUntaggedRequirementsAreFound shows that a tag in a test, and one that verifies, are no implementation.
func TestUntaggedRequirementsAreFound(t *testing.T) {
	items := madeUpItems(t, "# SRS-1 One\n\n# SRS-2 Two\n\n# SRS-3 Three\n")
	tags := []codetag.Tag{
		{File: "internal/a.go", Verb: "implements", Key: "SRS-1"},
		{File: "internal/a.go", Verb: "verifies", Key: "SRS-2"},
		{File: "internal/a_test.go", Verb: "implements", Key: "SRS-3"},
	}
	want := []string{"no code says that it implements SRS-2, Two", "no code says that it implements SRS-3, Three"}
	if diff := gocmp.Diff(want, checkTagged(items, tags)); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}
