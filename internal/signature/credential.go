package signature

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// KindSSH is the kind of the credentials of this version: an Ed25519 key of SSH.
// Its text form is the line of a .pub file without the comment.
const KindSSH = "ssh-ed25519"

// maxLine bounds the line of a public key, in bytes.
const maxLine = 16 << 10

// Kind says how a signature is to be read. The two are never confused.
type Kind string

// The kinds of signatures, a closed list.
const (
	// SelfVerifying is a signature by the person's own key: anybody can check it with the public key alone.
	SelfVerifying Kind = "self-verifying"
	// ServerAttested is the word of a server that a person has signed in and meant to sign. No credential of this version
	// makes one.
	ServerAttested Kind = "server-attested"
)

// KindOf says how signatures by a credential are to be read.
func KindOf(c record.Credential) (Kind, error) {
	if c.Kind == KindSSH {
		return SelfVerifying, nil
	}
	return "", fmt.Errorf("this version knows no credential of the kind %q", c.Kind)
}

// CredentialOf is the credential of an Ed25519 key.
func CredentialOf(key ed25519.PublicKey) record.Credential {
	return record.Credential{Kind: KindSSH, Public: KindSSH + " " + base64.StdEncoding.EncodeToString(wireKey(key))}
}

// ParseCredential reads the line of a .pub file. The comment, mostly whose key
// it is, is no part of the credential.
//
// goldthread:implements SRS-101
func ParseCredential(line string) (c record.Credential, comment string, err error) {
	if len(line) > maxLine {
		return c, "", fault.Newf(fault.Invalid, "%d bytes are too many for a public key", len(line))
	}
	line = strings.TrimSpace(line)
	algorithm, rest, _ := strings.Cut(line, " ")
	encoded, comment, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	switch {
	case algorithm != KindSSH && (strings.Contains(algorithm, "ssh-") || strings.Contains(algorithm, "ecdsa-")):
		return c, "", fault.Newf(fault.Invalid, "a key of the type %.40q cannot sign here", algorithm).WithHint("ssh-ed25519 keys can; make one: goldthread key new")
	case algorithm != KindSSH || strings.ContainsAny(line, "\r\n"):
		return c, "", fault.Newf(fault.Invalid, "this is not the line of a public key of SSH").WithHint("it begins with ssh-ed25519 AAAA; to see that of a key file: goldthread key show FILE")
	}
	c = record.Credential{Kind: KindSSH, Public: KindSSH + " " + encoded}
	if _, err := publicKey(c); err != nil {
		return record.Credential{}, "", fault.New(fault.Invalid, "the public key is damaged", err)
	}
	return c, strings.TrimSpace(comment), nil
}

// Fingerprint names a credential in a form that people can compare, as
// ssh-keygen -l does.
func Fingerprint(c record.Credential) (string, error) {
	key, err := publicKey(c)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(wireKey(key))
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:]), nil
}

// CheckCredential says why a credential cannot be enrolled, nil where it can.
func CheckCredential(c record.Credential) error {
	if _, err := publicKey(c); err != nil {
		return fault.New(fault.Invalid, "the credential cannot be used for signing", err).WithHint("goldthread key show FILE")
	}
	return nil
}

// publicKey is the key of a credential of KindSSH.
func publicKey(c record.Credential) (ed25519.PublicKey, error) {
	if _, err := KindOf(c); err != nil {
		return nil, err
	}
	encoded, _ := strings.CutPrefix(c.Public, KindSSH+" ")
	if len(encoded) > maxLine {
		return nil, errors.New("it is too long")
	}
	wire, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errors.New("its second word is no base64")
	}
	r := reader{b: wire}
	algorithm, key := string(r.string()), ed25519.PublicKey(r.string())
	if r.short || len(r.b) > 0 || algorithm != KindSSH || len(key) != ed25519.PublicKeySize || CredentialOf(key) != c {
		return nil, errors.New("it is no Ed25519 key of SSH in its one spelling")
	}
	if weak(key) {
		return nil, errors.New("it is one of the keys for which anybody can sign")
	}
	return key, nil
}

// weakPoints are the points of the curve whose order divides eight, the sign of
// x left out: 0 and p, 1 and p+1, p-1, and the two of order eight. With one of
// them as a public key signatures can be made without a private key, and one
// signature may hold for many messages: a person could disown what was signed.
var weakPoints = func() (points [][]byte) {
	for _, s := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	} {
		b, _ := hex.DecodeString(s)
		points = append(points, b)
	}
	return points
}()

func weak(key ed25519.PublicKey) bool {
	y := bytes.Clone(key)
	y[len(y)-1] &= 0x7f
	for _, p := range weakPoints {
		if bytes.Equal(p, y) {
			return true
		}
	}
	return false
}
