// Package exchange holds the neutral document that every reader of a foreign requirement format delivers:
// documents, their outline, their items and links, each with the place it was read from, and the faults of the
// reading. It says what a file says and nothing more: it knows no kinds, no rules and no identities, and it
// merges nothing (two items with one key are two items). Turning a Tree into items of a project is the business
// of whoever maps it.
//
// Whatever a reader does not understand is kept (as a Field, a Block or a name in Tree.Others) or reported (as a
// Fault); a reader that drops something in silence is wrong. Clause served: requirements traceable to their source
// [62304 5.2.6], traceability [62304 5.1.1].
package exchange

import (
	"iter"
	"strconv"
)

// Position is a place in a file that was read.
type Position struct {
	File   string // slash path relative to the folder that was read
	Line   int    // from 1; 0 when the whole file is meant
	Column int    // in bytes, from 1; 0 when the whole line is meant
}

// String gives the form that editors jump to: file:line:column, without the parts that are not known.
func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
		if p.Column > 0 {
			s += ":" + strconv.Itoa(p.Column)
		}
	}
	return s
}

// Fault is one thing that could not be read as it stands.
type Fault struct {
	At      Position
	Item    string // key of the item concerned, when there is one
	Message string // what is wrong, one sentence
	Remedy  string // the way out
	Error   bool   // the element could not be read and is missing from the Tree; otherwise it was read with the reservation named
}

// Tree is everything one reader found in one folder, or what a writer is to write.
type Tree struct {
	Format    string     // name of the format, such as "doorstop"; "goldthread" for a project of ours that is to be written
	Markup    string     // of titles and texts: "markdown" or "rst"
	Tool      string     // that wrote the source, as it says itself
	Types     []Type     // of items, as the source declares them, else those met
	Relations []Relation // verbs of links, as the source declares them, else those met
	Documents []Document // parents before children
	// Attachments are files that came inside the source, each under the path by which texts refer to it.
	Attachments []Attachment
	// Read is what the reader has counted on its way through the source, taken or not: every item and link of the Tree
	// and every one of Lost and Dangling is in it.
	Read Counts
	// Dangling are links whose source is not there, so that no item could hold them. A link that only lacks its target
	// stays with its item.
	Dangling []Dangling
	Lost     []Loss // elements and values that are not in the Tree
	Changed  []Loss // those that are in it in another form
	// Backwards names the verbs that say of an item what another one does to it, each with the verb that the other
	// one would say it with: fulfilled_by, fulfills.
	Backwards map[string]string
	Faults    []Fault  // ordered by file, line and column
	Files     []string // files that were read, sorted
	Others    []string // files that lie in the folders of documents and were not read as items, sorted
}

// Items counts the items of all documents.
func (t *Tree) Items() int {
	n := 0
	for i := range t.Documents {
		n += len(t.Documents[i].Items)
	}
	return n
}

// All yields every item with its document, in order.
func (t *Tree) All() iter.Seq2[*Document, *Item] {
	return func(yield func(*Document, *Item) bool) {
		for i := range t.Documents {
			d := &t.Documents[i]
			for j := range d.Items {
				if !yield(d, &d.Items[j]) {
					return
				}
			}
		}
	}
}

// counted is what is in the Tree, for readers that do not count.
func (t *Tree) counted() Counts {
	c := Counts{Items: t.Items(), Documents: len(t.Documents), Files: len(t.Attachments)}
	for _, it := range t.All() {
		c.Links += len(it.Links)
	}
	return c
}

// Document is one requirement document: a folder in Doorstop, a file elsewhere. Sections, Blocks and Items share one
// counter, Order, which gives their sequence in the document.
type Document struct {
	Key      string // prefix or name
	Parent   string // key of the parent document as written, if any
	Title    string
	Path     string // folder or file, slash path relative to the folder that was read; "." for that folder itself
	Sections []Section
	Blocks   []Block
	Items    []Item
	Fields   []Field // settings and attributes of the document itself
	At       Position
}

// Section is a heading of the outline that is not an item.
type Section struct {
	Title string
	Level int // from 1
	Order int
	At    Position
}

// BlockEnd is the kind of a block without text that ends a section where no other one begins.
const BlockEnd = "end"

// Block is text of a document that belongs to no item: prose between items, or a directive that is not an item.
type Block struct {
	Kind  string // "prose", "comment", "reference", BlockEnd, or the name of the directive
	Text  string // as written
	Order int
	At    Position
}

// Counts are what a source holds, in its own terms: in ReqIF items are SPEC-OBJECTs, links SPEC-RELATIONs, documents
// SPECIFICATIONs and files the embedded ones.
type Counts struct {
	Items     int `json:"items"`
	Links     int `json:"links"`
	Documents int `json:"documents"`
	Files     int `json:"files"`
}

// Loss is one element or value that was not kept, or not as it was.
type Loss struct {
	At   Position
	Item string // key or identity of the item concerned, when there is one
	What string // the element or value, by name
	Why  string // one sentence
	// Items and Links say how many of those in Tree.Read are lost with it; both are 0 for a part of an item or link.
	Items, Links int
}

// Dangling is a link whose source is not there; From and To are as written, empty where the link does not say it.
type Dangling struct {
	Verb, From, To string
	At             Position
}

// Attachment is a file that came inside the source.
type Attachment struct {
	Path string // slash path, relative to the folder of the document that refers to it, never leading out of it
	Data []byte
}

// Type is a type of items: what a source declares of them and a mapping needs to know.
type Type struct {
	Name       string // as Item.Type names it; of a project to be written, the id of the kind
	Title      string // as people read it, where that differs
	Attributes []Attribute
	At         Position
}

// Attribute is what the values of one attribute may be.
type Attribute struct {
	Name   string // as Field.Name names it
	Data   DataType
	Many   bool
	Values []string // of an enumeration, in order
}

// DataType says what the values of an attribute are, as text: numbers in decimal, truths as "true" and "false", times
// in RFC 3339 or as written where they are none.
type DataType string

// The data types that formats know. Markup is a text in the markup of the Tree.
const (
	DataString  DataType = "string"
	DataMarkup  DataType = "markup"
	DataInteger DataType = "integer"
	DataReal    DataType = "real"
	DataBoolean DataType = "boolean"
	DataDate    DataType = "date"
	DataEnum    DataType = "enumeration"
	DataItem    DataType = "reference" // the key of an item
)

// Relation is a verb of links.
type Relation struct {
	Verb    string
	Reverse string // its reading from the target, where it has one
}

// Item is one requirement, test, or whatever the project keeps.
type Item struct {
	// ID is the identity that the source gives the item beside its key and keeps when the key changes; empty where the
	// key is all there is. Of a project to be written it is the identity of the item.
	ID   string
	Type string // name of its type, where the source has types
	// Key is what people call the item, as written, whether or not it is a key here; empty where the source has none.
	Key       string
	Document  string // key of its document
	Level     string // place in the outline as written, such as 2.3 or 1.10; empty where the format has none
	Order     int    // sequence in the document, from 1
	Heading   bool   // the item is only a heading of the outline
	Title     string
	Text      string
	Normative bool
	Derived   bool // needs no parent
	Active    bool
	Links     []Link  // in file order
	Fields    []Field // every other attribute, in file order
	Files     []File
	// Fingerprint is the hash of the item's content as the format itself computes it now; empty where it has none
	// or where it cannot be computed.
	Fingerprint string
	Review      Review
	At          Position
}

// Link leads from the item that holds it to another.
type Link struct {
	Verb        string   // the relation as the format names it
	Target      string   // key of the item found, or its identity where it has one, else as written
	ID          string   // identity of the link itself, where the source gives it one
	Fields      []Field  // attributes of the link itself
	Written     string   // the key as written, where it differs from Target
	At          Position // of the target's key
	Fingerprint string   // of the target when the link was last confirmed, as written; empty when there is none
	State       LinkState
}

// LinkState says what the format itself knows about a link.
type LinkState string

const (
	Confirmed   LinkState = "confirmed"   // the fingerprint is that of the target now
	Suspect     LinkState = "suspect"     // the target changed since the link was confirmed
	Unconfirmed LinkState = "unconfirmed" // the target exists, no fingerprint vouches for the link
	Unresolved  LinkState = "unresolved"  // no item has the target's key
)

// LinkStates is the closed list of link states.
func LinkStates() []LinkState { return []LinkState{Confirmed, Suspect, Unconfirmed, Unresolved} }

// Review is the format's own record that a person looked at an item.
type Review struct {
	Fingerprint string // as written; empty when there is none
	State       ReviewState
}

// ReviewState says what the recorded review is worth now.
type ReviewState string

const (
	NotReviewed   ReviewState = "not reviewed" // no fingerprint
	Reviewed      ReviewState = "reviewed"     // the fingerprint is that of the item now
	ReviewChanged ReviewState = "changed"      // the item changed since it was reviewed
	ReviewUnknown ReviewState = "unknown"      // the item's own fingerprint cannot be computed
)

// ReviewStates is the closed list of review states.
func ReviewStates() []ReviewState {
	return []ReviewState{NotReviewed, Reviewed, ReviewChanged, ReviewUnknown}
}

// Field is one attribute that has no place of its own. A scalar has one value, a list of scalars has one value each;
// anything deeper is one value holding its JSON, and Nested is true.
type Field struct {
	Name   string
	Values []string
	Data   DataType // empty for a plain string
	Nested bool
	At     Position
}

// File is a file outside the document that an item refers to. Nothing opens it.
type File struct {
	Path    string // as written
	Type    string // as written, such as "file"
	Keyword string // text to be found in the file
	SHA256  string // hash of the file when the reference was recorded, as written
	At      Position
}
