package workspace

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// attach adds the files that the text of an item leads to.
//
// goldthread:implements SRS-27
func (r *reader) attach(it *Item) {
	for _, ref := range FileReferences(it.Text) {
		r.addFile(it, ref.Path, it.TextLine+ref.Line, 1)
	}
}

func (r *reader) addFile(it *Item, written string, line, column int) {
	name := resolve(r.name, written)
	if name == "" {
		r.report("path-outside", line, column, it.Key, written+" leads out of the workspace", "move the file into the workspace")
		return
	}
	if !slices.ContainsFunc(it.Files, func(f record.File) bool { return f.Name == name }) {
		it.Files = append(it.Files, record.File{Name: name})
		it.fileLines = append(it.fileLines, fileLine{name, line, column})
	}
}

// fileLine says where a file is named, for messages about it.
type fileLine struct {
	name         string
	line, column int
}

// relativeTo is the inverse of resolve.
func relativeTo(document, name string) string {
	dir := path.Dir(document)
	up := ""
	for dir != "." && !strings.HasPrefix(name, dir+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	if dir != "." {
		name = strings.TrimPrefix(name, dir+"/")
	}
	return up + name
}

// FileReference is a relative path that the text of an item leads to.
type FileReference struct {
	Path  string // as written, unescaped
	Image bool
	Line  int // from 0, within the text
}

// FileReferences lists the relative paths of images and links in a Markdown
// text, outside of code fences.
func FileReferences(text string) []FileReference {
	if !strings.Contains(text, "](") {
		return nil
	}
	var out []FileReference
	var f fence
	for n, line := range strings.Split(text, "\n") {
		inside := f.mark != 0
		f.step(line, n)
		if inside || f.mark != 0 {
			continue
		}
		out = append(out, lineReferences(line, n)...)
	}
	return out
}

func lineReferences(line string, number int) []FileReference {
	var out []FileReference
	for rest, offset := line, 0; ; {
		i := strings.Index(rest, "](")
		if i < 0 {
			return out
		}
		open := offset + i
		target := line[open+2:]
		offset = open + 2
		rest = target
		if inCode(line[:open]) {
			continue
		}
		if end := strings.IndexAny(target, ") \t"); end >= 0 {
			target = target[:end]
		}
		target = strings.Trim(target, "<>")
		if p, ok := relativePath(target); ok {
			out = append(out, FileReference{Path: p, Image: isImage(line[:open]), Line: number})
		}
	}
}

// inCode reports whether the end of s lies within a code span.
func inCode(s string) bool { return strings.Count(s, "`")%2 == 1 }

func isImage(before string) bool {
	i := strings.LastIndexByte(before, '[')
	return i > 0 && before[i-1] == '!'
}

func relativePath(target string) (string, bool) {
	target, _, _ = strings.Cut(target, "#")
	target, _, _ = strings.Cut(target, "?")
	if target == "" || target[0] == '/' || strings.Contains(target, ":") || strings.HasSuffix(target, ".md") {
		return "", false
	}
	p, err := url.PathUnescape(target)
	if err != nil || strings.ContainsAny(p, "\x00\n\\") {
		return "", false
	}
	return p, true
}

// resolve turns a path as written in a document into one below the root; ""
// where it leads out of the workspace.
func resolve(document, written string) string {
	p := path.Join(path.Dir(document), written)
	if p == ".." || strings.HasPrefix(p, "../") || path.IsAbs(p) {
		return ""
	}
	return p
}
