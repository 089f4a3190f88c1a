// Package sqlite keeps ledgers in one SQLite file of a data folder, the store that needs no other program. It serves the
// retrievable history of controlled items [62304 8.3].
//
//	DATA/ledger.db      the rows, with ledger.db-wal and ledger.db-shm while open
//	DATA/ledger.lock    held by the process that has the folder open
//	DATA/blobs/         files, kept by package blob
//
// What it promises: an append is on the disk when it returns (write-ahead log, synchronous FULL); it is there whole or not at all;
// rows are never updated or deleted (triggers), save that a redaction takes salt and bytes out of an operation, and out of the
// files. What it refuses: a SQLite with the WAL-reset bug (older than 3.51.3), a connection
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

	driver "modernc.org/sqlite"

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

// Pragmas of every connection. recursive_triggers lets the delete triggers see the deletes that "insert or replace" makes;
// secure_delete overwrites what a redaction takes out.
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
	writer  *sql.DB // of one connection
	insert  inserts
	writing lookups       // on the writer, for use inside its transaction
	turn    chan struct{} // holds a token while somebody writes
	reader  *sql.DB       // a pool, query only
	lookup  lookups       // on the reader

	due     cleaning // of what was redacted; of whoever has the turn
	leftLog bool     // there was a write-ahead log when the folder was opened
}

var _ ledger.Store = (*Store)(nil)

// Open opens the ledgers in a data folder, which it makes with its parents if there is none, and takes the folder for this
// process until Close. It fails with fault.Unavailable when another process has it.
//
// goldthread:implements SRS-58
func Open(ctx context.Context, folder string) (*Store, error) {
	return open(ctx, folder, pragmas)
}

func open(ctx context.Context, folder string, pragmas []string) (_ *Store, err error) {
	if err := makeFolder(folder); err != nil {
		return nil, fault.New(fault.Unavailable, fmt.Sprintf("the data folder %s cannot be made", folder), err)
	}
	held, err := takeLock(folder)
	if err != nil {
		return nil, err
	}
	s := &Store{lock: held, turn: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	path := filepath.Join(folder, fileName)
	if stat, err := os.Stat(path + "-wal"); err == nil && stat.Size() > 0 {
		s.leftLog = true
	}
	if err := makeFile(path); err != nil {
		return nil, fault.New(fault.Unavailable, fmt.Sprintf("the ledger file %s cannot be made", path), err)
	}
	s.path = path
	if s.writer, err = pool(path, pragmas, "_txlock=immediate", 1); err != nil {
		return nil, err
	}
	if err := check(ctx, s.writer); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be opened", path))
	}
	if err := migrate(ctx, s.writer); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be brought to this version", path))
	}
	if s.reader, err = pool(path, append(pragmas[:len(pragmas):len(pragmas)], "query_only(1)"), "", max(4, runtime.NumCPU())); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be used", path))
	}
	if err := s.cleanAfterCrash(ctx); err != nil {
		return nil, classify(err, fmt.Sprintf("the ledger file %s cannot be cleaned of what was redacted", path))
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
	if s.due != nothingDue {
		faults = append(faults, s.clean(context.Background()))
	}
	if s.writer != nil {
		faults = append(faults, s.writer.Close())
	}
	faults = append(faults, s.lock.release())
	if err := errors.Join(faults...); err != nil {
		return fault.New(fault.Internal, "the ledger could not be closed cleanly", err)
	}
	return nil
}

// makeFolder makes the folder and those above it that are missing, and makes their names durable.
func makeFolder(folder string) error {
	stat, err := os.Stat(folder)
	if err == nil && !stat.IsDir() {
		return fmt.Errorf("%s is not a folder", folder)
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(filepath.Clean(folder))
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(parent)
}

// makeFile makes an empty file that only its owner may read, and makes its name durable. A file that is there stays as it is.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
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
