package jsontree_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

func parse(t testing.TB, text string) jsontree.Value {
	t.Helper()
	v, err := jsontree.Parse("a.json", []byte(text), jsontree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// goldthread:verifies SRS-50
func TestRefusals(t *testing.T) {
	cases := []struct {
		sentence, text string
		want           string // position and message
	}{
		{"an empty file", "", "a.json:1:1: the file is empty, where a JSON value is expected"},
		{"blanks only", " \n\t", "a.json:1:1: the file is empty, where a JSON value is expected"},
		{"only a byte order mark", "\xef\xbb\xbf", "a.json:1:1: the file is empty, where a JSON value is expected"},
		{"a name twice", "{\n \"a\": 1,\n \"a\": 2}", "a.json:3:2: the name \"a\" is given twice in one object, first in line 2"},
		{"a name twice, escaped once", `{"a":1,"\u0061":2}`, `a.json:1:8: the name "a" is given twice in one object, first in line 1`},
		{"a name twice among many", `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"c":0}`, `a.json:1:56: the name "c" is given twice in one object, first in line 1`},
		{"the empty name twice", `{"":1,"":2}`, `a.json:1:7: the name "" is given twice in one object, first in line 1`},
		{"data behind the value", "{}\n{}", "a.json:2:1: something stands behind the end of the JSON value"},
		{"a word behind the value", "1 x", "a.json:1:3: something stands behind the end of the JSON value"},
		{"bytes that are not UTF-8", "{\"a\":\n\"ab\xff\"}", "a.json:2:4: the file is not UTF-8 text"},
		{"an encoded surrogate", "\"\xed\xa0\x80\"", "a.json:1:2: the file is not UTF-8 text"},
		{"half of a surrogate pair", `["\ud800"]`, `a.json:1:3: \ud800 is half of a surrogate pair, which is no character`},
		{"two first halves", `["\ud800\ud800"]`, `a.json:1:3: \ud800 is half of a surrogate pair, which is no character`},
		{"a second half alone", `["\uDC00"]`, `a.json:1:3: \uDC00 is half of a surrogate pair, which is no character`},
		{"an escaped NUL", `["\u0000"]`, "a.json:1:3: a string holds the character NUL"},
		{"a NUL between values", "[1,\x002]", `a.json:1:4: a value is expected, not '\x00'`},
		{"a control character in a string", "[\"a\x01\"]", "a.json:1:4: the control character 0x1 stands in a string without an escape"},
		{"a line end in a string", "[\"a\nb\"]", "a.json:1:4: the control character 0xa stands in a string without an escape"},
		{"a string without an end", `["a`, "a.json:1:2: a string has no end"},
		{"an escape at the end", `["a\`, "a.json:1:4: a string has no end"},
		{"an unknown escape", `["\x41"]`, `a.json:1:3: a backslash in a string is followed by none of "\/bfnrtu`},
		{"a short escape", `["\u12"]`, `a.json:1:3: \u is not followed by four hexadecimal digits`},
		{"NaN", "[NaN]", "a.json:1:2: NaN is no value of JSON"},
		{"a leading zero", "[01]", "a.json:1:2: this is no number as JSON writes it"},
		{"a point without digits", "[1.]", "a.json:1:2: this is no number as JSON writes it"},
		{"an exponent without digits", "[1e+]", "a.json:1:2: this is no number as JSON writes it"},
		{"a hexadecimal number", "[0x10]", "a.json:1:2: this is no number as JSON writes it"},
		{"a sign alone", "[-]", "a.json:1:2: this is no number as JSON writes it"},
		{"a comma before the end of a list", "[1,]", "a.json:1:4: a value is expected, not ']'"},
		{"a comma before the end of an object", `{"a":1,}`, "a.json:1:8: the name of a member is expected, in double quotes"},
		{"a name without quotes", `{a:1}`, "a.json:1:2: the name of a member is expected, in double quotes"},
		{"no colon", `{"a" 1}`, "a.json:1:6: a colon is expected behind the name of a member"},
		{"no comma", `[1 2]`, "a.json:1:4: a comma or the end of a list is expected"},
		{"the wrong end", `{"a":1]`, "a.json:1:7: a comma or the end of an object is expected"},
		{"an end alone", `]`, "a.json:1:1: a value is expected, not ']'"},
		{"a comment", "// x\n{}", "a.json:1:1: a value is expected, not '/'"},
		{"an open object", "{\"a\":[1", "a.json:1:8: the file ends within a list"},
		{"an open member", `{"a":`, "a.json:1:6: the file ends where a value is expected"},
		{"a word in the wrong case", "True", `a.json:1:1: a value is expected, not "True"`},
		{"UTF-16 that ends in the middle", "\xff\xfe[\x00]", "a.json:1: the file is not valid UTF-16 text: it ends within a character"},
		{"UTF-32", "\xff\xfe\x00\x00[\x00\x00\x00", "a.json:1:1: the file is UTF-32 text"},
		{"depth", strings.Repeat("[", 257), "a.json:1:257: values are nested more than 256 deep"},
		{"depth of a million", strings.Repeat(`{"a":`, 1_000_000), "a.json:1:1281: values are nested more than 256 deep"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			_, err := jsontree.Parse("a.json", []byte(c.text), jsontree.Limits{})
			if err == nil {
				t.Fatal("was read")
			}
			if err.Error() != c.want || err.Remedy == "" {
				t.Errorf("%v (%s), want %s", err, err.Remedy, c.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	big := `["` + strings.Repeat("x", 100) + `"]`
	for limits, want := range map[jsontree.Limits]string{
		{FileBytes: 50}:   "a.json: the file is larger than 50 bytes",
		{StringBytes: 50}: "a.json:1:2: a string is longer than 50 bytes",
		{Values: 1}:       "a.json:1:2: the file holds more than 1 values",
	} {
		if _, err := jsontree.Parse("a.json", []byte(big), limits); err == nil || err.Error() != want {
			t.Errorf("%+v: %v, want %s", limits, err, want)
		}
	}
	if _, err := jsontree.Load(fstest.MapFS{"a.json": {Data: []byte(big)}}, "a.json", jsontree.Limits{FileBytes: 5}); err == nil || !err.Fault().Error {
		t.Errorf("a file above the limit was read: %v", err)
	}
	if _, err := jsontree.Parse("a.json", []byte(strings.Repeat("[", 256)+strings.Repeat("]", 256)), jsontree.Limits{}); err != nil {
		t.Errorf("256 deep: %v", err)
	}
}

func TestValues(t *testing.T) {
	v := parse(t, "\xef\xbb\xbf{\r\n \"täg\": [\"a\\n\\u00fc\\ud83d\\ude00\", -1.50e+3, true, null, {}],\r\n \"o\": {\"b\": {\"c\": []}, \"d\": \"\"}, \"e\\\\\": 12}")
	var got []string
	for name, member := range v.Members() {
		got = append(got, fmt.Sprintf("%s %s at %s, named at %s: %s", name, member.Kind(), member.At(), member.NameAt(), member.JSON()))
	}
	for e := range v.Get("täg").Elements() {
		got = append(got, fmt.Sprintf("%s at %s: %q empty=%t", e.Kind(), e.At(), e.Text(), e.Empty()))
	}
	want := []string{
		"täg a list at a.json:2:10, named at a.json:2:2: [\"a\\nü😀\",-1.50e+3,true,null,{}]",
		"o an object at a.json:3:7, named at a.json:3:2: {\"b\":{\"c\":[]},\"d\":\"\"}",
		"e\\ a number at a.json:3:41, named at a.json:3:34: 12",
		"a string at a.json:2:11: \"a\\nü😀\" empty=false",
		"a number at a.json:2:36: \"-1.50e+3\" empty=false",
		"a truth value at a.json:2:46: \"true\" empty=false",
		"null at a.json:2:52: \"\" empty=true",
		"an object at a.json:2:58: \"\" empty=true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n, ok := v.Get("e\\").Int(); n != 12 || !ok {
		t.Errorf("e is %d %t", n, ok)
	}
	if texts, ok := v.Get("täg").Strings(); ok {
		t.Errorf("a list with an object gives texts %q", texts)
	}
	missing := v.Get("no").Get("no")
	if missing.Exists() || !missing.Empty() || missing.Len() != 0 || missing.Text() != "" || v.Get("o").Len() != 2 || v.Get("täg").Len() != 5 {
		t.Error("lengths, or a missing member, are not right")
	}
}

func TestUTF16(t *testing.T) {
	want := `{"a":"ü😀"}`
	for mark, order := range map[string][2]int{"\xff\xfe": {0, 1}, "\xfe\xff": {1, 0}} {
		data := []byte(mark)
		for _, u := range utf16.Encode([]rune(want)) {
			pair := []byte{byte(u), byte(u >> 8)}
			data = append(data, pair[order[0]], pair[order[1]])
		}
		v, err := jsontree.Parse("a.json", data, jsontree.Limits{})
		if err != nil || v.JSON() != want {
			t.Errorf("%q: %v %s", mark, err, v.JSON())
		}
	}
}

func TestNames(t *testing.T) {
	cases := []struct {
		text  string
		depth int
		want  []string
	}{
		{`{"a": {"b": 1, "c": [{"d": {}}]}, "e`, 2, []string{"a", "a/b", "a/c", "e"}[:3]},
		{`[{"id": "x", "n": [1,2]}, {"id": 3}`, 2, []string{"*/id", "*/n", "*/id"}},
		{`{"a\u0062": {"x": "}"}, "y": tr`, 2, []string{"ab", "ab/x", "y"}},
		{`<xml a="b">`, 2, nil},
		{`} {"a"`, 2, nil},
		{``, 2, nil},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, jsontree.Names([]byte(c.text), c.depth)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.text, diff)
		}
	}
}

func TestFiles(t *testing.T) {
	fsys := fstest.MapFS{"b/x.json": {}, "a.JSON": {}, "a.txt": {}, ".git/c.json": {}, "node_modules/d.json": {}, "b.json": {}}
	names, faults, err := jsontree.Files(fsys, 0, ".json")
	if diff := cmp.Diff([]string{"a.JSON", "b.json", "b/x.json"}, names); diff != "" || len(faults) > 0 || err != nil {
		t.Errorf("%s %v %v", diff, faults, err)
	}
	if _, faults, _ := jsontree.Files(fsys, 2, ".json"); len(faults) != 1 || !faults[0].Error {
		t.Errorf("a limit of 2 gives %v", faults)
	}
	if jsontree.Any(fsys, func(name string) bool { return strings.Contains(name, "c.json") }, ".json") {
		t.Error("a folder of version control was looked through")
	}
}

// anything generates values that encoding/json makes.
func anything() *rapid.Generator[any] {
	scalars := []*rapid.Generator[any]{rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Float64Range(-1e9, 1e9).AsAny(), text().AsAny()}
	leaf := rapid.OneOf(scalars...)
	one := rapid.OneOf(append(scalars, rapid.SliceOfN(leaf, 0, 4).AsAny(), rapid.MapOfN(text(), leaf, 0, 12).AsAny())...)
	return rapid.OneOf(one, rapid.SliceOfN(one, 0, 5).AsAny(), rapid.MapOfN(text(), one, 0, 5).AsAny())
}

func text() *rapid.Generator[string] {
	return rapid.StringOf(rapid.RuneFrom([]rune("aZ09 \"\\/\n\r\t\b\f\x01\x7fäß€😀\u2028<>&{}[],:")))
}

// TestSameAsEncodingJSON holds the values against those that encoding/json reads.
func TestSameAsEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data, err := json.Marshal(anything().Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.ReplaceAll(data, []byte(`\u0000`), []byte(`0`))
		var indented bytes.Buffer
		if err := json.Indent(&indented, data, "", "\t"); err != nil {
			t.Fatal(err)
		}
		v, refused := jsontree.Parse("a.json", indented.Bytes(), jsontree.Limits{})
		if refused != nil {
			t.Fatal(refused)
		}
		var want, got any
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(v.JSON()), &got); err != nil {
			t.Fatalf("%s: %v", v.JSON(), err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(want, native(v)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// native is a value as encoding/json holds it.
func native(v jsontree.Value) any {
	switch v.Kind() {
	case jsontree.Bool:
		return v.Bool()
	case jsontree.Number:
		f, err := json.Number(v.Text()).Float64()
		if err != nil {
			panic(err) // JSON numbers of the test are floats
		}
		return f
	case jsontree.String:
		return v.Text()
	case jsontree.Array:
		list := []any{}
		for e := range v.Elements() {
			list = append(list, native(e))
		}
		return list
	case jsontree.Object:
		object := map[string]any{}
		for name, m := range v.Members() {
			object[name] = native(m)
		}
		return object
	}
	return nil
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,"\ud83d\ude00\n",true,null,{"b":{}}]}`, "[]", "\xff\xfe[\x00]\x00", `{"a":1,"a":2}`, `[[[[1]]]]`, `"\u0041"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		jsontree.Names(data, 3)
		v, refused := jsontree.Parse("a.json", data, jsontree.Limits{Depth: 50, Values: 10_000})
		if refused != nil {
			if refused.Message == "" || refused.Remedy == "" || refused.At.File == "" {
				t.Fatalf("a refusal without a reason: %+v", refused)
			}
			return
		}
		text := v.JSON()
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(text)); err != nil || compact.String() != text {
			t.Fatalf("%s: %v", text, err)
		}
		again, refused := jsontree.Parse("a.json", []byte(text), jsontree.Limits{Depth: 50, Values: 10_000})
		if refused != nil || again.JSON() != text {
			t.Fatalf("%s: %v", text, refused)
		}
		if data[0] < 0x80 { // encoding/json takes no byte order mark
			var want any
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatalf("encoding/json refuses %q: %v", data, err)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"needs":{`)
	for i := range 20_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, "\n  \"REQ_%d\": {\"id\": \"REQ_%d\", \"title\": \"A title of %d\", \"tags\": [\"a\", \"b\"], \"links\": [\"REQ_%d\"], \"description\": \"Some text\\nof two lines with \\u00fc.\", \"lineno\": %d, \"is_need\": true, \"status\": null}", i, i, i, i/2, i)
	}
	text.WriteString("}}")
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		v, err := jsontree.Parse("a.json", data, jsontree.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, need := range v.Get("needs").Members() {
			for _, member := range need.Members() {
				n += len(member.Text()) + member.At().Line
			}
		}
	}
}

func TestNotesAreBounded(t *testing.T) {
	var notes jsontree.Notes
	for range jsontree.MaxNotes + 3 {
		notes.Fault(exchange.Fault{Message: "x", Error: true})
		notes.Lose(exchange.Loss{What: "y", Items: 1, Links: 2})
	}
	tree := &exchange.Tree{}
	notes.Into(tree)
	items, links := 0, 0
	for _, l := range tree.Lost {
		items += l.Items
		links += l.Links
	}
	if n := jsontree.MaxNotes + 3; len(tree.Faults) != jsontree.MaxNotes+1 || len(tree.Lost) != jsontree.MaxNotes+1 || items != n || links != 2*n || tree.Faults[jsontree.MaxNotes].Message != "3 further faults are not listed" {
		t.Errorf("%d faults, %d losses of %d items and %d links, first %+v", len(tree.Faults), len(tree.Lost), items, links, tree.Faults[0])
	}
}
