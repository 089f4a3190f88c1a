// Package cli is the command line of goldthread: one file a command, with its
// help and its examples.
//
// Results go to standard output, talk to standard error. A failure is one
// sentence in lower case and, where there is a way out, a line "hint:" with the
// command to type. Exit codes: 0 nothing wrong, 1 findings, 2 usage or input,
// 3 denied, 4 verification failed, 5 internal. The package takes its world from
// an Environment and never touches the process; it knows package service, and
// no store.
package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/service"
)

// Environment is the world of a command.
type Environment struct {
	Args     []string // without the program's name
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Dir      string // working folder; paths in arguments are relative to it
	Terminal bool   // standard error is a terminal: progress may be drawn
	Width    int    // of the terminal, 0 if unknown
	Version  string
	User     string // as the system knows the person
	Now      func() time.Time
	Random   io.Reader
	// Collect sets how far memory may grow before it is collected, in percent of what lives in it; nil leaves it.
	Collect func(percent int)
	Log     *slog.Logger
	// DataDir is the default place of data, empty where the system names none.
	DataDir string
	// KeyFile is the default place of the key that the person signs with, empty where the system names none.
	KeyFile string
	// Getenv reads the variables of the environment; nil knows none.
	Getenv func(name string) string
	// AskPassphrase asks on the terminal, without showing what is typed; nil where there is no terminal.
	AskPassphrase func(ctx context.Context, prompt string) ([]byte, error)
	// OpenService opens a data folder, and says how to close it.
	OpenService func(ctx context.Context, folder string) (s *service.Service, closeAll func() error, err error)
	// Pages are the pages of a server.
	Pages func(*service.Service) http.Handler
	// Example is the worked example that demo shows: a project folder.
	Example fs.FS
}

// Run carries out the command that the arguments name and returns the exit code.
//
// goldthread:implements SRS-62
func Run(ctx context.Context, env *Environment) int {
	root := command(env)
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return fault.ExitOK
	}
	if err == errFindings {
		return fault.ExitFindings
	}
	env.complain(err)
	return fault.KindOf(err).ExitCode()
}

// errFindings is how a command that has printed findings ends.
var errFindings = fault.New(fault.Invalid, "findings", nil)

// complain tells the user what went wrong, and the log why.
func (env *Environment) complain(err error) {
	sentence := fault.Sentence(err)
	if fault.KindOf(err) == fault.Internal {
		sentence = fmt.Sprintf("%s: %v", sentence, err)
	}
	fmt.Fprintln(env.Stderr, "goldthread: "+sentence)
	if cause := causeOf(err); cause != "" && fault.KindOf(err) != fault.Internal {
		fmt.Fprintln(env.Stderr, "  "+cause)
	}
	if hint := fault.Hint(err); hint != "" {
		fmt.Fprintln(env.Stderr, "hint: "+hint)
	}
}

func causeOf(err error) string {
	var cause error
	for e := err; e != nil; {
		cause = e
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			break
		}
		e = u.Unwrap()
	}
	if cause == nil || cause == err {
		return ""
	}
	return cause.Error()
}

// command builds the tree of commands.
func command(env *Environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "goldthread",
		Short: "medical device software through IEC 62304, as one thread that can be followed and proven",
		Long: `goldthread carries medical device software through IEC 62304: from intended use
and hazard to requirement, architecture, code, test and release, as one thread
that can be followed both ways and proven.

A project is a folder of Markdown beside the code. Commands that take DIR work on
such a folder, on a Doorstop tree and on reStructuredText with item directives;
without DIR they take the workspace around the working folder.

Exit codes: 0 nothing wrong, 1 findings, 2 usage or input, 3 denied,
4 verification failed, 5 internal.`,
		Example:       "  goldthread demo\n  goldthread check\n  goldthread trace --from SYS --to TEST",
		Version:       env.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs, // RunE names the unknown command
	}
	root.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		hint := "goldthread --help"
		names := func(yield func(string) bool) {
			for _, sub := range c.Commands() {
				if !yield(sub.Name()) {
					return
				}
			}
		}
		if near := nearestNames(args[0], names, 1); len(near) > 0 {
			hint = "goldthread " + near[0]
		}
		return fault.Newf(fault.Invalid, "there is no command %q", args[0]).WithHint(hint)
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fault.New(fault.Invalid, err.Error(), nil).WithHint(c.CommandPath() + " --help")
	})
	root.AddCommand(
		checkCommand(env),
		traceCommand(env),
		impactCommand(env),
		showCommand(env),
		listCommand(env),
		diffCommand(env),
		logCommand(env),
		baselineCommand(env),
		branchCommand(env),
		pullCommand(env),
		pushCommand(env),
		moveCommand(env),
		signCommand(env),
		enrolCommand(env),
		verifyCommand(env),
		checkpointCommand(env),
		redactCommand(env),
		rotateKeyCommand(env),
		backupCommand(env),
		restoreCommand(env),
		demoCommand(env),
		initCommand(env),
		formatCommand(env),
		confirmCommand(env),
		rekeyCommand(env),
		mendCommand(env),
		importCommand(env),
		exportCommand(env),
		lintCommand(env),
		keyCommand(env),
	)
	return root
}

// arguments is cobra.ExactArgs and its kin with our kind of error.
func arguments(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return fault.Newf(fault.Invalid, "%s: want %s", c.CommandPath(), c.Use).WithHint(c.CommandPath() + " --help")
		}
		return nil
	}
}

// path is an argument that names a file or folder, below the working folder.
func (env *Environment) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(env.Dir, name)
}
