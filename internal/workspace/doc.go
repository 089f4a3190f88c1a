// Package workspace is the home of a project as text: a folder of Markdown
// documents, goldthread.yaml and goldthread.lock. The format is specified in
// docs/workspace.md.
//
// Read and Write are exact inverses on canonical files. Reading reports every
// fault it finds with file, line and column, and drops nothing in silence.
// A Draft folds documents, tags and test results into the one change from which
// package project makes a Snapshot. The package judges nothing: whether a link
// makes sense or a requirement has a test is said elsewhere.
package workspace
