package csv_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/csv"
)

// told is what a test says of a tree.
func told(tree *exchange.Tree) []string {
	var out []string
	for i := range tree.Documents {
		d := &tree.Documents[i]
		for _, s := range d.Sections {
			out = append(out, fmt.Sprintf("%s %s", strings.Repeat("#", s.Level), s.Title))
		}
		for _, b := range d.Blocks {
			out = append(out, b.Kind+" "+b.Text)
		}
		for j := range d.Items {
			item := &d.Items[j]
			line := fmt.Sprintf("%s|%s|%s|%s", item.Key, item.Type, item.Title, item.Text)
			for _, f := range item.Fields {
				line += fmt.Sprintf("; %s=%s", f.Name, strings.Join(f.Values, "/"))
			}
			for _, l := range item.Links {
				line += fmt.Sprintf("; %s→%s", l.Verb, l.Target)
			}
			out = append(out, line)
		}
	}
	for _, f := range tree.Faults {
		out = append(out, fmt.Sprintf("fault %s %v %s", f.At, f.Error, f.Message))
	}
	for _, l := range tree.Lost {
		out = append(out, fmt.Sprintf("lost %s %s", l.At, l.What))
	}
	return out
}

func sixteen(text string, mark, big bool) string {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	var b strings.Builder
	for _, u := range units {
		low, high := byte(u), byte(u>>8)
		if big {
			low, high = high, low
		}
		b.WriteByte(low)
		b.WriteByte(high)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	const text = "ID,Text\nA-1,Größe 5 €\n"
	want := []string{"A-1|||Größe 5 €"}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"UTF-8", text, want},
		{"UTF-8 with a byte order mark", "\ufeff" + text, want},
		{"UTF-16 little-endian", sixteen(text, true, false), want},
		{"UTF-16 big-endian", sixteen(text, true, true), want},
		{"UTF-16 without a mark", sixteen("ID,Text\nA-1,x\n", false, false), []string{"A-1|||x"}},
		{"UTF-16 big-endian without a mark", sixteen("ID,Text\nA-1,x\n", false, true), []string{"A-1|||x"}},
		{"windows-1252 is read, and said", "ID,Text\nA-1,Gr\xf6\xdfe 5 \x80\n", []string{"A-1|||Größe 5 €", "fault a.csv:1 false the file is not UTF-8 (line 2); it is read as windows-1252"}},
		{"CRLF", "ID,Text\r\nA-1,x\r\n", []string{"A-1|||x"}},
		{"CR alone", "ID,Text\rA-1,x\r", []string{"A-1|||x"}},
		{"no line end at the end", "ID,Text\nA-1,x", []string{"A-1|||x"}},
		{"semicolons, with commas in texts", "ID;Text\nA-1;one, two, three\nA-2;one, two", []string{"A-1|||one, two, three", "A-2|||one, two"}},
		{"tabs", "ID\tText\nA-1\tone, two", []string{"A-1|||one, two"}},
		{"bars", "ID|Text\nA-1|one, two", []string{"A-1|||one, two"}},
		{"the line for Excel that names the delimiter", "sep=;\nID;Text\nA-1;a,b,c", []string{"A-1|||a,b,c"}},
		{"quotation marks, several lines, doubled marks", "ID,Text\nA-1,\"one\r\ntwo \"\"three\"\", four\"\nA-2,x", []string{"A-1|||one\ntwo \"three\", four", "A-2|||x"}},
		{"marks within a cell are text", "ID,Text\nA-1,5\" screen\nA-2,x", []string{"A-1|||5\" screen", "A-2|||x"}},
		{"blanks around marks", "ID,Text\nA-1, \"a, b\" \n", []string{"A-1|||a, b"}},
		{"a mark that is not closed", "ID,Text\nA-1,\"one\nA-2,two\n", []string{"A-1|||\"one", "A-2|||two", "fault a.csv:2 false a quotation mark is not closed; the cell is read up to the end of its line"}},
		{"text behind a closing mark", "ID,Text\nA-1,\"one\" two\n", []string{"A-1|||one two", "fault a.csv:2 false text follows a closing quotation mark; it is taken for a part of the cell"}},
		{"cells beyond the header", "ID,Text\nA-1,one,two\n", []string{"A-1|||one; column C=two", "fault a.csv:2:9 false column C has no name in the header; its cells are kept in a field of that name"}},
		{"empty lines and rows say nothing", "ID,Text\n\n,\nA-1,x\n\n", []string{"A-1|||x"}},
		{"an empty file", " \n", []string{"fault a.csv:1 true the file is empty, where a table is expected"}},
		{"no table", "one\ntwo\n", []string{"prose one", "prose two", "fault a.csv:1:1 false this is no table of requirements: there is no header, and no row with several cells; its rows are kept as prose"}},
		{"a header alone", "ID,Text\n", nil},
		{"NUL", "ID,Text\nA-1,a\x00b\n", []string{"fault a.csv:2 true the file holds the character NUL and is no text"}},
		{"half a character of UTF-16", "\xff\xfeI\x00D\x00\x00\xd8,\x00", []string{"fault a.csv:1 true the file is not valid UTF-16 text: half a character"}},
		{"our own layout: lists, formulas, links, fields that are named like others", "key,kind,title,text,document,status,key (field),verifies,parent (link)\n" +
			"A-1,SRS,'=1+1,'- a\\n,srs,\"high, \"\"a, b\"\"\",k,,\nA-2,TC,''x,  y,tests,,,\"A-1, B-2\",A-1\n",
			[]string{`A-1|SRS|=1+1|- a\n; status=high/a, b; key=k`, "A-2|TC|'x|  y; verifies→A-1; verifies→B-2; parent→A-1"}},
		{"our own layout: sections", "key,kind,title,text,section\nA-1,,,x,One\nA-2,,,x,One > Two\nA-3,,,x,\"\"\"a > b\"\" >  > c\"\n", []string{"# One", "## Two", "# a > b", "### c", "A-1|||x", "A-2|||x", "A-3|||x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := read(t, c.text, csv.Options{})
			if diff := cmp.Diff(c.want, told(tree)); diff != "" {
				t.Error(diff)
			}
			if tree.Read.Items != tree.Items() {
				t.Errorf("read %d items, kept %d", tree.Read.Items, tree.Items())
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	tree := read(t, "ID,Text,Parent\nA-1,\"one\ntwo\",B-1\nA-2,x,\"A-1\nB-2\"\n", csv.Options{})
	items := tree.Documents[0].Items
	if at := items[0].Links[0].At.String(); at != "a.csv:3:6" {
		t.Error(at)
	}
	if at := items[1].At.String(); at != "a.csv:4:1" {
		t.Error(at)
	}
	if l := items[1].Links; len(l) != 2 || l[0].State != exchange.Unconfirmed || l[1].State != exchange.Unresolved || tree.Read.Links != 3 {
		t.Errorf("%+v, read %+v", l, tree.Read)
	}
}

func TestOptions(t *testing.T) {
	tree := read(t, "Foo^Bar\nA-1^x\n", csv.Options{Delimiter: '^', Columns: map[string]string{"Foo": "key", "bar": "title", "Nix": "nothing"}})
	want := []string{"A-1||x|", "fault  false the column \"Nix\" cannot be \"nothing\"; it is read as its name says"}
	if diff := cmp.Diff(want, told(tree)); diff != "" {
		t.Error(diff)
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		want             bool
	}{
		{"our own", "a.csv", "key,kind,title,text\n", true},
		{"a foreign table", "a.csv", "Pump\n\nReq ID;Requirement\n", true},
		{"tabs", "a.tsv", "ID\tText\n", true},
		{"a table of something else", "a.csv", "x,y\n1,2\n", false},
		{"another extension", "a.txt", "ID,Text\n", false},
		{"UTF-16", "a.csv", sixteen("ID,Text\n", true, false), true},
	} {
		if got := csv.Detect(fstest.MapFS{"sub/" + c.file: {Data: []byte(c.text)}}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestSeveral: where there are tables of requirements, others are named and not read.
func TestSeveral(t *testing.T) {
	tree, err := csv.Read(fstest.MapFS{"a.csv": {Data: []byte("ID,Text\nA-1,x\n")}, "b/b.csv": {Data: []byte("ID,Text,Parent\nB-1,y,A-1\n")}, "data.csv": {Data: []byte("x,y\n1,2\n")}}, csv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"A-1|||x", "B-1|||y; Parent→A-1"}, told(tree)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"data.csv"}, tree.Others); diff != "" {
		t.Error(diff)
	}
}

func TestLosses(t *testing.T) {
	tree := &exchange.Tree{Documents: []exchange.Document{{Key: "d", Title: "D", Parent: "p", Fields: []exchange.Field{{Name: "f"}}, Blocks: []exchange.Block{{Kind: "prose", Text: "x", Order: 1}}, Sections: []exchange.Section{{Title: "S", Level: 1, Order: 9}},
		Items: []exchange.Item{{Key: " A-1", Text: "a\r\nb\xff", Order: 2, Fields: []exchange.Field{{Name: "n"}, {Name: "j", Values: []string{"{}"}, Nested: true}, {Name: "x", Values: []string{"1"}}, {Name: "x", Values: []string{"2"}}},
			Links: []exchange.Link{{Verb: "verifies", Target: "B-1", ID: "7", Fingerprint: "f", Fields: []exchange.Field{{Name: "part"}}}}, Files: []exchange.File{{Path: "a.c", SHA256: "0"}}, Review: exchange.Review{Fingerprint: "r"}}}}, {Key: "empty"}},
		Attachments: []exchange.Attachment{{Path: "p.png"}}, Dangling: []exchange.Dangling{{Verb: "v", To: "x"}}}
	data, losses, err := csv.Write(tree, csv.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range losses {
		got = append(got, l.Item+": "+l.What)
	}
	want := []string{": text between items (prose)", ": f of the document d", ": title of the document d", ": parent of the document d", ": document empty", ": file p.png", "x: v from", " A-1: key", " A-1: text", " A-1: n", " A-1: j", " A-1: x",
		" A-1: identity, fingerprint, part of the link verifies B-1", " A-1: file a.c", " A-1: review", ": section S"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	const text = "key,kind,title,text,document,section,heading,normative,derived,active,files,n,j,x,verifies\r\nA-1,,,\"a\nb\ufffd\",d,,false,false,false,false,a.c,,{},\"1, 2\",B-1\r\n"
	text2 := strings.Replace(text, ",heading", "", 1)
	text2 = strings.Replace(strings.Replace(text2, ",derived", "", 1), ",false,false,false,false,", ",false,false,", 1)
	if diff := cmp.Diff(text2, string(data)); diff != "" {
		t.Error(diff)
	}
}

func TestHostile(t *testing.T) {
	for _, c := range []struct{ name, text, says string }{
		{"a cell of 20 MB", "ID,Text\nA-1," + strings.Repeat("x", 20<<20), "more than 16777216 bytes"},
		{"a million marks that are not closed", "ID,Text\n" + strings.Repeat("\"a\n", 1_000_001), "closing quotation mark"},
		{"a million columns", "ID,Text\nA-1" + strings.Repeat(",", 1_000_000) + "x", "columns"},
		{"a million filled columns", "ID,Text\nA-1" + strings.Repeat(",x", 1_000_000), "columns"},
		{"a header of a million names", strings.Repeat("ID,", 1_000_000) + "\nA-1,x", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			tree := read(t, c.text, csv.Options{})
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 200<<20 { // all of it together; at no time is so much held
				t.Errorf("%d bytes were allocated", used)
			}
			found := c.says == ""
			for _, f := range tree.Faults {
				found = found || strings.Contains(f.Message, c.says)
			}
			if !found {
				t.Errorf("no fault says %q", c.says)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"ID,Text\nA-1,x\n", "sep=;\nID;Text;Parent\nA-1;\"x\ny\";A-1\n", "key,kind,title,text,section\nA-1,,'=x,\"a, b\",a > b\n", sixteen("ID\tText\nA-1\tx", true, false), "A-1,x\nA-2,y\n", "ID,Text\nA-1,Gr\xf6\xdfe\n"} {
		f.Add([]byte(text))
	}
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "*", "*.csv")) // where there are some
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil && len(data) < 1<<16 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := read(t, string(data), csv.Options{})
		lost := 0
		for _, l := range tree.Lost {
			lost += l.Items
		}
		if tree.Read.Items != tree.Items()+lost {
			t.Errorf("read %d items, kept %d, lost %d", tree.Read.Items, tree.Items(), lost)
		}
	})
}
