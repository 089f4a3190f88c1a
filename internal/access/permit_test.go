package access_test

import (
	"crypto/ed25519"
	"errors"
	"testing"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

func idOf(name string) record.ID { return record.ProvisionalID(record.Key(name)) }

// person enrols somebody with a key made of the name; a machine has none.
func person(name string, roles ...string) record.Membership {
	m := record.Membership{Person: idOf(name), Name: name, Roles: roles}
	for _, r := range roles {
		if r == string(access.Machine) {
			return m
		}
	}
	m.Credentials = []record.Credential{keyOf(name)}
	return m
}

func keyOf(name string) record.Credential {
	seed := [ed25519.SeedSize]byte{}
	copy(seed[:], name)
	return signature.CredentialOf(ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
}

// ledgerOf is a ledger with people in it, each enrolled by an entry.
func ledgerOf(t *testing.T, people ...record.Membership) *project.Ledger {
	t.Helper()
	f := project.NewFold()
	for i, m := range people {
		if err := f.Apply(&record.Change{Sequence: int64(i + 1), Stream: record.Main, Operations: []record.Operation{m}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return f.Ledger()
}

func sign(name string, m record.Meaning) record.Sign {
	return record.Sign{Person: idOf(name), Name: name, Meaning: m}
}

// goldthread:verifies SRS-105
// goldthread:verifies SRS-107
func TestPermit(t *testing.T) {
	everyone := []record.Membership{person("Mia", "manager"), person("Ann", "author"), person("Rob", "reviewer"), person("Pia", "approver"), person("ci", "machine", "author"),
		person("Lea", "author"), person("Lea")}
	everyone[6].Credentials = nil
	put := record.PutItem{}
	tests := []struct {
		sentence string
		people   []record.Membership
		actor    string
		ops      []record.Operation
		want     string // what is refused and why; empty for what is permitted
	}{
		{"a folder of one's own is open", nil, "local", []record.Operation{put, record.Settings{}, record.Baseline{}, record.RotateKey{}}, ""},
		{"but nobody signs in it", nil, "local", []record.Operation{sign("Ann", record.MeaningReview)}, "nobody is enrolled who could sign"},
		{"and nobody else acts", nil, idOf("Ann").String(), []record.Operation{put}, "nobody is enrolled in this project, " + idOf("Ann").String() + " neither"},
		{"nor does it take what no version knows", nil, "local", []record.Operation{record.Unknown{Name: "put"}}, `nobody may do "unknown: put" in this version`},
		{"the first to be enrolled is a manager", nil, "local", []record.Operation{person("Mia", "manager", "author")}, ""},
		{"and nobody else", nil, "local", []record.Operation{person("Ann", "author")}, "nobody with a key would be a manager of the project"},
		{"a whole team at once", nil, "local", []record.Operation{person("Ann", "author"), person("Mia", "manager")}, ""},
		{"a manager without a key could not act", nil, "local", []record.Operation{record.Membership{Person: idOf("Mia"), Name: "Mia", Roles: []string{"manager"}}},
			"nobody with a key would be a manager of the project"},
		{"from then on local is nobody", everyone, "local", []record.Operation{put}, "people are enrolled in this project: say who you are"},
		{"an author writes", everyone, idOf("Ann").String(), []record.Operation{put, record.AddLink{}, record.Place{}, record.MoveState{}}, ""},
		{"and does not baseline", everyone, idOf("Ann").String(), []record.Operation{put, record.Baseline{}}, `Ann may not do "baseline" as author`},
		{"a manager does not write", everyone, idOf("Mia").String(), []record.Operation{put}, `Mia may not do "put" as manager`},
		{"who has left takes no part", everyone, idOf("Lea").String(), []record.Operation{put}, idOf("Lea").String() + " takes no part in this project"},
		{"a stranger takes no part", everyone, idOf("Eve").String(), []record.Operation{put}, idOf("Eve").String() + " takes no part in this project"},
		{"a name is no identity", everyone, "Ann", []record.Operation{put}, "that is nobody"},
		{"a reviewer reviews", everyone, idOf("Rob").String(), []record.Operation{sign("Rob", record.MeaningReview)}, ""},
		{"and does not approve", everyone, idOf("Rob").String(), []record.Operation{sign("Rob", record.MeaningApproval)}, `Rob may not do "sign: approval" as reviewer`},
		{"nobody signs for another", everyone, idOf("Rob").String(), []record.Operation{sign("Pia", record.MeaningReview)}, "Rob cannot sign for Pia"},
		{"no meaning beyond the list", everyone, idOf("Pia").String(), []record.Operation{sign("Pia", "waiver")}, `nobody may do "sign: waiver" in this version`},
		{"a machine writes as an author", everyone, idOf("ci").String(), []record.Operation{put, record.AttachEvidence{}}, ""},
		{"and never signs", everyone, idOf("ci").String(), []record.Operation{sign("ci", record.MeaningAuthorship)}, `ci is a machine: "sign: authorship" is for people`},
		{"nor confirms", everyone, idOf("ci").String(), []record.Operation{record.ConfirmLink{}}, `ci is a machine: "confirm link" is for people`},
		{"a manager enrols", everyone, idOf("Mia").String(), []record.Operation{person("Tim", "reader")}, ""},
		{"nobody else does, not even themselves", everyone, idOf("Ann").String(), []record.Operation{person("Ann", "author", "manager")}, `Ann may not do "membership" as author`},
		{"the last manager stays", everyone, idOf("Mia").String(), []record.Operation{person("Mia", "author")}, "nobody with a key would be a manager of the project"},
		{"or hands over", everyone, idOf("Mia").String(), []record.Operation{person("Ann", "author", "manager"), person("Mia", "author")}, ""},
		{"one key, one person", everyone, idOf("Mia").String(), []record.Operation{func() record.Operation { m := person("Tim", "author"); m.Credentials[0] = keyOf("Ann"); return m }()},
			"the key of Tim is or was that of Ann"},
		{"also when that person has left", everyone, idOf("Mia").String(), []record.Operation{func() record.Operation { m := person("Tim", "author"); m.Credentials[0] = keyOf("Lea"); return m }()},
			"the key of Tim is or was that of Lea"},
		{"a machine has no key that signs", everyone, idOf("Mia").String(), []record.Operation{record.Membership{Person: idOf("cd"), Name: "cd", Roles: []string{"machine"}, Credentials: []record.Credential{keyOf("cd")}}},
			"cd is a machine: it can have no key that signs"},
		{"a machine is no approver", everyone, idOf("Mia").String(), []record.Operation{person("cd", "machine", "approver")}, "a machine cannot be approver"},
		{"a role that there is not", everyone, idOf("Mia").String(), []record.Operation{person("Tim", "owner")}, `there is no role "owner"`},
		{"nobody without a name", everyone, idOf("Mia").String(), []record.Operation{record.Membership{Person: idOf("x"), Name: " ", Roles: []string{"reader"}}},
			"a person needs a name of one line, as it is printed beside signatures"},
		{"nobody without an identity", everyone, idOf("Mia").String(), []record.Operation{record.Membership{Name: "Tim", Roles: []string{"reader"}}}, "Tim has no identity"},
		{"no key that cannot sign", everyone, idOf("Mia").String(), []record.Operation{record.Membership{Person: idOf("Tim"), Name: "Tim", Roles: []string{"reader"}, Credentials: []record.Credential{{Kind: "ssh-rsa"}}}},
			"the credential cannot be used for signing"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			l := ledgerOf(t, tt.people...)
			err := access.Permit(l, &record.Change{Actor: tt.actor, Operations: tt.ops})
			if got := fault.Sentence(err); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if kind := fault.KindOf(err); err != nil && kind != fault.Denied && kind != fault.Invalid && kind != fault.Conflict {
				t.Errorf("of the kind %s", kind)
			}
		})
	}
}

func TestPortingNeedsItsOwnPermission(t *testing.T) {
	l := ledgerOf(t, person("Mia", "manager"), person("Rob", "reviewer"))
	c := &record.Change{Actor: idOf("Rob").String(), Ported: []record.Ported{{Stream: "1.x", Entry: 1}}, Operations: []record.Operation{record.ConfirmLink{}}}
	if err := access.Permit(l, c); fault.Sentence(err) != `Rob may not do "port" as reviewer` || fault.Hint(err) != "a manager can give the role author" {
		t.Error(err)
	}
}

func TestMay(t *testing.T) {
	l := ledgerOf(t, person("Mia", "manager"), person("Tim", "reader"))
	for _, tt := range []struct {
		actor string
		act   access.Act
		may   bool
	}{{"Tim", access.Read, true}, {"Tim", access.Export, true}, {"Tim", access.Backup, false}, {"Mia", access.Backup, true}, {"Eve", access.Read, false}, {"Mia", "fly", false}} {
		err := access.May(l, idOf(tt.actor).String(), tt.act)
		if (err == nil) != tt.may || err != nil && !errors.Is(err, fault.Denied) {
			t.Errorf("%s, %s: %v", tt.actor, tt.act, err)
		}
	}
	if err := access.May(ledgerOf(t), "local", access.Backup); err != nil {
		t.Error(err)
	}
}

func TestWhoseKeyItIs(t *testing.T) {
	left := person("Lea")
	l := ledgerOf(t, person("Mia", "manager"), person("Tim", "reader"), left)
	if p, err := access.WithCredential(l, keyOf("Tim")); err != nil || p.Name != "Tim" {
		t.Errorf("%v, %v", p, err)
	}
	for _, name := range []string{"Eve", "Lea"} {
		if _, err := access.WithCredential(l, keyOf(name)); !errors.Is(err, fault.Denied) || fault.Hint(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
