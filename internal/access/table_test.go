package access_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/record"
)

// matrix is the table written a second time, by hand: the letters are the roles that may, as in the head. A dash is nobody, and a
// lower-case m is a machine that never may, whatever other roles it has.
const matrix = `
Reader Author reViewer aPprover manaGer Machine
read               R A V P G M
export             R A V P G M
verify             R A V P G M
put                - A - - - -
rekey              - A - - - -
retire             - A - - - -
place              - A - - - -
link               - A - - - -
unlink             - A - - - -
port               - A - - - -
confirm link       - A V P - m
move state         - A V P - -
comment            - A V P G -
attach evidence    - A V - - M
sign: authorship   - A - - - m
sign: review       - - V P - m
sign: approval     - - - P - m
sign: responsibility - - - P G m
baseline           - - - P G -
branch stream      - - - - G -
settings           - - - - G -
membership         - - - - G m
redact             - - - - G m
anchor             - - - - G M
rotate key         - - - - G m
backup             - - - - G M
accept clock       - - - - G m
`

// goldthread:verifies SRS-105
// goldthread:verifies SRS-107
func TestEveryRoleAndAct(t *testing.T) {
	var acts []access.Act
	for line := range strings.Lines(strings.TrimSpace(matrix)) {
		cells := strings.Fields(line)
		if len(cells) < 7 {
			continue // the head
		}
		n := len(cells) - 6
		a := access.Act(strings.Join(cells[:n], " "))
		acts = append(acts, a)
		for i, r := range access.Roles() {
			cell := cells[n+i]
			if got, want := access.Permitted(a, r), cell != "-" && cell != "m"; got != want {
				t.Errorf("%s may %q: %v, want %v", r, a, got, want)
			}
			beside := access.Permitted(a, r, access.Machine)
			if want := cells[n+5] != "m" && (cell != "-" || cells[n+5] == "M"); beside != want {
				t.Errorf("a machine that is %s may %q: %v, want %v", r, a, beside, want)
			}
		}
		if access.Permitted(a) || access.Permitted(a, "owner") {
			t.Errorf("without a role, or with one that there is not, somebody may %q", a)
		}
	}
	if d := cmp.Diff(acts, access.Acts()); d != "" {
		t.Errorf("acts of this test against the table (-test +table):\n%s", d)
	}
}

// recordSource parses package record.
func recordSource(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("../record/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal("package record is not where it was", err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// operationNames reads from the source how the operations are called in the codec: what their method Type returns. Those whose
// name is not a constant are kept under the name of their Go type.
func operationNames(t *testing.T) map[string]string {
	t.Helper()
	names, operations := map[string]string{}, map[string]bool{}
	for _, f := range recordSource(t) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				continue
			}
			receiver, ok := fn.Recv.List[0].Type.(*ast.Ident)
			if !ok {
				continue
			}
			switch fn.Name.Name {
			case "append":
				operations[receiver.Name] = true
			case "Type":
				names[receiver.Name] = receiver.Name
				if ret, ok := fn.Body.List[0].(*ast.ReturnStmt); ok {
					if lit, ok := ret.Results[0].(*ast.BasicLit); ok {
						names[receiver.Name], _ = strconv.Unquote(lit.Value)
					}
				}
			}
		}
	}
	for name := range names {
		if !operations[name] {
			delete(names, name)
		}
	}
	return names
}

// TestEveryOperationHasARow fails when package record gets an operation, or a meaning of signatures, that the table does not know.
//
// goldthread:verifies SRS-105
func TestEveryOperationHasARow(t *testing.T) {
	names := operationNames(t)
	if len(names) < 19 {
		t.Fatalf("only %d operations were found in the source", len(names))
	}
	for goName, name := range names {
		switch goName {
		case "Unknown": // of a later version: nobody may
			if slices.Contains(access.Acts(), access.Act(name)) {
				t.Error("an unknown operation has a row")
			}
		case "Sign": // by its meaning
			for _, m := range meanings(t) {
				if !slices.Contains(access.Acts(), access.SignAs(m)) {
					t.Errorf("a signature of %s has no row", m)
				}
			}
		default:
			if !slices.Contains(access.Acts(), access.Act(name)) {
				t.Errorf("operation %s (%q) has no row: who may carry it out?", goName, name)
			}
		}
	}
}

// meanings reads from the source what a signature may mean.
func meanings(t *testing.T) []record.Meaning {
	t.Helper()
	var out []record.Meaning
	for _, f := range recordSource(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) == 0 || !strings.HasPrefix(spec.Names[0].Name, "Meaning") {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				m, _ := strconv.Unquote(lit.Value)
				out = append(out, record.Meaning(m))
			}
			return true
		})
	}
	if len(out) < 4 {
		t.Fatalf("only %d meanings were found in the source", len(out))
	}
	return out
}

func TestRolesAsPeopleTypeThem(t *testing.T) {
	for _, tt := range []struct{ sentence, typed, want, fault string }{
		{"one", "author", "author", ""},
		{"several, in any order, with blanks, twice", "manager, author,author", "author manager", ""},
		{"a machine that pushes", "author,machine", "author machine", ""},
		{"a machine that approves", "machine,approver", "", "a machine cannot be approver"},
		{"none", "", "", `there is no role ""`},
		{"one of another tool", "admin", "", `there is no role "admin"`},
	} {
		roles, err := access.ParseRoles(tt.typed)
		var words []string
		for _, r := range roles {
			words = append(words, string(r))
		}
		if got := strings.Join(words, " "); got != tt.want || (err == nil) != (tt.fault == "") || err != nil && err.Error() != tt.fault {
			t.Errorf("%s: %q, %v", tt.sentence, got, err)
		}
	}
}
