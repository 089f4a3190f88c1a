package internal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
)

// A soupLine is one row of the table in SOUP.md: name, version, use, licence, known anomalies.
type soupLine struct {
	name, version, use, licence, anomalies string
}

// readSoup reads the rows of SOUP.md whose name is written as code, wherever they stand.
func readSoup(text string) ([]soupLine, error) {
	var lines []soupLine
	for row := range strings.Lines(text) {
		if !strings.HasPrefix(row, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) != 5 {
			return nil, fmt.Errorf("SOUP.md: the row of %s has %d cells, not five", cells[0], len(cells))
		}
		lines = append(lines, soupLine{strings.Trim(cells[0], "`"), cells[1], cells[2], cells[3], cells[4]})
	}
	return lines, nil
}

// directDependencies are name and version of what the module takes in by its own choice: the direct requirements of go.mod,
// the modules of its tools, and the packages that the browser tests take from npm.
func directDependencies(fsys fs.FS) (map[string]string, error) {
	text, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, err
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	direct := map[string]string{}
	for _, require := range mod.Require {
		tool := slices.ContainsFunc(mod.Tool, func(tool *modfile.Tool) bool { return within(tool.Path, require.Mod.Path) })
		if tool || !require.Indirect {
			direct[require.Mod.Path] = require.Mod.Version
		}
	}
	return direct, addPackages(fsys, direct)
}

// addPackages adds what the browser tests take from npm, once there are browser tests.
func addPackages(fsys fs.FS, direct map[string]string) error {
	text, err := fs.ReadFile(fsys, "e2e/browser/package.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var manifest struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("e2e/browser/package.json: %w", err)
	}
	maps.Copy(direct, manifest.Dependencies)
	maps.Copy(direct, manifest.DevDependencies)
	return nil
}

// checkSoup returns a finding for every dependency without a true row, and every row without a dependency [62304 5.3.3] [62304 8.1.2].
func checkSoup(fsys fs.FS) ([]string, error) {
	direct, err := directDependencies(fsys)
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(fsys, "SOUP.md")
	if err != nil {
		return nil, err
	}
	lines, err := readSoup(string(text))
	if err != nil {
		return nil, err
	}
	var findings []string
	listed := map[string]bool{}
	for _, line := range lines {
		version, used := direct[line.name]
		switch {
		case listed[line.name]:
			findings = append(findings, fmt.Sprintf("SOUP.md lists %s twice", line.name))
		case !used:
			findings = append(findings, fmt.Sprintf("SOUP.md lists %s, which is no direct dependency: remove the row", line.name))
		case version != line.version:
			findings = append(findings, fmt.Sprintf("SOUP.md lists %s %s, used is %s: review its changes and known anomalies, then update the row",
				line.name, line.version, version))
		case line.use == "" || line.licence == "" || line.anomalies == "":
			findings = append(findings, fmt.Sprintf("SOUP.md leaves a cell of %s empty", line.name))
		}
		listed[line.name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(direct)) {
		if !listed[name] {
			findings = append(findings, fmt.Sprintf("SOUP.md does not list %s %s: add why it is here, its licence and its known anomalies", name, direct[name]))
		}
	}
	return findings, nil
}

// TestSoupIsListed holds SOUP.md against what the module really takes in.
func TestSoupIsListed(t *testing.T) {
	findings, err := checkSoup(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	report(t, findings)
}

// TestUnlistedSoupIsFound shows that the check can fail, in every way it knows.
func TestUnlistedSoupIsFound(t *testing.T) {
	tree := madeUpTree(`
-- go.mod --
module example.org/pump

go 1.26.0

require (
	example.org/clock v1.0.0
	example.org/dose v1.2.0
	example.org/alarm v1.0.0
)

require (
	example.org/lint v0.1.0 // indirect
	example.org/deep v0.1.0 // indirect
)

tool example.org/lint/cmd/lint
-- e2e/browser/package.json --
{"devDependencies": {"axe": "4.0.0"}}
-- SOUP.md --
| name | version | why | licence | known anomalies |
|---|---|---|---|---|
| ` + "`example.org/clock`" + ` | v1.0.0 | time | MIT | none |
| ` + "`example.org/clock`" + ` | v1.0.0 | time | MIT | none |
| ` + "`example.org/dose`" + ` | v1.1.0 | dose | MIT | none |
| ` + "`example.org/alarm`" + ` | v1.0.0 | alarm |  | none |
| ` + "`example.org/gone`" + ` | v1.0.0 | left over | MIT | none |
`)
	want := []string{
		"SOUP.md lists example.org/clock twice",
		"SOUP.md lists example.org/dose v1.1.0, used is v1.2.0: review its changes and known anomalies, then update the row",
		"SOUP.md leaves a cell of example.org/alarm empty",
		"SOUP.md lists example.org/gone, which is no direct dependency: remove the row",
		"SOUP.md does not list axe 4.0.0: add why it is here, its licence and its known anomalies",
		"SOUP.md does not list example.org/lint v0.1.0: add why it is here, its licence and its known anomalies",
	}
	findings, err := checkSoup(tree)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

// TestSQLiteKeepsItsLibc refuses to move modernc.org/libc on its own: the SQLite module is translated against one version of it
// and says that no other is safe.
func TestSQLiteKeepsItsLibc(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, require := range mod.Require {
		got[require.Mod.Path] = require.Mod.Version
	}
	// The pair is written here because the SQLite module's own go.mod is not part of this tree. Move both together, after
	// reading go.mod of the new SQLite version.
	want := map[string]string{"modernc.org/sqlite": "v1.60.1", "modernc.org/libc": "v1.77.1"}
	for name, version := range want {
		if got[name] != version {
			t.Errorf("go.mod requires %s %s, not %s: move SQLite and the libc it names together, here and in SOUP.md", name, got[name], version)
		}
	}
}
