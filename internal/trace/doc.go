// Package trace follows the thread of a project: matrices between kinds,
// coverage, impact, suspect links, and links that lead nowhere, twice or in a
// circle [62304 5.1.1.c, 5.2.6, 7.3.3].
//
// All functions are pure: a Snapshot and a Schema in, an answer out. None of
// them cuts an answer short; what may be large is yielded, not held.
//
// The thread runs downstream: from need and hazard to requirement, control,
// architecture, code and test. The schema says for each relation in which
// direction a change travels along it, and that is downstream.
package trace
