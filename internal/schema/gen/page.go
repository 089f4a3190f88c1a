package main

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// fillPage puts the tables made from s between their markers in the page.
func fillPage(page string, s *schema.Schema) (string, error) {
	for _, part := range []struct {
		name string
		text string
	}{{"protected", protectedTable(s)}, {"kinds", kindsTable(s)}, {"relations", relationsTable(s)}} {
		begin, end := "<!-- begin "+part.name+" -->\n", "<!-- end "+part.name+" -->"
		before, rest, ok := strings.Cut(page, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			return "", fmt.Errorf("wants the markers %q and %q", strings.TrimSpace(begin), end)
		}
		page = before + begin + part.text + end + after
	}
	return page, nil
}

func protectedTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("| id | what an extension may not do | why |\n|---|---|---|\n")
	for _, p := range s.Protected() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.ID, p.What, p.Reason)
	}
	return b.String()
}

func kindsTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("| group | kind | what it is | workflow | clauses |\n|---|---|---|---|---|\n")
	group := ""
	for _, k := range s.Kinds() {
		shown := ""
		if k.Group != group {
			group, shown = k.Group, k.Group
		}
		workflow := "derived"
		if k.Workflow != nil {
			workflow = k.Workflow.Name
		}
		fmt.Fprintf(&b, "| %s | `%s` %s | %s | %s | %s |\n", shown, k.ID, k.Name, k.Help, workflow, strings.Join(k.Clauses, ", "))
	}
	return b.String()
}

func relationsTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("| verb | read backwards | what it says | a change travels | sources |\n|---|---|---|---|---|\n")
	for _, r := range s.Relations() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.Verb, r.Reverse, r.Help, r.Impact, sources(s, r))
	}
	return b.String()
}

// sources lists the kinds that may stand at the source of r.
func sources(s *schema.Schema, r *schema.Relation) string {
	var ids []string
	people := 0
	for _, k := range s.Kinds() {
		if !k.Derived {
			people++
		}
		if len(s.EndsFrom(r.Verb, record.Kind(k.ID))) > 0 {
			ids = append(ids, string(k.ID))
		}
	}
	if len(ids) >= people {
		return "any"
	}
	return strings.Join(ids, ", ")
}
