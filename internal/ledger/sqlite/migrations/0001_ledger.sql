-- The ledger: projects, entries, operations and the hashes over them. Nothing here is ever updated or deleted; the triggers
-- say so to whoever tries. There is no time in any of these tables: order is the sequence.

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
  salt       blob    not null check (length(salt) = 32),
  bytes      blob    not null,
  primary key (project, sequence, number),
  foreign key (project, sequence) references entries (project, sequence)
) strict, without rowid;

create table tree_hashes (
  project text    not null references projects (project),
  node    integer not null check (node >= 0),
  hash    blob    not null check (length(hash) = 32),
  primary key (project, node)
) strict, without rowid;

create trigger projects_no_update before update on projects begin select raise(abort, 'the ledger is append-only'); end;
create trigger projects_no_delete before delete on projects begin select raise(abort, 'the ledger is append-only'); end;
create trigger entries_no_update before update on entries begin select raise(abort, 'the ledger is append-only'); end;
create trigger entries_no_delete before delete on entries begin select raise(abort, 'the ledger is append-only'); end;
create trigger operations_no_update before update on operations begin select raise(abort, 'the ledger is append-only'); end;
create trigger operations_no_delete before delete on operations begin select raise(abort, 'the ledger is append-only'); end;
create trigger tree_hashes_no_update before update on tree_hashes begin select raise(abort, 'the ledger is append-only'); end;
create trigger tree_hashes_no_delete before delete on tree_hashes begin select raise(abort, 'the ledger is append-only'); end;
