// Package record holds the words of goldthread: identities, keys, items, links,
// changes and the operations a change is made of, with their canonical codec
// and their hashes.
//
// It decides nothing and reads nothing: no files, no clock, no randomness, no
// knowledge of which kinds exist. What a kind may hold is package schema's
// business; what a change does to a project is package project's.
//
// # Content hash (h1)
//
// The content hash of an item is SHA-256 over the canonical JSON (RFC 8785) of
//
//	{"fields":{NAME:VALUE,…},"files":{NAME:SHA256HEX,…},"goldthread":"content 1",
//	 "kind":KIND,"text":TEXT,"title":TITLE}
//
// where fields holds only explicitly set fields, a VALUE is a JSON string or,
// for a field of many values, an array of strings, and TEXT and each string of a
// VALUE have their line ends turned to \n, spaces and tabs at line ends and empty
// lines at both ends removed. It is written "h1:" and 64 hexadecimal digits.
// Links, state, place and defaults are not covered.
//
// # Link-set hash (l1)
//
// The link-set hash is SHA-256 over the canonical JSON of
//
//	{"goldthread":"links 1","links":[[VERB,TARGET],…]}
//
// sorted by verb, then target; TARGET is the identity of the target item, or the
// reference as written where there is none. It is written "l1:" and 64 digits.
package record
