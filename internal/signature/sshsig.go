package signature

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Namespace tells our signatures from those that the same key makes elsewhere:
// ssh-keygen -Y sign -n goldthread.
const Namespace = "goldthread"

const (
	magic         = "SSHSIG"
	version       = 1
	hashAlgorithm = "sha512"

	armorBegin = "-----BEGIN SSH SIGNATURE-----\n"
	armorEnd   = "-----END SSH SIGNATURE-----\n"
	armorWidth = 70

	// maxSignature bounds the text of a signature, in bytes. One by an Ed25519 key has about 300.
	maxSignature = 4096
)

// sshsig is what an SSHSIG carries.
type sshsig struct {
	publicKey                []byte // in the wire form of SSH
	namespace, reserved, sum string // sum is the name of the hash
	signature                []byte // in the wire form of SSH
}

// text is s in the form that ssh-keygen writes.
func (s sshsig) text() string {
	b := binary.BigEndian.AppendUint32([]byte(magic), version)
	b = appendString(b, s.publicKey)
	b = appendString(b, s.namespace)
	b = appendString(b, s.reserved)
	b = appendString(b, s.sum)
	b = appendString(b, s.signature)
	return armor(b)
}

func armor(b []byte) string {
	encoded := base64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	out.WriteString(armorBegin)
	for len(encoded) > armorWidth {
		out.WriteString(encoded[:armorWidth] + "\n")
		encoded = encoded[armorWidth:]
	}
	out.WriteString(encoded + "\n" + armorEnd)
	return out.String()
}

// parseSSHSIG reads the text of a signature in the one spelling that ssh-keygen
// gives it, so that no two texts are the same signature.
func parseSSHSIG(text string) (sshsig, error) {
	var s sshsig
	if len(text) > maxSignature {
		return s, fmt.Errorf("%d bytes are too many for a signature", len(text))
	}
	body, begun := strings.CutPrefix(text, armorBegin)
	body, ended := strings.CutSuffix(body, armorEnd)
	if !begun || !ended {
		return s, errors.New("no SSH signature: it begins and ends with lines of its own")
	}
	b, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return s, errors.New("no base64 between the lines of the signature")
	}
	r := reader{b: b}
	if string(r.bytes(len(magic))) != magic {
		return s, errors.New("no SSH signature inside")
	}
	if v := r.uint32(); !r.short && v != version {
		return s, fmt.Errorf("version %d of SSH signatures is not known", v)
	}
	s.publicKey = r.string()
	s.namespace, s.reserved, s.sum = string(r.string()), string(r.string()), string(r.string())
	s.signature = r.string()
	switch {
	case r.short:
		return s, errors.New("the signature is cut off")
	case len(r.b) > 0:
		return s, fmt.Errorf("%d bytes follow the signature", len(r.b))
	case armor(b) != text:
		return s, errors.New("the signature is not spelled as ssh-keygen does")
	}
	return s, nil
}

// verifySSH reports why text is no signature of message by key, nil where it is one.
func verifySSH(key ed25519.PublicKey, message []byte, text string) error {
	s, err := parseSSHSIG(text)
	if err != nil {
		return err
	}
	switch {
	case s.namespace != Namespace:
		return fmt.Errorf("it was made for the namespace %q, not for %q", s.namespace, Namespace)
	case s.reserved != "":
		return errors.New("it uses a part that is reserved")
	case s.sum != hashAlgorithm:
		return fmt.Errorf("it was made over a hash of %q, not of %s", s.sum, hashAlgorithm)
	case string(s.publicKey) != string(wireKey(key)):
		return errors.New("it was made by another key")
	}
	r := reader{b: s.signature}
	algorithm, raw := string(r.string()), r.string()
	if r.short || len(r.b) > 0 || algorithm != KindSSH || len(raw) != ed25519.SignatureSize {
		return errors.New("it holds no signature of Ed25519")
	}
	if !ed25519.Verify(key, toSign(message), raw) {
		return errors.New("it is not of these bytes")
	}
	return nil
}

// toSign is what a key signs for a message.
func toSign(message []byte) []byte {
	sum := sha512.Sum512(message)
	b := appendString([]byte(magic), Namespace)
	b = appendString(b, "")
	b = appendString(b, hashAlgorithm)
	return appendString(b, sum[:])
}

// sshText is the text of a signature that key has made of toSign.
func sshText(key ed25519.PublicKey, raw []byte) string {
	return sshsig{publicKey: wireKey(key), namespace: Namespace, sum: hashAlgorithm, signature: appendString(appendString(nil, KindSSH), raw)}.text()
}

// wireKey is a public key in the wire form of SSH.
func wireKey(key ed25519.PublicKey) []byte { return appendString(appendString(nil, KindSSH), key) }

func appendString[S string | []byte | ed25519.PublicKey](dst []byte, s S) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// reader reads the wire form of SSH. After the end it gives nothing and is short.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) bytes(n int) []byte {
	if r.short || n > len(r.b) {
		r.short = true
		return nil
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) string() []byte {
	n := r.uint32()
	if int64(n) > int64(len(r.b)) {
		r.short = true
		return nil
	}
	return r.bytes(int(n))
}
