package internal

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// vagueNames say nothing about what a package is: what is in it has a noun of the glossary for a home.
var vagueNames = []string{"base", "common", "helper", "helpers", "manager", "misc", "shared", "types", "util", "utils"}

// processNames speak to the process itself. A package that uses one cannot be tested by filling an environment.
var processNames = []string{
	"os.Args", "os.Exit", "os.Stderr", "os.Stdin", "os.Stdout",
	"fmt.Print", "fmt.Printf", "fmt.Println",
	"log.Fatal", "log.Fatalf", "log.Fatalln",
	"flag.Parse",
}

// clockNames read or wait for the clock of the machine, or its files of time zones.
var clockNames = []string{
	"time.After", "time.AfterFunc", "time.LoadLocation", "time.NewTicker", "time.NewTimer", "time.Now", "time.Since",
	"time.Sleep", "time.Tick", "time.Until",
}

// checkHabits returns a finding for every package that breaks a promise all packages make, in a stable order.
func (r rules) checkHabits(files []goFile) []string {
	findings := slices.Concat(vaguePackages(files), withoutComment(files))
	for _, file := range files {
		if !file.test {
			findings = append(findings, r.refuseNames(file)...)
			findings = append(findings, r.refuseStartUp(file)...)
		}
	}
	slices.Sort(findings)
	return slices.Compact(findings)
}

// vaguePackages names packages whose name or folder says nothing.
func vaguePackages(files []goFile) []string {
	var findings []string
	for _, file := range files {
		name := strings.TrimSuffix(file.syntax.Name.Name, "_test")
		for _, word := range []string{name, path.Base(file.dir)} {
			if slices.Contains(vagueNames, word) {
				findings = append(findings, fmt.Sprintf("%s: %q says nothing; name the package after what it holds", file.dir, word))
			}
		}
	}
	return findings
}

// withoutComment names packages that do not open with a comment.
func withoutComment(files []goFile) []string {
	commented := map[string]bool{}
	for _, file := range files {
		if file.test {
			continue
		}
		opening := "Package " + file.syntax.Name.Name + " "
		if file.program() {
			opening = "Command "
		}
		says := file.syntax.Doc != nil && strings.HasPrefix(file.syntax.Doc.Text(), opening)
		commented[file.dir] = commented[file.dir] || says
	}
	var findings []string
	for _, dir := range slices.Sorted(maps.Keys(commented)) {
		if !commented[dir] {
			findings = append(findings, fmt.Sprintf(
				"%s: no package comment (// Package … or // Command …): what it is, what it refuses, which clause it serves", dir))
		}
	}
	return findings
}

// refuseNames names uses of the process, and in pure packages of the clock.
func (r rules) refuseNames(file goFile) []string {
	source, _ := strings.CutPrefix(file.dir, "internal/")
	speaks := file.program() && anyWithin(file.dir, r.programs)
	pure := source != file.dir && r.pure(source)

	var findings []string
	for name, node := range file.names {
		switch {
		case r.excepted(file.dir, name):
		case !speaks && slices.Contains(processNames, name):
			findings = append(findings, fmt.Sprintf("%s: %s outside a command of %s: take it as an argument",
				file.at(node), name, strings.Join(r.programs, ", ")))
		case pure && slices.Contains(clockNames, name):
			findings = append(findings, fmt.Sprintf("%s: %s in a pure package: take the time as an argument", file.at(node), name))
		}
	}
	return findings
}

// refuseStartUp names what would run, or register itself, by the mere import of the package.
func (r rules) refuseStartUp(file goFile) []string {
	var findings []string
	for imported, spec := range file.imports {
		switch {
		case spec.Name == nil, r.excepted(file.dir, imported):
		case spec.Name.Name == ".":
			findings = append(findings, fmt.Sprintf("%s: import of %s by dot: a reader cannot tell whose names they are", file.at(spec), imported))
		case spec.Name.Name == "_" && imported != "embed":
			findings = append(findings, fmt.Sprintf("%s: blank import of %s: list what is registered where it is used", file.at(spec), imported))
		}
	}
	if file.generated {
		return findings
	}
	for _, declaration := range file.syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if ok && function.Recv == nil && function.Name.Name == "init" {
			findings = append(findings, fmt.Sprintf("%s: func init: build it where it is used, in a constructor or a listed value", file.at(function)))
		}
	}
	return findings
}

// names yields every use of a name of another package, as path.Name, with its place. Shadowed package names are told apart by
// the parser's own resolution: an identifier it has resolved within the file is not a package.
func (f goFile) names(yield func(name string, node ast.Node) bool) {
	packages := map[string]string{}
	for imported, spec := range f.imports {
		local := packageName(imported)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		packages[local] = imported
	}
	more := true
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok || !more {
			return more
		}
		if left, ok := selector.X.(*ast.Ident); ok && left.Obj == nil && packages[left.Name] != "" {
			more = yield(packages[left.Name]+"."+selector.Sel.Name, selector)
		}
		return more
	})
}

// packageName guesses the name of a package from its import path: the last element that is not a major version.
func packageName(imported string) string {
	name := path.Base(imported)
	if len(name) > 1 && name[0] == 'v' {
		if _, err := strconv.Atoi(name[1:]); err == nil {
			name = path.Base(path.Dir(imported))
		}
	}
	return name
}
