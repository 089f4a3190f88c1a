package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// jsonObject writes a JSON object member by member, so that a long list in it
// is never held. The first error sticks; close returns it.
type jsonObject struct {
	w       io.Writer
	err     error
	members int
}

func (o *jsonObject) write(s string) {
	if o.err == nil {
		_, o.err = io.WriteString(o.w, s)
	}
}

func (o *jsonObject) name(name string) {
	separator := ",\n"
	if o.members == 0 {
		separator = "{\n"
	}
	o.members++
	o.write(fmt.Sprintf("%s  %q: ", separator, name))
}

// value writes a value, indented by so many blanks after its first line.
func (o *jsonObject) value(v any, indent int) {
	if o.err != nil {
		return
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(strings.Repeat(" ", indent), "  ")
	if o.err = e.Encode(v); o.err == nil {
		o.write(strings.TrimSuffix(b.String(), "\n"))
	}
}

// member writes one member. Names are plain ASCII.
func (o *jsonObject) member(name string, v any) {
	o.name(name)
	o.value(v, 2)
}

// jsonList writes a member that is a list, never null.
func jsonList[T any](o *jsonObject, name string, of func(yield func(T) bool)) {
	o.name(name)
	n := 0
	for v := range of {
		separator := ",\n    "
		if n == 0 {
			separator = "[\n    "
		}
		n++
		o.write(separator)
		o.value(v, 4)
		if o.err != nil {
			return
		}
	}
	if n == 0 {
		o.write("[]")
		return
	}
	o.write("\n  ]")
}

func (o *jsonObject) close() error {
	if o.members == 0 {
		o.write("{")
	}
	o.write("\n}\n")
	return o.err
}
