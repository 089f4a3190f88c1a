package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
)

// appendUntilKilled names the folder in which this binary, started again, appends until it is killed.
const appendUntilKilled = "GOLDTHREAD_TEST_APPEND_UNTIL_KILLED"

func TestMain(m *testing.M) {
	if folder := os.Getenv(appendUntilKilled); folder != "" {
		fmt.Fprintln(os.Stderr, endlessAppend(folder, os.Stdout))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// endlessAppend appends keyed entries in groups of 1 to 3 and acknowledges each head it was given.
func endlessAppend(folder string, acknowledge io.Writer) error {
	ctx := context.Background()
	s, err := Open(ctx, folder)
	if err != nil {
		return err
	}
	head, err := s.Head(ctx, "pump")
	if err != nil {
		return err
	}
	for {
		var group []ledger.Entry
		for i := range 1 + head.Size%3 {
			group = append(group, keyed(head.Size+1+i))
		}
		receipt, err := s.Append(ctx, "pump", head, group)
		if err != nil {
			return err
		}
		head = receipt.Head
		if _, err := fmt.Fprintf(acknowledge, "%d %s\n", head.Size, head.Root); err != nil {
			return err
		}
	}
}

func keyed(sequence int64) ledger.Entry {
	e := ledgertest.Entry(int(sequence))
	e.Sequence, e.Key = sequence, fmt.Sprintf("key %d", sequence)
	return e
}

// TestKill kills a writer at random moments. It shows that nothing acknowledged is lost when the process dies and that what was not
// acknowledged is there whole or not at all, and once. It shows nothing about power loss: that takes a file system that forgets.
// GOLDTHREAD_SOAK=1 makes it long.
//
// goldthread:verifies SRS-52
// goldthread:verifies-implementation-of RC-10
// goldthread:verifies-effectiveness-of RC-10
func TestKill(t *testing.T) {
	rounds := 5
	if os.Getenv("GOLDTHREAD_SOAK") != "" {
		rounds = 300
	}
	folder := t.TempDir()
	s, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Create(t.Context(), "pump"), s.Close()); err != nil {
		t.Fatal(err)
	}
	unanswered := 0
	last := ledger.EmptyHead()
	for round := range rounds {
		acknowledged := killedWriter(t, folder, time.Duration(rand.IntN(60_000))*time.Microsecond)
		if acknowledged.Size > last.Size {
			last = acknowledged
		}
		last = afterKill(t, folder, last, &unanswered)
		if t.Failed() {
			t.Fatalf("after round %d", round+1)
		}
	}
	t.Logf("%d kills, %d entries, %d groups written whose answer never arrived", rounds, last.Size, unanswered)
}

// killedWriter runs a writer, kills it a while after its first acknowledgement and returns the last head it acknowledged.
func killedWriter(t *testing.T, folder string, after time.Duration) (last ledger.Head) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program)
	child.Env = append(os.Environ(), appendUntilKilled+"="+folder)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		if first {
			time.AfterFunc(after, func() { _ = child.Process.Kill() }) // it may have ended by itself; Wait says
		}
		var size int64
		var root string
		if n, err := fmt.Sscan(lines.Text(), &size, &root); n != 2 || err != nil {
			break // cut off in the middle of a line, so not acknowledged
		}
		hash, err := tlog.ParseHash(root)
		if err != nil {
			break
		}
		last = ledger.Head{Size: size, Root: hash}
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the writer was not killed, it ended with %v", err)
	}
	return last
}

// afterKill reopens the ledger, checks what must hold and tries again what may not have been answered.
func afterKill(t *testing.T, folder string, acknowledged ledger.Head, unanswered *int) ledger.Head {
	t.Helper()
	s, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	head, damages, err := ledger.Verify(t.Context(), s, "pump")
	if err != nil || len(damages) > 0 {
		t.Fatalf("Verify = %v, %v", damages, err)
	}
	if head.Size < acknowledged.Size {
		t.Errorf("entry %d was acknowledged, the ledger has %d", acknowledged.Size, head.Size)
	}
	if acknowledged.Size > 0 {
		for row, err := range s.Rows(t.Context(), "pump", acknowledged.Size, 1) {
			if err != nil || row.Root != acknowledged.Root {
				t.Errorf("root after entry %d is %v (%v), acknowledged was %v", acknowledged.Size, row.Root, err, acknowledged.Root)
			}
		}
	}
	if n := head.Size - acknowledged.Size; n > 0 {
		*unanswered++
		if whole := 1 + acknowledged.Size%3; n != whole {
			t.Errorf("%d entries of a group of %d are there", n, whole)
		}
	}
	var group []ledger.Entry
	for i := range 1 + acknowledged.Size%3 {
		group = append(group, keyed(acknowledged.Size+1+i))
	}
	receipt, err := s.Append(t.Context(), "pump", acknowledged, group)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Repeated != (head.Size > acknowledged.Size) || receipt.Sequences[0] != acknowledged.Size+1 {
		t.Errorf("trying again after %v at head %v gave %+v", acknowledged, head, receipt)
	}
	return receipt.Head
}
