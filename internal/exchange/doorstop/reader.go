package doorstop

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// reader holds one reading between its steps: walk, configurations, items, links.
type reader struct {
	fsys    fs.FS
	options Options
	walked  *walked
	faults  []exchange.Fault
	files   []string
	others  []string
	read    [][]*readItem // for each document of walked
	counts  exchange.Counts
	lost    []exchange.Loss
}

func (r *reader) readConfigs() {
	r.faults = append(r.faults, r.walked.faults...)
	r.others = append(r.others, r.walked.others...)
	for _, d := range r.walked.documents {
		if d.skipped {
			continue
		}
		s, ok := r.readConfig(d)
		d.readable = ok
		r.faults = append(r.faults, s.faults...)
		r.files = append(r.files, s.file)
		if !ok {
			r.unread(d, s)
		}
	}
}

// unread names what is lost with a configuration.
func (r *reader) unread(d *document, s *source) {
	for _, c := range d.items {
		r.others = append(r.others, c.path)
	}
	if n := len(d.items); n > 0 {
		r.counts.Items += n
		r.lost = append(r.lost, exchange.Loss{At: exchange.Position{File: s.file}, What: fmt.Sprintf("%d items", n), Why: "the configuration of their document cannot be read", Items: n})
		r.faults = append(r.faults, exchange.Fault{At: exchange.Position{File: s.file}, Error: true,
			Message: fmt.Sprintf("the items of this document are not read (%d files), because its configuration cannot be read", n),
			Remedy:  "mend the configuration"})
	}
}

// readItems reads the files of all documents, several at once.
func (r *reader) readItems() {
	type job struct{ document, item int }
	var jobs []job
	r.read = make([][]*readItem, len(r.walked.documents))
	for i, d := range r.walked.documents {
		if !d.readable {
			continue
		}
		for j := range d.items {
			jobs = append(jobs, job{i, j})
		}
	}
	read := exchange.Concurrently(len(jobs), r.options.Workers, func(n int) *readItem {
		d := r.walked.documents[jobs[n].document]
		return r.readItem(d, d.items[jobs[n].item])
	})
	for n, it := range read {
		r.read[jobs[n].document] = append(r.read[jobs[n].document], it)
	}
}

// tree judges the links, which needs all items, and puts everything in order.
func (r *reader) tree() *exchange.Tree {
	for i, d := range r.walked.documents {
		r.settle(d, r.read[i])
	}
	r.resolve()
	t := &exchange.Tree{Format: Format, Markup: "markdown", Documents: r.documents()}
	exchange.SortFaults(r.faults)
	slices.Sort(r.files)
	slices.Sort(r.others)
	t.Read, t.Lost = r.counts, r.lost
	t.Types, t.Relations = r.types(), []exchange.Relation{{Verb: parentVerb, Reverse: "child"}}
	t.Faults, t.Files, t.Others = r.faults, slices.Compact(r.files), r.others
	return t
}

// settle sorts the read files of a document into items and others.
func (r *reader) settle(d *document, read []*readItem) {
	for _, it := range read {
		r.faults = append(r.faults, it.faults...)
	}
	for i, it := range read {
		switch {
		case it.other:
			r.others = append(r.others, d.items[i].path)
		default:
			r.files = append(r.files, d.items[i].path)
			r.count(d.items[i], it)
		}
		if it.read && !strings.EqualFold(it.id.prefix, d.config.prefix) {
			r.fault(it.item.At, it.item.Key, fmt.Sprintf("%s lies in the document %s, whose prefix it does not have", it.item.Key, d.config.prefix),
				"move the file, or rename it")
		}
	}
}

// count counts an item and its links, taken or not.
func (r *reader) count(c candidate, it *readItem) {
	r.counts.Items++
	r.counts.Links += len(it.links) + len(it.lost)
	r.lost = append(r.lost, it.lost...)
	if !it.read {
		r.lost = append(r.lost, exchange.Loss{At: exchange.Position{File: c.path}, Item: c.name, What: "item", Why: "its file cannot be read", Items: 1})
	}
}

// types is the one type of items, which has no name, with the attributes that items have beside those of every item.
func (r *reader) types() []exchange.Type {
	attributes := map[string]*exchange.Attribute{}
	scalar := map[string]bool{}
	r.each(func(it *readItem) {
		for _, f := range it.item.Fields {
			a := attributes[f.Name]
			if a == nil {
				a = &exchange.Attribute{Name: f.Name, Data: cmp.Or(f.Data, exchange.DataString)}
				attributes[f.Name] = a
			}
			if cmp.Or(f.Data, exchange.DataString) != a.Data {
				a.Data = exchange.DataString
			}
			a.Many = a.Many || it.lists[f.Name]
			scalar[f.Name] = scalar[f.Name] || !it.lists[f.Name] && len(f.Values) > 0
		}
	})
	if len(attributes) == 0 {
		return nil
	}
	t := exchange.Type{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := *attributes[name]
		a.Many = a.Many && !scalar[name]
		t.Attributes = append(t.Attributes, a)
	}
	return []exchange.Type{t}
}

func (r *reader) fault(at exchange.Position, item, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy})
}

// resolve finds the target of every link and compares fingerprints.
func (r *reader) resolve() {
	index := make(map[uid]*readItem)
	r.each(func(it *readItem) {
		it.item.Fingerprint = it.content.stamp(false)
		if first, ok := index[it.id]; ok {
			r.fault(it.item.At, it.item.Key, fmt.Sprintf("%s is the same item as %s in %s to Doorstop; links to it are judged by the latter",
				it.item.Key, first.item.Key, first.item.At.File), "give one of the two another number")
			return
		}
		index[it.id] = it
	})
	r.each(func(it *readItem) {
		for i := range it.item.Links {
			judgeLink(&it.item.Links[i], it.links[i], index)
		}
		r.judgeReview(it)
	})
	for i, d := range r.walked.documents {
		r.nameOldFingerprints(d, r.read[i])
	}
}

// nameOldFingerprints says once a document that its fingerprints were made by a Doorstop that hashed with MD5: what they
// say of the present texts is not known, and Doorstop itself takes them for those of other texts.
func (r *reader) nameOldFingerprints(d *document, read []*readItem) {
	old := 0
	for _, it := range read {
		if it.item.Review.State == exchange.ReviewChanged && isMD5(it.item.Review.Fingerprint) {
			old++
		}
		for _, link := range it.item.Links {
			if link.State == exchange.Suspect && isMD5(link.Fingerprint) {
				old++
			}
		}
	}
	if old > 0 {
		r.fault(exchange.Position{File: d.configPath(), Line: 1, Column: 1}, "", fmt.Sprintf("%d fingerprints of the document %s are those of an early Doorstop (MD5), which later ones take for those of other texts", old, d.config.prefix),
			"look through the items, then let Doorstop make new ones: doorstop review all, doorstop clear all")
	}
}

// isMD5 says that a fingerprint is 32 hexadecimal digits.
func isMD5(fingerprint string) bool {
	return len(fingerprint) == 32 && strings.Trim(fingerprint, "0123456789abcdef") == ""
}

func judgeLink(link *exchange.Link, target writtenUID, index map[uid]*readItem) {
	parent, ok := index[target.id]
	if !ok || !target.valid {
		link.State = exchange.Unresolved
		return
	}
	if parent.item.Key != link.Target {
		link.Target, link.Written = parent.item.Key, link.Target
	}
	switch {
	case link.Fingerprint == "" || parent.item.Fingerprint == "":
		link.State = exchange.Unconfirmed
	case link.Fingerprint == parent.item.Fingerprint:
		link.State = exchange.Confirmed
	default:
		link.State = exchange.Suspect
	}
}

func (r *reader) judgeReview(it *readItem) {
	review := &it.item.Review
	if it.content.unknown != "" {
		r.fault(it.item.At, it.item.Key, fmt.Sprintf("the fingerprint of %s cannot be computed, because of its attribute %s", it.item.Key, it.content.unknown),
			"review the item with Doorstop itself")
	}
	own := it.content.stamp(true)
	switch review.Fingerprint {
	case "":
		review.State = exchange.NotReviewed
	case own:
		review.State = exchange.Reviewed
	default:
		review.State = exchange.ReviewChanged
		if own == "" {
			review.State = exchange.ReviewUnknown
		}
	}
}

// each visits the items that were read, in the order of their paths.
func (r *reader) each(visit func(*readItem)) {
	for _, items := range r.read {
		for _, it := range items {
			if it.read {
				visit(it)
			}
		}
	}
}

// documents are in the order that Doorstop shows: a parent before its children, items by level and then by UID.
func (r *reader) documents() []exchange.Document {
	var all []exchange.Document
	for i, d := range r.walked.documents {
		if !d.readable {
			continue
		}
		r.counts.Documents++
		all = append(all, exchange.Document{
			Key: d.config.prefix, Parent: d.config.parent, Path: d.path, Title: d.config.title(),
			Fields: d.config.fields, Items: orderedItems(r.read[i]), At: exchange.Position{File: d.configPath(), Line: 1, Column: 1},
		})
	}
	return r.parentsFirst(all)
}

// title is the document's title or name, where its attribute defaults name one.
func (c *config) title() string {
	for _, key := range []string{"title", "name"} {
		if t := c.docDefault[key]; t != "" {
			return t
		}
	}
	return ""
}

func orderedItems(read []*readItem) []exchange.Item {
	kept := make([]*readItem, 0, len(read))
	for _, it := range read {
		if it.read {
			kept = append(kept, it)
		}
	}
	slices.SortFunc(kept, func(a, b *readItem) int {
		return cmp.Or(a.level.compare(b.level), a.id.compare(b.id), cmp.Compare(a.item.At.File, b.item.At.File))
	})
	items := make([]exchange.Item, len(kept))
	for i, it := range kept {
		it.item.Order = i + 1
		items[i] = it.item
	}
	return items
}

// parentsFirst orders documents by their tree; among brothers by prefix and path.
func (r *reader) parentsFirst(all []exchange.Document) []exchange.Document {
	slices.SortStableFunc(all, func(a, b exchange.Document) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key)), strings.Compare(a.Path, b.Path))
	})
	children := make(map[string][]int)
	known := make(map[string]int)
	for i, d := range all {
		key := strings.ToLower(d.Key)
		if first, twice := known[key]; twice {
			r.fault(d.At, "", fmt.Sprintf("the prefix %s is that of the document in %s too", d.Key, all[first].Path), "give each document a prefix of its own")
		} else {
			known[key] = i
		}
		if d.Parent != "" {
			children[strings.ToLower(d.Parent)] = append(children[strings.ToLower(d.Parent)], i)
		}
	}
	var ordered []exchange.Document
	placed := make([]bool, len(all))
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		ordered = append(ordered, all[i])
		for _, child := range children[strings.ToLower(all[i].Key)] {
			place(child)
		}
	}
	for i, d := range all {
		if _, has := known[strings.ToLower(d.Parent)]; d.Parent == "" || !has {
			if d.Parent != "" {
				r.fault(d.At, "", fmt.Sprintf("the parent document %s of %s is not in the folder read", d.Parent, d.Key), "read the folder that holds both, or remove the parent")
			}
			place(i)
		}
	}
	for i, d := range all {
		if !placed[i] {
			r.fault(d.At, "", fmt.Sprintf("the document %s is its own forebear: its parents form a circle", d.Key), "remove a parent from one of them")
			place(i)
		}
	}
	return ordered
}
