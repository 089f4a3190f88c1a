package disktest

import (
	"fmt"
	"syscall"
)

// call is a kind of call to a disk.
type call string

const (
	callOpen   call = "open"
	callMake   call = "mkdir"
	callRead   call = "read"
	callWrite  call = "write"
	callResize call = "truncate"
	callSync   call = "sync"
	callStat   call = "stat"
	callRemove call = "remove"
	callRename call = "rename"
	callLock   call = "lock"
	callMap    call = "map shared memory"
	callShared call = "lock shared memory"
)

// takesSpace tells the calls that a full disk refuses.
func (c call) takesSpace() bool { return c == callWrite || c == callMake || c == callRename }

// trouble makes calls of a disk fail.
type trouble struct {
	calls int // made so far
	fail  int // the number of the call that fails, from 1; 0: none
	full  bool
	lasts bool // all later calls fail too that a full disk refuses
	met   string
	first call // the call that failed first
}

// meet counts a call, and returns the error it meets.
func (t *trouble) meet(c call, name string) error {
	t.calls++
	hit := t.fail > 0 && (t.calls == t.fail || t.lasts && t.calls > t.fail)
	if !hit || t.full && !c.takesSpace() {
		return nil
	}
	if t.met == "" {
		t.met, t.first = fmt.Sprintf("%s of %s", c, name), c
	}
	if t.full {
		return syscall.ENOSPC
	}
	return syscall.EIO
}
