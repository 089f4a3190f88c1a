package web

// word is a term of the pages with what it means and what to do about it.
type word struct{ ID, Term, Meaning string }

// words explains the terms of the given names, in the order of the names.
func words(names ...string) []word {
	all := map[string]word{}
	for _, w := range glossary() {
		all[w.ID] = w
	}
	out := make([]word, 0, len(names))
	for _, n := range names {
		if w, ok := all[n]; ok {
			out = append(out, w)
		}
	}
	return out
}

func glossary() []word {
	return []word{
		{"upstream", "Upstream", "To what an item comes from: need, hazard, the requirement it refines. A changed item upstream may call for changes here."},
		{"downstream", "Downstream", "To what follows from an item: requirement, control, unit, code, test. A change here may call for changes there."},
		{"orphan", "Leads nowhere upstream", "Nothing says what the item comes from. Where the standard expects an origin, this is a finding: link the item to its origin, or retire it."},
		{"dead-end", "Leads nowhere downstream", "Nothing follows from the item yet. Where the standard expects something to follow, this is a finding: write it and link it, or retire the item."},
		{"verification", "With verification", "A test, review or validation is linked to the item. That alone says nothing of its result; the column Verification does."},
		{"suspect", "Suspect link", "An end of the link has changed since a person last confirmed that it is right. Compare both ends, correct what no longer fits, then confirm the link with a reason: goldthread confirm KEY --reason …"},
		{"unbound", "Passed, unbound", "A report says that the test passed, but not for which build: it names no build manifest. It proves nothing yet. Bind the report to the build that was tested."},
		{"no-result", "No result", "No report speaks of the test, or of one of the tests behind the item. Run it and take its report in."},
		{"class", "Software safety class", "A, B or C by the worst harm that a failure of the software can lead to [62304 4.3]. An item without a class has that of what it is part of; a system for which none is decided is handled as C."},
		{"state", "State", "Where the item stands in the workflow of its kind. Approval is a signature in the ledger; text cannot say it."},
		{"entry", "Entry", "One change of the project in its append-only ledger. The hash is the root of the tree over all entries up to this one: whoever has it can prove that nothing before was changed."},
		{"finding", "Finding", "Something wrong with the records, found by a rule: errors and warnings must be mended, a note only tells. Faults of texts, tags and reports are told when a folder is read: goldthread check."},
		{"revision", "Revision", "Saving an item makes a new revision; the earlier ones stay in the ledger. The content hash covers kind, title, text, fields and files."},
		{"missing", "Missing", "A link names a key that no item of the project has. Correct the key, or write the item."},
		{"retired", "Retired", "The item is out of use. It stays readable; links to it are findings."},
		{"thread", "Thread", "What an item comes from and what follows from it: along refinement, implementation, allocation, causes, controls and verification, from intended use and hazard to code, test and result."},
	}
}
