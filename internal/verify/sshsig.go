package verify

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
)

// A personal signature is an SSHSIG as ssh-keygen -Y sign makes it (PROTOCOL.sshsig of OpenSSH), by an Ed25519 key, with the namespace
// goldthread and SHA-512. docs/signatures.md has the layout.
const (
	keyType   = "ssh-ed25519"
	namespace = "goldthread"
	magic     = "SSHSIG"
	armorHead = "-----BEGIN SSH SIGNATURE-----\n"
	armorFoot = "-----END SSH SIGNATURE-----\n"
)

func appendField(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}

func takeField(b []byte) (field string, rest []byte, err error) {
	if len(b) < 4 || uint64(len(b)-4) < uint64(binary.BigEndian.Uint32(b)) {
		return "", nil, errors.New("it is cut short")
	}
	n := 4 + int(binary.BigEndian.Uint32(b))
	return string(b[4:n]), b[n:], nil
}

// sshKey reads the public key of a credential: "ssh-ed25519 BASE64".
func sshKey(public string) (ed25519.PublicKey, error) {
	encoded, found := strings.CutPrefix(public, keyType+" ")
	wire, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil {
		return nil, errors.New("the credential is no ssh-ed25519 key")
	}
	name, rest, err := takeField(wire)
	if err != nil {
		return nil, err
	}
	key, rest, err := takeField(rest)
	if err != nil || name != keyType || len(rest) > 0 || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("the credential is no ssh-ed25519 key")
	}
	return ed25519.PublicKey(key), nil
}

// checkSSH verifies a signature in text over a message, by the public key of a credential.
func checkSSH(public, signature string, message []byte) error {
	key, err := sshKey(public)
	if err != nil {
		return err
	}
	body, found := strings.CutPrefix(strings.TrimRight(signature, "\n")+"\n", armorHead)
	body, ended := strings.CutSuffix(body, armorFoot)
	blob, err := base64.StdEncoding.DecodeString(body) // leaves line feeds out
	if !found || !ended || err != nil {
		return errors.New("it is no SSH signature in text")
	}
	wireKey := appendField(appendField(nil, keyType), string(key))
	want := binary.BigEndian.AppendUint32([]byte(magic), 1)
	for _, field := range []string{string(wireKey), namespace, "", "sha512"} {
		want = appendField(want, field)
	}
	rest, found := bytes.CutPrefix(blob, want)
	if !found {
		return errors.New("it is by another key, for another namespace or by another hash")
	}
	raw, rest, err := takeField(rest)
	if err != nil || len(rest) > 0 {
		return errors.New("it is cut short or goes on")
	}
	name, rest, err := takeField([]byte(raw))
	if err != nil || name != keyType {
		return errors.New("it is of another type")
	}
	made, rest, err := takeField(rest)
	if err != nil || len(rest) > 0 {
		return errors.New("it is cut short or goes on")
	}
	hash := sha512.Sum512(message)
	signed := []byte(magic)
	for _, field := range []string{namespace, "", "sha512", string(hash[:])} {
		signed = appendField(signed, field)
	}
	if !ed25519.Verify(key, signed, []byte(made)) {
		return errors.New("it is not over these bytes by this key")
	}
	return nil
}
