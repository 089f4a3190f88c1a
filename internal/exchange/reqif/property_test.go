package reqif

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
)

// whole is a file with all that the format has. Its elements have a prefix where one is given.
func whole(prefix string) string {
	text := `<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:x="urn:x">
  <THE-HEADER><REQ-IF-HEADER IDENTIFIER="head"><CREATION-TIME>2020-01-01T00:00:00Z</CREATION-TIME><REQ-IF-TOOL-ID>T</REQ-IF-TOOL-ID><REQ-IF-VERSION>1.0</REQ-IF-VERSION><SOURCE-TOOL-ID>T</SOURCE-TOOL-ID><TITLE>All</TITLE></REQ-IF-HEADER></THE-HEADER>
  <CORE-CONTENT><REQ-IF-CONTENT>
    <DATATYPES>
      <DATATYPE-DEFINITION-STRING IDENTIFIER="dS" LAST-CHANGE="2020-01-01T00:00:00Z" MAX-LENGTH="1000"/>
      <DATATYPE-DEFINITION-XHTML IDENTIFIER="dX" LAST-CHANGE="2020-01-01T00:00:00Z"/>
      <DATATYPE-DEFINITION-INTEGER IDENTIFIER="dI" LAST-CHANGE="2020-01-01T00:00:00Z" MAX="10" MIN="0"/>
      <DATATYPE-DEFINITION-REAL IDENTIFIER="dR" LAST-CHANGE="2020-01-01T00:00:00Z" ACCURACY="2" MAX="10" MIN="0"/>
      <DATATYPE-DEFINITION-BOOLEAN IDENTIFIER="dB" LAST-CHANGE="2020-01-01T00:00:00Z"/>
      <DATATYPE-DEFINITION-DATE IDENTIFIER="dD" LAST-CHANGE="2020-01-01T00:00:00Z"/>
      <DATATYPE-DEFINITION-ENUMERATION IDENTIFIER="dE" LAST-CHANGE="2020-01-01T00:00:00Z"><SPECIFIED-VALUES>
        <ENUM-VALUE IDENTIFIER="e2" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="must"><PROPERTIES><EMBEDDED-VALUE KEY="0" OTHER-CONTENT=""/></PROPERTIES></ENUM-VALUE>
        <ENUM-VALUE IDENTIFIER="e1" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="can"><PROPERTIES><EMBEDDED-VALUE KEY="1" OTHER-CONTENT=""/></PROPERTIES></ENUM-VALUE>
      </SPECIFIED-VALUES></DATATYPE-DEFINITION-ENUMERATION>
    </DATATYPES>
    <SPEC-TYPES>
      <SPEC-OBJECT-TYPE IDENTIFIER="T" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Requirement"><SPEC-ATTRIBUTES>
        <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="aK" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="ReqIF.ForeignID"><TYPE><DATATYPE-DEFINITION-STRING-REF>dS</DATATYPE-DEFINITION-STRING-REF></TYPE></ATTRIBUTE-DEFINITION-STRING>
        <ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="aN" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="ReqIF.Name"><TYPE><DATATYPE-DEFINITION-XHTML-REF>dX</DATATYPE-DEFINITION-XHTML-REF></TYPE></ATTRIBUTE-DEFINITION-XHTML>
        <ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="aT" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="ReqIF.Text"><TYPE><DATATYPE-DEFINITION-XHTML-REF>dX</DATATYPE-DEFINITION-XHTML-REF></TYPE></ATTRIBUTE-DEFINITION-XHTML>
        <ATTRIBUTE-DEFINITION-INTEGER IDENTIFIER="aI" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Number"><TYPE><DATATYPE-DEFINITION-INTEGER-REF>dI</DATATYPE-DEFINITION-INTEGER-REF></TYPE></ATTRIBUTE-DEFINITION-INTEGER>
        <ATTRIBUTE-DEFINITION-REAL IDENTIFIER="aR" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Weight"><TYPE><DATATYPE-DEFINITION-REAL-REF>dR</DATATYPE-DEFINITION-REAL-REF></TYPE></ATTRIBUTE-DEFINITION-REAL>
        <ATTRIBUTE-DEFINITION-BOOLEAN IDENTIFIER="aB" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Safe"><TYPE><DATATYPE-DEFINITION-BOOLEAN-REF>dB</DATATYPE-DEFINITION-BOOLEAN-REF></TYPE></ATTRIBUTE-DEFINITION-BOOLEAN>
        <ATTRIBUTE-DEFINITION-DATE IDENTIFIER="aD" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Due"><TYPE><DATATYPE-DEFINITION-DATE-REF>dD</DATATYPE-DEFINITION-DATE-REF></TYPE></ATTRIBUTE-DEFINITION-DATE>
        <ATTRIBUTE-DEFINITION-ENUMERATION IDENTIFIER="aE" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Priority" MULTI-VALUED="true"><TYPE><DATATYPE-DEFINITION-ENUMERATION-REF>dE</DATATYPE-DEFINITION-ENUMERATION-REF></TYPE></ATTRIBUTE-DEFINITION-ENUMERATION>
        <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="aS" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Note"><TYPE><DATATYPE-DEFINITION-STRING-REF>dS</DATATYPE-DEFINITION-STRING-REF></TYPE></ATTRIBUTE-DEFINITION-STRING>
        <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="aS2" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Note"><TYPE><DATATYPE-DEFINITION-STRING-REF>dS</DATATYPE-DEFINITION-STRING-REF></TYPE></ATTRIBUTE-DEFINITION-STRING>
      </SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE>
      <SPEC-OBJECT-TYPE IDENTIFIER="T2" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Bare"/>
      <SPEC-RELATION-TYPE IDENTIFIER="RT" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="satisfies"><SPEC-ATTRIBUTES>
        <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="aQ" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Why"><TYPE><DATATYPE-DEFINITION-STRING-REF>dS</DATATYPE-DEFINITION-STRING-REF></TYPE></ATTRIBUTE-DEFINITION-STRING>
      </SPEC-ATTRIBUTES></SPEC-RELATION-TYPE>
      <SPECIFICATION-TYPE IDENTIFIER="ST" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Module"/>
      <RELATION-GROUP-TYPE IDENTIFIER="GT" LAST-CHANGE="2020-01-01T00:00:00Z"/>
    </SPEC-TYPES>
    <SPEC-OBJECTS>` + objectXML("o1", "R-1", "First", "<h:p>The <h:b>pump</h:b> shall stop.</h:p>") + objectXML("o2", "R-2", "Second", "<h:ul><h:li>a</h:li><h:li><h:span style=\"color:red\">b</h:span></h:li></h:ul>") + objectXML("o3", "R-3", "Third", "plain") + `
      <SPEC-OBJECT IDENTIFIER="o4" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Named &amp; bare" DESC="d"><TYPE><SPEC-OBJECT-TYPE-REF>T2</SPEC-OBJECT-TYPE-REF></TYPE></SPEC-OBJECT>
      <SPEC-OBJECT LAST-CHANGE='2020-01-01T00:00:00Z' IDENTIFIER='o5'><VALUES/><TYPE><SPEC-OBJECT-TYPE-REF>T</SPEC-OBJECT-TYPE-REF></TYPE></SPEC-OBJECT>
      <SPEC-OBJECT IDENTIFIER="o6" LAST-CHANGE="2020-01-01T00:00:00Z"><TYPE><SPEC-OBJECT-TYPE-REF>T</SPEC-OBJECT-TYPE-REF></TYPE></SPEC-OBJECT>
    </SPEC-OBJECTS>
    <SPEC-RELATIONS>
      <SPEC-RELATION IDENTIFIER="l1" LAST-CHANGE="2020-01-01T00:00:00Z"><SOURCE><SPEC-OBJECT-REF>o1</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>o2</SPEC-OBJECT-REF></TARGET><TYPE><SPEC-RELATION-TYPE-REF>RT</SPEC-RELATION-TYPE-REF></TYPE>
        <VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE="because"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>aQ</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING></VALUES></SPEC-RELATION>
      <SPEC-RELATION IDENTIFIER="l2" LAST-CHANGE="2020-01-01T00:00:00Z"><SOURCE><SPEC-OBJECT-REF>o3</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>o1</SPEC-OBJECT-REF></TARGET><TYPE><SPEC-RELATION-TYPE-REF>RT</SPEC-RELATION-TYPE-REF></TYPE></SPEC-RELATION>
    </SPEC-RELATIONS>
    <SPECIFICATIONS>
      <SPECIFICATION IDENTIFIER="s1" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="One"><TYPE><SPECIFICATION-TYPE-REF>ST</SPECIFICATION-TYPE-REF></TYPE><CHILDREN>
        <SPEC-HIERARCHY IDENTIFIER="n1" LAST-CHANGE="2020-01-01T00:00:00Z" IS-TABLE-INTERNAL="false"><OBJECT><SPEC-OBJECT-REF>o1</SPEC-OBJECT-REF></OBJECT><CHILDREN>
          <SPEC-HIERARCHY IDENTIFIER="n2" LAST-CHANGE="2020-01-01T00:00:00Z"><OBJECT><SPEC-OBJECT-REF>o2</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY>
        </CHILDREN></SPEC-HIERARCHY>
        <SPEC-HIERARCHY IDENTIFIER="n3" LAST-CHANGE="2020-01-01T00:00:00Z"><OBJECT><SPEC-OBJECT-REF>o3</SPEC-OBJECT-REF></OBJECT><EDITABLE-ATTS><ATTRIBUTE-DEFINITION-STRING-REF>aS</ATTRIBUTE-DEFINITION-STRING-REF></EDITABLE-ATTS></SPEC-HIERARCHY>
        <SPEC-HIERARCHY IDENTIFIER="n4" LAST-CHANGE="2020-01-01T00:00:00Z"><OBJECT><SPEC-OBJECT-REF>o4</SPEC-OBJECT-REF></OBJECT><CHILDREN/></SPEC-HIERARCHY>
      </CHILDREN></SPECIFICATION>
      <SPECIFICATION IDENTIFIER="s2" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="Two"><TYPE><SPECIFICATION-TYPE-REF>ST</SPECIFICATION-TYPE-REF></TYPE><CHILDREN>
        <SPEC-HIERARCHY IDENTIFIER="m1" LAST-CHANGE="2020-01-01T00:00:00Z"><OBJECT><SPEC-OBJECT-REF>o5</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY>
        <SPEC-HIERARCHY IDENTIFIER="m2" LAST-CHANGE="2020-01-01T00:00:00Z"><OBJECT><SPEC-OBJECT-REF>o1</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY>
        <SPEC-HIERARCHY IDENTIFIER="m3" LAST-CHANGE="2020-01-01T00:00:00Z"><OBJECT><SPEC-OBJECT-REF>o6</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY>
      </CHILDREN></SPECIFICATION>
    </SPECIFICATIONS>
    <SPEC-RELATION-GROUPS>
      <RELATION-GROUP IDENTIFIER="g" LAST-CHANGE="2020-01-01T00:00:00Z" LONG-NAME="G"><SOURCE-SPECIFICATION><SPECIFICATION-REF>s1</SPECIFICATION-REF></SOURCE-SPECIFICATION><SPEC-RELATIONS><SPEC-RELATION-REF>l1</SPEC-RELATION-REF><SPEC-RELATION-REF>l2</SPEC-RELATION-REF></SPEC-RELATIONS><TARGET-SPECIFICATION><SPECIFICATION-REF>s2</SPECIFICATION-REF></TARGET-SPECIFICATION><TYPE><RELATION-GROUP-TYPE-REF>GT</RELATION-GROUP-TYPE-REF></TYPE></RELATION-GROUP>
    </SPEC-RELATION-GROUPS>
  </REQ-IF-CONTENT></CORE-CONTENT>
  <TOOL-EXTENSIONS><REQ-IF-TOOL-EXTENSION><x:y>kept</x:y></REQ-IF-TOOL-EXTENSION></TOOL-EXTENSIONS>
</REQ-IF>
`
	if prefix == "" {
		return text
	}
	text = prefixed.ReplaceAllString(text, "<${1}"+prefix+":${2}")
	return strings.Replace(text, "xmlns=", "xmlns:"+prefix+"=", 1)
}

func objectXML(id, key, title, text string) string {
	simple := func(kind, def, value string) string {
		return fmt.Sprintf("<ATTRIBUTE-VALUE-%[1]s THE-VALUE=\"%[3]s\">\n<DEFINITION><ATTRIBUTE-DEFINITION-%[1]s-REF>%[2]s</ATTRIBUTE-DEFINITION-%[1]s-REF></DEFINITION></ATTRIBUTE-VALUE-%[1]s>\n", kind, def, value)
	}
	markup := func(def, value string) string {
		return fmt.Sprintf("<ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>%s</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION><THE-VALUE><h:div>%s</h:div></THE-VALUE></ATTRIBUTE-VALUE-XHTML>\n", def, value)
	}
	return fmt.Sprintf("\n<SPEC-OBJECT IDENTIFIER=\"%s\" LAST-CHANGE=\"2020-01-01T00:00:00Z\">\n<VALUES>\n%s</VALUES>\n<TYPE><SPEC-OBJECT-TYPE-REF>T</SPEC-OBJECT-TYPE-REF></TYPE></SPEC-OBJECT>", id,
		simple("STRING", "aK", key)+markup("aN", title)+markup("aT", text)+simple("INTEGER", "aI", "7")+simple("REAL", "aR", "1.5")+simple("BOOLEAN", "aB", "true")+simple("DATE", "aD", "2020-01-01T00:00:00Z")+
			"<ATTRIBUTE-VALUE-ENUMERATION><VALUES><ENUM-VALUE-REF>e2</ENUM-VALUE-REF><ENUM-VALUE-REF>e1</ENUM-VALUE-REF></VALUES><DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>aE</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION></ATTRIBUTE-VALUE-ENUMERATION>"+
			simple("STRING", "aS", "n1")+simple("STRING", "aS2", "n2"))
}

// prefixed finds names of elements of ReqIF.
var prefixed = regexp.MustCompile("<(/?)([A-Z])")

var nasty = rapid.StringOfN(rapid.SampledFrom([]rune("ab1 \"'<>&;#*_`[]()|\\-\n\té\U0001F489")), 1, 30, -1)

// line is a title, or a key.
var line = rapid.Map(nasty, func(s string) string {
	if s = oneLine(s); s == "" {
		return "x"
	}
	return s
})

// text is a text as a workspace keeps it.
var markdownText = rapid.Map(rapid.OneOf(nasty, rapid.SampledFrom([]string{"# Heading\n\ntext", "- a\n- b\n  - c", "| a | b |\n|---|---|\n| 1 | 2 |", "```\ncode  <x>\n```", "a  b\nc", "> quoted\n> twice", "1. a\n2. b", "<b>raw</b>", "**b** *i* `c`", "![p](a.png)"})), func(s string) string {
	if s = plain(s); s == "" {
		return "y"
	}
	return s
})

// alter does one thing to a tree that people do, or some tool.
func alter(t *rapid.T, tree *exchange.Tree, n int) {
	var docs []*exchange.Document
	var all []*exchange.Item
	for i := range tree.Documents {
		d := &tree.Documents[i]
		docs = append(docs, d)
		for j := range d.Items {
			all = append(all, &d.Items[j])
		}
	}
	if len(all) == 0 {
		return
	}
	pick := func() *exchange.Item { return all[rapid.IntRange(0, len(all)-1).Draw(t, "item")] }
	d := docs[rapid.IntRange(0, len(docs)-1).Draw(t, "document")]
	switch what := rapid.SampledFrom([]string{"key", "title", "text", "no text", "value", "no value", "new value", "field", "gone", "new", "moved", "deeper", "link", "no link", "link field", "name", "prose", "section"}).Draw(t, "what"); what {
	case "key":
		if it := pick(); it.Key != "" {
			it.Key = line.Draw(t, "key")
		}
	case "title":
		pick().Title = line.Draw(t, "title")
	case "text":
		it := pick()
		it.Text, it.Heading = markdownText.Draw(t, "text"), false
	case "no text":
		if it := pick(); !it.Heading {
			it.Text = ""
		}
	case "value":
		it := pick()
		for i := range it.Fields {
			f := &it.Fields[i]
			switch f.Name {
			case "Number":
				f.Values = []string{"3"}
			case "Weight":
				f.Values = []string{"2.25"}
			case "Safe":
				f.Values = []string{"false"}
			case "Due":
				f.Values = []string{"2021-02-03T04:05:06Z"}
			case "Priority":
				f.Values = []string{"can"}
			case "DESC":
				f.Values = []string{line.Draw(t, "value")}
			default:
				f.Values = []string{markdownText.Draw(t, "value")}
			}
		}
	case "no value":
		if it := pick(); len(it.Fields) > 0 {
			i := rapid.IntRange(0, len(it.Fields)-1).Draw(t, "field")
			name := it.Fields[i].Name
			it.Fields = slices.DeleteFunc(slices.Clone(it.Fields), func(f exchange.Field) bool { return f.Name == name })
		}
	case "new value":
		it := pick()
		if it.Type == "Requirement" && !slices.ContainsFunc(it.Fields, func(f exchange.Field) bool { return f.Name == "Priority" }) {
			it.Fields = append(it.Fields, exchange.Field{Name: "Priority", Data: exchange.DataEnum, Values: []string{"can", "must"}})
		}
	case "field":
		it := pick()
		name := rapid.SampledFrom([]string{"Colour", "Size & <shape>"}).Draw(t, "name")
		if !slices.ContainsFunc(it.Fields, func(f exchange.Field) bool { return f.Name == name }) {
			it.Fields = append(it.Fields, exchange.Field{Name: name, Data: exchange.DataString, Values: []string{nasty.Draw(t, "value")}})
		}
	case "gone":
		if len(d.Items) > 1 {
			i := rapid.IntRange(0, len(d.Items)-1).Draw(t, "place")
			id := d.Items[i].ID
			d.Items = slices.Delete(slices.Clone(d.Items), i, i+1)
			for _, x := range docs {
				x.Blocks = slices.DeleteFunc(x.Blocks, func(b exchange.Block) bool { return b.Kind == "reference" && id == "o1" })
			}
		}
	case "new":
		it := exchange.Item{ID: fmt.Sprintf("new-%d", n), Key: fmt.Sprintf("N-%d", n), Type: rapid.SampledFrom([]string{"Requirement", "Another"}).Draw(t, "type"), Title: line.Draw(t, "title"), Text: markdownText.Draw(t, "text"),
			Level: "1", Normative: true, Active: true, Fields: []exchange.Field{{Name: "Number", Data: exchange.DataInteger, Values: []string{"5"}}}}
		it.Links = []exchange.Link{{Verb: rapid.SampledFrom([]string{"satisfies", "tests"}).Draw(t, "verb"), Target: all[0].ID, Fields: []exchange.Field{{Name: "Why", Data: exchange.DataString, Values: []string{"so"}}}}}
		d.Items = slices.Insert(slices.Clone(d.Items), rapid.IntRange(0, len(d.Items)).Draw(t, "place"), it)
	case "moved":
		if len(d.Items) > 1 {
			i := rapid.IntRange(0, len(d.Items)-1).Draw(t, "from")
			it := d.Items[i]
			d.Items = slices.Delete(slices.Clone(d.Items), i, i+1)
			to := docs[rapid.IntRange(0, len(docs)-1).Draw(t, "to")]
			if it.ID == "o1" { // the first place of an object is its own, and s2 has another of this one
				to = d
			}
			to.Items = slices.Insert(slices.Clone(to.Items), rapid.IntRange(0, len(to.Items)).Draw(t, "place"), it)
		}
	case "deeper":
		pick().Level += ".1"
	case "link":
		it := pick()
		it.Links = append(slices.Clone(it.Links), exchange.Link{Verb: "traces & more", Target: pick().ID})
	case "no link":
		it := pick()
		if len(it.Links) > 0 {
			it.Links = it.Links[1:]
		}
	case "link field":
		for _, it := range all {
			for i := range it.Links {
				for j := range it.Links[i].Fields {
					if f := &it.Links[i].Fields[j]; f.Name == "Why" {
						f.Values = []string{nasty.Draw(t, "value")}
					}
				}
			}
		}
	case "name":
		d.Title = line.Draw(t, "title")
	case "prose":
		d.Blocks = append(d.Blocks, exchange.Block{Kind: "prose", Text: markdownText.Draw(t, "text"), Order: rapid.IntRange(0, 5).Draw(t, "order")})
	case "section":
		d.Sections = append(d.Sections, exchange.Section{Title: line.Draw(t, "title"), Level: 1, Order: rapid.IntRange(0, 5).Draw(t, "order")})
	}
	for _, d := range docs {
		renumber(d)
	}
}

// renumber gives what stands in a document the order and levels that a reader finds.
func renumber(d *exchange.Document) {
	type thing struct {
		order int
		item  *exchange.Item
		sec   *exchange.Section
		block *exchange.Block
	}
	var all []thing
	for i := range d.Items {
		all = append(all, thing{order: 1000 * (i + 1), item: &d.Items[i]})
	}
	for i := range d.Sections {
		all = append(all, thing{order: 1000*min(d.Sections[i].Order, 900) + 1, sec: &d.Sections[i]})
	}
	for i := range d.Blocks {
		all = append(all, thing{order: 1000*min(d.Blocks[i].Order, 900) + 2, block: &d.Blocks[i]})
	}
	slices.SortStableFunc(all, func(a, b thing) int { return a.order - b.order })
	var numbers []int
	depth := 0
	for i, x := range all {
		switch {
		case x.item != nil:
			x.item.Order, x.item.Document = i+1, d.Key
			depth = min(depthOf(x.item.Level), depth+1)
		case x.sec != nil:
			x.sec.Order = i + 1
			depth = min(x.sec.Level, depth+1)
			x.sec.Level = depth
		default:
			x.block.Order = i + 1
			depth = max(depth, 1)
			if x.block.Kind == "reference" {
				depth = 1 // as it stood
			}
		}
		for len(numbers) < depth {
			numbers = append(numbers, 0)
		}
		numbers = numbers[:depth]
		numbers[depth-1]++
		if x.item != nil {
			parts := make([]string, depth)
			for k, n := range numbers {
				parts[k] = itoa(max(n, 1))
			}
			x.item.Level = strings.Join(parts, ".")
		}
	}
}

// settle brings a tree into the order in which a reader finds its parts, for comparison.
func settle(tree *exchange.Tree) {
	ids := map[string]bool{}
	for i := range tree.Documents {
		d := &tree.Documents[i]
		slices.SortStableFunc(d.Sections, func(a, b exchange.Section) int { return a.Order - b.Order })
		slices.SortStableFunc(d.Blocks, func(a, b exchange.Block) int { return a.Order - b.Order })
		d.Path = ""
		for j := range d.Blocks {
			if d.Blocks[j].Kind == "reference" {
				d.Blocks[j].Text = "" // names the key, which may have changed
			}
		}
		for j := range d.Items {
			ids[d.Items[j].ID] = true
		}
	}
	tree.Read = exchange.Counts{}
	for i := range tree.Documents {
		for j := range tree.Documents[i].Items {
			it := &tree.Documents[i].Items[j]
			slices.SortStableFunc(it.Fields, func(a, b exchange.Field) int { return strings.Compare(a.Name, b.Name) })
			for k := range it.Links {
				l := &it.Links[k]
				l.ID = ""
				l.State = exchange.Unconfirmed
				if !ids[l.Target] {
					l.State = exchange.Unresolved
				}
				slices.SortStableFunc(l.Fields, func(a, b exchange.Field) int { return strings.Compare(a.Name, b.Name) })
			}
			slices.SortStableFunc(it.Links, func(a, b exchange.Link) int {
				return strings.Compare(a.Verb+"\x00"+a.Target, b.Verb+"\x00"+b.Target)
			})
		}
	}
}

// Whatever is done to what came in is what is read again, and the file stays valid.
//
// goldthread:verifies SRS-74
func TestWhateverIsChangedIsReadAgain(t *testing.T) {
	outer, checked := t, 0
	for _, prefix := range []string{"", "reqif"} {
		source := fstest.MapFS{"a/x.reqif": {Data: []byte(whole(prefix))}}
		valid(t, source["a/x.reqif"].Data)
		rapid.Check(t, func(t *rapid.T) {
			tree, err := Read(source, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for n := range rapid.IntRange(0, 6).Draw(t, "changes") {
				alter(t, tree, n)
			}
			got, lost, err := Update(source, tree, WriteOptions{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			again, err := Read(fstest.MapFS{"a/x.reqif": {Data: got}}, Options{})
			if err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			settle(tree)
			settle(again)
			if d := cmp.Diff(tree, again, sameTree); d != "" {
				t.Fatalf("losses %+v\n(-tree +again):\n%s", lost, d)
			}
			if !strings.Contains(string(got), "kept</x:y>") {
				t.Fatal("the tool extension is gone")
			}
			if checked++; checked%8 != 0 { // a check takes long
				return
			}
			if wrong := isValid(outer, got); wrong != "" {
				t.Fatalf("%s\n%s", wrong, got)
			}
		})
	}
}
