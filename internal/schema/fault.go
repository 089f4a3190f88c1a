package schema

import "fmt"

// Fault is one thing wrong, or worth a note, in kinds.yaml or in an extension.
type Fault struct {
	File     string
	Line     int // from 1
	Column   int // from 1
	Severity string
	Rule     string // a rule of this package, or protected- and the id of a protection
	Message  string
	Remedy   string
}

// Severities of faults. A note does not stop anything.
const (
	SeverityError = "error"
	SeverityNote  = "note"
)

// String is the fault on one line, as compilers print it.
func (f Fault) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s: %s [%s]", f.File, f.Line, f.Column, f.Severity, f.Message, f.Rule)
	if f.Remedy != "" {
		s += "; " + f.Remedy
	}
	return s
}

// Rules that a fault may name, besides those of protections.
const (
	ruleSyntax       = "schema-syntax"
	ruleMember       = "schema-unknown-member"
	ruleDuplicate    = "schema-duplicate"
	ruleUndeclared   = "schema-undeclared"
	ruleName         = "schema-name"
	ruleIncomplete   = "schema-incomplete"
	ruleCitation     = "schema-citation"
	ruleCycle        = "schema-cycle"
	rulePrefix       = "schema-prefix"
	ruleField        = "schema-field"
	ruleRelation     = "schema-relation"
	ruleWorkflow     = "schema-workflow"
	ruleSize         = "schema-size"
	ruleServesNoRule = "kind-serves-no-rule"
)

// protectedRule is the rule of a fault that names an attempt to weaken.
const protectedRule = "protected-"

// hasErrors reports whether a fault among them is more than a note.
func hasErrors(faults []Fault) bool {
	for _, f := range faults {
		if f.Severity == SeverityError {
			return true
		}
	}
	return false
}
