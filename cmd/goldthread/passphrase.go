package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/goldthread/goldthread/internal/fault"
)

// terminal is the terminal of the person, which may be there although the standard streams lead elsewhere.
func terminal() (tty *os.File, done func(), err error) {
	if tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err == nil {
		return tty, func() { tty.Close() }, nil
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		return os.Stdin, func() {}, nil
	}
	return nil, nil, errors.New("there is no terminal")
}

// askPassphrase asks on the terminal and shows nothing of what is typed. A context that ends gives the terminal back as it was.
func askPassphrase(ctx context.Context, prompt string) ([]byte, error) {
	tty, done, err := terminal()
	if err != nil {
		return nil, fault.New(fault.Denied, "nobody can be asked for a passphrase", err)
	}
	defer done()
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, fault.New(fault.Denied, "nobody can be asked for a passphrase", err)
	}
	fmt.Fprint(os.Stderr, prompt+": ")
	type answer struct {
		passphrase []byte
		err        error
	}
	answers := make(chan answer, 1)
	go func() {
		passphrase, err := term.ReadPassword(fd)
		answers <- answer{passphrase, err}
	}()
	select {
	case a := <-answers:
		fmt.Fprintln(os.Stderr)
		if a.err != nil {
			return nil, fault.New(fault.Denied, "no passphrase was given", a.err)
		}
		return a.passphrase, nil
	case <-ctx.Done():
		err := term.Restore(fd, before)
		fmt.Fprintln(os.Stderr)
		return nil, fault.New(fault.Denied, "no passphrase was given", errors.Join(ctx.Err(), err))
	}
}
