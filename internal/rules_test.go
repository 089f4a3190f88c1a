package internal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWrongImportsAreFound holds made-up trees against the real architecture: each holds one wrong import, or a right one beside it.
func TestWrongImportsAreFound(t *testing.T) {
	cases := []struct {
		name string
		tree string
		want []string
	}{
		{
			name: "an import up the list is right",
			tree: `
-- internal/trace/a.go --
package trace
import _ "github.com/goldthread/goldthread/internal/project"
-- internal/project/a.go --
package project
`,
		},
		{
			name: "an import down the list is refused with its place",
			tree: `
-- internal/record/a.go --
package record

import "github.com/goldthread/goldthread/internal/project"
`,
			want: []string{"internal/record/a.go:3: record imports project: imports point up the list of layers, and project stands below"},
		},
		{
			name: "a test may import down the list",
			tree: `
-- internal/record/a_test.go --
package record
import _ "github.com/goldthread/goldthread/internal/project"
`,
		},
		{
			name: "a package below a listed one belongs to its line",
			tree: `
-- internal/standard/rules/a.go --
package rules
import _ "github.com/goldthread/goldthread/internal/standard"
import _ "github.com/goldthread/goldthread/internal/web"
`,
			want: []string{"internal/standard/rules/a.go:3: standard/rules imports web: imports point up the list of layers, and web stands below"},
		},
		{
			name: "processes do not know each other without an edge",
			tree: `
-- internal/release/a.go --
package release
import _ "github.com/goldthread/goldthread/internal/problem"
`,
			want: []string{"internal/release/a.go:2: release imports problem: packages of one layer do not know each other; list an edge, with its reason, or move what both need up"},
		},
		{
			name: "a pure package imports no impure one, even above it",
			tree: `
-- internal/project/a.go --
package project
import _ "github.com/goldthread/goldthread/internal/blob"
`,
			want: []string{"internal/project/a.go:2: project imports blob: a pure package imports only pure ones; take what it needs as an argument"},
		},
		{
			name: "a pure package touches no files, network or randomness, but io/fs and net/url are only values",
			tree: `
-- internal/trace/a.go --
package trace
import (
	_ "io/fs"
	_ "math/rand/v2"
	_ "net/http"
	_ "net/url"
	_ "os"
)
`,
			want: []string{
				"internal/trace/a.go:4: trace imports math/rand/v2: a pure package touches no files, network, database, log, clock or randomness; take it as an argument",
				"internal/trace/a.go:5: trace imports net/http: a pure package touches no files, network, database, log, clock or randomness; take it as an argument",
				"internal/trace/a.go:7: trace imports os: a pure package touches no files, network, database, log, clock or randomness; take it as an argument",
			},
		},
		{
			name: "a pure package takes from other modules only what the list names",
			tree: `
-- internal/ledger/a.go --
package ledger
import _ "golang.org/x/mod/sumdb/tlog"
import _ "golang.org/x/term"
`,
			want: []string{"internal/ledger/a.go:3: ledger imports golang.org/x/term: a pure package takes from other modules only what pureModules lists"},
		},
		{
			name: "pages never see a store, the command wires it",
			tree: `
-- cmd/goldthread/main.go --
package main
import _ "github.com/goldthread/goldthread/internal/ledger/sqlite"
-- internal/web/a.go --
package web
import _ "github.com/goldthread/goldthread/internal/ledger/sqlite"
`,
			want: []string{"internal/web/a.go:2: internal/web imports ledger/sqlite: a store is wired by cmd/goldthread, bench only; take the interface of package ledger as an argument"},
		},
		{
			name: "a format knows the words, the schema and its own parent only",
			tree: `
-- internal/exchange/doorstop/a.go --
package doorstop
import (
	_ "github.com/goldthread/goldthread/internal/exchange"
	_ "github.com/goldthread/goldthread/internal/exchange/csv"
	_ "github.com/goldthread/goldthread/internal/record"
	_ "github.com/goldthread/goldthread/internal/workspace"
)
`,
			want: []string{
				"internal/exchange/doorstop/a.go:4: exchange/doorstop imports exchange/csv: a format knows only fault, parallel, record, finding, schema, evidence/report, exchange/jsontree, exchange/yamltree, exchange/xmlscan, exchange/xhtml, exchange/table, exchange/opc, exchange",
				"internal/exchange/doorstop/a.go:6: exchange/doorstop imports workspace: a format knows only fault, parallel, record, finding, schema, evidence/report, exchange/jsontree, exchange/yamltree, exchange/xmlscan, exchange/xhtml, exchange/table, exchange/opc, exchange",
			},
		},
		{
			name: "what serves tests stays out of the program, and in the contract suites",
			tree: `
-- internal/ledger/ledgertest/a.go --
package ledgertest
import _ "pgregory.net/rapid"
-- internal/workspace/a.go --
package workspace
import _ "pgregory.net/rapid"
`,
			want: []string{"internal/workspace/a.go:2: internal/workspace imports pgregory.net/rapid: it serves tests only"},
		},
		{
			name: "the verifier stands alone",
			tree: `
-- internal/verify/a.go --
package verify
import (
	_ "crypto/sha256"
	_ "github.com/goldthread/goldthread/internal/record"
	_ "go.yaml.in/yaml/v3"
	_ "golang.org/x/mod/sumdb/note"
)
`,
			want: []string{
				"internal/verify/a.go:4: verify imports record: it stands alone, so that a stranger can read all of it",
				"internal/verify/a.go:5: verify imports go.yaml.in/yaml/v3: it stands alone, on the standard library and golang.org/x/mod",
			},
		},
		{
			name: "an example is a program of its own, with packages of its own",
			tree: `
-- examples/pump/cmd/a.go --
package main
import _ "github.com/goldthread/goldthread/examples/pump/dose"
import _ "github.com/goldthread/goldthread/examples/monitor/dose"
import _ "github.com/goldthread/goldthread/internal/record"
`,
			want: []string{
				"examples/pump/cmd/a.go:3: examples/pump/cmd imports github.com/goldthread/goldthread/examples/monitor/dose: a program's own packages are for that program; what several need lives in internal/",
				"examples/pump/cmd/a.go:4: examples/pump/cmd imports record: an example is a program of its own",
			},
		},
		{
			name: "a package that no line names is refused",
			tree: `
-- internal/sundry/a.go --
package sundry
`,
			want: []string{"internal/sundry: give it a layer in internal/architecture_test.go"},
		},
		{
			name: "folders of tests, tools and other modules are not ours to judge",
			tree: `
-- internal/record/testdata/a.go --
package sundry
-- examples/other/go.mod --
module other
-- examples/other/a.go --
package other
import _ "github.com/goldthread/goldthread/internal/record"
`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, architecture.checkImports(madeUpSource(t, c.tree))); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBadHabitsAreFound holds made-up packages, each with one bad habit, against the real architecture.
func TestBadHabitsAreFound(t *testing.T) {
	cases := []struct {
		name string
		tree string
		want []string
	}{
		{
			name: "a package without bad habits",
			tree: `
-- internal/trace/a.go --
// Package trace follows links.
package trace

import "time"

func later(now time.Time) time.Time { return now.Add(time.Hour) }
`,
		},
		{
			name: "the clock of the machine in a pure package, by another name too, but not a variable called time",
			tree: `
-- internal/trace/a.go --
// Package trace follows links.
package trace

import clock "time"

func now() clock.Time { return clock.Now() }

func shadow(clock interface{ Now() int }) int { return clock.Now() }
`,
			want: []string{"internal/trace/a.go:6: time.Now in a pure package: take the time as an argument"},
		},
		{
			name: "the clock of the machine at the edge is right",
			tree: `
-- internal/cli/a.go --
// Package cli holds the commands.
package cli

import "time"

func now() time.Time { return time.Now() }
`,
		},
		{
			name: "the process is spoken to in commands only",
			tree: `
-- cmd/goldthread/main.go --
// Command goldthread is the program.
package main

import "os"

func main() { os.Exit(len(os.Args)) }
-- internal/cli/a.go --
// Package cli holds the commands.
package cli

import (
	"fmt"
	"os"
)

func run() {
	fmt.Println("done")
	os.Exit(1)
}
`,
			want: []string{
				"internal/cli/a.go:10: fmt.Println outside a command of cmd, bench, tools, examples: take it as an argument",
				"internal/cli/a.go:11: os.Exit outside a command of cmd, bench, tools, examples: take it as an argument",
			},
		},
		{
			name: "nothing runs or registers itself by import",
			tree: `
-- internal/web/a.go --
// Package web holds the pages.
package web

import (
	_ "embed"
	_ "image/png"
	. "strings"
)

func init() { ToUpper("") }

type page struct{}

func (page) init() {}
-- internal/web/b.go --
// Code generated by a tool. DO NOT EDIT.

package web

func init() {}
`,
			want: []string{
				"internal/web/a.go:10: func init: build it where it is used, in a constructor or a listed value",
				"internal/web/a.go:6: blank import of image/png: list what is registered where it is used",
				"internal/web/a.go:7: import of strings by dot: a reader cannot tell whose names they are",
			},
		},
		{
			name: "a name that says nothing",
			tree: `
-- internal/web/util/a.go --
// Package util is a drawer.
package util
`,
			want: []string{`internal/web/util: "util" says nothing; name the package after what it holds`},
		},
		{
			name: "a package without a comment, a command with the wrong one",
			tree: `
-- internal/web/a.go --
package web
-- cmd/goldthread/main.go --
// Package main is the program.
package main
-- internal/cli/a_test.go --
package cli
`,
			want: []string{
				"cmd/goldthread: no package comment (// Package … or // Command …): what it is, what it refuses, which clause it serves",
				"internal/web: no package comment (// Package … or // Command …): what it is, what it refuses, which clause it serves",
			},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, architecture.checkHabits(madeUpSource(t, c.tree))); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEdgesAndExceptions shows that an edge and an exception open what the rules refuse, and that an unused one is reported.
func TestEdgesAndExceptions(t *testing.T) {
	bent := architecture
	bent.edges = []edge{
		{from: "release", to: "problem", because: "the gate asks for open problems"},
		{from: "risk", to: "safety", because: "unused"},
	}
	bent.exceptions = []exception{
		{from: "internal/trace", use: "time.Now", because: "a test of exceptions"},
		{from: "internal/trace", use: "os", because: ""},
		{from: "internal/risk", use: "time.Now", because: "unused"},
	}
	files := madeUpSource(t, `
-- internal/release/a.go --
// Package release holds the gate.
package release

import "github.com/goldthread/goldthread/internal/problem"

var _ = problem.Open
-- internal/trace/a.go --
// Package trace follows links.
package trace

import (
	"os"
	"time"
)

var opened, at = os.Open, time.Now()
`)
	if diff := cmp.Diff([]string(nil), append(bent.checkImports(files), bent.checkHabits(files)...)); diff != "" {
		t.Errorf("an edge or exception does not open (-want +got):\n%s", diff)
	}
	want := []string{
		"the edge risk → safety is used no more: remove it",
		"the exception of internal/trace for os has no reason",
		"the exception of internal/risk for time.Now is used no more: remove it",
	}
	if diff := cmp.Diff(want, bent.leftOver(files)); diff != "" {
		t.Errorf("left over (-want +got):\n%s", diff)
	}
}

// TestVerifierStaysShort counts lines without tests.
func TestVerifierStaysShort(t *testing.T) {
	short := architecture
	short.aloneMaxLine = 3
	files := madeUpSource(t, "-- internal/verify/a.go --\npackage verify\n\n\n\n-- internal/verify/a_test.go --\npackage verify\n")
	want := []string{"internal/verify: 4 lines, and it promises at most 3"}
	if diff := cmp.Diff(want, short.checkImports(files)); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}
