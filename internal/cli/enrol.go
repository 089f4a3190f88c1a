package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/keyfile"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// enrolOptions are the flags of enrol.
type enrolOptions struct {
	writeFlags
	person, public string
	roles          []string
	self           bool
}

func enrolCommand(env *Environment) *cobra.Command {
	var opt enrolOptions
	c := &cobra.Command{
		Use:   "enrol [NAME]",
		Short: "take a person into a project with roles and key, or list who takes part",
		Long: `enrol records who a person is, as the name stands beside signatures, what the person
may do, and the public key that the person signs with. The first person of a project
must be a manager with a key; from then on only people who are enrolled act, and a
manager enrols them. With --person it replaces what is known of somebody as a whole;
without --role that person has left. Identities are never given to another.

Without NAME it lists everybody.`,
		Example: "  goldthread enrol 'Ann Author' --role manager,author --self --reason 'founds the project'\n  goldthread enrol 'Bob Review' --role reviewer,approver --public bob.pub --reason 'joins as reviewer'\n  goldthread enrol",
		Args:    arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return env.listPeople(cmd.Context(), opt.writeFlags)
			}
			return env.enrol(cmd.Context(), args[0], opt)
		},
	}
	opt.add(c)
	c.Flags().StringVar(&opt.person, "person", "", "identity of somebody who is enrolled already")
	c.Flags().StringSliceVar(&opt.roles, "role", nil, "reader, author, reviewer, approver, manager, machine; several with commas")
	c.Flags().StringVar(&opt.public, "public", "", "file with the public key of the person")
	c.Flags().BoolVar(&opt.self, "self", false, "the person is you, with your key")
	return c
}

func (env *Environment) enrol(ctx context.Context, name string, opt enrolOptions) error {
	m := record.Membership{Name: name, Roles: opt.roles}
	var err error
	if opt.person != "" {
		if m.Person, err = record.ParseID(opt.person); err != nil {
			return fault.New(fault.Invalid, "--person names no identity", err).WithHint("goldthread enrol lists them")
		}
	}
	switch {
	case opt.self && opt.public != "":
		return fault.Newf(fault.Invalid, "--self and --public say two different things")
	case opt.self:
		path, err := env.keyFile(opt.key.file)
		if err != nil {
			return err
		}
		public, err := keyfile.Look(path)
		if err != nil {
			return err
		}
		m.Credentials = []record.Credential{public.Credential}
	case opt.public != "":
		public, err := keyfile.Look(env.path(opt.public))
		if err != nil {
			return err
		}
		m.Credentials = []record.Credential{public.Credential}
	}
	l, command, err := env.writing(ctx, opt.writeFlags)
	if err != nil {
		return err
	}
	defer l.close()
	m, r, err := l.Enrol(ctx, command, m)
	if err != nil {
		return err
	}
	if opt.asJSON {
		return writeJSON(env.Stdout, map[string]any{"entry": r.Entry, "person": m.Person.String()})
	}
	fmt.Fprintf(env.Stdout, "entry %d: %s is %s, %s\n", r.Entry, printable(m.Name), m.Person, roleList(m.Roles))
	return nil
}

type personRow struct {
	Person string   `json:"person"`
	Name   string   `json:"name"`
	Roles  []string `json:"roles"`
	Keys   []string `json:"keys"` // fingerprints
	Since  int64    `json:"since"`
}

func (env *Environment) listPeople(ctx context.Context, w writeFlags) error {
	l, err := env.openLedger(ctx, w.ledgerFlags, env.folderFlag(w.dir))
	if err != nil {
		return err
	}
	defer l.close()
	p, err := l.Project(ctx, l.name)
	if err != nil {
		return err
	}
	rows, table := []personRow{}, [][]cell{}
	for _, x := range p.Ledger.People {
		row := personRow{Person: x.Person.String(), Name: x.Name, Roles: append([]string{}, x.Roles...), Keys: []string{}, Since: x.Since}
		for _, c := range x.Credentials {
			if fingerprint, err := signature.Fingerprint(c); err == nil {
				row.Keys = append(row.Keys, fingerprint)
			}
		}
		rows = append(rows, row)
		roles := roleList(row.Roles)
		if roles == "" {
			roles = "has left"
		}
		table = append(table, []cell{cell(printable(row.Name)), cell(row.Person), cell(printable(roles)), cell(roleList(row.Keys))})
	}
	if w.asJSON {
		return writeJSON(env.Stdout, rows)
	}
	if len(rows) == 0 {
		fmt.Fprintln(env.Stdout, "nobody is enrolled; whoever has the data folder acts as "+access.Local)
		return nil
	}
	return writeTable(env.Stdout, "", table)
}
