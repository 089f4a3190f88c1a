package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Load reads a whole kinds.yaml. The schema is nil when anything is wrong; every fault is reported, in the order of the
// file.
//
// goldthread:implements SRS-9
func Load(kindsYAML []byte) (*Schema, []Fault) {
	src, faults := loadSource(kindsYAML)
	if len(faults) > 0 {
		return nil, faults
	}
	return compile(src), nil
}

func loadSource(kindsYAML []byte) (*source, []Fault) {
	r := &reader{file: "kinds.yaml", aliases: true}
	root := r.document(kindsYAML)
	if root == nil && len(r.faults) == 0 {
		r.fault(position{1, 1}, ruleIncomplete, "declare kinds", "is empty")
	}
	if root == nil {
		return nil, r.faults
	}
	x := r.read(root, true)
	for _, gone := range x.removed {
		r.fault(gone.at, ruleIncomplete, "give it a body, {} at least", "%s %q has no body", gone.what, gone.name)
	}
	for i := range x.Kinds {
		x.Kinds[i].fillIn()
	}
	for _, f := range x.fields {
		k := x.kind(f.kind)
		if k == nil {
			r.fault(f.at, ruleUndeclared, "declare it under kinds", "fields for %q, which is no kind", f.kind)
			continue
		}
		k.Fields = append(k.Fields, f.fields...)
	}
	for i := range x.Relations {
		x.Relations[i].fillIn()
	}
	v := &validator{reader: r, src: &x.source, whole: true}
	v.validate()
	sortFaults(r.faults)
	return &x.source, r.faults
}

// fillIn sets what a kind may leave out.
func (k *kindSource) fillIn() {
	if k.Plural == "" && k.Name != "" {
		k.Plural = k.Name + "s"
	}
	if k.Prefix == "" && !k.Derived {
		k.Prefix = k.ID
	}
}

func (r *relationSource) fillIn() {
	if r.Impact == "" {
		r.Impact = TargetToSource
	}
}

// UnknownMembers reports the top-level members of a goldthread.yaml that are not among known. Text that is no YAML is
// reported by Extend.
func UnknownMembers(projectYAML []byte, file string, known []string) []Fault {
	parse := &reader{file: file}
	root := parse.document(projectYAML)
	if root == nil {
		return nil
	}
	r := &reader{file: file}
	for _, e := range (&reader{}).entries(root, file) {
		if !slices.Contains(known, e.name) {
			r.unknown(e, file, known)
		}
	}
	return r.faults
}

func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		if a.Column != b.Column {
			return a.Column - b.Column
		}
		return strings.Compare(a.Message, b.Message)
	})
}

// place says where something was written, for messages that name two places.
func place(p position) string {
	if p.line == 0 {
		return "built in"
	}
	return fmt.Sprintf("line %d", p.line)
}
