package workspace

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// maxFront bounds the front matter, so that a hostile file costs nothing.
const maxFront = 64 << 10

// front reads the front matter, if the document begins with one.
func (r *reader) front() {
	line, ok := r.peek()
	if !ok || strings.TrimRight(line, " \t") != "---" {
		return
	}
	save := *r
	r.next()
	start := r.pos
	for {
		at := r.pos
		line, ok := r.next()
		if !ok || at-start > maxFront {
			r.pos, r.line = save.pos, save.line
			r.report("bad-front-matter", 1, 1, "", "the front matter that begins here is not closed by a line ---", "close it, or remove the first line")
			return
		}
		if strings.TrimRight(line, " \t") == "---" {
			r.doc.Front = visible(r.text, r.hidden, start, at)
			break
		}
	}
	r.meta()
}

func (r *reader) meta() {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(r.doc.Front), &root); err != nil {
		line, message := yamlError(err)
		r.report("bad-front-matter", line+1, 1, "", message, "correct the YAML")
		return
	}
	if len(root.Content) == 0 {
		return
	}
	m := root.Content[0]
	if m.Kind != yaml.MappingNode {
		r.report("bad-front-matter", m.Line+1, m.Column, "", "the front matter is not a list of `name: value`", "correct the YAML")
		return
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		r.metaMember(m.Content[i], m.Content[i+1])
	}
}

func (r *reader) metaMember(name, value *yaml.Node) {
	fault := func(n *yaml.Node, message, remedy string) {
		r.report("bad-front-matter", n.Line+1, n.Column, "", message, remedy)
	}
	scalar := value.Kind == yaml.ScalarNode
	meta := &r.doc.Meta
	switch name.Value {
	case "key":
		key, err := record.ParseKey(value.Value)
		if err != nil || !scalar {
			fault(value, fmt.Sprintf("key: %q is no key", value.Value), "write a key such as DOC-2")
			return
		}
		if k := r.schema.KindOfKey(key); k == nil || !r.schema.Is(k.ID, documentKind) {
			fault(value, fmt.Sprintf("key: %s is not the key of a document", key), "write a key such as DOC-2")
			return
		}
		meta.Key = key
	case "title":
		if !scalar || record.CheckLine(value.Value) != nil {
			fault(value, "title: want one line of text", "correct the title")
			return
		}
		meta.Title = value.Value
	case "language":
		meta.Language = value.Value
	case "kind":
		k := r.schema.Kind(record.Kind(value.Value))
		if k == nil {
			fault(value, fmt.Sprintf("kind: there is no kind %q", value.Value), "name a kind of the schema")
			return
		}
		meta.Kind = k.ID
	case "defaults":
		if value.Kind != yaml.MappingNode {
			fault(value, "defaults: want `field: value` lines", "correct the YAML")
			return
		}
		meta.Defaults = map[string][]string{}
		for i := 0; i+1 < len(value.Content); i += 2 {
			r.metaDefault(value.Content[i], value.Content[i+1])
		}
	default:
		fault(name, fmt.Sprintf("%q is no member of a front matter", name.Value), "there are key, title, language, kind and defaults")
	}
}

func (r *reader) metaDefault(name, value *yaml.Node) {
	var values []string
	switch value.Kind {
	case yaml.ScalarNode:
		values = []string{value.Value}
	case yaml.SequenceNode:
		for _, v := range value.Content {
			values = append(values, v.Value)
		}
	}
	var field *schema.Field
	for _, k := range r.schema.Kinds() {
		if f := k.Field(name.Value); f != nil && f.Many == (value.Kind == yaml.SequenceNode || f.Many) {
			field = f
			var err error
			for _, v := range values {
				err = errors.Join(err, f.Check(v), record.CheckText(v))
			}
			if err == nil {
				r.doc.Meta.Defaults[name.Value] = values
				return
			}
		}
	}
	message := fmt.Sprintf("defaults: no kind has a field %q", name.Value)
	if field != nil {
		message = fmt.Sprintf("defaults: %q is no value of the field %q of any kind", strings.Join(values, ", "), name.Value)
	}
	r.report("bad-front-matter", name.Line+1, name.Column, "", message, "correct the field or its value")
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// yamlError takes the line out of an error of the YAML library; 0 if it names none.
func yamlError(err error) (line int, message string) {
	message = strings.TrimPrefix(err.Error(), "yaml: ")
	var typed *yaml.TypeError
	if errors.As(err, &typed) && len(typed.Errors) > 0 {
		message = typed.Errors[0]
	}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	return line, message
}
