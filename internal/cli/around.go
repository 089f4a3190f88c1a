package cli

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/workspace"
)

// surroundings is where the code and the reports of a workspace lie: in the
// workspace itself, or beside it in the same repository. Nothing outside of the
// repository is ever read, whatever a workspace asks for.
type surroundings struct {
	dir   string // the workspace, or the top of the repository that holds it
	below string // slash path of the workspace below dir, "." where they are one
}

// around finds the surroundings that hold the paths.
func around(dir string, paths []string) surroundings {
	s := surroundings{dir, "."}
	beside := false
	for _, p := range paths {
		beside = beside || p == ".." || strings.HasPrefix(p, "../")
	}
	if !beside {
		return s
	}
	own := absolute(dir)
	for top := own; ; top = filepath.Dir(top) {
		if _, err := os.Lstat(filepath.Join(top, ".git")); err == nil {
			if below, err := filepath.Rel(top, own); err == nil {
				return surroundings{top, filepath.ToSlash(below)}
			}
		}
		if top == filepath.Dir(top) {
			return s
		}
	}
}

// paths turns paths as seen from the workspace into paths below dir, and
// returns those that lead out of it apart.
func (s surroundings) paths(names []string) (inside, outside []string) {
	for _, name := range names {
		p := path.Join(s.below, name)
		if p == ".." || strings.HasPrefix(p, "../") {
			outside = append(outside, name)
			continue
		}
		inside = append(inside, p)
	}
	return inside, outside
}

// name turns a path below dir into one as seen from the workspace.
func (s surroundings) name(below string) string {
	if s.below == "." {
		return below
	}
	rel, err := filepath.Rel(filepath.FromSlash(s.below), filepath.FromSlash(below))
	if err != nil {
		return below
	}
	return filepath.ToSlash(rel)
}

// outsideFindings names paths of the configuration that lead out of the repository.
func outsideFindings(member string, names []string) []finding.Finding {
	var out []finding.Finding
	for _, name := range names {
		out = append(out, finding.Finding{Rule: "bad-config", Severity: finding.Error, File: workspace.ConfigFile,
			Message: fmt.Sprintf("%s: %s leads out of the repository, or the workspace is in none", member, name), Remedy: "name a path of the repository"})
	}
	return out
}
