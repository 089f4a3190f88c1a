package disktest

import (
	"modernc.org/libc"
	codes "modernc.org/sqlite/lib"
)

// locks are the locks on a database file, as SQLite's documentation describes them.
type locks struct {
	readers int
	writer  *handle // holds RESERVED or more
	closed  bool    // PENDING or more: no new reader
}

func (l *locks) lock(h *handle, level int32) int32 {
	if h.level >= level {
		return codes.SQLITE_OK
	}
	switch {
	case level == codes.SQLITE_LOCK_SHARED:
		if l.closed {
			return codes.SQLITE_BUSY
		}
		l.readers++
	case l.writer != nil && l.writer != h:
		return codes.SQLITE_BUSY
	case level == codes.SQLITE_LOCK_RESERVED:
		l.writer = h
	default:
		l.writer, l.closed, h.level = h, true, codes.SQLITE_LOCK_PENDING
		if l.readers > 1 {
			return codes.SQLITE_BUSY
		}
	}
	h.level = level
	return codes.SQLITE_OK
}

func (l *locks) unlock(h *handle, level int32) {
	if h.level <= level {
		return
	}
	if l.writer == h {
		l.writer, l.closed = nil, false
	}
	if level == codes.SQLITE_LOCK_NONE {
		l.readers--
	}
	h.level = level
}

// sharedMemory is the index of a write-ahead log, which all connections to a file see. It is outside of Go's memory, as a mapped
// file would be, and does not outlive the last connection: SQLite makes it anew from the log.
type sharedMemory struct {
	regions []uintptr
	users   int
	slots   [codes.SQLITE_SHM_NLOCK]int // readers of each lock, or -1
}

func (v *vfs) xShmMap(tls *libc.TLS, pFile uintptr, region, size, extend int32, pOut uintptr) int32 {
	return v.on(pFile, callMap, codes.SQLITE_IOERR_SHMMAP, func(h *handle) int32 {
		m := &h.node.shared
		if !h.mapped {
			h.mapped = true
			m.users++
		}
		for int(region) >= len(m.regions) && extend != 0 {
			p := libc.Xcalloc(tls, 1, libc.Tsize_t(size))
			if p == 0 {
				return codes.SQLITE_IOERR_NOMEM
			}
			m.regions = append(m.regions, p)
		}
		*at[uintptr](pOut) = 0
		if int(region) < len(m.regions) {
			*at[uintptr](pOut) = m.regions[region]
		}
		return codes.SQLITE_OK
	})
}

func (v *vfs) xShmLock(_ *libc.TLS, pFile uintptr, offset, n, flags int32) int32 {
	if flags&codes.SQLITE_SHM_UNLOCK != 0 {
		v.disk.mu.Lock()
		defer v.disk.mu.Unlock()
		v.open[pFile].unlockShared(offset, n)
		return codes.SQLITE_OK
	}
	return v.on(pFile, callShared, codes.SQLITE_IOERR_SHMLOCK, func(h *handle) int32 {
		slots := &h.node.shared.slots
		for i := offset; i < offset+n; i++ {
			bit := uint8(1) << i
			if flags&codes.SQLITE_SHM_SHARED != 0 && slots[i] < 0 && h.exclusive&bit == 0 ||
				flags&codes.SQLITE_SHM_EXCLUSIVE != 0 && slots[i] != 0 {
				return codes.SQLITE_BUSY
			}
		}
		for i := offset; i < offset+n; i++ {
			bit := uint8(1) << i
			switch {
			case (h.shared|h.exclusive)&bit != 0:
			case flags&codes.SQLITE_SHM_EXCLUSIVE != 0:
				slots[i] = -1
				h.exclusive |= bit
			default:
				slots[i]++
				h.shared |= bit
			}
		}
		return codes.SQLITE_OK
	})
}

func (h *handle) unlockShared(offset, n int32) {
	for i := offset; i < offset+n; i++ {
		bit := uint8(1) << i
		switch {
		case h.exclusive&bit != 0:
			h.node.shared.slots[i] = 0
		case h.shared&bit != 0:
			h.node.shared.slots[i]--
		}
		h.exclusive &^= bit
		h.shared &^= bit
	}
}

func (v *vfs) xShmBarrier(*libc.TLS, uintptr) {
	v.disk.mu.Lock() // a mutex is a barrier
	defer v.disk.mu.Unlock()
}

func (v *vfs) xShmUnmap(tls *libc.TLS, pFile uintptr, _ int32) int32 {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	v.unmap(tls, v.open[pFile])
	return codes.SQLITE_OK
}

func (v *vfs) unmap(tls *libc.TLS, h *handle) {
	if !h.mapped {
		return
	}
	h.unlockShared(0, codes.SQLITE_SHM_NLOCK)
	h.mapped = false
	m := &h.node.shared
	if m.users--; m.users > 0 {
		return
	}
	for _, p := range m.regions {
		libc.Xfree(tls, p)
	}
	*m = sharedMemory{}
}
