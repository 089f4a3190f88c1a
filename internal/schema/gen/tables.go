package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/schema"
)

// tables writes the declaration of s as a Go literal. All of it is constant, so that the linker lays it out and a program
// start runs no code for it.
func tables(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString("//go:build !bootstrap\n\n" + header + "package schema\n\n")
	b.WriteString("// builtinSource is kinds.yaml.\nvar builtinSource = ")
	literal(&b, reflect.ValueOf(s.Declaration()).Elem(), true)
	b.WriteString("\n")
	return b.String()
}

// literal writes v as Go. Members that hold their zero value, and unexported ones, are left out.
func literal(b *strings.Builder, v reflect.Value, typed bool) {
	switch v.Kind() {
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Bool:
		fmt.Fprint(b, v.Bool())
	case reflect.Int:
		fmt.Fprint(b, v.Int())
	case reflect.Slice:
		b.WriteString("[]" + v.Type().Elem().Name() + "{")
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.Struct {
				b.WriteString("\n")
			}
			literal(b, v.Index(i), false)
			b.WriteString(",")
		}
		if v.Len() > 0 && v.Index(0).Kind() == reflect.Struct {
			b.WriteString("\n")
		}
		b.WriteString("}")
	case reflect.Struct:
		if typed {
			b.WriteString(v.Type().Name())
		}
		b.WriteString("{")
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || v.Field(i).IsZero() {
				continue
			}
			b.WriteString(f.Name + ": ")
			literal(b, v.Field(i), true)
			b.WriteString(", ")
		}
		b.WriteString("}")
	default:
		panic(fmt.Sprintf("a schema is declared with strings, numbers, booleans and slices, not %s", v.Kind()))
	}
}
