package record_test

import (
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// Generators of everything that the codec carries. Strings are hard ones: what JSON escapes, what only some JSON writers escape,
// and characters on both sides of where the order by UTF-16 differs from that by bytes.

var equateEmpty = cmpopts.EquateEmpty()

var hardRunes = []rune("aZ0 \"\\/<>&'{}[]:,\u00e9\u0301\u00a0\u2028\u2029\ufeff\ufffd\ue000\uff21\U00010000\U0001f489\U0010ffff\u0085")

// anyString may hold control characters too: the codec must carry them, though no item may hold them.
var anyString = rapid.OneOf(
	rapid.StringOf(rapid.SampledFrom(append(slices.Clone(hardRunes), 0, 1, '\b', '\t', '\n', '\v', '\f', '\r', 0x1f, 0x7f))),
	rapid.String(),
)

// itemText is what CheckText accepts, oneLine what CheckLine does.
var (
	itemText = rapid.Custom(func(t *rapid.T) string {
		s := rapid.StringOf(rapid.SampledFrom(append(slices.Clone(hardRunes), '\n', '\t'))).Draw(t, "text")
		return strings.Trim(s, "\n")
	})
	oneLine = rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(rapid.StringOf(rapid.SampledFrom(append(slices.Clone(hardRunes), '\t'))).Draw(t, "line"))
	})
)

var (
	genID    = rapid.Custom(func(t *rapid.T) record.ID { return record.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")) })
	genSetID = genID.Filter(func(id record.ID) bool { return !id.IsZero() })
	genHash  = rapid.Custom(func(t *rapid.T) record.Hash {
		return record.Hash(rapid.OneOf(rapid.Just(make([]byte, 32)), rapid.SliceOfN(rapid.Byte(), 32, 32)).Draw(t, "hash"))
	})
	genKey = rapid.Map(rapid.StringMatching(`[A-Za-z]{1,4}([-_.][A-Za-z0-9]{1,3}){0,2}[0-9]{1,4}`),
		func(s string) record.Key { return record.Key(s) })
	genTarget = rapid.Custom(func(t *rapid.T) target {
		if rapid.Bool().Draw(t, "resolved") {
			return target{id: genSetID.Draw(t, "target")}
		}
		return target{ref: record.Ref(rapid.SampledFrom([]string{"", "pump/", "b/"}).Draw(t, "project") + string(genKey.Draw(t, "key")))}
	})
	genVerb         = rapid.Map(anyString, func(s string) record.Verb { return record.Verb(s) })
	genConfirmation = rapid.Custom(func(t *rapid.T) record.Confirmation {
		return record.Confirmation{Source: genHash.Draw(t, "source"), Target: genHash.Draw(t, "target")}
	})
	genFieldName = rapid.OneOf(rapid.StringMatching(`[a-z]{1,6}( [a-z0-9]{1,4}){0,2}`),
		rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune("aZ\"\\é\ue000\uff21\U00010000\U0001f489")), 1, 4, -1), func(s string) string { return "x/" + s }))
	genNumber = rapid.OneOf(rapid.Int64Range(0, 20), rapid.Int64Range(0, 1<<53-1), rapid.Just(int64(1<<53-1)))
)

type target struct {
	id  record.ID
	ref record.Ref
}

var genFields = rapid.Custom(func(t *rapid.T) []record.Field {
	var fields []record.Field
	for _, name := range rapid.SliceOfNDistinct(genFieldName, 0, 5, rapid.ID[string]).Draw(t, "names") {
		f := record.Field{Name: name, Many: rapid.Bool().Draw(t, "many")}
		if f.Many {
			f.Values = rapid.SliceOfN(itemText, 0, 3).Draw(t, "values")
		} else {
			f.Values = []string{itemText.Draw(t, "value")}
		}
		fields = append(fields, f)
	}
	return fields
})

var genFiles = rapid.Custom(func(t *rapid.T) []record.File {
	var files []record.File
	names := oneLine.Filter(func(s string) bool { return s != "" })
	for _, name := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID[string]).Draw(t, "files") {
		files = append(files, record.File{Name: name, Hash: genHash.Draw(t, "hash")})
	}
	return files
})

var genItem = rapid.Custom(func(t *rapid.T) record.Item {
	it := record.Item{
		ID: genSetID.Draw(t, "id"), Key: genKey.Draw(t, "key"),
		Kind:  record.Kind(rapid.SampledFrom([]string{"SRS", "SYS", "Größe"}).Draw(t, "kind")),
		Title: oneLine.Draw(t, "title"), Text: itemText.Draw(t, "text"),
		Fields: genFields.Draw(t, "fields"), Files: genFiles.Draw(t, "files"),
		Language: rapid.SampledFrom([]string{"", "de", "en-GB"}).Draw(t, "language"),
	}
	it.SortFields()
	return it
})

// genOperation has one generator for each type of operation, by the name of its Go type. TestEveryOperationHasAGenerator holds it
// against the source.
var genOperation = map[string]*rapid.Generator[record.Operation]{
	"PutItem": operation(func(t *rapid.T) record.PutItem { return record.PutItem{Item: genItem.Draw(t, "item")} }),
	"Rekey": operation(func(t *rapid.T) record.Rekey {
		return record.Rekey{ID: genID.Draw(t, "id"), Key: record.Key(anyString.Draw(t, "key"))}
	}),
	"Retire": operation(func(t *rapid.T) record.Retire { return record.Retire{ID: genID.Draw(t, "id")} }),
	"MoveState": operation(func(t *rapid.T) record.MoveState {
		return record.MoveState{ID: genID.Draw(t, "id"), State: record.State(anyString.Draw(t, "state"))}
	}),
	"Place": operation(func(t *rapid.T) record.Place {
		return record.Place{Document: genID.Draw(t, "document"), Outline: rapid.SliceOfN(genBlock, 0, 4).Draw(t, "outline")}
	}),
	"AddLink": operation(func(t *rapid.T) record.AddLink {
		to := genTarget.Draw(t, "target")
		return record.AddLink{Link: record.Link{Verb: genVerb.Draw(t, "verb"), Source: genID.Draw(t, "source"), Target: to.id, Ref: to.ref,
			Confirmed: genConfirmation.Draw(t, "confirmed")}}
	}),
	"Unlink": operation(func(t *rapid.T) record.Unlink {
		to := genTarget.Draw(t, "target")
		return record.Unlink{Source: genID.Draw(t, "source"), Verb: genVerb.Draw(t, "verb"), Target: to.id, Ref: to.ref}
	}),
	"ConfirmLink": operation(func(t *rapid.T) record.ConfirmLink {
		to := genTarget.Draw(t, "target")
		return record.ConfirmLink{Source: genID.Draw(t, "source"), Verb: genVerb.Draw(t, "verb"), Target: to.id, Ref: to.ref,
			Confirmed: genConfirmation.Draw(t, "confirmed"), Person: anyString.Draw(t, "person"), Reason: anyString.Draw(t, "reason")}
	}),
	"Comment": operation(func(t *rapid.T) record.Comment {
		return record.Comment{ID: genID.Draw(t, "id"), Text: anyString.Draw(t, "text")}
	}),
	"AttachEvidence": operation(func(t *rapid.T) record.AttachEvidence {
		return record.AttachEvidence{
			Report: record.File{Name: anyString.Draw(t, "report"), Hash: genHash.Draw(t, "hash")},
			Format: anyString.Draw(t, "format"), Manifest: anyString.Draw(t, "manifest"), Results: rapid.SliceOfN(genResult, 0, 4).Draw(t, "results"),
		}
	}),
	"Baseline": operation(func(t *rapid.T) record.Baseline {
		return record.Baseline{Name: anyString.Draw(t, "name"), Title: anyString.Draw(t, "title")}
	}),
	"Branch": operation(func(t *rapid.T) record.Branch {
		return record.Branch{Stream: record.Stream(anyString.Draw(t, "stream")), Parent: record.Stream(anyString.Draw(t, "parent")), Entry: genNumber.Draw(t, "entry")}
	}),
	"Settings": operation(func(t *rapid.T) record.Settings {
		return record.Settings{Title: anyString.Draw(t, "title"), Schema: anyString.Draw(t, "schema"), Catalogue: anyString.Draw(t, "catalogue"), Rules: anyString.Draw(t, "rules")}
	}),
	"Membership": operation(func(t *rapid.T) record.Membership {
		return record.Membership{Person: genID.Draw(t, "person"), Name: anyString.Draw(t, "name"), Roles: rapid.SliceOfN(anyString, 0, 3).Draw(t, "roles"),
			Credentials: rapid.SliceOfN(genCredential, 0, 2).Draw(t, "credentials")}
	}),
	"Sign": operation(func(t *rapid.T) record.Sign {
		return record.Sign{Person: genID.Draw(t, "person"), Name: anyString.Draw(t, "name"), Meaning: record.Meaning(anyString.Draw(t, "meaning")),
			Stream: record.Stream(anyString.Draw(t, "stream")), Entry: genNumber.Draw(t, "entry"), Items: rapid.SliceOfN(genSignedItem, 0, 3).Draw(t, "items"),
			Text: anyString.Draw(t, "text"), Time: genTime.Draw(t, "time"), Credential: genCredential.Draw(t, "credential"), Signature: anyString.Draw(t, "signature")}
	}),
	"Redact": operation(func(t *rapid.T) record.Redact {
		o := record.Redact{Entry: genNumber.Draw(t, "entry"), Number: genNumber.Draw(t, "number"), Content: genHash.Draw(t, "content"), Order: anyString.Draw(t, "order"),
			Approver: genID.Draw(t, "approver"), Reference: anyString.Draw(t, "reference")}
		for range rapid.IntRange(0, 2).Draw(t, "blobs") {
			o.Blobs = append(o.Blobs, genSetHash.Draw(t, "blob"))
		}
		if rapid.Bool().Draw(t, "stands in") {
			o.Instead = record.PutItem{Item: genItem.Draw(t, "instead")}
		}
		return o
	}),
	"Anchor": operation(func(t *rapid.T) record.Anchor {
		return record.Anchor{Kind: anyString.Draw(t, "kind"), Size: genNumber.Draw(t, "size"), Root: genSetHash.Draw(t, "root"), Place: anyString.Draw(t, "place"),
			Time: rapid.OneOf(rapid.Just(""), genTime).Draw(t, "time"), Proof: anyString.Draw(t, "proof")}
	}),
	"RotateKey": operation(func(t *rapid.T) record.RotateKey {
		return record.RotateKey{Key: anyString.Draw(t, "key"), Previous: anyString.Draw(t, "previous")}
	}),
	"Unknown": operation(func(t *rapid.T) record.Unknown {
		// Members of our names with types of their own: what a later version may do.
		raw := rapid.SampledFrom([]string{
			`{"op":"waive"}`,
			`{"id":7,"op":"waive"}`,
			`{"confirmed":{"a":1},"entry":"12","fields":["a"],"op":"waive","outline":"x"}`,
			"{ \"op\" : \"waive\" ,\n\"x\":1.50}",
		}).Draw(t, "raw")
		return record.Unknown{Name: "waive", Raw: []byte(raw)}
	}),
}

var genBlock = rapid.Custom(func(t *rapid.T) record.Block {
	return record.Block{Level: rapid.IntRange(0, 6).Draw(t, "level"), Item: genID.Draw(t, "item"),
		Heading: anyString.Draw(t, "heading"), Prose: anyString.Draw(t, "prose")}
})

var (
	genSetHash    = genHash.Filter(func(h record.Hash) bool { return !h.IsZero() })
	genTime       = rapid.Map(genInstant, record.FormatTime)
	genInstant    = rapid.Map(rapid.Int64Range(-62135596800000000, 253402300799999999), func(us int64) time.Time { return time.UnixMicro(us).UTC() }) // years 1 to 9999
	genCredential = rapid.Custom(func(t *rapid.T) record.Credential {
		return record.Credential{Kind: anyString.Draw(t, "kind"), Public: anyString.Draw(t, "public")}
	})
	genSignedItem = rapid.Custom(func(t *rapid.T) record.SignedItem {
		return record.SignedItem{ID: genID.Draw(t, "id"), Key: genKey.Draw(t, "key"), Revision: genNumber.Draw(t, "revision"), Content: genHash.Draw(t, "content"), Links: genHash.Draw(t, "links")}
	})
)

var genResult = rapid.Custom(func(t *rapid.T) record.TestResult {
	return record.TestResult{Test: genID.Draw(t, "test"), Outcome: anyString.Draw(t, "outcome"), Name: anyString.Draw(t, "name"),
		Message: anyString.Draw(t, "message"), Line: int(genNumber.Draw(t, "line"))}
})

func operation[O record.Operation](draw func(*rapid.T) O) *rapid.Generator[record.Operation] {
	return rapid.Custom(func(t *rapid.T) record.Operation { return draw(t) })
}

var genChange = rapid.Custom(func(t *rapid.T) *record.Change {
	c := &record.Change{
		Sequence: genNumber.Draw(t, "sequence"), Stream: record.Stream(anyString.Draw(t, "stream")),
		Time:  genInstant.Draw(t, "time"),
		Actor: anyString.Draw(t, "actor"), Channel: anyString.Draw(t, "channel"), Request: anyString.Draw(t, "request"),
		Reason: anyString.Draw(t, "reason"), Idempotency: anyString.Draw(t, "idempotency"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "claims") {
		c.Claimed = append(c.Claimed, record.Claim{What: anyString.Draw(t, "what"), Value: anyString.Draw(t, "value"), Source: anyString.Draw(t, "from")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "ported") {
		c.Ported = append(c.Ported, record.Ported{Stream: record.Stream(anyString.Draw(t, "ported from")), Entry: genNumber.Draw(t, "ported entry")})
	}
	c.Operations = make([]record.Operation, rapid.IntRange(0, 1000).Draw(t, "operations"))
	return c
})
