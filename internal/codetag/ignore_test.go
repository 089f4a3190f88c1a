package codetag

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// git runs git in dir, untouched by the configuration of the machine.
func git(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok && exit.ExitCode() == 1 && args[0] == "check-ignore" {
		return "" // nothing is ignored
	}
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, errs.String())
	}
	return string(out)
}

// write makes files below dir.
func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tree is the files every pattern is tried on.
var tree = strings.Fields(`a.go b.go foo.go foo/a.go foo/b/a.go foo/b/c/d.go bar.go bar/foo/x.go bar/foo.go bar/baz/foo/y.go
	build/x.go build/y/z.go sub/build/x.go deep/a/b/c/d/e.go deep/a/x/d/e.go deep/d.go ab.go abc.go a-b.go a]b.go !x.go #y.go
	x/!x.go sp_ace.go Foo.go FOO/x.go a1.go a2.go b9.go node_modules/m.go vendor/v.go foobar.go foo/bar.go foo/x/bar.go
	doc/a.txt.go doc/frotz/f.go a/doc/frotz/g.go target/debug/x.go logs/a.log.go logs/keep.go logs/sub/keep.go äö.go`)

// goldthread:verifies SRS-38
func TestIgnoreAsGitDoes(t *testing.T) {
	patterns := []string{
		"*.go", "foo", "foo/", "/foo", "/foo/", "foo/b", "/foo/b/", "foo.go", "/foo.go", "*/foo", "**/foo", "**/foo/", "foo/**", "foo/*",
		"foo/**/d.go", "deep/**/d", "deep/**/d/*.go", "**/d/**", "**", "*", "/*", "/**", "**/", "*/", "/*/", "a?.go", "?.go", "a[0-9].go",
		"[ab].go", "[!a].go", "[^a]*.go", "a[]]b.go", "a[]-]b.go", "a[a-c-]b.go", "[[:alpha:]].go", "[[:digit:][:upper:]]*", "[[:nope:]].go",
		"[[:alpha].go", "[a.go", "a[b.go", `\!x.go`, `\#y.go`, "!x.go", "#y.go", `sp\_ace.go`, `a\`, `foo\/a.go`, `fo\o/a.go`, `a\]b.go`, `a[\]]b.go`,
		"foo.go ", `foo.go\ `, "foo.go\t", " foo.go", "foo.go\r", "foo//a.go", "//foo", "/", "!", "", "foo/.", "./foo", "build", "sub/build", "/build/",
		"*.txt.go", "doc/frotz", "doc/frotz/", "/doc/frotz", "frotz/", "frotz", "logs/*", "*.log.go", "deep/*/d", "deep/*/*/c", "dee?/a", "d*p",
		"b*r/**/x.go", "bar/**/foo", "bar/**/foo/**", "***/foo", "foo/***", "*o*o*", "f**o", "F*", "[A-Z]*", "ä*", "?ö.go", "??.go", "äö.go",
		"*\n!foo.go", "*\n!foo/\n!foo/a.go", "foo/*\n!foo/a.go", "foo\n!foo/a.go", "*.go\n!a*.go\na1.go", "/*\n!/foo\n/foo/*\n!/foo/b",
		"logs/*\n!logs/keep.go", "logs/**\n!logs/**/\n!logs/**/keep.go", "# all\n\n*.go\n", "\ufefffoo.go", "a.go\r\nb.go\r\n", "**/foo/**/*.go",
		"a/**/g.go", "**/*/x.go", "*/*/x.go", "bar/*oo", "foo/b\\", "[a-", "[", "a[", "[]", "[!]", "[]]", "[z-a]*", "[a-c]*", "x[!-~]y", "[/]", "foo[/]a.go", "foo?a.go", "foo*a.go",
	}
	for _, p := range patterns {
		t.Run(p, func(t *testing.T) {
			dir := t.TempDir()
			git(t, dir, "", "init", "-q")
			write(t, dir, map[string]string{".gitignore": p})
			want := map[string]bool{}
			for line := range strings.SplitSeq(git(t, dir, strings.Join(tree, "\x00"), "check-ignore", "--no-index", "--stdin", "-z"), "\x00") {
				want[line] = true
			}
			chain := ruleChain{}.with(ruleset{rules: parseIgnore(p)})
			for _, file := range tree {
				if got := ignoredPath(chain, file); got != want[file] {
					t.Errorf("pattern %q: %s ignored %v, git says %v", p, file, got, want[file])
				}
			}
		})
	}
}

// ignoredPath asks for the folders above a file as the walk does.
func ignoredPath(c ruleChain, file string) bool {
	for i := range file {
		if file[i] == '/' && c.ignored(file[:i], true) {
			return true
		}
	}
	return c.ignored(file, false)
}

// goldthread:verifies SRS-38
func TestNestedIgnoreFilesAsGitReadsThem(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, "", "init", "-q")
	files := map[string]string{
		".gitignore":            "*.gen.go\n/out/\nb/*.go\n!b/keep.go\ncache\n",
		"a/.gitignore":          "!x.gen.go\n/only.go\nsub/\n",
		"a/b/.gitignore":        "*\n!.gitignore\n!in.go\n",
		"b/c/.gitignore":        "!z.go\n*.go\n!y.go\n",
		".git/info/exclude":     "excluded.go\n!out/\nb/keep.go\n",
		"cache/.gitignore":      "!*\n",
		".github/workflow.yml":  "# goldthread:implements SRS-1",
		".goldthreadignore":     "",
		"deep/.gitignore":       "*/\n!1/\n",
		"deep/1/x.go":           "",
		"deep/2/x.go":           "",
		"deep/x.go":             "",
		"node_modules/x.go":     "",
		"vendor/x.go":           "",
		"a/vendor/.git":         "gitdir: nowhere",
		"a/vendor/inner.gen.go": "",
	}
	for _, name := range strings.Fields(`x.gen.go a/x.gen.go a/y.gen.go a/only.go a/c/only.go a/sub/x.go a/c/sub/x.go a/b/in.go a/b/out.go
		b/keep.go b/x.go b/c/x.go b/c/y.go b/c/z.go out/x.go a/out/x.go excluded.go a/excluded.go cache/x.go a/cache/x.go ok.go a/ok.go`) {
		files[name] = "// goldthread:implements SRS-1\n"
	}
	for name, text := range files {
		if strings.HasSuffix(name, ".go") && text == "" {
			files[name] = "// goldthread:implements SRS-1\n"
		}
	}
	write(t, dir, files)
	os.Remove(filepath.Join(dir, "a/vendor/.git")) // git would stop at it; see the walk's own test
	var want []string
	for f := range strings.SplitSeq(git(t, dir, "", "ls-files", "-o", "--exclude-standard", "-z"), "\x00") {
		if strings.HasSuffix(f, ".go") || f == ".github/workflow.yml" {
			want = append(want, f)
		}
	}
	res, err := ScanDir(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sorted(want), tagged(res)); diff != "" {
		t.Errorf("(-git +we):\n%s", diff)
	}
}

func tagged(res *Result) []string {
	var files []string
	for _, tag := range res.Tags {
		files = append(files, tag.File)
	}
	return slices.Compact(files)
}

func TestRulesFromAboveTheScannedFolder(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, "", "init", "-q")
	const text = "// goldthread:implements SRS-1\n"
	write(t, dir, map[string]string{
		".gitignore": "gen.go\n/in/a/top.go\nskipped/\n/top.go\n", "in/.gitignore": "a/mid.go\n!/a/back/gen.go\n", ".git/info/exclude": "in/a/exc.go\n",
		"go.mod":    "module example.org/pump // x\n",
		"in/a/x.go": text, "in/a/gen.go": text, "in/a/top.go": text, "in/a/mid.go": text, "in/a/exc.go": text, "in/a/back/gen.go": text,
		"in/a/skipped/x.go": text, "in/a/s/x.go": text, "in/a/s/top.go": text,
	})
	res, err := ScanDir(context.Background(), filepath.Join(dir, "in", "a"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"back/gen.go", "s/top.go", "s/x.go", "x.go"}, tagged(res)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := res.Tags[len(res.Tags)-1].Package; got != "example.org/pump/in/a" {
		t.Errorf("package %q", got)
	}

	// a folder that is itself ignored was asked for by name
	res, err = ScanDir(context.Background(), filepath.Join(dir, "in", "a", "skipped"), Options{})
	if err != nil || len(res.Tags) != 1 {
		t.Errorf("ignored root: %v %v", res, err)
	}
	// Scan looks at nothing outside its root
	root, err := os.OpenRoot(filepath.Join(dir, "in", "a"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	res, err = Scan(context.Background(), root, Options{})
	if err != nil || len(tagged(res)) != 9 || res.Tags[0].Package != "" {
		t.Errorf("Scan: %v %v", tagged(res), err)
	}
}

func TestWorkTreeSharesTheExcludeFile(t *testing.T) {
	dir := t.TempDir()
	main, tree := filepath.Join(dir, "main"), filepath.Join(dir, "tree")
	const text = "// goldthread:implements SRS-1\n"
	write(t, main, map[string]string{"a.go": text})
	git(t, main, "", "init", "-q")
	git(t, main, "", "add", "a.go")
	git(t, main, "", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "x")
	git(t, main, "", "worktree", "add", "-q", tree)
	write(t, main, map[string]string{".git/info/exclude": "b.go\n"})
	write(t, tree, map[string]string{"b.go": text, "c.go": text})
	res, err := ScanDir(context.Background(), tree, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.go", "c.go"}, tagged(res)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzGlob(f *testing.F) {
	f.Add("**/a*[b-d]?/**", "x/a/bc/d")
	f.Add(`\[a\`, "a")
	f.Add("a*a*a*a*a*a*a*b", strings.Repeat("a", 40))
	f.Fuzz(func(t *testing.T, pattern, path string) {
		if len(pattern) > 1000 || len(path) > 1000 {
			return
		}
		for _, r := range parseIgnore(pattern) {
			r.match(path, path[strings.LastIndexByte(path, '/')+1:], true)
		}
	})
}
