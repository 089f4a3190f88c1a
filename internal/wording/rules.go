package wording

import "slices"

// ruleIndex is the place of a rule in the table.
type ruleIndex int

// The rules, in the order of the table: what stands in a single word first, then what takes the sentence, then what takes the text.
const (
	placeholder ruleIndex = iota
	openQuestion
	vagueWord
	noAcceptanceValue
	softWord
	vagueQuantity
	approximateValue
	escapeClause
	openList
	exampleList
	undefinedTime
	unboundedGoal
	absoluteWord
	comparativeWord
	superfluousInfinitive
	vagueVerbRule
	andOr
	slashRule
	purposePhrase
	shouldDemand
	mayDemand
	unclearModal
	twoDemands
	joinedVerbs
	passiveWithoutActor
	pronounRule
	negativeDemand
	notUnless
	doubleNegation
	missingUnit
	missingTolerance
	mixedAndOr
	conditionWithoutOutcome
	nestedParentheses
	noModal
	severalDemands
	ruleCount
)

// Rule is what a check looks for, and why.
type Rule struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Why        string     `json:"why"`
	Better     string     `json:"better"`
	Source     string     `json:"source"`
	Confidence Confidence `json:"confidence"`
	Bad        string     `json:"bad"`  // an example that the rule finds
	Good       string     `json:"good"` // the same, written so that no rule finds anything
}

// Rules lists every rule.
func Rules() []Rule { return slices.Clone(table[:]) }

// Sources, in short.
const (
	incose  = "INCOSE Guide to Writing Requirements v4, "
	iso     = "ISO/IEC/IEEE 29148:2018, "
	ears    = "EARS (Mavin et al., RE 2009), "
	and29   = "; ISO/IEC/IEEE 29148:2018, "
	andEars = "; EARS (Mavin et al., RE 2009), "
)

var table = [ruleCount]Rule{
	placeholder: {
		"placeholder", "Something is still to be filled in",
		"What is to be determined later cannot be built, tested or approved now, and is easily forgotten.",
		"Fill in the value, or take the requirement out until it is known and keep the question as an open point.",
		iso + "5.2.6 (complete)", High,
		"The battery shall have a capacity of X Ah.", "The battery shall have a capacity of at least 4 Ah.",
	},
	openQuestion: {
		"open-question", "A question stands in the requirement",
		"A reader cannot tell whether the sentence before it holds.",
		"Answer the question, or move it to a comment.",
		iso + "5.2.6 (complete)", High,
		"The controller shall keep PEEP within 1 cmH2O (of what?).", "The controller shall keep PEEP within 1 cmH2O of the commanded PEEP.",
	},
	vagueWord: {
		"vague-word", "A word that no test can decide",
		"Author, developer, tester and auditor each have their own idea of it, and each is right.",
		"Say what can be seen or measured: who does what, with which result, within which limits.",
		incose + "R7 Vague terms" + and29 + "5.2.7", High,
		"The set-up shall be user-friendly.", "A trained nurse shall complete the set-up in at most 3 min without help.",
	},
	noAcceptanceValue: {
		"no-acceptance-value", "A performance without a value",
		"Nobody can say when it is reached.",
		"Give the limit with its unit, and the conditions under which it is measured.",
		incose + "R34 Measurable performance", High,
		"The display shall respond quickly.", "The display shall show the new rate within 500 ms of the key press.",
	},
	softWord: {
		"soft-word", "A word that says little",
		"It sounds definite and is not: what is normal, correct or relevant is for somebody to say.",
		"Name the cases, the standard or the criterion that is meant.",
		incose + "R7 Vague terms", Medium,
		"The report shall list the relevant alarms.", "The report shall list the alarms of high priority.",
	},
	vagueQuantity: {
		"vague-quantity", "A number that is not named",
		"Two are several to one reader and too few to another.",
		"Give the number or the smallest and largest one.",
		incose + "R7 Vague terms", Medium,
		"The log shall hold several thousand entries.", "The log shall hold at least 5000 entries.",
	},
	approximateValue: {
		"approximate-value", "About a number",
		"How far off is still right?",
		"Give the tolerance or both limits.",
		incose + "R33 Range of values", High,
		"The tone shall last about 2 s.", "The tone shall last between 1.8 s and 2.2 s.",
	},
	escapeClause: {
		"escape-clause", "A way out",
		"Whoever builds it decides whether it applies, and is always right.",
		"State the condition under which it applies, or drop the requirement.",
		incose + "R8 Escape clauses", High,
		"The pump shall warn the user, where possible.", "When the battery falls below 20 %, the pump shall warn the user.",
	},
	openList: {
		"open-list", "A list without an end",
		"What is not listed may or may not be demanded, and cannot be tested.",
		"List everything that is meant, or define the set by a property.",
		incose + "R9 Open-ended clauses", High,
		"The log shall record starts, stops, etc.", "The log shall record starts, stops and alarms.",
	},
	exampleList: {
		"example-list", "Examples in place of the demand",
		"It stays open whether only the examples are demanded, and what else.",
		"List everything that is meant; put examples into a note.",
		incose + "R9 Open-ended clauses", Medium,
		"The device shall show vital signs such as pulse.", "The device shall show pulse and blood pressure.",
	},
	undefinedTime: {
		"undefined-time", "A time that is not named",
		"“Immediately” is a microsecond to one reader and a minute to another.",
		"Give the time with its unit, from which event to which.",
		incose + "R35 Temporal dependencies", High,
		"The pump shall stop immediately.", "The pump shall stop within 200 ms of the key press.",
	},
	unboundedGoal: {
		"unbounded-goal", "A goal that is never reached",
		"There is always a smaller, larger or better value.",
		"Give the value that is enough.",
		incose + "R34 Measurable performance", High,
		"The controller shall minimise the overshoot.", "The controller shall keep the overshoot below 2 cmH2O.",
	},
	absoluteWord: {
		"absolute", "Always, never, under all circumstances",
		"No test can show it, and hardly any device can keep it.",
		"Name the states, conditions or limits within which it holds.",
		incose + "R26 Absolutes; R32 Universal qualification", Medium,
		"The alarm shall always sound.", "While an occlusion lasts, the alarm shall sound.",
	},
	comparativeWord: {
		"comparative-without-reference", "Better than what?",
		"Without the other side, or an amount, a comparison says nothing.",
		"Say than what and by how much, or give the value itself.",
		iso + "5.2.7 (comparative phrases)", Medium,
		"The new model shall have a longer battery life.", "The new model shall run at least 2 h longer than model A on one charge.",
	},
	superfluousInfinitive: {
		"superfluous-infinitive", "Able to do, in place of doing",
		"It demands an ability that need never be used, hides the condition under which it is, and adds words.",
		"Say what the system does, and when.",
		incose + "R10 Superfluous infinitives", High,
		"The controller shall be able to detect a leak.", "When the leak exceeds 5 L/min, the controller shall report the leak.",
	},
	vagueVerbRule: {
		"vague-verb", "A verb that names no act",
		"“Support”, “handle” and “process” can be anything from reading a file to all one can think of.",
		"Name what the system does that can be seen: show, store, refuse, send.",
		incose + "R3 Appropriate subject-verb", Medium,
		"The program shall support CSV files.", "The program shall read CSV files as RFC 4180 defines them.",
	},
	andOr: {
		"and-or", "And/or",
		"It leaves open which of three demands is meant.",
		"Write “and”, or “or”, or “… or … or both”.",
		incose + "R17 Use of oblique symbol; R15 Logical expressions", High,
		"The alarm shall be a tone and/or a light.", "The alarm shall be a tone and a light.",
	},
	slashRule: {
		"slash", "A slash between words",
		"It can mean and, or, per, or the same thing twice.",
		"Write the word that is meant.",
		incose + "R17 Use of oblique symbol", Medium,
		"The device shall print/export the report.", "The device shall export the report as a PDF file.",
	},
	purposePhrase: {
		"purpose-phrase", "The purpose inside the demand",
		"What is for explanation looks like a demand, and somebody will test it.",
		"Move the purpose to the rationale.",
		incose + "R20 Purpose phrases", Low,
		"The pump shall lock its keys in order to avoid mistakes.", "While it infuses, the pump shall lock its keys.",
	},
	shouldDemand: {
		"should-demand", "Should",
		"It is a wish: nobody has to fulfil it, and yet it stands among the requirements.",
		"Write “shall”, or take it out of the requirements.",
		iso + "5.2.4", High,
		"The pump should stop on occlusion.", "When the line is occluded, the pump shall stop.",
	},
	mayDemand: {
		"may-demand", "May, might, can, could",
		"It permits or hopes; nothing is demanded that could be tested.",
		"Write what the system shall do, and for whom.",
		iso + "5.2.4", Medium,
		"The user can set the rate.", "The pump shall let the user set the rate.",
	},
	unclearModal: {
		"unclear-modal", "Will, needs to, is to",
		"A reader cannot tell a demand from a fact or a plan.",
		"Write “shall”.",
		iso + "5.2.4", Medium,
		"The pump will log every stop.", "The pump shall log every stop.",
	},
	twoDemands: {
		"two-demands", "Two demands in one sentence",
		"They cannot be traced, tested, changed or released apart.",
		"Make them two requirements.",
		incose + "R18 Single thought sentence" + and29 + "5.2.5 (singular)", High,
		"The pump shall stop and the alarm shall sound.", "When the line is occluded, the pump shall stop.",
	},
	joinedVerbs: {
		"joined-verbs", "Two acts joined by and",
		"Each is a demand of its own; a test may pass the one and fail the other.",
		"Make them two requirements, unless one without the other has no sense.",
		incose + "R19 Combinators" + and29 + "5.2.5 (singular)", Medium,
		"The monitor shall measure and display the pressure.", "The monitor shall display the pressure.",
	},
	passiveWithoutActor: {
		"passive-without-actor", "It shall be done, by nobody",
		"It stays open which part of the system, or which person, has to do it.",
		"Name who does it and use the active voice.",
		incose + "R2 Active voice", Medium,
		"Alarms shall be displayed.", "The monitor shall display each alarm.",
	},
	pronounRule: {
		"pronoun", "It, they, this",
		"A requirement is read alone; what the word refers to stands elsewhere, or can be either of two.",
		"Repeat the noun.",
		incose + "R24 Pronouns", Medium,
		"It shall stop on occlusion.", "The pump shall stop on occlusion.",
	},
	negativeDemand: {
		"negative-demand", "Shall not",
		"To show that something never happens takes an endless test.",
		"Say what the system does instead, or within which limits it stays. Some safety requirements have to be negative.",
		incose + "R16 Use of not", Low,
		"The pump shall not compromise the patient's safety.", "The pump shall keep the line pressure below 80 kPa.",
	},
	notUnless: {
		"not-unless", "Shall not, unless",
		"Two negations have to be resolved before the demand is seen, and the other case is not stated.",
		"State when it is done: “only when …”, or “when …, the … shall …”.",
		incose + "R16 Use of not" + andEars + "event-driven pattern", Medium,
		"The pump shall not start unless the door is closed.", "The pump shall start only when the door is closed.",
	},
	doubleNegation: {
		"double-negation", "A double negation",
		"It is misread.",
		"Say it without a negation.",
		incose + "R16 Use of not", Medium,
		"The alarm shall not fail to sound.", "When the line is occluded, the alarm shall sound.",
	},
	missingUnit: {
		"missing-unit", "A number without its unit",
		"Spacecraft and patients were lost to that.",
		"Write the unit at every number that is measured.",
		incose + "R6 Common units of measure", Medium,
		"The pressure shall stay below 60.", "The pressure shall stay below 60 cmH2O.",
	},
	missingTolerance: {
		"missing-tolerance", "An exact value of something that is measured",
		"Nothing is exactly 2 Hz; a test needs limits.",
		"Give a range or a tolerance, or say at least or at most.",
		incose + "R33 Range of values", Low,
		"The lamp shall flash at a frequency of 2 Hz.", "The lamp shall flash at a frequency between 1.4 Hz and 2.8 Hz.",
	},
	mixedAndOr: {
		"mixed-and-or", "And with or in one condition",
		"It can be read with either binding first.",
		"Use “either … or”, “both … and”, a list or a table.",
		incose + "R15 Logical expressions; R28 Multiple conditions", Medium,
		"If the door is open and the pump runs or the line leaks, the alarm shall sound.", "If the door is open, the alarm shall sound.",
	},
	conditionWithoutOutcome: {
		"condition-without-outcome", "A condition without an outcome",
		"What is to happen then is not said, or the condition was never finished.",
		"Write “When CONDITION, the SYSTEM shall OUTCOME”.",
		ears + "event-driven and unwanted behaviour patterns", Medium,
		"The pump shall start when.", "When the user presses start, the pump shall start.",
	},
	nestedParentheses: {
		"nested-parentheses", "Parentheses within parentheses",
		"It is not clear what is demand and what is remark.",
		"Make sentences of them, or move them to a note.",
		incose + "R21 Parentheses", Medium,
		"The alarm (tone (500 Hz)) shall sound.", "The alarm shall sound.",
	},
	noModal: {
		"no-modal", "No word of duty",
		"The text describes; whether it demands, or tells how things are, is not said.",
		"Write “The SYSTEM shall …”.",
		ears + "ubiquitous pattern" + and29 + "5.2.4", Medium,
		"The monitor displays the pressure.", "The monitor shall display the pressure.",
	},
	severalDemands: {
		"several-demands", "Several demands in one requirement",
		"They cannot be traced, tested, changed or released apart.",
		"Give each a requirement of its own.",
		incose + "R18 Single thought sentence" + and29 + "5.2.5 (singular)", Medium,
		"The pump shall stop on occlusion. The alarm shall last at least 2 min.", "The pump shall stop on occlusion.",
	},
}
