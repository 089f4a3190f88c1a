package reqif

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// valid holds a file against the schema of the format, where that and a checker are at hand.
func valid(t testing.TB, data []byte) {
	t.Helper()
	if wrong := isValid(t, data); wrong != "" {
		t.Errorf("the file is not valid:\n%.2000s", wrong)
	}
}

// isValid says what is wrong with a file, "" for nothing.
func isValid(t testing.TB, data []byte) string {
	t.Helper()
	schema := exchangetest.Data(t, "reqif-schema", "reqif.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Log("the schema is not at hand")
		return ""
	}
	checker, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log("xmllint (libxml2-utils) is not installed")
		return ""
	}
	name := filepath.Join(t.TempDir(), "x.reqif")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(checker, "--nonet", "--noout", "--schema", schema, name)
	cmd.Dir = filepath.Dir(schema)
	if out, err := cmd.CombinedOutput(); err != nil {
		return strings.ReplaceAll(string(out), name, "x.reqif")
	}
	return ""
}
