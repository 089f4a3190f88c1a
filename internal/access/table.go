package access

import (
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// Act is something that can be permitted: an operation of a change, by its name
// in the codec, or a command beside them.
type Act string

// Acts that are no operations.
const (
	Read        Act = "read"         // look at anything of the project
	Export      Act = "export"       // copies for others [21 CFR 11.10(b)]
	Verify      Act = "verify"       // hashes, signatures, files
	Port        Act = "port"         // changes of another stream, beside the operations that bring them over
	Backup      Act = "backup"       // of the whole ledger with its files
	AcceptClock Act = "accept clock" // the operator's word that a clock is right although it jumped
)

// SignAs is the act of signing with a meaning.
func SignAs(m record.Meaning) Act { return Act("sign: " + string(m)) }

// permission is a row of the table.
type permission struct {
	act      Act
	roles    []Role
	personal bool // never a machine's, whatever other roles it has
	why      string
}

// permissions is the table. What has no row is permitted to nobody.
var permissions = []permission{
	{Read, Roles(), false, "a project is invisible to everybody else"},
	{Export, Roles(), false, "whoever may read may take a copy"},
	{Verify, Roles(), false, "trust is checked, not granted"},

	{act(record.PutItem{}), []Role{Author}, false, ""},
	{act(record.Rekey{}), []Role{Author}, false, ""},
	{act(record.Retire{}), []Role{Author}, false, ""},
	{act(record.Place{}), []Role{Author}, false, ""},
	{act(record.AddLink{}), []Role{Author}, false, ""},
	{act(record.Unlink{}), []Role{Author}, false, ""},
	{Port, []Role{Author}, false, "beside what the operations need that it brings over"},

	{act(record.ConfirmLink{}), []Role{Author, Reviewer, Approver}, true, "somebody has looked at both ends"},
	{act(record.MoveState{}), []Role{Author, Reviewer, Approver}, false, "steps that ask for a signature are made by signing"},
	{act(record.Comment{}), []Role{Author, Reviewer, Approver, Manager}, false, ""},
	{act(record.AttachEvidence{}), []Role{Author, Reviewer, Machine}, false, "a build server hands in reports"},

	{SignAs(record.MeaningAuthorship), []Role{Author}, true, ""},
	{SignAs(record.MeaningReview), []Role{Reviewer, Approver}, true, ""},
	{SignAs(record.MeaningApproval), []Role{Approver}, true, "not as the only one of own work"},
	{SignAs(record.MeaningResponsibility), []Role{Approver, Manager}, true, "by a manager also the exception to independent approval"},

	{act(record.Baseline{}), []Role{Approver, Manager}, false, ""},
	{act(record.Branch{}), []Role{Manager}, false, ""},
	{act(record.Settings{}), []Role{Manager}, false, "they govern what is judged, and how"},
	{act(record.Membership{}), []Role{Manager}, true, "who enrols vouches for who it is"},
	{act(record.Redact{}), []Role{Manager}, true, "on an order, which is named"},
	{act(record.Anchor{}), []Role{Manager, Machine}, false, "adds proof and changes nothing"},
	{act(record.RotateKey{}), []Role{Manager}, true, ""},
	{Backup, []Role{Manager, Machine}, false, ""},
	{AcceptClock, []Role{Manager}, true, "a person has looked at a clock"},
}

func act(op record.Operation) Act { return Act(op.Type()) }

// signing reports whether an act is a signature.
func (a Act) signing() bool { return strings.HasPrefix(string(a), string(SignAs(""))) }

// row finds the row of an act, nil where there is none.
func row(a Act) *permission {
	i := slices.IndexFunc(permissions, func(p permission) bool { return p.act == a })
	if i < 0 {
		return nil
	}
	return &permissions[i]
}

// Permitted reports whether somebody with these roles may do something.
func Permitted(a Act, roles ...Role) bool {
	p := row(a)
	if p == nil || p.personal && slices.Contains(roles, Machine) {
		return false
	}
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.roles, r) })
}

// Acts lists everything that the table has a row for, in its order.
func Acts() []Act {
	acts := make([]Act, len(permissions))
	for i, p := range permissions {
		acts[i] = p.act
	}
	return acts
}

// Table prints the table in Markdown.
func Table() string {
	var b strings.Builder
	b.WriteString("| what |")
	for _, r := range Roles() {
		b.WriteString(" " + string(r) + " |")
	}
	b.WriteString(" why |\n|---|" + strings.Repeat(":-:|", len(Roles())) + "---|\n")
	for _, p := range permissions {
		b.WriteString("| " + string(p.act) + " |")
		for _, r := range Roles() {
			switch {
			case slices.Contains(p.roles, r):
				b.WriteString(" yes |")
			case r == Machine && p.personal:
				b.WriteString(" never |")
			default:
				b.WriteString(" |")
			}
		}
		b.WriteString(strings.TrimRight(" "+p.why, " ") + " |\n")
	}
	return b.String()
}
