-- The ledger: projects, entries, operations, the hashes over them, and the checkpoints over those. Nothing here is ever updated or
-- deleted, with one exception: an operation that a row of redactions names loses its salt and its bytes. The triggers say so to
-- whoever tries anything else. There is no time in any of these tables: order is the sequence.

create table projects (
  project text not null primary key
) strict, without rowid;

create table entries (
  project          text    not null references projects (project),
  sequence         integer not null check (sequence >= 1),
  idempotency_key  text,
  operation_count  integer not null check (operation_count >= 0),
  operations_root  blob    not null check (length(operations_root) = 32),
  root             blob    not null check (length(root) = 32),
  envelope         blob    not null,
  primary key (project, sequence)
) strict, without rowid;

create unique index entries_by_key on entries (project, idempotency_key) where idempotency_key is not null;

create table operations (
  project    text    not null,
  sequence   integer not null,
  number     integer not null check (number >= 1),
  commitment blob    not null check (length(commitment) = 32),
  salt       blob             check (length(salt) = 32),
  bytes      blob             check ((salt is null) = (bytes is null)),
  primary key (project, sequence, number),
  foreign key (project, sequence) references entries (project, sequence)
) strict, without rowid;

-- Which entry took out which operation. It comes before the update that it allows, and before the entry in an import.
create table redactions (
  project     text    not null,
  sequence    integer not null,
  number      integer not null,
  by_sequence integer not null check (by_sequence > sequence),
  primary key (project, sequence, number),
  foreign key (project, sequence, number) references operations (project, sequence, number) deferrable initially deferred,
  foreign key (project, by_sequence) references entries (project, sequence) deferrable initially deferred
) strict, without rowid;

create index redactions_by_entry on redactions (project, by_sequence);

create table tree_hashes (
  project text    not null references projects (project),
  node    integer not null check (node >= 0),
  hash    blob    not null check (length(hash) = 32),
  primary key (project, node)
) strict, without rowid;

create table checkpoints (
  project text    not null,
  size    integer not null,
  note    blob    not null,
  primary key (project, size),
  foreign key (project, size) references entries (project, sequence)
) strict, without rowid;

create trigger projects_no_update before update on projects begin select raise(abort, 'the ledger is append-only'); end;
create trigger projects_no_delete before delete on projects begin select raise(abort, 'the ledger is append-only'); end;
create trigger entries_no_update before update on entries begin select raise(abort, 'the ledger is append-only'); end;
create trigger entries_no_delete before delete on entries begin select raise(abort, 'the ledger is append-only'); end;
create trigger operations_no_update before update on operations
  when not (new.salt is null and new.bytes is null and old.salt is not null
    and new.project = old.project and new.sequence = old.sequence and new.number = old.number and new.commitment = old.commitment
    and exists (select 1 from redactions r where r.project = old.project and r.sequence = old.sequence and r.number = old.number))
  begin select raise(abort, 'the ledger is append-only'); end;
create trigger operations_no_delete before delete on operations begin select raise(abort, 'the ledger is append-only'); end;
create trigger redactions_no_update before update on redactions begin select raise(abort, 'the ledger is append-only'); end;
create trigger redactions_no_delete before delete on redactions begin select raise(abort, 'the ledger is append-only'); end;
create trigger tree_hashes_no_update before update on tree_hashes begin select raise(abort, 'the ledger is append-only'); end;
create trigger tree_hashes_no_delete before delete on tree_hashes begin select raise(abort, 'the ledger is append-only'); end;
create trigger checkpoints_no_update before update on checkpoints begin select raise(abort, 'the ledger is append-only'); end;
create trigger checkpoints_no_delete before delete on checkpoints begin select raise(abort, 'the ledger is append-only'); end;
