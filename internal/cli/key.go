package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// answer opens a folder for a command that answers a question and does not
// judge. What could not be read is told on standard error, since an answer may
// lack it.
//
// goldthread:implements SRS-65
func (env *Environment) answer(cmd *cobra.Command, dir string) (*folder, error) {
	f, err := env.open(cmd.Context(), dir, openOptions{})
	if err != nil {
		return nil, err
	}
	env.tellUnread(f, f.dir, "goldthread check "+f.dir)
	return f, nil
}

// tellUnread says that a folder could not be read in full.
func (env *Environment) tellUnread(f *folder, name, hint string) {
	n := finding.Count(f.findings, finding.Error)
	if n == 0 {
		return
	}
	fmt.Fprintf(env.Stderr, "goldthread: %s while reading %s, so that items or links may be missing below\n", plural(n, "error"), printable(name))
	if hint != "" {
		fmt.Fprintln(env.Stderr, "hint: "+hint)
	}
}

// item finds an item in use by its key, and names near ones where there is none.
func (f *folder) item(key string) (project.Handle, error) {
	h, known := f.snapshot.ByKey(record.Key(key))
	if known && f.snapshot.Node(h).Present() {
		return h, nil
	}
	sentence := fmt.Sprintf("there is no item %s in %s", printable(key), f.dir)
	if known && f.snapshot.Node(h).Missing {
		sentence = fmt.Sprintf("%s is referred to, but there is no such item in %s", printable(key), f.dir)
	}
	hint := "goldthread list " + f.dir
	if near := nearestNames(key, f.allKeys, 3); len(near) > 0 {
		hint = "did you mean " + oneOf(near) + "?"
	}
	return project.NoHandle, fault.New(fault.NotFound, sentence, nil).WithHint(hint)
}

// allKeys yields the key of every item in use.
func (f *folder) allKeys(yield func(string) bool) {
	for _, n := range f.snapshot.All() {
		if !yield(string(n.Item.Key)) {
			return
		}
	}
}

// completeKey completes KEY [DIR].
func (env *Environment) completeKey(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 1 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	f := env.openToComplete(cmd, nil)
	if len(args) > 1 || f == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var keys []cobra.Completion
	for _, n := range f.snapshot.All() {
		if key := string(n.Item.Key); strings.HasPrefix(key, begun) {
			keys = append(keys, cobra.CompletionWithDesc(key, printable(n.Item.Title)))
		}
	}
	return keys, cobra.ShellCompDirectiveNoFileComp
}

// openToComplete opens the folder for completion, where talk would disturb: nil
// where it cannot be read.
func (env *Environment) openToComplete(cmd *cobra.Command, args []string) *folder {
	quiet := *env
	quiet.Terminal = false
	f, err := quiet.open(cmd.Context(), env.folderArgument(args), openOptions{})
	if err != nil {
		return nil
	}
	return f
}

// completeFolders completes [DIR].
func completeFolders(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// place says where an item stands.
func (f *folder) place(h project.Handle) (file string, line int) {
	n := f.snapshot.Node(h)
	if n.Missing {
		return "", 0
	}
	file, line, _ = f.locate(n.At)
	return file, line
}
