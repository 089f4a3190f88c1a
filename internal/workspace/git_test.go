package workspace

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGitRunsNothing reads a repository whose configuration names a program
// wherever it can: each would leave a file.
func TestGitRunsNothing(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir, traces := t.TempDir(), t.TempDir()
	git := func(stdin string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgSign=false"}, args...)...)
		cmd.Env, cmd.Stdin = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull), strings.NewReader(stdin)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	git("", "init", "-q")
	for name, text := range map[string]string{".gitattributes": "*.md diff=evil filter=evil\n", "a.md": "# SRS-1 Stop\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("", "add", "-A")
	who := "T <t@example.org> 1700000000 +0000"
	signed := git(fmt.Sprintf("tree %s\nauthor %s\ncommitter %s\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\none\n",
		git("", "write-tree"), who, who), "hash-object", "-w", "-t", "commit", "--stdin")
	git("", "update-ref", "HEAD", signed)
	for i, option := range []string{"core.fsmonitor", "core.pager", "diff.evil.textconv", "diff.evil.command", "diff.external", "filter.evil.smudge", "filter.evil.clean", "gpg.program"} {
		program := filepath.Join(traces, fmt.Sprint(i))
		if err := os.WriteFile(program, []byte("#!/bin/sh\ntouch "+program+".ran\ncat\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		git("", "config", option, program)
	}
	git("", "config", "log.showSignature", "true")

	g := OpenGit(t.Context(), dir)
	if g == nil {
		t.Fatal("there is no repository")
	}
	head, err := g.Resolve(t.Context(), "HEAD")
	if err != nil || head != signed {
		t.Errorf("HEAD is %s, %v; want %s", head, err, signed)
	}
	if commits, err := g.commits(t.Context(), []string{"a.md"}); err != nil || len(commits) != 1 {
		t.Errorf("commits of a.md: %v, %v; want one", commits, err)
	}
	if files, err := g.holding(t.Context(), "SRS-1"); err != nil || cmp.Diff([]string{"a.md"}, files) != "" {
		t.Errorf("files that held SRS-1: %v, %v; want a.md", files, err)
	}
	if _, _, ok := g.Merge(t.Context()); ok {
		t.Error("there is a merge")
	}
	b, err := g.blobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	if _, data, err := b.file(head, "a.md"); err != nil || string(data) != "# SRS-1 Stop\n" {
		t.Errorf("a.md is %q, %v", data, err)
	}
	ran, err := filepath.Glob(filepath.Join(traces, "*.ran"))
	if err != nil || len(ran) > 0 {
		t.Errorf("git ran %v, %v", ran, err)
	}
}
