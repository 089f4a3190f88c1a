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
	}{
		{"protected", protectedTable(s)}, {"kinds", kindsTable(s)}, {"fields", fieldsTable(s)},
		{"relations", relationsTable(s)}, {"limits", limitsTable(s)}, {"workflows", workflowsTable(s)},
	} {
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

func fieldsTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("| kind | field | type | what it is for | clauses |\n|---|---|---|---|---|\n")
	for _, k := range s.Kinds() {
		shown := "`" + string(k.ID) + "`"
		for _, f := range k.Fields {
			name := f.Name
			if f.Required {
				name = "**" + name + "**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", shown, name, typeOf(f), f.Help, strings.Join(f.Clauses, ", "))
			shown = ""
		}
	}
	return b.String()
}

// typeOf says all that a value of the field must be.
func typeOf(f *schema.Field) string {
	words := []string{string(f.Type)}
	if f.Many {
		words = append(words, "many")
	}
	if f.Closed {
		words = append(words, "closed")
	}
	if f.Unit != "" {
		words = append(words, "in "+f.Unit)
	}
	var named []string
	for _, v := range f.Values {
		code := ""
		if v.Code != "" {
			code = " (" + v.Code + ")"
		}
		named = append(named, v.Value+code)
	}
	for _, to := range f.To {
		named = append(named, string(to))
	}
	text := strings.Join(words, ", ")
	if len(named) > 0 {
		text += ": " + strings.Join(named, ", ")
	}
	return text
}

func limitsTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("| kind | verb | targets | at least | at most |\n|---|---|---|---|---|\n")
	for _, r := range s.Relations() {
		for _, end := range r.Ends {
			if end.Min == 0 && end.Max == 0 {
				continue
			}
			most := ""
			if end.Max > 0 {
				most = fmt.Sprint(end.Max)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %d | %s |\n", kinds(s, end.From), r.Verb, kinds(s, end.To), end.Min, most)
		}
	}
	return b.String()
}

// kinds lists kinds by their ids; all that people write are any.
func kinds(s *schema.Schema, list []record.Kind) string {
	people := 0
	for _, k := range s.Kinds() {
		if !k.Derived {
			people++
		}
	}
	if len(list) >= people {
		return "any"
	}
	ids := make([]string, len(list))
	for i, k := range list {
		ids[i] = string(k)
	}
	return strings.Join(ids, ", ")
}

func workflowsTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("| workflow | state | phase | what it says | leads to |\n|---|---|---|---|---|\n")
	for _, w := range s.Workflows() {
		shown := "`" + w.Name + "`"
		for _, state := range w.States {
			var to []string
			for _, t := range w.Transitions {
				if t.From != state.Name {
					continue
				}
				step := string(t.To)
				if t.Signature != schema.NoSignature {
					step += " (" + string(t.Signature) + ")"
				}
				to = append(to, step)
			}
			name := string(state.Name)
			if state.Name == w.Initial {
				name = "*" + name + "*"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", shown, name, state.Phase, state.Help, strings.Join(to, ", "))
			shown = ""
		}
	}
	return b.String()
}
