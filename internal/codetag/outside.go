package codetag

import (
	"os"
	"path/filepath"
	"strings"
)

// outside looks for what holds in dir because of the folders above it: the
// ignore files of its git work tree, and the nearest go.mod. When those rules
// ignore dir itself, they are left aside: who names a folder wants it scanned.
func outside(dir string) surroundings {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return surroundings{}
	}
	var s surroundings
	s.module = moduleAbove(abs)
	top := workTree(abs)
	if top == "" {
		return s
	}
	if top == abs {
		if info, err := os.Lstat(filepath.Join(abs, ".git")); err == nil && info.Mode().IsRegular() {
			s.rules = s.rules.with(ruleset{rules: parseIgnore(readAbove(excludeFile(top)))})
		}
		return s // Scan reads the files of the root itself
	}
	way, _ := filepath.Rel(top, abs)
	names := strings.Split(filepath.ToSlash(way), "/")
	chain := ruleChain{}.with(ruleset{rules: parseIgnore(readAbove(excludeFile(top))), prefix: strings.Join(names, "/") + "/"})
	folder := top
	for i, name := range names {
		prefix := strings.Join(names[i:], "/") + "/"
		for _, file := range []string{gitIgnore, ownIgnore} {
			chain = chain.with(ruleset{rules: parseIgnore(readAbove(filepath.Join(folder, file))), prefix: prefix})
		}
		if chain.ignoredAbove(names[i:]) {
			return s
		}
		folder = filepath.Join(folder, name)
	}
	s.rules = chain
	return s
}

// ignoredAbove reports whether the chain ignores the folder names[0], the first
// on the way down to the root.
func (c ruleChain) ignoredAbove(names []string) bool {
	for i := len(c) - 1; i >= 0; i-- {
		// the prefix without what lies below names[0]
		below := len(strings.Join(names[1:], "/"))
		way := strings.TrimSuffix(c[i].prefix, "/")
		if below > 0 {
			way = way[:len(way)-below-1]
		}
		for j := len(c[i].rules) - 1; j >= 0; j-- {
			if c[i].rules[j].match(way, names[0], true) {
				return !c[i].rules[j].negate
			}
		}
	}
	return false
}

// workTree returns the nearest folder at or above dir that holds .git, or "".
func workTree(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// excludeFile returns info/exclude of the work tree top. Where .git is a file it
// names the folder, which may name another one that all work trees share.
func excludeFile(top string) string {
	git := filepath.Join(top, ".git")
	if to, ok := strings.CutPrefix(readAbove(git), "gitdir:"); ok {
		git = resolve(top, strings.TrimSpace(to))
		if common := strings.TrimSpace(readAbove(filepath.Join(git, "commondir"))); common != "" {
			git = resolve(git, common)
		}
	}
	return filepath.Join(git, "info", "exclude")
}

func resolve(from, to string) string {
	if filepath.IsAbs(to) {
		return to
	}
	return filepath.Join(from, to)
}

// moduleAbove returns the import path of dir by the nearest go.mod above it.
// (That of dir itself the scan reads.)
func moduleAbove(dir string) string {
	for at := dir; ; {
		up := filepath.Dir(at)
		if up == at {
			return ""
		}
		at = up
		if m := modulePath(readAbove(filepath.Join(at, "go.mod"))); m != "" {
			way, _ := filepath.Rel(at, dir)
			return m + "/" + filepath.ToSlash(way)
		}
	}
}

// readAbove returns a regular file as text, "" when there is none to read.
func readAbove(name string) string {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := readSmall(f)
	if err != nil {
		return ""
	}
	return text
}
