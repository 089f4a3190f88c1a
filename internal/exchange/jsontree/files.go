package jsontree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

var errEnough = errors.New("enough files")

// Files are the regular files of a tree whose names end in one of the extensions, sorted. Folders of version control and
// foreign packages are passed over; what cannot be looked at is a fault. The error is for a tree of which nothing can be
// listed. Most is how many files and folders are looked at, 0 for 2,000,000.
func Files(fsys fs.FS, most int, extensions ...string) (names []string, faults []exchange.Fault, err error) {
	if most <= 0 {
		most = 2_000_000
	}
	if _, err := fs.ReadDir(fsys, "."); err != nil {
		return nil, nil, fmt.Errorf("read the folder: %w", err)
	}
	fault := func(name string, isError bool, message, remedy string) {
		faults = append(faults, exchange.Fault{At: exchange.Position{File: name}, Message: message, Remedy: remedy, Error: isError})
	}
	seen := 0
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if seen++; seen > most {
			fault(name, true, fmt.Sprintf("more than %d files; the rest is not read", most), "read a folder closer to the requirements")
			return errEnough
		}
		switch {
		case err != nil:
			fault(name, true, "the folder cannot be read: "+exchange.Reason(err), "check its permissions")
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			if exchange.SkippedFolder(name) || strings.Count(name, "/") > 250 {
				return fs.SkipDir
			}
		case !slices.Contains(extensions, strings.ToLower(path.Ext(name))):
		case entry.Type()&fs.ModeSymlink != 0:
			fault(name, false, "the file is a symbolic link, which is not followed", "put the file itself into the folder")
		case entry.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, nil, fmt.Errorf("walk the folder: %w", err)
	}
	slices.Sort(names)
	return names, faults, nil
}

// Any says that one of the files that Files would list satisfies is, without listing all.
func Any(fsys fs.FS, is func(name string) bool, extensions ...string) bool {
	found := errors.New("found")
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			if exchange.SkippedFolder(name) {
				return fs.SkipDir
			}
		case entry.Type().IsRegular() && slices.Contains(extensions, strings.ToLower(path.Ext(name))) && is(name):
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

// headBytes is how much of a file tells what it is.
const headBytes = 64 << 10

// Head is the beginning of a file, as UTF-8, and its end where it is longer; both nil where it cannot be read.
func Head(fsys fs.FS, name string) (head, tail []byte) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil
	}
	head = make([]byte, min(info.Size(), headBytes))
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil
	}
	head = head[:n]
	if at, ok := f.(io.ReaderAt); ok && info.Size() > headBytes {
		tail = make([]byte, min(1024, info.Size()-headBytes))
		n, _ := at.ReadAt(tail, info.Size()-int64(len(tail))) // a file that shrank has a shorter tail
		tail = tail[:n]
	}
	head, _ = exchange.DecodeText(head) // it may end anywhere
	return head, tail
}

// Names are the names of members at the beginning of JSON text that may end anywhere, each with the names around it, as
// in versions/1.0/needs; an array is a *. Names are given down to a depth. What is no JSON gives the names up to there.
func Names(head []byte, depth int) []string {
	var names []string
	var around []string // name of each container that is open, within the one around it
	var isObject []bool
	name := ""
	expectName := false
	for at := 0; at < len(head); {
		c := head[at]
		at++
		switch c {
		case ' ', '\t', '\r', '\n', ':':
		case '{', '[':
			around = append(around, name)
			isObject = append(isObject, c == '{')
			name, expectName = "*", c == '{'
		case '}', ']':
			if len(around) == 0 {
				return names
			}
			around, isObject = around[:len(around)-1], isObject[:len(isObject)-1]
			expectName = false
		case ',':
			if len(isObject) == 0 {
				return names
			}
			expectName = isObject[len(isObject)-1]
			if !expectName {
				name = "*"
			}
		case '"':
			end := stringEnd(head[at:])
			if end < 0 {
				return names
			}
			if expectName {
				name = string(unescapeLoosely(head[at : at+end]))
				if len(around) <= depth {
					names = append(names, strings.TrimPrefix(strings.Join(append(slices.Clone(around), name), "/"), "/"))
				}
				expectName = false
			}
			at += end + 1
		default:
			for at < len(head) && wordByte(head[at]) {
				at++
			}
			if !wordByte(c) {
				return names
			}
		}
	}
	return names
}

// stringEnd is where the closing quote of a string stands, or -1.
func stringEnd(data []byte) int {
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// unescapeLoosely resolves escapes where they are right.
func unescapeLoosely(raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' {
			n, message := escape(raw[i:])
			if message != "" {
				return raw
			}
			i += n - 1
		}
	}
	return unescape(raw)
}
