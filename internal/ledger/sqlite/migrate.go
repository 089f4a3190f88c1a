package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/goldthread/goldthread/internal/fault"
)

// applicationID marks a file as ours, so that another program's database is not taken for an empty ledger.
const applicationID = 0x67746c31 // "gtl1"

//go:embed migrations/0001_ledger.sql
var ledgerSQL string

// migration is one step of the schema. A step that was released is never edited; a change is a new step.
type migration struct{ name, text string }

// migrations is the list in its order: step n brings a file to version n. A list that can be read at a glance is enough while
// there is one engine; a migration library comes with the second.
func migrations() []migration {
	return []migration{
		{"0001_ledger", ledgerSQL},
	}
}

// migrate brings the file to the newest version in one transaction, and refuses a file that is not ours or is newer than we are.
//
// goldthread:implements SRS-54
func migrate(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	version, err := fileVersion(ctx, tx)
	if err != nil {
		return err
	}
	steps := migrations()
	if version > len(steps) {
		return fault.Newf(fault.Invalid, "the ledger file has version %d, this goldthread knows %d", version, len(steps)).WithHint("use a newer goldthread")
	}
	if version == len(steps) {
		return nil
	}
	for i, step := range steps[version:] {
		if _, err := tx.ExecContext(ctx, step.text); err != nil {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
		if _, err := tx.ExecContext(ctx, "insert into schema_version (version, name) values (?1, ?2)", version+i+1, step.name); err != nil {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
	}
	return tx.Commit()
}

// fileVersion returns the version of the file and makes the table of versions in an empty one.
func fileVersion(ctx context.Context, tx *sql.Tx) (int, error) {
	var id, tables, version int
	if err := tx.QueryRowContext(ctx, "pragma application_id").Scan(&id); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, "select count(*) from sqlite_schema").Scan(&tables); err != nil {
		return 0, err
	}
	if id == 0 && tables == 0 {
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`pragma application_id = %d;
			create table schema_version (version integer primary key, name text not null) strict;
			create trigger schema_version_no_update before update on schema_version begin select raise(abort, 'the ledger is append-only'); end;
			create trigger schema_version_no_delete before delete on schema_version begin select raise(abort, 'the ledger is append-only'); end`, applicationID))
		return 0, err
	}
	if id != applicationID {
		return 0, fault.Newf(fault.Invalid, "the ledger file is a database of another program").WithHint("choose another folder with --data")
	}
	err := tx.QueryRowContext(ctx, "select coalesce(max(version), 0) from schema_version").Scan(&version)
	return version, err
}
