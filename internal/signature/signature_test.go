package signature_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

const origin = "example.org/pump"

// testSigner has a key made of a name.
type testSigner struct{ ed25519.PrivateKey }

func signerOf(name string) testSigner {
	seed := [ed25519.SeedSize]byte{}
	copy(seed[:], name)
	return testSigner{ed25519.NewKeyFromSeed(seed[:])}
}

func (s testSigner) Credential() record.Credential {
	return signature.CredentialOf(s.Public().(ed25519.PublicKey))
}

func (s testSigner) Sign(message []byte) ([]byte, error) {
	return ed25519.Sign(s.PrivateKey, message), nil
}

func member(name string, keys ...string) record.Membership {
	m := record.Membership{Person: record.ProvisionalID(record.Key(name)), Name: name, Roles: []string{"approver"}}
	for _, k := range keys {
		m.Credentials = append(m.Credentials, signerOf(k).Credential())
	}
	return m
}

func item(key record.Key, text string) record.Item {
	return record.Item{ID: record.ProvisionalID(key), Key: key, Kind: "SRS", Title: "Stop", Text: text}
}

// world is a ledger in the making.
type world struct {
	t    *testing.T
	fold *project.Fold
}

// begin enrols Ann with the key ann and puts two items with a link: entries 1 and 2.
func begin(t *testing.T) *world {
	w := &world{t, project.NewFold()}
	w.add(member("Ann", "ann"), member("Bob", "bob"))
	w.add(record.PutItem{Item: item("SRS-2", "It stops.")}, record.PutItem{Item: item("SRS-10", "It warns.")},
		record.AddLink{Link: record.Link{Verb: "refines", Source: record.ProvisionalID("SRS-2"), Target: record.ProvisionalID("SRS-10")}})
	return w
}

func (w *world) add(ops ...record.Operation) {
	w.t.Helper()
	c := &record.Change{Sequence: w.fold.Entry() + 1, Stream: record.Main, Time: noon, Operations: ops}
	if err := w.fold.Apply(c, nil); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) head() *project.Snapshot { return w.fold.Head(record.Main) }

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func (w *world) prepare(keys ...record.Key) record.Sign {
	w.t.Helper()
	op, err := signature.Prepare(w.head(), signature.Request{Person: member("Ann"), Meaning: record.MeaningApproval, Keys: keys, Time: noon})
	if err != nil {
		w.t.Fatal(err)
	}
	return op
}

func complete(t *testing.T, op record.Sign) record.Sign {
	t.Helper()
	op, err := signature.Complete(op, origin, member("Ann", "ann"), signerOf("ann"))
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// goldthread:verifies SRS-102
func TestWhatIsSigned(t *testing.T) {
	w := begin(t)
	got := w.prepare("SRS-10", "SRS-2", "SRS-10")
	want := record.Sign{Person: record.ProvisionalID("Ann"), Name: "Ann", Meaning: record.MeaningApproval, Stream: record.Main, Entry: 2, Time: "2026-11-25T12:00:00.000000Z",
		Items: []record.SignedItem{}}
	for _, key := range []record.Key{"SRS-2", "SRS-10"} {
		h, _ := w.head().ByKey(key)
		want.Items = append(want.Items, record.SignedItem{ID: record.ProvisionalID(key), Key: key, Revision: 1, Content: w.head().Node(h).Content, Links: w.head().LinkSetHash(h)})
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("each item once, as people count (-want +got):\n%s", d)
	}
}

func TestWhatCannotBeSigned(t *testing.T) {
	w := begin(t)
	w.add(record.Retire{ID: record.ProvisionalID("SRS-10")})
	for _, tt := range []struct {
		sentence, want string
		change         func(*signature.Request)
	}{
		{"nothing", "a signature of nothing means nothing", func(r *signature.Request) { r.Keys = nil }},
		{"what is not there", "there is no item SRS-3 in stream main", func(r *signature.Request) { r.Keys = []record.Key{"SRS-2", "SRS-3"} }},
		{"what is retired", "there is no item SRS-10 in stream main", func(r *signature.Request) { r.Keys = []record.Key{"SRS-10"} }},
		{"a meaning of one's own", `a signature cannot mean "acceptance"`, func(r *signature.Request) { r.Meaning = "acceptance" }},
		{"no meaning", `a signature cannot mean ""`, func(r *signature.Request) { r.Meaning = "" }},
		{"nobody", "a signature needs somebody who is enrolled, with a name", func(r *signature.Request) { r.Person.Person = record.ID{} }},
		{"somebody without a name", "a signature needs somebody who is enrolled, with a name", func(r *signature.Request) { r.Person.Name = " " }},
		{"a text with control characters", "the text of the signature cannot be taken", func(r *signature.Request) { r.Text = "a\x1b[2Jb" }},
	} {
		r := signature.Request{Person: member("Ann"), Meaning: record.MeaningReview, Keys: []record.Key{"SRS-2"}, Time: noon}
		if _, err := signature.Prepare(w.head(), r); err != nil {
			t.Fatal(err)
		}
		tt.change(&r)
		if _, err := signature.Prepare(w.head(), r); fault.Sentence(err) != tt.want {
			t.Errorf("%s: %v, want %s", tt.sentence, err, tt.want)
		}
	}
}

func TestOnlyAnEnrolledKeySigns(t *testing.T) {
	op := begin(t).prepare("SRS-2")
	if _, err := signature.Complete(op, origin, member("Ann", "ann"), signerOf("eve")); !errors.Is(err, fault.Denied) || !strings.Contains(err.Error(), "is not enrolled for Ann") {
		t.Errorf("another key: %v", err)
	}
	lost := fault.Newf(fault.Unavailable, "the agent has gone")
	if _, err := signature.Complete(op, origin, member("Ann", "ann"), failing{signerOf("ann"), lost}); !errors.Is(err, fault.Unavailable) {
		t.Errorf("a signer that fails: %v", err)
	}
	if _, err := signature.Complete(op, origin, member("Ann", "ann"), failing{signerOf("ann"), nil}); !errors.Is(err, fault.Invalid) {
		t.Errorf("a signer that signs nonsense: %v", err)
	}
}

type failing struct {
	testSigner
	err error
}

func (f failing) Sign([]byte) ([]byte, error) { return make([]byte, ed25519.SignatureSize), f.err }

// context is what a signature in entry 3 of the world is held against.
func (w *world) context() signature.Context {
	return signature.Context{Origin: origin, Ledger: w.fold.Ledger(), At: project.Position{Entry: 3}, Seen: w.head(), Now: w.head()}
}

// goldthread:verifies SRS-103
// goldthread:verifies SRS-104
func TestASignatureThroughItsLife(t *testing.T) {
	w := begin(t)
	op := complete(t, w.prepare("SRS-2", "SRS-10"))
	c := w.context()
	w.add(op)
	standings := func() string {
		c.Ledger, c.Now = w.fold.Ledger(), w.head()
		v := signature.Verify(op, c)
		if !v.Good() || v.Kind != signature.SelfVerifying {
			t.Errorf("after entry %d: %v, %s", w.fold.Entry(), v.Faults, v.Kind)
		}
		out := ""
		for _, it := range v.Items {
			out += fmt.Sprintf("%s %s; ", it.Key, it.Standing)
		}
		return out
	}
	for _, tt := range []struct {
		sentence string
		op       record.Operation
		want     string
	}{
		{"a state is no content", record.MoveState{ID: record.ProvisionalID("SRS-2"), State: "approved"}, "SRS-2 valid; SRS-10 valid; "},
		{"a new revision starts unsigned", record.PutItem{Item: item("SRS-2", "It stops at once.")}, "SRS-2 superseded; SRS-10 valid; "},
		{"the very content is what was signed", record.PutItem{Item: item("SRS-2", "It stops.")}, "SRS-2 valid; SRS-10 valid; "},
		{"other links are not", record.Unlink{Source: record.ProvisionalID("SRS-2"), Verb: "refines", Target: record.ProvisionalID("SRS-10")}, "SRS-2 superseded; SRS-10 valid; "},
		{"another key is the same item", record.Rekey{ID: record.ProvisionalID("SRS-10"), Key: "SRS-11"}, "SRS-2 superseded; SRS-10 valid; "},
		{"what is retired was signed", record.Retire{ID: record.ProvisionalID("SRS-10")}, "SRS-2 superseded; SRS-10 retired; "},
		{"a person who leaves does not take a signature along", record.Membership{Person: record.ProvisionalID("Ann"), Name: "Ann"}, "SRS-2 superseded; SRS-10 retired; "},
		{"nor one with another key and name", record.Membership{Person: record.ProvisionalID("Ann"), Name: "Ann B.", Roles: []string{"author"}, Credentials: member("", "new").Credentials}, "SRS-2 superseded; SRS-10 retired; "},
	} {
		w.add(tt.op)
		if got := standings(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.sentence, got, tt.want)
		}
	}
}

// goldthread:verifies SRS-103
func TestWhatDoesNotHold(t *testing.T) {
	const notOfThese = "it is not of these bytes"
	tests := []struct {
		sentence string
		change   func(*record.Sign, *signature.Context)
		want     []string
	}{
		{"a valid one, to begin with", func(*record.Sign, *signature.Context) {}, nil},
		{"in another ledger", func(_ *record.Sign, c *signature.Context) { c.Origin = "example.org/other" }, []string{notOfThese}},
		{"under another name", func(op *record.Sign, _ *signature.Context) { op.Name = "Bob" }, []string{notOfThese, "the person was enrolled as Ann"}},
		{"by another person", func(op *record.Sign, _ *signature.Context) { op.Person = record.ProvisionalID("Bob"); op.Name = "Bob" },
			[]string{notOfThese, "the key was not enrolled for this person then"}},
		{"by nobody", func(op *record.Sign, _ *signature.Context) { op.Person = record.ProvisionalID("Eve") }, []string{notOfThese, "nobody of this identity was enrolled then"}},
		{"with another meaning", func(op *record.Sign, _ *signature.Context) { op.Meaning = record.MeaningReview }, []string{notOfThese}},
		{"with a meaning that is none", func(op *record.Sign, _ *signature.Context) { op.Meaning = "waiver" }, []string{notOfThese, `"waiver" is no meaning of a signature`}},
		{"at another time", func(op *record.Sign, _ *signature.Context) { op.Time = record.FormatTime(noon.Add(time.Second)) }, []string{notOfThese}},
		{"with a text", func(op *record.Sign, _ *signature.Context) { op.Text = "with reservations" }, []string{notOfThese}},
		{"of nothing", func(op *record.Sign, _ *signature.Context) { op.Items = nil }, []string{notOfThese, "it is of nothing"}},
		{"of one more item", func(op *record.Sign, _ *signature.Context) { op.Items = append(op.Items, op.Items[0]) }, []string{notOfThese, "it names SRS-2 twice"}},
		{"of another revision", func(op *record.Sign, _ *signature.Context) { op.Items[0].Revision = 2 }, []string{notOfThese, "SRS-2 was not as it says"}},
		{"of other content", func(op *record.Sign, _ *signature.Context) { op.Items[0].Content[5] ^= 1 }, []string{notOfThese, "SRS-2 was not as it says"}},
		{"of other links", func(op *record.Sign, _ *signature.Context) { op.Items[0].Links[5] ^= 1 }, []string{notOfThese, "SRS-2 was not as it says"}},
		{"of an item that was never there", func(op *record.Sign, _ *signature.Context) { op.Items[0].ID = record.ProvisionalID("SRS-9") },
			[]string{notOfThese, "there was no item SRS-2"}},
		{"as of its own entry", func(op *record.Sign, _ *signature.Context) { op.Entry = 3 }, []string{notOfThese, "it is of a state after entry 3, which was not there yet"}},
		{"of an earlier state", func(op *record.Sign, _ *signature.Context) { op.Entry = 1 }, []string{notOfThese, "it is of stream main after entry 1, not of what it was held against"}},
		{"of another stream", func(op *record.Sign, _ *signature.Context) { op.Stream = "1.x" }, []string{notOfThese, "it is of stream 1.x after entry 2, not of what it was held against"}},
		{"of what cannot be read", func(_ *record.Sign, c *signature.Context) { c.Seen = nil }, []string{"stream main after entry 2, which was looked at, cannot be read"}},
		{"before the person was enrolled", func(_ *record.Sign, c *signature.Context) { c.At = project.Position{Entry: 1} },
			[]string{"nobody of this identity was enrolled then", "it is of a state after entry 2, which was not there yet"}},
		{"with a credential of a later version", func(op *record.Sign, _ *signature.Context) { op.Credential.Kind = "passkey" },
			[]string{`its credential: this version knows no credential of the kind "passkey"`, "the key was not enrolled for this person then"}},
		{"with another key", func(op *record.Sign, _ *signature.Context) { op.Credential = signerOf("bob").Credential() },
			[]string{"it was made by another key", "the key was not enrolled for this person then"}},
		{"without a signature", func(op *record.Sign, _ *signature.Context) { op.Signature = "" }, []string{"no SSH signature: it begins and ends with lines of its own"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			w := begin(t)
			op, c := complete(t, w.prepare("SRS-2")), w.context()
			tt.change(&op, &c)
			v := signature.Verify(op, c)
			var got []string
			for _, err := range v.Faults {
				if !errors.Is(err, fault.Corrupt) {
					t.Errorf("%v is not of the kind corrupt", err)
				}
				_, why, _ := strings.Cut(err.Error(), "does not hold: ")
				got = append(got, why)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if v.Good() != (tt.want == nil) {
				t.Errorf("Good() = %v", v.Good())
			}
		})
	}
}

// Every bit of what an entry says of a signature is signed, or is the signature: the canonical bytes with one flipped are no
// operation any more, or one that does not hold.
//
// goldthread:verifies SRS-103
func TestEveryFlippedBitOfTheOperationIsRefused(t *testing.T) {
	b := record.EncodeOperation(complete(t, begin(t).prepare("SRS-2")))
	read := 0
	for i := range b {
		for bit := range 8 {
			b[i] ^= 1 << bit
			if op, err := record.DecodeOperation(b); err == nil {
				if sign, ok := op.(record.Sign); ok {
					read++
					if signature.Check(sign, origin) == nil {
						t.Errorf("byte %d with bit %d flipped holds", i, bit)
					}
				}
			}
			b[i] ^= 1 << bit
		}
	}
	if read < len(b) {
		t.Errorf("only %d of the changed operations could be read: the test shows little", read)
	}
}

func TestASignatureMadeElsewhere(t *testing.T) {
	op := complete(t, begin(t).prepare("SRS-2"))
	bare := op
	bare.Signature = ""
	if got, err := signature.Attach(bare, origin, op.Signature); err != nil || got.Signature != op.Signature {
		t.Errorf("its own signature: %v", err)
	}
	bare.Meaning = record.MeaningReview
	if _, err := signature.Attach(bare, origin, op.Signature); !errors.Is(err, fault.Invalid) || fault.Hint(err) == "" {
		t.Errorf("that of another meaning: %v", err)
	}
}

// goldthread:verifies SRS-101
func TestPublicKeys(t *testing.T) {
	good := signerOf("ann").Credential().Public
	for _, tt := range []struct{ sentence, line, comment, want string }{
		{"a line of a .pub file", good + " ann@example.org\n", "ann@example.org", ""},
		{"a comment of several words", "  " + good + "   Ann Weiß, QA  ", "Ann Weiß, QA", ""},
		{"no comment", good, "", ""},
		{"another type", "ssh-rsa AAAAB3NzaC1yc2E=", "", `a key of the type "ssh-rsa" cannot sign here`},
		{"a key in hardware", "sk-ssh-ed25519@openssh.com AAAA", "", `a key of the type "sk-ssh-ed25519@openssh.com" cannot sign here`},
		{"a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", "", "this is not the line of a public key of SSH"},
		{"two lines", good + " a\n" + good, "", "this is not the line of a public key of SSH"},
		{"nothing", "", "", "this is not the line of a public key of SSH"},
		{"cut off", good[:len(good)-4], "", "the public key is damaged"},
		{"no base64", "ssh-ed25519 ?", "", "the public key is damaged"},
		{"too long", good + strings.Repeat(" ", 1<<15), "", "32848 bytes are too many for a public key"},
	} {
		c, comment, err := signature.ParseCredential(tt.line)
		if fault.Sentence(err) != tt.want || comment != tt.comment || err == nil && c.Public != good {
			t.Errorf("%s: %q, %q, %v, want %q", tt.sentence, c.Public, comment, err, tt.want)
		}
		if strings.HasPrefix(tt.want, "a key of the type") && fault.Hint(err) == "" {
			t.Errorf("%s: no hint", tt.sentence)
		}
	}
	for _, bad := range []record.Credential{{}, {Kind: signature.KindSSH}, {Kind: "passkey", Public: good}, {Kind: signature.KindSSH, Public: good + " comment"},
		{Kind: signature.KindSSH, Public: strings.TrimPrefix(good, "ssh-ed25519 ")}} {
		if err := signature.CheckCredential(bad); !errors.Is(err, fault.Invalid) {
			t.Errorf("%v can be enrolled: %v", bad, err)
		}
	}
}

func TestFingerprint(t *testing.T) {
	// ssh-keygen -lf of this key.
	c, _, err := signature.ParseCredential("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGukWVZhmy3pLMBLtlzuU/hr36Iry6vs3yVST1XF8CGX")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := signature.Fingerprint(c); got != "SHA256:zfTrgrz6rmVPsIBg5hIf/BXRyFdxsqxC3mHAHv2iMfg" {
		t.Errorf("Fingerprint = %s", got)
	}
}

func TestASignatureInPrint(t *testing.T) {
	op := complete(t, begin(t).prepare("SRS-2"))
	if got, want := signature.Line(op), "Ann, approval, 2026-11-25 12:00:00 UTC (self-verifying)"; got != want {
		t.Errorf("Line = %q, want %q", got, want)
	}
	op.Credential.Kind = "passkey"
	if got := signature.Line(op); !strings.HasSuffix(got, "(of a kind that is not known)") {
		t.Errorf("Line = %q", got)
	}
}
