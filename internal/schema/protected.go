package schema

// Ids of what an extension may not weaken; kinds.yaml says of each what it is and why.
const (
	kindRemoved          = "kind-removed"
	kindRenamed          = "kind-renamed"
	kindMoved            = "kind-moved"
	kindRespecialised    = "kind-respecialised"
	kindWorkflowChanged  = "kind-workflow-changed"
	prefixChanged        = "prefix-changed"
	prefixTaken          = "prefix-taken"
	derivedWritten       = "derived-written"
	citationChanged      = "citation-changed"
	fieldRemoved         = "field-removed"
	fieldTypeChanged     = "field-type-changed"
	fieldManyChanged     = "field-many-changed"
	fieldDefaultChanged  = "field-default-changed"
	requirementLifted    = "requirement-lifted"
	valueRemoved         = "value-removed"
	valueChanged         = "value-changed"
	valueAdded           = "value-added"
	fieldOpened          = "field-opened"
	relationRemoved      = "relation-removed"
	relationReversed     = "relation-reversed"
	relationNarrowed     = "relation-narrowed"
	relationWidened      = "relation-widened"
	evidenceLifted       = "evidence-lifted"
	minimumLowered       = "minimum-lowered"
	maximumRaised        = "maximum-raised"
	cycleAllowed         = "cycle-allowed"
	impactNarrowed       = "impact-narrowed"
	workflowRemoved      = "workflow-removed"
	workflowStartChanged = "workflow-start-changed"
	stateRemoved         = "state-removed"
	stateChanged         = "state-changed"
	transitionRemoved    = "transition-removed"
	signatureLifted      = "signature-lifted"
	workflowBypassed     = "workflow-bypassed"
	protectionChanged    = "protection-changed"
)

// protections lists every id.
func protections() []string {
	return []string{
		kindRemoved, kindRenamed, kindMoved, kindRespecialised, kindWorkflowChanged, prefixChanged, prefixTaken,
		derivedWritten, citationChanged, fieldRemoved, fieldTypeChanged, fieldManyChanged, fieldDefaultChanged,
		requirementLifted, valueRemoved, valueChanged, valueAdded, fieldOpened, relationRemoved, relationReversed,
		relationNarrowed, relationWidened, evidenceLifted, minimumLowered, maximumRaised, cycleAllowed, impactNarrowed,
		workflowRemoved, workflowStartChanged, stateRemoved, stateChanged, transitionRemoved, signatureLifted,
		workflowBypassed, protectionChanged,
	}
}
