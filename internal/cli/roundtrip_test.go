package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// textLines are lines of texts that formats have had trouble with.
var textLines = []string{"The pump shall stop.", "- one", "  - nested", "1. first", "# no item", "```\ncode <b>&amp;\n```", "| a | b |\n|---|---|\n| 1 | 2 |", "**bold** and *italic*", "a `code` b", "<b>no tag</b> & <!-- no comment -->",
	"", "> quoted", "[a link](https://example.org/a?b=c&d=e)", "a\\* backslash", "ünïcode 漢字 \U0001F489", "=1+1", "-2", "\"quoted\", and, commas", "a;b\tc", "]]> {{ x }} ${y}", "ends with a blank \\", "<<<", ">>>", "[[SECTION]]", "STATEMENT: x", "req~a~1",
	"---", "***", "A\u00a0B"}

var shortTexts = []string{"plain", "with, comma", "\"quote\"", "ünï 漢字", "a & b < c > d", "=SUM(A1)", "-1", "+x", "@y", "it's", "50 %", "a: b", "# hash", "x;y", "[REQ-1]", "back\\slash", "true", "007", "1e3", "2026-01-02"}

func drawLines(t *rapid.T, name string) string {
	var out []string
	for range rapid.IntRange(0, 5).Draw(t, name+" lines") {
		out = append(out, rapid.SampledFrom(textLines).Draw(t, name))
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// drawValue is a value that a field takes; every type of field has some.
func drawValue(t *rapid.T, f *schema.Field) string {
	var v string
	switch f.Type {
	case schema.TypeText:
		v = strings.TrimSpace(drawLines(t, f.Name))
	case schema.TypeEnum:
		v = rapid.SampledFrom(f.Values).Draw(t, f.Name).Value
	case schema.TypeInteger:
		v = fmt.Sprint(rapid.IntRange(-5, 1<<40).Draw(t, f.Name))
	case schema.TypeDecimal:
		v = rapid.SampledFrom([]string{"0.25", "-3", "12.50", "1000000"}).Draw(t, f.Name)
	case schema.TypeBoolean:
		v = rapid.SampledFrom([]string{"yes", "no"}).Draw(t, f.Name)
	case schema.TypeDate:
		v = "2026-03-02"
	case schema.TypeTime:
		v = "2026-03-02T14:05:00Z"
	case schema.TypeURL:
		v = "https://example.org/a?b=c&d=%20"
	case schema.TypeHash:
		v = "sha256:" + strings.Repeat("0a", 32)
	case schema.TypeReference:
		v = "SRS-1"
	case schema.TypeLine:
		v = rapid.SampledFrom(shortTexts).Draw(t, f.Name)
	}
	if v == "" || f.Check(v) != nil {
		return ""
	}
	return v
}

// drawProject is a project with items of every kind, in canonical form.
func drawProject(t *rapid.T) []*workspace.Document {
	sch := schema.Builtin()
	var kinds []*schema.Kind
	for _, k := range sch.Kinds() {
		if !k.Derived && k.ID != schema.KindDOC {
			kinds = append(kinds, k)
		}
	}
	var keys []record.Key
	var docs []*workspace.Document
	for n := range rapid.IntRange(1, 3).Draw(t, "documents") {
		d := &workspace.Document{Path: fmt.Sprintf("docs/d%d.md", n+1), Blocks: []workspace.Block{{Level: 1, Heading: rapid.SampledFrom([]string{"Title", "A <title> & more", "Übersicht"}).Draw(t, "title"), Prose: "Prose."}}}
		for i := range rapid.IntRange(1, 6).Draw(t, "blocks") {
			level := rapid.IntRange(2, 4).Draw(t, "level")
			if rapid.IntRange(0, 4).Draw(t, "section") == 0 {
				d.Blocks = append(d.Blocks, workspace.Block{Level: 2, Heading: rapid.SampledFrom([]string{"Scope", "Alarms & more", "1 Numbers"}).Draw(t, "heading"), Prose: rapid.SampledFrom([]string{"", "More prose."}).Draw(t, "prose")})
				continue
			}
			k := rapid.SampledFrom(kinds).Draw(t, "kind")
			it := &workspace.Item{Item: record.Item{Kind: k.ID, Key: record.Key(fmt.Sprintf("%s-%d", k.Prefix, 100*(n+1)+i)), Title: rapid.SampledFrom(append(shortTexts, "")).Draw(t, "title"), Text: drawLines(t, "text")}}
			for _, f := range k.Fields {
				if rapid.IntRange(0, 2).Draw(t, f.Name+" is set") > 0 {
					continue
				}
				field := record.Field{Name: f.Name, Many: f.Many}
				for range map[bool]int{true: rapid.IntRange(1, 3).Draw(t, "values"), false: 1}[f.Many] {
					if v := drawValue(t, f); v != "" && !slices.Contains(field.Values, v) {
						field.Values = append(field.Values, v)
					}
				}
				if len(field.Values) > 0 {
					it.Fields = append(it.Fields, field)
				}
			}
			it.SortFields()
			for _, r := range sch.Relations() {
				if len(keys) > 0 && len(sch.EndsFrom(r.Verb, k.ID)) > 0 && rapid.IntRange(0, 3).Draw(t, string(r.Verb)) == 0 {
					target := rapid.SampledFrom(keys).Draw(t, "target")
					if sch.Allowed(r.Verb, k.ID, sch.KindOfKey(target).ID) {
						it.Links = append(it.Links, workspace.Link{Verb: r.Verb, Target: record.Ref(target)})
					}
				}
			}
			keys = append(keys, it.Key)
			d.Blocks = append(d.Blocks, workspace.Block{Level: level, Item: it})
		}
		data, err := workspace.Write(d, sch)
		if err != nil {
			t.Fatal(err)
		}
		again, findings := workspace.Read(d.Path, data, sch)
		if finding.Count(findings, finding.Error) > 0 {
			t.Skip("no document of a workspace")
		}
		docs = append(docs, again)
	}
	if len(keys) == 0 {
		t.Skip("no item")
	}
	return docs
}

// saidByItem is what an item says, for comparing.
type saidByItem struct {
	Kind        record.Kind
	Title, Text string
	Fields      map[string]string
	Links       []string
}

func saidIn(docs []*workspace.Document, format string) map[record.Key]saidByItem {
	out := map[record.Key]saidByItem{}
	for _, d := range docs {
		for it := range d.Items() {
			s := saidByItem{it.Kind, it.Title, it.Text, map[string]string{}, nil}
			for _, f := range it.Fields {
				if !strings.HasPrefix(f.Name, format+"/") { // what the format says of its own
					s.Fields[f.Name] = strings.Join(f.Values, "\x1f")
				}
			}
			for _, l := range it.Links {
				s.Links = append(s.Links, string(l.Verb)+" "+string(l.Target))
			}
			slices.Sort(s.Links)
			out[it.Key] = s
		}
	}
	return out
}

// throughFormat writes a project in a format and reads it again.
func throughFormat(t *rapid.T, f format, docs []*workspace.Document) ([]*workspace.Document, []exchange.Loss) {
	tree := exchange.Project(docs, schema.Builtin(), exchange.ProjectOptions{Format: f.name})
	files, lost, err := f.write(tree, exportOptions{title: "Made", version: "test", now: time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	fsys := fstest.MapFS{}
	for _, file := range files {
		name := file.Path
		if f.ext != "" {
			name = "made" + f.ext
		}
		fsys[name] = &fstest.MapFile{Data: file.Data}
	}
	if !f.detect(fsys) {
		t.Fatalf("what was written is not detected: %v, %s", fsys, files[0].Data)
	}
	again, err := f.read(t.Context(), fsys)
	if err != nil {
		t.Fatalf("read: %v\n%s", err, files[0].Data)
	}
	c := exchange.Convert(again, schema.Builtin(), exchange.Options{TakeAll: true})
	if err := c.Ledger.Reconcile(); err != nil {
		t.Errorf("the import does not add up: %v", err)
	}
	return c.Documents, slices.Concat(tree.Lost, lost, c.Ledger.Lost)
}

// Every format that is read and written brings a project back as it was; what it cannot take is in the ledger of losses,
// and nothing else is different.
//
// goldthread:verifies SRS-73, SRS-75, SRS-76
func TestProjectsSurviveFormats(t *testing.T) {
	for _, f := range formats() {
		if f.write == nil {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				docs := drawProject(t)
				back, lost := throughFormat(t, f, docs)
				want, got := saidIn(docs, f.name), saidIn(back, f.name)
				for _, x := range lost {
					delete(want, record.Key(x.Item))
					delete(got, record.Key(x.Item))
				}
				maps.DeleteFunc(got, func(key record.Key, _ saidByItem) bool { // headings and prose, where a format has nothing but items
					_, there := want[key]
					return !there
				})
				if f.name == "doorstop" { // it has one sort of links
					withoutVerbs(want)
					withoutVerbs(got)
				}
				if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("(-project +back through %s, losses %v):\n%s", f.name, lost, d)
				}
			})
		})
	}
}

func withoutVerbs(items map[record.Key]saidByItem) {
	for key, it := range items {
		for i, l := range it.Links {
			it.Links[i] = l[strings.LastIndexByte(l, ' ')+1:]
		}
		slices.Sort(it.Links)
		it.Links = slices.Compact(it.Links)
		items[key] = it
	}
}
