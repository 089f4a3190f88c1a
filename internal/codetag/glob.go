package codetag

import "strings"

// A glob is a pattern of an ignore file, cut at its slashes. Matching takes
// time of the order of pattern times path, whatever the pattern.
type glob struct {
	segments []segment
	never    bool // malformed as git sees it: matches nothing
}

// segment matches one name of a path; deep is "**", any number of names.
type segment struct {
	literal string // the whole segment where it has no wildcard
	atoms   []atom
	deep    bool
}

type atomKind uint8

const (
	atomByte atomKind = iota
	atomAny           // ?
	atomStar          // *
	atomSet           // [...]
)

type atom struct {
	kind atomKind
	c    byte
	set  *[256]bool
}

// parseGlob reads a pattern without its leading '!' and trailing '/'.
func parseGlob(p string) glob {
	var g glob
	var seg segment
	var stars int // stars since the start of the segment, if nothing else
	flush := func() {
		if stars >= 2 && len(seg.atoms) == stars {
			seg = segment{deep: true}
		}
		seg.seal()
		g.segments = append(g.segments, seg)
		seg, stars = segment{}, 0
	}
	for i := 0; i < len(p); i++ {
		switch c := p[i]; c {
		case '/':
			flush()
			continue
		case '*':
			if stars == len(seg.atoms) {
				stars++
			}
			seg.atoms = append(seg.atoms, atom{kind: atomStar})
		case '?':
			seg.atoms = append(seg.atoms, atom{kind: atomAny})
		case '[':
			set, next, ok := parseSet(p, i)
			if !ok {
				return glob{never: true}
			}
			seg.atoms = append(seg.atoms, atom{kind: atomSet, set: set})
			i = next - 1
		case '\\':
			if i++; i == len(p) {
				return glob{never: true}
			}
			if p[i] == '/' {
				flush()
				continue
			}
			seg.atoms = append(seg.atoms, atom{c: p[i]})
		default:
			seg.atoms = append(seg.atoms, atom{c: c})
		}
	}
	flush()
	return g
}

func (s *segment) seal() {
	b := make([]byte, 0, len(s.atoms))
	for _, a := range s.atoms {
		if a.kind != atomByte {
			return
		}
		b = append(b, a.c)
	}
	s.literal = string(b)
	if !s.deep {
		s.atoms = nil
	}
}

// parseSet reads a bracket expression at p[i]; next is the index behind it.
func parseSet(p string, i int) (set *[256]bool, next int, ok bool) {
	set = new([256]bool)
	i++
	negated := i < len(p) && (p[i] == '!' || p[i] == '^')
	if negated {
		i++
	}
	for first := true; ; first = false {
		if i >= len(p) {
			return nil, 0, false
		}
		c := p[i]
		switch {
		case c == ']' && !first:
			for b := range set {
				set[b] = set[b] != negated
			}
			set['/'] = false
			return set, i + 1, true
		case c == '[' && i+1 < len(p) && p[i+1] == ':':
			end := strings.IndexByte(p[i+2:], ']')
			if end < 0 {
				return nil, 0, false
			}
			if end == 0 || p[i+1+end] != ':' {
				break // not a class: the bracket stands for itself
			}
			if !addClass(set, p[i+2:i+1+end]) {
				return nil, 0, false
			}
			i += end + 3
			continue
		case c == '\\':
			if i++; i >= len(p) {
				return nil, 0, false
			}
			c = p[i]
		}
		i++
		hi := c
		if i+1 < len(p) && p[i] == '-' && p[i+1] != ']' {
			hi = p[i+1]
			i += 2
			if hi == '\\' {
				if i >= len(p) {
					return nil, 0, false
				}
				hi = p[i]
				i++
			}
		}
		set[c] = true // in [z-a] too
		for b := int(c); b <= int(hi); b++ {
			set[b] = true
		}
	}
}

// addClass adds the bytes of a POSIX class to set.
func addClass(set *[256]bool, class string) bool {
	in := map[string]func(byte) bool{
		"alnum":  isAlnum,
		"alpha":  isLetter,
		"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
		"cntrl":  func(c byte) bool { return c < 0x20 || c == 0x7f },
		"digit":  isDigit,
		"graph":  func(c byte) bool { return c > 0x20 && c < 0x7f },
		"lower":  func(c byte) bool { return c >= 'a' && c <= 'z' },
		"print":  func(c byte) bool { return c >= 0x20 && c < 0x7f },
		"punct":  func(c byte) bool { return c > 0x20 && c < 0x7f && !isAlnum(c) },
		"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
		"upper":  func(c byte) bool { return c >= 'A' && c <= 'Z' },
		"xdigit": func(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' },
	}[class]
	if in == nil {
		return false
	}
	for b := range set {
		set[b] = set[b] || in(byte(b))
	}
	return true
}

// match reports whether the pattern matches the whole path.
func (g glob) match(path string) bool {
	if g.never {
		return false
	}
	si, rest := 0, path
	done := false // the path is used up
	backSeg, backPath := -1, ""
	for {
		switch {
		case done && si == len(g.segments):
			return true
		case si < len(g.segments) && g.segments[si].deep && !done:
			if si == len(g.segments)-1 {
				return true // a last ** takes all that is left, at least one name
			}
			si++
			backSeg, backPath = si, rest
			continue
		case si < len(g.segments) && !done:
			name, tail, more := strings.Cut(rest, "/")
			if g.segments[si].match(name) {
				si, rest, done = si+1, tail, !more
				continue
			}
		}
		if backSeg < 0 {
			return false
		}
		_, tail, more := strings.Cut(backPath, "/")
		if !more {
			return false
		}
		si, rest, backPath, done = backSeg, tail, tail, false
	}
}

// match reports whether the segment matches the whole name.
func (s *segment) match(name string) bool {
	if s.deep {
		return true
	}
	if s.atoms == nil {
		return s.literal == name
	}
	ai, ni := 0, 0
	backAtom, backName := -1, 0
	for ni < len(name) {
		if ai < len(s.atoms) {
			a := s.atoms[ai]
			if a.kind == atomStar {
				ai++
				backAtom, backName = ai, ni
				continue
			}
			if a.kind == atomAny || a.kind == atomByte && a.c == name[ni] || a.kind == atomSet && a.set[name[ni]] {
				ai, ni = ai+1, ni+1
				continue
			}
		}
		if backAtom < 0 {
			return false
		}
		backName++
		ai, ni = backAtom, backName
	}
	for ai < len(s.atoms) && s.atoms[ai].kind == atomStar {
		ai++
	}
	return ai == len(s.atoms)
}
