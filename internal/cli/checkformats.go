package cli

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// checkFormats are the forms in which a check may be had.
//
// goldthread:implements SRS-64
func checkFormats() map[string]func(io.Writer, *checkReport) error {
	return map[string]func(io.Writer, *checkReport) error{"text": checkText, "json": checkJSON, "sarif": checkSARIF, "junit": checkJUnit}
}

func (f *folder) keys(handles []project.Handle) []record.Key {
	keys := make([]record.Key, 0, len(handles))
	for _, h := range handles {
		keys = append(keys, f.snapshot.Node(h).Item.Key)
	}
	slices.SortFunc(keys, record.CompareKeys)
	return keys
}

// checkText writes one line a finding, as compilers do, and a summary.
func checkText(w io.Writer, r *checkReport) error {
	var b strings.Builder
	for _, f := range r.Findings {
		if where := place(f); where != "" {
			b.WriteString(where + ": ")
		}
		fmt.Fprintf(&b, "%s: %s [%s]\n", f.Severity, f.Message, f.Rule)
		for _, d := range f.Difference {
			fmt.Fprintf(&b, "    %s\n", d)
		}
		if f.Remedy != "" {
			fmt.Fprintf(&b, "    %s\n", f.Remedy)
		}
	}
	if r.verbose {
		for _, d := range r.folder.documents {
			fmt.Fprintf(&b, "read %s\n", d.Path)
		}
		for _, p := range r.folder.text.Plain {
			fmt.Fprintf(&b, "left alone %s: no item and no front matter\n", p)
		}
		for _, s := range r.folder.tags.Skipped {
			fmt.Fprintf(&b, "left alone %s: %s\n", s.File, s.Why)
		}
	}
	fmt.Fprintf(&b, "%s: %s in %s, %s, %s in code, %s\n", r.Project, plural(r.Items, "item"), plural(r.Documents, "document"), plural(r.Links, "link"),
		plural(r.Tags, "tag"), plural(r.Results, "test result"))
	for _, s := range r.Systems {
		undecided := ""
		if !s.Decided {
			undecided = " (not decided, so the highest)"
		}
		fmt.Fprintf(&b, "%s %s: safety class %s%s\n", s.Key, s.Title, s.Class, undecided)
	}
	fmt.Fprintf(&b, "%s, %s, %s\n", plural(r.Counts["error"], "error"), plural(r.Counts["warning"], "warning"), plural(r.Counts["note"], "note"))
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// place is where a finding stands, in the form that editors jump to.
func place(f finding.Finding) string {
	switch {
	case f.File == "":
		return ""
	case f.Line == 0:
		return f.File
	case f.Column == 0:
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func checkJSON(w io.Writer, r *checkReport) error { return writeJSON(w, r) }

// checkSARIF writes SARIF 2.1.0, which code forges show at the lines concerned.
func checkSARIF(w io.Writer, r *checkReport) error {
	type object = map[string]any
	rules, results := []object{}, []object{}
	index := map[string]int{}
	for _, f := range r.Findings {
		if _, seen := index[f.Rule]; !seen {
			index[f.Rule] = len(rules)
			rules = append(rules, object{"id": f.Rule, "shortDescription": object{"text": strings.ReplaceAll(f.Rule, "-", " ")}})
		}
		result := object{"ruleId": f.Rule, "ruleIndex": index[f.Rule], "level": string(f.Severity), "message": object{"text": f.Message + ". " + f.Remedy}}
		if f.File != "" {
			physical := object{"artifactLocation": object{"uri": filepath.ToSlash(f.File)}}
			if f.Line > 0 {
				region := object{"startLine": f.Line}
				if f.Column > 0 {
					region["startColumn"] = f.Column
				}
				physical["region"] = region
			}
			result["locations"] = []object{{"physicalLocation": physical}}
		}
		if f.Item != "" {
			result["properties"] = object{"item": f.Item}
		}
		results = append(results, result)
	}
	driver := object{"name": "goldthread", "informationUri": "https://github.com/goldthread/goldthread", "rules": rules}
	return writeJSON(w, object{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{"tool": object{"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}}})
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class     string        `xml:"classname,attr"`
	Name      string        `xml:"name,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	SystemOut string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// checkJUnit writes one test case a finding; notes are passed cases with a
// remark, and a clean check is one passed case.
func checkJUnit(w io.Writer, r *checkReport) error {
	suite := junitSuite{Name: "goldthread check " + r.Project}
	for _, f := range r.Findings {
		c := junitCase{Class: "goldthread." + f.Rule, Name: xmlText(strings.TrimSpace(place(f) + " " + f.Message)), File: f.File, Line: f.Line}
		if f.Severity == finding.Note {
			c.SystemOut = xmlText(f.Remedy)
		} else {
			c.Failure = &junitFailure{Type: string(f.Severity), Message: xmlText(f.Message), Text: xmlText(place(f) + "\n" + f.Remedy)}
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, c)
	}
	if len(suite.Cases) == 0 {
		suite.Cases = append(suite.Cases, junitCase{Class: "goldthread", Name: "nothing is wrong"})
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Tests: suite.Tests, Failures: suite.Failures, Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText drops what XML cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}
