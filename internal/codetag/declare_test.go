package codetag

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is found into testdata")

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// TestAttribution reads the sources in testdata. Every tag in them is followed
// by what it should stand on, in brackets: test | symbol | package.
func TestAttribution(t *testing.T) {
	files, err := filepath.Glob("testdata/attribution/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var res Result
			new(scratch).scan(source{file: "src/" + name, module: "example.org/pump/src", lang: byName(name), text: text}, &res)
			if len(res.Faults) > 0 {
				t.Errorf("faults: %v", res.Faults)
			}
			lines := strings.Split(string(text), "\n")
			var want, got []string
			for _, tag := range res.Tags {
				l := lines[tag.Line-1]
				open, end := strings.Index(l, "[["), strings.Index(l, "]]")
				got = append(got, fmt.Sprintf("%d: %s | %s | %s", tag.Line, tag.Test, tag.Symbol, tag.Package))
				if *update {
					found := fmt.Sprintf("[[%s | %s | %s]]", tag.Test, tag.Symbol, tag.Package)
					if open >= 0 {
						lines[tag.Line-1] = l[:open] + found + l[end+2:]
					} else {
						lines[tag.Line-1] = l[:tag.Column-1+len(tag.Key)] + " " + found + l[tag.Column-1+len(tag.Key):]
					}
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, l := range lines {
				if open, end := strings.Index(l, "[["), strings.Index(l, "]]"); open >= 0 && end > open {
					want = append(want, fmt.Sprintf("%d: %s", i+1, l[open+2:end]))
				}
			}
			if len(want) == 0 {
				t.Error("no tags expected")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
