package rmtoo

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// reader holds one reading: files, then what names mean.
type reader struct {
	fsys    fs.FS
	limits  Limits
	faults  []exchange.Fault
	files   []string
	others  []string
	folders map[string]*exchange.Document
	topics  []exchange.Document
	keys    map[string]map[string]exchange.Position // by extension and key
	verbs   map[string]bool
	counts  exchange.Counts
	lost    []exchange.Loss
}

func (r *reader) fault(at exchange.Position, isError bool, item, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// file reads one file, if it is one of rmtoo.
func (r *reader) file(name string) {
	text, refused := exchange.ReadText(r.fsys, name, r.limits.FileBytes, nil)
	if refused != nil {
		r.faults = append(r.faults, *refused)
		r.files = append(r.files, name)
		return
	}
	if text != "" && !knownTag.MatchString(text) {
		r.others = append(r.others, name)
		return
	}
	r.files = append(r.files, name)
	p := parse(name, text, r.limits)
	extension := strings.ToLower(path.Ext(name))
	if extension == topicExtension {
		r.topic(name, p)
	} else {
		r.item(name, extension, p)
	}
	for i := range p.lost {
		p.lost[i].Item = stem(name)
	}
	for i := range p.faults {
		p.faults[i].Item = stem(name)
	}
	r.lost = append(r.lost, p.lost...)
	r.faults = append(r.faults, p.faults...)
}

func stem(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }

// topic reads a topic: a document of text, whose requirements name it themselves.
func (r *reader) topic(name string, p *parsed) {
	d := exchange.Document{Key: strings.TrimSuffix(name, path.Ext(name)), Title: stem(name), Path: name, At: exchange.Position{File: name, Line: 1, Column: 1}}
	for i := range p.tags {
		switch t := &p.tags[i]; t.name {
		case "Name":
			d.Title = t.value
		case "Text":
			d.Blocks = append(d.Blocks, exchange.Block{Kind: "prose", Text: t.value, Order: len(d.Blocks) + 1, At: t.at})
		default:
			d.Fields = append(d.Fields, exchange.Field{Name: t.name, Values: []string{t.value}, At: t.at})
		}
	}
	if p.comments != nil {
		d.Fields = append(d.Fields, exchange.Field{Name: "comment", Values: p.comments, At: p.commentAt})
	}
	r.topics = append(r.topics, d)
}

// types of items whose file has no tag Type.
var types = map[string]string{requirementExtension: "requirement", testExtension: "test case", constraintExtension: "constraint"}

// item reads a requirement, test case or constraint.
func (r *reader) item(name, extension string, p *parsed) {
	r.counts.Items++
	folder := path.Dir(name)
	d := r.folders[folder]
	if d == nil {
		d = &exchange.Document{Key: folder, Title: path.Base(folder), Path: folder, At: exchange.Position{File: folder}}
		if folder == "." {
			d.Key, d.Title = "requirements", "Requirements"
		}
		r.folders[folder] = d
	}
	it := exchange.Item{Key: stem(name), Type: types[extension], Document: d.Key, Order: len(d.Items) + 1, Normative: true, Active: true,
		Review: exchange.Review{State: exchange.NotReviewed}, At: exchange.Position{File: name, Line: 1, Column: 1}}
	given := map[string]bool{}
	for i := range p.tags {
		r.tag(&it, p, &p.tags[i], given[p.tags[i].name])
		given[p.tags[i].name] = true
	}
	for _, wanted := range []string{"Name", "Description"} {
		if !given[wanted] {
			r.fault(it.At, false, it.Key, fmt.Sprintf("%s has no %s", it.Key, wanted), "add the tag "+wanted+":")
		}
	}
	if p.comments != nil {
		it.Fields = append(it.Fields, exchange.Field{Name: "comment", Values: p.comments, At: p.commentAt})
	}
	if first, there := r.keys[extension][it.Key]; there {
		r.fault(it.At, false, it.Key, fmt.Sprintf("%s lies in %s already", it.Key, first.File), "give one of the two files another name")
	} else {
		if r.keys[extension] == nil {
			r.keys[extension] = map[string]exchange.Position{}
		}
		r.keys[extension][it.Key] = it.At
	}
	d.Items = append(d.Items, it)
}

var (
	date    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	integer = regexp.MustCompile(`^\d+$`)
)

// tag gives a tag its place.
func (r *reader) tag(it *exchange.Item, p *parsed, t *tag, again bool) {
	if again {
		r.fault(t.at, false, it.Key, fmt.Sprintf("the tag %s is given twice; both are kept", t.name), "keep one of the two")
	}
	if len(t.value) > r.limits.ValueBytes {
		p.fault(t.at, fmt.Sprintf("the value of %s is longer than %d bytes", t.name, r.limits.ValueBytes), "shorten it")
		p.lost = append(p.lost, exchange.Loss{At: t.at, What: t.name, Why: "its value is too long"})
		return
	}
	switch {
	case t.name == "Name" && !again:
		it.Title = t.value
	case t.name == "Description" && !again:
		it.Text = t.value
	case t.name == "Type" && !again && t.value != "":
		it.Type = t.value
	case t.name == "Solved by":
		r.links(it, t, verbSolvedBy)
	case t.name == "Depends on":
		r.links(it, t, verbSolves)
	case strings.EqualFold(t.name, "Test Cases"):
		r.links(it, t, verbTests)
	case t.name == "Constraints":
		r.links(it, t, verbConstraints)
	default:
		f := exchange.Field{Name: t.name, Values: []string{t.value}, At: t.at}
		switch {
		case t.name == "Invented on" && date.MatchString(t.value):
			f.Data = exchange.DataDate
		case t.name == "Effort estimation" && integer.MatchString(t.value):
			f.Data = exchange.DataInteger
		}
		it.Fields = append(it.Fields, f)
	}
}

func (r *reader) links(it *exchange.Item, t *tag, verb string) {
	words := t.words(verb == verbConstraints)
	if len(words) > r.limits.Lines {
		r.fault(t.at, true, it.Key, fmt.Sprintf("%s names more than %d", t.name, r.limits.Lines), "split it")
		r.lost = append(r.lost, exchange.Loss{At: t.at, Item: it.Key, What: t.name, Why: "it names too many"})
		return
	}
	for _, w := range words {
		l := exchange.Link{Verb: verb, Target: w.text, At: w.at, State: exchange.Unresolved}
		if w.arguments != "" {
			l.Fields = []exchange.Field{{Name: "arguments", Values: []string{w.arguments}, At: w.at}}
		}
		r.counts.Links++
		r.verbs[verb] = true
		it.Links = append(it.Links, l)
	}
}

// targets are the files that a relation leads to.
var targets = map[string]string{verbSolves: requirementExtension, verbSolvedBy: requirementExtension, verbTests: testExtension, verbConstraints: constraintExtension}

// tree finds the targets of all links and puts everything in order.
func (r *reader) tree() *exchange.Tree {
	t := &exchange.Tree{Format: Format, Markup: "markdown", Files: r.files, Others: r.others, Lost: r.lost, Read: r.counts}
	for _, folder := range slices.Sorted(maps.Keys(r.folders)) {
		d := r.folders[folder]
		for i := range d.Items {
			for j := range d.Items[i].Links {
				l := &d.Items[i].Links[j]
				if _, there := r.keys[targets[l.Verb]][l.Target]; there {
					l.State = exchange.Unconfirmed
				}
			}
		}
		t.Documents = append(t.Documents, *d)
	}
	t.Documents = append(t.Documents, r.topics...)
	t.Read.Documents = len(t.Documents)
	reverse := map[string]string{verbSolves: verbSolvedBy}
	for _, verb := range []string{verbSolves, verbSolvedBy, verbTests, verbConstraints} {
		if r.verbs[verb] {
			t.Relations = append(t.Relations, exchange.Relation{Verb: verb, Reverse: reverse[verb]})
		}
	}
	if r.verbs[verbSolvedBy] || r.verbs[verbTests] {
		t.Backwards = map[string]string{verbSolvedBy: verbSolves, verbTests: "verifies"}
	}
	if len(r.files) == 0 && len(r.faults) == 0 {
		r.fault(exchange.Position{File: "."}, true, "", "no requirement of rmtoo (.req) lies in the folder", "name the folder that holds them")
	}
	exchange.SortFaults(r.faults)
	t.Faults = r.faults
	return t
}
