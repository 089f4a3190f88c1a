package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// selection is what a kind on the command line means: kinds, and where it is a
// further key prefix of the project (keys: in goldthread.yaml), only the items
// with that prefix.
type selection struct {
	label  string // the short name of a kind, else what was typed
	kinds  []record.Kind
	prefix string
}

// selectKind resolves the name of a kind as people type it.
func (f *folder) selectKind(name string) (selection, error) {
	s := selection{label: strings.TrimSpace(name), kinds: f.schema.Select(name)}
	if len(s.kinds) == 0 {
		return s, f.noKind(name)
	}
	if !namesKindOrGroup(f.schema, s.label) {
		s.prefix = s.label
	}
	for _, k := range f.schema.Kinds() {
		if strings.EqualFold(string(k.ID), s.label) {
			s.label = string(k.ID)
		}
	}
	return s, nil
}

// namesKindOrGroup reports whether a name that Select knows is more than a
// further key prefix.
func namesKindOrGroup(sch *schema.Schema, name string) bool {
	plain := plainKindName(name)
	return slices.ContainsFunc(sch.Kinds(), func(k *schema.Kind) bool {
		return strings.EqualFold(string(k.ID), name) || strings.EqualFold(k.Prefix, name) ||
			plain == plainKindName(k.Name) || plain == plainKindName(k.Plural) || plain == plainKindName(k.Group)
	})
}

func plainKindName(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
}

// items selects within the kinds; nil takes all.
func (s selection) items(snapshot *project.Snapshot) func(project.Handle) bool {
	if s.prefix == "" {
		return nil
	}
	return func(h project.Handle) bool { return hasPrefixFold(snapshot.Node(h).Item.Key, s.prefix) }
}

// has reports whether an item is selected.
func (s selection) has(f *folder, h project.Handle) bool {
	n := f.snapshot.Node(h)
	return slices.Contains(s.kinds, n.Item.Kind) && (s.prefix == "" || hasPrefixFold(n.Item.Key, s.prefix))
}

func hasPrefixFold(key record.Key, prefix string) bool {
	return len(key) > len(prefix) && strings.EqualFold(string(key[:len(prefix)]), prefix) && key.HasPrefix(string(key[:len(prefix)]))
}

// described is the selection as a sentence speaks of it.
func (s selection) described(f *folder) string {
	if k := f.schema.Kind(record.Kind(s.label)); k != nil {
		return fmt.Sprintf("of the kind %s (%s)", k.ID, k.Name)
	}
	return "of " + printable(s.label)
}

// of is the selection after "none": of the test cases.
func (s selection) of(f *folder) string {
	if k := f.schema.Kind(record.Kind(s.label)); k != nil {
		return "of the " + k.Plural
	}
	return "of " + printable(s.label)
}

// noKind says which kinds there are: those that have items here.
func (f *folder) noKind(name string) error {
	here := f.kindsHere()
	names := make([]string, len(here))
	for i, k := range here {
		names[i] = string(k.ID)
	}
	sentence := fmt.Sprintf("there is no kind %q", name)
	if len(names) > 0 {
		sentence += "; the items here are of " + strings.Join(names, ", ")
	}
	err := fault.New(fault.Invalid, sentence, nil)
	all := func(yield func(string) bool) {
		for _, k := range append(slices.Clone(here), f.schema.Kinds()...) {
			if !yield(string(k.ID)) || !yield(k.Name) {
				return
			}
		}
	}
	if near := nearestNames(name, all, 3); len(near) > 0 {
		return err.WithHint("did you mean " + oneOf(near) + "?")
	}
	return err
}

// kindsHere lists the kinds that have items in the folder, in the order of the
// schema.
func (f *folder) kindsHere() []*schema.Kind {
	has := map[record.Kind]bool{}
	for _, n := range f.snapshot.All() {
		has[n.Item.Kind] = true
	}
	var kinds []*schema.Kind
	for _, k := range f.schema.Kinds() {
		if has[k.ID] {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// completeKind completes a flag that takes a kind.
func (env *Environment) completeKind(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	f := env.openToComplete(cmd, args)
	if f == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var kinds []cobra.Completion
	for _, k := range f.kindsHere() {
		if strings.HasPrefix(strings.ToLower(string(k.ID)), strings.ToLower(begun)) {
			kinds = append(kinds, cobra.CompletionWithDesc(string(k.ID), k.Name))
		}
	}
	return kinds, cobra.ShellCompDirectiveNoFileComp
}

// completeList completes the last one of values with commas between them.
func completeList(one cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		done := begun[:strings.LastIndexByte(begun, ',')+1]
		list, directive := one(cmd, args, begun[len(done):])
		for i := range list {
			list[i] = done + list[i]
		}
		return list, directive | cobra.ShellCompDirectiveNoSpace
	}
}
