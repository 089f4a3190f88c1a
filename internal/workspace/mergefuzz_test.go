package workspace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/schema"
)

// FuzzMerge merges any three documents: what comes out is read again, with one
// finding for each conflict and nothing else.
//
// goldthread:verifies SRS-97
func FuzzMerge(f *testing.F) {
	f.Add("## SRS-1 Stop\n\ntext\n", "## SRS-1 Halt\n\ntext\n", "## SRS-1 Go\n\nother\n")
	f.Add("# A\n\nprose\n\n## SRS-1\n\n- source: a\n\n```\n# SRS-2\n```\n", "# B\n\nprose\n\nmore\n\n## SRS-1\n\n- source: b\n", "# A\n\n## SRS-1\n\n- source: c\n\n\\# SRS-2\n")
	f.Add("---\nkey: DOC-1\ntitle: A\n---\n## SRS-1\n", "---\nkey: DOC-1\ntitle: B\n---\n## SRS-1\n", "---\nkey: DOC-1\ntitle: C\ndefaults:\n  category: alarms\n---\n## SRS-1\n")
	f.Add("## SRS-1\n\n- a\n- b\n\n## SRS-2\n", "## SRS-2\n\n## SRS-1\n\n- a\n- c\n", "## SRS-1\n\n- d\n- b\n\n### SRS-3\n")
	f.Add("lead\n\n# SRS-1\n\n<!-- text -->\n\n- refines: x\n", "\n---\n\n# SRS-1\n", "lead\n\n- refines: y\n\n# S\n\n# SRS-1\n\n~~~\n~~~\n")
	f.Fuzz(func(t *testing.T, base, theirs, ours string) {
		if len(base)+len(theirs)+len(ours) > 1<<14 {
			return
		}
		var texts [3]*Text
		for i, s := range []string{base, theirs, ours} {
			if strings.Contains(s, "](") || strings.Contains(s, "files") {
				return // files have hashes of their own
			}
			d, findings := Read("a.md", []byte(s), schema.Builtin())
			if d == nil || len(findings) > 0 || !d.HasItems() {
				return
			}
			config, sch, _ := ReadConfig(nil, false, "pump", schema.Builtin())
			texts[i] = &Text{Config: config, Schema: sch, Lock: NewLock(), Documents: []*Document{d}}
			if texts[i].whole() != nil {
				return
			}
		}
		m, err := Merge3(texts[0], texts[1], texts[2], testLabels)
		if err != nil {
			return // such as a kind that a front matter took away
		}
		read := markersAreFound(t, m, texts[2])
		if len(m.Conflicts) > 0 || len(read.Documents) != len(m.Text.Documents) {
			return
		}
		for i, d := range read.Documents {
			for _, x := range []*Document{d, m.Text.Documents[i]} {
				sortFields(x)
				x.Meta, x.Front = Meta{}, trimEmptyLines(x.Front)
			}
			if diff := cmp.Diff(m.Text.Documents[i], d, sameDocument); diff != "" {
				t.Fatalf("what is written is not what was merged (-merged +read):\n%s\n%s", diff, show(m.Write))
			}
		}
	})
}

// FuzzMarkers reads any text for conflicts: what is hidden lies in order within
// the text, and ends at line ends.
func FuzzMarkers(f *testing.F) {
	f.Add("a\n<<<<<<< here\nb\n||||||| base\nc\n=======\nd\n>>>>>>> there\ne\n")
	f.Add("<<<<<<<\n=======\n>>>>>>>")
	f.Add("<<<<<<< a\n<<<<<<< b\n=======\n=======\n>>>>>>> c\n||||||| d\n")
	f.Fuzz(func(t *testing.T, text string) {
		runs, left := conflicts(text)
		at := 0
		for _, h := range runs {
			if h.from < at || h.to <= h.from || h.to > len(text) || h.from > 0 && text[h.from-1] != '\n' || h.lines != strings.Count(strings.TrimSuffix(text[h.from:h.to], "\n"), "\n")+1 {
				t.Fatalf("hidden run %+v of %q", h, text)
			}
			at = h.to
		}
		if len(runs) > 0 && len(left) == 0 {
			t.Fatalf("lines are hidden, and nothing is said: %q", text)
		}
		_, again := conflicts(visible(text, runs, 0, len(text)))
		if len(again) > len(left) {
			t.Fatalf("what is read holds more markers than the whole: %q", text)
		}
	})
}
