package codetag

import (
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// Ignored returns a function that says whether a path below dir is ignored, by
// the same files and rules as a scan: for others who read the folder. It may be
// called from several goroutines; a folder above the path that is ignored must
// be left out by the caller, as a walk does.
//
// goldthread:implements SRS-38
func Ignored(dir string) func(rel string, isDir bool) bool {
	g := &ignored{dir: dir, chains: map[string]ruleChain{}}
	rules := outside(dir).rules
	rules = rules.with(ruleset{rules: parseIgnore(readAbove(filepath.Join(dir, ".git", "info", "exclude")))})
	g.chains[""] = g.within("", rules)
	return func(rel string, isDir bool) bool { return g.chain(parent(rel)).ignored(rel, isDir) }
}

type ignored struct {
	dir    string
	mu     sync.Mutex // guards chains
	chains map[string]ruleChain
}

func parent(rel string) string {
	if d := path.Dir(rel); d != "." {
		return d
	}
	return ""
}

// chain returns the rules that hold for what lies directly in the folder.
func (g *ignored) chain(folder string) ruleChain {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.locked(folder)
}

func (g *ignored) locked(folder string) ruleChain {
	if c, ok := g.chains[folder]; ok {
		return c
	}
	c := g.within(folder, g.locked(parent(folder)))
	g.chains[folder] = c
	return c
}

func (g *ignored) within(folder string, c ruleChain) ruleChain {
	for _, file := range []string{gitIgnore, ownIgnore} {
		data := readAbove(filepath.Join(g.dir, filepath.FromSlash(folder), file))
		c = c.with(ruleset{rules: parseIgnore(data), dir: strings.TrimSuffix(folder, "/")})
	}
	return c
}
