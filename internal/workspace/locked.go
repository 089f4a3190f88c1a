package workspace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Rules about the lock.
const (
	RuleNoLock     = "no-lock"
	RuleUnrecorded = "unrecorded"
	RuleStaleLock  = "stale-lock"
)

// Rules about what a merge of two branches leaves behind.
const (
	RuleDuplicateKey   = "duplicate-key"
	RuleLockConflict   = "lock-conflict"
	RuleConflictMarker = "conflict-marker"
	RuleMissingFile    = "missing-file"
)

// CheckLock compares the lock with the text: what it does not know yet, and
// what it knows although the text does not have it any more. Without a lock no
// link can be found suspect, and that is said once.
//
// goldthread:implements SRS-25
func (d *Draft) CheckLock(s *project.Snapshot, t *Text) []finding.Finding {
	if len(t.Documents) == 0 {
		return nil
	}
	if !t.Lock.Present {
		severity := finding.Note
		if t.Config.Present {
			severity = finding.Warning
		}
		return []finding.Finding{{Rule: RuleNoLock, Severity: severity, Message: "there is no " + LockFile + ", so that no changed end of a link can be noticed",
			Remedy: "run goldthread fmt"}}
	}
	var out []finding.Finding
	unrecorded := func(key record.Key, at Place, message string) {
		out = append(out, finding.Finding{Rule: RuleUnrecorded, Severity: finding.Warning, Item: key, File: at.File, Line: at.Line, Column: at.Column,
			Message: message, Remedy: "run goldthread fmt"})
	}
	items, links := 0, 0
	var name []byte
	for _, doc := range t.Documents {
		if _, known := t.Lock.Items[doc.Key()]; known {
			items++
		}
		for it := range doc.Items() {
			_, known := t.Lock.Items[it.Key]
			if known {
				items++
			} else {
				unrecorded(it.Key, Place{doc.Path, it.Line, 1}, fmt.Sprintf("%s is not recorded in %s yet", it.Key, LockFile))
			}
			for _, l := range it.Links {
				name = appendLinkName(name[:0], it.Key, l.Verb, l.Target)
				if _, recorded := t.Lock.Links[string(name)]; recorded {
					links++
				} else if target, ok := s.ByKey(record.Key(l.Target)); known && ok && s.Node(target).Present() {
					unrecorded(it.Key, Place{doc.Path, l.Line, l.Column}, fmt.Sprintf("the link %s %s %s is not recorded in %s yet", it.Key, l.Verb, l.Target, LockFile))
				}
			}
		}
	}
	if items == len(t.Lock.Items) && links == len(t.Lock.Links) {
		return out // nothing is left over; keys that are there twice have their own finding
	}
	return append(out, t.stale(links)...)
}

// stale lists what the lock has and the text has not.
func (t *Text) stale(links int) []finding.Finding {
	items := make(map[record.Key]bool, len(t.Lock.Items))
	for _, doc := range t.Documents {
		items[doc.Key()] = true
		for it := range doc.Items() {
			items[it.Key] = true
		}
	}
	var out []finding.Finding
	note := func(key record.Key, line int, message string) {
		out = append(out, finding.Finding{Rule: RuleStaleLock, Severity: finding.Note, Item: key, File: LockFile, Line: line, Column: 1, Message: message,
			Remedy: "if that is meant, run goldthread fmt; if the item has a new key, put the old one back and run goldthread rekey"})
	}
	for key, it := range t.Lock.Items {
		if !items[key] {
			note(key, it.Line, fmt.Sprintf("%s is recorded here, but no document has it any more", key))
		}
	}
	if links == len(t.Lock.Links) {
		return out
	}
	present := make(map[string]bool, links)
	for _, doc := range t.Documents {
		for it := range doc.Items() {
			for _, l := range it.Links {
				present[LinkName(it.Key, l.Verb, l.Target)] = true
			}
		}
	}
	for name, l := range t.Lock.Links {
		if source, _, _ := strings.Cut(name, " "); !present[name] && items[record.Key(source)] {
			note(record.Key(source), l.Line, fmt.Sprintf("the link %s is recorded here, but the text does not have it any more", name))
		}
	}
	slices.SortFunc(out, func(a, b finding.Finding) int { return a.Line - b.Line })
	return out
}
