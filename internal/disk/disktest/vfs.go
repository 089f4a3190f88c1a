package disktest

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	codes "modernc.org/sqlite/lib"
)

// vfs is what SQLite knows of a Disk: the same SQLite, through the same driver, that the program uses. Functions are handed over as
// the translated C expects them, as the address of a function value; the structures of C live outside of Go's memory.
//
// It behaves as SQLite's own VFS for Unix does where that matters here: the first sync of a new write-ahead log or journal syncs its
// folder too, deleting syncs the folder only when asked, and sectors are promised to be 4096 bytes and safe to overwrite in part.
type vfs struct {
	disk    *Disk
	name    string
	tls     *libc.TLS
	methods uintptr             // sqlite3_io_methods
	self    uintptr             // sqlite3_vfs
	title   uintptr             // its name in C
	kept    []any               // functions that C holds on to
	open    map[uintptr]*handle // guarded by disk.mu
}

// handle is a file that SQLite has open.
type handle struct {
	node      *node
	name      string
	newNames  bool // the folder is synced with the first sync
	level     int32
	shared    uint8 // locks on the shared memory, a bit each
	exclusive uint8
	mapped    bool
}

// names of VFSs must not repeat while one is in use.
var lastName atomic.Int64

// at reads a pointer of C. It is written so because the checker of pointers cannot know that this memory is not Go's.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

func bytesAt(p uintptr, n int32) []byte { return unsafe.Slice(at[byte](p), n) }

// function returns the address by which translated C calls a function.
func (v *vfs) function(f any) uintptr {
	v.kept = append(v.kept, f)
	return (*[2]uintptr)(unsafe.Pointer(&f))[1]
}

// register makes the VFS known to SQLite.
func register(d *Disk) (*vfs, error) {
	v := &vfs{disk: d, tls: libc.NewTLS(), open: map[uintptr]*handle{}, name: fmt.Sprintf("disktest%d", lastName.Add(1))}
	var err error
	if v.title, err = libc.CString(v.name); err != nil {
		return nil, err
	}
	v.methods = libc.Xcalloc(v.tls, 1, libc.Tsize_t(unsafe.Sizeof(codes.Tsqlite3_io_methods{})))
	v.self = libc.Xcalloc(v.tls, 1, libc.Tsize_t(unsafe.Sizeof(codes.Tsqlite3_vfs{})))
	if v.methods == 0 || v.self == 0 {
		return nil, errors.New("no memory for a VFS")
	}
	*at[codes.Tsqlite3_io_methods](v.methods) = codes.Tsqlite3_io_methods{
		FiVersion:               2,
		FxClose:                 v.function(v.xClose),
		FxRead:                  v.function(v.xRead),
		FxWrite:                 v.function(v.xWrite),
		FxTruncate:              v.function(v.xTruncate),
		FxSync:                  v.function(v.xSync),
		FxFileSize:              v.function(v.xFileSize),
		FxLock:                  v.function(v.xLock),
		FxUnlock:                v.function(v.xUnlock),
		FxCheckReservedLock:     v.function(v.xCheckReservedLock),
		FxFileControl:           v.function(v.xFileControl),
		FxSectorSize:            v.function(v.xSectorSize),
		FxDeviceCharacteristics: v.function(v.xDeviceCharacteristics),
		FxShmMap:                v.function(v.xShmMap),
		FxShmLock:               v.function(v.xShmLock),
		FxShmBarrier:            v.function(v.xShmBarrier),
		FxShmUnmap:              v.function(v.xShmUnmap),
	}
	*at[codes.Tsqlite3_vfs](v.self) = codes.Tsqlite3_vfs{
		FiVersion:          2,
		FszOsFile:          int32(unsafe.Sizeof(codes.Tsqlite3_file{})),
		FmxPathname:        512,
		FzName:             v.title,
		FxOpen:             v.function(v.xOpen),
		FxDelete:           v.function(v.xDelete),
		FxAccess:           v.function(v.xAccess),
		FxFullPathname:     v.function(v.xFullPathname),
		FxRandomness:       v.function(v.xRandomness),
		FxSleep:            v.function(v.xSleep),
		FxGetLastError:     v.function(v.xGetLastError),
		FxCurrentTimeInt64: v.function(v.xCurrentTimeInt64),
	}
	if rc := codes.Xsqlite3_vfs_register(v.tls, v.self, 0); rc != codes.SQLITE_OK {
		return nil, fmt.Errorf("register a VFS: %d", rc)
	}
	return v, nil
}

// close takes the VFS from SQLite. Files must be closed before.
func (v *vfs) close() error {
	v.disk.mu.Lock()
	left := len(v.open)
	v.disk.mu.Unlock()
	if left > 0 {
		return fmt.Errorf("%d files of the disk are still open", left)
	}
	rc := codes.Xsqlite3_vfs_unregister(v.tls, v.self)
	for _, p := range []uintptr{v.title, v.methods, v.self} {
		libc.Xfree(v.tls, p)
	}
	v.tls.Close()
	if rc != codes.SQLITE_OK {
		return fmt.Errorf("unregister a VFS: %d", rc)
	}
	return nil
}

// meet lets trouble happen and gives it a code of SQLite.
func (v *vfs) meet(c call, name string, code int32) int32 {
	switch err := v.disk.trouble.meet(c, name); {
	case err == nil:
		return codes.SQLITE_OK
	case c == callWrite && errors.Is(err, syscall.ENOSPC):
		return codes.SQLITE_FULL
	default:
		return code
	}
}

func (v *vfs) xOpen(_ *libc.TLS, _, zName, pFile uintptr, flags int32, pOut uintptr) int32 {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	*at[codes.Tsqlite3_file](pFile) = codes.Tsqlite3_file{}
	h := &handle{node: &node{id: -1}}
	if zName != 0 {
		h.name = clean(libc.GoString(zName))
		if rc := v.meet(callOpen, h.name, codes.SQLITE_CANTOPEN); rc != codes.SQLITE_OK {
			return rc
		}
		n, err := d.at(h.name)
		switch {
		case err == nil && n.folder:
			return codes.SQLITE_CANTOPEN_ISDIR
		case err != nil && (flags&codes.SQLITE_OPEN_CREATE == 0 || d.parent(h.name) != nil):
			return codes.SQLITE_CANTOPEN
		case err != nil:
			n = d.link(h.name, false)
			h.newNames = flags&(codes.SQLITE_OPEN_WAL|codes.SQLITE_OPEN_MAIN_JOURNAL|codes.SQLITE_OPEN_SUPER_JOURNAL) != 0
		}
		h.node = n
	}
	v.open[pFile] = h
	if pOut != 0 {
		*at[int32](pOut) = flags
	}
	at[codes.Tsqlite3_file](pFile).FpMethods = v.methods
	return codes.SQLITE_OK
}

func (v *vfs) xClose(tls *libc.TLS, pFile uintptr) int32 {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	h := v.open[pFile]
	h.node.locks.unlock(h, codes.SQLITE_LOCK_NONE)
	v.unmap(tls, h)
	delete(v.open, pFile)
	return codes.SQLITE_OK
}

// on runs a call on an open file.
func (v *vfs) on(pFile uintptr, c call, code int32, run func(h *handle) int32) int32 {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	h := v.open[pFile]
	if h.name != "" {
		if rc := v.meet(c, h.name, code); rc != codes.SQLITE_OK {
			return rc
		}
	}
	return run(h)
}

func (v *vfs) xRead(_ *libc.TLS, pFile, pBuf uintptr, n int32, from int64) int32 {
	return v.on(pFile, callRead, codes.SQLITE_IOERR_READ, func(h *handle) int32 {
		buf := bytesAt(pBuf, n)
		got := 0
		if from < int64(len(h.node.data)) {
			got = copy(buf, h.node.data[from:])
		}
		if got < len(buf) {
			clear(buf[got:])
			return codes.SQLITE_IOERR_SHORT_READ
		}
		return codes.SQLITE_OK
	})
}

// xWrite writes. A write that fails has written a part.
func (v *vfs) xWrite(_ *libc.TLS, pFile, pBuf uintptr, n int32, to int64) int32 {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	h := v.open[pFile]
	data := bytesAt(pBuf, n)
	if h.name == "" {
		h.node.data = overwrite(h.node.data, to, data)
		return codes.SQLITE_OK
	}
	rc := v.meet(callWrite, h.name, codes.SQLITE_IOERR_WRITE)
	if rc != codes.SQLITE_OK {
		data = data[:d.random.IntN(len(data))]
	}
	if len(data) > 0 {
		d.write(h.node, h.name, to, data)
	}
	return rc
}

func (v *vfs) xTruncate(_ *libc.TLS, pFile uintptr, size int64) int32 {
	return v.on(pFile, callResize, codes.SQLITE_IOERR_TRUNCATE, func(h *handle) int32 {
		v.disk.truncate(h.node, h.name, size)
		return codes.SQLITE_OK
	})
}

func (v *vfs) xSync(_ *libc.TLS, pFile uintptr, _ int32) int32 {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	h := v.open[pFile]
	if h.name == "" {
		return codes.SQLITE_OK
	}
	if rc := v.meet(callSync, h.name, codes.SQLITE_IOERR_FSYNC); rc != codes.SQLITE_OK {
		d.syncFailed(h.node, h.name)
		return rc
	}
	d.sync(h.node, h.name)
	if h.newNames {
		folder := h.name[:strings.LastIndex(h.name, "/")]
		if rc := v.meet(callSync, folder, codes.SQLITE_IOERR_DIR_FSYNC); rc != codes.SQLITE_OK {
			return rc
		}
		d.syncNames(folder)
		h.newNames = false
	}
	return codes.SQLITE_OK
}

func (v *vfs) xFileSize(_ *libc.TLS, pFile, pSize uintptr) int32 {
	return v.on(pFile, callStat, codes.SQLITE_IOERR_FSTAT, func(h *handle) int32 {
		*at[int64](pSize) = int64(len(h.node.data))
		return codes.SQLITE_OK
	})
}

func (v *vfs) xLock(_ *libc.TLS, pFile uintptr, level int32) int32 {
	return v.on(pFile, callLock, codes.SQLITE_IOERR_LOCK, func(h *handle) int32 { return h.node.locks.lock(h, level) })
}

func (v *vfs) xUnlock(_ *libc.TLS, pFile uintptr, level int32) int32 {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	h := v.open[pFile]
	h.node.locks.unlock(h, level)
	return codes.SQLITE_OK
}

func (v *vfs) xCheckReservedLock(_ *libc.TLS, pFile, pOut uintptr) int32 {
	return v.on(pFile, callLock, codes.SQLITE_IOERR_CHECKRESERVEDLOCK, func(h *handle) int32 {
		*at[int32](pOut) = 0
		if h.node.locks.writer != nil {
			*at[int32](pOut) = 1
		}
		return codes.SQLITE_OK
	})
}

func (*vfs) xFileControl(*libc.TLS, uintptr, int32, uintptr) int32 { return codes.SQLITE_NOTFOUND }
func (*vfs) xSectorSize(*libc.TLS, uintptr) int32                  { return 4096 }

func (*vfs) xDeviceCharacteristics(*libc.TLS, uintptr) int32 {
	return codes.SQLITE_IOCAP_POWERSAFE_OVERWRITE | codes.SQLITE_IOCAP_SUBPAGE_READ
}

func (v *vfs) xDelete(_ *libc.TLS, _, zName uintptr, syncFolder int32) int32 {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	name := clean(libc.GoString(zName))
	if rc := v.meet(callRemove, name, codes.SQLITE_IOERR_DELETE); rc != codes.SQLITE_OK {
		return rc
	}
	if _, err := d.at(name); err != nil {
		return codes.SQLITE_IOERR_DELETE_NOENT
	}
	d.unlink(name)
	if syncFolder&1 != 0 {
		d.syncNames(name[:strings.LastIndex(name, "/")])
	}
	return codes.SQLITE_OK
}

func (v *vfs) xAccess(_ *libc.TLS, _, zName uintptr, _ int32, pOut uintptr) int32 {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	name := clean(libc.GoString(zName))
	if rc := v.meet(callStat, name, codes.SQLITE_IOERR_ACCESS); rc != codes.SQLITE_OK {
		return rc
	}
	*at[int32](pOut) = 0
	if _, err := d.at(name); !errors.Is(err, fs.ErrNotExist) {
		*at[int32](pOut) = 1
	}
	return codes.SQLITE_OK
}

func (*vfs) xFullPathname(_ *libc.TLS, _, zName uintptr, n int32, pOut uintptr) int32 {
	name := libc.GoString(zName) + "\x00"
	if len(name) > int(n) {
		return codes.SQLITE_CANTOPEN
	}
	copy(bytesAt(pOut, n), name)
	return codes.SQLITE_OK
}

func (v *vfs) xRandomness(_ *libc.TLS, _ uintptr, n int32, pOut uintptr) int32 {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	for i := range bytesAt(pOut, n) {
		bytesAt(pOut, n)[i] = byte(v.disk.random.Uint32())
	}
	return n
}

// xSleep does not wait: nobody else is on this disk.
func (*vfs) xSleep(_ *libc.TLS, _ uintptr, microseconds int32) int32 { return microseconds }

func (*vfs) xGetLastError(*libc.TLS, uintptr, int32, uintptr) int32 { return 0 }

// xCurrentTimeInt64 says that it is noon of the first of January 2000.
func (*vfs) xCurrentTimeInt64(_ *libc.TLS, _, pOut uintptr) int32 {
	*at[int64](pOut) = 2451545 * 86_400_000
	return codes.SQLITE_OK
}
