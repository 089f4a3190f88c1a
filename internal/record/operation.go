package record

// Operation is one step of a change. The list of operations is closed: a new
// kind of item adds none, and a reader that meets one it does not know
// (Unknown) must not write.
type Operation interface {
	// Type is the name in the codec.
	Type() string
	append(dst []byte) []byte
}

// PutItem makes a new revision of an item, or its first one. Key and kind of a
// revision equal those of the one before; Rekey changes the key.
type PutItem struct {
	Item Item
	// Content is the content hash of the revision that was redacted, where this one stands in for it. It is not encoded.
	Content Hash
}

// Rekey gives an item another key; its history stays.
type Rekey struct {
	ID  ID
	Key Key
}

// Retire takes an item out of use. It stays readable, and links to it are
// findings.
type Retire struct{ ID ID }

// MoveState moves an item to another state of its workflow.
type MoveState struct {
	ID    ID
	State State
}

// Place sets the outline of a document: its prose, its sections and the items
// it holds, in reading order. An item has its place from the outline that
// names it.
type Place struct {
	Document ID
	Outline  []Block
}

// Block is one step of an outline: prose before the first heading (Level 0,
// Heading empty), a section, or an item.
type Block struct {
	Level   int    // depth of the heading, 1 to 6; 0 for leading prose
	Item    ID     // zero for sections and prose
	Heading string // of a section
	Prose   string // Markdown that follows the section's heading
}

// AddLink makes a link.
type AddLink struct{ Link Link }

// Unlink removes a link.
type Unlink struct {
	Source ID
	Verb   Verb
	Target ID
	Ref    Ref
}

// ConfirmLink records that a person has looked at both ends of a link again.
// The reason is the change's own, or the one given here for this link.
type ConfirmLink struct {
	Source    ID
	Verb      Verb
	Target    ID
	Ref       Ref
	Confirmed Confirmation
	Person    string // as claimed, where it is not the actor of the change
	Reason    string
}

// Comment is said about an item.
type Comment struct {
	ID   ID
	Text string
}

// AttachEvidence takes in a report of a test run: the raw report is a blob, the
// results are those that belong to tests of the project.
type AttachEvidence struct {
	Report   File   // name as it was given, hash of the blob
	Format   string // gotest, junit, …
	Manifest string // hash of the build manifest; empty makes the evidence unbound
	Results  []TestResult
}

// TestResult is what a report says about one test.
type TestResult struct {
	Test    ID
	Outcome string // passed, failed, skipped
	Name    string // as reported
	Message string
	Line    int // in the report
}

// Baseline names the present state of a stream.
type Baseline struct {
	Name  string
	Title string
}

// Branch opens a stream from a baseline, or from an entry of its parent.
type Branch struct {
	Stream Stream
	Parent Stream
	Entry  int64 // last entry of the parent that the new stream sees
}

// Settings changes what governs a project: its name in people's words, the text
// of its goldthread.yaml, from which its schema is made, and the hashes of the
// catalogue and the rules that judge it, empty until something has judged it.
type Settings struct {
	Title     string
	Schema    string // YAML; empty for the built-in kinds alone
	Catalogue string
	Rules     string
}

// Membership enrols a person in a project, or replaces what is known of one:
// name, roles and credentials as a whole. A person without roles has left; the
// identity is never given to another.
type Membership struct {
	Person      ID
	Name        string       // as it is printed beside signatures
	Roles       []string     // reader, author, reviewer, approver, manager
	Credentials []Credential // that the person signs with from now on
}

// Credential is a public key. Its kind says how a signature by it is read.
type Credential struct {
	Kind   string // ssh-ed25519
	Public string // in the text form of the kind, without a comment
}

// Meaning is what a signature says [21 CFR 11.50(a)(3)].
type Meaning string

// The meanings, a closed list.
const (
	MeaningReview         Meaning = "review"
	MeaningApproval       Meaning = "approval"
	MeaningAuthorship     Meaning = "authorship"
	MeaningResponsibility Meaning = "responsibility"
)

// Sign is a person's electronic signature over revisions of items. What is
// signed is SignedBytes, so that nothing of it can be changed and no part of it
// is said twice [21 CFR 11.70].
type Sign struct {
	Person     ID
	Name       string // of the person, frozen
	Meaning    Meaning
	Stream     Stream // that was looked at
	Entry      int64  // as of which
	Items      []SignedItem
	Text       string // what it says beyond its meaning; may be empty
	Time       string // of signing, by the clock of the signer, as FormatTime writes it
	Credential Credential
	Signature  string // in the text form of the credential's kind
}

// SignedItem is one revision of an item as it was signed: its content and its
// outgoing links.
type SignedItem struct {
	ID       ID
	Key      Key
	Revision int64
	Content  Hash
	Links    Hash
}

// Redact takes the payload of an operation, or a file, out of the store. Its
// commitment stays, so that everything else can still be proven. What stands in
// for it in the fold is said here.
type Redact struct {
	Entry     int64     // of the operation
	Number    int64     // of the operation in its entry, from 1
	Blobs     []Hash    // files that are taken out as well
	Instead   Operation // what the operation counts as from now on; nil for nothing
	Content   Hash      // content hash of the revision that was taken out, zero where it was none
	Order     string    // of whom, and under which reference
	Approver  ID
	Reference string // where the order is kept; may be empty
}

// Anchor records that a checkpoint was put where others can see it.
type Anchor struct {
	Kind  string // git, rfc3161, print, witness
	Size  int64  // of the ledger at the checkpoint
	Root  Hash
	Place string // repository and commit, authority, document …
	Time  string // as the anchor proves it, as FormatTime writes it; empty where it proves none
	Proof string // base64 of what proves it; may be empty
}

// RotateKey names the key that signs the checkpoints of the ledger from now on.
// The first entry of a ledger has the first one. The checkpoint that covers a
// later one first is signed by both.
type RotateKey struct {
	Key      string // verifier key of a C2SP signed note
	Previous string // the one before, empty for the first
}

// Unknown is an operation of a later version, kept as it was read.
//
// goldthread:implements SRS-7
type Unknown struct {
	Name string
	Raw  []byte
}

func (PutItem) Type() string        { return "put" }
func (Rekey) Type() string          { return "rekey" }
func (Retire) Type() string         { return "retire" }
func (MoveState) Type() string      { return "move state" }
func (Place) Type() string          { return "place" }
func (AddLink) Type() string        { return "link" }
func (Unlink) Type() string         { return "unlink" }
func (ConfirmLink) Type() string    { return "confirm link" }
func (Comment) Type() string        { return "comment" }
func (AttachEvidence) Type() string { return "attach evidence" }
func (Baseline) Type() string       { return "baseline" }
func (Branch) Type() string         { return "branch stream" }
func (Settings) Type() string       { return "settings" }
func (Membership) Type() string     { return "membership" }
func (Sign) Type() string           { return "sign" }
func (Redact) Type() string         { return "redact" }
func (Anchor) Type() string         { return "anchor" }
func (RotateKey) Type() string      { return "rotate key" }
func (u Unknown) Type() string      { return u.Name }
