package workspace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/schema"
)

// where is a finding as rule and place.
func where(list []finding.Finding) []string {
	finding.Sort(list)
	out := []string{}
	for _, f := range list {
		out = append(out, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
	}
	return out
}

func TestFaultsOfADocumentHaveTheirPlace(t *testing.T) {
	cases := []struct {
		name string
		text string
		want []string
	}{
		{"a clean document", "# T\n\n## SRS-1 x\n\n- refines: SYS-1\n\ntext\n", []string{}},
		{"front matter that is never closed", "---\nkey: DOC-1\n", []string{"1:1 bad-front-matter"}},
		{"a member that front matter does not have", "---\nkey: DOC-1\nkeyy: 2\n---\n", []string{"3:1 bad-front-matter"}},
		{"a key of another kind", "---\nkey: SRS-1\n---\n", []string{"2:6 bad-front-matter"}},
		{"a default that no kind has", "---\ndefaults:\n  colour: red\n---\n", []string{"3:3 bad-front-matter"}},
		{"YAML that is none", "---\nkey: [\n---\n", []string{"2:1 bad-front-matter"}},
		{"an unknown field", "## SRS-1\n\n- refines: SYS-1\n- colour: red\n", []string{"4:3 unknown-field"}},
		{"a value that its field does not take", "## SRS-1\n\n- category: alarms, loud\n", []string{"3:21 bad-value"}},
		{"a target that is no key", "## SRS-1\n\n- refines: SYS-1, the pump\n", []string{"3:19 bad-link"}},
		{"a link written twice", "## SRS-1\n\n- refines: SYS-1, SYS-2, SYS-1\n", []string{"3:26 duplicate-link"}},
		{"a field listed twice", "## SRS-1\n\n- refines: SYS-1\n- refines: SYS-2\n", []string{"4:3 repeated-field"}},
		{"a line among the fields that is none", "## SRS-1\n\n- refines: SYS-1\n* more\n", []string{"4:1 bad-list"}},
		{"a field below an empty line", "## SRS-1\n\n- refines: SYS-1\n\n- category: alarms\n", []string{"5:1 bad-list"}},
		{"quotes that are never closed", "## SRS-1\n\n- source: \"open\n", []string{"3:10 bad-value"}},
		{"a state", "## SRS-1\n\n- state: approved\n", []string{"3:3 state-in-text"}},
		{"a prefix of no kind with links below", "## XYZ-1 x\n\n- refines: SYS-1\n", []string{"1:1 unknown-prefix"}},
		{"a fence that is never closed", "## SRS-1\n\n```\ncode\n", []string{"3:1 unclosed-fence"}},
		{"a comment that is never closed", "# T\n\n<!-- open\n\n## SRS-1\n", []string{"3:1 unclosed-fence"}},
		{"a conflict of a merge", "# T\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", []string{"3:1 conflict-marker"}},
		{"a conflict between the fields", "## SRS-1\n\n<<<<<<< here\n- source: a\n||||||| entry 1\n=======\n- source: b\n>>>>>>> x\n- colour: red\n", []string{"3:1 conflict-marker", "9:3 unknown-field"}},
		{"a conflict about a heading", "<<<<<<< here\n## SRS-1 a\n=======\n## SRS-1 b\n>>>>>>> x\n\n- colour: red\n", []string{"1:1 conflict-marker", "7:3 unknown-field"}},
		{"a conflict in the front matter", "---\n<<<<<<< here\ntitle: A\n=======\ntitle: B\n>>>>>>> x\n---\n# T\n", []string{"2:1 conflict-marker"}},
		{"an item that one side took out", "# T\n\n<<<<<<< here\n=======\n## SRS-1 b\n\n- colour: red\n>>>>>>> x\n", []string{"3:1 conflict-marker"}},
		{"markers that make no conflict", "# T\n\n<<<<<<< here\na\n>>>>>>> x\n\n||||||| y\n", []string{"3:1 conflict-marker", "5:1 conflict-marker", "7:1 conflict-marker"}},
		{"a conflict that is never closed", "# T\n\n<<<<<<< here\na\n=======\n## SRS-1\n", []string{"3:1 conflict-marker"}},
		{"an underlined heading", "T\n=======\n", []string{}},
		{"a file outside of the workspace", "## SRS-1\n\n![x](../../secret.png)\n", []string{"3:1 path-outside"}},
		{"a control character", "# T\n\na\x01b\n", []string{"3:2 not-text"}},
		{"bytes that are no UTF-8", "# T\nab\xff\n", []string{"2:3 not-text"}},
		{"every fault of a file in one run", "## SRS-1\n\n- colour: red\n- state: x\n\n## SRS-2\n\n- refines: !\n", []string{"3:3 unknown-field", "4:3 state-in-text", "8:12 bad-link"}},
		{"faults below a line that is too long", "## SRS-1\n\n" + strings.Repeat("x", MaxLine+1) + "\n", []string{"3:0 line-too-long"}},
		{"line ends of Windows and a byte order mark", "\xef\xbb\xbf## SRS-1\r\n\r\n- colour: red\r\n", []string{"3:3 unknown-field"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, findings := Read("docs/a.md", []byte(c.text), schema.Builtin())
			if diff := cmp.Diff(c.want, where(findings)); diff != "" {
				t.Errorf("findings (-want +have):\n%s", diff)
			}
			for _, f := range findings {
				if f.File != "docs/a.md" || f.Message == "" || f.Remedy == "" {
					t.Errorf("a finding without file, message or way out: %+v", f)
				}
			}
		})
	}
}

func TestFaultsOfTheLockHaveTheirPlace(t *testing.T) {
	hash := "h1:" + strings.Repeat("0a", 32)
	links := "l1:" + strings.Repeat("0b", 32)
	id := strings.Repeat("0", 26)
	other := "0000000000000000000000000g"
	item := "item SRS-1 " + id + " " + hash + " " + links + "\n"
	link := "link SRS-1 refines SYS-1 " + hash + " " + hash
	cases := []struct {
		name string
		text string
		want []string
	}{
		{"a clean lock", "goldthread.lock v0\norigin -\n" + item + link + "\n", []string{}},
		{"a confirmed link", "goldthread.lock v0\n" + link + ` by "Jane \"J\" Doe" on 2026-11-25 because "no, really"` + "\n", []string{}},
		{"another format", "goldthread.lock v9\n" + item, []string{"1:1 bad-lock"}},
		{"a word that begins no line", "goldthread.lock v0\nthing x\n", []string{"2:1 bad-lock"}},
		{"an item without its hashes", "goldthread.lock v0\nitem SRS-1 " + id + "\n", []string{"2:1 bad-lock"}},
		{"a hash in capitals", "goldthread.lock v0\n" + strings.Replace(item, "0a", "0A", 1), []string{"2:1 bad-lock"}},
		{"a link without a reason", "goldthread.lock v0\n" + link + " by \"Jane\" on 2026-11-25\n", []string{"2:1 bad-lock"}},
		{"two items with one key", "goldthread.lock v0\n" + item + strings.Replace(item, id, other, 1), []string{"3:1 lock-conflict"}},
		{"one item changed on both branches", "goldthread.lock v0\n" + item + strings.Replace(item, "0a", "0c", 1), []string{}},
		{"one link confirmed differently", "goldthread.lock v0\n" + link + "\n" + strings.Replace(link, "0a", "0c", 1) + "\n", []string{"3:1 lock-conflict"}},
		{"a conflict of a merge", "goldthread.lock v0\n<<<<<<< HEAD\n" + item + "=======\n>>>>>>> x\n", []string{"2:1 conflict-marker", "4:1 conflict-marker", "5:1 conflict-marker"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, findings := ReadLock([]byte(c.text))
			if diff := cmp.Diff(c.want, where(findings)); diff != "" {
				t.Fatalf("findings (-want +have):\n%s", diff)
			}
			if len(c.want) > 0 {
				return
			}
			first := l.Write()
			again, findings := ReadLock(first)
			if len(findings) > 0 || string(again.Write()) != string(first) {
				t.Errorf("the lock is not its own canonical form: %v\n%s", findings, first)
			}
		})
	}
}

func FuzzReadLock(f *testing.F) {
	f.Add([]byte("goldthread.lock v0\norigin -\nitem SRS-1 " + strings.Repeat("0", 26) + " h1:" + strings.Repeat("0a", 32) + " l1:" + strings.Repeat("0b", 32) + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, findings := ReadLock(data)
		if len(findings) > 0 {
			return
		}
		first := l.Write()
		again, findings := ReadLock(first)
		if len(findings) > 0 || string(again.Write()) != string(first) {
			t.Fatalf("the lock is not its own canonical form: %v\n%q\n%q", findings, data, first)
		}
	})
}

func TestConfigFaultsHaveTheirPlace(t *testing.T) {
	cases := []struct {
		name string
		text string
		want []string
	}{
		{"a clean configuration", "project: pump\ntitle: Pump\ndocuments: [docs]\ncode: [../src]\n", []string{}},
		{"an unknown member", "project: pump\ndocs: [a]\n", []string{"2:1 bad-config"}},
		{"documents outside of the workspace", "documents: [docs, ../more]\n", []string{"1:19 bad-config"}},
		{"a name that is none", "project: My Pump\n", []string{"1:10 bad-config"}},
		{"a list instead of members", "- a\n", []string{"1:1 bad-config", "1:1 schema-syntax"}},
		{"an extension that is wrong", "kinds:\n  X: {name: x thing, specialises: NONE}\n", []string{"2:22 schema-undeclared"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _, findings := ReadConfig([]byte(c.text), true, "pump", schema.Builtin())
			if diff := cmp.Diff(c.want, where(findings)); diff != "" {
				t.Errorf("findings (-want +have):\n%s", diff)
			}
		})
	}
}
