package disktest

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/goldthread/goldthread/internal/disk"
)

// Disk is a disk in memory that remembers what was done to it. SQLite reaches it through a VFS of its own.
type Disk struct {
	mu      sync.Mutex // guards all below, and every file
	names   map[string]*node
	next    int // number of the next file
	base    image
	trace   []event
	quiet   bool // nothing is remembered
	forget  func(Sync) bool
	syncs   map[string]int
	trouble trouble
	random  *rand.Rand
	sqlite  *vfs
}

var _ disk.Disk = (*Disk)(nil)

// node is a file or folder, whatever its names.
type node struct {
	id     int
	folder bool
	data   []byte
	locks  locks
	shared sharedMemory
}

// Sync is a call that makes something last.
type Sync struct {
	Name   string // of the file, or of the folder whose names are synced
	Names  bool   // it is a folder
	Number int    // how many there were of this name before
}

// newDisk makes a disk with what is in the image. Close it.
func newDisk(im image, seed uint64) (*Disk, error) {
	d := &Disk{names: map[string]*node{}, base: im, syncs: map[string]int{}, random: rand.New(rand.NewPCG(seed, 1))}
	nodes := map[int]*node{}
	for name, id := range im.names {
		n := nodes[id]
		if n == nil {
			n = &node{id: id, folder: im.folders[id], data: slices.Clone(im.files[id])}
			nodes[id] = n
		}
		d.names[name] = n
		d.next = max(d.next, id+1)
	}
	var err error
	d.sqlite, err = register(d)
	return d, err
}

// Close takes the disk away from SQLite.
func (d *Disk) Close() error { return d.sqlite.close() }

// SQLite implements disk.Disk.
func (d *Disk) SQLite() string { return d.sqlite.name }

// image is what is in the files now, as if all were synced.
func (d *Disk) image() image {
	im := newImage()
	for name, n := range d.names {
		im.names[name] = n.id
		if n.folder {
			im.folders[n.id] = true
		} else {
			im.files[n.id] = slices.Clone(n.data)
		}
	}
	return im
}

func (d *Disk) note(e event) {
	if !d.quiet {
		d.trace = append(d.trace, e)
	}
}

// acknowledge notes that a step has returned.
func (d *Disk) acknowledge(step int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(event{kind: answered, at: int64(step)})
}

// clean makes the one name of a path: absolute, with slashes, without a drive.
func clean(name string) string {
	name = filepath.ToSlash(name)
	if _, rest, ok := strings.Cut(name, ":/"); ok {
		name = rest
	}
	return path.Clean("/" + name)
}

// MakeFolder makes a folder of a Disk, and those above it, to last: for a System that expects to find one.
func MakeFolder(on disk.Disk, folder string) error {
	d, ok := on.(*Disk)
	if !ok {
		return errors.ErrUnsupported
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var above []string
	for name := clean(folder); name != "/"; name = path.Dir(name) {
		above = append(above, name)
	}
	for _, name := range slices.Backward(above) {
		if d.names[name] == nil {
			d.link(name, true)
			d.note(event{kind: namesSynced, name: path.Dir(name)})
		}
	}
	return nil
}

// What follows changes files; the caller holds mu.

func (d *Disk) write(n *node, name string, at int64, data []byte) {
	n.data = overwrite(n.data, at, data)
	d.note(event{kind: wrote, node: n.id, name: name, at: at, data: slices.Clone(data)})
}

func (d *Disk) truncate(n *node, name string, size int64) {
	n.data = resize(n.data, size)
	d.note(event{kind: truncated, node: n.id, name: name, at: size})
}

func (d *Disk) sync(n *node, name string) {
	if !d.forgets(Sync{Name: name}) {
		d.note(event{kind: synced, node: n.id, name: name})
	}
}

func (d *Disk) syncNames(folder string) {
	if !d.forgets(Sync{Name: folder, Names: true}) {
		d.note(event{kind: namesSynced, name: folder})
	}
}

func (d *Disk) forgets(s Sync) bool {
	s.Number = d.syncs[s.Name]
	d.syncs[s.Name]++
	return d.forget != nil && d.forget(s)
}

func (d *Disk) link(name string, folder bool) *node {
	n := &node{id: d.next, folder: folder}
	d.next++
	d.names[name] = n
	d.note(event{kind: linked, node: n.id, name: name, folder: folder})
	return n
}

func (d *Disk) unlink(name string) {
	d.note(event{kind: unlinked, node: d.names[name].id, name: name})
	delete(d.names, name)
}

// parent refuses a name whose folder is not there.
func (d *Disk) parent(name string) error {
	if above := path.Dir(name); above != "/" && (d.names[above] == nil || !d.names[above].folder) {
		return fs.ErrNotExist
	}
	return nil
}

// at returns what has a name, or fs.ErrNotExist.
func (d *Disk) at(name string) (*node, error) {
	if name == "/" {
		return &node{folder: true}, nil
	}
	if n := d.names[name]; n != nil {
		return n, nil
	}
	return nil, fs.ErrNotExist
}

// do runs a call on the disk and gives its error a path.
func (d *Disk) do(c call, name string, run func(name string) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	name = clean(name)
	err := d.trouble.meet(c, name)
	if err == nil {
		err = run(name)
	}
	if err != nil {
		return &fs.PathError{Op: string(c), Path: name, Err: err}
	}
	return nil
}

// OpenFile implements disk.Disk.
func (d *Disk) OpenFile(name string, flag int, _ fs.FileMode) (f disk.File, err error) {
	err = d.do(callOpen, name, func(name string) error {
		n, err := d.at(name)
		switch {
		case err == nil && flag&(os.O_CREATE|os.O_EXCL) == os.O_CREATE|os.O_EXCL:
			return fs.ErrExist
		case err == nil && n.folder:
			return syscall.EISDIR
		case err != nil && flag&os.O_CREATE == 0:
			return err
		case err != nil:
			if err := d.parent(name); err != nil {
				return err
			}
			n = d.link(name, false)
		}
		if flag&os.O_TRUNC != 0 && len(n.data) > 0 {
			d.truncate(n, name, 0)
		}
		f = &file{disk: d, node: n, name: name}
		return nil
	})
	return f, err
}

// Mkdir implements disk.Disk.
func (d *Disk) Mkdir(name string, _ fs.FileMode) error {
	return d.do(callMake, name, func(name string) error {
		if _, err := d.at(name); err == nil {
			return fs.ErrExist
		}
		if err := d.parent(name); err != nil {
			return err
		}
		d.link(name, true)
		return nil
	})
}

// Rename implements disk.Disk.
func (d *Disk) Rename(from, to string) error {
	return d.do(callRename, from, func(from string) error {
		to := clean(to)
		n, err := d.at(from)
		if err != nil {
			return err
		}
		if n.folder {
			return errors.ErrUnsupported
		}
		if err := d.parent(to); err != nil {
			return err
		}
		delete(d.names, from)
		d.names[to] = n
		d.note(event{kind: renamed, node: n.id, name: from, to: to})
		return nil
	})
}

// Remove implements disk.Disk.
func (d *Disk) Remove(name string) error {
	return d.do(callRemove, name, func(name string) error {
		n, err := d.at(name)
		if err != nil {
			return err
		}
		if n.folder {
			return errors.ErrUnsupported
		}
		d.unlink(name)
		return nil
	})
}

// Stat implements disk.Disk.
func (d *Disk) Stat(name string) (info fs.FileInfo, err error) {
	err = d.do(callStat, name, func(name string) error {
		n, err := d.at(name)
		if err == nil {
			info = about{path.Base(name), n.folder, int64(len(n.data))}
		}
		return err
	})
	return info, err
}

// ReadDir implements disk.Disk.
func (d *Disk) ReadDir(folder string) (entries []fs.DirEntry, err error) {
	err = d.do(callRead, folder, func(folder string) error {
		if _, err := d.at(folder); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(d.names)) {
			if path.Dir(name) == folder {
				entries = append(entries, fs.FileInfoToDirEntry(about{path.Base(name), d.names[name].folder, int64(len(d.names[name].data))}))
			}
		}
		return nil
	})
	return entries, err
}

// SyncNames implements disk.Disk.
func (d *Disk) SyncNames(folder string) error {
	return d.do(callSync, folder, func(folder string) error {
		if _, err := d.at(folder); err != nil {
			return err
		}
		d.syncNames(folder)
		return nil
	})
}

// Root implements disk.Disk.
func (d *Disk) Root(folder string) (disk.Root, error) {
	if _, err := d.Stat(folder); err != nil {
		return nil, err
	}
	return root{d, folder}, nil
}

type root struct {
	disk   *Disk
	folder string
}

func (r root) path(name string) string { return path.Join(r.folder, path.Join("/", name)) }

func (r root) OpenFile(name string, flag int, perm fs.FileMode) (disk.File, error) {
	return r.disk.OpenFile(r.path(name), flag, perm)
}

func (r root) Mkdir(name string, perm fs.FileMode) error  { return r.disk.Mkdir(r.path(name), perm) }
func (r root) Rename(from, to string) error               { return r.disk.Rename(r.path(from), r.path(to)) }
func (r root) Remove(name string) error                   { return r.disk.Remove(r.path(name)) }
func (r root) Stat(name string) (fs.FileInfo, error)      { return r.disk.Stat(r.path(name)) }
func (r root) ReadDir(name string) ([]fs.DirEntry, error) { return r.disk.ReadDir(r.path(name)) }
func (r root) SyncNames(name string) error                { return r.disk.SyncNames(r.path(name)) }
func (root) Close() error                                 { return nil }

// about is what Stat says.
type about struct {
	name   string
	folder bool
	size   int64
}

func (a about) Name() string     { return a.name }
func (a about) Size() int64      { return a.size }
func (about) ModTime() time.Time { return time.Time{} }
func (a about) IsDir() bool      { return a.folder }
func (about) Sys() any           { return nil }

func (a about) Mode() fs.FileMode {
	if a.folder {
		return fs.ModeDir | 0o700
	}
	return 0o600
}

// file is an open file of those that are not SQLite's.
type file struct {
	disk *Disk
	node *node
	name string
	at   int64
}

func (f *file) Read(p []byte) (n int, err error) {
	err = f.disk.do(callRead, f.name, func(string) error {
		if f.at < int64(len(f.node.data)) {
			n = copy(p, f.node.data[f.at:])
			f.at += int64(n)
		}
		return nil
	})
	if err == nil && n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, err
}

func (f *file) Write(p []byte) (n int, err error) {
	err = f.disk.do(callWrite, f.name, func(string) error {
		f.disk.write(f.node, f.name, f.at, p)
		f.at += int64(len(p))
		n = len(p)
		return nil
	})
	return n, err
}

func (f *file) Sync() error {
	err := f.disk.do(callSync, f.name, func(string) error {
		f.disk.sync(f.node, f.name)
		return nil
	})
	if err != nil {
		f.disk.mu.Lock()
		defer f.disk.mu.Unlock()
		f.disk.syncFailed(f.node, f.name)
	}
	return err
}

// syncFailed notes that what is unsynced may be lost for ever, as it is on systems that drop a page that could not be written.
func (d *Disk) syncFailed(n *node, name string) {
	d.note(event{kind: syncFailed, node: n.id, name: name, seed: d.random.Uint64()})
}

func (*file) Close() error { return nil }
