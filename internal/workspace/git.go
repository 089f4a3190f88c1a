package workspace

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
	"slices"
	"strconv"
	"strings"
)

// Git reads the history of the repository in which a workspace lies. It changes
// nothing, and runs no code of the repository: no hook, filter or monitor.
type Git struct {
	dir    string
	prefix string // of the workspace below the top of the repository, with a slash at its end
}

// OpenGit returns nil where the folder is in no repository, or git is not there.
func OpenGit(ctx context.Context, dir string) *Git {
	g := &Git{dir: dir}
	prefix, err := g.run(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return nil
	}
	g.prefix = strings.TrimSuffix(string(prefix), "\n")
	return g
}

// GitCommand is a command of git in a folder, for commands that read: it runs no
// monitor, hook, pager or checker of signatures that the repository names, takes
// no locks, asks nothing and fetches nothing. Filters run only where files are
// checked out, drivers that turn files into text only where files are compared:
// the caller does without the first and gives --no-textconv for the second.
func GitCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "log.showSignature=false", "-c", "core.quotePath=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C")
	return cmd
}

func (g *Git) run(ctx context.Context, args ...string) ([]byte, error) {
	var said bytes.Buffer
	cmd := GitCommand(ctx, g.dir, args...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(said.String()))
	}
	return out, nil
}

// Resolve returns the id of the commit that a name stands for.
func (g *Git) Resolve(ctx context.Context, name string) (string, error) {
	out, err := g.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("git knows no revision %q", name)
	}
	return strings.TrimSpace(string(out)), nil
}

// Merge returns the two sides of the merge that is under way, else of the last
// one on this branch: what was here, and what came in.
func (g *Git) Merge(ctx context.Context) (ours, theirs string, ok bool) {
	if theirs, err := g.Resolve(ctx, "MERGE_HEAD"); err == nil {
		ours, err := g.Resolve(ctx, "HEAD")
		return ours, theirs, err == nil
	}
	out, err := g.run(ctx, "log", "--first-parent", "--merges", "-1", "--format=%P")
	if err != nil {
		return "", "", false
	}
	parents := strings.Fields(string(out))
	if len(parents) < 2 {
		return "", "", false
	}
	return parents[0], parents[1], true
}

// commits lists the commits that changed any of the files, newest first.
func (g *Git) commits(ctx context.Context, files []string) ([]string, error) {
	args := []string{"log", "--format=%H", "--"}
	for _, f := range files {
		args = append(args, ":(top,literal)"+g.prefix+f)
	}
	out, err := g.run(ctx, args...)
	return strings.Fields(string(out)), err
}

// holding lists the Markdown files that once had a heading with the key.
func (g *Git) holding(ctx context.Context, key string) ([]string, error) {
	out, err := g.run(ctx, "log", "-m", "--no-textconv", "--format=", "--name-only", "-z", "-G", `^#+[ \t]+`+escapeRegexp(key)+`([ \t]|$)`, "--", ":(top,glob)"+g.prefix+"**/*.md")
	var files []string
	for _, name := range strings.Split(string(out), "\x00") {
		if rest, below := strings.CutPrefix(strings.Trim(name, "\n"), g.prefix); below && rest != "" && !slices.Contains(files, rest) {
			files = append(files, rest)
		}
	}
	return files, err
}

func escapeRegexp(s string) string { return strings.ReplaceAll(s, ".", `\.`) }

// blobs reads files of commits through one process.
type blobs struct {
	git    *Git
	in     io.WriteCloser
	out    *bufio.Reader
	cmd    *exec.Cmd
	cancel context.CancelFunc
}

func (g *Git) blobs(ctx context.Context) (*blobs, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := GitCommand(ctx, g.dir, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		cancel()
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		cancel()
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	return &blobs{g, in, bufio.NewReader(out), cmd, cancel}, nil
}

// errTooLarge is an old file that would not be read today either.
var errTooLarge = errors.New("the old file is too large")

// file returns the object id and the bytes of a file as it was in a commit; an
// empty id where it was not there.
func (b *blobs) file(commit, name string) (id string, data []byte, err error) {
	if strings.ContainsAny(name, "\n") {
		return "", nil, nil
	}
	if _, err := fmt.Fprintf(b.in, "%s:%s\n", commit, path.Clean(b.git.prefix+name)); err != nil {
		return "", nil, err
	}
	head, err := b.out.ReadString('\n')
	if err != nil {
		return "", nil, err
	}
	f := strings.Fields(head)
	if len(f) != 3 {
		return "", nil, nil // "… missing"
	}
	size, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil {
		return "", nil, fmt.Errorf("git cat-file said %q", head)
	}
	if size > 4*MaxFile {
		return "", nil, errTooLarge
	}
	data = make([]byte, size+1) // and the line feed behind it
	if _, err := io.ReadFull(b.out, data); err != nil {
		return "", nil, err
	}
	if f[1] != "blob" {
		return "", nil, nil
	}
	return f[0], data[:size], nil
}

func (b *blobs) close() {
	_ = b.in.Close()
	b.cancel() // whatever it still has to say
	_ = b.cmd.Wait()
}
