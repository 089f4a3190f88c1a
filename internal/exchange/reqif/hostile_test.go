package reqif

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
)

func of(name, text string) fs.FS { return fstest.MapFS{name: {Data: []byte(text)}} }

// file wraps objects into a whole file.
func fileOf(objects string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"><CORE-CONTENT><REQ-IF-CONTENT><SPEC-OBJECTS>` + objects +
		`</SPEC-OBJECTS></REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>`
}

// goldthread:verifies SRS-50
func TestHostileFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"entities":        {`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><REQ-IF>&b;</REQ-IF>`, "DOCTYPE"},
		"a document type": {`<!DOCTYPE x SYSTEM "file:///etc/passwd"><REQ-IF/>`, "DOCTYPE"},
		"depth":           {strings.Repeat("<REQ-IF>", 1_000_000), "deep"},
		"an attribute":    {fileOf(`<SPEC-OBJECT IDENTIFIER="` + strings.Repeat("x", 50<<20) + `"/>`), "more than"},
		"NUL":             {fileOf("<SPEC-OBJECT IDENTIFIER='a\x00'/>"), "control character"},
		"invalid UTF-8":   {fileOf("<SPEC-OBJECT IDENTIFIER='a\xff'/>"), "invalid UTF-8"},
		"another root":    {"<html/>", "the root element is html"},
		"not XML":         {"PK\x03\x04", "control character"},
		"cut off":         {fileOf("")[:100], "not closed"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			tree, err := Read(of("x.reqif", c.text), Options{})
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "line ") {
				t.Errorf("%v, %v", tree, err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 200<<20 {
				t.Errorf("%d MB", grown>>20)
			}
		})
	}
}

// made is an archive of entries that are written as they are given.
func archiveOf(t *testing.T, entries ...*zip.FileHeader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, e := range entries {
		w, err := z.CreateHeader(e)
		if err != nil {
			t.Fatal(err)
		}
		content := e.Comment
		if strings.HasPrefix(content, "zeros ") {
			var n int
			fmt.Sscan(content[6:], &n)
			content = strings.Repeat("\x00", n)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipEntry(name, content string) *zip.FileHeader {
	return &zip.FileHeader{Name: name, Method: zip.Deflate, Comment: content}
}

// goldthread:verifies SRS-50
func TestHostileArchives(t *testing.T) {
	good := zipEntry("a.reqif", fileOf(`<SPEC-OBJECT IDENTIFIER="o"/>`))
	link := zipEntry("link", "/etc/passwd")
	link.SetMode(fs.ModeSymlink | 0o777)
	many := []*zip.FileHeader{good}
	for i := range 70000 {
		many = append(many, &zip.FileHeader{Name: fmt.Sprint(i)})
	}
	lying := archiveOf(t, good, zipEntry("lie.bin", strings.Repeat("x", 1000)))
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[at+24:], 10) // says 10 bytes, has 1000
	overlapping := archiveOf(t, good, zipEntry("b.bin", "bbbb"))
	first := bytes.Index(overlapping, []byte("PK\x01\x02"))
	second := bytes.LastIndex(overlapping, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(overlapping[second+42:], binary.LittleEndian.Uint32(overlapping[first+42:])) // the same place
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a bomb":           {archiveOf(t, good, zipEntry("b.bin", "zeros 100000000")), "swells"},
		"up and out":       {archiveOf(t, good, zipEntry("../x", "x")), "leads out"},
		"an absolute path": {archiveOf(t, good, zipEntry("/etc/x", "x")), "leads out"},
		"a backslash":      {archiveOf(t, good, zipEntry(`a\..\x`, "x")), "backslash"},
		"a link":           {archiveOf(t, good, link), "no regular file"},
		"the same name":    {archiveOf(t, good, zipEntry("x", "1"), zipEntry("X", "2")), "twice"},
		"too many":         {archiveOf(t, many...), "more than 65536 entries"},
		"a lying size":     {lying, "lie.bin"},
		"overlapping":      {overlapping, "overlap"},
		"no archive":       {[]byte("PK\x03\x04nothing"), "cannot be read"},
		"nothing of ReqIF": {archiveOf(t, zipEntry("x", "1")), "holds no .reqif"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(fstest.MapFS{"x.reqifz": {Data: c.data}}, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
	if tree, err := Read(fstest.MapFS{"x.reqifz": {Data: archiveOf(t, good)}}, Options{}); err != nil || tree.Items() != 1 {
		t.Errorf("a good one: %v", err)
	}
}

func seeds(f *testing.F, add func([]byte), pattern string) {
	folder := os.Getenv("GOLDTHREAD_DATA")
	if folder == "" {
		return
	}
	names, _ := filepath.Glob(filepath.Join(folder, "reqif", pattern))
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && len(data) < 30000 {
			add(data)
		}
	}
}

// Whatever is read adds up, is written, and is read again with the same items and links.
func FuzzRead(f *testing.F) {
	f.Add([]byte(fileOf(`<SPEC-OBJECT IDENTIFIER="o" LONG-NAME="x"/>`)))
	f.Add([]byte(whole("")))
	f.Add([]byte(strings.Replace(whole("reqif"), "<h:div>First</h:div>", "<h:div/>", 1))) // a value that is there and says nothing
	seeds(f, func(b []byte) { f.Add(b) }, "*.reqif")
	seeds(f, func(b []byte) { f.Add(b) }, "bad/*.reqif")
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := Read(fstest.MapFS{"x.reqif": {Data: data}}, Options{})
		if err != nil {
			return
		}
		links := len(tree.Dangling)
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
			}
		}
		if tree.Items() != tree.Read.Items {
			t.Fatalf("%d items of %d", tree.Items(), tree.Read.Items)
		}
		if same, _, err := Update(fstest.MapFS{"x.reqif": {Data: data}}, tree, WriteOptions{Now: now}); err != nil || !bytes.Equal(same, data) {
			t.Fatalf("%v, what has not changed is written as %q", err, same)
		}
		for i := range tree.Documents { // and what has changed at all places is written somehow
			for j := range tree.Documents[i].Items {
				it := &tree.Documents[i].Items[j]
				it.Title, it.Text, it.Level = it.Title+"x", it.Text+"x", "1"
				for k := range it.Fields {
					it.Fields[k].Values = []string{"7"}
				}
				it.Links = nil
			}
			slices.Reverse(tree.Documents[i].Items)
		}
		changed, _, err := Update(fstest.MapFS{"x.reqif": {Data: data}}, tree, WriteOptions{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(fstest.MapFS{"x.reqif": {Data: changed}}, Options{}); err != nil {
			t.Fatalf("what was changed cannot be read: %v\n%s", err, changed)
		}
		out, _, err := Write(tree, WriteOptions{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(fstest.MapFS{"x.reqif": {Data: out}}, Options{}); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}

func FuzzArchive(f *testing.F) {
	seeds(f, func(b []byte) { f.Add(b) }, "*.reqifz")
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := Read(fstest.MapFS{"x.reqifz": {Data: data}}, Options{MaxFile: 1 << 20, MaxArchive: 4 << 20})
		if err == nil {
			for _, a := range tree.Attachments {
				if !fs.ValidPath(a.Path) {
					t.Errorf("an attachment at %q", a.Path)
				}
			}
		}
	})
}

// BenchmarkRead reads a file of 18 MB.
func BenchmarkRead(b *testing.B) {
	var objects strings.Builder
	for i := 0; objects.Len() < 18<<20; i++ {
		fmt.Fprintf(&objects, `<SPEC-OBJECT IDENTIFIER="_%d" LAST-CHANGE="2020-01-01T00:00:00Z"><TYPE><SPEC-OBJECT-TYPE-REF>t1</SPEC-OBJECT-TYPE-REF></TYPE><VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE="REQ-%d"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d1</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING><ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>d2</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION><THE-VALUE><xhtml:div>%s<xhtml:br/>a <xhtml:b>b</xhtml:b></xhtml:div></THE-VALUE></ATTRIBUTE-VALUE-XHTML></VALUES></SPEC-OBJECT>`,
			i, i, strings.Repeat("The pump shall stop. ", 10))
	}
	data := []byte(fileOf(objects.String()))
	b.SetBytes(int64(len(data)))
	var tree *exchange.Tree
	for b.Loop() {
		var err error
		if tree, err = Read(fstest.MapFS{"x.reqif": {Data: data}}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(tree.Items()), "items")
}
