package codetag

import (
	"bytes"
	"fmt"
)

// word opens every tag; a file without it is never tokenised.
const word = "goldthread:"

// maxKey is the longest key in bytes; longer words are faults.
const maxKey = 200

// found is a tag before it knows its file.
type found struct {
	at        int // offset of the key
	verb, key string
}

// flaw is a malformed tag at an offset into the source.
type flaw struct {
	at      int
	message string
}

// reader reads the tags of comments. It is used again for comment after comment.
type reader struct {
	src   []byte
	verb  string // the last one read
	tags  []found
	flaws []flaw
}

// read replaces tags and flaws by those in the comment src[start:end].
func (r *reader) read(start, end int) {
	r.tags, r.flaws = r.tags[:0], r.flaws[:0]
	line := start // the end of the line of the tag before: thousands may share one
	for at := start; ; {
		next := bytes.Index(r.src[at:end], []byte(word))
		if next < 0 {
			return
		}
		at += next
		after := at + len(word)
		if startsWord(r.src, start, at) {
			if line < after {
				line = lineEnd(r.src, after, end)
			}
			r.tag(at, line)
		}
		at = after
	}
}

func (r *reader) fault(at int, format string, args ...any) {
	r.flaws = append(r.flaws, flaw{at, fmt.Sprintf(format, args...)})
}

// startsWord reports whether a word starts at src[at]: at the start of the
// comment, after a blank, an opening bracket or an element of XML, or after
// nothing but the signs that decorate comments (/// ** # ;; --).
func startsWord(src []byte, start, at int) bool {
	for i := at; i > start; i-- {
		switch c := src[i-1]; c {
		case ' ', '\t', '\n', '\r', '\v', '\f', '(', '[', '{', '<', '>', ',':
			return true
		case '*', '/', '#', ';', '%', '!', '-', '=', '|', '@', '+', '.', ':', '\\':
			// decoration, if nothing else stands before it
			if at-i > 16 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func lineEnd(src []byte, from, end int) int {
	for i := from; i < end; i++ {
		if src[i] == '\n' || src[i] == '\r' {
			return i
		}
	}
	return end
}

// tag reads the tag that opens at src[at]; end is the end of its line.
func (r *reader) tag(at, end int) {
	src := r.src
	verbAt := at + len(word)
	i := verbAt
	for i < end && isVerbByte(src[i]) {
		i++
	}
	verb := src[verbAt:i]
	switch {
	case len(verb) == 0 || !isLetter(verb[0]):
		r.blankBeforeVerb(at, i, end)
	case !isVerb(string(verb)):
		r.fault(verbAt, "tag %q: a verb is written in lower case letters with '-' for blanks, as in %s", cut(word+string(verb)), example)
	case i < end && !isBlank(src[i]):
		if rest := bytes.TrimLeft(src[i:end], ".,;:!?)]}>'\"`*"); len(bytes.TrimSpace(rest)) == 0 {
			r.noKey(at, string(verb))
			return
		}
		r.fault(i, "tag %q: a blank must stand between verb and key, as in %s", cut(word+string(verb)), example)
	default:
		if r.verb != string(verb) {
			r.verb = string(verb)
		}
		r.keys(at, i, end)
	}
}

const example = "goldthread:implements SRS-12 (write goldthread\\: where you only speak of tags)"

func (r *reader) noKey(at int, verb string) {
	r.fault(at, "tag %q has no key on its line: write it as in %s", cut(word+verb), example)
}

// blankBeforeVerb tells "goldthread: implements SRS-12", a slip, from prose.
func (r *reader) blankBeforeVerb(at, i, end int) {
	if i >= end || !isBlank(r.src[i]) {
		return
	}
	words := bytes.Fields(r.src[i:min(end, i+2*maxKey)])
	if len(words) >= 2 && isVerb(string(words[0])) && isKey(bytes.TrimRight(words[1], ".,;:)")) {
		r.fault(at, "tag has a blank before its verb %q: write it as in %s", cut(string(words[0])), example)
	}
}

// keys reads the list of keys in src[i:end]. Separators are commas and blanks. A
// word without a digit, or a sign such as '(' or '-', opens a remark unless a
// comma asks for one more key; so does punctuation after a key.
func (r *reader) keys(at, i, end int) {
	src := r.src
	for first := true; ; first = false {
		gap := i
		w := nextWord(src, i, end)
		i = w.end
		comma := bytes.IndexByte(src[gap:w.at], ',') >= 0
		switch {
		case first && len(w.core) == 0:
			r.noKey(at, r.verb)
			return
		case w.at == w.end && comma:
			r.fault(gap, "tag %q ends in a comma: keys stand on the line of their tag; repeat the tag on the next line", cut(word+r.verb))
			return
		case w.at == w.end, bytes.HasPrefix(src[w.at:end], []byte(word)) && !first:
			return
		case isKey(w.core):
			r.tags = append(r.tags, found{w.at, r.verb, string(w.core)})
			if len(w.core) < w.end-w.at {
				r.stray(i, end)
				return
			}
		case first || comma || hasDigit(w.core) && !isSign(src[w.at]):
			r.fault(w.at, "tag %q: %q is not a key; a key begins with a letter, has a number and holds letters, digits, '-', '_' and '.', as in SRS-12",
				cut(word+r.verb), cut(string(w.core)))
		default:
			r.stray(w.at, end)
			return
		}
	}
}

// stray finds words in a remark that were meant as keys, as in "SRS-12 and
// SRS-13". A remark that a sign opens may say what it likes.
func (r *reader) stray(i, end int) {
	for {
		w := nextWord(r.src, i, end)
		if w.at == end || bytes.HasPrefix(r.src[w.at:end], []byte(word)) || isSign(r.src[w.at]) {
			return
		}
		if isKey(w.core) && upperPrefix(w.core) {
			r.fault(w.at, "tag %q: %s stands in a remark and is not read as a key; separate keys by commas or blanks, or put the remark in brackets",
				cut(word+r.verb), cut(string(w.core)))
		}
		i = w.end
	}
}

// A listWord is src[at:end] up to the next blank or comma; core is without the
// punctuation and closing signs at its end. At the end of the line it is empty.
type listWord struct {
	at, end int
	core    []byte
}

func nextWord(src []byte, i, end int) listWord {
	for i < end && (isBlank(src[i]) || src[i] == ',') {
		i++
	}
	w := listWord{at: i}
	for i < end && !isBlank(src[i]) && src[i] != ',' {
		i++
	}
	w.end = i
	if n := bytes.IndexByte(src[w.at:i], '<'); n > 0 {
		i = w.at + n // SRS-12</summary>
	}
	w.core = bytes.TrimRight(src[w.at:i], ".;:!?)]}>'\"`*-/|#%")
	return w
}

func isSign(c byte) bool { return c < 0x80 && !isAlnum(c) && c != '_' }

// upperPrefix reports whether w opens like SRS-1: capitals, then a sign or digit.
func upperPrefix(w []byte) bool {
	i := 0
	for i < len(w) && w[i] >= 'A' && w[i] <= 'Z' {
		i++
	}
	return i >= 2 && i < len(w) && (w[i] == '-' || w[i] == '_' || isDigit(w[i]))
}

// isKey holds a word to the grammar of keys, with an optional "project/".
func isKey(s []byte) bool {
	if len(s) > maxKey {
		return false
	}
	slash, digit := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '/':
			if slash || i == 0 || !isAlnum(s[i-1]) {
				return false
			}
			slash, digit = true, false
		case i == 0 || s[i-1] == '/':
			if !isLetter(c) {
				return false
			}
		case c == '-' || c == '_' || c == '.':
			if !isAlnum(s[i-1]) {
				return false
			}
		case isDigit(c):
			digit = true
		case !isLetter(c):
			return false
		}
	}
	return digit && isAlnum(s[len(s)-1])
}

// isVerb reports whether s is lower case words joined by single hyphens.
func isVerb(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '-' && (i == 0 || i == len(s)-1 || s[i-1] == '-') || s[i] != '-' && (s[i] < 'a' || s[i] > 'z') {
			return false
		}
	}
	return s != ""
}

func isVerbByte(c byte) bool { return isAlnum(c) || c == '-' || c == '_' }

func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\v' || c == '\f' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isAlnum(c byte) bool  { return isLetter(c) || isDigit(c) }

func hasDigit(w []byte) bool { return bytes.ContainsAny(w, "0123456789") }

// cut shortens foreign text for a message.
func cut(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
