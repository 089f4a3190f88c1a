package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Format is the version of the codec. It is v0 until the format is frozen.
const Format = "change v0"

// maxNumber is the largest number of an encoding: beyond it RFC 8785, whose
// numbers are IEEE 754 doubles, has no digits of its own for each.
const maxNumber = 1<<53 - 1

// EncodeOperation returns the canonical bytes of op.
//
// goldthread:implements SRS-6
func EncodeOperation(op Operation) []byte { return op.append(nil) }

// EncodeEnvelope returns the canonical bytes of c without its operations, of
// which it carries only the number; the ledger binds them by their hashes.
func EncodeEnvelope(c *Change) []byte { return encodeEnvelope(c, len(c.Operations)) }

func encodeEnvelope(c *Change, operations int) []byte {
	w := object(nil)
	w.str("actor", c.Actor)
	w.str("channel", c.Channel)
	w.key("claimed")
	w.b = append(w.b, '[')
	for i, cl := range c.Claimed {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		o := object(w.b)
		o.str("source", cl.Source)
		o.str("value", cl.Value)
		o.str("what", cl.What)
		w.b = o.end()
	}
	w.b = append(w.b, ']')
	w.str("goldthread", Format)
	w.str("idempotency", c.Idempotency)
	w.num("operations", int64(operations))
	w.str("reason", c.Reason)
	w.str("request", c.Request)
	w.num("sequence", c.Sequence)
	w.str("stream", string(c.Stream))
	w.str("time", FormatTime(c.Time))
	return w.end()
}

func (p PutItem) append(dst []byte) []byte {
	it := &p.Item
	w := object(dst)
	w.key("fields")
	w.b = appendRawFields(w.b, it.Fields)
	w.key("files")
	w.b = appendFiles(w.b, it.Files)
	w.str("id", it.ID.String())
	w.str("key", string(it.Key))
	w.str("kind", string(it.Kind))
	w.str("language", it.Language)
	w.str("op", p.Type())
	w.str("text", it.Text)
	w.str("title", it.Title)
	return w.end()
}

func (o Rekey) append(dst []byte) []byte {
	w := object(dst)
	w.str("id", o.ID.String())
	w.str("key", string(o.Key))
	w.str("op", o.Type())
	return w.end()
}

func (o Retire) append(dst []byte) []byte {
	w := object(dst)
	w.str("id", o.ID.String())
	w.str("op", o.Type())
	return w.end()
}

func (o MoveState) append(dst []byte) []byte {
	w := object(dst)
	w.str("id", o.ID.String())
	w.str("op", o.Type())
	w.str("state", string(o.State))
	return w.end()
}

func (o Place) append(dst []byte) []byte {
	w := object(dst)
	w.str("document", o.Document.String())
	w.str("op", o.Type())
	w.key("outline")
	w.b = append(w.b, '[')
	for i, b := range o.Outline {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		e := object(w.b)
		e.str("heading", b.Heading)
		e.str("item", optionalID(b.Item))
		e.num("level", int64(b.Level))
		e.str("prose", b.Prose)
		w.b = e.end()
	}
	w.b = append(w.b, ']')
	return w.end()
}

func (o AddLink) append(dst []byte) []byte {
	l := o.Link
	w := object(dst)
	w.confirmation(l.Confirmed)
	w.str("op", o.Type())
	w.link(l.Source, l.Verb, l.Target, l.Ref)
	return w.end()
}

func (o Unlink) append(dst []byte) []byte {
	w := object(dst)
	w.str("op", o.Type())
	w.link(o.Source, o.Verb, o.Target, o.Ref)
	return w.end()
}

func (o ConfirmLink) append(dst []byte) []byte {
	w := object(dst)
	w.confirmation(o.Confirmed)
	w.str("op", o.Type())
	w.str("person", o.Person)
	w.str("reason", o.Reason)
	w.link(o.Source, o.Verb, o.Target, o.Ref)
	return w.end()
}

func (o Comment) append(dst []byte) []byte {
	w := object(dst)
	w.str("id", o.ID.String())
	w.str("op", o.Type())
	w.str("text", o.Text)
	return w.end()
}

func (o AttachEvidence) append(dst []byte) []byte {
	w := object(dst)
	w.str("format", o.Format)
	w.str("manifest", o.Manifest)
	w.str("op", o.Type())
	w.key("report")
	report := object(w.b)
	report.str("hash", o.Report.Hash.Hex())
	report.str("name", o.Report.Name)
	w.b = report.end()
	w.key("results")
	w.b = append(w.b, '[')
	for i, r := range o.Results {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		e := object(w.b)
		e.num("line", int64(r.Line))
		e.str("message", r.Message)
		e.str("name", r.Name)
		e.str("outcome", r.Outcome)
		e.str("test", r.Test.String())
		w.b = e.end()
	}
	w.b = append(w.b, ']')
	return w.end()
}

func (o Baseline) append(dst []byte) []byte {
	w := object(dst)
	w.str("name", o.Name)
	w.str("op", o.Type())
	w.str("title", o.Title)
	return w.end()
}

func (o Branch) append(dst []byte) []byte {
	w := object(dst)
	w.num("entry", o.Entry)
	w.str("op", o.Type())
	w.str("parent", string(o.Parent))
	w.str("stream", string(o.Stream))
	return w.end()
}

func (o Settings) append(dst []byte) []byte {
	w := object(dst)
	w.str("op", o.Type())
	w.str("schema", o.Schema)
	w.str("title", o.Title)
	return w.end()
}

func (u Unknown) append(dst []byte) []byte { return append(dst, u.Raw...) }

// objectWriter writes one JSON object whose keys the caller gives in order.
type objectWriter struct {
	b     []byte
	empty bool
}

func object(dst []byte) *objectWriter { return &objectWriter{append(dst, '{'), true} }

func (w *objectWriter) key(k string) {
	if !w.empty {
		w.b = append(w.b, ',')
	}
	w.empty = false
	w.b = append(w.b, '"')
	w.b = append(w.b, k...)
	w.b = append(w.b, '"', ':')
}

func (w *objectWriter) str(k, v string) { w.key(k); w.b = appendString(w.b, v) }

func (w *objectWriter) num(k string, n int64) { w.key(k); w.b = strconv.AppendInt(w.b, n, 10) }

func (w *objectWriter) confirmation(c Confirmation) {
	w.key("confirmed")
	w.b = append(w.b, '[')
	w.b = appendString(w.b, c.Source.Content())
	w.b = append(w.b, ',')
	w.b = appendString(w.b, c.Target.Content())
	w.b = append(w.b, ']')
}

// link writes the keys ref, source, target, verb, which come last in each
// operation that has them.
func (w *objectWriter) link(source ID, verb Verb, target ID, ref Ref) {
	w.str("ref", string(ref))
	w.str("source", source.String())
	w.str("target", optionalID(target))
	w.str("verb", string(verb))
}

func (w *objectWriter) end() []byte { return append(w.b, '}') }

func optionalID(id ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// appendRawFields is appendFields without normalising: what is stored is what
// was written.
func appendRawFields(dst []byte, fields []Field) []byte {
	dst = append(dst, '{')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, f.Name)
		dst = append(dst, ':')
		if !f.Many {
			dst = appendString(dst, f.Values[0])
			continue
		}
		dst = append(dst, '[')
		for j, v := range f.Values {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, v)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

// DecodeOperation reads one operation. Bytes that are not the canonical form of
// what they say are refused: unknown or repeated members, other spellings,
// blanks. An operation of an unknown name comes back as Unknown, byte for byte
// as it was read, canonical or not: this version can neither fold nor write it.
//
// goldthread:implements SRS-6
func DecodeOperation(b []byte) (Operation, error) {
	var wire operationWire
	malformed := json.Unmarshal(b, &wire)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](malformed); malformed != nil && !ok {
		return nil, fmt.Errorf("operation: %w", malformed)
	}
	op, err := wire.operation(b)
	if _, unknown := op.(Unknown); malformed != nil && !unknown {
		return nil, fmt.Errorf("operation: %w", malformed) // only a later version may give our members other types
	}
	if err != nil {
		return nil, fmt.Errorf("operation %q: %w", wire.Op, err)
	}
	if !bytes.Equal(EncodeOperation(op), b) {
		return nil, fmt.Errorf("operation %q: not in canonical form", wire.Op)
	}
	return op, nil
}

// DecodeEnvelope reads an envelope as strictly; n is the number of operations
// it announces.
//
// goldthread:implements SRS-6
func DecodeEnvelope(b []byte) (c *Change, n int, err error) {
	var w struct {
		Actor, Channel, Goldthread, Idempotency, Reason, Request, Stream, Time string
		Claimed                                                                []struct{ Source, Value, What string }
		Operations                                                             int
		Sequence                                                               int64
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, 0, fmt.Errorf("envelope: %w", err)
	}
	if w.Goldthread != Format {
		return nil, 0, fmt.Errorf("envelope: format %q is not known to this version", w.Goldthread)
	}
	t, err := ParseTime(w.Time)
	if err != nil {
		return nil, 0, fmt.Errorf("envelope: %w", err)
	}
	c = &Change{Sequence: w.Sequence, Stream: Stream(w.Stream), Time: t, Actor: w.Actor, Channel: w.Channel,
		Request: w.Request, Reason: w.Reason, Idempotency: w.Idempotency}
	for _, cl := range w.Claimed {
		c.Claimed = append(c.Claimed, Claim{What: cl.What, Value: cl.Value, Source: cl.Source})
	}
	if w.Operations < 0 || w.Operations > 1<<30 {
		return nil, 0, fmt.Errorf("envelope: %d operations", w.Operations)
	}
	if w.Sequence < 0 || w.Sequence > maxNumber {
		return nil, 0, fmt.Errorf("envelope: sequence %d is out of range", w.Sequence)
	}
	if !bytes.Equal(encodeEnvelope(c, w.Operations), b) {
		return nil, 0, fmt.Errorf("envelope: not in canonical form")
	}
	return c, w.Operations, nil
}
