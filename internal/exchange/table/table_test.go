package table_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// rows are rows of a text: | divides cells, empty lines are rows without cells.
func rows(text string) []table.Row {
	var all []table.Row
	for i, line := range strings.Split(text, "\n") {
		r := table.Row{Number: i + 1}
		for c, cell := range strings.Split(line, "|") {
			if cell = strings.TrimSpace(cell); cell != "" {
				r.Cells = append(r.Cells, table.Cell{Column: c, Text: strings.ReplaceAll(cell, `\n`, "\n"), Line: i + 1, At: c + 1})
			}
		}
		all = append(all, r)
	}
	return all
}

func read(text string, merges []table.Merge, options table.Options) *exchange.Tree {
	tree := &exchange.Tree{}
	b := table.NewBuilder(tree, options)
	d, order := b.Document(exchange.Document{Key: "d", Title: "d"})
	t := b.Begin(table.Sheet{File: "f", Document: d, Order: order, Merges: merges})
	for _, r := range rows(text) {
		t.Row(r)
	}
	t.End()
	b.Finish()
	return tree
}

func told(tree *exchange.Tree) []string {
	var out []string
	for i := range tree.Documents {
		d := &tree.Documents[i]
		if d.Title != "d" {
			out = append(out, "= "+d.Title)
		}
		for _, s := range d.Sections {
			out = append(out, fmt.Sprintf("%s %s", strings.Repeat("#", s.Level), s.Title))
		}
		for _, b := range d.Blocks {
			out = append(out, b.Kind+" "+b.Text)
		}
		for j := range d.Items {
			item := &d.Items[j]
			line := fmt.Sprintf("%s|%s|%s|%s", item.Key, item.Type, item.Title, item.Text)
			if item.Level != "" {
				line += "; level " + item.Level
			}
			if item.Heading || !item.Normative || !item.Active || item.Derived {
				line += fmt.Sprintf("; %v %v %v %v", item.Heading, item.Normative, item.Active, item.Derived)
			}
			for _, f := range item.Fields {
				line += fmt.Sprintf("; %s=%s", f.Name, strings.Join(f.Values, "/"))
			}
			for _, l := range item.Links {
				line += fmt.Sprintf("; %s→%s", l.Verb, l.Target)
			}
			out = append(out, line)
		}
	}
	return out
}

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"English", "Req ID|Title|Description|Status|Satisfies\nA-1|t|x|ok|S-1", []string{"A-1||t|x; Status=ok; Satisfies→S-1"}},
		{"German", "Anforderungs-ID|Titel|Beschreibung|Begründung|Übergeordnet|Art\nA-1|t|x|weil|S-1|Anforderung", []string{"A-1|Anforderung|t|x; Begründung=weil; Übergeordnet→S-1"}},
		{"case, dashes, line breaks and what follows a colon do not matter", `req\nid|TEXT|Criticality:\nHigh, Low|Verified-By (test)` + "\nA-1|x|High|T-1", []string{"A-1|||x; Criticality=High; Verified-By→T-1"}},
		{"the header is where most is named", "Name: Pump|Version: 1\nDate|today\n\nID|Title|Text\nA-1|t|x", []string{"prose Name: Pump | Version: 1", "prose Date | today", "A-1||t|x"}},
		{"a title above the header", "Pump requirements\n\nID|Text\nA-1|x", []string{"= Pump requirements", "A-1|||x"}},
		{"Requirement is the text", "ID|Requirement\nA-1|x", []string{"A-1|Requirement||x"}},
		{"Requirement is the title beside a longer description", "ID|Requirement|Description\nA-1|Stop|The pump shall stop.", []string{"A-1|Requirement|Stop|The pump shall stop."}},
		{"Requirement is the text beside a shorter description", "ID|Requirement|Description\nA-1|The pump shall stop.|why", []string{"A-1|Requirement||The pump shall stop.; Description=why"}},
		{"Requirement holds keys", "Requirement|Description\nA-1|x\nA-2|y", []string{"A-1|Requirement||x", "A-2|Requirement||y"}},
		{"several columns for one role: the plainest name has it", "Number|ID|Name|Title|Text|Description\n1|A-1|n|t|x|d", []string{"A-1||t|x; Number=1; Name=n; Description=d"}},
		{"a column full of keys, the longest texts", "Tag|Owner|Words\nA-1|ann|The pump shall stop at once.\nA-2|bob|It shall alarm at once.", []string{"A-1|||The pump shall stop at once.; Owner=ann", "A-2|||It shall alarm at once.; Owner=bob"}},
		{"no header", "A-1|The pump shall stop.|Ref: S-1\nA-2|It shall alarm.|x", []string{"A-1|||The pump shall stop.; Ref→S-1", "A-2|||It shall alarm.; column C=x"}},
		{"names that are there twice, below cells that tell them apart", "|Inspection||Test|\nID|By|On|By|On\nA-1|ann|mon|bob|tue", []string{"A-1|||; Inspection By=ann; On=mon; Test By=bob; On 2=tue"}},
		{"names that are there twice", "ID|Note|Note\nA-1|a|b", []string{"A-1|||; Note=a; Note 2=b"}},
		{"links: several, with verbs, titles and fingerprints; what is no key stays a field", "ID|Links\nA-1|B-1, B-2; A-2\nA-2|verifies: A-1\nA-3|B-1 Stop\nA-4|[B-7]\nA-5|see the manual\nA-6|A-1:12ab34cd\nA-7|Stop here, A-1",
			[]string{"A-1|||; Links→B-1; Links→B-2; Links→A-2", "A-2|||; verifies→A-1", "A-3|||; Links→B-1", "A-4|||; Links→B-7", "A-5|||; Links=see the manual", "A-6|||; Links→A-1", "A-7|||; Links=Stop here; Links→A-1"}},
		{"links to keys of an unusual form", "ID|Parent|Text\nStop on occlusion||x\nA-1|Stop on occlusion|y", []string{"Stop on occlusion|||x", "A-1|||y; Parent→Stop on occlusion"}},
		{"links of Jira, relations of ours", "Issue key|Summary|Outward issue link (Satisfies)|Allocated to\nA-1|t|B-1|C-1", []string{"A-1||t|; Satisfies→B-1; allocated to→C-1"}},
		{"rows with one cell across are headings; long ones are prose", "ID|Title|Text\n1 General\n1.2 Alarms\nA-1|t|x\n|Limits|\n" + strings.Repeat("word ", 50), []string{"# 1 General", "## 1.2 Alarms", "# Limits", "prose " + strings.TrimSpace(strings.Repeat("word ", 50)), "A-1||t|x"}},
		{"a row without a key", "ID|Title|Text\n|t|x", []string{"||t|x"}},
		{"a row with nothing but a key, or nothing but a sentence", "ID|Text|Status\nA-1||\n|The pump shall stop.|", []string{"A-1|||", "|||The pump shall stop."}},
		{"headings by kind, flags", "ID|Type|Title|Active|Normative|Derived\nA-1|Heading|One|yes|TRUE|no\nA-2|req|Two|no|0|x", []string{"A-1|Heading|One|; true true true false", "A-2|req|Two|; false false false true"}},
		{"headings of DOORS", "Object Identifier|Object Heading|Object Text|Object Number\nA-1|Alarms||1\nA-2||It shall alarm.|1.0-1", []string{"A-1||Alarms|; level 1; true true true false", "A-2|||It shall alarm.; level 1.0-1"}},
		{"sections in a column", "Section|ID|Text\nAlarms|A-1|x\nAlarms|A-2|y\n2.1 Limits|A-3|z", []string{"# Alarms", "## 2.1 Limits", "A-1|||x", "A-2|||y", "A-3|||z"}},
		{"the header again, and another table below", "ID|Text|Status\nA-1|x|ok\nID|Text|Status\nA-2|y|ok\n\nKey|Summary|Parent\nB-1|t|A-1", []string{"A-1|||x; Status=ok", "A-2|||y; Status=ok", "B-1||t|; Parent→A-1"}},
		{"one column", "Requirement\nThe pump shall stop.\nIt shall alarm.", []string{"|Requirement||The pump shall stop.", "|Requirement||It shall alarm."}},
		{"nothing", "\n\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := read(c.text, nil, table.Options{})
			if diff := cmp.Diff(c.want, told(tree)); diff != "" {
				t.Error(diff)
			}
			if tree.Read.Items != tree.Items() {
				t.Errorf("read %d, kept %d", tree.Read.Items, tree.Items())
			}
		})
	}
}

// TestEveryCell: whatever the table, every filled cell is in the Tree.
func TestEveryCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.SampledFrom([]string{"ID", "Text", "Title", "Requirement", "Status", "Parent", "Section", "Foo", "Bar", "", "Active", "Level", "Type"}), 1, 6).Draw(t, "names")
		var b strings.Builder
		b.WriteString(strings.Join(names, "|"))
		n := 0
		var words []string
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			b.WriteByte('\n')
			for i := range rapid.IntRange(0, 7).Draw(t, "cells") {
				if i > 0 {
					b.WriteByte('|')
				}
				if rapid.Bool().Draw(t, "filled") {
					n++
					word := fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"A-", "word", "The pump shall stop ", "1.", "x y "}).Draw(t, "word"), n)
					words = append(words, word)
					b.WriteString(word)
				}
			}
		}
		var merges []table.Merge
		for range rapid.IntRange(0, 3).Draw(t, "merges") {
			merges = append(merges, table.Merge{Row: rapid.IntRange(2, 9).Draw(t, "row"), Column: rapid.IntRange(0, 6).Draw(t, "column"), Rows: rapid.IntRange(1, 3).Draw(t, "high"), Columns: rapid.IntRange(1, 3).Draw(t, "wide")})
		}
		tree := read(b.String(), merges, table.Options{})
		all := strings.Join(append(told(tree), fmt.Sprint(tree.Lost), fmt.Sprint(tree.Changed), fmt.Sprint(tree.Faults)), "\n")
		for _, w := range words {
			if !strings.Contains(all, w) {
				t.Fatalf("%q is gone:\n%s\n%v\n-----\n%s", w, b.String(), merges, all)
			}
		}
	})
}

func TestLists(t *testing.T) {
	for _, c := range []struct {
		cell   string
		values []string
	}{
		{"", nil}, {"a", []string{"a"}}, {"a, b", []string{"a", "b"}}, {"a,b", []string{"a", "b"}}, {`"a, b", c`, []string{"a, b", "c"}}, {`""`, []string{""}}, {`"a ""b"""`, []string{`a "b"`}},
		{`"a`, []string{`"a`}}, {`"a" b`, []string{`"a" b`}}, {`5" pipe, x`, []string{`5" pipe`, "x"}}, {"a, , b", []string{"a", "b"}}, {`" a "`, []string{" a "}},
	} {
		if diff := cmp.Diff(c.values, table.SplitList(c.cell)); diff != "" {
			t.Errorf("%q: %s", c.cell, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("ab ,\"\n\tä")), 0, 8, -1), 1, 5).Draw(t, "values")
		cell := table.JoinList(values)
		if got := table.SplitList(cell); !slices.Equal(values, got) {
			t.Fatalf("%q becomes %q and %q", values, cell, got)
		}
	})
}

func TestProtect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("=+-@'\ta")), 0, 5, -1).Draw(t, "text")
		safe := table.Protect(text)
		if got := table.Unprotect(safe); got != text || safe != "" && strings.IndexByte("=+-@\t", safe[0]) >= 0 {
			t.Fatalf("%q becomes %q and %q", text, safe, got)
		}
	})
}

func TestReference(t *testing.T) {
	for _, c := range []struct {
		line, verb, targets string
	}{
		{"Ref: SYS_155", "Ref", "SYS_155"}, {"covers: REQ_1, REQ_2 and REQ-3.", "covers", "REQ_1 REQ_2 REQ-3"}, {"Derived from: [SYS-1]", "Derived from", "SYS-1"}, {"Erfüllt: SYS-1; SYS-2", "Erfüllt", "SYS-1 SYS-2"},
		{"Note: SYS-1", "", ""}, {"Ref: the manual", "", ""}, {"Ref:", "", ""}, {"SRS-1: SYS-1", "", ""}, {"covers REQ_1", "", ""}, {"Ref: 12", "", ""},
	} {
		verb, targets, ok := table.Reference(c.line)
		if verb != c.verb || strings.Join(targets, " ") != c.targets || ok != (c.verb != "") {
			t.Errorf("%q: %q %q", c.line, verb, targets)
		}
	}
}

func TestRecognise(t *testing.T) {
	b := table.NewBuilder(&exchange.Tree{}, table.Options{})
	b.Key = table.LooksLikeKey
	for _, c := range []struct {
		name, text string
		want       table.Shape
	}{
		{"a header and keys", "ID|Text\nA-1|x", table.Rows},
		{"a caption above", "Table 1\nID|Text\nA-1|x", table.Rows},
		{"names and values", "ID|A-1\nText|x\nStatus|ok", table.Pairs},
		{"keys alone", "A-1|x\nA-2|y", table.Keys},
		{"numbers and names are no requirements", "No.|Name\n1|ann\n2|bob", table.NoItems},
		{"numbers of requirements are", "No.|Requirement\n1|x\n2|y", table.Rows},
		{"a glossary", "Term|Description\npump|moves", table.NoItems},
		{"a history", "Version|Date|Author|Change\n1.0|x|y|z", table.NoItems},
	} {
		if got := b.Recognise(rows(c.text)); got != c.want {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
}
