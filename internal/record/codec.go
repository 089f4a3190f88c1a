package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Format is the version of the codec. Entries of it are readable for ever.
const Format = "change v1"

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
	w.b = appendList(w.b, c.Claimed, func(dst []byte, cl Claim) []byte {
		o := object(dst)
		o.str("source", cl.Source)
		o.str("value", cl.Value)
		o.str("what", cl.What)
		return o.end()
	})
	w.str("goldthread", Format)
	w.str("idempotency", c.Idempotency)
	w.num("operations", int64(operations))
	w.key("ported")
	w.b = appendList(w.b, c.Ported, func(dst []byte, p Ported) []byte {
		o := object(dst)
		o.num("entry", p.Entry)
		o.str("stream", string(p.Stream))
		return o.end()
	})
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
	w.b = appendList(w.b, o.Outline, func(dst []byte, b Block) []byte {
		e := object(dst)
		e.str("heading", b.Heading)
		e.str("item", optionalID(b.Item))
		e.num("level", int64(b.Level))
		e.str("prose", b.Prose)
		return e.end()
	})
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
	w.b = appendList(w.b, o.Results, func(dst []byte, r TestResult) []byte {
		e := object(dst)
		e.num("line", int64(r.Line))
		e.str("message", r.Message)
		e.str("name", r.Name)
		e.str("outcome", r.Outcome)
		e.str("test", r.Test.String())
		return e.end()
	})
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
	w.str("catalogue", o.Catalogue)
	w.str("op", o.Type())
	w.str("rules", o.Rules)
	w.str("schema", o.Schema)
	w.str("title", o.Title)
	return w.end()
}

func (c Credential) append(dst []byte) []byte {
	w := object(dst)
	w.str("kind", c.Kind)
	w.str("public", c.Public)
	return w.end()
}

func (o Membership) append(dst []byte) []byte {
	w := object(dst)
	w.key("credentials")
	w.b = appendList(w.b, o.Credentials, func(dst []byte, c Credential) []byte { return c.append(dst) })
	w.str("name", o.Name)
	w.str("op", o.Type())
	w.str("person", o.Person.String())
	w.key("roles")
	w.b = appendList(w.b, o.Roles, appendString)
	return w.end()
}

func (o Sign) append(dst []byte) []byte {
	w := object(dst)
	w.key("credential")
	w.b = o.Credential.append(w.b)
	w.num("entry", o.Entry)
	w.key("items")
	w.b = appendList(w.b, o.Items, func(dst []byte, it SignedItem) []byte {
		e := object(dst)
		e.str("content", it.Content.Content())
		e.str("id", it.ID.String())
		e.str("key", string(it.Key))
		e.str("links", it.Links.Links())
		e.num("revision", it.Revision)
		return e.end()
	})
	w.str("meaning", string(o.Meaning))
	w.str("name", o.Name)
	w.str("op", o.Type())
	w.str("person", o.Person.String())
	w.str("signature", o.Signature)
	w.str("stream", string(o.Stream))
	w.str("text", o.Text)
	w.str("time", o.Time)
	return w.end()
}

// signaturePrefix begins everything that a person signs, so that no signature
// made elsewhere can be taken for one of ours.
const signaturePrefix = "goldthread signature v1\n"

// SignedBytes is what a person signs: the name of the ledger, and the operation
// without its signature in canonical form.
func (o Sign) SignedBytes(origin string) []byte {
	o.Signature = ""
	return o.append([]byte(signaturePrefix + origin + "\n"))
}

func (o Redact) append(dst []byte) []byte {
	w := object(dst)
	w.str("approver", optionalID(o.Approver))
	w.key("blobs")
	w.b = appendList(w.b, o.Blobs, func(dst []byte, h Hash) []byte { return appendString(dst, h.Hex()) })
	content := ""
	if !o.Content.IsZero() {
		content = o.Content.Content()
	}
	w.str("content", content)
	w.num("entry", o.Entry)
	w.key("instead")
	if o.Instead == nil {
		w.b = append(w.b, "null"...)
	} else {
		w.b = o.Instead.append(w.b)
	}
	w.num("number", o.Number)
	w.str("op", o.Type())
	w.str("order", o.Order)
	w.str("reference", o.Reference)
	return w.end()
}

func (o Anchor) append(dst []byte) []byte {
	w := object(dst)
	w.str("kind", o.Kind)
	w.str("op", o.Type())
	w.str("place", o.Place)
	w.str("proof", o.Proof)
	w.str("root", o.Root.Hex())
	w.num("size", o.Size)
	w.str("time", o.Time)
	return w.end()
}

func (o RotateKey) append(dst []byte) []byte {
	w := object(dst)
	w.str("key", o.Key)
	w.str("op", o.Type())
	w.str("previous", o.Previous)
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

// appendList appends a JSON array, [] of nothing.
func appendList[T any](dst []byte, list []T, each func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, x := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = each(dst, x)
	}
	return append(dst, ']')
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
	if op, ok := scanOperation(b); ok {
		return op, nil
	}
	return decodeOperation(b)
}

// decodeOperation is DecodeOperation for any operation.
func decodeOperation(b []byte) (Operation, error) {
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
		Ported                                                                 []struct {
			Entry  int64
			Stream string
		}
		Operations int
		Sequence   int64
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
	for _, p := range w.Ported {
		if p.Entry < 0 || p.Entry > maxNumber {
			return nil, 0, fmt.Errorf("envelope: ported entry %d is out of range", p.Entry)
		}
		c.Ported = append(c.Ported, Ported{Stream: Stream(p.Stream), Entry: p.Entry})
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
