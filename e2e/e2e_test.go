// Package e2e runs scripts against the built program: what a user types, what
// comes back, and the exit code. The program is named by GOLDTHREAD_BIN; without
// it the tests skip, saying so.
package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// goldthread:part-of TC-1, TC-2, TC-3
func TestScripts(t *testing.T) {
	bin := os.Getenv("GOLDTHREAD_BIN")
	if bin == "" {
		t.Skip("GOLDTHREAD_BIN does not name the built program: run make test")
	}
	bin, err := filepath.Abs(bin)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PUMP", filepath.Join(root, "examples", "infusion-pump"))
			env.Setenv("REGULATORY", filepath.Join(root, "regulatory"))
			env.Setenv("DATA", dataFolder(root))
			env.Setenv("PATH", filepath.Dir(bin)+string(os.PathListSeparator)+env.Getenv("PATH"))
			// git asks for a person, and must not read the settings of whoever runs the tests.
			env.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(env.WorkDir, "gitconfig"))
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			return os.WriteFile(filepath.Join(env.WorkDir, "gitconfig"), []byte("[user]\n\tname = Jane Doe\n\temail = jane@example.org\n[init]\n\tdefaultBranch = main\n"), 0o666)
		},
		Condition: func(name string) (bool, error) {
			if name == "data" {
				_, err := os.Stat(dataFolder(root))
				return err == nil, nil
			}
			_, err := exec.LookPath(name)
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"fails": fails, "replace": replace, "count": count, "copytree": copyTree, "demodata": demoData},
	})
}

// dataFolder holds real files of other tools, where it is at hand.
func dataFolder(root string) string {
	if d := os.Getenv("GOLDTHREAD_DATA"); d != "" {
		return d
	}
	return filepath.Join(root, "..", "shared", "data")
}

// fails CODE PROGRAM ARGS... runs a program that must exit with exactly that code.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fails CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	if err == nil {
		ts.Fatalf("%v succeeded, want exit code %d", args[1:], want)
	}
	var exit *exec.ExitError
	if !asExit(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("%v: %v, want exit code %d", args[1:], err, want)
	}
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok
}

// demoData DIR makes a data folder with the worked example: it starts the demonstration and stops it as a user does.
func demoData(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: demodata DIR")
	}
	bin, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "goldthread"))
	ts.Check(err)
	cmd := exec.Command(bin, "demo", "--data", ts.MkAbs(args[0]), "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	ts.Check(cmd.Process.Signal(syscall.SIGINT))
	ts.Check(cmd.Wait())
}

// replace FILE OLD NEW replaces the only place of OLD in a file.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	pattern := regexp.MustCompile(regexp.QuoteMeta(args[1]))
	if n := len(pattern.FindAllString(text, -1)); n != 1 {
		ts.Fatalf("%s holds %q %d times, want once", args[0], args[1], n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(pattern.ReplaceAllLiteralString(text, args[2])), 0o666))
}

// count N PATTERN: the standard output of the last command matches so many times.
func count(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: count N PATTERN")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	out := ts.ReadFile("stdout")
	if n := len(regexp.MustCompile(`(?m)`+args[1]).FindAllString(out, -1)); n != want {
		ts.Fatalf("%q is there %d times, want %d, in:\n%s", args[1], n, want, out)
	}
}

// copyTree SRC DIR copies a folder.
func copyTree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: copytree SRC DIR")
	}
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}
