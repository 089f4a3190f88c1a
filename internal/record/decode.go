package record

import (
	"encoding/json"
	"fmt"
	"slices"
)

// operationWire holds the members of every operation; which of them an
// operation has is decided by writing it again and comparing.
type operationWire struct {
	Op        string                     `json:"op"`
	Fields    map[string]json.RawMessage `json:"fields"`
	Files     map[string]string          `json:"files"`
	ID        string                     `json:"id"`
	Key       string                     `json:"key"`
	Kind      string                     `json:"kind"`
	Language  string                     `json:"language"`
	Text      string                     `json:"text"`
	Title     string                     `json:"title"`
	State     string                     `json:"state"`
	Document  string                     `json:"document"`
	Outline   []blockWire                `json:"outline"`
	Confirmed []string                   `json:"confirmed"`
	Person    string                     `json:"person"`
	Reason    string                     `json:"reason"`
	Ref       string                     `json:"ref"`
	Source    string                     `json:"source"`
	Target    string                     `json:"target"`
	Verb      string                     `json:"verb"`
	Name      string                     `json:"name"`
	Entry     int64                      `json:"entry"`
	Parent    string                     `json:"parent"`
	Stream    string                     `json:"stream"`
	Schema    string                     `json:"schema"`
	Format    string                     `json:"format"`
	Manifest  string                     `json:"manifest"`
	Report    reportWire                 `json:"report"`
	Results   []resultWire               `json:"results"`

	Catalogue   string           `json:"catalogue"`
	Rules       string           `json:"rules"`
	Roles       []string         `json:"roles"`
	Credentials []credentialWire `json:"credentials"`
	Credential  credentialWire   `json:"credential"`
	Items       []signedItemWire `json:"items"`
	Meaning     string           `json:"meaning"`
	Signature   string           `json:"signature"`
	Time        string           `json:"time"`
	Approver    string           `json:"approver"`
	Blobs       []string         `json:"blobs"`
	Content     string           `json:"content"`
	Instead     json.RawMessage  `json:"instead"`
	Number      int64            `json:"number"`
	Order       string           `json:"order"`
	Reference   string           `json:"reference"`
	Place       string           `json:"place"`
	Proof       string           `json:"proof"`
	Root        string           `json:"root"`
	Size        int64            `json:"size"`
	Previous    string           `json:"previous"`
}

type credentialWire struct {
	Kind   string `json:"kind"`
	Public string `json:"public"`
}

type signedItemWire struct {
	Content  string `json:"content"`
	ID       string `json:"id"`
	Key      string `json:"key"`
	Links    string `json:"links"`
	Revision int64  `json:"revision"`
}

type reportWire struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
}

type resultWire struct {
	Line    int    `json:"line"`
	Message string `json:"message"`
	Name    string `json:"name"`
	Outcome string `json:"outcome"`
	Test    string `json:"test"`
}

type blockWire struct {
	Heading string `json:"heading"`
	Item    string `json:"item"`
	Level   int    `json:"level"`
	Prose   string `json:"prose"`
}

func (w *operationWire) operation(raw []byte) (Operation, error) {
	d := &wireDecoder{}
	var op Operation
	switch w.Op {
	case PutItem{}.Type():
		op = PutItem{Item: Item{ID: d.id(w.ID), Key: Key(w.Key), Kind: Kind(w.Kind), Title: w.Title, Text: w.Text,
			Fields: d.fields(w.Fields), Files: d.files(w.Files), Language: w.Language}}
	case Rekey{}.Type():
		op = Rekey{d.id(w.ID), Key(w.Key)}
	case Retire{}.Type():
		op = Retire{d.id(w.ID)}
	case MoveState{}.Type():
		op = MoveState{d.id(w.ID), State(w.State)}
	case Place{}.Type():
		op = Place{d.id(w.Document), d.outline(w.Outline)}
	case AddLink{}.Type():
		op = AddLink{Link{Verb: Verb(w.Verb), Source: d.id(w.Source), Target: d.optionalID(w.Target), Ref: Ref(w.Ref),
			Confirmed: d.confirmation(w.Confirmed)}}
	case Unlink{}.Type():
		op = Unlink{d.id(w.Source), Verb(w.Verb), d.optionalID(w.Target), Ref(w.Ref)}
	case ConfirmLink{}.Type():
		op = ConfirmLink{d.id(w.Source), Verb(w.Verb), d.optionalID(w.Target), Ref(w.Ref),
			d.confirmation(w.Confirmed), w.Person, w.Reason}
	case Comment{}.Type():
		op = Comment{d.id(w.ID), w.Text}
	case AttachEvidence{}.Type():
		op = AttachEvidence{Report: d.report(w.Report), Format: w.Format, Manifest: w.Manifest, Results: d.results(w.Results)}
	case Baseline{}.Type():
		op = Baseline{w.Name, w.Title}
	case Branch{}.Type():
		op = Branch{Stream(w.Stream), Stream(w.Parent), d.number(w.Entry)}
	case Settings{}.Type():
		op = Settings{Title: w.Title, Schema: w.Schema, Catalogue: w.Catalogue, Rules: w.Rules}
	case Membership{}.Type():
		op = Membership{Person: d.id(w.Person), Name: w.Name, Roles: w.Roles, Credentials: d.credentials(w.Credentials)}
	case Sign{}.Type():
		op = Sign{Person: d.id(w.Person), Name: w.Name, Meaning: Meaning(w.Meaning), Stream: Stream(w.Stream), Entry: d.number(w.Entry), Items: d.signedItems(w.Items),
			Text: w.Text, Time: d.time(w.Time), Credential: Credential(w.Credential), Signature: w.Signature}
	case Redact{}.Type():
		op = Redact{Entry: d.number(w.Entry), Number: d.number(w.Number), Blobs: d.hashes(w.Blobs), Instead: d.instead(w.Instead), Content: d.optionalContent(w.Content), Order: w.Order,
			Approver: d.optionalID(w.Approver), Reference: w.Reference}
	case Anchor{}.Type():
		op = Anchor{Kind: w.Kind, Size: d.number(w.Size), Root: d.hash("", w.Root), Place: w.Place, Time: d.optionalTime(w.Time), Proof: w.Proof}
	case RotateKey{}.Type():
		op = RotateKey{Key: w.Key, Previous: w.Previous}
	case "":
		return nil, fmt.Errorf("has no name")
	default:
		op = Unknown{w.Op, slices.Clone(raw)}
	}
	return op, d.err
}

// wireDecoder keeps the first error of many small conversions.
type wireDecoder struct{ err error }

func (d *wireDecoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *wireDecoder) number(n int64) int64 {
	if n < 0 || n > maxNumber {
		d.fail(fmt.Errorf("number %d is out of range", n))
	}
	return n
}

func (d *wireDecoder) id(s string) ID {
	id, err := ParseID(s)
	if err != nil {
		d.fail(err)
	}
	return id
}

func (d *wireDecoder) optionalID(s string) ID {
	if s == "" {
		return ID{}
	}
	return d.id(s)
}

func (d *wireDecoder) hash(scheme, s string) Hash {
	h, err := ParseHash(scheme, s)
	if err != nil {
		d.fail(err)
	}
	return h
}

func (d *wireDecoder) optionalContent(s string) Hash {
	if s == "" {
		return Hash{}
	}
	return d.hash(ContentScheme, s)
}

func (d *wireDecoder) time(s string) string {
	if _, err := ParseTime(s); err != nil {
		d.fail(err)
	}
	return s
}

func (d *wireDecoder) optionalTime(s string) string {
	if s == "" {
		return ""
	}
	return d.time(s)
}

func (d *wireDecoder) confirmation(c []string) Confirmation {
	if len(c) != 2 {
		d.fail(fmt.Errorf("a confirmation has two hashes"))
		return Confirmation{}
	}
	return Confirmation{Source: d.hash(ContentScheme, c[0]), Target: d.hash(ContentScheme, c[1])}
}

func (d *wireDecoder) credentials(w []credentialWire) []Credential {
	var out []Credential
	for _, c := range w {
		out = append(out, Credential(c))
	}
	return out
}

func (d *wireDecoder) signedItems(w []signedItemWire) []SignedItem {
	var out []SignedItem
	for _, it := range w {
		out = append(out, SignedItem{ID: d.id(it.ID), Key: Key(it.Key), Revision: d.number(it.Revision), Content: d.hash(ContentScheme, it.Content), Links: d.hash(LinkScheme, it.Links)})
	}
	return out
}

func (d *wireDecoder) hashes(list []string) []Hash {
	var out []Hash
	for _, s := range list {
		out = append(out, d.hash("", s))
	}
	return out
}

// instead reads the operation that stands in for a redacted one. A redaction
// stands in for nothing.
func (d *wireDecoder) instead(raw json.RawMessage) Operation {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var named struct {
		Op string `json:"op"`
	}
	_ = json.Unmarshal(raw, &named) // what is wrong with it is said below
	if named.Op == (Redact{}).Type() {
		d.fail(fmt.Errorf("instead: a redaction cannot stand in for an operation"))
		return nil
	}
	op, err := DecodeOperation(raw)
	if err != nil {
		d.fail(fmt.Errorf("instead: %w", err))
	}
	return op
}

func (d *wireDecoder) fields(m map[string]json.RawMessage) []Field {
	var fields []Field
	for name, raw := range m {
		f := Field{Name: name}
		var one string
		if err := json.Unmarshal(raw, &one); err == nil && string(raw) != "null" {
			f.Values = []string{one}
		} else if err := json.Unmarshal(raw, &f.Values); err != nil {
			d.fail(fmt.Errorf("field %q is neither a string nor an array of strings", name))
		} else {
			f.Many = true
		}
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b Field) int { return compareUTF16(a.Name, b.Name) })
	return fields
}

func (d *wireDecoder) files(m map[string]string) []File {
	var files []File
	for name, hex := range m {
		h, err := ParseHash("", hex)
		if err != nil {
			d.fail(fmt.Errorf("file %q: %w", name, err))
		}
		files = append(files, File{name, h})
	}
	slices.SortFunc(files, func(a, b File) int { return compareUTF16(a.Name, b.Name) })
	return files
}

func (d *wireDecoder) report(w reportWire) File {
	h, err := ParseHash("", w.Hash)
	if err != nil {
		d.fail(fmt.Errorf("report %q: %w", w.Name, err))
	}
	return File{w.Name, h}
}

func (d *wireDecoder) results(w []resultWire) []TestResult {
	var out []TestResult
	for _, r := range w {
		out = append(out, TestResult{Test: d.id(r.Test), Outcome: r.Outcome, Name: r.Name, Message: r.Message, Line: int(d.number(int64(r.Line)))})
	}
	return out
}

func (d *wireDecoder) outline(blocks []blockWire) []Block {
	var out []Block
	for _, b := range blocks {
		out = append(out, Block{Level: int(d.number(int64(b.Level))), Item: d.optionalID(b.Item), Heading: b.Heading, Prose: b.Prose})
	}
	return out
}
