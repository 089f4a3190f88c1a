package trlc_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/trlc"
)

func read(t testing.TB, fsys fs.FS, options trlc.Options) *exchange.Tree {
	t.Helper()
	tree, err := trlc.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// files makes a folder of name, content pairs.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// summary is a tree in a few lines.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	for _, ty := range tree.Types {
		fmt.Fprintf(&b, "type %s\n", ty.Name)
		for _, a := range ty.Attributes {
			fmt.Fprintf(&b, "  %s %s many=%t %s\n", a.Name, a.Data, a.Many, strings.Join(a.Values, "|"))
		}
	}
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s %q\n", d.Key, d.Title)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, "  field %s=%q %s\n", f.Name, f.Values, f.At)
		}
		for _, s := range d.Sections {
			fmt.Fprintf(&b, "%d section %d %q\n", s.Order, s.Level, s.Title)
		}
		for _, bl := range d.Blocks {
			fmt.Fprintf(&b, "%d block %s %q\n", bl.Order, bl.Kind, bl.Text)
		}
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d %s %s title=%q text=%q %s\n", it.Order, it.Key, it.Type, it.Title, it.Text, it.At)
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s written=%q\n", l.Verb, l.Target, l.State, l.At, l.Written)
			}
			for _, f := range it.Fields {
				fmt.Fprintf(&b, "  field %s=%q %s nested=%t %s\n", f.Name, f.Values, f.Data, f.Nested, f.At)
			}
		}
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("  without a remedy\n")
		}
	}
	for _, l := range tree.Lost {
		fmt.Fprintf(&b, "lost %s %s: %s: %s (%d)\n", l.At, l.Item, l.What, l.Why, l.Items)
	}
	return b.String()
}

const model = `package Pump
import Base

enum Level "of risk" {
  LOW "small"
  HIGH
}

// a version of something
tuple Versioned {
  item Requirement
  separator @
  version optional Integer
}
tuple Point { x Integer y Decimal }
tuple Size { w Integer separator x h Integer }

abstract type Item { summary String }
type Requirement "what is required" extends Item {
  description "the text" Markup_String
  level        Level
  critical     optional Boolean
  limits       optional Decimal [0 .. 2]
  derived_from optional Requirement [1 .. *]
  seen         optional Versioned [0 .. *]
  at           optional Point
  path         optional Point [0..*]
  size         optional Size
  owner        String
}
final type Frozen extends Requirement {
  freeze owner = "us"
}
checks Requirement {
  len(description) > 10 and (forall x in limits => x > 0.0), warning "too short", "details
  ", description
  level != Level.LOW, "low"
}
`

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	objects := `// Copyright
// somebody
package Pump
section "Alarms" {
  section "Visual" {
    Requirement stop {
      summary = "Stop \"now\""
      description = '''The pump [[go]] shall
        stop, see [[ Pump.go,
          other ]].

          - indented
        '''
      level = Level.HIGH
      critical = true // really
      limits = [-1.5, +2.0]
      derived_from = [go, Pump.nowhere]
      seen = [go @ 12, go]
      at = (1, 2.5)
      path = [(1, 2.0), (3, 4.0)]
      size = 50 x 60
      owner = "me"
    }
  }
  // between
}
Frozen go { summary = "Go" description = "" level = Pump.Level.LOW }
`
	tree := read(t, files("a/pump.rsl", strings.Replace(model, "details\n  ", "details", 1), "a/pump.trlc", objects), trlc.Options{})
	got := summary(tree)
	for _, want := range []string{
		"type Pump.Item\n  summary string many=false \ntype Pump.Requirement\n  summary string many=false \n  description markup many=false \n  level enumeration many=false LOW|HIGH\n  critical boolean many=false \n  limits real many=true \n  derived_from reference many=true \n",
		"document a/pump.rsl \"pump\"\n  field package=[\"Pump\"] a/pump.rsl:1:9\n  field import=[\"Base\"] a/pump.rsl:2:8\n",
		"1 block model \"```trlc\\nenum Level \\\"of risk\\\" {\\n  LOW \\\"small\\\"\\n  HIGH\\n}\\n```\"\n2 block comment \"a version of something\"\n3 block model \"```trlc\\ntuple Versioned {",
		"document a/pump \"pump\"\n  field package=[\"Pump\"] a/pump.trlc:3:9\n2 section 1 \"Alarms\"\n3 section 2 \"Visual\"\n1 block comment \"Copyright\\nsomebody\"\n5 block end \"\"\n6 block comment \"between\"\n7 block end \"\"\n",
		`4 Pump.stop Pump.Requirement title="Stop \"now\"" text="The pump [[go]] shall\nstop, see [[ Pump.go,\n  other ]].\n\n  - indented" a/pump.trlc:6:17` + "\n",
		"  link description Pump.go unconfirmed a/pump.trlc:8:35 written=\"go\"\n  link description Pump.go unconfirmed a/pump.trlc:9:22 written=\"\"\n  link description Pump.other unresolved a/pump.trlc:10:11 written=\"other\"\n" +
			"  link derived_from Pump.go unconfirmed a/pump.trlc:17:23 written=\"go\"\n  link derived_from Pump.nowhere unresolved a/pump.trlc:17:27 written=\"\"\n" +
			"  link seen Pump.go unconfirmed a/pump.trlc:18:15 written=\"go\"\n  link seen Pump.go unconfirmed a/pump.trlc:18:24 written=\"go\"\n",
		"  field level=[\"HIGH\"] enumeration nested=false a/pump.trlc:14:7\n  field critical=[\"true\"] boolean nested=false a/pump.trlc:15:7\n  field limits=[\"-1.5\" \"2.0\"] real nested=false a/pump.trlc:16:7\n  field seen=[\"go @ 12\" \"go\"]  nested=false a/pump.trlc:18:7\n" +
			"  field at=[\"{\\\"x\\\":1,\\\"y\\\":2.5}\"]  nested=true a/pump.trlc:19:7\n  field path=[\"[{\\\"x\\\":1,\\\"y\\\":2.0},{\\\"x\\\":3,\\\"y\\\":4.0}]\"]  nested=true a/pump.trlc:20:7\n  field size=[\"50 x 60\"]  nested=false a/pump.trlc:21:7\n  field owner=[\"me\"]  nested=false a/pump.trlc:22:7\n" +
			"  field comment=[\"really\"]  nested=false a/pump.trlc:15:23\n",
		"8 Pump.go Pump.Frozen title=\"Go\" text=\"\" a/pump.trlc:27:8\n  field level=[\"LOW\"] enumeration nested=false a/pump.trlc:27:45\n  field owner=[\"us\"]  nested=false a/pump.rsl:32:10\n",
		"lost a/pump.rsl:35:3 : check of Requirement: too short: checks are not evaluated: len(description) > 10 and (forall x in limits => x > 0.0) (0)\nlost a/pump.rsl:36:3 : check of Requirement: low: checks are not evaluated: level != Level.LOW (0)\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no\n%s\nin\n%s", want, got)
		}
	}
	if want := (exchange.Counts{Items: 2, Links: 7, Documents: 2}); tree.Read != want || tree.Items() != 2 {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
	for _, f := range tree.Faults {
		t.Errorf("unexpected fault: %+v", f)
	}
	if want := []exchange.Relation{{Verb: "derived_from"}, {Verb: "description"}, {Verb: "seen"}}; !cmp.Equal(tree.Relations, want) {
		t.Errorf("relations %v", tree.Relations)
	}
}

func TestReadWithoutModel(t *testing.T) {
	got := summary(read(t, files("x.trlc", `package A import B.C
B.C.Req one { link = two state = State.NEW text = "x" other = B.C.three }
Req two { a = 1_000 b = 2 @ 3 c = foo bar baz d = [] e = [two, State.OLD] }
`), trlc.Options{}))
	want := `document x "x"
  field package=["A"] x.trlc:1:9
  field import=["B.C"] x.trlc:1:18
1 A.one B.C.Req title="" text="x" x.trlc:2:9
  link link A.two unconfirmed x.trlc:2:22 written="two"
  field state=["State.NEW"]  nested=false x.trlc:2:26
  field other=["B.C.three"]  nested=false x.trlc:2:55
2 A.two A.Req title="" text="" x.trlc:3:5
  link c A.foo unresolved x.trlc:3:35 written="foo"
  link c A.baz unresolved x.trlc:3:43 written="baz"
  link e A.two unconfirmed x.trlc:3:59 written="two"
  field a=["1000"]  nested=false x.trlc:3:11
  field b=["2 @ 3"]  nested=false x.trlc:3:21
  field c=["foo bar baz"]  nested=false x.trlc:3:31
  field d=[]  nested=false x.trlc:3:47
  field e=["State.OLD"]  nested=false x.trlc:3:54
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaults(t *testing.T) {
	const small = "package P\nabstract type A { }\nenum E { X }\ntype T { n optional Integer e optional E l optional T [1 .. 2] s optional Markup_String d optional Decimal b optional Boolean str optional String }\n"
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string
	}{
		{"an empty folder", files("a.txt", ""), []string{"fault error=true . : no TRLC file (.rsl, .trlc) lies in the folder"}},
		{"no package", files("a.trlc", "T x { }"), []string{`fault error=true a.trlc:1:1 : 'package' is expected at the beginning of the file, but there is "T"`}},
		{"an empty file", files("a.trlc", ""), []string{`fault error=true a.trlc:1:1 : 'package' is expected at the beginning of the file, but there is the end of the file`}},
		{"values of other types", files("a.rsl", small, "a.trlc", "package P\nT x { n = 1.5 e = P.E.Y l = x s = 5 d = 1 b = \"\" str = true }"), []string{
			"a.trlc:2:11 P.x: the component n is of the type Integer, which 1.5 is not", "a.trlc:2:19 P.x: the component e is of the type E, which P.E.Y is not", "a.trlc:2:29 P.x: the component l is an array and x is none",
			"a.trlc:2:35 P.x: the component s is of the type Markup_String, which 5 is not", "a.trlc:2:41 P.x: the component d is of the type Decimal, which 1 is not", "a.trlc:2:47 P.x: the component b is of", "a.trlc:2:56 P.x: the component str is of"}},
		{"arrays beyond their bounds", files("a.rsl", small, "a.trlc", "package P T x { l = [] } T y { l = [x, x, x] }"), []string{"the component l has 0 values", "the component l has 3 values"}},
		{"an object of an abstract type", files("a.rsl", small, "a.trlc", "package P A x { }"), []string{"fault error=false a.trlc:1:11 P.x: P.A is abstract"}},
		{"an object of an enumeration", files("a.rsl", small, "a.trlc", "package P E x { }"), []string{"E is no record type"}},
		{"an unknown type", files("a.rsl", small, "a.trlc", "package P U x { }"), []string{"the type U is not declared in the folder", "1 P.x P.U "}},
		{"an unknown component", files("a.rsl", small, "a.trlc", "package P T x { z = 1 }"), []string{"P.T has no component z", `field z=["1"]`}},
		{"a component given twice", files("a.rsl", small, "a.trlc", "package P T x { n = 1 n = 2 }"), []string{"the component n is given twice", `field n=["1"]`, `field n=["2"]`}},
		{"a text that is a string the second time", files("a.trlc", "package P T x { text = 1 text = \"a\" title = 2 title = '''a''' }"), []string{`field text=["1"]`, "the component text is given twice"}},
		{"two objects of one name", files("a.trlc", "package P T x { } T x { }"), []string{"fault error=false a.trlc:1:21 P.x: the object P.x is declared already at a.trlc:1:13"}},
		{"two types of one name", files("a.rsl", "package P type T { } type T { }"), []string{"the type P.T is declared already at a.rsl:1:16"}},
		{"an unknown parent and type", files("a.rsl", "package P type T extends U { a V }"), []string{"P.T extends U, which is not declared", "the type V of P.T.a is not declared"}},
		{"types that extend each other", files("a.rsl", "package P type T extends U { a Integer } type U extends T { }", "a.trlc", "package P T x { a = 1 }"), []string{`field a=["1"] integer`}},
		{"a component that cannot be read", files("a.rsl", small, "a.trlc", "package P\nT x { n = * e = E.X }\nT y { }"), []string{
			`fault error=true a.trlc:2:11 : a value is expected here, but there is "*"`, `field e=["X"]`, "P.y", "lost a.trlc:2:7 P.x: component n: it cannot be read (0)"}},
		{"an object without a body", files("a.trlc", "package P\nT x\nT y { }"), []string{"'{' is expected behind the name x", "lost a.trlc:2:3 P.x: object: its components do not begin with { (1)", "1 P.y P.T"}},
		{"an object without a name", files("a.trlc", "package P\nT { }\nT y { }"), []string{"the name of an object is expected behind the type T", "P.y"}},
		{"braces that are not closed", files("a.trlc", "package P section \"s\" { T x { a = 1"), []string{"'}' is expected at the end of x", "the section is not closed", `field a=["1"]`}},
		{"a brace too many", files("a.trlc", "package P } T x { }"), []string{"an object or a section is expected here", "P.x"}},
		{"a string that ends with its line", files("a.trlc", "package P T x { text = \"a\n b = 1 }"), []string{"fault error=false a.trlc:1:24 : the string ends with its line", `text="a"`, `field b=["1"]`}},
		{"strings and comments without end", files("a.trlc", "package P T x { text = '''a", "b.trlc", "package P T y { text = \"a", "c.trlc", "package P /* T z"), []string{"a.trlc:1:24 : the string is not closed", "b.trlc:1:24 : the string is not closed", "c.trlc:1:11 : the comment is not closed", `P.x P.T title="" text="a"`}},
		{"characters that are none", files("a.trlc", "package P ` T x { } \x01"), []string{"the character '`' is unexpected", `the character '\x01' is unexpected`, "P.x"}},
		{"references that are not closed", files("a.rsl", small, "a.trlc", "package P T x { s = \"[[x\" }"), []string{"a list of references is not closed"}},
		{"null", files("a.rsl", small, "a.trlc", "package P T x { n = null }"), []string{"a component cannot be given as null"}},
		{"what a type freezes", files("a.rsl", "package P type T { n Integer freeze n = 1 }", "a.trlc", "package P T x { n = 2 }"), []string{"the component n is frozen by the type and given here"}},
		{"a model that cannot be read in part", files("a.rsl", "package P enum { A } type T { a } type U { a Integer } nonsense checks U { a > 1 } checks V { a > 1, 5 }"), []string{"the name of the enumeration is expected", "the type of a is expected", "type P.U\n  a integer", "',' is expected behind the expression of a check", "the message of the check is expected", "a type, an enum, a tuple or checks is expected here"}},
		{"a file of checks", files("a.check", "package P checks T { a > 1, fatal \"m\" }"), []string{"lost a.check:1:22 : check of T: m"}},
		{"objects in Markdown", files("a.trlc.md", "# P"), []string{"fault error=true a.trlc.md : objects in Markdown are not read"}},
		{"NUL", files("a.trlc", "package P\n\x00"), []string{"fault error=true a.trlc:2 : the file holds a NUL character"}},
		{"no UTF-8", files("a.trlc", "package P\n// \xff"), []string{"fault error=true a.trlc:2 : the file is not UTF-8 (byte 0xff)"}},
		{"half a character of UTF-16", files("a.trlc", "\xff\xfea"), []string{"a.trlc:1 : the file is not valid UTF-16 text: it ends within a character"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys, trlc.Options{}))
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if strings.Contains(got, "without a remedy") {
				t.Error(got)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const text = "package P\r\nT x { text = \"é\" }\r\n"
	want := summary(read(t, files("a.trlc", text), trlc.Options{}))
	wide := []byte{0xff, 0xfe}
	for _, r := range text {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for _, other := range []string{"\ufeff" + text, string(wide), strings.ReplaceAll(text, "\r", ""), strings.ReplaceAll(text, "\n", "")} {
		if got := summary(read(t, files("a.trlc", other), trlc.Options{})); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", other, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("[", 1000) + strings.Repeat("]", 1000)
	limits := trlc.Limits{FileBytes: 20_000, ValueBytes: 100, Values: 50, Depth: 10, Faults: 20, Files: 100}
	cases := map[string]string{
		"package P T x { a = " + deep + " b = 1 }":                        "values are nested more than 10 deep",
		"package P T x { a = [" + strings.Repeat("1,", 100) + "] }":       "the component has more than 50 values",
		"package P T x { a = \"" + strings.Repeat("a", 200) + "\" }":      "the string is longer than 100 bytes",
		"package P " + strings.Repeat("section \"s\" { ", 1000):           "sections are nested more than 10 deep",
		"package P " + strings.Repeat("` ", 1000):                         "more than 20 faults; the file is read no further",
		"package P T x { a = b" + strings.Repeat(".b", 1000) + " }":       "",
		"package P //" + strings.Repeat("a", 30_000):                      "it is larger than 20000 bytes",
		"package P T x { a = 1" + strings.Repeat(" @ 1", 100) + " b = 2 ": "the component has more than 50 values",
	}
	for text, want := range cases {
		if got := summary(read(t, files("a.trlc", text), trlc.Options{Limits: limits})); !strings.Contains(got, want) {
			t.Errorf("%.60s: no %q in\n%s", text, want, got)
		}
	}
}

// TestHostile reads what is large and nasty within the default limits.
//
// goldthread:verifies SRS-50
func TestHostile(t *testing.T) {
	const n = 1_000_000
	for name, text := range map[string]string{
		"brackets": "package P T x { a = " + strings.Repeat("[", n),
		"sections": "package P " + strings.Repeat("section \"s\" {", n/10),
		"braces":   "package P " + strings.Repeat("}", n),
		"quotes":   "package P " + strings.Repeat("'", n),
		"comments": "package P " + strings.Repeat("//\n", n),
		"open":     "package P " + strings.Repeat("/*", n),
		"names":    "package P " + strings.Repeat("T ", n),
		"dots":     "package P T x { a = " + strings.Repeat("a.", n),
		"string":   "package P T x { a = \"" + strings.Repeat("a", 50<<20) + "\" }",
		"bytes":    strings.Repeat("\x01", n),
		"lists":    "package P type T { s Markup_String } ",
	} {
		t.Run(name, func(t *testing.T) {
			tree := read(t, files("a.trlc", text, "a.rsl", strings.Replace(text, "T x", "type x", 1)), trlc.Options{})
			if len(tree.Faults) == 0 && name != "comments" && name != "lists" {
				t.Error("no fault")
			}
		})
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]bool{"// c\n/* d */ package P": true, "\ufeffpackage P": true, "package": false, "{}": false, "": false} {
		if got := trlc.Detect(files("a/b.trlc", text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
		if trlc.Detect(files(".git/b.trlc", text)) || trlc.Detect(files("b.txt", text)) {
			t.Errorf("%q is seen where it must not be", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(model, "package Pump Requirement x { description = '''a [[x, Pump.y]]''' seen = [x @ 1] size = 1 x 2 at = (1, 2.0) }")
	f.Add("package P type T extends T { a [A, B] optional }", "package P section \"s\" { T x { a = [[(1)]] } } // c")
	if data := exchangetest.Data(f, "reqtext", "trlc"); data != "" {
		folders, _ := filepath.Glob(filepath.Join(data, "*"))
		for _, folder := range folders {
			var text [2]string
			for i, ext := range []string{".rsl", ".trlc"} {
				names, _ := filepath.Glob(filepath.Join(folder, "*"+ext))
				for _, name := range names {
					raw, err := os.ReadFile(name)
					if err != nil {
						f.Fatal(err)
					}
					text[i] = string(raw)
				}
			}
			f.Add(text[0], text[1])
		}
	}
	f.Fuzz(func(t *testing.T, rsl, objects string) {
		tree := read(t, files("a.rsl", rsl, "a.trlc", objects), trlc.Options{})
		lost := 0
		for _, l := range tree.Lost {
			lost += l.Items
		}
		links := 0
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
			}
		}
		if tree.Read.Items != tree.Items()+lost || tree.Read.Links != links {
			t.Errorf("read %+v, %d items kept, %d lost, %d links kept", tree.Read, tree.Items(), lost, links)
		}
		for _, f := range tree.Faults {
			if f.Message == "" || f.Remedy == "" || f.At.File == "" {
				t.Errorf("fault %+v", f)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString("package Pump\n")
	for i := range 50_000 {
		fmt.Fprintf(&text, "Requirement req_%d {\n  summary = \"Requirement %d\"\n  description = \"The pump shall stop within %d ms after the detection of an occlusion [[req_%d]].\"\n  level = Level.HIGH\n  critical = true\n  derived_from = [req_%d]\n  owner = \"me\"\n}\n", i, i, i, i/2, i/3)
	}
	fsys := files("a.rsl", model, "a.trlc", text.String())
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if tree := read(b, fsys, trlc.Options{}); tree.Items() != 50_000 {
			b.Fatal(tree.Items(), tree.Faults[:3])
		}
	}
}
