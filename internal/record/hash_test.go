package record_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// vectors are those of testdata/vectors.json, which testdata/vectors.py made.
type vectors struct {
	Content []contentVector
	Links   []linksVector
}

type contentVector struct {
	Name string
	Item struct {
		Kind, Title, Text string
		Fields            map[string]any // a string, or an array of strings
		Files             map[string]string
	}
	Canonical, Hash string
}

type linksVector struct {
	Name            string
	Links           [][2]string
	Canonical, Hash string
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Content) == 0 || len(v.Links) == 0 {
		t.Fatal("testdata/vectors.json holds no vectors")
	}
	return v
}

// record makes the item of a vector.
func (v contentVector) record(t *testing.T) record.Item {
	t.Helper()
	it := record.Item{ID: record.ID{1}, Key: "SRS-1", Kind: record.Kind(v.Item.Kind), Title: v.Item.Title, Text: v.Item.Text}
	for name, value := range v.Item.Fields {
		f := record.Field{Name: name}
		switch value := value.(type) {
		case string:
			f.Values = []string{value}
		case []any:
			f.Many = true
			for _, s := range value {
				f.Values = append(f.Values, s.(string))
			}
		default:
			t.Fatalf("%s: field %s is a %T", v.Name, name, value)
		}
		it.Fields = append(it.Fields, f)
	}
	for name, digits := range v.Item.Files {
		h, err := record.ParseHash("", digits)
		if err != nil {
			t.Fatal(err)
		}
		it.Files = append(it.Files, record.File{Name: name, Hash: h})
	}
	it.SortFields()
	return it
}

// goldthread:verifies SRS-1
func TestContentHashVectors(t *testing.T) {
	for _, v := range readVectors(t).Content {
		t.Run(v.Name, func(t *testing.T) {
			it := v.record(t)
			if sum := sha256.Sum256([]byte(v.Canonical)); v.Hash != "h1:"+hex.EncodeToString(sum[:]) {
				t.Errorf("the vector's hash is not that of its bytes")
			}
			if got := string(secondOpinion(t, &it)); got != v.Canonical {
				t.Errorf("canonical bytes by encoding/json and jcs\n got %s\nwant %s", got, v.Canonical)
			}
			if got := it.ContentHash().Content(); got != v.Hash {
				t.Errorf("content hash %s, want %s", got, v.Hash)
			}
			stale := bytes.Repeat([]byte{'x'}, 7)
			if got, _ := it.AppendContentHash(stale); got.Content() != v.Hash {
				t.Errorf("content hash with a used buffer %s, want %s", got.Content(), v.Hash)
			}
		})
	}
}

// secondOpinion makes the bytes under a content hash in another way: maps, encoding/json, gowebpki/jcs.
func secondOpinion(t rapid.TB, it *record.Item) []byte {
	t.Helper()
	fields, files := map[string]any{}, map[string]string{}
	for _, f := range it.Fields {
		values := []string{}
		for _, v := range f.Values {
			values = append(values, record.NormalText(v))
		}
		if fields[f.Name] = any(values); !f.Many {
			fields[f.Name] = values[0]
		}
	}
	for _, f := range it.Files {
		files[f.Name] = hex.EncodeToString(f.Hash[:])
	}
	plain, err := json.Marshal(map[string]any{"goldthread": "content 1", "kind": it.Kind, "title": it.Title,
		"text": record.NormalText(it.Text), "fields": fields, "files": files})
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := jcs.Transform(plain)
	if err != nil {
		t.Fatal(err)
	}
	return canonical
}

// goldthread:verifies SRS-1
func TestContentHashHasASecondOpinion(t *testing.T) {
	var buf []byte
	rapid.Check(t, func(t *rapid.T) {
		it := genItem.Draw(t, "item")
		it.Text = anyString.Draw(t, "any text") // what nobody has checked is hashed all the same
		canonical := secondOpinion(t, &it)
		want := record.Hash(sha256.Sum256(canonical))
		if got := it.ContentHash(); got != want {
			t.Fatalf("content hash %s, want %s of %s", got.Hex(), want.Hex(), canonical)
		}
		var got record.Hash
		if got, buf = it.AppendContentHash(buf); got != want {
			t.Fatalf("with a used buffer %s, want %s", got.Hex(), want.Hex())
		}
	})
}

func TestNormalText(t *testing.T) {
	tests := []struct{ sentence, in, want string }{
		{"nothing", "", ""},
		{"a line", "a", "a"},
		{"empty lines at both ends", "\n\na\n\n", "a"},
		{"lines of blanks at both ends", " \n\t\na\n \t \n", "a"},
		{"blanks at line ends", "a \nb\t\n c \t ", "a\nb\n c"},
		{"blanks at the beginning of a line stay", "  a\n\tb", "  a\n\tb"},
		{"empty lines inside stay, without their blanks", "a\n \n\nb", "a\n\n\nb"},
		{"line ends of other systems", "a\r\nb\r\n", "a\nb"},
		{"several carriage returns before a line end", "a\r\r\nb", "a\nb"},
		{"a carriage return inside a line stays", "a\rb", "a\rb"},
		{"a no-break space at a line end stays", "a\u00a0\nb", "a\u00a0\nb"},
		{"nothing but blanks", " \t\r\n \r\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if got := record.NormalText(tt.in); got != tt.want {
				t.Errorf("NormalText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// TestNormalTextIsWhatTheHashSees takes all small texts: two have one hash exactly when they have one normal form.
//
// goldthread:verifies SRS-2
func TestNormalTextIsWhatTheHashSees(t *testing.T) {
	seen := map[record.Hash]string{}
	forms := map[string]bool{}
	for s := range smallStrings("a \n\r", 6) {
		normal := record.NormalText(s)
		if again := record.NormalText(normal); again != normal {
			t.Fatalf("the normal form %q of %q has the normal form %q", normal, s, again)
		}
		h := (&record.Item{Kind: "SRS", Text: s}).ContentHash()
		if other, known := seen[h]; known && other != normal {
			t.Fatalf("%q and %q have one hash", normal, other)
		}
		seen[h] = normal
		forms[normal] = true
	}
	if len(seen) != len(forms) {
		t.Errorf("%d hashes of %d normal forms", len(seen), len(forms))
	}
}

// TestWhatTheContentHashCovers changes one thing at a time.
//
// goldthread:verifies SRS-1
func TestWhatTheContentHashCovers(t *testing.T) {
	before := validItem()
	tests := []struct {
		sentence string
		covered  bool
		change   func(*record.Item)
	}{
		{"the kind", true, func(it *record.Item) { it.Kind = "SYS" }},
		{"the title", true, func(it *record.Item) { it.Title += "!" }},
		{"the case of the title", true, func(it *record.Item) { it.Title = strings.ToUpper(it.Title) }},
		{"a composed letter for a decomposed one", true, func(it *record.Item) { it.Title = "Stop on occlusio\u0144" }},
		{"the text", true, func(it *record.Item) { it.Text += "!" }},
		{"a blank at the beginning of a line of the text", true, func(it *record.Item) { it.Text = " " + it.Text }},
		{"an empty line within the text", true, func(it *record.Item) { it.Text = strings.Replace(it.Text, "\n\n", "\n", 1) }},
		{"a value", true, func(it *record.Item) { it.Fields[1].Values[0] += "!" }},
		{"the order of values", true, func(it *record.Item) { slices.Reverse(it.Fields[0].Values) }},
		{"one value more", true, func(it *record.Item) { it.Fields[0].Values = append(it.Fields[0].Values, "x") }},
		{"no values instead of no field", true, func(it *record.Item) { it.Fields[0].Values = nil }},
		{"a field removed", true, func(it *record.Item) { it.Fields = it.Fields[:1] }},
		{"a field added", true, func(it *record.Item) {
			it.Fields = append(it.Fields, record.Field{Name: "source", Values: []string{""}})
		}},
		{"a field renamed", true, func(it *record.Item) { it.Fields[1].Name = "reason" }},
		{"a field of one that becomes a field of many", true, func(it *record.Item) { it.Fields[1].Many = true }},
		{"two values that become one with a comma", true, func(it *record.Item) { it.Fields[0].Values = []string{"alarms, functional"} }},
		{"what a file holds", true, func(it *record.Item) { it.Files[0].Hash[31]++ }},
		{"the name of a file", true, func(it *record.Item) { it.Files[0].Name = "img/a.PNG" }},
		{"a file removed", true, func(it *record.Item) { it.Files = it.Files[:1] }},
		{"the identity", false, func(it *record.Item) { it.ID[0]++ }},
		{"the key", false, func(it *record.Item) { it.Key = "SRS-13" }},
		{"the language", false, func(it *record.Item) { it.Language = "de" }},
		{"blanks at the line ends of the text", false, func(it *record.Item) { it.Text = strings.ReplaceAll(it.Text, "\n", " \t\n") }},
		{"line ends of other systems in the text", false, func(it *record.Item) { it.Text = strings.ReplaceAll(it.Text, "\n", "\r\n") }},
		{"empty lines at both ends of the text", false, func(it *record.Item) { it.Text = "\n \n" + it.Text + "\n\n" }},
		{"blanks at the end of a value", false, func(it *record.Item) { it.Fields[1].Values[0] += " " }},
		{"a line end at the end of one of many values", false, func(it *record.Item) { it.Fields[0].Values[0] += "\r\n" }},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			after := validItem()
			tt.change(&after)
			if changed := before.ContentHash() != after.ContentHash(); changed != tt.covered {
				t.Errorf("the hash changed: %v, want %v", changed, tt.covered)
			}
		})
	}
}

// TestAnyChangeOfWhatIsCoveredChangesTheHash draws items and changes one covered thing of each.
//
// goldthread:verifies SRS-1
func TestAnyChangeOfWhatIsCoveredChangesTheHash(t *testing.T) {
	different := func(t *rapid.T, old string) string {
		return anyString.Filter(func(s string) bool { return record.NormalText(s) != record.NormalText(old) }).Draw(t, "different")
	}
	rapid.Check(t, func(t *rapid.T) {
		it := genItem.Draw(t, "item")
		before := it.ContentHash()
		what := []string{"kind", "title", "text", "new field", "new file"}
		if len(it.Fields) > 0 {
			what = append(what, "field removed", "many", "value added", "value")
		}
		if len(it.Files) > 0 {
			what = append(what, "file removed", "file hash")
		}
		chosen := rapid.SampledFrom(what).Draw(t, "what")
		switch chosen {
		case "kind":
			it.Kind += "X"
		case "title":
			it.Title = different(t, it.Title)
		case "text":
			it.Text = different(t, it.Text)
		case "new field":
			it.Fields = append(it.Fields, record.Field{Name: "zz/new", Values: []string{itemText.Draw(t, "value")}})
		case "new file":
			it.Files = append(it.Files, record.File{Name: "\uffff new"})
		case "field removed":
			it.Fields = it.Fields[1:]
		case "many":
			f := &it.Fields[0]
			if f.Many = !f.Many; !f.Many && len(f.Values) != 1 {
				f.Values = []string{"one"}
			}
		case "value added":
			it.Fields[0].Many = true
			it.Fields[0].Values = append(it.Fields[0].Values, "")
		case "value":
			if len(it.Fields[0].Values) == 0 {
				t.Skip("a field of many without values")
			}
			it.Fields[0].Values[0] = different(t, it.Fields[0].Values[0])
		case "file removed":
			it.Files = it.Files[1:]
		case "file hash":
			it.Files[0].Hash[rapid.IntRange(0, 31).Draw(t, "byte")] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		}
		it.SortFields()
		if it.ContentHash() == before {
			t.Fatalf("%s changed, the content hash did not", chosen)
		}
	})
}

// goldthread:verifies SRS-2
func TestBlanksAndLineEndsDoNotChangeTheHash(t *testing.T) {
	disturb := func(t *rapid.T, s string) string {
		var b strings.Builder
		b.WriteString(rapid.SampledFrom([]string{"", "\n", "\r\n", " \t\n\n"}).Draw(t, "before"))
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{"\n", "\r\n", " \n", "\t \r\n"}).Draw(t, "line end"))
			}
			b.WriteString(line)
		}
		b.WriteString(rapid.SampledFrom([]string{"", " ", "\n", "\r\n", "\t\n \n"}).Draw(t, "after"))
		return b.String()
	}
	rapid.Check(t, func(t *rapid.T) {
		it := genItem.Draw(t, "item")
		before := it.ContentHash()
		it.Text = disturb(t, it.Text)
		for i := range it.Fields {
			for j := range it.Fields[i].Values {
				it.Fields[i].Values[j] = disturb(t, it.Fields[i].Values[j])
			}
		}
		if it.ContentHash() != before {
			t.Fatal("the content hash changed")
		}
	})
}

// goldthread:verifies SRS-3
func TestLinkSetHashVectors(t *testing.T) {
	for _, v := range readVectors(t).Links {
		t.Run(v.Name, func(t *testing.T) {
			if sum := sha256.Sum256([]byte(v.Canonical)); v.Hash != "l1:"+hex.EncodeToString(sum[:]) {
				t.Errorf("the vector's hash is not that of its bytes")
			}
			if want, err := jcs.Transform([]byte(v.Canonical)); err != nil || string(want) != v.Canonical {
				t.Errorf("the vector's bytes are not canonical: %v", err)
			}
			var links []record.Link
			for _, pair := range v.Links {
				l := record.Link{Verb: record.Verb(pair[0]), Source: record.ID{7}, Confirmed: record.Confirmation{Source: record.Hash{1}}}
				if id, err := record.ParseID(pair[1]); err == nil {
					l.Target = id
				} else {
					l.Ref = record.Ref(pair[1])
				}
				links = append(links, l)
			}
			if got := record.LinkSetHash(links).Links(); got != v.Hash {
				t.Errorf("link-set hash %s, want %s", got, v.Hash)
			}
		})
	}
}

var genLinks = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record.Link {
	to := genTarget.Draw(t, "target")
	return record.Link{Verb: genVerb.Draw(t, "verb"), Source: genID.Draw(t, "source"), Target: to.id, Ref: to.ref, Confirmed: genConfirmation.Draw(t, "confirmed")}
}), 1, 6)

// goldthread:verifies SRS-3
func TestLinkSetHashProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		links := genLinks.Draw(t, "links")
		before := record.LinkSetHash(links)
		if record.LinkSetHash(rapid.Permutation(links).Draw(t, "order")) != before {
			t.Fatal("the order of links changed the hash")
		}
		same := slices.Clone(links)
		i := rapid.IntRange(0, len(links)-1).Draw(t, "link")
		same[i].Source, same[i].Confirmed = genID.Draw(t, "other source"), genConfirmation.Draw(t, "other confirmation")
		if !same[i].Target.IsZero() {
			same[i].Ref = "SYS-9"
		}
		if record.LinkSetHash(same) != before {
			t.Fatal("what is not covered changed the hash: source, confirmation, or the reference of a resolved link")
		}
		other := slices.Clone(links)
		switch rapid.SampledFrom([]string{"verb", "target", "removed", "twice"}).Draw(t, "what") {
		case "verb":
			other[i].Verb += "x"
		case "target":
			other[i].Ref, other[i].Target = other[i].Ref+"0", record.ID{}
			if other[i].Ref == "0" {
				other[i].Ref = "SYS-9"
			}
		case "removed":
			other = slices.Delete(other, i, i+1)
		case "twice":
			other = append(other, other[i])
		}
		if record.LinkSetHash(other) == before {
			t.Fatal("one link changed, the hash did not")
		}
	})
}

func TestHashesAsText(t *testing.T) {
	h := record.Hash(sha256.Sum256([]byte("a")))
	digits := "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
	if h.Hex() != digits || h.Content() != "h1:"+digits || h.Links() != "l1:"+digits {
		t.Errorf("%s, %s, %s", h.Hex(), h.Content(), h.Links())
	}
	var none record.Hash
	if !none.IsZero() || h.IsZero() || none.Content() != "-" || none.Links() != "-" {
		t.Error("no hash is not written as -")
	}
	tests := []struct {
		sentence, scheme, in string
		good                 bool
	}{
		{"a content hash", "h1:", "h1:" + digits, true},
		{"a link-set hash", "l1:", "l1:" + digits, true},
		{"bare digits", "", digits, true},
		{"no hash", "h1:", "-", true},
		{"nothing", "h1:", "", false},
		{"the scheme alone", "h1:", "h1:", false},
		{"another scheme", "h1:", "l1:" + digits, false},
		{"a later scheme", "h1:", "h2:" + digits, false},
		{"no scheme", "h1:", digits, false},
		{"upper case", "h1:", "h1:" + strings.ToUpper(digits), false},
		{"one digit short", "h1:", "h1:" + digits[1:], false},
		{"one digit more", "h1:", "h1:" + digits + "0", false},
		{"a letter beyond f", "h1:", "h1:g" + digits[1:], false},
		{"a blank at the end", "h1:", "h1:" + digits + " ", false},
		{"a megabyte", "h1:", strings.Repeat("h", 1<<20), false},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got, err := record.ParseHash(tt.scheme, tt.in)
			if (err == nil) != tt.good {
				t.Fatalf("ParseHash(%q, %.80q) = %s, %v", tt.scheme, tt.in, got.Hex(), err)
			}
			if err != nil && (!got.IsZero() || len(err.Error()) > 300) {
				t.Errorf("a hash comes with the error, or the error has %d bytes", len(err.Error()))
			}
			if err == nil && tt.in != "-" && got != h {
				t.Errorf("ParseHash(%q) = %s", tt.in, got.Hex())
			}
		})
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("h1:", "h1:"+strings.Repeat("0f", 32))
	f.Add("l1:", "-")
	f.Add("", strings.Repeat("a", 64))
	f.Add("h1:", "h1:"+strings.Repeat("0", 64))
	f.Fuzz(func(t *testing.T, scheme, s string) {
		h, err := record.ParseHash(scheme, s)
		switch {
		case err != nil:
			if !h.IsZero() {
				t.Errorf("ParseHash(%q, %q) refuses, and gives %s", scheme, s, h.Hex())
			}
		case s == "-":
			if !h.IsZero() {
				t.Errorf("- is read as %s", h.Hex())
			}
		case scheme+h.Hex() != s:
			t.Errorf("ParseHash(%q, %q) = %s", scheme, s, h.Hex())
		}
	})
}
