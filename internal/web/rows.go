package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// row is an item in the table of items.
type row struct {
	Handle              project.Handle
	Key                 record.Key
	URL                 string
	Kind, KindName      string
	Title, Lang         string
	State               string
	Class               class
	Outcome             outcome
	Place, Path         string // key and nearest section; title and all sections
	DocumentURL         string
	levels, has         []string
	document, placeInIt int // for sorting
	search              string
	// Filter holds, between bars, what the script filters by; Ranks its places
	// in the orders of all columns. Both are as the server filters and sorts.
	Filter, Ranks string
}

// column is a column of the table of items.
type column struct{ ID, Name string }

// columns lists them in the order of the table.
func columns() []column {
	return []column{{"key", "Key"}, {"kind", "Kind"}, {"title", "Title"}, {"state", "State"}, {"class", "Class"}, {"verification", "Verification"}, {"place", "Place"}}
}

// choice is something to filter by.
type choice struct{ Value, Name string }

// connections are what the filter "connected" can ask for.
func connections() []choice {
	return []choice{
		{"upstream", "leads on upstream"}, {"no-upstream", "leads nowhere upstream"},
		{"downstream", "leads on downstream"}, {"no-downstream", "leads nowhere downstream"},
		{"verified", "has a verification"}, {"unverified", "has no verification"},
		{"suspect", "has a suspect link"}, {"findings", "has findings"},
	}
}

// makeRows works the rows out, in the order of keys, and their orders by column.
func (v *view) makeRows() {
	v.classes.fill()
	byKind := levelsByKind(v.Schema)
	suspects := v.suspectEnds()
	places := map[record.ID]int{}
	for h, n := range v.Snapshot.All() {
		r := row{Handle: h, Key: n.Item.Key, URL: v.itemURL(n.Item.Key), Kind: string(n.Item.Kind), KindName: v.kindName(n.Item.Kind), Title: n.Item.Title,
			Lang: n.Item.Language, State: v.stateOf(n), Class: v.classes.of(h), Outcome: v.outcomeOf(h), levels: v.levelsOf(h, byKind), document: -1}
		if r.Title == string(r.Key) {
			r.Title = "" // a line in code is called by its place
		}
		v.stand(&r, n, places)
		r.has = v.connectionsOf(h, suspects[h], len(v.ofItem[n.Item.Key]) > 0)
		r.search = strings.ToLower(string(r.Key) + " " + r.Title)
		r.Filter = strings.Join([]string{r.Kind, r.State, r.Class.Letter, r.Outcome.Word, strings.Join(r.levels, " "), strings.Join(r.has, " ")}, "|")
		v.rows = append(v.rows, r)
	}
	slices.SortFunc(v.rows, func(a, b row) int { return record.CompareKeys(a.Key, b.Key) })
	v.order()
}

// stand says where in its document an item stands.
func (v *view) stand(r *row, n *project.Node, places map[record.ID]int) {
	if n.Document == project.NoHandle {
		return
	}
	doc := v.Snapshot.Node(n.Document)
	i := doc.Outline.Index(n.Item.ID)
	if i < 0 {
		return
	}
	if _, known := places[doc.Item.ID]; !known {
		places[doc.Item.ID] = len(places)
	}
	r.document, r.placeInIt = places[doc.Item.ID], i
	r.DocumentURL = v.itemURL(doc.Item.Key)
	r.Place = string(doc.Item.Key)
	r.Path = cmp.Or(doc.Item.Title, r.Place)
	if s := doc.Outline.Sections(i); len(s) > 0 && (len(s) > 1 || s[0] != doc.Item.Title) {
		r.Path += " › " + strings.Join(s, " › ")
		r.Place += " " + s[len(s)-1]
	}
}

// stateOf is the state of an item, the first one of its workflow where none was
// ever set, and "" for kinds without states.
func (v *view) stateOf(n *project.Node) string {
	kind := v.Schema.Kind(n.Item.Kind)
	switch {
	case n.State != "":
		return string(n.State)
	case kind == nil || kind.Workflow == nil:
		return ""
	}
	return string(kind.Workflow.Initial)
}

func (v *view) suspectEnds() map[project.Handle]bool {
	ends := map[project.Handle]bool{}
	for _, s := range v.thread.Suspects() {
		l := v.Snapshot.Link(s.Link)
		ends[l.Source], ends[l.Target] = true, true
	}
	return ends
}

func (v *view) connectionsOf(h project.Handle, suspect, found bool) []string {
	ends := v.thread.Ends(h)
	has := []string{either(ends.Upstream > 0, "upstream", "no-upstream"), either(ends.Downstream > 0, "downstream", "no-downstream"),
		either(v.isShown(h), "verified", "unverified")}
	if suspect {
		has = append(has, "suspect")
	}
	if found {
		has = append(has, "findings")
	}
	return has
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// order sorts the rows by every column; what is equal stays in the order of keys.
func (v *view) order() {
	kinds := map[string]int{}
	for i, k := range v.Schema.Kinds() {
		kinds[string(k.ID)] = i
	}
	title := make([]string, len(v.rows))
	for i := range v.rows {
		title[i] = strings.ToLower(v.rows[i].Title)
	}
	by := func(compare func(a, b *row) int) []int32 {
		order := make([]int32, len(v.rows))
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortStableFunc(order, func(a, b int32) int { return compare(&v.rows[a], &v.rows[b]) })
		return order
	}
	outcomes := outcomeWords()
	v.orders = map[string][]int32{
		"key":   by(func(*row, *row) int { return 0 }),
		"kind":  by(func(a, b *row) int { return kinds[a.Kind] - kinds[b.Kind] }),
		"state": by(func(a, b *row) int { return strings.Compare(a.State, b.State) }),
		"class": by(func(a, b *row) int { return strings.Compare(b.Class.Letter, a.Class.Letter) }), // C first
		"verification": by(func(a, b *row) int {
			return rankOf(outcomes, a.Outcome.Word) - rankOf(outcomes, b.Outcome.Word)
		}),
		"place": by(func(a, b *row) int { return cmp.Or(a.rankOfPlace()-b.rankOfPlace(), a.placeInIt-b.placeInIt) }),
	}
	v.orders["title"] = v.orders["key"][:0:0]
	v.orders["title"] = append(v.orders["title"], v.orders["key"]...)
	slices.SortStableFunc(v.orders["title"], func(a, b int32) int { return strings.Compare(title[a], title[b]) })
	v.rank()
}

// rankOf is the place in a list, the last for what is not in it.
func rankOf(list []string, s string) int {
	if i := slices.Index(list, s); i >= 0 {
		return i
	}
	return len(list)
}

func (r *row) rankOfPlace() int {
	if r.document < 0 {
		return int(^uint(0) >> 2) // in no document: last
	}
	return r.document
}

// rank writes down for the script where each row stands in each order.
func (v *view) rank() {
	ranks := make([][]byte, len(v.rows))
	for _, c := range columns() {
		for place, i := range v.orders[c.ID] {
			if len(ranks[i]) > 0 {
				ranks[i] = append(ranks[i], ' ')
			}
			ranks[i] = strconv.AppendInt(ranks[i], int64(place), 10)
		}
	}
	for i := range ranks {
		v.rows[i].Ranks = string(ranks[i])
	}
}

// query is what a reader asks of the tables, as it stands in the address.
type query struct {
	Q, Kind, State, Class, Result, Level, Has string
	Sort                                      string
	Descending                                bool
	Severity, Rule                            string // of findings
}

// readQuery reads what is asked; what is not known selects nothing.
func readQuery(values url.Values) query {
	get := func(name string) string { return strings.TrimSpace(values.Get(name)) }
	q := query{Q: get("q"), Kind: get("kind"), State: get("state"), Class: get("class"), Result: get("result"), Level: get("level"), Has: get("has"),
		Sort: get("sort"), Descending: get("order") == "desc", Severity: get("severity"), Rule: get("rule")}
	if !slices.ContainsFunc(columns(), func(c column) bool { return c.ID == q.Sort }) {
		q.Sort = "key"
	}
	return q
}

// values writes a query as it stands in an address.
func (q query) values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("q", q.Q)
	set("kind", q.Kind)
	set("state", q.State)
	set("class", q.Class)
	set("result", q.Result)
	set("level", q.Level)
	set("has", q.Has)
	if q.Sort != "key" {
		set("sort", q.Sort)
	}
	if q.Descending {
		set("order", "desc")
	}
	set("severity", q.Severity)
	set("rule", q.Rule)
	return values
}

// filters reports whether the query leaves items out.
func (q query) filters() bool {
	return q.Q != "" || q.Kind != "" || q.State != "" || q.Class != "" || q.Result != "" || q.Level != "" || q.Has != ""
}

// selects reports whether a row is asked for. Every word of Q must be in its key
// or title.
func (q query) selects(r *row) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	in := func(want string, have []string) bool { return want == "" || slices.Contains(have, want) }
	if !is(q.Kind, r.Kind) || !is(q.State, r.State) || !is(q.Class, r.Class.Letter) || !is(q.Result, r.Outcome.Word) ||
		!in(q.Level, r.levels) || !in(q.Has, r.has) {
		return false
	}
	for word := range strings.FieldsSeq(strings.ToLower(q.Q)) {
		if !strings.Contains(r.search, word) {
			return false
		}
	}
	return true
}

// selected lists the numbers of the rows that are asked for, in the order that
// is asked for.
func (v *view) selected(q query) []int32 {
	order := v.orders[q.Sort]
	out := make([]int32, 0, len(order))
	for i := range order {
		at := i
		if q.Descending {
			at = len(order) - 1 - i
		}
		if n := order[at]; q.selects(&v.rows[n]) {
			out = append(out, n)
		}
	}
	return out
}

// listURL is the address of the table of items, filtered.
func (v *view) listURL(q query) string {
	address := projectURL(v.Name)
	if values := q.values(); len(values) > 0 {
		address += "?" + values.Encode()
	}
	return address + "#items"
}
