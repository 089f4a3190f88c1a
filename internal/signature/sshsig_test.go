package signature

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// vector is one file of testdata, made by ssh-keygen.
type vector struct {
	name, want string
	key        ed25519.PublicKey
	private    ed25519.PrivateKey // nil where it is of no matter
	public     string
	message    []byte
	signature  string
}

func vectors(t testing.TB) []vector {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d vectors, %v", len(names), err)
	}
	var out []vector
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		v := vector{name: strings.TrimSuffix(filepath.Base(name), ".txtar")}
		v.want, _, _ = strings.Cut(strings.TrimPrefix(string(a.Comment), "want: "), "\n")
		for _, f := range a.Files {
			switch f.Name {
			case "public":
				v.public = string(f.Data)
			case "seed":
				if seed, err := hex.DecodeString(strings.TrimSpace(string(f.Data))); err == nil && len(seed) > 0 {
					v.private = ed25519.NewKeyFromSeed(seed)
				}
			case "message":
				v.message = f.Data
			case "signature":
				v.signature = string(f.Data)
			}
		}
		c, comment, err := ParseCredential(v.public)
		if err != nil || comment != "vector" {
			t.Fatalf("%s: %v, comment %q", name, err, comment)
		}
		if v.key, err = publicKey(c); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func goodVector(t testing.TB) vector {
	t.Helper()
	for _, v := range vectors(t) {
		if v.name == "good" {
			return v
		}
	}
	t.Fatal("there is no good vector")
	return vector{}
}

// goldthread:verifies SRS-103
func TestSignaturesOfSSHKeygen(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.name, func(t *testing.T) {
			got := "good"
			if err := verifySSH(v.key, v.message, v.signature); err != nil {
				got = err.Error()
			}
			if got != v.want {
				t.Errorf("%s, want %s", got, v.want)
			}
		})
	}
}

// Ed25519 has one signature for a key and a message: ours is that of ssh-keygen, byte for byte.
//
// goldthread:verifies SRS-102
func TestOurSignatureIsThatOfSSHKeygen(t *testing.T) {
	compared := 0
	for _, v := range vectors(t) {
		if v.want != "good" || v.private == nil {
			continue
		}
		compared++
		if got := sshText(v.key, ed25519.Sign(v.private, toSign(v.message))); got != v.signature {
			t.Errorf("%s: signed as\n%s\nssh-keygen made\n%s", v.name, got, v.signature)
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// goldthread:verifies SRS-103
func TestEveryFlippedBitIsRefused(t *testing.T) {
	v := goodVector(t)
	if err := verifySSH(v.key, v.message, v.signature); err != nil {
		t.Fatal(err)
	}
	flip := func(b []byte, check func() error, what string) {
		for i := range b {
			for bit := range 8 {
				b[i] ^= 1 << bit
				if check() == nil {
					t.Errorf("%s: byte %d with bit %d flipped is taken", what, i, bit)
				}
				b[i] ^= 1 << bit
			}
		}
	}
	flip(v.message, func() error { return verifySSH(v.key, v.message, v.signature) }, "message")
	text := []byte(v.signature)
	flip(text, func() error { return verifySSH(v.key, v.message, string(text)) }, "signature")
	key := append(ed25519.PublicKey(nil), v.key...)
	flip(key, func() error { return verifySSH(key, v.message, v.signature) }, "key")
}

func TestEveryCutIsRefused(t *testing.T) {
	v := goodVector(t)
	for n := range len(v.signature) {
		if verifySSH(v.key, v.message, v.signature[:n]) == nil || verifySSH(v.key, v.message, v.signature[n+1:]) == nil {
			t.Errorf("a signature cut at %d is taken", n)
		}
	}
	for n := range len(v.message) {
		if verifySSH(v.key, v.message[:n], v.signature) == nil {
			t.Errorf("a message cut at %d is taken", n)
		}
	}
}

// What ssh-keygen does not write by itself is broken by hand, from a valid signature.
func TestOtherFormsAreRefused(t *testing.T) {
	v := goodVector(t)
	raw := ed25519.Sign(v.private, toSign(v.message))
	valid := func() sshsig {
		return sshsig{publicKey: wireKey(v.key), namespace: Namespace, sum: hashAlgorithm, signature: appendString(appendString(nil, KindSSH), raw)}
	}
	for _, tt := range []struct{ sentence, text, want string }{
		{"the valid one, to begin with", valid().text(), ""},
		{"something reserved", func() string { s := valid(); s.reserved = "x"; return s.text() }(), "it uses a part that is reserved"},
		{"a signature of another algorithm", func() string {
			s := valid()
			s.signature = appendString(appendString(nil, "ssh-ed448"), raw)
			return s.text()
		}(), "it holds no signature of Ed25519"},
		{"bytes behind the signature", func() string { s := valid(); s.signature = append(s.signature, 0); return s.text() }(), "it holds no signature of Ed25519"},
		{"a short signature", func() string {
			s := valid()
			s.signature = appendString(appendString(nil, KindSSH), raw[:63])
			return s.text()
		}(), "it holds no signature of Ed25519"},
		{"another version", armor([]byte("SSHSIG\x00\x00\x00\x02")), "version 2 of SSH signatures is not known"},
		{"another kind of blob", armor([]byte("SSHKEY\x00\x00\x00\x01")), "no SSH signature inside"},
		{"an empty one", armor(nil), "no SSH signature inside"},
		{"a length beyond the end", armor([]byte("SSHSIG\x00\x00\x00\x01\xff\xff\xff\xff")), "the signature is cut off"},
		{"bytes behind it all", armor(append(unarmor(t, v.signature), 0)), "1 bytes follow the signature"},
		{"a megabyte", armorBegin + strings.Repeat("A", 1<<20) + armorEnd, fmt.Sprintf("%d bytes are too many for a signature", len(armorBegin)+1<<20+len(armorEnd))},
		{"no base64", armorBegin + "?\n" + armorEnd, "no base64 between the lines of the signature"},
		{"blanks around it", " " + v.signature, "no SSH signature: it begins and ends with lines of its own"},
	} {
		got := ""
		if err := verifySSH(v.key, v.message, tt.text); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.sentence, got, tt.want)
		}
	}
}

func unarmor(t *testing.T, text string) []byte {
	t.Helper()
	s, err := parseSSHSIG(text)
	if err != nil {
		t.Fatal(err)
	}
	b := []byte(magic + "\x00\x00\x00\x01")
	for _, part := range []string{string(s.publicKey), s.namespace, s.reserved, s.sum, string(s.signature)} {
		b = appendString(b, part)
	}
	return b
}

// With a weak key there are signatures that nobody made. Each key of the list is shown to be one: it takes, for some message, a
// signature that is the same whoever makes it.
//
// goldthread:verifies SRS-101
func TestKeysForWhichAnybodyCanSignAreRefused(t *testing.T) {
	forged := make([]byte, ed25519.SignatureSize)
	forged[0] = 1 // R is the neutral element, S is 0
	for i, point := range weakPoints {
		taken := false
		for n := range 1000 {
			taken = taken || ed25519.Verify(point, fmt.Append(nil, n), forged)
		}
		if !taken {
			t.Errorf("key %d of the list is not weak", i)
		}
		for _, sign := range []byte{0, 0x80} {
			key := append(ed25519.PublicKey(nil), point...)
			key[31] |= sign
			if err := CheckCredential(CredentialOf(key)); err == nil {
				t.Errorf("key %d of the list can be enrolled", i)
			}
		}
	}
}

// TestSSHKeygenTakesOurSignature asks the program that people have.
//
// goldthread:verifies SRS-102
func TestSSHKeygenTakesOurSignature(t *testing.T) {
	program, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not here: that it takes our signatures was not tested")
	}
	dir := t.TempDir()
	seed := make([]byte, ed25519.SeedSize)
	for round := range 20 {
		seed[0] = byte(round)
		private := ed25519.NewKeyFromSeed(seed)
		key := private.Public().(ed25519.PublicKey)
		message := []byte(strings.Repeat("The pump shall stop.\n", round))
		write := func(name, text string) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		allowed := write("allowed", "ann "+CredentialOf(key).Public+"\n")
		sig := write("sig", sshText(key, ed25519.Sign(private, toSign(message))))
		for _, tt := range []struct {
			message []byte
			good    bool
		}{{message, true}, {append(message, '.'), false}} {
			c := exec.Command(program, "-Y", "verify", "-f", allowed, "-I", "ann", "-n", Namespace, "-s", sig)
			c.Stdin = strings.NewReader(string(tt.message))
			if out, err := c.CombinedOutput(); (err == nil) != tt.good {
				t.Fatalf("round %d, want good %v: %v\n%s", round, tt.good, err, out)
			}
		}
	}
}

func FuzzSSHSIG(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.signature)
	}
	f.Add(armor(nil))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSSHSIG(text)
		if err != nil {
			return
		}
		if got := s.text(); got != text {
			t.Fatalf("%q\nwas read as %q", text, got)
		}
	})
}

func FuzzCredential(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.public)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, _, err := ParseCredential(line)
		if err != nil {
			return
		}
		if again, comment, err := ParseCredential(c.Public); err != nil || again != c || comment != "" {
			t.Fatalf("%q was read as %q, and that as %q, %q, %v", line, c.Public, again.Public, comment, err)
		}
	})
}
