package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/workspace"
)

// state finds the folder that an argument of diff means: one that is there, else
// the workspace as it was in a revision of git, written to a folder that the
// function returned takes away.
func (env *Environment) state(ctx context.Context, name string) (dir string, remove func(), err error) {
	if info, err := os.Stat(env.path(name)); err == nil && info.IsDir() && name != "" {
		return env.path(name), func() {}, nil
	}
	if _, err := exec.LookPath("git"); err != nil {
		return "", nil, fault.New(fault.NotFound, fmt.Sprintf("there is no folder %s, and git, which would know a revision of that name, is not installed", printable(name)), err)
	}
	t, err := env.revision(ctx, name)
	if err != nil {
		return "", nil, fault.New(fault.NotFound, fmt.Sprintf("there is no folder %s, and no revision of git", printable(name)), err).
			WithHint("goldthread diff HEAD " + env.folderArgument(nil))
	}
	return t.extract()
}

// revision finds the commit and the folder that a name means: REVISION is the
// workspace around the working folder, REVISION:DIR a folder from the top of the
// repository, or as git has it from here where DIR begins with a dot.
func (env *Environment) revision(ctx context.Context, name string) (*revisionTree, error) {
	t := &revisionTree{ctx: ctx, dir: env.folderArgument(nil)}
	whole := t.resolve(name)
	if whole == nil {
		return t, t.findBelow("")
	}
	rev, below, found := cutLast(name, ":")
	t.dir = env.Dir
	if !found || t.resolve(rev) != nil {
		return nil, whole
	}
	return t, t.findBelow(below)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// revisionTree writes files of one commit into a folder.
type revisionTree struct {
	ctx    context.Context
	dir    string // in the repository
	commit string
	below  string // the workspace, from the top of the repository; "." for the top
	root   *os.Root
}

// resolve finds the commit that a name means.
func (t *revisionTree) resolve(name string) error {
	git := workspace.OpenGit(t.ctx, t.dir)
	if git == nil {
		return fmt.Errorf("%s lies in no git repository", t.dir)
	}
	var err error
	t.commit, err = git.Resolve(t.ctx, name)
	return err
}

// findBelow finds the workspace within the repository.
func (t *revisionTree) findBelow(name string) error {
	out, err := t.git("rev-parse", "--show-prefix").Output()
	if err != nil {
		return gitFault(err)
	}
	t.below = path.Clean(strings.TrimSuffix(string(out), "\n"))
	switch {
	case strings.HasPrefix(name, "."):
		t.below = path.Join(t.below, filepath.ToSlash(name))
	case name != "":
		t.below = path.Clean(filepath.ToSlash(name))
	}
	if !filepath.IsLocal(t.below) {
		return fmt.Errorf("%s leads out of the repository", name)
	}
	return nil
}

// extract writes the workspace as it was in the commit, and what its
// configuration of then names beside it, into a temporary folder.
func (t *revisionTree) extract() (dir string, remove func(), err error) {
	temp, err := os.MkdirTemp("", "goldthread-diff-")
	if err != nil {
		return "", nil, fault.New(fault.Unavailable, "cannot make a folder for the old revision", err)
	}
	remove = func() { _ = os.RemoveAll(temp) } // nothing is lost by what may stay
	if err = t.fill(temp); err != nil {
		remove()
		return "", nil, err
	}
	return filepath.Join(temp, filepath.FromSlash(t.below)), remove, nil
}

func (t *revisionTree) fill(temp string) error {
	root, err := os.OpenRoot(temp)
	if err != nil {
		return err
	}
	defer root.Close()
	t.root = root
	// It marks the top of the repository, above which nothing is looked for.
	if err := root.Mkdir(".git", 0o700); err != nil {
		return err
	}
	if err := t.write(t.below); err != nil {
		return err
	}
	dir := filepath.Join(temp, filepath.FromSlash(t.below))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fault.Newf(fault.NotFound, "the revision has no folder %s", printable(t.below))
	}
	beside, err := besideWorkspace(dir, t.below)
	if err != nil {
		return err
	}
	for _, p := range beside {
		if err := t.write(p); err != nil {
			return err
		}
	}
	return nil
}

// besideWorkspace lists what the configuration names outside of the workspace,
// as paths below the top of the repository.
func besideWorkspace(dir, below string) ([]string, error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	text, err := workspace.Open(root, workspace.LoadOptions{DirName: path.Base(below)})
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, p := range append(append([]string{}, text.Config.Code...), text.Config.Results...) {
		if i := strings.IndexAny(p, "*?["); i >= 0 {
			p = path.Dir(p[:i] + "x")
		}
		if p = path.Join(below, p); below != "." && p != ".." && !strings.HasPrefix(p, "../") && p != below && !strings.HasPrefix(p, below+"/") {
			paths = append(paths, p)
		}
	}
	return paths, nil
}

// git is a harmless command of git that takes paths as they are. What it reads
// comes as it was stored: no filter touches it.
func (t *revisionTree) git(args ...string) *exec.Cmd {
	return workspace.GitCommand(t.ctx, t.dir, append([]string{"--literal-pathspecs"}, args...)...)
}

func gitFault(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		err = errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return fault.New(fault.Unavailable, "git cannot read the old revision", err)
}

// revisionFile is a file of the commit.
type revisionFile struct{ name, blob string }

// write writes all files at or below a path of the repository.
func (t *revisionTree) write(below string) error {
	args := []string{"ls-tree", "-r", "-z", "--full-tree", t.commit, "--"}
	if below != "." {
		args = append(args, below)
	}
	out, err := t.git(args...).Output()
	if err != nil {
		return gitFault(err)
	}
	var files []revisionFile
	for _, line := range bytes.Split(out, []byte{0}) {
		about, name, _ := strings.Cut(string(line), "\t")
		mode := strings.Fields(about)
		if len(mode) == 3 && strings.HasPrefix(mode[0], "100") && !inGitFolder(name) {
			files = append(files, revisionFile{name, mode[2]})
		}
	}
	return t.writeFiles(files)
}

// inGitFolder reports whether a path leads into a folder that git would take for
// a repository: git itself makes no such paths.
func inGitFolder(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	return false
}

// writeFiles copies the files through one process of git.
func (t *revisionTree) writeFiles(files []revisionFile) error {
	cmd := t.git("cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return gitFault(err)
	}
	err = t.copyFiles(files, in, bufio.NewReader(out))
	_ = in.Close()
	if err != nil {
		_ = cmd.Process.Kill() // it may still want to write
		_ = cmd.Wait()
		return err
	}
	if err := cmd.Wait(); err != nil {
		return gitFault(err)
	}
	return nil
}

func (t *revisionTree) copyFiles(files []revisionFile, in io.Writer, out *bufio.Reader) error {
	for _, f := range files {
		if _, err := fmt.Fprintln(in, f.blob); err != nil {
			return gitFault(err)
		}
		head, err := out.ReadString('\n')
		if err != nil {
			return gitFault(err)
		}
		fields := strings.Fields(head)
		if len(fields) != 3 || fields[1] != "blob" {
			return gitFault(fmt.Errorf("%s: %s", f.name, strings.TrimSpace(head)))
		}
		size, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			return gitFault(err)
		}
		if err := t.copyFile(f.name, io.LimitReader(out, size), size); err != nil {
			return err
		}
		if _, err := out.Discard(1); err != nil { // the line feed behind it
			return gitFault(err)
		}
	}
	return nil
}

func (t *revisionTree) copyFile(name string, from io.Reader, size int64) error {
	if err := t.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return fault.New(fault.Unavailable, "cannot write the old revision", err)
	}
	to, err := t.root.Create(name)
	if err != nil {
		return fault.New(fault.Unavailable, "cannot write the old revision", err)
	}
	n, err := io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fault.New(fault.Unavailable, "cannot write the old revision", err)
	}
	return nil
}
