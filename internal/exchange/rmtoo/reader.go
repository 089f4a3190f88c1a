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

// reader puts the files together, then finds what names mean.
type reader struct {
	faults  []exchange.Fault
	files   []string
	others  []string
	folders map[string]*exchange.Document
	sizes   map[string]int // files of each folder
	topics  []exchange.Document
	keys    map[string]map[string]exchange.Position // by extension and key
	verbs   map[string]bool
	counts  exchange.Counts
	lost    []exchange.Loss
}

// source is one file that was read.
type source struct {
	name      string
	extension string
	refused   *exchange.Fault // nothing of it can be read
	parsed    *parsed         // nil where the file is none of rmtoo
	item      exchange.Item   // unless it is a topic
}

// open reads one file. It is called for several at once.
func open(fsys fs.FS, name string, limits Limits) source {
	text, refused := exchange.ReadText(fsys, name, limits.FileBytes, nil)
	s := source{name: name, extension: strings.ToLower(path.Ext(name)), refused: refused}
	if refused != nil || text != "" && !knownTag.MatchString(text) {
		return s
	}
	s.parsed = parse(name, text, limits)
	if s.extension != topicExtension {
		s.readItem(limits)
	}
	for i := range s.parsed.lost {
		s.parsed.lost[i].Item = stem(name)
	}
	for i := range s.parsed.faults {
		s.parsed.faults[i].Item = stem(name)
	}
	return s
}

// take puts a file into the result.
func (r *reader) take(s *source) {
	switch {
	case s.refused != nil:
		r.faults = append(r.faults, *s.refused)
		r.files = append(r.files, s.name)
		return
	case s.parsed == nil:
		r.others = append(r.others, s.name)
		return
	}
	r.files = append(r.files, s.name)
	if s.extension == topicExtension {
		r.topic(s.name, s.parsed)
	} else {
		r.item(s)
	}
	r.counts.Links += s.parsed.links
	r.lost = append(r.lost, s.parsed.lost...)
	r.faults = append(r.faults, s.parsed.faults...)
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

// readItem reads a requirement, test case or constraint.
func (s *source) readItem(limits Limits) {
	p, it := s.parsed, &s.item
	*it = exchange.Item{Key: stem(s.name), Type: types[s.extension], Normative: true, Active: true,
		Review: exchange.Review{State: exchange.NotReviewed}, At: exchange.Position{File: s.name, Line: 1, Column: 1}}
	given := map[string]bool{}
	for i := range p.tags {
		t := &p.tags[i]
		p.tag(it, t, given[t.name], limits)
		given[t.name] = true
	}
	for _, wanted := range []string{"Name", "Description"} {
		if !given[wanted] {
			p.fault(it.At, false, fmt.Sprintf("%s has no %s", it.Key, wanted), "add the tag "+wanted+":")
		}
	}
	if p.comments != nil {
		it.Fields = append(it.Fields, exchange.Field{Name: "comment", Values: p.comments, At: p.commentAt})
	}
}

// item puts an item into the document of its folder.
func (r *reader) item(s *source) {
	r.counts.Items++
	folder := path.Dir(s.name)
	d := r.folders[folder]
	if d == nil {
		d = &exchange.Document{Key: folder, Title: path.Base(folder), Path: folder, At: exchange.Position{File: folder}, Items: make([]exchange.Item, 0, r.sizes[folder])}
		if folder == "." {
			d.Key, d.Title = "requirements", "Requirements"
		}
		r.folders[folder] = d
	}
	it := &s.item
	it.Document, it.Order = d.Key, len(d.Items)+1
	keys := r.keys[s.extension]
	if keys == nil {
		keys = map[string]exchange.Position{}
		r.keys[s.extension] = keys
	}
	if first, there := keys[it.Key]; there {
		s.parsed.faults = append(s.parsed.faults, exchange.Fault{At: it.At, Item: it.Key, Message: fmt.Sprintf("%s lies in %s already", it.Key, first.File), Remedy: "give one of the two files another name"})
	} else {
		keys[it.Key] = it.At
	}
	for i := range it.Links {
		r.verbs[it.Links[i].Verb] = true
	}
	d.Items = append(d.Items, *it)
}

var (
	date    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	integer = regexp.MustCompile(`^\d+$`)
)

// tag gives a tag its place.
func (p *parsed) tag(it *exchange.Item, t *tag, again bool, limits Limits) {
	if again {
		p.fault(t.at, false, fmt.Sprintf("the tag %s is given twice; both are kept", t.name), "keep one of the two")
	}
	if len(t.value) > limits.ValueBytes {
		p.fault(t.at, true, fmt.Sprintf("the value of %s is longer than %d bytes", t.name, limits.ValueBytes), "shorten it")
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
		p.linksOf(it, t, limits, verbSolvedBy)
	case t.name == "Depends on":
		p.linksOf(it, t, limits, verbSolves)
	case strings.EqualFold(t.name, "Test Cases"):
		p.linksOf(it, t, limits, verbTests)
	case t.name == "Constraints":
		p.linksOf(it, t, limits, verbConstraints)
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

// linksOf makes links of the names in a tag.
func (p *parsed) linksOf(it *exchange.Item, t *tag, limits Limits, verb string) {
	words := t.words(verb == verbConstraints)
	if len(words) > limits.Lines {
		p.fault(t.at, true, fmt.Sprintf("%s names more than %d", t.name, limits.Lines), "split it")
		p.lost = append(p.lost, exchange.Loss{At: t.at, What: t.name, Why: "it names too many"})
		return
	}
	p.links += len(words)
	it.Links = slices.Grow(it.Links, len(words))
	for _, w := range words {
		l := exchange.Link{Verb: verb, Target: w.text, At: w.at, State: exchange.Unresolved}
		if w.arguments != "" {
			l.Fields = []exchange.Field{{Name: "arguments", Values: []string{w.arguments}, At: w.at}}
		}
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
		r.faults = append(r.faults, exchange.Fault{At: exchange.Position{File: "."}, Message: "no requirement of rmtoo (.req) lies in the folder", Remedy: "name the folder that holds them", Error: true})
	}
	exchange.SortFaults(r.faults)
	t.Faults = r.faults
	return t
}
