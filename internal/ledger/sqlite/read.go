package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// lookups are the small queries that every append and every proof makes many of, prepared once a pool.
type lookups struct{ head, sequence, node, root *sql.Stmt }

func prepareLookups(ctx context.Context, db *sql.DB) (l lookups, err error) {
	l.head, err = db.PrepareContext(ctx, `select e.sequence, e.root from projects p left join entries e on e.project = p.project
		where p.project = ?1 order by e.sequence desc limit 1`)
	if err != nil {
		return lookups{}, err
	}
	l.sequence, err = db.PrepareContext(ctx, "select sequence from entries where project = ?1 and idempotency_key = ?2")
	if err != nil {
		return lookups{}, err
	}
	l.node, err = db.PrepareContext(ctx, `select node, hash from tree_hashes where project = ?1 and node in (select value from json_each(?2))`)
	if err != nil {
		return lookups{}, err
	}
	l.root, err = db.PrepareContext(ctx, "select sequence, root from entries where project = ?1 and sequence = ?2")
	return l, err
}

// in returns the queries inside a transaction.
func (l lookups) in(ctx context.Context, tx *sql.Tx) lookups {
	return lookups{tx.StmtContext(ctx, l.head), tx.StmtContext(ctx, l.sequence), tx.StmtContext(ctx, l.node), tx.StmtContext(ctx, l.root)}
}

// Projects implements ledger.Store.
func (s *Store) Projects(ctx context.Context) ([]string, error) {
	names, err := collect(scanName)(s.reader.QueryContext(ctx, "select project from projects order by project"))
	if err != nil {
		return nil, classify(err, "the list of projects cannot be read")
	}
	return names, nil
}

// Head implements ledger.Store.
func (s *Store) Head(ctx context.Context, project string) (ledger.Head, error) {
	head, err := s.lookup.headOf(ctx, project)
	if err != nil {
		return ledger.Head{}, classify(err, unreadable(project))
	}
	return head, nil
}

// Sequence implements ledger.Store.
func (s *Store) Sequence(ctx context.Context, project, key string) (int64, error) {
	if _, err := s.Head(ctx, project); err != nil {
		return 0, err
	}
	sequence, found, err := s.lookup.sequenceOf(ctx, project, key)
	if err != nil {
		return 0, classify(err, unreadable(project))
	}
	if !found {
		return 0, fault.Newf(fault.NotFound, "project %s has no entry with idempotency key %q", project, key)
	}
	return sequence, nil
}

// Operation implements ledger.Store.
func (s *Store) Operation(ctx context.Context, project string, sequence, number int64) (ledger.Operation, int64, error) {
	if _, err := s.Head(ctx, project); err != nil {
		return ledger.Operation{}, 0, err
	}
	found, err := collect(scanOperation)(s.reader.QueryContext(ctx, selectOperations+`
		where o.project = ?1 and o.sequence = ?2 and o.number = ?3`, project, sequence, number))
	if err != nil {
		return ledger.Operation{}, 0, classify(err, unreadable(project))
	}
	if len(found) == 0 {
		return ledger.Operation{}, 0, fault.Newf(fault.NotFound, "project %s has no operation %d in entry %d", project, number, sequence)
	}
	op := found[0].row
	if op.RedactedBy != 0 {
		return ledger.Operation{}, op.RedactedBy, nil
	}
	if ledger.OperationCommitment(op.Operation) != op.Commitment {
		return ledger.Operation{}, 0, fault.Newf(fault.Corrupt, "project %s: operation %d of entry %d was changed, it does not match its commitment", project, number, sequence)
	}
	return op.Operation, 0, nil
}

// TreeHashes implements ledger.Store.
func (s *Store) TreeHashes(ctx context.Context, project string, indexes []int64) ([]ledger.Hash, error) {
	if _, err := s.Head(ctx, project); err != nil {
		return nil, err
	}
	hashes, err := s.lookup.tree(ctx, project).ReadHashes(indexes)
	if err != nil {
		return nil, classify(err, unreadable(project))
	}
	return hashes, nil
}

// A page is read in one go and handed on from memory, so that no caller holds a connection while it works. Entries are never
// changed, so pages of different moments fit together.
const (
	pageEntries    = 512
	pageOperations = 4096
	pageBytes      = 4 << 20 // of envelopes
	pageNodes      = 4096
)

// Rows implements ledger.Store.
func (s *Store) Rows(ctx context.Context, project string, from, limit int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		head, err := s.Head(ctx, project)
		if err != nil {
			yield(ledger.Row{}, err)
			return
		}
		left := head.Size
		if limit > 0 {
			left = min(left, limit)
		}
		next := max(from, 1)
		for left > 0 && next <= head.Size {
			page, err := s.page(ctx, project, next, head.Size, min(left, pageEntries))
			if err != nil {
				yield(ledger.Row{}, classify(err, unreadable(project)))
				return
			}
			if len(page) == 0 {
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			left -= int64(len(page))
			next = page[len(page)-1].Sequence + 1
		}
	}
}

// TreeRows implements ledger.Store.
func (s *Store) TreeRows(ctx context.Context, project string, from int64) iter.Seq2[ledger.TreeRow, error] {
	return func(yield func(ledger.TreeRow, error) bool) {
		if _, err := s.Head(ctx, project); err != nil {
			yield(ledger.TreeRow{}, err)
			return
		}
		var last sql.NullInt64
		if err := s.reader.QueryRowContext(ctx, "select max(node) from tree_hashes where project = ?1", project).Scan(&last); err != nil {
			yield(ledger.TreeRow{}, classify(err, unreadable(project)))
			return
		}
		for next := from; last.Valid && next <= last.Int64; {
			page, err := collect(scanNode)(s.reader.QueryContext(ctx, `select node, hash from tree_hashes
				where project = ?1 and node between ?2 and ?3 order by node limit ?4`, project, next, last.Int64, pageNodes))
			if err != nil {
				yield(ledger.TreeRow{}, classify(err, unreadable(project)))
				return
			}
			if len(page) == 0 {
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			next = page[len(page)-1].Index + 1
		}
	}
}

// page reads up to limit rows from first to last with their operations, fewer when they are large.
func (s *Store) page(ctx context.Context, project string, first, last, limit int64) ([]ledger.Row, error) {
	page, err := s.pageOfEntries(ctx, project, first, last, limit)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	operations, err := collect(scanOperation)(s.reader.QueryContext(ctx, selectOperations+`
		where o.project = ?1 and o.sequence between ?2 and ?3 order by o.sequence, o.number`, project, page[0].Sequence, page[len(page)-1].Sequence))
	if err != nil {
		return nil, err
	}
	at := 0
	for _, op := range operations {
		for at < len(page) && page[at].Sequence < op.sequence {
			at++
		}
		if at < len(page) && page[at].Sequence == op.sequence {
			page[at].Operations = append(page[at].Operations, op.row)
		}
	}
	return page, nil
}

func (s *Store) pageOfEntries(ctx context.Context, project string, first, last, limit int64) (page []ledger.Row, err error) {
	rows, err := s.reader.QueryContext(ctx, `select sequence, coalesce(idempotency_key, ''), operation_count, operations_root, root, envelope
		from entries where project = ?1 and sequence between ?2 and ?3 order by sequence limit ?4`, project, first, last, limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var operations, bytes int64
	for rows.Next() {
		var row ledger.Row
		var operationsRoot, root sql.RawBytes
		if err := rows.Scan(&row.Sequence, &row.Key, &row.OperationCount, &operationsRoot, &root, &row.Envelope); err != nil {
			return nil, err
		}
		fixed(row.OperationsRoot[:], operationsRoot)
		fixed(row.Root[:], root)
		operations += row.OperationCount
		bytes += int64(len(row.Envelope))
		if len(page) > 0 && (operations > pageOperations || bytes > pageBytes) {
			break
		}
		page = append(page, row)
	}
	return page, rows.Err()
}

// headOf reads the head from the last entry.
func (l lookups) headOf(ctx context.Context, project string) (ledger.Head, error) {
	var size sql.NullInt64
	var root sql.RawBytes
	rows, err := l.head.QueryContext(ctx, project)
	if err != nil {
		return ledger.Head{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return ledger.Head{}, err
		}
		return ledger.Head{}, fault.Newf(fault.NotFound, "project %s does not exist", project)
	}
	if err := rows.Scan(&size, &root); err != nil {
		return ledger.Head{}, err
	}
	head := ledger.EmptyHead()
	if size.Valid {
		head.Size = size.Int64
		fixed(head.Root[:], root)
	}
	return head, rows.Close()
}

func (l lookups) sequenceOf(ctx context.Context, project, key string) (sequence int64, found bool, err error) {
	err = l.sequence.QueryRowContext(ctx, project, key).Scan(&sequence)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return sequence, err == nil, err
}

// tree reads nodes by their index, all in one query.
func (l lookups) tree(ctx context.Context, project string) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]ledger.Hash, error) {
		list := make([]byte, 1, 16*len(indexes)+2)
		list[0] = '['
		for i, index := range indexes {
			if i > 0 {
				list = append(list, ',')
			}
			list = strconv.AppendInt(list, index, 10)
		}
		nodes, err := collect(scanNode)(l.node.QueryContext(ctx, project, string(append(list, ']'))))
		if err != nil {
			return nil, err
		}
		byIndex := make(map[int64]ledger.Hash, len(nodes))
		for _, node := range nodes {
			byIndex[node.Index] = node.Hash
		}
		hashes := make([]ledger.Hash, len(indexes))
		for i, index := range indexes {
			hash, found := byIndex[index]
			if !found {
				return nil, fault.Newf(fault.Corrupt, "project %s: tree hash %d is missing", project, index)
			}
			hashes[i] = hash
		}
		return hashes, nil
	})
}

// selectOperations reads operations with the entry that redacts each, 0 for none.
const selectOperations = `select o.sequence, o.number, o.commitment, o.salt, o.bytes, coalesce(r.by_sequence, 0) from operations o
	left join redactions r on r.project = o.project and r.sequence = o.sequence and r.number = o.number`

// operationRow is an operation with the entry it belongs to.
type operationRow struct {
	sequence int64
	row      ledger.OperationRow
}

func scanOperation(rows *sql.Rows) (op operationRow, err error) {
	var commitment, salt sql.RawBytes
	err = rows.Scan(&op.sequence, &op.row.Number, &commitment, &salt, &op.row.Bytes, &op.row.RedactedBy)
	fixed(op.row.Commitment[:], commitment)
	fixed(op.row.Salt[:], salt)
	return op, err
}

func scanName(rows *sql.Rows) (name string, err error) {
	err = rows.Scan(&name)
	return name, err
}

func scanNode(rows *sql.Rows) (node ledger.TreeRow, err error) {
	var hash sql.RawBytes
	err = rows.Scan(&node.Index, &hash)
	fixed(node.Hash[:], hash)
	return node, err
}

// fixed copies a column of a fixed length. A column of any other length reads as zero, which is no hash of anything, so that
// verification names it instead of ending there.
func fixed(into, column []byte) {
	if len(column) == len(into) {
		copy(into, column)
	} else {
		clear(into)
	}
}

// collect reads all rows of a query that is known to be small: collect(scan)(db.QueryContext(...)).
func collect[T any](scan func(*sql.Rows) (T, error)) func(*sql.Rows, error) ([]T, error) {
	return func(rows *sql.Rows, err error) (all []T, _ error) {
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			one, err := scan(rows)
			if err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			all = append(all, one)
		}
		return all, errors.Join(rows.Err(), rows.Close())
	}
}

func unreadable(project string) string { return fmt.Sprintf("project %s cannot be read", project) }
