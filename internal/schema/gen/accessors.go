package main

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/schema"
)

// accessors writes constants for kinds, verbs and fields, and one typed view a kind.
func accessors(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("//go:build !bootstrap\n\n" + header + "package schema\n\n")
	b.WriteString("import \"github.com/goldthread/goldthread/internal/record\"\n\n")
	b.WriteString("// Kinds.\nconst (\n")
	for _, k := range s.Kinds() {
		fmt.Fprintf(&b, "\tKind%s record.Kind = %q // %s\n", goName(string(k.ID)), k.ID, k.Name)
	}
	b.WriteString(")\n\n// Verbs.\nconst (\n")
	for _, r := range s.Relations() {
		fmt.Fprintf(&b, "\tVerb%s record.Verb = %q\n", goName(string(r.Verb)), r.Verb)
	}
	b.WriteString(")\n")
	for _, k := range s.Kinds() {
		if !k.Derived {
			view(&b, k)
		}
	}
	return b.String()
}

// view writes the typed view of one kind.
func view(b *strings.Builder, k *schema.Kind) {
	name := goName(k.Name)
	fmt.Fprintf(b, "\n// %s is the typed view of %s (%s). %s\n", name, article(k.Name), k.ID, k.Help)
	fmt.Fprintf(b, "type %s struct{ *record.Item }\n", name)
	fmt.Fprintf(b, "\n// As%s returns the view of it, and whether it is of kind %s itself.\n", name, k.ID)
	fmt.Fprintf(b, "func As%s(it *record.Item) (%s, bool) { return %s{it}, it.Kind == Kind%s }\n", name, name, name, goName(string(k.ID)))
	for _, f := range k.Fields {
		fmt.Fprintf(b, "\n// %s: %s%s\n", goName(f.Name), f.Help, unitNote(f))
		fmt.Fprintf(b, "func (v %s) %s() %s { return %s }\n", name, goName(f.Name), result(f), body(f))
	}
}

func unitNote(f *schema.Field) string {
	if f.Unit == "" {
		return ""
	}
	return " In " + f.Unit + "."
}

// result is the Go type of a field's value.
func result(f *schema.Field) string {
	switch {
	case f.Type == schema.TypeReference && f.Many:
		return "[]record.Ref"
	case f.Type == schema.TypeReference:
		return "record.Ref"
	case f.Many:
		return "[]string"
	case f.Type == schema.TypeBoolean:
		return "(value, set bool)"
	case f.Type == schema.TypeInteger:
		return "(value int64, set bool)"
	default:
		return "string"
	}
}

// body is the expression that reads a field.
func body(f *schema.Field) string {
	switch {
	case f.Type == schema.TypeReference && f.Many:
		return fmt.Sprintf("refsOf(v.Item, %q)", f.Name)
	case f.Type == schema.TypeReference:
		return fmt.Sprintf("record.Ref(valueOf(v.Item, %q, %q))", f.Name, f.Default)
	case f.Many:
		return fmt.Sprintf("v.Item.Field(%q)", f.Name)
	case f.Type == schema.TypeBoolean:
		return fmt.Sprintf("truthOf(v.Item, %q, %q)", f.Name, f.Default)
	case f.Type == schema.TypeInteger:
		return fmt.Sprintf("numberOf(v.Item, %q, %q)", f.Name, f.Default)
	default:
		return fmt.Sprintf("valueOf(v.Item, %q, %q)", f.Name, f.Default)
	}
}

// accessorTable writes what the test of the views walks through.
func accessorTable(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString(header + "package schema\n\n")
	b.WriteString("import \"github.com/goldthread/goldthread/internal/record\"\n\n")
	b.WriteString("// views makes the view of an item, by kind; goNames are the methods, by field.\n")
	b.WriteString("var views = map[record.Kind]func(*record.Item) (any, bool){\n")
	names := make(map[string]string)
	var order []string
	for _, k := range s.Kinds() {
		if k.Derived {
			continue
		}
		fmt.Fprintf(&b, "\tKind%s: func(it *record.Item) (any, bool) { return As%s(it) },\n", goName(string(k.ID)), goName(k.Name))
		for _, f := range k.Fields {
			if names[f.Name] == "" {
				names[f.Name] = goName(f.Name)
				order = append(order, f.Name)
			}
		}
	}
	b.WriteString("}\n\nvar goNames = map[string]string{\n")
	for _, name := range order {
		fmt.Fprintf(&b, "\t%q: %q,\n", name, names[name])
	}
	b.WriteString("}\n")
	return b.String()
}

// initialisms are written in capitals in Go names.
var initialisms = map[string]string{"udi": "UDI", "purl": "PURL", "cpe": "CPE", "cwe": "CWE", "soup": "SOUP"}

// goName turns words into one exported Go name.
func goName(words string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == '-' }) {
		if capitals, ok := initialisms[w]; ok {
			b.WriteString(capitals)
			continue
		}
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return b.String()
}

func article(name string) string {
	if strings.ContainsRune("aeiouAEIO", rune(name[0])) && !strings.HasPrefix(name, "user") && !strings.HasPrefix(name, "use ") {
		return "an " + name
	}
	return "a " + name
}
