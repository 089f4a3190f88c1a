package ledgerkey

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
)

// publicOf makes the verifier key of a private key, PRIVATE+KEY+NAME+HASH+BASE64 of a byte for the algorithm and the seed.
func publicOf(private string) (string, error) {
	parts := strings.SplitN(private, "+", 5)
	if len(parts) != 5 {
		return "", errors.New("it has not five parts")
	}
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", fmt.Errorf("its last part is no seed: %w", err)
	}
	public, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("it is of another algorithm")
	}
	return note.NewEd25519VerifierKey(parts[2], public)
}

// failed makes a fault of an error of the file system, which stays its cause.
func failed(sentence string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.New(fault.Full, sentence+", because the disk is full", err).WithHint("free space on the disk of the data folder")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fault.New(fault.Unavailable, sentence+", because this process may not", err).WithHint("check owner and rights of the data folder")
	default:
		return fault.New(fault.Unavailable, sentence, err)
	}
}
