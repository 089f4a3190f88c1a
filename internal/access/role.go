package access

import (
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
)

// Role is what a person is in a project.
type Role string

// The roles, a closed list.
const (
	Reader   Role = "reader"   // looks, and takes copies
	Author   Role = "author"   // writes items and links
	Reviewer Role = "reviewer" // judges them
	Approver Role = "approver" // puts them in force
	Manager  Role = "manager"  // enrols people, keeps configuration and ledger
	Machine  Role = "machine"  // is a program, whatever other roles it has beside
)

// Roles lists all roles.
func Roles() []Role { return []Role{Reader, Author, Reviewer, Approver, Manager, Machine} }

// ofMachines are the roles that a program may have: with author it imports and
// pushes.
var ofMachines = []Role{Reader, Author, Machine}

// ParseRoles reads roles as people type them, with commas between them, and
// puts them in the order of Roles.
func ParseRoles(s string) ([]Role, error) {
	var given []Role
	for word := range strings.SplitSeq(s, ",") {
		given = append(given, Role(strings.TrimSpace(word)))
	}
	if err := checkRoles(given); err != nil {
		return nil, err
	}
	var roles []Role
	for _, r := range Roles() {
		if slices.Contains(given, r) {
			roles = append(roles, r)
		}
	}
	return roles, nil
}

// checkRoles refuses roles that there are not, and those that a program cannot have.
func checkRoles(roles []Role) error {
	for _, r := range roles {
		if !slices.Contains(Roles(), r) {
			return fault.Newf(fault.Invalid, "there is no role %.40q", r).WithHint("reader, author, reviewer, approver, manager; machine for a program")
		}
		if slices.Contains(roles, Machine) && !slices.Contains(ofMachines, r) {
			return fault.Newf(fault.Invalid, "a machine cannot be %s", r).WithHint("beside machine: reader, author")
		}
	}
	return nil
}
