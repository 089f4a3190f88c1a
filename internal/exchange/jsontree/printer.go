package jsontree

// Printer writes JSON text, indented, in the order of its calls. Who calls it sees to it that names and values alternate
// in objects and that what was begun is ended. The zero Printer writes all in one line.
type Printer struct {
	Indent string // for one level
	out    []byte
	depth  int
	filled bool // something stands in the innermost container
	named  bool // a name stands before the value to come
}

// Bytes are the text so far, with a line end behind it.
func (p *Printer) Bytes() []byte { return append(p.out, '\n') }

// before separates a name or value from what stands before it.
func (p *Printer) before() {
	switch {
	case p.named:
		p.named = false
		return
	case p.filled:
		p.out = append(p.out, ',')
	}
	if p.depth > 0 {
		p.line()
	}
	p.filled = true
}

func (p *Printer) line() {
	if p.Indent == "" {
		return
	}
	p.out = append(p.out, '\n')
	for range p.depth {
		p.out = append(p.out, p.Indent...)
	}
}

// Name writes the name of a member; its value follows.
func (p *Printer) Name(name string) *Printer {
	p.before()
	p.out = append(AppendString(p.out, name), ':')
	if p.Indent != "" {
		p.out = append(p.out, ' ')
	}
	p.named = true
	return p
}

// Begin opens an object with '{' or an array with '['.
func (p *Printer) Begin(sign byte) {
	p.before()
	p.out = append(p.out, sign)
	p.depth++
	p.filled = false
}

// End closes the innermost container with '}' or ']'.
func (p *Printer) End(sign byte) {
	p.depth--
	if p.filled {
		p.line()
	}
	p.out = append(p.out, sign)
	p.filled = true
}

// String writes a string.
func (p *Printer) String(s string) {
	p.before()
	p.out = AppendString(p.out, s)
}

// Strings writes an array of strings.
func (p *Printer) Strings(list []string) {
	p.Begin('[')
	for _, s := range list {
		p.String(s)
	}
	p.End(']')
}

// Raw writes a number, truth value or null as it is.
func (p *Printer) Raw(text string) {
	p.before()
	p.out = append(p.out, text...)
}

// Value writes a value that was read, laid out anew.
func (p *Printer) Value(v Value) {
	switch v.Kind() {
	case Absent:
		p.Raw("null")
	case Object:
		p.Begin('{')
		for name, member := range v.Members() {
			p.Name(name)
			p.Value(member)
		}
		p.End('}')
	case Array:
		p.Begin('[')
		for e := range v.Elements() {
			p.Value(e)
		}
		p.End(']')
	case String:
		p.String(v.Text())
	default:
		p.Raw(v.JSON())
	}
}
