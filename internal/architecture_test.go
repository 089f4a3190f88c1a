package internal

import "testing"

// This file is the import rules of docs/design.md, section 9, as data; imports_test.go and habits_test.go interpret it, and rules_test.go
// shows on made-up trees that they can fail. A new
// package gets a line here in the change that adds it. A rule is bent by an exception with its reason, never by loosening the
// rule; an exception or edge that nothing uses any more is reported, so that the list stays true.

// module is the path that go.mod declares.
const module = "github.com/goldthread/goldthread"

// architecture is what holds for this module.
var architecture = rules{
	// Imports point up this list, never down. Packages of one line do not know each other, except along an edge. A package
	// below a named one belongs to its line, unless it has one of its own.
	layers: []layer{
		{packages: []string{"fault", "parallel"}, pure: true},
		{packages: []string{"record"}, pure: true},
		{packages: []string{"finding"}, pure: true},
		{packages: []string{"schema"}, pure: true},
		{packages: []string{"ledger"}, pure: true},
		{packages: []string{"ledger/sqlite", "ledger/postgres", "ledger/ledgertest"}},
		{packages: []string{"blob"}},
		{packages: []string{"verify"}}, // imports nothing of ours; an import of a ledger verifies before it writes
		{packages: []string{"ledger/exportfile"}},
		{packages: []string{"project"}, pure: true},
		{packages: []string{"trace"}, pure: true},
		{packages: []string{
			"safety", "risk", "verification", "soup", "configuration", "problem", "change", "release", "model",
		}, pure: true},
		{packages: []string{"standard"}, pure: true},
		{packages: []string{"access", "signature"}, pure: true},
		{packages: []string{"service"}},
		{packages: []string{"account", "keyfile"}},
		{packages: []string{"workspace", "codetag", "wording"}},
		{packages: []string{"exchange"}},
		{packages: []string{"evidence", "sbom", "advisory"}},
		{packages: []string{"document"}, pure: true},
		{packages: []string{"render"}},
		{packages: []string{"archive"}},
		{packages: []string{"web", "api", "mcp", "cli"}},
	},

	// Who of one line may import whom: processes that need another process, edges that start another edge.
	edges: []edge{
		{from: "access", to: "signature", because: "a key that is enrolled must be one that can sign"},
	},

	// The stores are chosen where the program is put together, nowhere else.
	wiredBy: map[string][]string{
		"ledger/sqlite":   {"cmd/goldthread", "bench"},
		"ledger/postgres": {"cmd/goldthread", "bench"},
	},

	// A format lives one folder below these. It knows the words, the schema and the package it reads for, nothing else of ours.
	formatsOf:    []string{"exchange", "evidence", "sbom", "advisory"},
	formatsKnow:  []string{"fault", "parallel", "record", "finding", "schema", "evidence/report", "exchange/jsontree", "exchange/yamltree", "exchange/xmlscan", "exchange/xhtml", "exchange/table", "exchange/opc"},
	standsAlone:  []string{"verify"},
	aloneWith:    []string{"golang.org/x/mod"},
	aloneMaxLine: 1500,

	// What pure packages may take from other modules. All of these turn values into values.
	pureModules: []string{
		"github.com/yuin/goldmark",
		"go.yaml.in/yaml/v3",
		"golang.org/x/mod",
		"golang.org/x/sync",
	},

	// Modules that serve tests only and so do not become part of the program. Packages that hold contract suites for tests
	// end in "test".
	testModules: []string{
		"github.com/google/go-cmp",
		"github.com/gowebpki/jcs",
		"github.com/rogpeppe/go-internal",
		"github.com/transparency-dev/merkle",
		"pgregory.net/rapid",
	},

	// Folders that may hold commands (package main): there, and only there, the process is spoken to directly.
	programs: []string{"cmd", "bench", "tools", "examples"},

	exceptions: []exception{
		{from: "internal/fault", use: "net/http", because: "the table of kinds names status codes; constants only"},
		{from: "internal/fault", use: "log/slog", because: "the table of kinds names log levels; constants only"},
		{from: "cmd/goldthread", use: module + "/examples/infusion-pump", because: "demo shows the worked example, whose files are embedded beside it"},
		{from: "internal/schema/gen", use: "os", because: "a command that go generate runs, kept beside what it makes"},
		{from: "internal/schema/gen", use: "path/filepath", because: "a command that go generate runs, kept beside what it makes"},
		{from: "internal/schema/gen", use: "os.Stderr", because: "a command that go generate runs, kept beside what it makes"},
		{from: "internal/schema/gen", use: "os.Exit", because: "a command that go generate runs, kept beside what it makes"},
	},
}

// TestImportRules holds the source of this module against the architecture.
//
// goldthread:verifies-implementation-of SEG-1, SEG-2
// goldthread:verifies-effectiveness-of SEG-1, SEG-2
func TestImportRules(t *testing.T) {
	report(t, architecture.checkImports(moduleSource(t)))
}

// TestHabits holds the source of this module against what it promises about packages: names, comments, purity, no hidden start-up.
//
// goldthread:verifies-implementation-of SEG-2
// goldthread:verifies-effectiveness-of SEG-2
func TestHabits(t *testing.T) {
	report(t, architecture.checkHabits(moduleSource(t)))
}

// TestExceptionsAreUsed refuses exceptions and edges that nothing needs any more.
func TestExceptionsAreUsed(t *testing.T) {
	report(t, architecture.leftOver(moduleSource(t)))
}
