package internal

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// A layer is one line of the architecture.
type layer struct {
	packages []string // below internal/
	pure     bool     // no files, network, database, clock or randomness
}

// An edge lets one package import another of its own line.
type edge struct {
	from, to string // below internal/
	because  string
}

// An exception lets one package do what a rule refuses.
type exception struct {
	from    string // the folder of the package, below the root
	use     string // an import path, or a name such as time.Now
	because string
}

// rules is an architecture. Paths of packages are below internal/ unless said otherwise.
type rules struct {
	layers       []layer
	edges        []edge
	wiredBy      map[string][]string // package → the folders below the root that alone may import it
	formatsOf    []string
	formatsKnow  []string
	standsAlone  []string // packages that import nothing of ours and little else
	aloneWith    []string // the modules they may import
	aloneMaxLine int      // and how long they may grow, in lines without tests
	pureModules  []string
	testModules  []string
	programs     []string // folders below the root
	exceptions   []exception
}

// checkImports returns a finding for every import that the rules refuse, in a stable order. Tests may import what they like.
func (r rules) checkImports(files []goFile) []string {
	var findings []string
	for _, file := range files {
		if file.test {
			continue
		}
		for imported, spec := range file.imports {
			if refusal := r.refuseImport(file, imported); refusal != "" && !r.excepted(file.dir, imported) {
				findings = append(findings, fmt.Sprintf("%s: %s", file.at(spec), refusal))
			}
		}
	}
	findings = append(findings, r.withoutLayer(files)...)
	findings = append(findings, r.tooLongAlone(files)...)
	slices.Sort(findings)
	return findings
}

// refuseImport says what is wrong with an import, or nothing.
func (r rules) refuseImport(file goFile, imported string) string {
	target, ours := belowInternal(imported)
	switch {
	case ours:
		return r.refuseOurs(file, target)
	case within(imported, module):
		target := strings.TrimPrefix(strings.TrimPrefix(imported, module), "/")
		if programOf(file.dir) == programOf(target) {
			return "" // a program and its own packages
		}
		return fmt.Sprintf("%s imports %s: a program's own packages are for that program; what several need lives in internal/",
			file.dir, imported)
	default:
		return r.refuseForeign(file, imported)
	}
}

// programOf is the folder that a package outside internal/ belongs to: one below cmd/ and examples/, elsewhere the first.
func programOf(dir string) string {
	first, rest, _ := strings.Cut(dir, "/")
	if first != "cmd" && first != "examples" {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	return path.Join(first, second)
}

// refuseOurs judges the import of a package of internal/.
func (r rules) refuseOurs(file goFile, target string) string {
	if only, wired := r.wiredBy[target]; wired && !anyWithin(file.dir, only) && !within(file.dir, "internal/"+target) {
		return fmt.Sprintf("%s imports %s: a store is wired by %s only; take the interface of package ledger as an argument",
			file.dir, target, strings.Join(only, ", "))
	}
	if within(file.dir, "examples") {
		return fmt.Sprintf("%s imports %s: an example is a program of its own", file.dir, target)
	}
	source, inside := strings.CutPrefix(file.dir, "internal/")
	if !inside {
		return "" // commands know everything
	}
	if r.alone(source) {
		return fmt.Sprintf("%s imports %s: it stands alone, so that a stranger can read all of it", source, target)
	}
	if parent, ok := r.formatParent(source); ok && !within(target, source) {
		if known := append(slices.Clone(r.formatsKnow), parent); !slices.Contains(known, target) {
			return fmt.Sprintf("%s imports %s: a format knows only %s", source, target, strings.Join(known, ", "))
		}
	}
	return r.refuseDirection(source, target)
}

// refuseDirection holds an import between two packages of internal/ against the list.
func (r rules) refuseDirection(source, target string) string {
	from, to := r.layerOf(source), r.layerOf(target)
	if from < 0 || to < 0 {
		return "" // withoutLayer reports it
	}
	switch {
	case from < to:
		return fmt.Sprintf("%s imports %s: imports point up the list of layers, and %s stands below", source, target, target)
	case from == to && r.lineOf(source) != r.lineOf(target) && !r.hasEdge(source, target):
		return fmt.Sprintf("%s imports %s: packages of one layer do not know each other; list an edge, with its reason, or move what both need up",
			source, target)
	case r.layers[from].pure && !r.layers[to].pure:
		return fmt.Sprintf("%s imports %s: a pure package imports only pure ones; take what it needs as an argument", source, target)
	default:
		return ""
	}
}

// refuseForeign judges the import of the standard library or of another module.
func (r rules) refuseForeign(file goFile, imported string) string {
	if anyWithin(imported, r.testModules) && !strings.HasSuffix(file.dir, "test") {
		return fmt.Sprintf("%s imports %s: it serves tests only", file.dir, imported)
	}
	source, inside := strings.CutPrefix(file.dir, "internal/")
	if !inside || isStandard(imported) && !r.pure(source) {
		return ""
	}
	if !isStandard(imported) && r.alone(source) && !anyWithin(imported, r.aloneWith) {
		return fmt.Sprintf("%s imports %s: it stands alone, on the standard library and %s", source, imported, strings.Join(r.aloneWith, ", "))
	}
	if !r.pure(source) {
		return ""
	}
	if isStandard(imported) && impureImport(imported) {
		return fmt.Sprintf("%s imports %s: a pure package touches no files, network, database, log, clock or randomness; take it as an argument", source, imported)
	}
	if !isStandard(imported) && !anyWithin(imported, r.pureModules) {
		return fmt.Sprintf("%s imports %s: a pure package takes from other modules only what pureModules lists", source, imported)
	}
	return ""
}

// impureImports are packages of the standard library, with all below them, that reach outside the process or differ from run to
// run. path/filepath is one: its answers differ between systems; path does not.
var impureImports = []string{
	"crypto/rand", "database/sql", "io/ioutil", "log", "math/rand", "net", "os", "path/filepath", "plugin", "syscall",
}

// valueImports are the packages below an impure one that only handle values.
var valueImports = []string{"net/mail", "net/netip", "net/textproto", "net/url", "log/internal"}

func impureImport(imported string) bool {
	return anyWithin(imported, impureImports) && !slices.Contains(valueImports, imported)
}

// withoutLayer names packages below internal/ that no line of the list covers.
func (r rules) withoutLayer(files []goFile) []string {
	missing := map[string]bool{}
	for _, file := range files {
		if source, inside := strings.CutPrefix(file.dir, "internal/"); inside && r.layerOf(source) < 0 {
			missing[source] = true
		}
	}
	var findings []string
	for _, source := range slices.Sorted(maps.Keys(missing)) {
		findings = append(findings, fmt.Sprintf("internal/%s: give it a layer in internal/architecture_test.go", source))
	}
	return findings
}

// tooLongAlone counts the lines of the packages that a stranger must be able to read in one go.
func (r rules) tooLongAlone(files []goFile) []string {
	lines := map[string]int{}
	for _, file := range files {
		if source, inside := strings.CutPrefix(file.dir, "internal/"); inside && !file.test && r.alone(source) {
			lines[r.lineOf(source)] += file.lines
		}
	}
	var findings []string
	for source, count := range lines {
		if count > r.aloneMaxLine {
			findings = append(findings, fmt.Sprintf("internal/%s: %d lines, and it promises at most %d", source, count, r.aloneMaxLine))
		}
	}
	return findings
}

// leftOver names edges, exceptions and wiring that the source no longer uses.
func (r rules) leftOver(files []goFile) []string {
	used := map[[2]string]bool{}
	note := func(dir, use string) {
		for ; dir != "."; dir = path.Dir(dir) {
			used[[2]string{dir, use}] = true
		}
	}
	for _, file := range files {
		if file.test {
			continue
		}
		for imported := range file.imports {
			note(file.dir, imported)
		}
		for name := range file.names {
			note(file.dir, name)
		}
	}
	var findings []string
	for _, e := range r.edges {
		if !used[[2]string{"internal/" + e.from, module + "/internal/" + e.to}] {
			findings = append(findings, fmt.Sprintf("the edge %s → %s is used no more: remove it", e.from, e.to))
		}
	}
	for _, e := range r.exceptions {
		if !used[[2]string{e.from, e.use}] {
			findings = append(findings, fmt.Sprintf("the exception of %s for %s is used no more: remove it", e.from, e.use))
		}
		if e.because == "" {
			findings = append(findings, fmt.Sprintf("the exception of %s for %s has no reason", e.from, e.use))
		}
	}
	return findings
}

// lineOf is the package of the list that covers a package of internal/: itself or the nearest one above it; "" when none does.
func (r rules) lineOf(source string) string {
	for at := source; at != "."; at = path.Dir(at) {
		for _, l := range r.layers {
			if slices.Contains(l.packages, at) {
				return at
			}
		}
	}
	return ""
}

// layerOf is the place in the list of the line that covers a package, -1 when none does.
func (r rules) layerOf(source string) int {
	line := r.lineOf(source)
	return slices.IndexFunc(r.layers, func(l layer) bool { return slices.Contains(l.packages, line) })
}

func (r rules) pure(source string) bool {
	at := r.layerOf(source)
	return at >= 0 && r.layers[at].pure
}

func (r rules) alone(source string) bool { return anyWithin(source, r.standsAlone) }

// formatParent tells the package that a format reads for, when the package is a format.
func (r rules) formatParent(source string) (string, bool) {
	for _, parent := range r.formatsOf {
		if source != parent && within(source, parent) {
			return parent, true
		}
	}
	return "", false
}

func (r rules) hasEdge(source, target string) bool {
	return slices.ContainsFunc(r.edges, func(e edge) bool { return within(source, e.from) && within(target, e.to) })
}

func (r rules) excepted(dir, use string) bool {
	return slices.ContainsFunc(r.exceptions, func(e exception) bool { return within(dir, e.from) && e.use == use })
}

// belowInternal cuts an import path of our own down to what stands below internal/.
func belowInternal(imported string) (string, bool) {
	return strings.CutPrefix(imported, module+"/internal/")
}

// isStandard tells the standard library from other modules by what the go command itself goes by: a dot in the first element.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// within tells whether a slash path is a folder or below it.
func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func anyWithin(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return within(name, folder) })
}
