package codetag

import "strings"

// The files whose patterns say what to leave out. In one folder the later file
// has the last word, so that .goldthreadignore can take back what git ignores.
const (
	gitIgnore = ".gitignore"
	ownIgnore = ".goldthreadignore"
	maxIgnore = 1 << 20 // bytes of an ignore file
)

// rule is one pattern of an ignore file.
type rule struct {
	glob    glob
	negate  bool // !pattern: take back
	dirOnly bool // pattern/
	base    bool // no slash in it: matches the name at any depth
}

// ruleset is the rules of one ignore file; they match paths relative to dir.
type ruleset struct {
	dir    string // slash path relative to the scanned root; "" is the root
	prefix string // for files above the root: the way from there down to it, with a slash at its end
	rules  []rule
}

// parseIgnore reads an ignore file as git does.
func parseIgnore(text string) []rule {
	var rules []rule
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.SplitSeq(text, "\n") {
		line = trimTrailingSpaces(strings.TrimSuffix(line, "\r"))
		if line == "" || line[0] == '#' {
			continue
		}
		var r rule
		if line[0] == '!' {
			r.negate, line = true, line[1:]
		}
		if strings.HasSuffix(line, "/") {
			r.dirOnly, line = true, line[:len(line)-1]
		}
		r.base = !strings.Contains(line, "/")
		line = strings.TrimPrefix(line, "/")
		if line == "" {
			continue
		}
		r.glob = parseGlob(line)
		rules = append(rules, r)
	}
	return rules
}

// trimTrailingSpaces takes spaces off the end, but for one behind a backslash.
func trimTrailingSpaces(s string) string {
	end := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ':
			continue
		case '\\':
			i++
		}
		end = min(i+1, len(s))
	}
	return s[:end]
}

func (r *rule) match(path, name string, dir bool) bool {
	if r.dirOnly && !dir {
		return false
	}
	if r.base {
		return r.glob.match(name)
	}
	return r.glob.match(path)
}

// ruleChain is the rulesets that hold in a folder, the weightiest last.
//
// goldthread:implements SRS-38
type ruleChain []ruleset

// ignored reports whether the chain ignores the file or folder at rel. That a
// folder above it is ignored is not asked: such a folder is never entered.
func (c ruleChain) ignored(rel string, dir bool) bool {
	name := rel[strings.LastIndexByte(rel, '/')+1:]
	for i := len(c) - 1; i >= 0; i-- {
		set := &c[i]
		path := rel
		if set.dir != "" {
			path = rel[len(set.dir)+1:]
		} else if set.prefix != "" {
			path = set.prefix + rel
		}
		for j := len(set.rules) - 1; j >= 0; j-- {
			if set.rules[j].match(path, name, dir) {
				return !set.rules[j].negate
			}
		}
	}
	return false
}

// with returns the chain and one more ruleset; the chain itself stays as it is.
func (c ruleChain) with(s ruleset) ruleChain {
	if len(s.rules) == 0 {
		return c
	}
	return append(c[:len(c):len(c)], s)
}
