package service

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// problemKinds is the group of kinds by which changes come about: they are not controlled themselves.
const problemKinds = "problems and changes"

// controlled is the newest baseline of a stream whose items are controlled. Control begins with the baseline that a plan names,
// else with the first one; each baseline after it adds its items. Before it there is none.
func controlled(s *project.Snapshot, sch *schema.Schema) (project.NamedBaseline, bool) {
	named := map[string]bool{}
	for _, n := range s.All() {
		if !sch.Is(n.Item.Kind, schema.KindPLN) {
			continue
		}
		plan, _ := schema.AsPlan(&n.Item)
		if name := plan.ControlPoint(); checkName("baseline", name) == nil {
			named[name] = true
		}
	}
	all := s.Baselines()
	if len(all) == 0 {
		return project.NamedBaseline{}, false
	}
	begun := len(named) == 0
	for _, b := range all {
		begun = begun || named[b.Name]
	}
	return all[len(all)-1], begun
}

// control refuses a change of controlled items without an approved change request [62304 8.2.1].
//
// goldthread:implements SRS-86
func control(st *State, c *record.Change) error {
	baseline, begun := controlled(st.Snapshot, st.Schema)
	if !begun {
		return nil
	}
	touched := st.controlledAmong(changedItems(c.Operations), baseline)
	if len(touched) == 0 {
		return nil
	}
	slices.Sort(touched)
	what := strings.Join(touched[:min(3, len(touched))], ", ")
	if more := len(touched) - 3; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	if c.Request == "" {
		return fault.Newf(fault.Denied, "%s: controlled since baseline %s, so that a change needs an approved change request", what, baseline.Name).
			WithHint("write a change request (CR), have it approved, and name it: --request CR-1")
	}
	return approvedRequest(st, record.Key(c.Request))
}

// controlledAmong are the keys of those items that a baseline holds.
func (st *State) controlledAmong(ids map[record.ID]bool, baseline project.NamedBaseline) []string {
	var keys []string
	for id := range ids {
		h, there := st.Snapshot.ByID(id)
		if !there {
			continue
		}
		n := st.Snapshot.Node(h)
		first := n.At.Entry
		if len(n.Earlier) > 0 {
			first = n.Earlier[0].Entry
		}
		if kind := st.Schema.Kind(n.Item.Kind); first <= baseline.Entry && (kind == nil || kind.Group != problemKinds) {
			keys = append(keys, string(n.Item.Key))
		}
	}
	return keys
}

// Changed are the items whose content, links, key or outline a change changes.
func Changed(c *record.Change) map[record.ID]bool { return changedItems(c.Operations) }

// changedItems are the items whose content, links, key or outline operations change. Confirming a link, moving a state, a
// signature, a comment and evidence change none: they are how items are judged.
func changedItems(ops []record.Operation) map[record.ID]bool {
	out := map[record.ID]bool{}
	for _, op := range ops {
		switch op := op.(type) {
		case record.PutItem:
			out[op.Item.ID] = true
		case record.Rekey:
			out[op.ID] = true
		case record.Retire:
			out[op.ID] = true
		case record.Place:
			out[op.Document] = true
		case record.AddLink:
			out[op.Link.Source] = true
		case record.Unlink:
			out[op.Source] = true
		}
	}
	return out
}

// approvedRequest refuses a change request that nobody has approved as it is.
func approvedRequest(st *State, key record.Key) error {
	h, there := st.Snapshot.ByKey(key)
	if !there || !st.Snapshot.Node(h).Present() || !st.Schema.Is(st.Snapshot.Node(h).Item.Kind, schema.KindCR) {
		return fault.Newf(fault.Invalid, "%s is no change request of this project", key)
	}
	state, phase := stateOf(st.Schema, st.Snapshot.Node(h))
	if phase != schema.Effective {
		return fault.Newf(fault.Denied, "%s is not approved: its state is %q", key, state).WithHint("goldthread sign " + string(key) + " --meaning approval")
	}
	if len(st.Ledger.People) == 0 {
		return nil // nobody is enrolled who could sign
	}
	for x := range st.Snapshot.Signatures(h) {
		if x.Meaning == record.MeaningApproval {
			return nil
		}
	}
	return fault.Newf(fault.Denied, "%s has changed since it was approved", key).WithHint("goldthread sign " + string(key) + " --meaning approval")
}
