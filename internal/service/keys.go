package service

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// Keys are the keys that sign the checkpoints of ledgers: one a ledger, made when its first entry is, each in a file that only
// its owner may read. A file holds the private and the public key in the text forms of a note, one a line.
type Keys struct {
	root   *os.Root
	random io.Reader
}

// Files of keys.
const (
	keySuffix  = ".key"
	nextSuffix = ".key.next" // of a rotation that is under way
	keyMode    = 0o600
)

// OpenKeys opens the folder of keys, and makes it where there is none.
func OpenKeys(folder string, random io.Reader) (*Keys, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.New(fault.Unavailable, "the folder of signing keys cannot be made", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the folder of signing keys cannot be opened", err)
	}
	return &Keys{root: root, random: random}, nil
}

// Close releases the folder.
func (k *Keys) Close() error { return k.root.Close() }

// signingKey is a key that signs checkpoints.
type signingKey struct {
	signer note.Signer
	public string // verifier key
}

// read reads a key: nil where there is none.
func (k *Keys) read(name string) (*signingKey, error) {
	info, err := k.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the signing key "+name+" cannot be read", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.Newf(fault.Denied, "the signing key %s may be read by others than its owner (%#o)", name, info.Mode().Perm()).
			WithHint("chmod 600; if somebody may have read it: goldthread rotate-key")
	}
	data, err := k.root.ReadFile(name)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the signing key "+name+" cannot be read", err)
	}
	private, public, _ := strings.Cut(strings.TrimSuffix(string(data), "\n"), "\n")
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, fault.New(fault.Corrupt, "the signing key "+name+" is damaged", nil).WithHint("restore it from a backup, or: goldthread rotate-key")
	}
	verifier, err := note.NewVerifier(public)
	if err != nil || verifier.Name() != signer.Name() || verifier.KeyHash() != signer.KeyHash() {
		return nil, fault.New(fault.Corrupt, "the two lines of the signing key "+name+" are not of one key", err).WithHint("restore it from a backup, or: goldthread rotate-key")
	}
	return &signingKey{signer, public}, nil
}

// make makes a new key, durably.
func (k *Keys) make(name string) (*signingKey, error) {
	var tail [4]byte
	if _, err := io.ReadFull(k.random, tail[:]); err != nil {
		return nil, fault.New(fault.Internal, "no randomness for a signing key", err)
	}
	private, public, err := note.GenerateKey(k.random, fmt.Sprintf("goldthread-%x", tail))
	if err != nil {
		return nil, fault.New(fault.Internal, "a signing key cannot be made", err)
	}
	failed := func(err error) error {
		return fault.New(fault.Unavailable, "the signing key "+name+" cannot be kept", err)
	}
	file, err := k.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, keyMode)
	if err != nil {
		return nil, failed(err)
	}
	_, err = file.WriteString(private + "\n" + public + "\n")
	if err = errors.Join(err, file.Sync(), file.Close(), k.sync()); err != nil {
		return nil, failed(errors.Join(err, k.root.Remove(name)))
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, fault.New(fault.Internal, "a signing key cannot be used", err)
	}
	return &signingKey{signer, public}, nil
}

// sync makes names durable.
func (k *Keys) sync() error {
	dir, err := k.root.Open(".")
	if err != nil {
		return err
	}
	err = dir.Sync()
	return errors.Join(err, dir.Close())
}

// of is the key of a ledger, given the one on record: the newest that it names, "" before its first entry. A key that the
// record does not name signs nothing.
func (k *Keys) of(project, onRecord string) (*signingKey, error) {
	if err := record.CheckProjectName(project); err != nil {
		return nil, fault.New(fault.Invalid, err.Error(), nil)
	}
	key, err := k.read(project + keySuffix)
	if err != nil {
		return nil, err
	}
	if onRecord == "" {
		if key != nil {
			return key, nil // made for an entry that could not be written
		}
		return k.make(project + keySuffix)
	}
	if key != nil && key.public == onRecord {
		return key, nil
	}
	if next, err := k.read(project + nextSuffix); err == nil && next != nil && next.public == onRecord {
		return next, k.settle(project) // the entry of a rotation was written, and the file not yet renamed
	}
	return nil, fault.Newf(fault.Denied, "the signing key on record of project %s is not in this data folder, so that nothing can be written", project).
		WithHint("restore the key from a backup, or take a new one with: goldthread rotate-key")
}

// next is the key that a rotation is to take.
func (k *Keys) next(project string) (*signingKey, error) {
	key, err := k.read(project + nextSuffix)
	if err != nil || key != nil {
		return key, err
	}
	return k.make(project + nextSuffix)
}

// settle puts the new key in the place of the old one.
func (k *Keys) settle(project string) error {
	if err := errors.Join(k.root.Rename(project+nextSuffix, project+keySuffix), k.sync()); err != nil {
		return fault.New(fault.Unavailable, "the new signing key of project "+project+" cannot take its place", err)
	}
	return nil
}

// CopyTo copies all keys into a folder that a backup makes.
func (k *Keys) CopyTo(folder string) error {
	entries, err := fs.ReadDir(k.root.FS(), ".")
	if err != nil {
		return fault.New(fault.Unavailable, "the signing keys cannot be read", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fault.New(fault.Unavailable, "the folder of signing keys cannot be made", err)
	}
	for _, e := range entries {
		data, err := k.root.ReadFile(e.Name())
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, e.Name()), data, keyMode)
		}
		if err != nil {
			return fault.New(fault.Unavailable, "the signing key "+e.Name()+" cannot be copied", err)
		}
	}
	return nil
}
