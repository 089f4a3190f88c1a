package roboclerk

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// reader holds one reading.
type reader struct {
	tree    *exchange.Tree
	notes   jsontree.Notes
	ids     map[string]exchange.Position // of items, the first of each
	types   map[string]int               // index in Tree.Types
	notSet  map[string]int               // members of the present file that say nothing
	endings int                          // texts of the present file whose line ends were changed
}

func (r *reader) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	r.notes.Fault(exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// itemList is a list of a checkpoint: what its items are, and which members are their title and text. An item without a
// title of its own has the first of titles that is there.
type itemList struct {
	name, itemType, title string
	titles                []string
	text                  string
}

var itemLists = []itemList{
	{"SystemRequirements", "SystemRequirement", "System requirements", nil, "RequirementDescription"},
	{"SoftwareRequirements", "SoftwareRequirement", "Software requirements", nil, "RequirementDescription"},
	{"DocumentationRequirements", "DocumentationRequirement", "Documentation requirements", nil, "RequirementDescription"},
	{"DocContents", "DocContent", "Contents of documents", nil, "DocContent"},
	{"Risks", "Risk", "Risks", []string{"RiskFailureMode", "RiskPrimaryHazard"}, ""},
	{"SOUPs", "SOUP", "SOUP", []string{"SOUPName"}, "SOUPDetailedDescription"},
	{"SoftwareSystemTests", "SoftwareSystemTest", "Software system tests", nil, "TestCaseDescription"},
	{"UnitTests", "UnitTest", "Unit tests", []string{"UnitTestPurpose", "UnitTestFunctionName"}, ""},
	{"Anomalies", "Anomaly", "Anomalies", nil, "AnomalyDetailedDescription"},
	{"TestResults", "TestResult", "Test results", nil, ""},
}

// eliminated goes before the name of a list of items that filters left out.
const eliminated = "Eliminated"

// listNamed is what a member of a checkpoint holds.
func listNamed(name string) (l itemList, left, known bool) {
	plain := name
	if len(name) > len(eliminated) && strings.EqualFold(name[:len(eliminated)], eliminated) {
		plain, left = name[len(eliminated):], true
	}
	for _, l := range itemLists {
		if strings.EqualFold(l.name, plain) {
			if left {
				l.title += ", left out by filters"
			}
			return l, left, true
		}
	}
	return itemList{itemType: name, title: name}, left, false
}

// checkpoint reads the lists of a checkpoint, each as a document.
func (r *reader) checkpoint(name string, root jsontree.Value) {
	r.notSet, r.endings = map[string]int{}, 0
	for member, list := range root.Members() {
		l, left, known := listNamed(member)
		switch {
		case list.Kind() == jsontree.Array && (known || holdsItems(list)):
			if list.Empty() {
				continue // RoboClerk writes all lists
			}
			d := exchange.Document{Key: member, Title: l.title, Path: path.Dir(name), At: list.NameAt()}
			for v := range list.Elements() {
				r.item(&d, l, v, left)
			}
			r.tree.Documents = append(r.tree.Documents, d)
			r.tree.Read.Documents++
		case list.Kind() == jsontree.Null && known:
		default:
			r.lose(list.NameAt(), "", member, "it is no list of items", 0, 0)
			r.fault(list.NameAt(), "", false, fmt.Sprintf("%s is no list of items and is not read", member), "look whether it holds anything that matters")
		}
	}
	if root.Kind() != jsontree.Object {
		r.fault(root.At(), "", true, "the file holds no lists of items", "have RoboClerk write the checkpoint again")
	}
	r.say(name)
}

// holdsItems says that an unknown list holds what RoboClerk takes for items.
func holdsItems(list jsontree.Value) bool {
	for v := range list.Elements() {
		return v.Get("ItemID").Exists()
	}
	return false
}

func (r *reader) lose(at exchange.Position, item, what, why string, items, links int) {
	r.notes.Lose(exchange.Loss{At: at, Item: item, What: what, Why: why, Items: items, Links: links})
}

// item reads one item of a list.
func (r *reader) item(d *exchange.Document, l itemList, v jsontree.Value, left bool) {
	r.tree.Read.Items++
	id := v.Get("ItemID").Text()
	if v.Kind() != jsontree.Object || id == "" {
		r.lose(v.At(), id, "item of "+d.Key, "it has no ItemID", 1, v.Get("LinkedItems").Len())
		r.tree.Read.Links += v.Get("LinkedItems").Len()
		r.fault(v.At(), "", true, "an item of "+d.Key+" has no ItemID and is not read", "give it one at its source")
		return
	}
	item := exchange.Item{Key: id, Document: d.Key, Type: cmp.Or(v.Get("ItemType").Text(), l.itemType), Order: len(d.Items) + 1, Normative: true, Active: !left,
		Review: exchange.Review{State: exchange.NotReviewed}, At: v.At()}
	titleOf := l.titleOf(v)
	item.Title = r.text(v.Get(titleOf))
	if titleOf == "SOUPName" {
		item.Title = strings.TrimSpace(item.Title + " " + v.Get("SOUPVersion").Text())
	}
	for name, member := range v.Members() {
		switch name {
		case "ItemID", "ItemType":
		case "LinkedItems":
			r.links(&item, member)
		case "HasLink": // says whether Link is there
		case l.text:
			item.Text = r.text(member)
		default:
			if name != titleOf || titleOf == "SOUPName" {
				r.field(&item, name, member)
			}
		}
	}
	r.add(d, item)
}

// titleOf is the member that is the title of an item.
func (l itemList) titleOf(v jsontree.Value) string {
	if v.Get("ItemTitle").Text() == "" {
		for _, name := range l.titles {
			if v.Get(name).Text() != "" {
				return name
			}
		}
	}
	return "ItemTitle"
}

// add puts an item into its document and declares its type.
func (r *reader) add(d *exchange.Document, item exchange.Item) {
	if first, twice := r.ids[item.Key]; twice {
		r.fault(item.At, item.Key, false, fmt.Sprintf("the item %s is there already, at %s; links lead to that one", item.Key, first), "give one of the two another id at its source, or read one of the files only")
	} else {
		r.ids[item.Key] = item.At
	}
	n, known := r.types[item.Type]
	if !known {
		n = len(r.tree.Types)
		r.types[item.Type] = n
		r.tree.Types = append(r.tree.Types, exchange.Type{Name: item.Type, At: item.At})
	}
	t := &r.tree.Types[n]
	for _, f := range item.Fields {
		i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
		if i < 0 {
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.Name, Data: cmp.Or(f.Data, exchange.DataString), Many: len(f.Values) > 1})
		} else {
			t.Attributes[i].Many = t.Attributes[i].Many || len(f.Values) > 1
		}
	}
	d.Items = append(d.Items, item)
}

// text is a text with the line ends that all texts have here.
func (r *reader) text(v jsontree.Value) string {
	text := v.Text()
	if strings.Contains(text, "\r\n") {
		r.endings++
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return text
}

// unset are the values with which C# says that there is none.
var unset = []string{"2147483647", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z"}

// field adds a member that has no place of its own.
func (r *reader) field(item *exchange.Item, name string, v jsontree.Value) {
	if v.Empty() || slices.Contains(unset, v.Text()) {
		r.notSet[name]++
		return
	}
	f := exchange.Field{Name: name, At: v.NameAt()}
	values, ok := v.Strings()
	switch {
	case !ok:
		f.Values, f.Nested = []string{v.JSON()}, true
	case v.Kind() == jsontree.String:
		f.Values = []string{r.text(v)}
		if name == "ItemLastUpdated" {
			f.Data = exchange.DataDate
		}
	case v.Kind() == jsontree.Array:
		f.Values = values
	default:
		f.Values, f.Data = values, exchange.DataReal
		if v.Kind() == jsontree.Bool {
			f.Data = exchange.DataBoolean
		} else if jsontree.IsInteger(v.Text()) {
			f.Data = exchange.DataInteger
		}
	}
	item.Fields = append(item.Fields, f)
}

// say lists what members of a file were passed over or changed.
func (r *reader) say(name string) {
	at := exchange.Position{File: name}
	if len(r.notSet) > 0 {
		var all []string
		for _, name := range slices.Sorted(maps.Keys(r.notSet)) {
			all = append(all, fmt.Sprintf("%s %d", name, r.notSet[name]))
		}
		r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: at, What: "values that are not set: " + strings.Join(all, ", "),
			Why: `null, "", [], 2147483647 and the year 1 say in RoboClerk that there is no value; the item has no such field`})
	}
	if r.endings > 0 {
		r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: at, What: fmt.Sprintf("line ends of %d texts", r.endings), Why: "CR LF became LF"})
	}
}

// results names a file of test results.
func (r *reader) results(name string, root jsontree.Value) {
	r.tree.Others = append(r.tree.Others, name)
	r.fault(exchange.Position{File: name, Line: 1, Column: 1}, "", false, fmt.Sprintf("the file holds %d test results; they are evidence of tests, not requirements, and are not read", root.Len()),
		"give the results to goldthread as a test report that it reads (JUnit, TAP; see docs/evidence.md), under the ids of the tests")
}
