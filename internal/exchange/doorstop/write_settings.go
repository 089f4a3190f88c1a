package doorstop

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// settings is the configuration of a document: as it was, or what Doorstop needs of one.
func (w *writer) settings(t *target) tree {
	if t.own {
		all := w.oldSettings(t)
		if title := t.source.Title; title != "" && title != all.at("attributes", "defaults", "doc", "title") && title != all.at("attributes", "defaults", "doc", "name") {
			all.put(stringTree(clean(title)), "attributes", "defaults", "doc", "title")
		}
		return all
	}
	settings := tree{}
	settings.set("digits", tree{text: strconv.Itoa(t.digits), plain: true})
	if t.parent != "" {
		settings.set("parent", stringTree(t.parent))
	}
	settings.set("prefix", stringTree(t.prefix))
	settings.set("sep", stringTree(t.sep))
	all := tree{}
	if title := t.source.Title; title != "" && title != t.prefix {
		all.put(stringTree(clean(title)), "attributes", "defaults", "doc", "title")
	}
	all.set("settings", settings)
	return all
}

// oldSettings are the fields of a document of Doorstop, by section.
func (w *writer) oldSettings(t *target) tree {
	all := tree{}
	at := map[string]int{}
	written := map[string]bool{}
	for i := range t.source.Fields {
		f := &t.source.Fields[i]
		section, key, inside := strings.Cut(f.Name, "/")
		n, there := at[section]
		switch {
		case written[f.Name], there && !(inside && all.values[n].isMap):
			w.lose(f.At, "", f.Name, "the configuration has it already")
			continue
		case !there:
			at[section] = len(all.keys)
			n = len(all.keys)
			all.set(section, tree{})
		}
		written[f.Name] = true
		value := fieldTree(f, listSettings[f.Name], 0, -1<<30)
		if inside {
			all.values[n].set(key, value)
		} else {
			all.values[n] = value
		}
	}
	return all
}

// listSettings are lists also where they have one value.
var listSettings = map[string]bool{"attributes/reviewed": true, "attributes/publish": true}

// reviewedOf are the attributes that go into the fingerprints of a document.
func reviewedOf(t *target) []string {
	if !t.own {
		return nil
	}
	i := slices.IndexFunc(t.source.Fields, func(f exchange.Field) bool { return f.Name == "attributes/reviewed" && !f.Nested })
	if i < 0 {
		return nil
	}
	names := slices.Clone(t.source.Fields[i].Values)
	slices.Sort(names)
	return slices.Compact(names)
}
