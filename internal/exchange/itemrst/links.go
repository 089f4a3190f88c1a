package itemrst

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// linker is an item-link directive: links between items written elsewhere.
type linker struct {
	at               exchange.Position
	sources, targets side
	verb             string
}

// side is one end of an item-link: keys, or a pattern of keys.
type side struct {
	keys    []word
	pattern *regexp.Regexp
	at      exchange.Position // of the pattern
}

// link reads an item-link directive.
func (p *parser) link(i, after int) {
	options, _, _ := p.head(i, after, directive{})
	l := linker{at: p.at(i, p.lines[i].begin)}
	for _, o := range options {
		switch o.name {
		case "sources":
			l.sources.keys = o.words
		case "targets":
			l.targets.keys = o.words
		case "source":
			l.sources.pattern, l.sources.at = p.pattern(o), o.at
		case "target":
			l.targets.pattern, l.targets.at = p.pattern(o), o.at
		case "type":
			l.verb = strings.ToLower(strings.TrimSpace(o.value))
		}
	}
	if l.verb == "" || l.sources.empty() || l.targets.empty() {
		p.fault(l.at, "", true, "an item-link directive lacks its type, its sources or its targets, and makes no link",
			"give it :type:, :sources: (or :source:) and :targets: (or :target:)")
		return
	}
	p.out.linkers = append(p.out.linkers, l)
}

func (s side) empty() bool { return len(s.keys) == 0 && s.pattern == nil }

// pattern compiles a pattern that, like Python's match, fits the beginning of a key.
func (p *parser) pattern(o option) *regexp.Regexp {
	text := strings.ReplaceAll(o.value, "\n", "")
	if text == "" {
		return nil
	}
	compiled, err := regexp.Compile("^(?:" + text + ")")
	if err != nil {
		p.fault(o.at, "", true, fmt.Sprintf("the pattern %s cannot be read: %v", text, err), "name the items one by one in :sources: and :targets:")
		return nil
	}
	return compiled
}

// finish makes links of options, carries out item-link directives and says which targets exist.
func (r *reader) finish() {
	index := r.index()
	r.guess(index)
	for _, p := range r.parsed {
		for i := range p.document.Items {
			r.settle(p, &p.document.Items[i], p.options[i])
		}
		r.tree.Faults = append(r.tree.Faults, p.faults...)
	}
	r.carryOut(index)
	for _, p := range r.parsed {
		for i := range p.document.Items {
			judge(&p.document.Items[i], index)
		}
		r.tree.Documents = append(r.tree.Documents, p.document)
	}
	r.tree.Backwards = r.relations.backwards
	exchange.SortFaults(r.tree.Faults)
	slices.Sort(r.tree.Files)
	slices.Sort(r.tree.Others)
}

// index gives the items of each key; more than one when a key is used twice.
func (r *reader) index() map[string][]*exchange.Item {
	index := make(map[string][]*exchange.Item)
	for _, p := range r.parsed {
		for i := range p.document.Items {
			item := &p.document.Items[i]
			index[item.Key] = append(index[item.Key], item)
		}
	}
	return index
}

// guess takes an option that neither the plugin nor conf.py knows for a relation when one of its words is the key of
// an item: a project may have named relations in a configuration that is not at hand.
func (r *reader) guess(index map[string][]*exchange.Item) {
	for _, p := range r.parsed {
		for _, options := range p.options {
			for _, o := range options {
				if r.relations.known[o.name] || attributes[o.name] || strings.HasPrefix(o.name, "ext_") {
					continue
				}
				for _, w := range o.words {
					if target := strings.TrimRight(w.text, ","); index[target] != nil {
						r.relations.known[o.name] = true
						r.fault(o.at, false, fmt.Sprintf("the option %s is no relation that mlx.traceability has by default; it is taken for one, because %s is an item", o.name, target),
							"name the relations in traceability_relationships of conf.py and read the folder that holds it")
						break
					}
				}
			}
		}
	}
}

// settle turns the options of an item into links and fields.
func (r *reader) settle(p *parsed, item *exchange.Item, options []option) {
	for _, o := range options {
		if !r.relations.known[o.name] {
			field := exchange.Field{Name: o.name, At: o.at}
			if o.value != "" {
				field.Values = []string{o.value}
			}
			item.Fields = append(item.Fields, field)
			continue
		}
		for _, w := range o.words {
			target := strings.TrimRight(w.text, ",")
			if target != w.text {
				p.faults = append(p.faults, exchange.Fault{At: w.at, Item: item.Key,
					Message: fmt.Sprintf("the targets of %s are divided by commas", o.name), Remedy: "divide them by blanks"})
			}
			if target != "" {
				item.Links = append(item.Links, exchange.Link{Verb: o.name, Target: target, At: w.at})
			}
		}
	}
}

// carryOut makes the links of the item-link directives.
func (r *reader) carryOut(index map[string][]*exchange.Item) {
	left := r.limits.Links
	for _, p := range r.parsed {
		for _, l := range p.linkers {
			sources := r.ends(l.sources, index)
			targets := r.ends(l.targets, index)
			if left -= len(sources) * len(targets); left < 0 {
				r.fault(l.at, true, fmt.Sprintf("item-link directives make more than %d links; this one and those after it are left out", r.limits.Links),
					"narrow the patterns of :source: and :target:")
				return
			}
			for _, source := range sources {
				r.connect(l, source, targets, index)
			}
		}
	}
}

// ends are the keys that one side of an item-link names.
func (r *reader) ends(s side, index map[string][]*exchange.Item) []word {
	list := slices.Clone(s.keys)
	if s.pattern == nil {
		return list
	}
	for _, p := range r.parsed {
		for i := range p.document.Items {
			if key := p.document.Items[i].Key; s.pattern.MatchString(key) {
				list = append(list, word{text: key, at: s.at})
			}
		}
	}
	return list
}

func (r *reader) connect(l linker, source word, targets []word, index map[string][]*exchange.Item) {
	items := index[source.text]
	if len(items) == 0 {
		r.fault(source.at, true, fmt.Sprintf("the item %s, from which an item-link leads, does not exist; its links are left out", source.text), "write the item, or mend the key")
		return
	}
	item := items[0]
	has := make(map[string]bool, len(item.Links))
	for _, link := range item.Links {
		if link.Verb == l.verb {
			has[link.Target] = true
		}
	}
	for _, target := range targets {
		if !has[target.text] && target.text != item.Key {
			has[target.text] = true
			item.Links = append(item.Links, exchange.Link{Verb: l.verb, Target: target.text, At: target.at})
		}
	}
}

func judge(item *exchange.Item, index map[string][]*exchange.Item) {
	for i := range item.Links {
		item.Links[i].State = exchange.Unresolved
		if index[item.Links[i].Target] != nil {
			item.Links[i].State = exchange.Unconfirmed
		}
	}
}
