package trace_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// A project of a test is written as lines: an item is its key ("SRS-1"), with fields behind it ("RC-1 means=software"); a link is source,
// verb and target with bars between them ("SRS-1|refines|SYS-1"); "!SRS-1" retires an item. The kind is what stands before the last dash.
// Keys that begin with CODE or TEST are derived. Every operation is found at the line that wrote it.

func itemOf(line string) record.Item {
	words := strings.Split(line, " ")
	key := record.Key(words[0])
	it := record.Item{ID: record.ProvisionalID(key), Key: key, Kind: record.Kind(key.Prefix())}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		it.Fields = append(it.Fields, record.Field{Name: name, Values: []string{value}})
	}
	it.SortFields()
	return it
}

func operations(lines []string) []record.Operation {
	there := map[record.Key]bool{}
	for _, line := range lines {
		if !strings.ContainsAny(line, "|!") {
			there[itemOf(line).Key] = true
		}
	}
	var ops []record.Operation
	for _, line := range lines {
		parts := strings.Split(line, "|")
		switch {
		case strings.HasPrefix(line, "!"):
			ops = append(ops, record.Retire{ID: record.ProvisionalID(record.Key(line[1:]))})
		case len(parts) == 3:
			l := record.Link{Verb: record.Verb(parts[1]), Source: record.ProvisionalID(record.Key(parts[0]))}
			if there[record.Key(parts[2])] {
				l.Target = record.ProvisionalID(record.Key(parts[2]))
			} else {
				l.Ref = record.Ref(parts[2])
			}
			ops = append(ops, record.AddLink{Link: l})
		default:
			ops = append(ops, record.PutItem{Item: itemOf(line)})
		}
	}
	return ops
}

func threadOf(t rapid.TB, lines ...string) *trace.Thread {
	t.Helper()
	return threadWith(t, schema.Builtin(), lines...)
}

func threadWith(t rapid.TB, sch *schema.Schema, lines ...string) *trace.Thread {
	t.Helper()
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: operations(lines)})
	if err != nil {
		t.Fatal(err)
	}
	return trace.New(s, sch)
}

func extended(t rapid.TB, yaml string) *schema.Schema {
	t.Helper()
	sch, faults := schema.Builtin().Extend([]byte(yaml), "goldthread.yaml")
	for _, f := range faults {
		if f.Severity == schema.SeverityError {
			t.Fatal(f)
		}
	}
	return sch
}

func handle(t rapid.TB, th *trace.Thread, key record.Key) project.Handle {
	t.Helper()
	h, ok := th.Snapshot.ByKey(key)
	if !ok {
		t.Fatalf("there is no %s", key)
	}
	return h
}

func key(th *trace.Thread, h project.Handle) string { return string(th.Snapshot.Node(h).Item.Key) }

func keysOf(th *trace.Thread, handles []project.Handle) []string {
	var keys []string
	for _, h := range handles {
		keys = append(keys, key(th, h))
	}
	return keys
}

// path writes steps as people read them: SYS-1 refined by SRS-1.
func path(th *trace.Thread, steps []trace.Step) string {
	var b strings.Builder
	for i, s := range steps {
		if i == 0 {
			b.WriteString(key(th, s.From))
		}
		fmt.Fprintf(&b, " %s %s", th.Reading(s), key(th, s.To))
	}
	return b.String()
}

// atLine finds operations at the lines of a fixture.
func atLine(p project.Position) (string, int, int) { return "fixture", int(p.Operation) + 1, 1 }

// found are the findings of some rules, each as one line.
func found(th *trace.Thread, rules ...string) []string {
	var out []string
	for _, f := range th.Check(atLine, nil) {
		if slices.Contains(rules, f.Rule) {
			out = append(out, fmt.Sprintf("%d %s %s %s: %s", f.Line, f.Severity, f.Rule, f.Item, f.Message))
		}
	}
	return out
}

// complete checks what every finding must have.
func complete(t *testing.T, list []finding.Finding) {
	t.Helper()
	for _, f := range list {
		if f.Rule == "" || f.Message == "" || f.Remedy == "" || f.Item == "" || f.File == "" || f.Line == 0 || !slices.Contains(finding.Severities(), f.Severity) {
			t.Errorf("a finding lacks something: %+v", f)
		}
	}
}

func threadOfOperations(t rapid.TB, ops []record.Operation) *trace.Thread {
	t.Helper()
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: ops})
	if err != nil {
		t.Fatal(err)
	}
	return trace.New(s, schema.Builtin())
}
