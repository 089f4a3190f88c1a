package verify

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// goldthread:verifies SRS-122
func TestTheFrozenExport(t *testing.T) {
	file := read(t, "v1.zip")
	r, err := File(bytes.NewReader(file), int64(len(file)), read(t, "v1.checkpoint"))
	if err != nil || len(r.Damages) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	got := fmt.Sprintf("%s %d %x; %d operations, %d checkpoints, %d signatures, %d files, kept %d", r.Origin, r.Size, r.Root[:4], r.Operations, r.Checkpoints, r.Signatures, r.Blobs, r.Kept)
	const want = "goldthread/104663596f9a538896b79df656008e71 13 f8232ba4; 18 operations, 13 checkpoints, 1 signatures, 1 files, kept 11"
	if got != want {
		t.Errorf("it says\n%s, want\n%s", got, want)
	}
	var notes []string
	for _, n := range r.Notes {
		notes = append(notes, n.String())
	}
	if want := []string{"entry 7, operation 2: redacted by entry 8", "entry 11: a checkpoint of 11 entries that was kept elsewhere agrees"}; !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
}

// part is a part of a zip file that is put together by hand.
type part struct {
	header zip.FileHeader
	text   []byte
}

func pack(t *testing.T, parts []part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.CreateHeader(&p.header)
		if err == nil {
			_, err = w.Write(p.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func stored(name, text string) part {
	return part{zip.FileHeader{Name: name, Method: zip.Store}, []byte(text)}
}

// goldthread:verifies SRS-122
func TestFilesThatAreNoExport(t *testing.T) {
	three := func() []part {
		return []part{stored("ledger.jsonl", ""), stored("checkpoints", ""), stored("keys", "")}
	}
	hash := strings.Repeat("ab", 32)
	if _, err := Open(bytes.NewReader(pack(t, three())), int64(len(pack(t, three())))); err != nil {
		t.Fatal(err)
	}
	bomb := zip.FileHeader{Name: "ledger.jsonl", Method: zip.Deflate}
	for sentence, parts := range map[string][]part{
		"nothing":                           nil,
		"a part too few":                    three()[:2],
		"parts in another order":            {three()[1], three()[0], three()[2]},
		"a part that is compressed":         append([]part{{bomb, make([]byte, 1<<20)}}, three()[1:]...),
		"a part twice":                      append(three(), stored("keys", "")),
		"a file under a name":               append(three(), stored("blobs/report.xml", "")),
		"a file beside the folder":          append(three(), stored("../"+hash, "")),
		"a file in upper case":              append(three(), stored("blobs/"+strings.ToUpper(hash), "")),
		"a file twice":                      append(three(), stored("blobs/"+hash, ""), stored("blobs/"+hash, "")),
		"files in another order":            append(three(), stored("blobs/"+hash, ""), stored("blobs/"+strings.Repeat("aa", 32), "")),
		"a folder in the place of a ledger": append([]part{stored("ledger.jsonl/", "")}, three()[1:]...),
	} {
		file := pack(t, parts)
		if _, err := File(bytes.NewReader(file), int64(len(file))); err == nil {
			t.Errorf("%s is taken for an export", sentence)
		}
	}
}

// directory puts a zip file together whose directory says what it likes about one local part.
func directory(text string, entries []zip.FileHeader, offsets []uint32) []byte {
	local := append([]byte("PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00"), make([]byte, 12)...)
	local = append(local, 12, 0, 0, 0)
	local = append(append(local, "ledger.jsonl"...), text...)
	file := slices.Clone(local)
	for i, e := range entries {
		b := append([]byte("PK\x01\x02\x14\x00\x14\x00"), 0, 0, 0, 0, 0, 0, 0, 0)
		b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(text)))
		b = binary.LittleEndian.AppendUint32(b, uint32(e.CompressedSize64))
		b = binary.LittleEndian.AppendUint32(b, uint32(e.UncompressedSize64))
		b = binary.LittleEndian.AppendUint16(b, uint16(len(e.Name)))
		b = append(b, make([]byte, 12)...)
		b = binary.LittleEndian.AppendUint32(b, offsets[i])
		file = append(append(file, b...), e.Name...)
	}
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = binary.LittleEndian.AppendUint16(end, uint16(len(entries)))
	end = binary.LittleEndian.AppendUint16(end, uint16(len(entries)))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(file)-len(local)))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(local)))
	return append(append(file, end...), 0, 0)
}

// goldthread:verifies SRS-122
func TestPartsThatLie(t *testing.T) {
	header := func(name string, compressed, uncompressed uint64) zip.FileHeader {
		return zip.FileHeader{Name: name, CompressedSize64: compressed, UncompressedSize64: uncompressed}
	}
	for sentence, file := range map[string][]byte{
		"lie over each other": directory("text\n", []zip.FileHeader{header("ledger.jsonl", 5, 5), header("checkpoints", 5, 5), header("keys", 5, 5)}, []uint32{0, 0, 0}),
		"lie about the size":  directory("text\n", []zip.FileHeader{header("ledger.jsonl", 5, 5000), header("checkpoints", 0, 0), header("keys", 0, 0)}, []uint32{0, 0, 0}),
		"are larger than all": directory("text\n", []zip.FileHeader{header("ledger.jsonl", 1<<31, 1<<31), header("checkpoints", 0, 0), header("keys", 0, 0)}, []uint32{0, 0, 0}),
	} {
		if _, err := Open(bytes.NewReader(file), int64(len(file))); err == nil || !strings.Contains(err.Error(), "part") {
			t.Errorf("parts that %s: %v, want them refused", sentence, err)
		}
	}
}

// goldthread:verifies SRS-122
func TestCanonicalForm(t *testing.T) {
	for text, ok := range map[string]bool{
		`{}`: true, `{"a":1,"b":[true,null,"x"]}`: true, "{\"a\":\"\u2028<&>\U0001F600\"}": true, `{"a":"\b\t\n\f\r\u001f\"\\"}`: true,
		"{\"\U0001F600\":1,\"\ue000\":2}": true, "{\"\ue000\":1,\"\U0001F600\":2}": false, `{"b":1,"a":2}`: false, `{"a":1,"a":1}`: false, `{ }`: false,
		`{"a":1.0}`: false, `{"a":1e2}`: false, `{"a":-0}`: false, `{"a":"\u0041"}`: false, `{"a":"\u000a"}`: false, `{"a":"\/"}`: false, `{"a":9007199254740992}`: false,
		`{}{}`: false, `[]`: false, `null`: false, ``: false, "{\"a\":\"\xff\"}": false,
	} {
		_, err := parseObject(text)
		if (err == nil) != ok {
			t.Errorf("%s: %v, want it taken: %v", text, err, ok)
		}
		if again, err := jcs.Transform([]byte(text)); ok && (err != nil || string(again) != text) {
			t.Errorf("%s: a second opinion on RFC 8785 writes %s, %v", text, again, err)
		}
	}
}

// FuzzFile gives the verifier files of a stranger: it ends, and says nothing good of what is not the frozen export.
func FuzzFile(f *testing.F) {
	file := read(f, "v1.zip")
	f.Add(file)
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := File(bytes.NewReader(text), int64(len(text)))
		if err == nil && len(r.Damages) == 0 && r.Checkpoints > 0 && !strings.HasPrefix(r.Origin, "goldthread/") {
			t.Errorf("taken without a name: %+v", r)
		}
	})
}

// FuzzParseLine: what is taken has one spelling.
func FuzzParseLine(f *testing.F) {
	f.Add([]byte(`{"envelope":"{}","key":"","leaf":"00","operations":[{"bytes":"","commitment":"","salt":""},{"commitment":"00","redacted_by":7}],"sequence":1}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := ParseLine(line)
		if err != nil {
			return
		}
		if again := AppendLine(nil, e); !bytes.Equal(again, line) || !json.Valid(again) {
			t.Errorf("%s is written %s", line, again)
		}
	})
}
