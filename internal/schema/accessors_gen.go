//go:build !bootstrap

// Code generated from kinds.yaml by go generate; DO NOT EDIT.

package schema

import "github.com/goldthread/goldthread/internal/record"

// Kinds.
const (
	KindDEV  record.Kind = "DEV"  // device
	KindUG   record.Kind = "UG"   // user group
	KindENV  record.Kind = "ENV"  // use environment
	KindMKT  record.Kind = "MKT"  // market
	KindQUAL record.Kind = "QUAL" // qualification record
	KindCLM  record.Kind = "CLM"  // clinical claim
	KindUN   record.Kind = "UN"   // user need
	KindUSE  record.Kind = "USE"  // use scenario
	KindSYS  record.Kind = "SYS"  // system requirement
	KindSC   record.Kind = "SC"   // safety characteristic
	KindSRS  record.Kind = "SRS"  // software requirement
	KindLBL  record.Kind = "LBL"  // labelling section
	KindSWS  record.Kind = "SWS"  // software system
	KindSWI  record.Kind = "SWI"  // software item
	KindSWU  record.Kind = "SWU"  // software unit
	KindHW   record.Kind = "HW"   // hardware item
	KindIF   record.Kind = "IF"   // interface
	KindDF   record.Kind = "DF"   // data flow
	KindSEG  record.Kind = "SEG"  // segregation
	KindSOUP record.Kind = "SOUP" // SOUP item
	KindDD   record.Kind = "DD"   // detailed design
	KindHAZ  record.Kind = "HAZ"  // hazard
	KindSEQ  record.Kind = "SEQ"  // sequence of events
	KindHS   record.Kind = "HS"   // hazardous situation
	KindHARM record.Kind = "HARM" // harm
	KindRSK  record.Kind = "RSK"  // risk
	KindCAU  record.Kind = "CAU"  // cause
	KindTHR  record.Kind = "THR"  // threat
	KindBEN  record.Kind = "BEN"  // benefit
	KindRC   record.Kind = "RC"   // risk control
	KindAC   record.Kind = "AC"   // acceptance criterion
	KindTC   record.Kind = "TC"   // test case
	KindCFG  record.Kind = "CFG"  // test configuration
	KindREV  record.Kind = "REV"  // review
	KindVAL  record.Kind = "VAL"  // validation
	KindPLN  record.Kind = "PLN"  // plan
	KindMS   record.Kind = "MS"   // milestone
	KindCIT  record.Kind = "CIT"  // configuration item
	KindTOOL record.Kind = "TOOL" // tool
	KindBLD  record.Kind = "BLD"  // build
	KindBL   record.Kind = "BL"   // baseline
	KindFB   record.Kind = "FB"   // feedback
	KindPR   record.Kind = "PR"   // problem report
	KindCR   record.Kind = "CR"   // change request
	KindANO  record.Kind = "ANO"  // anomaly
	KindVF   record.Kind = "VF"   // vulnerability finding
	KindADV  record.Kind = "ADV"  // advisory notice
	KindREL  record.Kind = "REL"  // release
	KindSITE record.Kind = "SITE" // site
	KindDS   record.Kind = "DS"   // data set
	KindKB   record.Kind = "KB"   // knowledge base
	KindMDL  record.Kind = "MDL"  // model
	KindPIPE record.Kind = "PIPE" // pipeline
	KindPCCP record.Kind = "PCCP" // change control plan
	KindMOD  record.Kind = "MOD"  // modification
	KindEVAL record.Kind = "EVAL" // evaluation
	KindSOP  record.Kind = "SOP"  // procedure
	KindROLE record.Kind = "ROLE" // role
	KindTRN  record.Kind = "TRN"  // training
	KindSUP  record.Kind = "SUP"  // supplier
	KindAUD  record.Kind = "AUD"  // audit
	KindDOC  record.Kind = "DOC"  // document
	KindCERT record.Kind = "CERT" // certification record
	KindST   record.Kind = "ST"   // statement
	KindNA   record.Kind = "NA"   // not-applicable decision
	KindCODE record.Kind = "CODE" // source location
	KindTEST record.Kind = "TEST" // source test
)

// Verbs.
const (
	VerbRefines                  record.Verb = "refines"
	VerbImplements               record.Verb = "implements"
	VerbAllocatedTo              record.Verb = "allocated to"
	VerbPartOf                   record.Verb = "part of"
	VerbUses                     record.Verb = "uses"
	VerbVerifies                 record.Verb = "verifies"
	VerbVerifiesImplementationOf record.Verb = "verifies implementation of"
	VerbVerifiesEffectivenessOf  record.Verb = "verifies effectiveness of"
	VerbValidates                record.Verb = "validates"
	VerbCauses                   record.Verb = "causes"
	VerbLeadsTo                  record.Verb = "leads to"
	VerbControls                 record.Verb = "controls"
	VerbSegregates               record.Verb = "segregates"
	VerbReusedFrom               record.Verb = "reused from"
	VerbFoundIn                  record.Verb = "found in"
	VerbFixedIn                  record.Verb = "fixed in"
	VerbRemainsIn                record.Verb = "remains in"
	VerbResolves                 record.Verb = "resolves"
	VerbChanges                  record.Verb = "changes"
	VerbContains                 record.Verb = "contains"
	VerbTrainedOn                record.Verb = "trained on"
	VerbEvaluates                record.Verb = "evaluates"
	VerbInstalledAt              record.Verb = "installed at"
	VerbTranslates               record.Verb = "translates"
)

// Device is the typed view of a device (DEV). The medical device that the software is, or is part of.
type Device struct{ *record.Item }

// AsDevice returns the view of it, and whether it is of kind DEV itself.
func AsDevice(it *record.Item) (Device, bool) { return Device{it}, it.Kind == KindDEV }

// IntendedUse: The medical purpose, the patients, the users, the part of the body and the principle of operation, as far as they bound the use.
func (v Device) IntendedUse() string { return valueOf(v.Item, "intended use", "") }

// ForeseeableMisuse: Uses that are not intended but can be expected.
func (v Device) ForeseeableMisuse() string { return valueOf(v.Item, "foreseeable misuse", "") }

// Indications: Conditions for which the device is used.
func (v Device) Indications() string { return valueOf(v.Item, "indications", "") }

// Contraindications: Conditions under which it must not be used.
func (v Device) Contraindications() string { return valueOf(v.Item, "contraindications", "") }

// PatientPopulation: Who is treated or examined: age, weight, condition.
func (v Device) PatientPopulation() string { return valueOf(v.Item, "patient population", "") }

// OperatingPrinciple: How the device does what it does.
func (v Device) OperatingPrinciple() string { return valueOf(v.Item, "operating principle", "") }

// Variants: Models and configurations that are sold.
func (v Device) Variants() []string { return v.Item.Field("variants") }

// BasicUDI: Identifier of the device family (basic UDI-DI).
func (v Device) BasicUDI() string { return valueOf(v.Item, "basic udi", "") }

// UDI: Device identifiers (UDI-DI), one a variant.
func (v Device) UDI() []string { return v.Item.Field("udi") }

// Manufacturer: Legal manufacturer.
func (v Device) Manufacturer() string { return valueOf(v.Item, "manufacturer", "") }

// LifeTime: Life time as set by the manufacturer; archives are kept at least as long.
func (v Device) LifeTime() string { return valueOf(v.Item, "life time", "") }

// DocumentationLevel: Documentation level for submissions in the United States, judged before risk controls; not the same as the software safety class.
func (v Device) DocumentationLevel() string { return valueOf(v.Item, "documentation level", "") }

// DocumentationLevelRationale: Why that level.
func (v Device) DocumentationLevelRationale() string {
	return valueOf(v.Item, "documentation level rationale", "")
}

// UserGroup is the typed view of a user group (UG). People who use the device in the same way and with the same knowledge.
type UserGroup struct{ *record.Item }

// AsUserGroup returns the view of it, and whether it is of kind UG itself.
func AsUserGroup(it *record.Item) (UserGroup, bool) { return UserGroup{it}, it.Kind == KindUG }

// Profile: Age, education, experience, abilities and limits that matter for safe use.
func (v UserGroup) Profile() string { return valueOf(v.Item, "profile", "") }

// Role: What they do with the device.
func (v UserGroup) Role() []string { return v.Item.Field("role") }

// Training: What they are taught before they use it.
func (v UserGroup) Training() string { return valueOf(v.Item, "training", "") }

// UseEnvironment is the typed view of a use environment (ENV). A place and its conditions in which the device is used.
type UseEnvironment struct{ *record.Item }

// AsUseEnvironment returns the view of it, and whether it is of kind ENV itself.
func AsUseEnvironment(it *record.Item) (UseEnvironment, bool) {
	return UseEnvironment{it}, it.Kind == KindENV
}

// Conditions: Light, noise, temperature, hygiene, movement, other devices.
func (v UseEnvironment) Conditions() string { return valueOf(v.Item, "conditions", "") }

// Network: Networks and systems that are there, and what is expected of them.
func (v UseEnvironment) Network() string { return valueOf(v.Item, "network", "") }

// Platform: Processor, memory, operating system and programs the software runs beside.
func (v UseEnvironment) Platform() string { return valueOf(v.Item, "platform", "") }

// Market is the typed view of a market (MKT). A country or region in which the device is sold, and what the law says about it there.
type Market struct{ *record.Item }

// AsMarket returns the view of it, and whether it is of kind MKT itself.
func AsMarket(it *record.Item) (Market, bool) { return Market{it}, it.Kind == KindMKT }

// Region: Country or region.
func (v Market) Region() string { return valueOf(v.Item, "region", "") }

// Regulation: Laws and regulations that apply.
func (v Market) Regulation() []string { return v.Item.Field("regulation") }

// LegalStatus: Authorisation: number, date, conditions; or what is planned.
func (v Market) LegalStatus() string { return valueOf(v.Item, "legal status", "") }

// DeviceClass: Class of the device under that law; not the same as the software safety class.
func (v Market) DeviceClass() string { return valueOf(v.Item, "device class", "") }

// EditionRecognised: Edition of IEC 62304 that is recognised or state of the art there.
func (v Market) EditionRecognised() string { return valueOf(v.Item, "edition recognised", "") }

// AsOf: Day on which this was looked up.
func (v Market) AsOf() string { return valueOf(v.Item, "as of", "") }

// Source: Where it was looked up.
func (v Market) Source() string { return valueOf(v.Item, "source", "") }

// QualificationRecord is the typed view of a qualification record (QUAL). The reasoned answer to whether the software is a medical device, and whether and in which edition IEC 62304 applies.
type QualificationRecord struct{ *record.Item }

// AsQualificationRecord returns the view of it, and whether it is of kind QUAL itself.
func AsQualificationRecord(it *record.Item) (QualificationRecord, bool) {
	return QualificationRecord{it}, it.Kind == KindQUAL
}

// IsADevice: Whether the software is a medical device or part of one.
func (v QualificationRecord) IsADevice() (value, set bool) { return truthOf(v.Item, "is a device", "") }

// StandardApplies: Whether IEC 62304 is applied.
func (v QualificationRecord) StandardApplies() (value, set bool) {
	return truthOf(v.Item, "standard applies", "")
}

// Edition: Edition that is applied.
func (v QualificationRecord) Edition() string { return valueOf(v.Item, "edition", "") }

// Rationale: Why.
func (v QualificationRecord) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Market: Markets this holds for; all where none is named.
func (v QualificationRecord) Market() []record.Ref { return refsOf(v.Item, "market") }

// ClinicalClaim is the typed view of a clinical claim (CLM). What the device is said to do for patients, and what shows it.
type ClinicalClaim struct{ *record.Item }

// AsClinicalClaim returns the view of it, and whether it is of kind CLM itself.
func AsClinicalClaim(it *record.Item) (ClinicalClaim, bool) {
	return ClinicalClaim{it}, it.Kind == KindCLM
}

// Evidence: Studies, literature or data that support it.
func (v ClinicalClaim) Evidence() string { return valueOf(v.Item, "evidence", "") }

// Metric: Figure by which it is judged, such as sensitivity.
func (v ClinicalClaim) Metric() string { return valueOf(v.Item, "metric", "") }

// Limit: Value that must be reached.
func (v ClinicalClaim) Limit() string { return valueOf(v.Item, "limit", "") }

// UserNeed is the typed view of a user need (UN). What a user must be able to achieve with the device.
type UserNeed struct{ *record.Item }

// AsUserNeed returns the view of it, and whether it is of kind UN itself.
func AsUserNeed(it *record.Item) (UserNeed, bool) { return UserNeed{it}, it.Kind == KindUN }

// Rationale: Why it is needed.
func (v UserNeed) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Source: Where it comes from: interview, complaint, standard.
func (v UserNeed) Source() string { return valueOf(v.Item, "source", "") }

// Priority: How much it is wanted.
func (v UserNeed) Priority() string { return valueOf(v.Item, "priority", "") }

// UseScenario is the typed view of a use scenario (USE). A task of a user step by step, and what may go wrong in it.
type UseScenario struct{ *record.Item }

// AsUseScenario returns the view of it, and whether it is of kind USE itself.
func AsUseScenario(it *record.Item) (UseScenario, bool) { return UseScenario{it}, it.Kind == KindUSE }

// Steps: What the user does, sees and decides.
func (v UseScenario) Steps() string { return valueOf(v.Item, "steps", "") }

// Frequent: Whether it is done often.
func (v UseScenario) Frequent() (value, set bool) { return truthOf(v.Item, "frequent", "") }

// HazardRelated: Whether a use error in it can lead to harm.
func (v UseScenario) HazardRelated() (value, set bool) { return truthOf(v.Item, "hazard related", "") }

// UseErrors: Foreseeable use errors.
func (v UseScenario) UseErrors() string { return valueOf(v.Item, "use errors", "") }

// Summative: Whether it is chosen for the summative evaluation.
func (v UseScenario) Summative() (value, set bool) { return truthOf(v.Item, "summative", "") }

// SystemRequirement is the typed view of a system requirement (SYS). What the device as a whole must do; the input of the software requirements.
type SystemRequirement struct{ *record.Item }

// AsSystemRequirement returns the view of it, and whether it is of kind SYS itself.
func AsSystemRequirement(it *record.Item) (SystemRequirement, bool) {
	return SystemRequirement{it}, it.Kind == KindSYS
}

// Rationale: Why it is required.
func (v SystemRequirement) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Source: Where it comes from, if from no other item.
func (v SystemRequirement) Source() string { return valueOf(v.Item, "source", "") }

// Priority: How much it is wanted.
func (v SystemRequirement) Priority() string { return valueOf(v.Item, "priority", "") }

// VerificationMethod: How it is going to be verified.
func (v SystemRequirement) VerificationMethod() []string { return v.Item.Field("verification method") }

// Acceptance: What must be seen for it to be satisfied.
func (v SystemRequirement) Acceptance() string { return valueOf(v.Item, "acceptance", "") }

// SafetyRelated: Whether safety depends on it.
func (v SystemRequirement) SafetyRelated() (value, set bool) {
	return truthOf(v.Item, "safety related", "")
}

// EssentialPerformance: Whether it belongs to the performance without which the risk is not acceptable.
func (v SystemRequirement) EssentialPerformance() (value, set bool) {
	return truthOf(v.Item, "essential performance", "")
}

// SafetyCharacteristic is the typed view of a safety characteristic (SC). A property of the device that could affect safety, with its limits.
type SafetyCharacteristic struct{ *record.Item }

// AsSafetyCharacteristic returns the view of it, and whether it is of kind SC itself.
func AsSafetyCharacteristic(it *record.Item) (SafetyCharacteristic, bool) {
	return SafetyCharacteristic{it}, it.Kind == KindSC
}

// Question: Question about the device that led to it.
func (v SafetyCharacteristic) Question() string { return valueOf(v.Item, "question", "") }

// Limits: Values within which it is safe.
func (v SafetyCharacteristic) Limits() string { return valueOf(v.Item, "limits", "") }

// Relevant: Whether it applies to this device.
func (v SafetyCharacteristic) Relevant() (value, set bool) { return truthOf(v.Item, "relevant", "") }

// Rationale: Why it applies, or does not.
func (v SafetyCharacteristic) Rationale() string { return valueOf(v.Item, "rationale", "") }

// SoftwareRequirement is the typed view of a software requirement (SRS). One thing the software system must do or be, so written that it can be tested.
type SoftwareRequirement struct{ *record.Item }

// AsSoftwareRequirement returns the view of it, and whether it is of kind SRS itself.
func AsSoftwareRequirement(it *record.Item) (SoftwareRequirement, bool) {
	return SoftwareRequirement{it}, it.Kind == KindSRS
}

// Category: Which contents of a requirements specification it belongs to.
func (v SoftwareRequirement) Category() []string { return v.Item.Field("category") }

// SafetyClass: Software safety class. An item without one has the class of what it is part of; a system without one is handled as C.
func (v SoftwareRequirement) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// Rationale: Why it is required.
func (v SoftwareRequirement) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Source: Where it comes from, if from no other item.
func (v SoftwareRequirement) Source() string { return valueOf(v.Item, "source", "") }

// Priority: How much it is wanted.
func (v SoftwareRequirement) Priority() string { return valueOf(v.Item, "priority", "") }

// VerificationMethod: How it is going to be verified.
func (v SoftwareRequirement) VerificationMethod() []string {
	return v.Item.Field("verification method")
}

// Acceptance: What must be seen for it to be satisfied.
func (v SoftwareRequirement) Acceptance() string { return valueOf(v.Item, "acceptance", "") }

// SafetyRelated: Whether safety depends on it.
func (v SoftwareRequirement) SafetyRelated() (value, set bool) {
	return truthOf(v.Item, "safety related", "")
}

// Figure: The figure it demands, where it demands one.
func (v SoftwareRequirement) Figure() string { return valueOf(v.Item, "figure", "") }

// Tolerance: How far from the figure is still right, in the same unit.
func (v SoftwareRequirement) Tolerance() string { return valueOf(v.Item, "tolerance", "") }

// UnitOfMeasure: Unit of the figure and its tolerance.
func (v SoftwareRequirement) UnitOfMeasure() string { return valueOf(v.Item, "unit of measure", "") }

// Variants: Variants of the device it holds for; all where none is named.
func (v SoftwareRequirement) Variants() []string { return v.Item.Field("variants") }

// LabellingSection is the typed view of a labelling section (LBL). Something the label, the instructions or the screen must tell the user.
type LabellingSection struct{ *record.Item }

// AsLabellingSection returns the view of it, and whether it is of kind LBL itself.
func AsLabellingSection(it *record.Item) (LabellingSection, bool) {
	return LabellingSection{it}, it.Kind == KindLBL
}

// Where: Where it is said.
func (v LabellingSection) Where() []string { return v.Item.Field("where") }

// Wording: The words as printed, where they are fixed.
func (v LabellingSection) Wording() string { return valueOf(v.Item, "wording", "") }

// Audience: Users it speaks to.
func (v LabellingSection) Audience() []record.Ref { return refsOf(v.Item, "audience") }

// DisclosesResidualRisk: Whether it discloses a residual risk.
func (v LabellingSection) DisclosesResidualRisk() (value, set bool) {
	return truthOf(v.Item, "discloses residual risk", "")
}

// SoftwareSystem is the typed view of a software system (SWS). All software of a device that is put together to do one job; the unit of classification.
type SoftwareSystem struct{ *record.Item }

// AsSoftwareSystem returns the view of it, and whether it is of kind SWS itself.
func AsSoftwareSystem(it *record.Item) (SoftwareSystem, bool) {
	return SoftwareSystem{it}, it.Kind == KindSWS
}

// SafetyClass: Software safety class. An item without one has the class of what it is part of; a system without one is handled as C.
func (v SoftwareSystem) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// ClassRationale: Why that class.
func (v SoftwareSystem) ClassRationale() string { return valueOf(v.Item, "class rationale", "") }

// ContributesToHazardousSituation: Whether a failure, taken as certain, can lead or contribute to a hazardous situation.
func (v SoftwareSystem) ContributesToHazardousSituation() (value, set bool) {
	return truthOf(v.Item, "contributes to hazardous situation", "")
}

// UnacceptableRiskRemains: Whether an unacceptable risk remains when only controls outside of the software system count.
func (v SoftwareSystem) UnacceptableRiskRemains() (value, set bool) {
	return truthOf(v.Item, "unacceptable risk remains", "")
}

// PossibleInjury: The worst injury that can follow.
func (v SoftwareSystem) PossibleInjury() string { return valueOf(v.Item, "possible injury", "") }

// ExternalControls: Risk controls outside of the software system that the class relies on.
func (v SoftwareSystem) ExternalControls() []record.Ref { return refsOf(v.Item, "external controls") }

// ClassifiedOn: Day of the decision.
func (v SoftwareSystem) ClassifiedOn() string { return valueOf(v.Item, "classified on", "") }

// Version: Version under development.
func (v SoftwareSystem) Version() string { return valueOf(v.Item, "version", "") }

// IdentifierScheme: How versions are named.
func (v SoftwareSystem) IdentifierScheme() string { return valueOf(v.Item, "identifier scheme", "") }

// Platform: Processor, memory, operating system, language, compiler.
func (v SoftwareSystem) Platform() string { return valueOf(v.Item, "platform", "") }

// Languages: Programming languages.
func (v SoftwareSystem) Languages() []string { return v.Item.Field("languages") }

// Legacy: Whether it is lawfully on the market and was not made to this standard.
func (v SoftwareSystem) Legacy() (value, set bool) { return truthOf(v.Item, "legacy", "") }

// LegacyRationale: Version and reasons for using it further.
func (v SoftwareSystem) LegacyRationale() string { return valueOf(v.Item, "legacy rationale", "") }

// ArchivePeriod: How long releases are kept.
func (v SoftwareSystem) ArchivePeriod() string { return valueOf(v.Item, "archive period", "") }

// SoftwareItem is the typed view of a software item (SWI). A named part of a software system that has parts of its own.
type SoftwareItem struct{ *record.Item }

// AsSoftwareItem returns the view of it, and whether it is of kind SWI itself.
func AsSoftwareItem(it *record.Item) (SoftwareItem, bool) {
	return SoftwareItem{it}, it.Kind == KindSWI
}

// SafetyClass: Software safety class. An item without one has the class of what it is part of; a system without one is handled as C.
func (v SoftwareItem) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// ClassRationale: Why a class that differs from that of what it is part of, and how it is kept apart.
func (v SoftwareItem) ClassRationale() string { return valueOf(v.Item, "class rationale", "") }

// Segregation: Segregation that a lower class relies on.
func (v SoftwareItem) Segregation() []record.Ref { return refsOf(v.Item, "segregation") }

// Purpose: What it is responsible for.
func (v SoftwareItem) Purpose() string { return valueOf(v.Item, "purpose", "") }

// Path: Folders or files of its sources; * and ** stand for names and folders.
func (v SoftwareItem) Path() []string { return v.Item.Field("path") }

// Version: Version, where it has one of its own.
func (v SoftwareItem) Version() string { return valueOf(v.Item, "version", "") }

// Resources: Memory, time and devices it may use.
func (v SoftwareItem) Resources() string { return valueOf(v.Item, "resources", "") }

// SoftwareUnit is the typed view of a software unit (SWU). A part of the software that is not divided further, and is verified by itself.
type SoftwareUnit struct{ *record.Item }

// AsSoftwareUnit returns the view of it, and whether it is of kind SWU itself.
func AsSoftwareUnit(it *record.Item) (SoftwareUnit, bool) {
	return SoftwareUnit{it}, it.Kind == KindSWU
}

// SafetyClass: Software safety class. An item without one has the class of what it is part of; a system without one is handled as C.
func (v SoftwareUnit) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// ClassRationale: Why a class that differs from that of what it is part of, and how it is kept apart.
func (v SoftwareUnit) ClassRationale() string { return valueOf(v.Item, "class rationale", "") }

// Segregation: Segregation that a lower class relies on.
func (v SoftwareUnit) Segregation() []record.Ref { return refsOf(v.Item, "segregation") }

// Purpose: What it is responsible for.
func (v SoftwareUnit) Purpose() string { return valueOf(v.Item, "purpose", "") }

// Path: Folders or files of its sources; * and ** stand for names and folders.
func (v SoftwareUnit) Path() []string { return v.Item.Field("path") }

// CodeLanguage: Programming language.
func (v SoftwareUnit) CodeLanguage() string { return valueOf(v.Item, "code language", "") }

// VerificationMethod: How it is going to be verified.
func (v SoftwareUnit) VerificationMethod() []string { return v.Item.Field("verification method") }

// Resources: Memory, time and devices it may use.
func (v SoftwareUnit) Resources() string { return valueOf(v.Item, "resources", "") }

// HardwareItem is the typed view of a hardware item (HW). A part of the hardware that the software runs on, drives or listens to.
type HardwareItem struct{ *record.Item }

// AsHardwareItem returns the view of it, and whether it is of kind HW itself.
func AsHardwareItem(it *record.Item) (HardwareItem, bool) { return HardwareItem{it}, it.Kind == KindHW }

// Manufacturer: Who makes it.
func (v HardwareItem) Manufacturer() string { return valueOf(v.Item, "manufacturer", "") }

// PartNumber: Type and part number.
func (v HardwareItem) PartNumber() string { return valueOf(v.Item, "part number", "") }

// Revision: Revision.
func (v HardwareItem) Revision() string { return valueOf(v.Item, "revision", "") }

// FailureModes: Failures that software must expect.
func (v HardwareItem) FailureModes() string { return valueOf(v.Item, "failure modes", "") }

// Interface is the typed view of an interface (IF). What passes between two parts, or between the software and something outside of it, and by which rules.
type Interface struct{ *record.Item }

// AsInterface returns the view of it, and whether it is of kind IF itself.
func AsInterface(it *record.Item) (Interface, bool) { return Interface{it}, it.Kind == KindIF }

// Boundary: What it joins.
func (v Interface) Boundary() string { return valueOf(v.Item, "boundary", "") }

// Provider: What offers it.
func (v Interface) Provider() []record.Ref { return refsOf(v.Item, "provider") }

// Consumer: What uses it.
func (v Interface) Consumer() []record.Ref { return refsOf(v.Item, "consumer") }

// Protocol: Protocol, calling convention or bus.
func (v Interface) Protocol() string { return valueOf(v.Item, "protocol", "") }

// Data: Data that pass, with ranges, units and rates.
func (v Interface) Data() string { return valueOf(v.Item, "data", "") }

// Timing: Rates, delays, timeouts.
func (v Interface) Timing() string { return valueOf(v.Item, "timing", "") }

// ErrorHandling: What happens when the other side fails or sends nonsense.
func (v Interface) ErrorHandling() string { return valueOf(v.Item, "error handling", "") }

// TrustBoundary: Whether data from it must not be trusted.
func (v Interface) TrustBoundary() (value, set bool) { return truthOf(v.Item, "trust boundary", "") }

// DataFlow is the typed view of a data flow (DF). Data that travel from one part to another, and what they are worth protecting for.
type DataFlow struct{ *record.Item }

// AsDataFlow returns the view of it, and whether it is of kind DF itself.
func AsDataFlow(it *record.Item) (DataFlow, bool) { return DataFlow{it}, it.Kind == KindDF }

// Origin: Where they come from.
func (v DataFlow) Origin() []record.Ref { return refsOf(v.Item, "origin") }

// Destination: Where they go.
func (v DataFlow) Destination() []record.Ref { return refsOf(v.Item, "destination") }

// Data: What they are.
func (v DataFlow) Data() string { return valueOf(v.Item, "data", "") }

// Protection: What must be protected.
func (v DataFlow) Protection() []string { return v.Item.Field("protection") }

// CrossesTrustBoundary: Whether they cross a boundary of trust.
func (v DataFlow) CrossesTrustBoundary() (value, set bool) {
	return truthOf(v.Item, "crosses trust boundary", "")
}

// Segregation is the typed view of a segregation (SEG). What keeps parts apart, so that one cannot harm the other.
type Segregation struct{ *record.Item }

// AsSegregation returns the view of it, and whether it is of kind SEG itself.
func AsSegregation(it *record.Item) (Segregation, bool) { return Segregation{it}, it.Kind == KindSEG }

// Mechanism: By which means.
func (v Segregation) Mechanism() []string { return v.Item.Field("mechanism") }

// Effectiveness: Why it is effective against corrupted data, control flow, timing and code.
func (v Segregation) Effectiveness() string { return valueOf(v.Item, "effectiveness", "") }

// SOUPItem is the typed view of a SOUP item (SOUP). Software of unknown provenance, one version of it; made by others, or without records of how it was made.
type SOUPItem struct{ *record.Item }

// AsSOUPItem returns the view of it, and whether it is of kind SOUP itself.
func AsSOUPItem(it *record.Item) (SOUPItem, bool) { return SOUPItem{it}, it.Kind == KindSOUP }

// Supplier: Who makes or keeps it.
func (v SOUPItem) Supplier() string { return valueOf(v.Item, "supplier", "") }

// Version: Version, date, patch number or hash that names it without doubt.
func (v SOUPItem) Version() string { return valueOf(v.Item, "version", "") }

// PURL: Package address, such as pkg:golang/golang.org/x/mod@v0.42.0.
func (v SOUPItem) PURL() string { return valueOf(v.Item, "purl", "") }

// CPE: Name in vulnerability databases.
func (v SOUPItem) CPE() string { return valueOf(v.Item, "cpe", "") }

// Hash: Hashes of what is used.
func (v SOUPItem) Hash() []string { return v.Item.Field("hash") }

// Licence: Licence, as an SPDX expression.
func (v SOUPItem) Licence() string { return valueOf(v.Item, "licence", "") }

// Website: Where it comes from.
func (v SOUPItem) Website() string { return valueOf(v.Item, "website", "") }

// Purpose: What it is used for.
func (v SOUPItem) Purpose() string { return valueOf(v.Item, "purpose", "") }

// FunctionalRequirements: What it must do for this use.
func (v SOUPItem) FunctionalRequirements() string {
	return valueOf(v.Item, "functional requirements", "")
}

// PerformanceRequirements: How well and how fast.
func (v SOUPItem) PerformanceRequirements() string {
	return valueOf(v.Item, "performance requirements", "")
}

// HardwareNeeds: Hardware it needs to work.
func (v SOUPItem) HardwareNeeds() string { return valueOf(v.Item, "hardware needs", "") }

// SoftwareNeeds: Software it needs to work.
func (v SOUPItem) SoftwareNeeds() string { return valueOf(v.Item, "software needs", "") }

// SafetyClass: Software safety class. An item without one has the class of what it is part of; a system without one is handled as C.
func (v SOUPItem) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// ClassRationale: Why a class that differs from that of what it is part of.
func (v SOUPItem) ClassRationale() string { return valueOf(v.Item, "class rationale", "") }

// AnomalyList: Where its known anomalies are published.
func (v SOUPItem) AnomalyList() []string { return v.Item.Field("anomaly list") }

// AnomaliesReviewedOn: Day on which that list was last evaluated.
func (v SOUPItem) AnomaliesReviewedOn() string { return valueOf(v.Item, "anomalies reviewed on", "") }

// Direct: Whether our software calls it itself, not through other SOUP.
func (v SOUPItem) Direct() (value, set bool) { return truthOf(v.Item, "direct", "") }

// Configuration: Options, patches and settings it is built with.
func (v SOUPItem) Configuration() string { return valueOf(v.Item, "configuration", "") }

// SupportedUntil: End of support.
func (v SOUPItem) SupportedUntil() string { return valueOf(v.Item, "supported until", "") }

// UpdatePolicy: How upgrades, fixes and the end of support are handled.
func (v SOUPItem) UpdatePolicy() string { return valueOf(v.Item, "update policy", "") }

// SuppliedBy: The supplier's record.
func (v SOUPItem) SuppliedBy() record.Ref { return record.Ref(valueOf(v.Item, "supplied by", "")) }

// DetailedDesign is the typed view of a detailed design (DD). How a unit or an interface is made, in enough detail to build it right.
type DetailedDesign struct{ *record.Item }

// AsDetailedDesign returns the view of it, and whether it is of kind DD itself.
func AsDetailedDesign(it *record.Item) (DetailedDesign, bool) {
	return DetailedDesign{it}, it.Kind == KindDD
}

// Algorithm: Steps, formulas, states.
func (v DetailedDesign) Algorithm() string { return valueOf(v.Item, "algorithm", "") }

// DataStructures: Data, their ranges and first values.
func (v DetailedDesign) DataStructures() string { return valueOf(v.Item, "data structures", "") }

// ErrorHandling: Faults that are met, and what is done.
func (v DetailedDesign) ErrorHandling() string { return valueOf(v.Item, "error handling", "") }

// Resources: Memory and time.
func (v DetailedDesign) Resources() string { return valueOf(v.Item, "resources", "") }

// Concurrency: Order of events, tasks, locks.
func (v DetailedDesign) Concurrency() string { return valueOf(v.Item, "concurrency", "") }

// Rationale: Why this design, and what was rejected.
func (v DetailedDesign) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Hazard is the typed view of a hazard (HAZ). A possible source of harm.
type Hazard struct{ *record.Item }

// AsHazard returns the view of it, and whether it is of kind HAZ itself.
func AsHazard(it *record.Item) (Hazard, bool) { return Hazard{it}, it.Kind == KindHAZ }

// Domain: Where it comes from.
func (v Hazard) Domain() []string { return v.Item.Field("domain") }

// EnergyOrSource: Energy, substance, function or information that can harm.
func (v Hazard) EnergyOrSource() string { return valueOf(v.Item, "energy or source", "") }

// SequenceOfEvents is the typed view of a sequence of events (SEQ). Steps by which a hazard becomes a hazardous situation.
type SequenceOfEvents struct{ *record.Item }

// AsSequenceOfEvents returns the view of it, and whether it is of kind SEQ itself.
func AsSequenceOfEvents(it *record.Item) (SequenceOfEvents, bool) {
	return SequenceOfEvents{it}, it.Kind == KindSEQ
}

// Events: The events in their order.
func (v SequenceOfEvents) Events() []string { return v.Item.Field("events") }

// Domain: Where it comes from.
func (v SequenceOfEvents) Domain() []string { return v.Item.Field("domain") }

// HazardousSituation is the typed view of a hazardous situation (HS). Circumstances in which people, property or the environment are exposed to a hazard.
type HazardousSituation struct{ *record.Item }

// AsHazardousSituation returns the view of it, and whether it is of kind HS itself.
func AsHazardousSituation(it *record.Item) (HazardousSituation, bool) {
	return HazardousSituation{it}, it.Kind == KindHS
}

// WhoIsExposed: Patients, users, others.
func (v HazardousSituation) WhoIsExposed() []string { return v.Item.Field("who is exposed") }

// OperatingMode: Modes and phases of use in which it can arise.
func (v HazardousSituation) OperatingMode() []string { return v.Item.Field("operating mode") }

// SoftwareContributes: Whether software can contribute to it.
func (v HazardousSituation) SoftwareContributes() (value, set bool) {
	return truthOf(v.Item, "software contributes", "")
}

// Harm is the typed view of a harm (HARM). Injury or damage to health, property or the environment.
type Harm struct{ *record.Item }

// AsHarm returns the view of it, and whether it is of kind HARM itself.
func AsHarm(it *record.Item) (Harm, bool) { return Harm{it}, it.Kind == KindHARM }

// Severity: Level on the severity scale of the risk management plan.
func (v Harm) Severity() string { return valueOf(v.Item, "severity", "") }

// Injury: What it means for the software safety class.
func (v Harm) Injury() string { return valueOf(v.Item, "injury", "") }

// WhoIsHarmed: Patients, users, others.
func (v Harm) WhoIsHarmed() []string { return v.Item.Field("who is harmed") }

// Risk is the typed view of a risk (RSK). How probable and how severe the harm from one hazardous situation is, before and after control.
type Risk struct{ *record.Item }

// AsRisk returns the view of it, and whether it is of kind RSK itself.
func AsRisk(it *record.Item) (Risk, bool) { return Risk{it}, it.Kind == KindRSK }

// Severity: Level on the severity scale.
func (v Risk) Severity() string { return valueOf(v.Item, "severity", "") }

// Probability: Level on the probability scale before control.
func (v Risk) Probability() string { return valueOf(v.Item, "probability", "") }

// ProbabilityOfSituation: That the hazardous situation arises (P1).
func (v Risk) ProbabilityOfSituation() string { return valueOf(v.Item, "probability of situation", "") }

// ProbabilityOfHarm: That it leads to harm (P2).
func (v Risk) ProbabilityOfHarm() string { return valueOf(v.Item, "probability of harm", "") }

// ProbabilityBasis: On what the estimates rest; a failure of software is taken as certain.
func (v Risk) ProbabilityBasis() string { return valueOf(v.Item, "probability basis", "") }

// RiskLevel: Level before control, by the criteria of the plan.
func (v Risk) RiskLevel() string { return valueOf(v.Item, "risk level", "") }

// Acceptable: Whether it is acceptable before control.
func (v Risk) Acceptable() (value, set bool) { return truthOf(v.Item, "acceptable", "") }

// ResidualSeverity: Severity after control.
func (v Risk) ResidualSeverity() string { return valueOf(v.Item, "residual severity", "") }

// ResidualProbability: Probability after control.
func (v Risk) ResidualProbability() string { return valueOf(v.Item, "residual probability", "") }

// ResidualRiskLevel: Level after control.
func (v Risk) ResidualRiskLevel() string { return valueOf(v.Item, "residual risk level", "") }

// ResidualAcceptable: Whether it is acceptable after control.
func (v Risk) ResidualAcceptable() (value, set bool) {
	return truthOf(v.Item, "residual acceptable", "")
}

// AcceptanceRationale: Why it is accepted.
func (v Risk) AcceptanceRationale() string { return valueOf(v.Item, "acceptance rationale", "") }

// Disclosed: Whether the residual risk is disclosed to users.
func (v Risk) Disclosed() (value, set bool) { return truthOf(v.Item, "disclosed", "") }

// EstimatedOn: Day of the estimate.
func (v Risk) EstimatedOn() string { return valueOf(v.Item, "estimated on", "") }

// Exploitability: For security: how easily it is exploited, such as a CVSS vector.
func (v Risk) Exploitability() string { return valueOf(v.Item, "exploitability", "") }

// Cause is the typed view of a cause (CAU). Why a software item could contribute to a hazardous situation.
type Cause struct{ *record.Item }

// AsCause returns the view of it, and whether it is of kind CAU itself.
func AsCause(it *record.Item) (Cause, bool) { return Cause{it}, it.Kind == KindCAU }

// Topic: Which kind of cause it is.
func (v Cause) Topic() []string { return v.Item.Field("topic") }

// Detection: How it would be noticed.
func (v Cause) Detection() string { return valueOf(v.Item, "detection", "") }

// Threat is the typed view of a threat (THR). A way in which somebody could attack the device.
type Threat struct{ *record.Item }

// AsThreat returns the view of it, and whether it is of kind THR itself.
func AsThreat(it *record.Item) (Threat, bool) { return Threat{it}, it.Kind == KindTHR }

// Class: What the attack does.
func (v Threat) Class() []string { return v.Item.Field("class") }

// Attacker: Who, with what access and skill.
func (v Threat) Attacker() string { return valueOf(v.Item, "attacker", "") }

// EntryPoint: Where the attack comes in.
func (v Threat) EntryPoint() []record.Ref { return refsOf(v.Item, "entry point") }

// Asset: What is attacked.
func (v Threat) Asset() []string { return v.Item.Field("asset") }

// CWE: Weaknesses, such as CWE-787.
func (v Threat) CWE() []string { return v.Item.Field("cwe") }

// Score: Score or vector.
func (v Threat) Score() string { return valueOf(v.Item, "score", "") }

// Benefit is the typed view of a benefit (BEN). What the device is good for, weighed against a residual risk.
type Benefit struct{ *record.Item }

// AsBenefit returns the view of it, and whether it is of kind BEN itself.
func AsBenefit(it *record.Item) (Benefit, bool) { return Benefit{it}, it.Kind == KindBEN }

// Rationale: Why the benefit outweighs the residual risk.
func (v Benefit) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Evidence: Data and literature.
func (v Benefit) Evidence() string { return valueOf(v.Item, "evidence", "") }

// Outweighs: Whether it outweighs the risk.
func (v Benefit) Outweighs() (value, set bool) { return truthOf(v.Item, "outweighs", "") }

// RiskControl is the typed view of a risk control (RC). A measure that makes a risk smaller.
type RiskControl struct{ *record.Item }

// AsRiskControl returns the view of it, and whether it is of kind RC itself.
func AsRiskControl(it *record.Item) (RiskControl, bool) { return RiskControl{it}, it.Kind == KindRC }

// Option: Which way of control, in the order in which they are to be considered.
func (v RiskControl) Option() string { return valueOf(v.Item, "option", "") }

// Means: What carries it.
func (v RiskControl) Means() []string { return v.Item.Field("means") }

// External: Whether it stands outside of the software system whose risk it controls.
func (v RiskControl) External() (value, set bool) { return truthOf(v.Item, "external", "") }

// ExternalTo: Software systems it stands outside of.
func (v RiskControl) ExternalTo() []record.Ref { return refsOf(v.Item, "external to") }

// OptionRationale: Why no better way of control is practicable.
func (v RiskControl) OptionRationale() string { return valueOf(v.Item, "option rationale", "") }

// SafetyClass: Class of the risk it controls; what carries it has at least this class.
func (v RiskControl) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// NewRisks: Hazardous situations that it creates, or why there are none.
func (v RiskControl) NewRisks() string { return valueOf(v.Item, "new risks", "") }

// ResponseTime: Time in which it must act.
func (v RiskControl) ResponseTime() string { return valueOf(v.Item, "response time", "") }

// AcceptanceCriterion is the typed view of an acceptance criterion (AC). What must be seen for something to be accepted; fixed before the result is known.
type AcceptanceCriterion struct{ *record.Item }

// AsAcceptanceCriterion returns the view of it, and whether it is of kind AC itself.
func AsAcceptanceCriterion(it *record.Item) (AcceptanceCriterion, bool) {
	return AcceptanceCriterion{it}, it.Kind == KindAC
}

// Topic: For units of class C, what it looks at.
func (v AcceptanceCriterion) Topic() []string { return v.Item.Field("topic") }

// Metric: What is measured.
func (v AcceptanceCriterion) Metric() string { return valueOf(v.Item, "metric", "") }

// Limit: Value that must be reached or kept.
func (v AcceptanceCriterion) Limit() string { return valueOf(v.Item, "limit", "") }

// Confidence: Statistical confidence that is asked for.
func (v AcceptanceCriterion) Confidence() string { return valueOf(v.Item, "confidence", "") }

// Coverage: Part of the code that tests must run through. In %.
func (v AcceptanceCriterion) Coverage() string { return valueOf(v.Item, "coverage", "") }

// TestCase is the typed view of a test case (TC). What is done and what must be seen, so that another person would do the same.
type TestCase struct{ *record.Item }

// AsTestCase returns the view of it, and whether it is of kind TC itself.
func AsTestCase(it *record.Item) (TestCase, bool) { return TestCase{it}, it.Kind == KindTC }

// Level: What is put to the test.
func (v TestCase) Level() []string { return v.Item.Field("level") }

// Method: Who does it.
func (v TestCase) Method() string { return valueOf(v.Item, "method", "") }

// Purpose: Why it is done.
func (v TestCase) Purpose() []string { return v.Item.Field("purpose") }

// Preconditions: What must be so before.
func (v TestCase) Preconditions() string { return valueOf(v.Item, "preconditions", "") }

// Steps: What is done, step by step.
func (v TestCase) Steps() string { return valueOf(v.Item, "steps", "") }

// Input: Stimuli.
func (v TestCase) Input() string { return valueOf(v.Item, "input", "") }

// ExpectedResult: What must be seen.
func (v TestCase) ExpectedResult() string { return valueOf(v.Item, "expected result", "") }

// PassCriteria: When it has passed, where the expected result does not say it.
func (v TestCase) PassCriteria() string { return valueOf(v.Item, "pass criteria", "") }

// Configuration: Configurations it is run on.
func (v TestCase) Configuration() []record.Ref { return refsOf(v.Item, "configuration") }

// Automation: Names of the automated tests that carry it out.
func (v TestCase) Automation() []string { return v.Item.Field("automation") }

// Duration: How long it takes. In min.
func (v TestCase) Duration() string { return valueOf(v.Item, "duration", "") }

// TestConfiguration is the typed view of a test configuration (CFG). Hardware, software and tools that tests are run on.
type TestConfiguration struct{ *record.Item }

// AsTestConfiguration returns the view of it, and whether it is of kind CFG itself.
func AsTestConfiguration(it *record.Item) (TestConfiguration, bool) {
	return TestConfiguration{it}, it.Kind == KindCFG
}

// Hardware: Devices, with revisions and serial numbers.
func (v TestConfiguration) Hardware() string { return valueOf(v.Item, "hardware", "") }

// Software: Operating system, drivers, settings.
func (v TestConfiguration) Software() string { return valueOf(v.Item, "software", "") }

// Tools: Test tools.
func (v TestConfiguration) Tools() []record.Ref { return refsOf(v.Item, "tools") }

// CalibratedUntil: End of the calibration of its instruments.
func (v TestConfiguration) CalibratedUntil() string { return valueOf(v.Item, "calibrated until", "") }

// Review is the typed view of a review (REV). A look by people at something, against questions fixed before, with what they found.
type Review struct{ *record.Item }

// AsReview returns the view of it, and whether it is of kind REV itself.
func AsReview(it *record.Item) (Review, bool) { return Review{it}, it.Kind == KindREV }

// Subject: What was looked at.
func (v Review) Subject() []string { return v.Item.Field("subject") }

// Method: How: inspection, walk-through, checklist, static analysis.
func (v Review) Method() string { return valueOf(v.Item, "method", "") }

// Checklist: Questions, and their answers.
func (v Review) Checklist() string { return valueOf(v.Item, "checklist", "") }

// HeldOn: Day.
func (v Review) HeldOn() string { return valueOf(v.Item, "held on", "") }

// Participants: Who took part.
func (v Review) Participants() []string { return v.Item.Field("participants") }

// Independent: Whether somebody took part who did not make what was reviewed.
func (v Review) Independent() (value, set bool) { return truthOf(v.Item, "independent", "") }

// Outcome: What came out.
func (v Review) Outcome() string { return valueOf(v.Item, "outcome", "") }

// Findings: What was found, and what became of it.
func (v Review) Findings() string { return valueOf(v.Item, "findings", "") }

// Validation is the typed view of a validation (VAL). Evidence that users can do with the device what it is intended for.
type Validation struct{ *record.Item }

// AsValidation returns the view of it, and whether it is of kind VAL itself.
func AsValidation(it *record.Item) (Validation, bool) { return Validation{it}, it.Kind == KindVAL }

// Type: Which.
func (v Validation) Type() []string { return v.Item.Field("type") }

// Protocol: How it is done.
func (v Validation) Protocol() string { return valueOf(v.Item, "protocol", "") }

// Population: Users or patients who take part, and how many.
func (v Validation) Population() string { return valueOf(v.Item, "population", "") }

// Acceptance: Limits, fixed before.
func (v Validation) Acceptance() string { return valueOf(v.Item, "acceptance", "") }

// DoneOn: Day of the result.
func (v Validation) DoneOn() string { return valueOf(v.Item, "done on", "") }

// Outcome: What came out.
func (v Validation) Outcome() string { return valueOf(v.Item, "outcome", "") }

// Conclusion: What follows from it.
func (v Validation) Conclusion() string { return valueOf(v.Item, "conclusion", "") }

// Plan is the typed view of a plan (PLN). What is to be done, how, by whom and when, and how one will know.
type Plan struct{ *record.Item }

// AsPlan returns the view of it, and whether it is of kind PLN itself.
func AsPlan(it *record.Item) (Plan, bool) { return Plan{it}, it.Kind == KindPLN }

// Subject: What it plans.
func (v Plan) Subject() []string { return v.Item.Field("subject") }

// LifeCycleModel: Waterfall, increments, agile.
func (v Plan) LifeCycleModel() string { return valueOf(v.Item, "life cycle model", "") }

// Deliverables: What comes out of each activity.
func (v Plan) Deliverables() string { return valueOf(v.Item, "deliverables", "") }

// Responsibilities: Who does what.
func (v Plan) Responsibilities() string { return valueOf(v.Item, "responsibilities", "") }

// Methods: Standards, methods and tools.
func (v Plan) Methods() string { return valueOf(v.Item, "methods", "") }

// Criteria: Limits by which results are accepted.
func (v Plan) Criteria() string { return valueOf(v.Item, "criteria", "") }

// ControlPoint: Baseline from which on controlled items change only by approved request; the first one where it is no name of a baseline.
func (v Plan) ControlPoint() string { return valueOf(v.Item, "control point", "") }

// ProblemResolutionFrom: From when on problems are reported formally.
func (v Plan) ProblemResolutionFrom() string { return valueOf(v.Item, "problem resolution from", "") }

// NextReview: When it is looked at again.
func (v Plan) NextReview() string { return valueOf(v.Item, "next review", "") }

// Milestone is the typed view of a milestone (MS). A point in the plan by which something must be done.
type Milestone struct{ *record.Item }

// AsMilestone returns the view of it, and whether it is of kind MS itself.
func AsMilestone(it *record.Item) (Milestone, bool) { return Milestone{it}, it.Kind == KindMS }

// Due: Day by which.
func (v Milestone) Due() string { return valueOf(v.Item, "due", "") }

// ReachedOn: Day on which it was reached.
func (v Milestone) ReachedOn() string { return valueOf(v.Item, "reached on", "") }

// Criteria: What must be so.
func (v Milestone) Criteria() string { return valueOf(v.Item, "criteria", "") }

// ClausesDue: Clauses whose records are due, such as 62304 5.2.6.
func (v Milestone) ClausesDue() []string { return v.Item.Field("clauses due") }

// ConfigurationItem is the typed view of a configuration item (CIT). Anything that is kept under version control and named with its version.
type ConfigurationItem struct{ *record.Item }

// AsConfigurationItem returns the view of it, and whether it is of kind CIT itself.
func AsConfigurationItem(it *record.Item) (ConfigurationItem, bool) {
	return ConfigurationItem{it}, it.Kind == KindCIT
}

// Type: What it is.
func (v ConfigurationItem) Type() string { return valueOf(v.Item, "type", "") }

// Version: Version.
func (v ConfigurationItem) Version() string { return valueOf(v.Item, "version", "") }

// Location: Repository and path.
func (v ConfigurationItem) Location() string { return valueOf(v.Item, "location", "") }

// Hash: Hash of its content.
func (v ConfigurationItem) Hash() string { return valueOf(v.Item, "hash", "") }

// Tool is the typed view of a tool (TOOL). A program that makes, changes or checks the software without being part of it.
type Tool struct{ *record.Item }

// AsTool returns the view of it, and whether it is of kind TOOL itself.
func AsTool(it *record.Item) (Tool, bool) { return Tool{it}, it.Kind == KindTOOL }

// Use: What it is used for.
func (v Tool) Use() string { return valueOf(v.Item, "use", "") }

// Version: Version.
func (v Tool) Version() string { return valueOf(v.Item, "version", "") }

// Supplier: Who makes it.
func (v Tool) Supplier() string { return valueOf(v.Item, "supplier", "") }

// Risk: How much harm a fault in it could do unnoticed.
func (v Tool) Risk() string { return valueOf(v.Item, "risk", "") }

// RiskRationale: Why.
func (v Tool) RiskRationale() string { return valueOf(v.Item, "risk rationale", "") }

// Validation: How it was shown to be fit for its use.
func (v Tool) Validation() string { return valueOf(v.Item, "validation", "") }

// ValidatedOn: Day.
func (v Tool) ValidatedOn() string { return valueOf(v.Item, "validated on", "") }

// Settings: Settings that matter.
func (v Tool) Settings() string { return valueOf(v.Item, "settings", "") }

// Hash: Hashes of what is used.
func (v Tool) Hash() []string { return v.Item.Field("hash") }

// Build is the typed view of a build (BLD). One run of the build, what went in and what came out.
type Build struct{ *record.Item }

// AsBuild returns the view of it, and whether it is of kind BLD itself.
func AsBuild(it *record.Item) (Build, bool) { return Build{it}, it.Kind == KindBLD }

// Version: Version it carries.
func (v Build) Version() string { return valueOf(v.Item, "version", "") }

// Revision: Revision of the sources, such as a git commit.
func (v Build) Revision() string { return valueOf(v.Item, "revision", "") }

// BuiltAt: When.
func (v Build) BuiltAt() string { return valueOf(v.Item, "built at", "") }

// Procedure: How it is done.
func (v Build) Procedure() string { return valueOf(v.Item, "procedure", "") }

// Environment: On what.
func (v Build) Environment() string { return valueOf(v.Item, "environment", "") }

// Artefacts: Hashes of what came out.
func (v Build) Artefacts() []string { return v.Item.Field("artefacts") }

// Reproducible: Whether a second run gave the same bytes.
func (v Build) Reproducible() (value, set bool) { return truthOf(v.Item, "reproducible", "") }

// Baseline is the typed view of a baseline (BL). A named state of the project that later work is compared with.
type Baseline struct{ *record.Item }

// AsBaseline returns the view of it, and whether it is of kind BL itself.
func AsBaseline(it *record.Item) (Baseline, bool) { return Baseline{it}, it.Kind == KindBL }

// Purpose: What for.
func (v Baseline) Purpose() string { return valueOf(v.Item, "purpose", "") }

// Revision: Revision of the sources.
func (v Baseline) Revision() string { return valueOf(v.Item, "revision", "") }

// Entry: Entry of the ledger.
func (v Baseline) Entry() (value int64, set bool) { return numberOf(v.Item, "entry", "") }

// TakenOn: Day.
func (v Baseline) TakenOn() string { return valueOf(v.Item, "taken on", "") }

// Feedback is the typed view of a feedback (FB). What somebody said about released software.
type Feedback struct{ *record.Item }

// AsFeedback returns the view of it, and whether it is of kind FB itself.
func AsFeedback(it *record.Item) (Feedback, bool) { return Feedback{it}, it.Kind == KindFB }

// ReceivedOn: Day.
func (v Feedback) ReceivedOn() string { return valueOf(v.Item, "received on", "") }

// Channel: How it came in: telephone, service, literature, register.
func (v Feedback) Channel() string { return valueOf(v.Item, "channel", "") }

// Reporter: Who, as far as may be kept.
func (v Feedback) Reporter() string { return valueOf(v.Item, "reporter", "") }

// Site: Where.
func (v Feedback) Site() []record.Ref { return refsOf(v.Item, "site") }

// Release: Which release.
func (v Feedback) Release() []record.Ref { return refsOf(v.Item, "release") }

// IsAProblem: Whether it is a problem.
func (v Feedback) IsAProblem() (value, set bool) { return truthOf(v.Item, "is a problem", "") }

// Assessment: Why, or why not.
func (v Feedback) Assessment() string { return valueOf(v.Item, "assessment", "") }

// AffectsSafety: Whether it affects safety.
func (v Feedback) AffectsSafety() (value, set bool) { return truthOf(v.Item, "affects safety", "") }

// Reportable: Whether authorities must hear of it.
func (v Feedback) Reportable() (value, set bool) { return truthOf(v.Item, "reportable", "") }

// Incident: Whether somebody was or could have been harmed.
func (v Feedback) Incident() (value, set bool) { return truthOf(v.Item, "incident", "") }

// ProblemReport is the typed view of a problem report (PR). Something that is not as it should be, in the product or in a deliverable.
type ProblemReport struct{ *record.Item }

// AsProblemReport returns the view of it, and whether it is of kind PR itself.
func AsProblemReport(it *record.Item) (ProblemReport, bool) {
	return ProblemReport{it}, it.Kind == KindPR
}

// Type: What is to be done about it.
func (v ProblemReport) Type() []string { return v.Item.Field("type") }

// Scope: What it touches: size of change, models, accessories, versions.
func (v ProblemReport) Scope() string { return valueOf(v.Item, "scope", "") }

// Criticality: What it affects.
func (v ProblemReport) Criticality() []string { return v.Item.Field("criticality") }

// Severity: How bad it is.
func (v ProblemReport) Severity() string { return valueOf(v.Item, "severity", "") }

// FoundDuring: When it was found.
func (v ProblemReport) FoundDuring() string { return valueOf(v.Item, "found during", "") }

// FoundOn: Day.
func (v ProblemReport) FoundOn() string { return valueOf(v.Item, "found on", "") }

// StepsToReproduce: What was done, what was seen, what should have been.
func (v ProblemReport) StepsToReproduce() string { return valueOf(v.Item, "steps to reproduce", "") }

// Cause: Why it happened, as far as it can be told.
func (v ProblemReport) Cause() string { return valueOf(v.Item, "cause", "") }

// AffectsSafety: Whether it is relevant to safety.
func (v ProblemReport) AffectsSafety() (value, set bool) {
	return truthOf(v.Item, "affects safety", "")
}

// SafetyEvaluation: Why, by the tasks of risk management.
func (v ProblemReport) SafetyEvaluation() string { return valueOf(v.Item, "safety evaluation", "") }

// Outcome: What the investigation found.
func (v ProblemReport) Outcome() string { return valueOf(v.Item, "outcome", "") }

// NoChangeBecause: Why nothing is changed.
func (v ProblemReport) NoChangeBecause() string { return valueOf(v.Item, "no change because", "") }

// Informed: Who was told.
func (v ProblemReport) Informed() []string { return v.Item.Field("informed") }

// ResidualJudgement: Why a release may go out with it.
func (v ProblemReport) ResidualJudgement() string { return valueOf(v.Item, "residual judgement", "") }

// Verification: How it was shown that it is solved, and that nothing new came up.
func (v ProblemReport) Verification() string { return valueOf(v.Item, "verification", "") }

// ChangeRequest is the typed view of a change request (CR). What is to be changed, why, and what that touches.
type ChangeRequest struct{ *record.Item }

// AsChangeRequest returns the view of it, and whether it is of kind CR itself.
func AsChangeRequest(it *record.Item) (ChangeRequest, bool) {
	return ChangeRequest{it}, it.Kind == KindCR
}

// Reason: Why.
func (v ChangeRequest) Reason() string { return valueOf(v.Item, "reason", "") }

// Impact: What it touches: organisation, released software, systems it connects to.
func (v ChangeRequest) Impact() string { return valueOf(v.Item, "impact", "") }

// NewCauses: New causes of hazardous situations, and whether more controls are needed.
func (v ChangeRequest) NewCauses() string { return valueOf(v.Item, "new causes", "") }

// EffectOnControls: Whether it interferes with risk controls.
func (v ChangeRequest) EffectOnControls() string { return valueOf(v.Item, "effect on controls", "") }

// EffectOnClass: Whether safety classes change.
func (v ChangeRequest) EffectOnClass() string { return valueOf(v.Item, "effect on class", "") }

// ActivitiesToRepeat: Which activities are done again.
func (v ChangeRequest) ActivitiesToRepeat() string {
	return valueOf(v.Item, "activities to repeat", "")
}

// TestsToRepeat: Tests that must be run again.
func (v ChangeRequest) TestsToRepeat() []record.Ref { return refsOf(v.Item, "tests to repeat") }

// Urgency: How soon.
func (v ChangeRequest) Urgency() string { return valueOf(v.Item, "urgency", "") }

// RegulatoryImpact: Whether authorities must approve or hear of it.
func (v ChangeRequest) RegulatoryImpact() string { return valueOf(v.Item, "regulatory impact", "") }

// AffectsReleasedSoftware: Whether it alters released software.
func (v ChangeRequest) AffectsReleasedSoftware() (value, set bool) {
	return truthOf(v.Item, "affects released software", "")
}

// TargetRelease: Releases it goes into.
func (v ChangeRequest) TargetRelease() []record.Ref { return refsOf(v.Item, "target release") }

// Anomaly is the typed view of an anomaly (ANO). A published anomaly of one version of a SOUP item, and what it means for us.
type Anomaly struct{ *record.Item }

// AsAnomaly returns the view of it, and whether it is of kind ANO itself.
func AsAnomaly(it *record.Item) (Anomaly, bool) { return Anomaly{it}, it.Kind == KindANO }

// Identifier: Name in the supplier's list.
func (v Anomaly) Identifier() []string { return v.Item.Field("identifier") }

// Source: Where it is published.
func (v Anomaly) Source() []string { return v.Item.Field("source") }

// AffectedVersions: Versions it is in.
func (v Anomaly) AffectedVersions() string { return valueOf(v.Item, "affected versions", "") }

// Applies: Whether our use meets it.
func (v Anomaly) Applies() (value, set bool) { return truthOf(v.Item, "applies", "") }

// Evaluation: Whether it could lead to a hazardous situation, and why.
func (v Anomaly) Evaluation() string { return valueOf(v.Item, "evaluation", "") }

// EvaluatedOn: Day.
func (v Anomaly) EvaluatedOn() string { return valueOf(v.Item, "evaluated on", "") }

// Workaround: How it is kept away.
func (v Anomaly) Workaround() string { return valueOf(v.Item, "workaround", "") }

// ResidualJudgement: Why a release may go out with it.
func (v Anomaly) ResidualJudgement() string { return valueOf(v.Item, "residual judgement", "") }

// VulnerabilityFinding is the typed view of a vulnerability finding (VF). A vulnerability that may be in the software or its SOUP, and what it means for us.
type VulnerabilityFinding struct{ *record.Item }

// AsVulnerabilityFinding returns the view of it, and whether it is of kind VF itself.
func AsVulnerabilityFinding(it *record.Item) (VulnerabilityFinding, bool) {
	return VulnerabilityFinding{it}, it.Kind == KindVF
}

// Identifier: CVE, GHSA, OSV.
func (v VulnerabilityFinding) Identifier() []string { return v.Item.Field("identifier") }

// Source: Where it is published.
func (v VulnerabilityFinding) Source() []string { return v.Item.Field("source") }

// PublishedOn: Day.
func (v VulnerabilityFinding) PublishedOn() string { return valueOf(v.Item, "published on", "") }

// Score: CVSS vector.
func (v VulnerabilityFinding) Score() string { return valueOf(v.Item, "score", "") }

// AffectedVersions: Versions it is in.
func (v VulnerabilityFinding) AffectedVersions() string {
	return valueOf(v.Item, "affected versions", "")
}

// Status: What it means for us, in the words of VEX.
func (v VulnerabilityFinding) Status() string { return valueOf(v.Item, "status", "") }

// Justification: Why we are not affected.
func (v VulnerabilityFinding) Justification() string { return valueOf(v.Item, "justification", "") }

// Exploited: Whether it is known to be exploited.
func (v VulnerabilityFinding) Exploited() (value, set bool) { return truthOf(v.Item, "exploited", "") }

// Evaluation: Whether it could lead to harm, and why.
func (v VulnerabilityFinding) Evaluation() string { return valueOf(v.Item, "evaluation", "") }

// AffectsSafety: Whether it is relevant to safety.
func (v VulnerabilityFinding) AffectsSafety() (value, set bool) {
	return truthOf(v.Item, "affects safety", "")
}

// Action: What users can do.
func (v VulnerabilityFinding) Action() string { return valueOf(v.Item, "action", "") }

// ResidualJudgement: Why a release may go out with it.
func (v VulnerabilityFinding) ResidualJudgement() string {
	return valueOf(v.Item, "residual judgement", "")
}

// AdvisoryNotice is the typed view of an advisory notice (ADV). What users and authorities are told about a problem in released software.
type AdvisoryNotice struct{ *record.Item }

// AsAdvisoryNotice returns the view of it, and whether it is of kind ADV itself.
func AsAdvisoryNotice(it *record.Item) (AdvisoryNotice, bool) {
	return AdvisoryNotice{it}, it.Kind == KindADV
}

// Audience: Who is told.
func (v AdvisoryNotice) Audience() []string { return v.Item.Field("audience") }

// Consequences: What happens if it is used unchanged.
func (v AdvisoryNotice) Consequences() string { return valueOf(v.Item, "consequences", "") }

// AvailableChanges: What changes there are, and how to get and install them.
func (v AdvisoryNotice) AvailableChanges() string { return valueOf(v.Item, "available changes", "") }

// Releases: Releases it is about.
func (v AdvisoryNotice) Releases() []record.Ref { return refsOf(v.Item, "releases") }

// Sites: Sites that are told.
func (v AdvisoryNotice) Sites() []record.Ref { return refsOf(v.Item, "sites") }

// IssuedOn: Day.
func (v AdvisoryNotice) IssuedOn() string { return valueOf(v.Item, "issued on", "") }

// AnswerDue: Day by which receipt is to be confirmed.
func (v AdvisoryNotice) AnswerDue() string { return valueOf(v.Item, "answer due", "") }

// Release is the typed view of a release (REL). A version of the software that is given out of hand.
type Release struct{ *record.Item }

// AsRelease returns the view of it, and whether it is of kind REL itself.
func AsRelease(it *record.Item) (Release, bool) { return Release{it}, it.Kind == KindREL }

// Version: Version.
func (v Release) Version() string { return valueOf(v.Item, "version", "") }

// ReleasedOn: Day.
func (v Release) ReleasedOn() string { return valueOf(v.Item, "released on", "") }

// Notes: What is new, for users.
func (v Release) Notes() string { return valueOf(v.Item, "notes", "") }

// RemainingAnomalies: How the anomalies that remain were weighed together.
func (v Release) RemainingAnomalies() string { return valueOf(v.Item, "remaining anomalies", "") }

// Procedure: How it was built, and where.
func (v Release) Procedure() string { return valueOf(v.Item, "procedure", "") }

// Delivery: How it reaches its place of use undamaged and unaltered.
func (v Release) Delivery() string { return valueOf(v.Item, "delivery", "") }

// Archive: Where it is kept.
func (v Release) Archive() []string { return v.Item.Field("archive") }

// KeepUntil: How long.
func (v Release) KeepUntil() string { return valueOf(v.Item, "keep until", "") }

// Artefacts: Hashes of what is delivered.
func (v Release) Artefacts() []string { return v.Item.Field("artefacts") }

// SupportedUntil: End of support.
func (v Release) SupportedUntil() string { return valueOf(v.Item, "supported until", "") }

// Markets: Where it may be sold.
func (v Release) Markets() []record.Ref { return refsOf(v.Item, "markets") }

// UDI: Device identifiers it carries.
func (v Release) UDI() []string { return v.Item.Field("udi") }

// Site is the typed view of a site (SITE). A place where a release runs.
type Site struct{ *record.Item }

// AsSite returns the view of it, and whether it is of kind SITE itself.
func AsSite(it *record.Item) (Site, bool) { return Site{it}, it.Kind == KindSITE }

// Operator: Who runs it there.
func (v Site) Operator() string { return valueOf(v.Item, "operator", "") }

// Country: Country.
func (v Site) Country() string { return valueOf(v.Item, "country", "") }

// Contact: Whom to tell.
func (v Site) Contact() []string { return v.Item.Field("contact") }

// SerialNumbers: Devices there.
func (v Site) SerialNumbers() []string { return v.Item.Field("serial numbers") }

// InstalledOn: Day of the last installation.
func (v Site) InstalledOn() string { return valueOf(v.Item, "installed on", "") }

// DataSet is the typed view of a data set (DS). Data a model is trained, tuned or evaluated with.
type DataSet struct{ *record.Item }

// AsDataSet returns the view of it, and whether it is of kind DS itself.
func AsDataSet(it *record.Item) (DataSet, bool) { return DataSet{it}, it.Kind == KindDS }

// Purpose: What it is used for; test data are kept from training.
func (v DataSet) Purpose() []string { return v.Item.Field("purpose") }

// Version: Version.
func (v DataSet) Version() string { return valueOf(v.Item, "version", "") }

// Hash: Hash of its content or of its list of hashes.
func (v DataSet) Hash() string { return valueOf(v.Item, "hash", "") }

// Records: How many records.
func (v DataSet) Records() (value int64, set bool) { return numberOf(v.Item, "records", "") }

// Origin: Where, when and by whom collected.
func (v DataSet) Origin() string { return valueOf(v.Item, "origin", "") }

// Inclusion: What was taken in, and what left out.
func (v DataSet) Inclusion() string { return valueOf(v.Item, "inclusion", "") }

// Annotation: Who labelled it, how, and against which reference standard.
func (v DataSet) Annotation() string { return valueOf(v.Item, "annotation", "") }

// Representativeness: How it stands to the intended population; subgroups and their sizes.
func (v DataSet) Representativeness() string { return valueOf(v.Item, "representativeness", "") }

// KnownBias: What is over- or under-represented.
func (v DataSet) KnownBias() string { return valueOf(v.Item, "known bias", "") }

// Sequestered: Whether those who train cannot see it.
func (v DataSet) Sequestered() (value, set bool) { return truthOf(v.Item, "sequestered", "") }

// Retention: Where and how long it is kept.
func (v DataSet) Retention() string { return valueOf(v.Item, "retention", "") }

// Consent: On which legal ground it is used.
func (v DataSet) Consent() string { return valueOf(v.Item, "consent", "") }

// KnowledgeBase is the typed view of a knowledge base (KB). Texts, rules or an ontology that the software draws on at run time.
type KnowledgeBase struct{ *record.Item }

// AsKnowledgeBase returns the view of it, and whether it is of kind KB itself.
func AsKnowledgeBase(it *record.Item) (KnowledgeBase, bool) {
	return KnowledgeBase{it}, it.Kind == KindKB
}

// Version: Version.
func (v KnowledgeBase) Version() string { return valueOf(v.Item, "version", "") }

// Hash: Hash of its content.
func (v KnowledgeBase) Hash() string { return valueOf(v.Item, "hash", "") }

// Source: Where it comes from.
func (v KnowledgeBase) Source() string { return valueOf(v.Item, "source", "") }

// ValidUntil: When it must be looked at again.
func (v KnowledgeBase) ValidUntil() string { return valueOf(v.Item, "valid until", "") }

// Model is the typed view of a model (MDL). A trained model, one version of it; a software item that data have shaped.
type Model struct{ *record.Item }

// AsModel returns the view of it, and whether it is of kind MDL itself.
func AsModel(it *record.Item) (Model, bool) { return Model{it}, it.Kind == KindMDL }

// Version: Version.
func (v Model) Version() string { return valueOf(v.Item, "version", "") }

// Hash: Hash of its weights.
func (v Model) Hash() string { return valueOf(v.Item, "hash", "") }

// Architecture: Kind, size, layers, base model.
func (v Model) Architecture() string { return valueOf(v.Item, "architecture", "") }

// Task: What it computes from what.
func (v Model) Task() string { return valueOf(v.Item, "task", "") }

// OperatingPoint: Threshold it is used with.
func (v Model) OperatingPoint() string { return valueOf(v.Item, "operating point", "") }

// SafetyClass: Software safety class. An item without one has the class of what it is part of; a system without one is handled as C.
func (v Model) SafetyClass() string { return valueOf(v.Item, "safety class", "") }

// ClassRationale: Why a class that differs from that of what it is part of.
func (v Model) ClassRationale() string { return valueOf(v.Item, "class rationale", "") }

// Autonomy: Who looks at its output before it counts.
func (v Model) Autonomy() string { return valueOf(v.Item, "autonomy", "") }

// Adaptive: Whether it changes in the field.
func (v Model) Adaptive() (value, set bool) { return truthOf(v.Item, "adaptive", "") }

// Limits: Inputs it is not made for, and how they are kept away.
func (v Model) Limits() string { return valueOf(v.Item, "limits", "") }

// Pipeline is the typed view of a pipeline (PIPE). The steps that turn data into a model, or raw input into a model's input.
type Pipeline struct{ *record.Item }

// AsPipeline returns the view of it, and whether it is of kind PIPE itself.
func AsPipeline(it *record.Item) (Pipeline, bool) { return Pipeline{it}, it.Kind == KindPIPE }

// Version: Version.
func (v Pipeline) Version() string { return valueOf(v.Item, "version", "") }

// Revision: Revision of its sources.
func (v Pipeline) Revision() string { return valueOf(v.Item, "revision", "") }

// Environment: Container, libraries, hardware, random seeds.
func (v Pipeline) Environment() string { return valueOf(v.Item, "environment", "") }

// Steps: What it does, in order.
func (v Pipeline) Steps() string { return valueOf(v.Item, "steps", "") }

// Reproducible: Whether a second run gives the same.
func (v Pipeline) Reproducible() (value, set bool) { return truthOf(v.Item, "reproducible", "") }

// ChangeControlPlan is the typed view of a change control plan (PCCP). Changes to a model that are planned and agreed beforehand, and how each is made and judged.
type ChangeControlPlan struct{ *record.Item }

// AsChangeControlPlan returns the view of it, and whether it is of kind PCCP itself.
func AsChangeControlPlan(it *record.Item) (ChangeControlPlan, bool) {
	return ChangeControlPlan{it}, it.Kind == KindPCCP
}

// Version: Version.
func (v ChangeControlPlan) Version() string { return valueOf(v.Item, "version", "") }

// AuthorisedOn: Day on which it was authorised.
func (v ChangeControlPlan) AuthorisedOn() string { return valueOf(v.Item, "authorised on", "") }

// Authorisation: Numbers of the authorisations it is part of.
func (v ChangeControlPlan) Authorisation() []string { return v.Item.Field("authorisation") }

// DataManagement: How data for changes are collected, labelled, split and kept apart.
func (v ChangeControlPlan) DataManagement() string { return valueOf(v.Item, "data management", "") }

// Retraining: What may be trained again, how, and what sets it off.
func (v ChangeControlPlan) Retraining() string { return valueOf(v.Item, "retraining", "") }

// Evaluation: How a change is evaluated, and against which limits.
func (v ChangeControlPlan) Evaluation() string { return valueOf(v.Item, "evaluation", "") }

// UpdateProcedure: How it is deployed, told and watched.
func (v ChangeControlPlan) UpdateProcedure() string { return valueOf(v.Item, "update procedure", "") }

// ImpactAssessment: Benefits and risks of the changes, alone and together.
func (v ChangeControlPlan) ImpactAssessment() string { return valueOf(v.Item, "impact assessment", "") }

// Modification is the typed view of a modification (MOD). One change that a change control plan lists.
type Modification struct{ *record.Item }

// AsModification returns the view of it, and whether it is of kind MOD itself.
func AsModification(it *record.Item) (Modification, bool) {
	return Modification{it}, it.Kind == KindMOD
}

// Rationale: Why.
func (v Modification) Rationale() string { return valueOf(v.Item, "rationale", "") }

// Target: What it is to reach.
func (v Modification) Target() string { return valueOf(v.Item, "target", "") }

// Automatic: How it is made.
func (v Modification) Automatic() string { return valueOf(v.Item, "automatic", "") }

// Reach: Where it applies.
func (v Modification) Reach() string { return valueOf(v.Item, "reach", "") }

// Frequency: How often.
func (v Modification) Frequency() string { return valueOf(v.Item, "frequency", "") }

// DataMethod: Which data, by which part of the plan.
func (v Modification) DataMethod() string { return valueOf(v.Item, "data method", "") }

// RetrainingMethod: How it is trained, by which part of the plan.
func (v Modification) RetrainingMethod() string { return valueOf(v.Item, "retraining method", "") }

// EvaluationMethod: How it is evaluated, by which part of the plan.
func (v Modification) EvaluationMethod() string { return valueOf(v.Item, "evaluation method", "") }

// UpdateMethod: How it is deployed, by which part of the plan.
func (v Modification) UpdateMethod() string { return valueOf(v.Item, "update method", "") }

// Impact: Benefits and risks against the unmodified device.
func (v Modification) Impact() string { return valueOf(v.Item, "impact", "") }

// WithinPlan: Whether it was done by the plan.
func (v Modification) WithinPlan() (value, set bool) { return truthOf(v.Item, "within plan", "") }

// Evaluation is the typed view of an evaluation (EVAL). How well a model does, measured on data it has not seen, against limits fixed before.
type Evaluation struct{ *record.Item }

// AsEvaluation returns the view of it, and whether it is of kind EVAL itself.
func AsEvaluation(it *record.Item) (Evaluation, bool) { return Evaluation{it}, it.Kind == KindEVAL }

// Design: How it is done.
func (v Evaluation) Design() string { return valueOf(v.Item, "design", "") }

// Metrics: What is measured.
func (v Evaluation) Metrics() []string { return v.Item.Field("metrics") }

// Acceptance: Limits, fixed before.
func (v Evaluation) Acceptance() string { return valueOf(v.Item, "acceptance", "") }

// LimitsFixedOn: Day on which they were fixed.
func (v Evaluation) LimitsFixedOn() string { return valueOf(v.Item, "limits fixed on", "") }

// Subgroups: Groups looked at one by one.
func (v Evaluation) Subgroups() []string { return v.Item.Field("subgroups") }

// EvaluatedOn: Day of the result.
func (v Evaluation) EvaluatedOn() string { return valueOf(v.Item, "evaluated on", "") }

// Results: Figures with their intervals, in all and per subgroup.
func (v Evaluation) Results() string { return valueOf(v.Item, "results", "") }

// Outcome: What came out.
func (v Evaluation) Outcome() string { return valueOf(v.Item, "outcome", "") }

// ModelHash: Hash of the weights that were evaluated.
func (v Evaluation) ModelHash() string { return valueOf(v.Item, "model hash", "") }

// Configuration: On what it was run.
func (v Evaluation) Configuration() []record.Ref { return refsOf(v.Item, "configuration") }

// Procedure is the typed view of a procedure (SOP). How something is done in the organisation.
type Procedure struct{ *record.Item }

// AsProcedure returns the view of it, and whether it is of kind SOP itself.
func AsProcedure(it *record.Item) (Procedure, bool) { return Procedure{it}, it.Kind == KindSOP }

// Process: Process it belongs to.
func (v Procedure) Process() string { return valueOf(v.Item, "process", "") }

// Owner: Who is responsible for it.
func (v Procedure) Owner() record.Ref { return record.Ref(valueOf(v.Item, "owner", "")) }

// Version: Version.
func (v Procedure) Version() string { return valueOf(v.Item, "version", "") }

// EffectiveFrom: Day from which it is in force.
func (v Procedure) EffectiveFrom() string { return valueOf(v.Item, "effective from", "") }

// NextReview: When it is looked at again.
func (v Procedure) NextReview() string { return valueOf(v.Item, "next review", "") }

// Role is the typed view of a role (ROLE). What a person is responsible for, and must know.
type Role struct{ *record.Item }

// AsRole returns the view of it, and whether it is of kind ROLE itself.
func AsRole(it *record.Item) (Role, bool) { return Role{it}, it.Kind == KindROLE }

// Responsibilities: What for.
func (v Role) Responsibilities() string { return valueOf(v.Item, "responsibilities", "") }

// Competence: Knowledge and experience that are needed.
func (v Role) Competence() string { return valueOf(v.Item, "competence", "") }

// Holders: Who has it.
func (v Role) Holders() []string { return v.Item.Field("holders") }

// Training is the typed view of a training (TRN). What people were taught, and whether it worked.
type Training struct{ *record.Item }

// AsTraining returns the view of it, and whether it is of kind TRN itself.
func AsTraining(it *record.Item) (Training, bool) { return Training{it}, it.Kind == KindTRN }

// Person: Who.
func (v Training) Person() []string { return v.Item.Field("person") }

// Role: For which roles.
func (v Training) Role() []record.Ref { return refsOf(v.Item, "role") }

// Procedures: Which procedures.
func (v Training) Procedures() []record.Ref { return refsOf(v.Item, "procedures") }

// DoneOn: Day.
func (v Training) DoneOn() string { return valueOf(v.Item, "done on", "") }

// ValidUntil: When it must be repeated.
func (v Training) ValidUntil() string { return valueOf(v.Item, "valid until", "") }

// Effectiveness: How it was seen to have worked.
func (v Training) Effectiveness() string { return valueOf(v.Item, "effectiveness", "") }

// Supplier is the typed view of a supplier (SUP). Somebody who delivers software, parts or services.
type Supplier struct{ *record.Item }

// AsSupplier returns the view of it, and whether it is of kind SUP itself.
func AsSupplier(it *record.Item) (Supplier, bool) { return Supplier{it}, it.Kind == KindSUP }

// Supplies: What.
func (v Supplier) Supplies() string { return valueOf(v.Item, "supplies", "") }

// Qualification: How it was evaluated.
func (v Supplier) Qualification() string { return valueOf(v.Item, "qualification", "") }

// QualifiedUntil: When it must be evaluated again.
func (v Supplier) QualifiedUntil() string { return valueOf(v.Item, "qualified until", "") }

// Critical: Whether safety depends on it.
func (v Supplier) Critical() (value, set bool) { return truthOf(v.Item, "critical", "") }

// Contact: Whom to ask.
func (v Supplier) Contact() []string { return v.Item.Field("contact") }

// Audit is the typed view of an audit (AUD). A planned look at whether procedures are kept and work.
type Audit struct{ *record.Item }

// AsAudit returns the view of it, and whether it is of kind AUD itself.
func AsAudit(it *record.Item) (Audit, bool) { return Audit{it}, it.Kind == KindAUD }

// Type: Who looks at whom.
func (v Audit) Type() string { return valueOf(v.Item, "type", "") }

// HeldOn: Day.
func (v Audit) HeldOn() string { return valueOf(v.Item, "held on", "") }

// Auditors: Who.
func (v Audit) Auditors() []string { return v.Item.Field("auditors") }

// Scope: What was looked at.
func (v Audit) Scope() string { return valueOf(v.Item, "scope", "") }

// Findings: What was found.
func (v Audit) Findings() string { return valueOf(v.Item, "findings", "") }

// Outcome: What came out.
func (v Audit) Outcome() string { return valueOf(v.Item, "outcome", "") }

// Document is the typed view of a document (DOC). A document as a whole; its text and items stand in its outline.
type Document struct{ *record.Item }

// AsDocument returns the view of it, and whether it is of kind DOC itself.
func AsDocument(it *record.Item) (Document, bool) { return Document{it}, it.Kind == KindDOC }

// Purpose: What for.
func (v Document) Purpose() string { return valueOf(v.Item, "purpose", "") }

// Author: Who writes it.
func (v Document) Author() []string { return v.Item.Field("author") }

// Reviewer: Who reviews it.
func (v Document) Reviewer() []string { return v.Item.Field("reviewer") }

// Approver: Who approves it.
func (v Document) Approver() []string { return v.Item.Field("approver") }

// Version: Version, where it has one of its own.
func (v Document) Version() string { return valueOf(v.Item, "version", "") }

// Number: Number in the document register.
func (v Document) Number() string { return valueOf(v.Item, "number", "") }

// External: Whether it comes from outside, such as a standard.
func (v Document) External() (value, set bool) { return truthOf(v.Item, "external", "") }

// Location: Where it is, if not here.
func (v Document) Location() string { return valueOf(v.Item, "location", "") }

// CertificationRecord is the typed view of a certification record (CERT). A certificate, declaration or letter of an authority.
type CertificationRecord struct{ *record.Item }

// AsCertificationRecord returns the view of it, and whether it is of kind CERT itself.
func AsCertificationRecord(it *record.Item) (CertificationRecord, bool) {
	return CertificationRecord{it}, it.Kind == KindCERT
}

// Issuer: Who gave it.
func (v CertificationRecord) Issuer() string { return valueOf(v.Item, "issuer", "") }

// Number: Its number.
func (v CertificationRecord) Number() string { return valueOf(v.Item, "number", "") }

// Covers: What it covers.
func (v CertificationRecord) Covers() string { return valueOf(v.Item, "covers", "") }

// IssuedOn: Day.
func (v CertificationRecord) IssuedOn() string { return valueOf(v.Item, "issued on", "") }

// ValidUntil: End.
func (v CertificationRecord) ValidUntil() string { return valueOf(v.Item, "valid until", "") }

// Statement is the typed view of a statement (ST). What a person states about one clause and one scope, where the standard asks for judgement.
type Statement struct{ *record.Item }

// AsStatement returns the view of it, and whether it is of kind ST itself.
func AsStatement(it *record.Item) (Statement, bool) { return Statement{it}, it.Kind == KindST }

// Clause: Clause, such as 62304 5.7.4.
func (v Statement) Clause() string { return valueOf(v.Item, "clause", "") }

// Judgement: What is stated.
func (v Statement) Judgement() string { return valueOf(v.Item, "judgement", "") }

// Reason: Why.
func (v Statement) Reason() string { return valueOf(v.Item, "reason", "") }

// Query: Records it judges, as a query.
func (v Statement) Query() string { return valueOf(v.Item, "query", "") }

// ValidUntil: When it must be looked at again.
func (v Statement) ValidUntil() string { return valueOf(v.Item, "valid until", "") }

// NotApplicableDecision is the typed view of a not-applicable decision (NA). The reasoned decision that a clause does not apply to a scope.
type NotApplicableDecision struct{ *record.Item }

// AsNotApplicableDecision returns the view of it, and whether it is of kind NA itself.
func AsNotApplicableDecision(it *record.Item) (NotApplicableDecision, bool) {
	return NotApplicableDecision{it}, it.Kind == KindNA
}

// Clause: Clause, such as 62304 5.2.2.j.
func (v NotApplicableDecision) Clause() string { return valueOf(v.Item, "clause", "") }

// Reason: Why it does not apply.
func (v NotApplicableDecision) Reason() string { return valueOf(v.Item, "reason", "") }

// ValidUntil: When it must be looked at again.
func (v NotApplicableDecision) ValidUntil() string { return valueOf(v.Item, "valid until", "") }
