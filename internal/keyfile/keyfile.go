// Package keyfile keeps the private key that a person signs with: a file in the
// format of OpenSSH, protected by a passphrase [21 CFR 11.200(a)(1)], or a key
// that a running ssh-agent holds. It gives a signature.Signer.
//
// ssh-keygen and ssh-add read the files that it writes, and it reads theirs. It
// refuses keys of other types than Ed25519, older formats, and files that others
// than their owner can read; it never overwrites a file. It does not know whose
// key it is: people are enrolled in a ledger.
package keyfile

import (
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

const (
	maxFile = 64 << 10 // bytes of a key file
	pemType = "OPENSSH PRIVATE KEY"
)

// Key is a private key in memory. It is a signature.Signer.
type Key struct{ private ed25519.PrivateKey }

// Generate makes a new key.
func Generate(random io.Reader) (*Key, error) {
	_, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fault.New(fault.Internal, "no randomness for a key", err)
	}
	return &Key{private}, nil
}

// Credential is the public half.
func (k *Key) Credential() record.Credential {
	return signature.CredentialOf(k.private.Public().(ed25519.PublicKey))
}

// Sign signs with plain Ed25519.
func (k *Key) Sign(message []byte) ([]byte, error) { return ed25519.Sign(k.private, message), nil }

// Save writes the key into a new file that only its owner can read, protected
// by the passphrase; an empty one leaves it unprotected. The comment is what
// ssh-add lists it under.
//
// goldthread:implements SRS-108
func (k *Key) Save(path, comment string, passphrase []byte) error {
	marshal := func() (*pem.Block, error) { return ssh.MarshalPrivateKeyWithPassphrase(k.private, comment, passphrase) }
	if len(passphrase) == 0 {
		marshal = func() (*pem.Block, error) { return ssh.MarshalPrivateKey(k.private, comment) }
	}
	block, err := marshal()
	if err != nil {
		return fault.New(fault.Internal, "the key cannot be written", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.New(fault.Invalid, "cannot make the folder of "+path, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return Exists(path)
	}
	if err != nil {
		return fault.New(fault.Invalid, "cannot write "+path, err)
	}
	_, err = f.Write(pem.EncodeToMemory(block))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.New(fault.Unavailable, "cannot write "+path, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// Exists is the refusal to overwrite a file.
func Exists(path string) error {
	return fault.Newf(fault.Conflict, "%s is there already, and a key that is overwritten is lost", path).WithHint("--out FILE names another place")
}

// Public is what a key file says without its passphrase.
type Public struct {
	Credential record.Credential
	Comment    string // of a .pub file; that of a private key is behind its passphrase
	Private    bool   // the file holds the private half too
	Protected  bool   // by a passphrase
}

// Look reads the public key out of a file: that of a private key, protected or
// not, or a .pub file.
//
// goldthread:implements SRS-108
func Look(path string) (Public, error) {
	_, public, err := read(path)
	return public, err
}

// Options say how Open gets at a key.
type Options struct {
	// Passphrase asks for the passphrase of a file that has one. Nil where nobody can be asked.
	Passphrase func(prompt string) ([]byte, error)
	// Agent is the socket of a running ssh-agent, empty for none.
	Agent string
}

// Open makes a signer out of a key file: a private key signs itself, for a .pub
// file the ssh-agent does.
//
// goldthread:implements SRS-108
func Open(path string, o Options) (signature.Signer, error) {
	data, public, err := read(path)
	if err != nil {
		return nil, err
	}
	if !public.Private {
		return Agent(o.Agent, public.Credential)
	}
	var raw any
	if public.Protected {
		if o.Passphrase == nil {
			return nil, fault.Newf(fault.Denied, "%s is protected by a passphrase, and nobody can be asked for it", path).
				WithHint("--passphrase-file FILE, or GOLDTHREAD_PASSPHRASE, or a key in ssh-agent: --key " + path + ".pub")
		}
		passphrase, err := o.Passphrase("passphrase of " + path)
		if err != nil {
			return nil, err
		}
		raw, err = ssh.ParseRawPrivateKeyWithPassphrase(data, passphrase)
		if err != nil {
			return nil, fault.New(fault.Denied, "the passphrase does not open "+path, err)
		}
	} else if raw, err = ssh.ParseRawPrivateKey(data); err != nil {
		return nil, fault.New(fault.Invalid, path+" is damaged", err)
	}
	private, ok := raw.(*ed25519.PrivateKey)
	if !ok {
		return nil, wrongType(path, "another type")
	}
	key := &Key{*private}
	if key.Credential() != public.Credential {
		return nil, fault.Newf(fault.Invalid, "%s is damaged: its halves are of two keys", path)
	}
	return key, nil
}

// read reads a key file and what it says openly.
func read(path string) ([]byte, Public, error) {
	data, mode, err := readFile(path)
	if err != nil {
		return nil, Public{}, err
	}
	if text := string(data); !strings.Contains(text, "-----BEGIN ") {
		c, comment, err := signature.ParseCredential(text)
		if err != nil {
			return nil, Public{}, inFile(path, err)
		}
		return data, Public{Credential: c, Comment: comment}, nil
	}
	block, rest := pem.Decode(data)
	switch {
	case block == nil || len(strings.TrimSpace(string(rest))) > 0:
		return nil, Public{}, fault.Newf(fault.Invalid, "%s is damaged", path)
	case block.Type != pemType:
		return nil, Public{}, fault.Newf(fault.Invalid, "%s is no key file of OpenSSH but %q", path, block.Type).WithHint("make a key: goldthread key new")
	case runtime.GOOS != "windows" && mode.Perm()&0o077 != 0:
		return nil, Public{}, fault.Newf(fault.Denied, "%s can be read by others (mode %04o)", path, mode.Perm()).WithHint("chmod 600 " + path)
	}
	public, err := look(path, data)
	return data, public, err
}

// look reads the public half out of a private key.
func look(path string, data []byte) (Public, error) {
	var key ssh.PublicKey
	var missing *ssh.PassphraseMissingError
	signer, err := ssh.ParsePrivateKey(data)
	protected := errors.As(err, &missing)
	switch {
	case err == nil:
		key = signer.PublicKey()
	case protected && missing.PublicKey != nil:
		key = missing.PublicKey
	default:
		return Public{}, fault.New(fault.Invalid, path+" cannot be read as a private key", err).WithHint("ssh-ed25519 keys can sign; make one: goldthread key new")
	}
	if key.Type() != signature.KindSSH {
		return Public{}, wrongType(path, key.Type())
	}
	c, _, err := signature.ParseCredential(string(ssh.MarshalAuthorizedKey(key)))
	if err != nil {
		return Public{}, inFile(path, err)
	}
	return Public{Credential: c, Private: true, Protected: protected}, nil
}

func wrongType(path, what string) error {
	return fault.Newf(fault.Invalid, "%s is a key of the type %s, which cannot sign here", path, what).WithHint("ssh-ed25519 keys can; make one: goldthread key new")
}

// inFile names the file of a fault.
func inFile(path string, err error) error {
	f := fault.New(fault.KindOf(err), path+": "+fault.Sentence(err), errors.Unwrap(err))
	if hint := fault.Hint(err); hint != "" {
		f = f.WithHint(hint)
	}
	return f
}

func readFile(path string) ([]byte, fs.FileMode, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fault.New(fault.NotFound, "there is no key "+path, nil).WithHint("make one: goldthread key new; or name yours: --key FILE, or GOLDTHREAD_KEY")
	}
	if err != nil {
		return nil, 0, fault.New(fault.Denied, "cannot open the key "+path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, fault.New(fault.Unavailable, "cannot read the key "+path, err)
	}
	if info.IsDir() {
		return nil, 0, fault.Newf(fault.Invalid, "%s is a folder, not a key", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, 0, fault.New(fault.Unavailable, "cannot read the key "+path, err)
	}
	if len(data) > maxFile {
		return nil, 0, fault.Newf(fault.Invalid, "%s is too large for a key", path)
	}
	return data, info.Mode(), nil
}

// Passphrase reads a passphrase from a file: its first line, and there must be
// no other.
func Passphrase(path string) ([]byte, error) {
	data, mode, err := readFile(path)
	if err != nil {
		return nil, fault.New(fault.KindOf(err), "cannot read the passphrase in "+path, err)
	}
	if mode.IsRegular() && runtime.GOOS != "windows" && mode.Perm()&0o077 != 0 {
		return nil, fault.Newf(fault.Denied, "the passphrase in %s can be read by others (mode %04o)", path, mode.Perm()).WithHint("chmod 600 " + path)
	}
	line := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if line == "" || strings.ContainsAny(line, "\r\n\x00") {
		return nil, fault.Newf(fault.Invalid, "%s must hold a passphrase on one line, and nothing else", path)
	}
	return []byte(line), nil
}
