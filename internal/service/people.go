package service

import (
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// actor finds who acts. While nobody is enrolled, that is the local person.
func actor(l *project.Ledger, name string) (project.Person, error) {
	if len(l.People) == 0 {
		if name != LocalActor {
			return project.Person{}, fault.Newf(fault.Denied, "nobody is enrolled in this project, %s neither", name)
		}
		return project.Person{}, nil
	}
	if name == LocalActor {
		return project.Person{}, fault.Newf(fault.Denied, "people are enrolled in this project: say who you are").WithHint("goldthread key")
	}
	id, err := record.ParseID(name)
	if err != nil {
		return project.Person{}, fault.New(fault.Denied, "that is nobody", err)
	}
	p, there := l.Person(id)
	if !there || len(p.Roles) == 0 {
		return project.Person{}, fault.Newf(fault.Denied, "%s takes no part in this project", name)
	}
	return p, nil
}

// permit holds a change against the rights of who makes it, and against the control of changes.
func (s *Service) permit(st *State, c *record.Change) error {
	return control(st, c)
}
