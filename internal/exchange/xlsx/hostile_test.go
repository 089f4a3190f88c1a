package xlsx_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

// bomb is a workbook of some 600 KB whose sheet has so many rows that it swells to gigabytes.
func bomb(t testing.TB) []byte {
	t.Helper()
	block := bytes.Repeat([]byte(" "), 1<<20) // between rows
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	sum := crc32.NewIEEE()
	var size uint64
	out := io.MultiWriter(w, sum)
	put := func(b []byte) {
		n, err := out.Write(b)
		if err != nil {
			t.Fatal(err)
		}
		size += uint64(n)
	}
	put([]byte("<worksheet><sheetData>"))
	for packed.Len() < 600<<10/4 { // four times in the file
		put(block)
	}
	put([]byte("</sheetData></worksheet>"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data := book(t, nil)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for i := range 4 {
		part, err := to.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(packed.Len()), UncompressedSize64: size})
		if err == nil {
			_, err = part.Write(packed.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		if err := to.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if size*4 < 500<<20 || b.Len() > 700<<10 {
		t.Fatalf("%d bytes swell to %d", b.Len(), size*4)
	}
	return b.Bytes()
}

// allocated is how many bytes a function allocates in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const mostBytes = 200 << 20

// refused reads a file that means harm: it is refused, or read in part, with a fault that says so, and costs little.
func refused(t *testing.T, data []byte, says string) {
	t.Helper()
	used := allocated(func() {
		tree := read(t, data, xlsx.Options{})
		found := false
		for _, f := range tree.Faults {
			found = found || f.Error && strings.Contains(f.Message, says)
		}
		if !found {
			t.Errorf("no fault says %q: %+v", says, tree.Faults)
		}
	})
	if used > mostBytes {
		t.Errorf("%d bytes were allocated", used)
	}
}

func TestBomb(t *testing.T) { refused(t, bomb(t), "swells") }

// replaced changes entries of an archive.
func replaced(t testing.TB, data []byte, change func(*zip.FileHeader)) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		h := f.FileHeader
		change(&h)
		w, err := to.CreateRaw(&h)
		if err == nil {
			_, err = io.Copy(w, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileArchives(t *testing.T) {
	good := book(t, nil, sheet{name: "Sheet1", xml: cells("ID|Text\nA-1|one")})
	const part = "xl/worksheets/sheet1.xml"
	named := func(name string) []byte {
		return replaced(t, good, func(h *zip.FileHeader) {
			if h.Name == part {
				h.Name = name
			}
		})
	}
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"a name that leads out", named("../../etc/passwd"), "leads out"},
		{"a name with backslashes", named(`xl\worksheets\sheet1.xml`), "backslash"},
		{"a drive", named(`c:\sheet1.xml`), "backslash"},
		{"a symbolic link", replaced(t, good, func(h *zip.FileHeader) {
			if h.Name == part {
				h.SetMode(0o777 | 1<<27) // fs.ModeSymlink
			}
		}), "no regular file"},
		{"the same name twice", named("xl/workbook.xml"), "twice"},
		{"a size too small", replaced(t, good, func(h *zip.FileHeader) {
			if h.Name == part {
				h.UncompressedSize64 -= 10
			}
		}), "damaged"},
		{"a size too large", replaced(t, good, func(h *zip.FileHeader) {
			if h.Name == part {
				h.UncompressedSize64 += 10
			}
		}), "damaged"},
		{"a size beyond all", replaced(t, good, func(h *zip.FileHeader) {
			if h.Name == part {
				h.UncompressedSize64 = 1 << 62
			}
		}), "swells"},
		{"an encrypted part", replaced(t, good, func(h *zip.FileHeader) { h.Flags |= 1 }), "encrypted"},
		{"overlapping parts", overlapping(t, good), "overlap"},
		{"a document type", book(t, nil, sheet{name: "Sheet1", xml: `<!DOCTYPE x><sheetData/>`}), "DOCTYPE"},
		{"an entity", book(t, nil, sheet{name: "Sheet1", xml: `<sheetData><row><c t="inlineStr"><is><t>&x;</t></is></c></row></sheetData>`}), "entity"},
		{"depth of a million", book(t, nil, sheet{name: "Sheet1", xml: strings.Repeat("<x>", 1_000_000)}), "deep"},
		{"broken XML", book(t, nil, sheet{name: "Sheet1", xml: `<sheetData><row>`}), "proper XML"},
		{"a text that is not there", book(t, nil, sheet{name: "Sheet1", xml: `<sheetData><row><c t="s"><v>7</v></c></row></sheetData>`}), "not there"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.data, c.says) })
	}
}

// TestCutSheet breaks off in the middle of a sheet: what came before is kept, and a fault says where it ends.
func TestCutSheet(t *testing.T) {
	whole := cells("ID|Text\nA-1|one\nA-2|two\nA-3|three")
	for _, c := range []struct{ name, xml string }{
		{"cut off", whole[:strings.Index(whole, `<row r="4"`)+5]},
		{"broken", strings.Replace(whole, "three", "&three;", 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := read(t, book(t, nil, sheet{name: "Sheet1", xml: c.xml}), xlsx.Options{})
			if tree.Items() < 2 || len(tree.Faults) != 1 || !tree.Faults[0].Error || !strings.Contains(tree.Faults[0].Message, "cannot be read to its end") || len(tree.Lost) != 1 {
				t.Errorf("%q", told(tree))
			}
		})
	}
}

// overlapping makes two entries of the directory share the bytes of one.
func overlapping(t testing.TB, data []byte) []byte {
	t.Helper()
	out := bytes.Clone(data)
	var offsets []int
	for at := 0; ; {
		i := bytes.Index(out[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		offsets = append(offsets, at+i)
		at += i + 4
	}
	if len(offsets) < 2 {
		t.Fatal("no entries")
	}
	first := binary.LittleEndian.Uint32(out[offsets[0]+42:])
	binary.LittleEndian.PutUint32(out[offsets[1]+42:], first)
	return out
}

// TestWide reads a sheet whose cells are as far apart as can be.
func TestWide(t *testing.T) {
	data := book(t, nil, sheet{name: "Sheet1", xml: `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c><c r="XFD1" t="inlineStr"><is><t>Text</t></is></c></row>` +
		`<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>A-1</t></is></c><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData><mergeCells><mergeCell ref="B2:XFC1048576"/></mergeCells>`})
	used := allocated(func() {
		tree := read(t, data, xlsx.Options{})
		if tree.Items() != 1 || tree.Documents[0].Items[0].Text != "x" || tree.Documents[0].Items[0].At.Line != 1048576 {
			t.Errorf("%+v", tree.Documents)
		}
	})
	if used > 20<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

func TestLimits(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("ID|Text")
	for i := range 1000 {
		fmt.Fprintf(&rows, "\nA-%d|x", i)
	}
	data := book(t, nil, sheet{name: "Sheet1", xml: cells(rows.String())})
	options := xlsx.Options{}
	options.Limits.Table.Cells = 1000
	tree := read(t, data, options)
	lost := 0
	for _, l := range tree.Lost {
		lost += l.Items
	}
	if tree.Read.Items != 1000 || tree.Items()+lost != 1000 || lost == 0 {
		t.Errorf("read %d, kept %d, lost %d", tree.Read.Items, tree.Items(), lost)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(book(f, nil, sheet{name: "Sheet1", xml: cells("ID|Text\nA-1|one")}))
	f.Add(book(f, map[string]string{"xl/styles.xml": styles, "xl/sharedStrings.xml": `<sst><si><t>x</t></si></sst>`}, sheet{name: "A", xml: cells("ID|Text|Parent\nA-1|one|A-1") + `<mergeCells><mergeCell ref="A1:A2"/></mergeCells>`}))
	for _, file := range []string{"req-basic.xlsx", "doorstop-export.xlsx", "basil-reqs.xlsx", "req-basic.xls"} {
		if data, ok := officeData(f, file); ok {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<20 {
			return
		}
		tree := read(t, data, xlsx.Options{})
		lost := 0
		for _, l := range tree.Lost {
			lost += l.Items
		}
		if tree.Read.Items != tree.Items()+lost {
			t.Errorf("read %d items, kept %d, lost %d", tree.Read.Items, tree.Items(), lost)
		}
	})
}

func FuzzSheet(f *testing.F) {
	f.Add(cells("ID|Text|Parent\nA-1|one|A-1\n|two|") + `<mergeCells><mergeCell ref="A2:A3"/></mergeCells>`)
	f.Add(`<cols><col min="1" max="2" hidden="1"/></cols><sheetData><row r="3" hidden="1"><c r="B3" s="1"><f>A1</f><v>45351</v></c><c t="s"><v>0</v></c><c t="inlineStr"><is><r><rPr><b/></rPr><t>x</t></r></is></c></row></sheetData>`)
	f.Fuzz(func(t *testing.T, xml string) {
		tree := read(t, book(t, map[string]string{"xl/styles.xml": styles, "xl/sharedStrings.xml": `<sst><si><t>ID</t></si></sst>`}, sheet{name: "Sheet1", xml: xml}), xlsx.Options{})
		if tree.Read.Items != tree.Items() {
			t.Errorf("read %d items, kept %d", tree.Read.Items, tree.Items())
		}
	})
}
