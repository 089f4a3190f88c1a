package internal

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// citation finds [62304 5.8.2], also with several clauses ([62304 5.5.2, 5.5.3]) or a range ([62304 5.7.1–5.7.5]). A list item is
// written 5.2.2.a or 5.2.2 a.
var citation = regexp.MustCompile(`\[(62304|14971) (\d[^\]\n]*)\]`)

// clauseList is a standard's clause numbers; a heading counts when it holds a clause.
type clauseList map[string]bool

// lettered takes a clause number and the letter of its list item apart.
var lettered = regexp.MustCompile(`^(\d+(?:\.\d+)+)\.[a-l]$`)

// has tells whether the standard has a clause. Where the list names no letters for a clause, any is taken: they differ between
// editions and prints, so they are weak names.
func (l clauseList) has(number string) bool {
	if l[number] {
		return true
	}
	match := lettered.FindStringSubmatch(number)
	return match != nil && l[match[1]] && !l[match[1]+".a"]
}

// readClauseList reads lines of a clause number and its editions. Lines that start with # are comments.
func readClauseList(fsys fs.FS, name string) (clauseList, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	list := clauseList{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) < 2 {
			return nil, fmt.Errorf("%s: clause %s names no edition", name, fields[0])
		}
		for number := fields[0]; ; {
			list[number] = true
			dot := strings.LastIndexByte(number, '.')
			if dot < 0 {
				break
			}
			number = number[:dot]
		}
	}
	return list, nil
}

// unresolved returns the parts of a citation that the list does not hold.
func (l clauseList) unresolved(cited string) []string {
	var missing []string
	parts := strings.FieldsFunc(cited, func(r rune) bool { return r == ',' || r == ';' || r == '–' })
	for _, part := range parts {
		number := strings.ReplaceAll(strings.TrimSpace(part), " ", ".")
		if !l.has(number) {
			missing = append(missing, strings.TrimSpace(part))
		}
	}
	return missing
}

// standardClauses are clauses of one standard, as a citation lists them.
type standardClauses struct{ standard, clauses string }

// named finds the standard that a part of a citation begins with; those without a clause list are not looked at.
var named = regexp.MustCompile(`^\s*(62304|14971|13485|62366-1|81001-5-1) `)

// byStandard takes a citation apart whose later parts name another standard: [62304 5.2.6, 14971 7.1].
func byStandard(standard, clauses string) []standardClauses {
	var lists []standardClauses
	for _, part := range strings.Split(clauses, ",") {
		if match := named.FindStringSubmatch(part); match != nil {
			standard, part = match[1], part[len(match[0]):]
		}
		if standard == "62304" || standard == "14971" {
			lists = append(lists, standardClauses{standard, part})
		}
	}
	return lists
}

// citingFiles are the endings of files whose text may cite a clause.
var citingFiles = map[string]bool{".go": true, ".md": true, ".yaml": true, ".yml": true, ".html": true, ".txt": true}

// checkCitations returns a finding for every citation below the root that names a clause which its standard does not have.
func checkCitations(fsys fs.FS, standards map[string]clauseList) (findings []string, cited int, err error) {
	err = walkSource(fsys, func(name string) error {
		if !citingFiles[path.Ext(name)] {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, len(text)+1)
		for number := 1; lines.Scan(); number++ {
			for _, match := range citation.FindAllStringSubmatch(lines.Text(), -1) {
				cited++
				for _, list := range byStandard(match[1], match[2]) {
					for _, part := range standards[list.standard].unresolved(list.clauses) {
						findings = append(findings, fmt.Sprintf("%s:%d: %s has no clause %q; see internal/testdata/clauses-%s.txt",
							name, number, list.standard, part, list.standard))
					}
				}
			}
		}
		return lines.Err()
	})
	return findings, cited, err
}

// standards reads the clause lists of the standards that are cited.
func standards(t *testing.T) map[string]clauseList {
	t.Helper()
	lists := map[string]clauseList{}
	for _, standard := range []string{"62304", "14971"} {
		list, err := readClauseList(os.DirFS("testdata"), "clauses-"+standard+".txt")
		if err != nil {
			t.Fatal(err)
		}
		lists[standard] = list
	}
	return lists
}

// TestCitationsResolve holds every citation of a standard in code, documents and data against its clause numbers.
func TestCitationsResolve(t *testing.T) {
	findings, cited, err := checkCitations(os.DirFS(root(t)), standards(t))
	if err != nil {
		t.Fatal(err)
	}
	if cited == 0 {
		t.Error("no citation found: the search is broken")
	}
	report(t, findings)
}

// TestWrongCitationsAreFound shows that the check can fail. The brackets are filled in here, so that this file cites nothing wrong.
func TestWrongCitationsAreFound(t *testing.T) {
	cases := []struct {
		name string
		text string
		want []string
	}{
		{name: "a clause, a list item in both spellings, a heading, a process", text: "<62304 5.8.2> <62304 5.2.2.a> <62304 5.2.2 a> <62304 5.8> <62304 5>"},
		{name: "a letter of a clause whose letters are not listed", text: "<62304 5.1.1 c>"},
		{name: "a clause of one edition only", text: "<62304 7.1.5> <62304 5.1.12>"},
		{name: "several clauses and a range", text: "<62304 5.5.2, 5.5.3> <62304 5.7.1–5.7.5> <14971 7.4; 7.5>"},
		{name: "clauses of several standards", text: "<62304 5.2.6, 14971 7.1, 13485 4.2.4>"},
		{
			name: "a wrong clause of a second standard",
			text: "<62304 5.2.6, 14971 7.7>",
			want: []string{`a.md:1: 14971 has no clause "7.7"; see internal/testdata/clauses-14971.txt`},
		},
		{name: "a pattern is no citation", text: "<62304 x.y.z>"},
		{
			name: "a clause that does not exist, on the second line",
			text: "fine\n<62304 5.9.1>",
			want: []string{`a.md:2: 62304 has no clause "5.9.1"; see internal/testdata/clauses-62304.txt`},
		},
		{
			name: "one wrong among several",
			text: "<14971 7.4, 7.7>",
			want: []string{`a.md:1: 14971 has no clause "7.7"; see internal/testdata/clauses-14971.txt`},
		},
		{
			name: "a list item that does not exist",
			text: "<62304 5.2.2 z>",
			want: []string{`a.md:1: 62304 has no clause "5.2.2 z"; see internal/testdata/clauses-62304.txt`},
		},
	}
	brackets := strings.NewReplacer("<", "[", ">", "]")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tree := madeUpTree("-- a.md --\n" + brackets.Replace(c.text) + "\n")
			findings, _, err := checkCitations(tree, standards(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, findings); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
}
