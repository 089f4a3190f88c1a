package strictdoc_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
)

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
	fmt.Fprintf(&b, "markup %s, read %d items %d links %d documents\n", tree.Markup, tree.Read.Items, tree.Read.Links, tree.Read.Documents)
	for _, t := range tree.Types {
		fmt.Fprintf(&b, "type %s %v\n", t.Name, t.Attributes)
	}
	for _, r := range tree.Relations {
		fmt.Fprintf(&b, "relation %s reverse %q\n", r.Verb, r.Reverse)
	}
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s<-%s %q\n", d.Key, d.Parent, d.Title)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, " field %s=%q %s\n", f.Name, f.Values, f.At)
		}
		for _, s := range d.Sections {
			fmt.Fprintf(&b, "%d section %d %q %s\n", s.Order, s.Level, s.Title, s.At)
		}
		for _, p := range d.Blocks {
			fmt.Fprintf(&b, "%d block %s %q %s\n", p.Order, p.Kind, p.Text, p.At)
		}
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d item %s %s id=%s level=%s title=%q text=%q normative=%t %s\n", it.Order, it.Type, it.Key, it.ID, it.Level, it.Title, it.Text, it.Normative, it.At)
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s %v\n", l.Verb, l.Target, l.State, l.At, l.Fields)
			}
			for _, f := range it.Fields {
				fmt.Fprintf(&b, "  field %s=%q %s %s\n", f.Name, f.Values, f.Data, f.At)
			}
			for _, f := range it.Files {
				fmt.Fprintf(&b, "  file %s type=%s keyword=%q sha=%s %s\n", f.Path, f.Type, f.Keyword, f.SHA256, f.At)
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
		fmt.Fprintf(&b, "lost %s %s: %s (%d items, %d links)\n", l.At, l.What, l.Why, l.Items, l.Links)
	}
	for _, d := range tree.Dangling {
		fmt.Fprintf(&b, "dangling %s %s %s\n", d.From, d.Verb, d.To)
	}
	fmt.Fprintf(&b, "backwards %v files %v\n", tree.Backwards, tree.Files)
	return b.String()
}

const head = "[DOCUMENT]\nTITLE: T\n"

func TestRead(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string // lines that the summary has
		lacks    string
	}{
		{"the head of a document is its title and fields",
			files("a/d.sdoc", "[DOCUMENT]\nMID: 12ab\nTITLE: The title\nUID: DOC-1\nVERSION: 1.2\nDATE: 2024-01-01\nCLASSIFICATION: Public\nREQ_PREFIX: R-\nROOT: True\nOPTIONS:\n  ENABLE_MID: True\n  MARKUP: HTML\n  VIEW_STYLE: Table\nMETADATA:\n  Author: Ann: B\nVIEWS:\n- ID: V\n  TAGS:\n  - OBJECT_TYPE: REQUIREMENT\n    VISIBLE_FIELDS:\n    - NAME: UID\n"),
			[]string{"markup html, read 0 items 0 links 1 documents", `document a/d<- "The title"`, ` field MID=["12ab"] a/d.sdoc:2:1`, ` field UID=["DOC-1"]`, ` field VERSION=["1.2"]`, ` field DATE=["2024-01-01"]`,
				` field CLASSIFICATION=["Public"]`, ` field REQ_PREFIX=["R-"]`, ` field ROOT=["True"]`, ` field OPTIONS/ENABLE_MID=["True"] a/d.sdoc:11:3`, ` field OPTIONS/MARKUP=["HTML"]`, ` field OPTIONS/VIEW_STYLE=["Table"]`, ` field METADATA/Author=["Ann: B"]`,
				` field VIEWS=["- ID: V\n  TAGS:\n  - OBJECT_TYPE: REQUIREMENT\n    VISIBLE_FIELDS:\n    - NAME: UID"] a/d.sdoc:16:1`}, "fault"},
		{"a requirement is an item with its fields and relations",
			files("d.sdoc", head+"\n[REQUIREMENT]\nMID: m1\nUID: REQ-1\nLEVEL: 1.2\nSTATUS: Active\nTITLE: Stop\nSTATEMENT: >>>\nThe pump\n\n shall stop.\n<<<\nRATIONALE: Because.\nCOMMENT: One\nCOMMENT: >>>\nTwo\n<<<\nRELATIONS:\n- TYPE: Parent\n  VALUE: REQ-2\n- TYPE: File\n  FORMAT: Sourcecode\n  VALUE: a/b c.py\n  LINE_RANGE: 1, 2\n  HASH: ff\n\n[REQUIREMENT]\nUID: REQ-2\nSTATEMENT: S\n"),
			[]string{`1 item REQUIREMENT REQ-1 id=m1 level=1.2 title="Stop" text="The pump\n\n shall stop." normative=true d.sdoc:4:1`, `  link Parent REQ-2 unconfirmed d.sdoc:22:10 []`, `  field STATUS=["Active"]  d.sdoc:8:1`, `  field RATIONALE=["Because."] markup d.sdoc:15:1`,
				`  field COMMENT=["One" "Two"] markup d.sdoc:16:1`, `  file a/b c.py type=File keyword="FORMAT: Sourcecode\nLINE_RANGE: 1, 2" sha=ff d.sdoc:25:10`, `2 item REQUIREMENT REQ-2`, "read 2 items 1 links 1 documents",
				"type REQUIREMENT [{STATUS string false []} {TAGS string false []} {RATIONALE markup false []} {COMMENT markup false []}]"}, "fault"},
		{"sections nest; one that ends before an item is told by a block",
			files("d.sdoc", head+"\n[[SECTION]]\nMID: s1\nUID: S-1\nTITLE: A\n\n[[SECTION]]\nTITLE: B\n\n[TEXT]\nMID: t1\nSTATEMENT: Prose.\n\n[[/SECTION]]\n\n[REQUIREMENT]\nSTATEMENT: In A.\n\n[[SECTION]]\nTITLE: C\n\n[[/SECTION]]\n\n[[/SECTION]]\n\n[[SECTION]]\nTITLE: D\n\n[[/SECTION]]\n"),
			[]string{`1 section 1 "A"`, ` field 1/MID=["s1"]`, ` field 1/UID=["S-1"]`, `2 section 2 "B"`, `3 block prose "Prose."`, ` field 3/MID=["t1"]`, `4 block end ""`, `5 item REQUIREMENT  id= level= title="" text="In A."`, `6 section 2 "C"`, `7 section 1 "D"`}, "fault"},
		{"old sections, free texts and composite requirements are read",
			files("d.sdoc", head+"\n[FREETEXT]\nIntro\n\n[LINK: X]\n[/FREETEXT]\n\n[SECTION]\nUID: S\nLEVEL: 3\nTITLE: A\nREQ_PREFIX: P-\n\n[FREETEXT]\n[/FREETEXT]\n\n[COMPOSITE_REQUIREMENT]\nUID: C-1\nTITLE: Whole\n\n[REQUIREMENT]\nREFS:\n- TYPE: Parent\n  VALUE: C-1\nUID: C-2\nTITLE: Part\n\n[/COMPOSITE_REQUIREMENT]\n\n[/SECTION]\n"),
			[]string{`1 block prose "Intro\n\n[LINK: X]"`, `2 section 1 "A"`, ` field 2/LEVEL=["3"]`, ` field 2/REQ_PREFIX=["P-"]`, `3 block prose ""`, `4 item REQUIREMENT C-1`, ` field 4/composite=["true"]`, `5 item REQUIREMENT C-2`, `  link Parent C-1 unconfirmed`, `6 block end ""`}, "error=true"},
		{"composite nodes hold items and sections",
			files("d.sdoc", head+"\n[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  PROPERTIES:\n    IS_COMPOSITE: True\n  FIELDS:\n  - TITLE: UID\n    TYPE: String\n    REQUIRED: False\n  - TITLE: STATEMENT\n    TYPE: String\n    REQUIRED: False\n\n[[SPEC]]\nUID: A\n\n[SPEC]\nUID: B\n\n[[SECTION]]\nTITLE: In A\n\n[[/SECTION]]\n\n[[/SPEC]]\n\n[SPEC]\nUID: C\n"),
			[]string{`1 item SPEC A`, ` field 1/composite=["true"]`, `2 item SPEC B`, `3 section 2 "In A"`, `4 block end`, `5 block end`, `6 item SPEC C`}, "fault"},
		{"a text that can be referred to is an item",
			files("d.sdoc", head+"\n[TEXT]\nUID: T-1\nSTATEMENT: >>>\nHello\n<<<\n"),
			[]string{`1 item TEXT T-1 id= level= title="" text="Hello" normative=false`, "read 1 items"}, "fault"},
		{"roles are verbs, a child says it from the other end",
			files("d.sdoc", head+"\n[REQUIREMENT]\nUID: A\nSTATEMENT: S\nRELATIONS:\n- TYPE: Parent\n  VALUE: B\n  ROLE: Refines\n- TYPE: Child\n  VALUE: B\n- TYPE: Child\n  VALUE: B\n  ROLE: Refines\n- TYPE: Parent\n  VALUE: C\n  ROLE: Child\n- TYPE: BibTex\n  FORMAT: String\n  VALUE: Knuth\n"),
			[]string{"  link Refines B unresolved d.sdoc:9:10", "  link Child B unresolved", "  link Child Refines B unresolved", "  link Parent Child C unresolved", "backwards map[Child:Parent Child Refines:Refines]", `  field relation BibTex=["FORMAT: String\nVALUE: Knuth"]`, "read 1 items 4 links"}, ""},
		{"a grammar declares types, fields and relations",
			files("d.sdoc", head+"\n[GRAMMAR]\nELEMENTS:\n- TAG: LOW_LEVEL\n  FIELDS:\n  - TITLE: UID\n    TYPE: String\n    REQUIRED: True\n  - TITLE: ASIL\n    HUMAN_TITLE: Safety\n    TYPE: SingleChoice(A, B)\n    REQUIRED: False\n  - TITLE: PHASE\n    TYPE: MultipleChoice(One, Two Three)\n    REQUIRED: False\n  - TITLE: LABELS\n    TYPE: Tag\n    REQUIRED: False\n  - TITLE: TITLE\n    TYPE: String\n    REQUIRED: False\n  - TITLE: DESCRIPTION\n    TYPE: String\n    REQUIRED: False\n  - TITLE: NOTE\n    TYPE: String\n    REQUIRED: False\n  RELATIONS:\n  - TYPE: Parent\n    ROLE: Refines\n    REVERSE_ROLE: Refined by\n  - TYPE: Child\n  - TYPE: File\n\n[LOW_LEVEL]\nUID: L-1\nASIL: B\nPHASE: One, Two Three\nLABELS: x, y\nDESCRIPTION: Text\nNOTE: N\n"),
			[]string{"type LOW_LEVEL [{ASIL enumeration false [A B]} {PHASE enumeration true [One Two Three]} {LABELS string true []} {NOTE markup false []}]", `relation Refines reverse "Refined by"`, "relation Child", `1 item LOW_LEVEL L-1 id= level= title="" text="Text"`,
				`  field ASIL=["B"] enumeration`, `  field PHASE=["One" "Two Three"] enumeration`, `  field LABELS=["x" "y"]  d.sdoc`, `  field NOTE=["N"] markup`}, "fault"},
		{"a grammar is imported from a file beside the document",
			files("a/d.sdoc", head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: ../g/x.sgra\n\n[SPEC]\nUID: A\n", "a/e.sdoc", head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: ../g/x.sgra\n\n[SPEC]\nUID: B\nBAD: x\n",
				"g/x.sgra", "[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  FIELDS:\n  - TITLE: UID\n    TYPE: String\n    REQUIRED: False\n  - TITLE: STATEMENT\n    TYPE: String\n    REQUIRED: False\n"),
			[]string{"type SPEC []", ` field GRAMMAR/IMPORT_FROM_FILE=["../g/x.sgra"] a/d.sdoc:5:1`, ` field GRAMMAR=["ELEMENTS:\n- TAG: SPEC`, "fault error=false a/e.sdoc:9:1 : the grammar of the document declares no field BAD of SPEC", "files [a/d.sdoc a/e.sdoc g/x.sgra]"}, "error=true"},
		{"a grammar that is not there is named, and the nodes are taken as they are",
			files("d.sdoc", head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: x.sgra\n\n[SPEC]\nUID: A\n\n[OTHER]\nUID: B\n", "e.sdoc", head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: ../../x.sgra\n"),
			[]string{"fault error=false d.sdoc:5:19 : the grammar x.sgra cannot be read: there is no such file in the folder", "1 item SPEC A", "2 item OTHER B", "fault error=false e.sdoc:5:19 : the grammar ../../x.sgra lies outside the folder and is not read"}, "declares no"},
		{"what the grammar does not know is named once",
			files("d.sdoc", head+"\n[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  FIELDS:\n  - TITLE: UID\n    TYPE: String\n    REQUIRED: True\n  - TITLE: C\n    TYPE: SingleChoice(A, B)\n    REQUIRED: False\n  - TITLE: STATEMENT\n    TYPE: String\n    REQUIRED: False\n  RELATIONS:\n  - TYPE: File\n\n[SPEC]\nC: X\nSTATEMENT: S\nRELATIONS:\n- TYPE: Parent\n  VALUE: A\n  ROLE: R\n\n[NEW]\nUID: A\n\n[NEW]\nUID: B\n\n[SPEC]\nSTATEMENT: s\nUID: C\n"),
			[]string{`fault error=false d.sdoc:21:4 : C is "X", and the grammar allows only A, B`, "fault error=false d.sdoc:20:1 : SPEC has no field UID, which the grammar requires", "fault error=false d.sdoc:24:1 : the grammar declares no relation Parent of SPEC with the role R",
				"fault error=false d.sdoc:28:1 : the grammar of the document declares no type NEW", "fault error=false d.sdoc:36:1 : the field UID stands behind STATEMENT, and the grammar has it before"}, "d.sdoc:31:1 :"},
		{"documents are included by others",
			files("a.sdoc", head+"\n[DOCUMENT_FROM_FILE]\nFILE: sub/c.sdoc\n\n[REQUIREMENT]\nUID: A\n", "b.sdoc", head, "sub/c.sdoc", head+"\n[FRAGMENT_FROM_FILE]\nFILE: ../gone.sdoc\n\n[DOCUMENT_FROM_FILE]\nFILE: ../a.sdoc\n\n[DOCUMENT_FROM_FILE]\nFILE: ../../etc/x.sdoc\n"),
			[]string{"document a<- \"T\"\n", "1 block DOCUMENT_FROM_FILE \"sub/c.sdoc\"", "document sub/c<-a", "2 item REQUIREMENT A", "fault error=false sub/c.sdoc:5:7 : the included document gone.sdoc is not there, or cannot be read",
				"fault error=false sub/c.sdoc:8:7 : a.sdoc includes this document itself", "fault error=false sub/c.sdoc:11:7 : the included document ../../etc/x.sdoc lies outside the folder and is not read"}, "error=true"},
		{"names given twice are named with both places",
			files("a.sdoc", "[DOCUMENT]\nTITLE: T\nUID: A\n\n[REQUIREMENT]\nMID: m\nUID: R\n\n[[SECTION]]\nMID: m\nUID: A\nTITLE: S\n\n[[/SECTION]]\n", "b.sdoc", head+"\n[REQUIREMENT]\nUID: R\n"),
			[]string{"fault error=false a.sdoc:10:6 m: the MID m is given already at a.sdoc:6:6", "fault error=false a.sdoc:11:6 A: the UID A is given already at a.sdoc:3:6", "fault error=false b.sdoc:5:6 R: the UID R is given already at a.sdoc:7:6"}, ""},
		{"a link to a section is named",
			files("a.sdoc", head+"\n[[SECTION]]\nUID: S\nTITLE: S\nRELATIONS:\n- TYPE: Parent\n  VALUE: R\n\n[REQUIREMENT]\nUID: R\nRELATIONS:\n- TYPE: Parent\n  VALUE: S\n\n[[/SECTION]]\n"),
			[]string{"fault error=false a.sdoc:15:10 R: R leads to S, which is a section or document (a.sdoc:5:6) and no item", "link Parent S unresolved", "dangling S Parent R", ` field 1/RELATIONS=["- TYPE: Parent\n  VALUE: R"]`, "read 1 items 2 links"}, "error=true"},
		{"lines that have no place are named, and the other nodes are read",
			files("d.sdoc", head+"Bad line\n  X: y\n\n[REQUIREMENT]\nUID: A\nwhat is this\nSTATEMENT: S\n\nStray prose\nof two lines\n\n[REQUIREMENT]\nUID: B\nRELATIONS:\n- VALUE: A\n- TYPE: Parent\n  NOVALUE: x\n  bad\n- TYPE: File\n\n[/SECTION]\n\n[[/SPEC]]\n\n[REQUIREMENT]\nUID: C\n"),
			[]string{"fault error=true d.sdoc:3:1 : the line is no field of the document: Bad line", "fault error=true d.sdoc:8:1 : the line is no field: what is this", `1 item REQUIREMENT A id= level= title="" text="S"`, "fault error=true d.sdoc:11:1 : a node or the end of one is expected here: Stray prose",
				"fault error=true d.sdoc:12:1", "2 item REQUIREMENT B", "fault error=true d.sdoc:17:1 : a relation begins with its TYPE, and this one does not: - VALUE: A", "fault error=true d.sdoc:18:1 : the relation has no VALUE and is not read", "fault error=true d.sdoc:20:1 : the line is no attribute of a relation", "fault error=true d.sdoc:21:1 : the file relation has no VALUE",
				"fault error=true d.sdoc:23:1 : [/SECTION] ends a node, but none is open", "fault error=true d.sdoc:25:1 : [[/SPEC]] ends a node, but none is open", "3 item REQUIREMENT C", "lost d.sdoc:18:1 Parent: it does not say what it leads to (0 items, 1 links)"}, ""},
		{"a text that is not closed ends before the next node",
			files("d.sdoc", head+"\n[REQUIREMENT]\nUID: A\nSTATEMENT: >>>\nNo end\n\nreally\n\n[REQUIREMENT]\nUID: B\nSTATEMENT: S\n", "e.sdoc", head+"\n[FREETEXT]\nfree\n\n[REQUIREMENT]\nUID: C\n", "f.sdoc", head+"\n[REQUIREMENT]\nUID: D\nSTATEMENT: >>>\nto the end"),
			[]string{`1 item REQUIREMENT A id= level= title="" text="No end\n\nreally"`, "2 item REQUIREMENT B", "fault error=false d.sdoc:6:1 : the text is not closed by <<<; it ends before the next node", `1 block prose "free"`, "2 item REQUIREMENT C", "fault error=false e.sdoc:4:1 : the free text is not closed", `text="to the end"`}, "error=true"},
		{"a text that swallows another node is named",
			files("d.sdoc", head+"\n[REQUIREMENT]\nUID: A\nSTATEMENT: >>>\nNo end\n\n[REQUIREMENT]\nUID: B\nSTATEMENT: >>>\nS\n<<<\n"),
			[]string{"fault error=false d.sdoc:6:1 : the text holds the beginning of another node, [REQUIREMENT]; perhaps its end is missing"}, ""},
		{"nodes that do not end as they begin are named",
			files("d.sdoc", head+"\n[[SECTION]]\nTITLE: A\n\n[[SPEC]]\nUID: X\n\n[[/SECTION]]\n\n[[SECTION]]\nTITLE: B\n\n[/SECTION]\n\n[SECTION]\nTITLE: C\n"),
			[]string{"fault error=false d.sdoc:10:1 : [[/SECTION]] stands where [[/SPEC]] is expected, which ends the node that begins in line 7", "fault error=false d.sdoc:15:1 : [/SECTION] stands where [[/SECTION]] is expected", "fault error=false d.sdoc:17:1 : the node SECTION is not closed", `section 1 "B"`, `section 1 "C"`}, "error=true"},
		{"what StrictDoc is strict about is named and read",
			files("d.sdoc", head+"\n\n[REQUIREMENT] \nUID: A\nTITLE:\nSTATEMENT:  two\nCOMMENT: >>> \nx\n<<< \n[REQUIREMENT]\nUID: B\n  more\n\n[REQUIREMENT]\n\n[DOCUMENT]\nTITLE: X\n"),
			[]string{"d.sdoc:5:1 : 2 blank lines stand before [REQUIREMENT] , and StrictDoc wants one", "d.sdoc:5:14 : blanks stand behind [REQUIREMENT]", "d.sdoc:7:1 : the field TITLE is empty", "d.sdoc:8:12 : the value begins with a blank", "d.sdoc:9:13 : blanks stand behind >>>", "d.sdoc:11:4 : something stands behind <<<",
				"d.sdoc:12:1 : 0 blank lines stand before [REQUIREMENT]", "d.sdoc:14:1 : the line is no field; it is kept with UID", "d.sdoc:16:1 : the node REQUIREMENT has no fields", "fault error=true d.sdoc:18:1 : a second document begins in the file", `text=" two"`}, ""},
		{"a head without a title, and a file that is no document",
			files("d.sdoc", "[DOCUMENT]\nUID: X\nUID: Y\nFOO: z\n", "e.sdoc", "hello\n", "f.sdoc", "", "g.sdoc", "[FRAGMENT]\n\n[REQUIREMENT]\nUID: A\n"),
			[]string{"fault error=false d.sdoc:1:1 : the document has no TITLE", "fault error=false d.sdoc:3:1 : the field UID of the document is given twice", "fault error=false d.sdoc:4:1 : a document has no field FOO", "fault error=true e.sdoc:1:1 : the file does not begin with [DOCUMENT]", "fault error=true f.sdoc:1:1", "1 item REQUIREMENT A"}, ""},
		{"documents in another markup are named",
			files("a.sdoc", head, "b.sdoc", head, "c.sdoc", head+"OPTIONS:\n  MARKUP: Markdown\n"),
			[]string{"markup rst", "fault error=false c.sdoc:1:1 : the texts of the document are in markdown, those of most others in rst"}, ""},
		{"line ends of all sorts, a mark of UTF-8, and UTF-16",
			files("a.sdoc", "\ufeff[DOCUMENT]\r\nTITLE: T\r\n\r\n[REQUIREMENT]\r\nUID: A\r\nSTATEMENT: >>>\r\na\r\nb\r\n<<<\r\n", "b.sdoc", inUTF16("[DOCUMENT]\nTITLE: Ü\n", false), "c.sdoc", inUTF16("[DOCUMENT]\nTITLE: 𝒳\n", true)),
			[]string{`1 item REQUIREMENT A id= level= title="" text="a\nb"`, `document b<- "Ü"`, `document c<- "𝒳"`}, "fault"},
		{"what is no text is refused with its line",
			files("a.sdoc", head+"\x00", "b.sdoc", head+"\nx\xff", "c.sdoc", "\xff\xfex"),
			[]string{"fault error=true a.sdoc:3 : the file holds a NUL character and is not read", "fault error=true b.sdoc:4 : the file is not UTF-8 (byte 0xff) and is not read", "fault error=true c.sdoc:1 : the file is not valid UTF-16 text: it ends within a character"}, "document d"},
		{"faulty grammars are named",
			files("d.sdoc", head+"\n[GRAMMAR]\nELEMENTS:\n- TAG: A\n  FIELDS:\n  - TITLE: lower\n    TYPE: Number\n    REQUIRED: Perhaps\n  RELATIONS:\n    ROLE: x\n- TAG: A\n  FIELDS:\nwhat\n\n[A]\nUID: x\n"),
			[]string{"d.sdoc:8:1 : the line has no place in a grammar:   - TITLE: lower", "d.sdoc:9:1", "d.sdoc:10:1", "d.sdoc:12:1", "d.sdoc:13:1 : the type A is declared twice", "d.sdoc:15:1 : the line has no place in a grammar: what", "1 item A x"}, "error=true"},
		{"folders of version control are passed over, and nothing else is there",
			files(".git/d.sdoc", head, "x.txt", "y"),
			[]string{"fault error=true . : no document of StrictDoc (.sdoc) lies in the folder"}, "document d"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys))
			for _, line := range c.want {
				if !strings.Contains(got, line) {
					t.Errorf("lacks %s\nin:\n%s", line, got)
				}
			}
			if c.lacks != "" && strings.Contains(got, c.lacks) {
				t.Errorf("has %q:\n%s", c.lacks, got)
			}
			if strings.Contains(got, "without a remedy") {
				t.Errorf("a fault has no remedy:\n%s", got)
			}
		})
	}
}

func inUTF16(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestDetect(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fs.FS
		want     bool
	}{
		{"a document anywhere below", files("a/b/d.sdoc", "\ufeff\n[DOCUMENT]\n"), true},
		{"a document in UTF-16", files("d.SDOC", inUTF16(head, true)), true},
		{"a file of another program with the same ending", files("d.sdoc", "PK\x03\x04"), false},
		{"a document of a foreign package", files("node_modules/d.sdoc", head), false},
		{"an empty folder", files(), false},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			if got := strictdoc.Detect(c.fsys); got != c.want {
				t.Errorf("Detect = %t", got)
			}
		})
	}
}

func TestLinksOfTheFileSystemAreNotFollowed(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret.sdoc")
	if err := os.WriteFile(secret, []byte(head), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for link, target := range map[string]string{"d.sdoc": secret, "x.sgra": secret} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "e.sdoc"), []byte(head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: x.sgra\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tree, err := strictdoc.ReadFolder(folder, strictdoc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := summary(tree)
	if !strings.Contains(got, "fault error=true d.sdoc : the file is a symbolic link, which is not followed") || !strings.Contains(got, "the grammar x.sgra cannot be read") || len(tree.Documents) != 1 {
		t.Errorf("unexpected:\n%s", got)
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	if _, err := strictdoc.ReadFolder(filepath.Join(t.TempDir(), "gone"), strictdoc.Options{}); err == nil {
		t.Error("no error")
	}
}

func TestHostileInputIsBounded(t *testing.T) {
	section := func(n int) string { return strings.Repeat("\n[[SECTION]]\nTITLE: S\n", n) }
	grammar := func(n int) string {
		var b strings.Builder
		b.WriteString("\n[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  FIELDS:\n")
		for i := range n {
			fmt.Fprintf(&b, "  - TITLE: F%d\n    TYPE: String\n    REQUIRED: True\n", i)
		}
		return b.String()
	}
	cases := []struct {
		sentence, text, want string
	}{
		{"a million nested sections", head + section(1_000_000), "fault error=true d.sdoc:774:1 : nodes are nested more than 256 deep; the rest of the file is not read"},
		{"a million lines without a place", head + strings.Repeat("\nx", 1_000_000), "the file has more than 10000 faults; the rest of it is not read"},
		{"a huge value", head + "\n[REQUIREMENT]\nUID: A\nCOMMENT: " + strings.Repeat("x", 50<<20) + "\nTITLE: T\n", "fault error=true d.sdoc:6:1 : the value of COMMENT is longer than 16777216 bytes and is not read"},
		{"a huge grammar", head + grammar(300_000) + strings.Repeat("\n[SPEC]\nF1: x\n", 100_000), "the grammar has more than 20000 lines; the rest of it is not read"},
		{"a million fields in the head", "[DOCUMENT]\nTITLE: T\nMETADATA:\n" + strings.Repeat("  a: b\n", 1_000_000), "the document has too many fields; the rest of the file is not read"},
		{"a million attributes of one relation", head + "\n[REQUIREMENT]\nRELATIONS:\n- TYPE: Parent\n" + strings.Repeat("  A: b\n", 1_000_000), "the attribute A is given twice in one relation"},
		{"texts that never end", head + strings.Repeat("\n[REQUIREMENT]\nSTATEMENT: >>>\n", 20_000), "the text is not closed by <<<"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			tree := read(t, files("d.sdoc", c.text, "e.sdoc", head+"\n[REQUIREMENT]\nUID: E-1\n"))
			got := summary(tree)
			if !strings.Contains(got, c.want) || !strings.Contains(got, "item REQUIREMENT E-1") {
				t.Errorf("want %q and the other item:\n%.2000s", c.want, got)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	fsys := files("d.sdoc", large(20_000))
	b.SetBytes(int64(len(fsys["d.sdoc"].Data)))
	b.ReportAllocs()
	for b.Loop() {
		if tree := read(b, fsys); tree.Items() != 20_000 || len(tree.Faults) > 0 {
			b.Fatal(tree.Items(), tree.Faults)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	fsys := files("d.sdoc", large(20_000))
	tree := read(b, fsys)
	b.SetBytes(int64(len(fsys["d.sdoc"].Data)))
	for b.Loop() {
		if _, losses := write(b, tree); len(losses) > 0 {
			b.Fatal(losses)
		}
	}
}

// large is a document of n requirements, each linked to the one before.
func large(n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "\n[[SECTION]]\nMID: %032x\nTITLE: Section %d\n\n[REQUIREMENT]\nMID: %032x\nUID: REQ-%d\nSTATUS: Active\nTITLE: Requirement %d\nSTATEMENT: >>>\nThe pump shall do number %d\nwithin a second.\n<<<\nRATIONALE: >>>\nBecause.\n<<<\nRELATIONS:\n- TYPE: Parent\n  VALUE: REQ-%d\n\n[[/SECTION]]\n", 2*i, i, 2*i+1, i, i, i, max(i-1, 0))
	}
	return b.String()
}

// corpus are the seeds of the fuzz targets.
func corpus(f *testing.F) {
	for _, text := range []string{
		head + "\n[REQUIREMENT]\nUID: A\nSTATEMENT: >>>\nx\n<<<\nRELATIONS:\n- TYPE: Parent\n  VALUE: A\n  ROLE: R\n- TYPE: File\n  VALUE: x.c\n",
		head + "\n[[SECTION]]\nMID: m\nTITLE: S\n\n[TEXT]\nSTATEMENT: >>>\n\n<<<\n\n[[/SECTION]]\n\n[[SPEC]]\nUID: x\n\n[[/SPEC]]\n",
		head + "\n[SECTION]\nTITLE: S\n\n[FREETEXT]\nx\n[/FREETEXT]\n\n[COMPOSITE_REQUIREMENT]\nREFS:\n- TYPE: Child\n  VALUE: x\n\n[/COMPOSITE_REQUIREMENT]\n\n[/SECTION]\n",
		head + "\n[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  FIELDS:\n  - TITLE: A\n    TYPE: MultipleChoice(x, y)\n    REQUIRED: True\n  RELATIONS:\n  - TYPE: Parent\n\n[SPEC]\nA: x, y\n",
		"[DOCUMENT]\nTITLE: T\nOPTIONS:\n  MARKUP: HTML\nMETADATA:\n  a: b\nVIEWS:\n- ID: x\n\n[DOCUMENT_FROM_FILE]\nFILE: d.sdoc\n",
	} {
		f.Add([]byte(text))
	}
	names, _ := filepath.Glob(filepath.Join(os.Getenv("GOLDTHREAD_DATA"), "reqtext", "strictdoc", "*", "*", "*.sdoc"))
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
}

// FuzzRead reads anything and holds what it says against itself; what is read without a fault is written and read again.
func FuzzRead(f *testing.F) {
	corpus(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := read(t, files("d.sdoc", string(data)))
		errors, links := 0, len(tree.Dangling)
		for _, fault := range tree.Faults {
			if fault.Error {
				errors++
			}
			if fault.Message == "" || fault.Remedy == "" || fault.At.File == "" {
				t.Errorf("incomplete fault: %+v", fault)
			}
		}
		if len(tree.Documents)+errors == 0 {
			t.Error("the document vanished without a fault")
		}
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
				for _, l := range it.Links {
					if l.State == "" || l.At.Line < 1 || l.At.Column < 1 || l.Verb == "" {
						t.Errorf("incomplete link: %+v", l)
					}
				}
			}
		}
		for _, l := range tree.Lost {
			links += l.Links
		}
		if tree.Read.Items != tree.Items() || tree.Read.Links != links {
			t.Errorf("read %+v, but there are %d items and %d links", tree.Read, tree.Items(), links)
		}
		again, _ := write(t, tree)
		if len(tree.Faults) > 0 {
			read(t, again)
			return
		}
		same(t, tree, read(t, again))
	})
}
