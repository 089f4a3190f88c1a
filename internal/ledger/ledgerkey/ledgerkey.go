// Package ledgerkey keeps the key that signs the checkpoints of the ledgers of one data folder. It serves the retrievable history of
// controlled items [62304 8.3]: without the key nobody can sign a history that was changed.
//
//	DATA/key         the private key in force, as package note of x/mod writes it, one line, mode 0600
//	DATA/key.next    the key of a rotation that is not done in every ledger yet, likewise
//	DATA/key.old     verifier keys that were in force before, one a line, oldest first
//
// It refuses a private key that others can read. It does not know what is signed; which key must sign what is told by
// ledger.SigningKeys, and which keys a ledger has had by its own entries.
//
// A rotation goes so: Prepare makes key.next; an entry in each ledger names the new key; the checkpoint that covers it first is signed
// by both; Settle makes the new key the one in force and forgets the old private half. A process may end anywhere in between: both
// keys are there until Settle, and Prepare and Settle can be repeated.
package ledgerkey

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
)

const (
	inForce = "key"
	coming  = "key.next"
	former  = "key.old"

	maxKey = 4096 // bytes of a file of one key
)

// Pair is a private key and the verifier key that others know it by.
type Pair struct {
	Signer note.Signer
	Public string
}

// Keys are the keys of a data folder. Make them with Open. They are not for concurrent use; the lock of the folder keeps other
// processes away.
type Keys struct {
	folder  string
	random  io.Reader
	current Pair
	next    *Pair
}

// Open reads the keys of a data folder, and makes the first where there is none; it is durable when it returns. It fails with
// fault.Denied when others can read a private key, and with fault.Corrupt when a file holds none.
//
// goldthread:implements SRS-121
func Open(folder string, random io.Reader) (*Keys, error) {
	k := &Keys{folder: folder, random: random}
	current, err := k.read(inForce)
	if errors.Is(err, fs.ErrNotExist) {
		current, err = k.create(inForce)
	}
	if err != nil {
		return nil, err
	}
	k.current = current
	next, err := k.read(coming)
	switch {
	case err == nil:
		k.next = &next
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return k, nil
}

// Public is the verifier key in force.
func (k *Keys) Public() string { return k.current.Public }

// Next is the verifier key of a rotation that was begun and not settled, "" for none.
func (k *Keys) Next() string {
	if k.next == nil {
		return ""
	}
	return k.next.Public
}

// Signer returns the private half of a verifier key, in force or coming: fault.NotFound for any other. It is what ledger.Signing
// asks for.
func (k *Keys) Signer(public string) (note.Signer, error) {
	switch {
	case public == k.current.Public:
		return k.current.Signer, nil
	case k.next != nil && public == k.next.Public:
		return k.next.Signer, nil
	}
	return nil, fault.Newf(fault.NotFound, "the data folder does not have the key %s that signs the ledger", nameOf(public)).
		WithHint("the ledger was made in another data folder: bring its file key along, or rotate the key there")
}

// Prepare begins a rotation and returns the verifier key to come; of one that was begun it returns the same.
//
// goldthread:implements SRS-121
func (k *Keys) Prepare() (public string, err error) {
	if k.next == nil {
		next, err := k.create(coming)
		if err != nil {
			return "", err
		}
		k.next = &next
	}
	return k.next.Public, nil
}

// Settle ends a rotation, when every ledger names the new key and has a checkpoint signed by both. The old private half is gone
// when it returns.
//
// goldthread:implements SRS-121
func (k *Keys) Settle() error {
	if k.next == nil {
		return fault.Newf(fault.Invalid, "no rotation of the key was begun")
	}
	if err := k.remember(k.current.Public); err != nil {
		return failed("the former key cannot be put on record", err)
	}
	if err := os.Rename(k.path(coming), k.path(inForce)); err != nil {
		return failed("the new key cannot be put into force", err)
	}
	if err := syncFolder(k.folder); err != nil {
		return failed("the new key cannot be put into force durably", err)
	}
	k.current, k.next = *k.next, nil
	return nil
}

// Former returns the verifier keys that were in force before, oldest first.
func (k *Keys) Former() ([]string, error) {
	text, err := os.ReadFile(k.path(former))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("the former keys cannot be read", err)
	}
	return strings.Fields(string(text)), nil
}

// remember appends a former key, once.
func (k *Keys) remember(public string) error {
	known, err := k.Former()
	if err != nil {
		return err
	}
	if n := len(known); n > 0 && known[n-1] == public {
		return nil // a rotation that was settled half
	}
	return writeDurably(k.path(former), strings.Join(append(known, public), "\n")+"\n")
}

func (k *Keys) path(name string) string { return filepath.Join(k.folder, name) }

// create makes a key and its file.
func (k *Keys) create(name string) (Pair, error) {
	id := make([]byte, 4)
	if _, err := io.ReadFull(k.random, id); err != nil {
		return Pair{}, fault.New(fault.Internal, "no randomness for a key", err)
	}
	private, public, err := note.GenerateKey(k.random, fmt.Sprintf("goldthread-%x", id))
	if err != nil {
		return Pair{}, fault.New(fault.Internal, "a key cannot be made", err)
	}
	if err := writeDurably(k.path(name), private+"\n"); err != nil {
		return Pair{}, failed("the key of the data folder cannot be written", err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return Pair{}, fault.New(fault.Internal, "a key that was made cannot be used", err)
	}
	return Pair{Signer: signer, Public: public}, nil
}

// read reads a private key; the error is fs.ErrNotExist where there is no file.
func (k *Keys) read(name string) (Pair, error) {
	path := k.path(name)
	f, err := os.Open(path)
	if err != nil {
		return Pair{}, failed(fmt.Sprintf("the key file %s cannot be read", path), err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return Pair{}, failed(fmt.Sprintf("the key file %s cannot be read", path), err)
	}
	if mode := stat.Mode(); runtime.GOOS != "windows" && (mode.Perm()&0o077 != 0 || !mode.IsRegular()) {
		return Pair{}, fault.Newf(fault.Denied, "the key file %s can be read or written by others (mode %04o)", path, mode.Perm()).
			WithHint(fmt.Sprintf("chmod 600 %s; if others may have read it, rotate the key", path))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKey))
	if err != nil {
		return Pair{}, failed(fmt.Sprintf("the key file %s cannot be read", path), err)
	}
	private := strings.TrimSuffix(string(text), "\n")
	signer, err := note.NewSigner(private)
	if err != nil {
		return Pair{}, fault.New(fault.Corrupt, fmt.Sprintf("the key file %s holds no key", path), err).WithHint("restore it from a backup")
	}
	public, err := publicOf(private)
	if err != nil {
		return Pair{}, fault.New(fault.Corrupt, fmt.Sprintf("the key file %s holds no key", path), err).WithHint("restore it from a backup")
	}
	return Pair{Signer: signer, Public: public}, nil
}

func nameOf(public string) string {
	name, _, _ := strings.Cut(public, "+")
	return fmt.Sprintf("%.100q", name)
}

// writeDurably writes a file that only its owner can read, and gives it its name when it is whole.
func writeDurably(path, text string) error {
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(folder string) error {
	if runtime.GOOS == "windows" { // folders cannot be synced there; NTFS has its own journal of names
		return nil
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
