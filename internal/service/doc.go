// Package service is the only way to write: authorise, decide, append, publish.
// A command is decided against the newest Snapshot, appended to the ledger as
// one entry, and only then shown to readers; what cannot be appended did not
// happen. One file holds one command.
//
// Reading needs no lock: a Project is the state after one entry and never
// changes. Rights are asked here once there are accounts; until then the
// service acts for one local person, and its server is read-only.
package service
