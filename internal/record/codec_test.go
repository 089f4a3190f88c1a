package record_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// operationTypes reads from the source which types are operations: those with a method Type and an unexported append.
func operationTypes(t *testing.T) []string {
	t.Helper()
	methods := map[string]map[string]bool{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				continue
			}
			if receiver, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				if methods[receiver.Name] == nil {
					methods[receiver.Name] = map[string]bool{}
				}
				methods[receiver.Name][fn.Name.Name] = true
			}
		}
	}
	var types []string
	for name, has := range methods {
		if has["Type"] && has["append"] {
			types = append(types, name)
		}
	}
	slices.Sort(types)
	return types
}

func TestEveryOperationHasAGenerator(t *testing.T) {
	if d := cmp.Diff(operationTypes(t), slices.Sorted(maps.Keys(genOperation))); d != "" {
		t.Errorf("operations of the source against generators (-source +generators):\n%s", d)
	}
	names := map[string]string{}
	for name, g := range genOperation {
		op := g.Example(1)
		if got := strings.TrimPrefix(fmt.Sprintf("%T", op), "record."); got != name {
			t.Errorf("the generator of %s makes %s", name, got)
		}
		if other, taken := names[op.Type()]; taken {
			t.Errorf("%s and %s are both called %q in the codec", name, other, op.Type())
		}
		names[op.Type()] = name
	}
}

// everyOperation runs a subtest for each type of operation.
func everyOperation(t *testing.T, check func(t *testing.T, g *rapid.Generator[record.Operation])) {
	for _, name := range slices.Sorted(maps.Keys(genOperation)) {
		t.Run(name, func(t *testing.T) { check(t, genOperation[name]) })
	}
}

// goldthread:verifies SRS-6
func TestOperationsComeBack(t *testing.T) {
	everyOperation(t, func(t *testing.T, g *rapid.Generator[record.Operation]) {
		rapid.Check(t, func(t *rapid.T) {
			op := g.Draw(t, "operation")
			b := record.EncodeOperation(op)
			back, err := record.DecodeOperation(b)
			if err != nil {
				t.Fatalf("%v\n%s", err, b)
			}
			if d := cmp.Diff(op, back, equateEmpty); d != "" {
				t.Fatalf("(-before +after):\n%s", d)
			}
		})
	})
}

func TestOperationsAreCanonical(t *testing.T) {
	everyOperation(t, func(t *testing.T, g *rapid.Generator[record.Operation]) {
		rapid.Check(t, func(t *rapid.T) {
			op := g.Draw(t, "operation")
			if _, unknown := op.(record.Unknown); !unknown {
				checkCanonical(t, record.EncodeOperation(op))
			}
		})
	})
}

// checkCanonical asks another implementation of RFC 8785.
func checkCanonical(t rapid.TB, b []byte) {
	t.Helper()
	want, err := jcs.Transform(b)
	if err != nil {
		t.Fatalf("not even JSON: %v\n%s", err, b)
	}
	if !bytes.Equal(want, b) {
		t.Fatalf("not canonical\n got %s\nwant %s", b, want)
	}
}

// TestMutatedOperations changes, takes out and puts in every byte of an example of each type. What is not refused must be what
// was read, so that no two byte strings are one operation.
func TestMutatedOperations(t *testing.T) {
	everyOperation(t, func(t *testing.T, g *rapid.Generator[record.Operation]) {
		for seed := range 3 {
			mutate(shortest(g, seed), func(m []byte) {
				if op, err := record.DecodeOperation(m); err == nil && !bytes.Equal(record.EncodeOperation(op), m) {
					t.Fatalf("%s\nwas read as %s", m, record.EncodeOperation(op))
				}
			})
		}
	})
}

// The quick way to read an operation takes nothing that the other refuses, and reads the same.
func TestBothWaysToReadAnOperationAgree(t *testing.T) {
	for _, name := range []string{"PutItem", "AddLink"} {
		for seed := range 4 {
			good := shortest(genOperation[name], seed)
			if _, ok := record.ScanOperation(good); !ok {
				t.Fatalf("the quick way does not take %s", good)
			}
			mutate(good, func(m []byte) { checkBothWays(t, m) })
		}
		rapid.Check(t, func(t *rapid.T) {
			b := record.EncodeOperation(genOperation[name].Draw(t, "operation"))
			if _, ok := record.ScanOperation(b); !ok {
				t.Fatalf("the quick way does not take %s", b)
			}
			checkBothWays(t, b)
		})
	}
}

func checkBothWays(t rapid.TB, b []byte) {
	quick, ok := record.ScanOperation(b)
	if !ok {
		return
	}
	slow, err := record.DecodeAnyOperation(b)
	if err != nil {
		t.Fatalf("the quick way takes %s, the other says %v", b, err)
	}
	if d := cmp.Diff(slow, quick, equateEmpty); d != "" {
		t.Fatalf("%s\n(-slow +quick):\n%s", b, d)
	}
}

// shortest is the shortest encoding among some examples that still has something in it.
func shortest(g *rapid.Generator[record.Operation], seed int) []byte {
	var best []byte
	for i := range 20 {
		if b := record.EncodeOperation(g.Example(20*seed + i)); best == nil || len(b) < len(best) {
			best = b
		}
	}
	return best
}

// mutate calls f with every string one byte away from b.
func mutate(b []byte, f func([]byte)) {
	m := make([]byte, 0, len(b)+1)
	for i := range b {
		for c := range 256 {
			if byte(c) != b[i] {
				m = append(m[:0], b...)
				m[i] = byte(c)
				f(m)
			}
		}
		f(append(append(m[:0], b[:i]...), b[i+1:]...))
	}
	for i := range len(b) + 1 {
		for _, c := range []byte(" \n\t,:\"{}[]0a\x00\xff") {
			f(append(append(append(m[:0], b[:i]...), c), b[i:]...))
		}
	}
}

// goldthread:verifies SRS-6
func TestOtherSpellingsOfAnOperationAreRefused(t *testing.T) {
	zero := strings.Repeat("0", 26)
	rekey := `{"id":"` + zero + `","key":"SRS-1","op":"rekey"}`
	put := `{"fields":{"a":"1","b":["2"]},"files":{},"id":"` + zero + `","key":"SRS-1","kind":"SRS","language":"","op":"put","text":"","title":"é"}`
	link := `{"confirmed":["-","-"],"op":"link","ref":"SYS-1","source":"` + zero + `","target":"","verb":"refines"}`
	branch := `{"entry":12,"op":"branch stream","parent":"main","stream":"1.x"}`
	place := `{"document":"` + zero + `","op":"place","outline":[{"heading":"","item":"","level":1,"prose":""}]}`
	evidence := `{"format":"junit","manifest":"","op":"attach evidence","report":{"hash":"` + strings.Repeat("1", 64) + `","name":"a.xml"},"results":[{"line":1,"message":"","name":"","outcome":"passed","test":"` + zero + `"}]}`
	h1, l1, hex := "h1:"+strings.Repeat("1", 64), "l1:"+strings.Repeat("1", 64), strings.Repeat("1", 64)
	signed := `{"content":"` + h1 + `","id":"` + zero + `","key":"SRS-1","links":"` + l1 + `","revision":2}`
	sign := `{"credential":{"kind":"ssh-ed25519","public":"AA"},"entry":9,"items":[` + signed + `],"meaning":"approval","name":"Jane","op":"sign","person":"` + zero +
		`","signature":"BB","stream":"main","text":"","time":"2026-11-25T03:04:05.000678Z"}`
	redact := `{"approver":"","blobs":["` + hex + `"],"content":"` + h1 + `","entry":3,"instead":` + rekey + `,"number":1,"op":"redact","order":"court","reference":""}`
	anchor := `{"kind":"git","op":"anchor","place":"","proof":"","root":"` + hex + `","size":3,"time":""}`
	membership := `{"credentials":[],"name":"Jane","op":"membership","person":"` + zero + `","roles":["author"]}`
	for _, good := range []string{rekey, put, link, branch, place, evidence, sign, redact, anchor, membership} {
		if _, err := record.DecodeOperation([]byte(good)); err != nil {
			t.Fatalf("%s: %v", good, err)
		}
	}
	tests := []struct{ sentence, good, old, new string }{
		{"a member that the operation does not have", rekey, `"op"`, `"note":"x","op"`},
		{"a member of another operation", rekey, `"op"`, `"kind":"","op"`},
		{"a member left out", rekey, `"key":"SRS-1",`, ``},
		{"a member twice, the same", rekey, `"op"`, `"key":"SRS-1","op"`},
		{"a member twice, the other first", rekey, `"key"`, `"key":"SRS-2","key"`},
		{"the name of the operation twice", rekey, `"op":"rekey"`, `"op":"rekey","op":"rekey"`},
		{"a member in another case", rekey, `"key"`, `"Key"`},
		{"a member folded by Unicode: a long s", put, `"files"`, `"file` + "\u017f" + `"`},
		{"the name of the operation in another case", rekey, `"op"`, `"OP"`},
		{"members in another order", rekey, `"id":"` + zero + `","key":"SRS-1"`, `"key":"SRS-1","id":"` + zero + `"`},
		{"a blank between members", rekey, `,"op"`, `, "op"`},
		{"a line feed at the end", rekey, `"rekey"}`, "\"rekey\"}\n"},
		{"something behind the end", rekey, `"rekey"}`, `"rekey"}{}`},
		{"an escape that is not needed", rekey, `SRS-1`, `\u0053RS-1`},
		{"an escaped slash", rekey, `SRS-1`, `SRS\/1`},
		{"a name with an escape", rekey, `"key"`, `"\u006bey"`},
		{"a byte that is no UTF-8", rekey, `SRS-1`, "SRS\xff"},
		{"half of a surrogate pair", rekey, `SRS-1`, `\ud800`},
		{"null for a string", rekey, `"SRS-1"`, `null`},
		{"a number for a string", rekey, `"SRS-1"`, `1`},
		{"an identity in upper case", rekey, zero, strings.Repeat("A", 26)},
		{"an identity with unused bits set", rekey, zero, zero[:25] + "1"},
		{"null for the fields", put, `{"a":"1","b":["2"]}`, `null`},
		{"null for a field", put, `"a":"1"`, `"a":null`},
		{"null for one of many values", put, `["2"]`, `[null]`},
		{"a number for a field", put, `"a":"1"`, `"a":1`},
		{"a field twice", put, `"a":"1",`, `"a":"1","a":"1",`},
		{"fields in another order", put, `"a":"1","b":["2"]`, `"b":["2"],"a":"1"`},
		{"a blank within a field", put, `["2"]`, `[ "2"]`},
		{"a file without a hash", put, `"files":{}`, `"files":{"a":"-"}`},
		{"a file with half a hash", put, `"files":{}`, `"files":{"a":"00"}`},
		{"a character escaped that stands for itself", put, `é`, `\u00e9`},
		{"one confirmation of two", link, `["-","-"]`, `["-"]`},
		{"three confirmations", link, `["-","-"]`, `["-","-","-"]`},
		{"no confirmation", link, `"confirmed":["-","-"],`, ``},
		{"a hash of another scheme", link, `["-"`, `["l1:` + strings.Repeat("1", 64) + `"`},
		{"a zero hash written out", link, `["-"`, `["h1:` + strings.Repeat("0", 64) + `"`},
		{"a hash in upper case", link, `["-"`, `["h1:` + strings.Repeat("A", 64) + `"`},
		{"a zero identity as target", link, `"target":""`, `"target":"` + zero + `"`},
		{"a number with an exponent", branch, `12`, `12e0`},
		{"a number with a fraction", branch, `12`, `12.0`},
		{"a number with a sign", branch, `12`, `-0`},
		{"a number below zero", branch, `12`, `-1`},
		{"a number as a string", branch, `12`, `"12"`},
		{"a number that is no double of its own", branch, `12`, `9007199254740993`},
		{"a number beyond 64 bits", branch, `12`, `99999999999999999999`},
		{"a level below zero", place, `"level":1`, `"level":-1`},
		{"a block with an unknown member", place, `"level":1`, `"level":1,"note":""`},
		{"no hash of a report", evidence, strings.Repeat("1", 64), `-`},
		{"half a hash of a report", evidence, strings.Repeat("1", 64), strings.Repeat("1", 32)},
		{"null for a report", evidence, `{"hash":"` + strings.Repeat("1", 64) + `","name":"a.xml"}`, `null`},
		{"a line below zero", evidence, `"line":1`, `"line":-1`},
		{"a line that is no double of its own", evidence, `"line":1`, `"line":9007199254740993`},
		{"a result with an unknown member", evidence, `"line":1`, `"line":1,"note":""`},
		{"null for the results", evidence, `[{"line":1,"message":"","name":"","outcome":"passed","test":"` + zero + `"}]`, `null`},
		{"a revision below zero", sign, `"revision":2`, `"revision":-2`},
		{"links with the hash of content", sign, l1, h1},
		{"a time of nanoseconds", sign, `.000678Z`, `.000678000Z`},
		{"no time of a signature", sign, `"2026-11-25T03:04:05.000678Z"`, `""`},
		{"an unknown member of a credential", sign, `"kind":"ssh-ed25519"`, `"kind":"ssh-ed25519","note":""`},
		{"null for the items", sign, `[` + signed + `]`, `null`},
		{"nothing that stands in, left out", redact, `"instead":` + rekey + `,`, ``},
		{"what stands in is written otherwise", redact, `"op":"rekey"`, `"op": "rekey"`},
		{"what stands in is a redaction", redact, rekey, `{"approver":"","blobs":[],"content":"","entry":3,"instead":null,"number":1,"op":"redact","order":"","reference":""}`},
		{"what stands in is no operation", redact, rekey, `{}`},
		{"a blob without a hash", redact, `"blobs":["` + hex + `"]`, `"blobs":["-"]`},
		{"null for the blobs", redact, `["` + hex + `"]`, `null`},
		{"a root without a hash", anchor, hex, `-`},
		{"an anchor at no time", anchor, `"time":""`, `"time":"never"`},
		{"null for the roles", membership, `["author"]`, `null`},
		{"a number for a role", membership, `"author"`, `1`},
		{"null for an outline", place, `[{"heading":"","item":"","level":1,"prose":""}]`, `null`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if strings.Count(tt.good, tt.old) < 1 {
				t.Fatalf("the case is broken: %q is not in %s", tt.old, tt.good)
			}
			bad := strings.Replace(tt.good, tt.old, tt.new, 1)
			if op, err := record.DecodeOperation([]byte(bad)); err == nil {
				t.Errorf("%s was read as %#v", bad, op)
			}
		})
	}
}

func TestWhatIsNoOperationIsRefused(t *testing.T) {
	for _, s := range []string{"", "null", "[]", "{}", "1", `"op"`, `{"op":""}`, `{"op":null}`, `{"op":5}`, `{"op":["put"]}`, `{"op":"put"`,
		`{"op":"put"}`, `{"op":"waive"} x`, "{\"op\":\"waive\xff\"", strings.Repeat("[", 1<<20), `{"op":` + strings.Repeat(`{"op":`, 1<<16)} {
		if op, err := record.DecodeOperation([]byte(s)); err == nil {
			t.Errorf("%.60q was read as %#v", s, op)
		}
	}
}

// TestUnknownOperationsAreKept shows what a reader does with operations of later versions: nothing but keep them, byte for byte,
// canonical or not. It must know their name, to say what it does not know.
//
// goldthread:verifies SRS-7
func TestUnknownOperationsAreKept(t *testing.T) {
	tests := []struct{ sentence, raw, name string }{
		{"a new name", `{"op":"waive"}`, "waive"},
		{"members of our names may have other types", `{"entry":"12","fields":7,"id":{},"op":"waive"}`, "waive"},
		{"not canonical: whoever knows the operation will refuse it", "{ \"op\":\"waive\" }\n", "waive"},
		{"a name that differs from ours in case only", `{"op":"Put"}`, "Put"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			raw := []byte(tt.raw)
			op, err := record.DecodeOperation(raw)
			if err != nil {
				t.Fatal(err)
			}
			clear(raw) // the reader keeps its own copy
			if d := cmp.Diff(record.Operation(record.Unknown{Name: tt.name, Raw: []byte(tt.raw)}), op); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if got := string(record.EncodeOperation(op)); got != tt.raw || op.Type() != tt.name {
				t.Errorf("written as %s, named %s", got, op.Type())
			}
		})
	}
}

// goldthread:verifies SRS-6
func TestEnvelopesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := genChange.Draw(t, "change")
		b := record.EncodeEnvelope(c)
		checkCanonical(t, b)
		back, n, err := record.DecodeEnvelope(b)
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if n != len(c.Operations) {
			t.Fatalf("%d operations, want %d", n, len(c.Operations))
		}
		want := *c
		want.Operations = nil // an envelope carries their number only
		if d := cmp.Diff(&want, back, equateEmpty); d != "" {
			t.Fatalf("(-before +after):\n%s", d)
		}
	})
}

func exampleEnvelope() []byte {
	return record.EncodeEnvelope(&record.Change{Sequence: 12, Stream: record.Main, Time: time.Date(2026, 11, 25, 3, 4, 5, 678000, time.UTC),
		Actor: "local", Channel: "workspace", Reason: "é", Claimed: []record.Claim{{What: "author", Value: "Jane", Source: "git"}},
		Operations: make([]record.Operation, 3)})
}

func TestAnEnvelopeAsBytes(t *testing.T) {
	want := `{"actor":"local","channel":"workspace","claimed":[{"source":"git","value":"Jane","what":"author"}],"goldthread":"change v1",` +
		`"idempotency":"","operations":3,"ported":[],"reason":"é","request":"","sequence":12,"stream":"main","time":"2026-11-25T03:04:05.000678Z"}`
	if d := cmp.Diff(want, string(exampleEnvelope())); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestMutatedEnvelopes(t *testing.T) {
	mutate(exampleEnvelope(), func(m []byte) {
		c, n, err := record.DecodeEnvelope(m)
		if err != nil {
			return
		}
		c.Operations = make([]record.Operation, n)
		if got := record.EncodeEnvelope(c); !bytes.Equal(got, m) {
			t.Fatalf("%s\nwas read as %s", m, got)
		}
	})
}

// goldthread:verifies SRS-6
func TestOtherSpellingsOfAnEnvelopeAreRefused(t *testing.T) {
	tests := []struct{ sentence, old, new string }{
		{"an unknown member", `"actor"`, `"a":"","actor"`},
		{"a member left out", `"channel":"workspace",`, ``},
		{"a member twice", `"actor"`, `"actor":"local","actor"`},
		{"a member in another case", `"actor"`, `"Actor"`},
		{"members in another order", `"actor":"local","channel":"workspace"`, `"channel":"workspace","actor":"local"`},
		{"a blank", `,"channel"`, `, "channel"`},
		{"an escape that is not needed", `é`, `\u00e9`},
		{"null for the claims", `[{"source":"git","value":"Jane","what":"author"}]`, `null`},
		{"an unknown member of a claim", `"source":"git"`, `"at":"","source":"git"`},
		{"a later format", `change v1`, `change v2`},
		{"null for what was ported", `"ported":[]`, `"ported":null`},
		{"a ported entry below zero", `"ported":[]`, `"ported":[{"entry":-1,"stream":"main"}]`},
		{"a number of operations below zero", `"operations":3`, `"operations":-3`},
		{"more operations than a ledger can hold", `"operations":3`, `"operations":2000000000`},
		{"a sequence below zero", `"sequence":12`, `"sequence":-12`},
		{"a sequence that is no double of its own", `"sequence":12`, `"sequence":9007199254740993`},
		{"a time of another zone", `.000678Z`, `.000678+00:00`},
		{"a time of nanoseconds", `.000678Z`, `.000678000Z`},
		{"a time with a comma", `.000678Z`, `,000678Z`},
		{"a day that does not exist", `2026-11-25`, `2026-11-31`},
		{"a second that does not exist", `03:04:05`, `03:04:60`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			bad := strings.Replace(string(exampleEnvelope()), tt.old, tt.new, 1)
			if bad == string(exampleEnvelope()) {
				t.Fatalf("the case is broken: %q is not there", tt.old)
			}
			if c, _, err := record.DecodeEnvelope([]byte(bad)); err == nil {
				t.Errorf("%s was read as %#v", bad, c)
			}
		})
	}
}

// TestAnEnvelopeCannotAskForMemory: the number of operations is a stranger's word.
func TestAnEnvelopeCannotAskForMemory(t *testing.T) {
	b := bytes.Replace(exampleEnvelope(), []byte(`"operations":3`), []byte(`"operations":1000000000`), 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, n, err := record.DecodeEnvelope(b)
	runtime.ReadMemStats(&after)
	if err != nil || n != 1_000_000_000 {
		t.Fatalf("%d, %v", n, err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("reading %d bytes took %d bytes of memory", len(b), took)
	}
}

func TestTimes(t *testing.T) {
	zone := time.FixedZone("east", 2*3600)
	if got := record.FormatTime(time.Date(2026, 3, 1, 1, 30, 0, 1_999, zone)); got != "2026-02-28T23:30:00.000001Z" {
		t.Errorf("FormatTime = %s: want UTC, cut to microseconds", got)
	}
	for _, bad := range []string{"", "2026-02-28", "2026-02-28T23:30:00Z", "2026-02-28 23:30:00.000001Z", "2026-02-28t23:30:00.000001z",
		"2026-02-30T23:30:00.000001Z", "2026-02-28T24:00:00.000000Z", " 2026-02-28T23:30:00.000001Z", "12026-02-28T23:30:00.000001Z"} {
		if got, err := record.ParseTime(bad); err == nil {
			t.Errorf("ParseTime(%q) = %v", bad, got)
		}
	}
}

func FuzzDecodeOperation(f *testing.F) {
	for _, g := range genOperation {
		for seed := range 3 {
			f.Add(shortest(g, seed))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkBothWays(t, b)
		op, err := record.DecodeOperation(b)
		if err != nil {
			return
		}
		if got := record.EncodeOperation(op); !bytes.Equal(got, b) {
			t.Fatalf("%q\nwas read as %q", b, got)
		}
		if !json.Valid(b) || op.Type() == "" {
			t.Fatalf("%q is no operation", b)
		}
		if _, unknown := op.(record.Unknown); !unknown {
			checkCanonical(t, b)
		}
		if put, ok := op.(record.PutItem); ok {
			_ = put.Item.Check() // may refuse it, must not fall over
			_ = put.Item.ContentHash()
		}
	})
}

func FuzzDecodeEnvelope(f *testing.F) {
	f.Add(exampleEnvelope())
	f.Add(record.EncodeEnvelope(&record.Change{}))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, n, err := record.DecodeEnvelope(b)
		if err != nil {
			return
		}
		if n > 1<<16 {
			return // writing it again would need the operations
		}
		c.Operations = make([]record.Operation, n)
		if got := record.EncodeEnvelope(c); !bytes.Equal(got, b) {
			t.Fatalf("%q\nwas read as %q", b, got)
		}
		checkCanonical(t, b)
	})
}
