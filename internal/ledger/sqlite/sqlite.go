// Package sqlite keeps ledgers in one SQLite file of a data folder, the store that needs no other program. It serves the
// retrievable history of controlled items [62304 8.3].
//
//	DATA/ledger.db      the rows, with ledger.db-wal and ledger.db-shm while open
//	DATA/ledger.lock    held by the process that has the folder open
//	DATA/blobs/         files, kept by package blob
//
// What it promises: an append is on the disk when it returns (write-ahead log, synchronous FULL); it is there whole or not at all;
// rows are never updated or deleted (triggers). What it refuses: a SQLite with the WAL-reset bug (older than 3.51.3), a connection
// that is less than FULL, a folder that another process has open, a file of a newer goldthread or of another program. It is not
// for network file systems: their locks cannot be relied on.
//
// One connection writes; a pool of others reads, and never waits for it.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	driver "modernc.org/sqlite"

	"github.com/goldthread/goldthread/internal/disk"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// Names in the data folder.
const (
	fileName = "ledger.db"
	lockName = "ledger.lock"
)

// oldestSQLite is the first version without the bug that can lose a write-ahead log while it is reset.
const oldestSQLite = "3.51.3"

// Pragmas of every connection. recursive_triggers lets the delete triggers see the deletes that "insert or replace" makes.
var pragmas = []string{
	"journal_mode(WAL)",
	"synchronous(FULL)",
	"busy_timeout(5000)",
	"foreign_keys(1)",
	"recursive_triggers(1)",
	"journal_size_limit(67108864)",
	"secure_delete(1)",
}

// Store is a ledger.Store in a data folder. Make it with Open.
type Store struct {
	path    string // of the file
	lock    *lock
	disk    disk.Disk
	writer  *sql.DB // of one connection
	insert  inserts
	writing lookups       // on the writer, for use inside its transaction
	turn    chan struct{} // holds a token while somebody writes
	reader  *sql.DB       // a pool, query only
	lookup  lookups       // on the reader
}

var _ ledger.Store = (*Store)(nil)

// Open opens the ledgers in a data folder, which it makes with its parents if there is none, and takes the folder for this
// process until Close. It fails with fault.Unavailable when another process has it.
//
// goldthread:implements SRS-58
func Open(ctx context.Context, folder string) (*Store, error) {
	return open(ctx, disk.System(), folder, pragmas)
}

// OpenOn is Open on another disk than the machine's: one that a test cuts the power of. Nobody else can have it, so no lock is taken.
func OpenOn(ctx context.Context, d disk.Disk, folder string) (*Store, error) {
	return open(ctx, d, folder, pragmas)
}

func open(ctx context.Context, d disk.Disk, folder string, pragmas []string) (_ *Store, err error) {
	if err := makeFolder(d, folder); err != nil {
		return nil, cannotBeMade(fmt.Sprintf("the data folder %s cannot be made", folder), err)
	}
	s := &Store{turn: make(chan struct{}, 1)}
	if d == disk.System() {
		if s.lock, err = takeLock(folder); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	path := filepath.Join(folder, fileName)
	if err := makeFile(d, path); err != nil {
		return nil, cannotBeMade(fmt.Sprintf("the ledger file %s cannot be made", path), err)
	}
	if err := settle(d, path+"-wal"); err != nil {
		return nil, fault.New(fault.Internal, fmt.Sprintf("the ledger file %s cannot be opened, because its log cannot be synced", path), err)
	}
	s.disk, s.path = d, path
	vfs := vfsOf(d)
	if s.writer, err = pool(path, pragmas, "_txlock=immediate"+vfs, 1); err != nil {
		return nil, err
	}
	if err := check(ctx, s.writer); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be opened", path))
	}
	if err := migrate(ctx, s.writer); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be brought to this version", path))
	}
	if s.reader, err = pool(path, append(pragmas[:len(pragmas):len(pragmas)], "query_only(1)"), vfs, max(4, runtime.NumCPU())); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be used", path))
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) (err error) {
	if s.insert, err = prepareInserts(ctx, s.writer); err != nil {
		return err
	}
	if s.writing, err = prepareLookups(ctx, s.writer); err != nil {
		return err
	}
	s.lookup, err = prepareLookups(ctx, s.reader)
	return err
}

// Close implements ledger.Store.
func (s *Store) Close() error {
	s.turn <- struct{}{} // waits for the append in progress, and lets no other begin
	var faults []error
	if s.reader != nil {
		faults = append(faults, s.reader.Close())
	}
	if s.writer != nil {
		faults = append(faults, s.writer.Close())
	}
	if s.lock != nil {
		faults = append(faults, s.lock.release())
	}
	if err := errors.Join(faults...); err != nil {
		return fault.New(fault.Internal, "the ledger could not be closed cleanly", err)
	}
	return nil
}

// cannotBeMade is the fault of a folder or file that is not there yet.
func cannotBeMade(sentence string, err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return full(sentence, err)
	}
	return fault.New(fault.Unavailable, sentence, err)
}

// makeFolder makes the folder and those above it that are missing, and makes their names durable: also of those that are there,
// because who made them may have died before it came to that.
func makeFolder(d disk.Disk, folder string) error {
	stat, err := d.Stat(folder)
	if err == nil && !stat.IsDir() {
		return fmt.Errorf("%s is not a folder", folder)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	made := err != nil
	parent := filepath.Dir(filepath.Clean(folder))
	if parent == folder {
		return err
	}
	if err := makeFolder(d, parent); err != nil {
		return err
	}
	if made {
		if err := d.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	err = d.SyncNames(parent)
	if !made && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EINVAL)) {
		return nil // a folder of the system: it was there before us
	}
	return err
}

// makeFile makes an empty file that only its owner may read, and makes its name durable. A file that is there stays as it is.
func makeFile(d disk.Disk, path string) error {
	f, err := d.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return d.SyncNames(filepath.Dir(path))
}

// vfsOf is what a connection's parameters say of the disk that the file is on.
func vfsOf(d disk.Disk) string {
	if d.SQLite() == "" {
		return ""
	}
	return "&vfs=" + d.SQLite()
}

// settle makes durable what a process that died has left in the write-ahead log. Its last commit may be there without being on the
// disk; SQLite would show it as it is, and a retry would be answered from what the next power failure takes away.
func settle(d disk.Disk, log string) error {
	f, err := d.OpenFile(log, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return d.SyncNames(filepath.Dir(log))
}

// pool opens up to size connections to the file, each with the pragmas.
func pool(path string, pragmas []string, more string, size int) (*sql.DB, error) {
	query := make([]string, 0, len(pragmas)+1)
	for _, p := range pragmas {
		query = append(query, "_pragma="+p)
	}
	if more != "" {
		query = append(query, more)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.New(fault.Internal, "the current folder cannot be found", err)
	}
	name := filepath.ToSlash(absolute)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // a Windows drive
	}
	dsn := "file://" + (&url.URL{Path: name}).EscapedPath() + "?" + strings.Join(query, "&")
	connector, err := driver.NewConnector(dsn)
	if err != nil {
		return nil, fault.New(fault.Internal, fmt.Sprintf("the path %s cannot be opened as a database", path), err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// check reads back from the connection what durability rests on.
func check(ctx context.Context, db *sql.DB) error {
	var version, journal string
	var synchronous int
	if err := db.QueryRowContext(ctx, "select sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if err := checkVersion(version); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "pragma journal_mode").Scan(&journal); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "pragma synchronous").Scan(&synchronous); err != nil {
		return err
	}
	const full = 2
	if journal != "wal" || synchronous < full {
		return fault.Newf(fault.Internal, "the database is not durable: journal mode %s and synchronous %d, needed are wal and %d or more", journal, synchronous, full)
	}
	return nil
}

// checkVersion refuses a version of SQLite older than oldestSQLite, and one it cannot read.
func checkVersion(version string) error {
	have, ok := parseVersion(version)
	need, _ := parseVersion(oldestSQLite)
	if !ok {
		return fault.Newf(fault.Internal, "SQLite says its version is %q, which is none", version)
	}
	for i := range need {
		if have[i] != need[i] {
			if have[i] < need[i] {
				return fault.Newf(fault.Internal, "SQLite %s can lose its write-ahead log; goldthread needs %s or newer", version, oldestSQLite)
			}
			return nil
		}
	}
	return nil
}

func parseVersion(version string) (numbers [3]int, ok bool) {
	parts := strings.Split(version, ".")
	if len(parts) < len(numbers) {
		return numbers, false
	}
	for i := range numbers {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 {
			return numbers, false
		}
		numbers[i] = n
	}
	return numbers, true
}
