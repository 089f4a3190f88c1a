package reqif

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/goldthread/goldthread/internal/exchange"
)

func inUTF16(text string, little bool) []byte {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		if little {
			b.Write([]byte{byte(u), byte(u >> 8)})
		} else {
			b.Write([]byte{byte(u >> 8), byte(u)})
		}
	}
	return b.Bytes()
}

// Files in other encodings go out as they came in, and in UTF-8 when something has changed.
//
// goldthread:verifies SRS-74
func TestEncodings(t *testing.T) {
	text := strings.Replace(whole(""), "First", "F\u00fcrst", 1)
	declared := func(name string) string { return strings.Replace(text, `encoding="UTF-8"`, `encoding='`+name+`'`, 1) }
	latin := []byte(strings.ReplaceAll(declared("ISO-8859-1"), "\u00fc", "\xfc"))
	for name, data := range map[string][]byte{
		"UTF-8 with a mark":   []byte("\ufeff" + text),
		"UTF-16, small end":   inUTF16(declared("UTF-16"), true),
		"UTF-16, big end":     inUTF16(declared("UTF-16"), false),
		"ISO-8859-1":          latin,
		"windows-1252":        bytes.Replace(latin, []byte("ISO-8859-1"), []byte("windows-1252"), 1),
		"CRLF":                []byte(strings.ReplaceAll(text, "\n", "\r\n")),
		"declared as latin":   []byte(declared("ISO-8859-1")),
		"without declaration": []byte(text[strings.Index(text, "<REQ-IF"):]),
	} {
		t.Run(name, func(t *testing.T) {
			source := fstest.MapFS{"x.reqif": {Data: data}}
			tree, err := Read(source, Options{})
			if err != nil {
				t.Fatal(err)
			}
			it := &tree.Documents[0].Items[0]
			if it.Title != "F\u00fcrst" {
				t.Fatalf("the title is %q", it.Title)
			}
			if same, _, err := Update(source, tree, WriteOptions{Now: now}); err != nil || !bytes.Equal(same, data) {
				t.Fatalf("%v, it is not the same", err)
			}
			it.Title += "\u20ac"
			changed, _, err := Update(source, tree, WriteOptions{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			again, err := Read(fstest.MapFS{"x.reqif": {Data: changed}}, Options{})
			if err != nil {
				t.Fatalf("%v", err)
			}
			if got := again.Documents[0].Items[0].Title; got != it.Title {
				t.Errorf("the title is %q", got)
			}
			for _, f := range again.Faults {
				if strings.Contains(f.Message, "declared") || strings.Contains(f.Message, "says that it is in") {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// Two deliveries of one document in one folder keep apart, and go out together.
//
// goldthread:verifies SRS-74
func TestTwoDeliveries(t *testing.T) {
	second := strings.Replace(whole(""), "First", "Changed", 1)
	source := fstest.MapFS{"a/x.reqif": {Data: []byte(whole(""))}, "b/x.xml": {Data: []byte(second)}, "b/other.xml": {Data: []byte("<x/>")}}
	if !Detect(source) || Detect(fstest.MapFS{"other.xml": source["b/other.xml"]}) {
		t.Error("not detected by how a file begins")
	}
	tree, err := Read(source, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Documents) != 4 || tree.Documents[0].Items[0].Title != "First" || tree.Documents[2].Items[0].Title != "Changed" {
		t.Fatalf("%d documents, %+v", len(tree.Documents), tree.Documents)
	}
	if a, b := tree.Documents[0].Items[0].ID, tree.Documents[2].Items[0].ID; a == b {
		t.Errorf("both are %s", a)
	}
	if got := tree.Documents[2].Items[0].Links; len(got) != 1 || got[0].Target != tree.Documents[2].Items[1].ID {
		t.Errorf("the link of the second leads to %+v", got)
	}
	tree.Documents[2].Items[0].Text = "new"
	if _, _, err := Update(source, tree, WriteOptions{Now: now}); err == nil {
		t.Error("two files are one")
	}
	data, _, err := Update(source, tree, WriteOptions{Now: now, Archive: true})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := unpack(data, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || entries[0].name != "a/x.reqif" || !bytes.Equal(entries[0].data, source["a/x.reqif"].Data) || !bytes.Contains(entries[1].data, []byte("new")) {
		t.Errorf("%d entries", len(entries))
	}
}

// goldthread:verifies SRS-74
func TestArchivesTakeFiles(t *testing.T) {
	text := strings.Replace(whole(""), "The <h:b>pump</h:b>", `<h:object data="files/p%20q.png" type="image/png">p</h:object>`, 1)
	data, err := exchange.Pack([]exchange.Attachment{{Path: "x.reqif", Data: []byte(text)}, {Path: "files/p q.png", Data: []byte("PNG")}, {Path: "__MACOSX/x", Data: []byte("junk")}})
	if err != nil {
		t.Fatal(err)
	}
	source := fstest.MapFS{"in/x.reqifz": {Data: data}}
	tree, err := Read(source, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Attachments) != 1 || tree.Attachments[0].Path != "in/files/p q.png" || tree.Read.Files != 1 || len(tree.Others) != 1 {
		t.Fatalf("%+v, %+v", tree.Attachments, tree.Others)
	}
	for _, f := range tree.Faults {
		if strings.Contains(f.Message, "did not come along") {
			t.Error(f.Message)
		}
	}
	tree.Attachments[0].Data = []byte("new")
	tree.Attachments = append(tree.Attachments, exchange.Attachment{Path: "in/files/more.txt", Data: []byte("more")})
	out, lost, err := Update(source, tree, WriteOptions{Now: now, Archive: true})
	if err != nil || len(lost) > 0 {
		t.Fatal(err, lost)
	}
	entries, err := unpack(out, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, e := range entries {
		if !isReqIF(e.name) {
			said += fmt.Sprintf("%s=%s ", e.name, e.data)
		}
	}
	if said != "__MACOSX/x=junk files/more.txt=more files/p q.png=new " {
		t.Error(said)
	}
	if plain, lost, err := Update(source, tree, WriteOptions{Now: now}); err != nil || string(plain) != text || len(lost) != 2 {
		t.Errorf("%v, %d losses: %s", err, len(lost), plain)
	}
}

// goldthread:verifies SRS-74
func TestFilesBesideTheSource(t *testing.T) {
	text := strings.Replace(whole(""), "The <h:b>pump</h:b>", `<h:object data="files/p.png" type="image/png">p</h:object> <h:a href="../../etc/passwd">x</h:a> <h:a href="https://x.org/y.png">y</h:a>`, 1)
	tree, err := Read(fstest.MapFS{"in/x.reqif": {Data: []byte(text)}, "in/files/p.png": {Data: []byte("PNG")}, "in/files/q.png": {Data: []byte("another")}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Attachments) != 1 || tree.Attachments[0].Path != "in/files/p.png" || tree.Read.Files != 1 {
		t.Errorf("%+v", tree.Attachments)
	}
	missing := 0
	for _, f := range tree.Faults {
		if strings.Contains(f.Message, "did not come along") {
			missing++
		}
	}
	if missing != 1 {
		t.Errorf("%d files are missing, want the one that leads out", missing)
	}
}

// goldthread:verifies SRS-74
func TestObjectsWithOneIdentifier(t *testing.T) {
	text := strings.Replace(whole(""), `IDENTIFIER="o3"`, `IDENTIFIER="o1"`, 1)
	text = strings.Replace(text, `IDENTIFIER='o5'`, ``, 1)
	source := fstest.MapFS{"x.reqif": {Data: []byte(text)}}
	tree, err := Read(source, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if tree.Items() != 6 || tree.Read.Items != 6 {
		t.Fatalf("%d items of %d", tree.Items(), tree.Read.Items)
	}
	if same, _, err := Update(source, tree, WriteOptions{Now: now}); err != nil || string(same) != text {
		t.Fatalf("%v, it is not the same", err)
	}
	for i := range tree.Documents {
		for j := range tree.Documents[i].Items {
			if it := &tree.Documents[i].Items[j]; it.Key == "R-3" {
				it.Text = "changed"
			}
		}
	}
	got, _, err := Update(source, tree, WriteOptions{Now: now})
	if err != nil || strings.Count(string(got), "changed") != 1 || !strings.Contains(string(got), "pump") {
		t.Errorf("%v, %s", err, got)
	}
}
