// Package verify proves an exported ledger, offline and by itself: hashes, checkpoints, key rotations, redactions, personal signatures,
// times, anchors and files. It serves an auditor who wants to see that the records of a device are those that were made, when they
// were made [62304 8.3] [62304 5.1.11], and who trusts neither the program that kept them nor the people who run it.
//
// It stands alone: it imports the standard library and golang.org/x/mod, nothing of goldthread, and is short enough to be read in a day.
// Begin with File in verify.go. docs/ledger.md is its specification; testdata/verify.py is a second verifier made from the same page.
//
// # What it is given
//
// An export is a zip file in which nothing is compressed:
//
//	ledger.jsonl     one entry a line, canonical JSON (RFC 8785)
//	checkpoints      signed notes, ascending in size, an empty line between two
//	keys             verifier keys, one a line, in the order in which they came into force
//	blobs/HASH       files by the SHA-256 of their bytes
//
// and, if the auditor has any, checkpoints of the same ledger that were kept somewhere else.
//
// # What it finds
//
// Every place where the file does not agree with itself or with a checkpoint that was kept elsewhere, with the number of the entry and of
// the operation, the first one first. It refuses to guess: what it cannot verify is a note, and says why.
//
// It cannot find a history that was rewritten as a whole and signed with the ledger's own key, unless a checkpoint from before was kept
// elsewhere; nor what was never entered.
package verify
