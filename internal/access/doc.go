// Package access says who may do what: the roles of a project, one table of
// permissions, and which approvals count.
//
// Nothing is permitted that the table does not permit [21 CFR 11.10(d),(g)]. A
// person may have several roles; they add up, and none contains another, so that
// a list of roles says all. Package service asks Permit for every change before
// it appends it, and May for what changes nothing; nobody else decides.
//
// A ledger in which nobody is enrolled is a folder of one's own: Local does
// everything in it but sign. The first change that enrols people must enrol a
// manager; from then on only those who are enrolled act, and somebody stays a
// manager. A machine, an account of a program, is enrolled under the role
// machine: it can hold no key that signs, and no signature of it counts.
//
// The package refuses to know sessions and passwords: who somebody is was found
// out before. The table is printed in docs/signatures.md.
package access
