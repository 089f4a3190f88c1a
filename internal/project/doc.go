// Package project folds the entries of a ledger, or of a text workspace, into
// immutable Snapshots.
//
// A Snapshot is safe for any number of readers; nobody waits. Applying a change
// makes a new Snapshot that shares all it did not touch: items, links and
// adjacency lie in paged vectors that are copied page by page, and keys and
// identities are found through a hash trie of fixed depth, so that a change
// costs the same whatever the size of the project. Inside, items are Handles
// (dense integers that never change their meaning within a project) and links
// LinkHandles; outside they are identities and keys.
//
// Long text and history are not held. A Node says which operations of which
// entries hold them, and a Source reads those.
//
// The package decides nothing about kinds, rules or rights and refuses only
// operations that contradict the state they are applied to.
package project
