// Package ledger is the append-only, hashed record of everything that happened to a project: which bytes were entered, in which
// order, and how that can be proven later by somebody who has neither the database nor the program. It serves the retrievable
// history of controlled items [62304 8.3] and the keeping of problem and change records [62304 6.2.2].
//
// It treats entries as opaque: it knows sequence, envelope bytes, operation bytes, salts and hashes, and refuses to know what
// any of them mean. It is pure: no files, database, clock or randomness. Rows are kept by a Store (package sqlite); salts and
// times come from the caller. Order is the sequence and nothing else.
//
// # Numbers
//
// Whatever can be named by a person is numbered from 1: the first entry of a project is entry 1, the first operation of an entry
// is operation 1. Only inside the hash trees of RFC 6962 do leaves count from 0: entry n is leaf n-1. So the size of a head is
// also the number of its last entry, and "what came after this head" starts at Size+1.
//
// # Format v1
//
// H is SHA-256, || joins bytes, decimal numbers have no sign and no leading zero, hex is lower case.
//
//	commitment of an operation   H("goldthread op v1\n" || salt (32 bytes) || operation bytes)
//	operations root              RFC 6962 tree head over the commitments of the entry, each 32 bytes being one leaf's data
//	leaf data of an entry        "goldthread entry v1\n"
//	                             decimal sequence "\n"
//	                             decimal number of operations "\n"
//	                             hex operations root "\n"
//	                             envelope bytes, to the end
//	root of a ledger             RFC 6962 tree head over the leaf data of entries 1 to Size
//
// The tree head of nothing is H(""). No two different entries have the same leaf data: every part before the envelope ends at a
// line feed it cannot contain, and only the last part is of free length. The same holds for a commitment: its salt has a fixed
// length. The salt makes a commitment hiding: who holds it without the salt cannot find the operation by trying texts, so an
// operation's bytes and salt can be taken out (Entry.Redacts) while everything stays provable.
//
// A ledger is named by the leaf hash of its first entry (Origin). Its heads are signed as checkpoints (SignHead), which prove
// entries, operations and growth to somebody who has only a key (ProofText, GrowthText and what reads them).
//
// A worked example: entry 1 with envelope {"seq":1} and the one operation "put" under a salt of 32 bytes 0x01.
//
//	commitment       769809199a0f89035265c75572eeda44815c13b96eda5233086ecf4b116d3138
//	operations root  71d5d74d9173abd7649372e761e64def3b7c8ffd9c500bae097f877fc544e498
//	leaf data        "goldthread entry v1\n1\n1\n71d5d74d9173abd7649372e761e64def3b7c8ffd9c500bae097f877fc544e498\n{\"seq\":1}"
//	root of size 1   c7621453c3109e6384f3d7ed353d90b57bb592520c1315877e8e05da27d78a72
//
// docs/ledger.md says why, and what was rejected; testdata/vectors.json has more examples, made by another program.
package ledger
