package internal

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	// pageLink finds the target of a Markdown link or picture.
	pageLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// fencedCall and quotedCall find make targets that a page tells the reader to run, in a block of code and in a sentence.
	fencedCall = regexp.MustCompile(`^(?:\$ )?make ([a-z]+)`)
	quotedCall = regexp.MustCompile("`make ([a-z]+)")
	// codeSpan finds code in a sentence.
	codeSpan = regexp.MustCompile("`[^`]*`")
	// makeTarget finds the targets of the Makefile.
	makeTarget = regexp.MustCompile(`(?m)^([a-z]+):`)
)

// readerPage tells the pages whose links and make targets are checked: those of the root and of docs/. Workspaces (examples/,
// regulatory/) are checked by goldthread itself.
func readerPage(name string) bool {
	dir, _, below := strings.Cut(name, "/")
	return path.Ext(name) == ".md" && (!below || dir == "docs")
}

// checkPages returns a finding for every link to a file that does not exist and every make target that the Makefile does not have.
func checkPages(fsys fs.FS) ([]string, error) {
	makefile, err := fs.ReadFile(fsys, "Makefile")
	if err != nil {
		return nil, err
	}
	targets := map[string]bool{}
	for _, match := range makeTarget.FindAllStringSubmatch(string(makefile), -1) {
		targets[match[1]] = true
	}
	var findings []string
	err = walkSource(fsys, func(name string) error {
		if !readerPage(name) {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		links, calls := readPage(string(text))
		for _, link := range links {
			if file, ok := linkedFile(name, link); ok && !exists(fsys, file) {
				findings = append(findings, fmt.Sprintf("%s: links to %s, which does not exist", name, link))
			}
		}
		for _, target := range calls {
			if !targets[target] {
				findings = append(findings, fmt.Sprintf("%s: says make %s, which the Makefile does not have", name, target))
			}
		}
		return nil
	})
	slices.Sort(findings)
	return slices.Compact(findings), err
}

// readPage returns what a page links to and the make targets that it tells the reader to run. What stands in a block of code is
// shown, not linked; a command in a sentence is quoted.
func readPage(text string) (links, calls []string) {
	fenced := false
	for line := range strings.Lines(text) {
		fence := strings.HasPrefix(strings.TrimLeft(line, " "), "```")
		switch {
		case fence:
			fenced = !fenced
		case !fenced && strings.HasPrefix(line, "    "):
			// an indented block of code
		case fenced:
			calls = append(calls, submatches(fencedCall, line)...)
		default:
			links = append(links, submatches(pageLink, codeSpan.ReplaceAllString(line, ""))...)
			calls = append(calls, submatches(quotedCall, line)...)
		}
	}
	return links, calls
}

// submatches returns the first group of every match.
func submatches(pattern *regexp.Regexp, line string) []string {
	var found []string
	for _, match := range pattern.FindAllStringSubmatch(line, -1) {
		found = append(found, match[1])
	}
	return found
}

// linkedFile tells the file below the root that a link of a page points at; links to the web and within the page have none.
func linkedFile(page, link string) (string, bool) {
	target, err := url.Parse(link)
	if err != nil || target.Scheme != "" || target.Host != "" || target.Path == "" {
		return "", false
	}
	return path.Join(path.Dir(page), target.Path), true
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// TestPagesAreTrue follows the links of README.md, CONTRIBUTING.md, docs/ and their like.
func TestPagesAreTrue(t *testing.T) {
	findings, err := checkPages(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	report(t, findings)
}

// TestUntruePagesAreFound shows that the check can fail.
func TestUntruePagesAreFound(t *testing.T) {
	tree := madeUpTree(`
-- Makefile --
test:
	true
-- README.md --
See [the design](docs/design.md#records), [the web](https://example.org/none), [below](#below) and [nothing](docs/none.md).
Then
make sure that it works; after ` + "`make test` and `make coffee`" + `:
` + "```" + `
make test
$ make tea
` + "```" + `
-- docs/design.md --
Back [up](../README.md), or to [a picture](picture.png).
-- examples/a.md --
[not ours](none.md)
`)
	want := []string{
		"README.md: links to docs/none.md, which does not exist",
		"README.md: says make coffee, which the Makefile does not have",
		"README.md: says make tea, which the Makefile does not have",
		"docs/design.md: links to picture.png, which does not exist",
	}
	findings, err := checkPages(tree)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}
