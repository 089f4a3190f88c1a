package doorstop

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
)

// config is the content of a .doorstop.yml.
type config struct {
	prefix     string
	parent     string
	itemFormat string // yaml or markdown
	reviewed   []string
	docDefault map[string]string // attributes/defaults/doc, which Doorstop prints on a document's first page
	fields     []exchange.Field
}

// maxIncludes bounds the files that one configuration draws in by !include.
const maxIncludes = 16

// includer reads files named by !include in a configuration.
type includer struct {
	reader *reader
	source *source
	left   int
	files  []string
}

// readConfig reads the configuration of a document. It reports false where nothing usable was read.
func (r *reader) readConfig(d *document) (*source, bool) {
	s := &source{file: d.configPath()}
	data, why := exchange.ReadFile(r.fsys, s.file, r.options.Limits.FileBytes)
	if why != "" {
		s.fault(exchange.Position{File: s.file}, true, "the configuration of the document cannot be read: "+why, "mend or replace the file")
		return s, false
	}
	s.yaml = data
	d.config = config{prefix: "REQ", itemFormat: "yaml"}
	root := s.parse()
	if root == nil {
		return s, false
	}
	inc := &includer{reader: r, source: s, left: maxIncludes}
	inc.resolve(root, path.Dir(s.file), 0)
	r.files = append(r.files, inc.files...)
	return s, r.configFrom(d, s, root)
}

func (r *reader) configFrom(d *document, s *source, root *yaml.Node) bool {
	convert := converter{nodes: r.options.Limits.Nodes, depth: r.options.Limits.Depth}
	for i := 0; i+1 < len(root.Content); i += 2 {
		section := root.Content[i].Value
		v, err := convert.value(root.Content[i+1], 1)
		if err != nil {
			s.fault(s.position(root.Content[i]), true, err.Error(), "simplify the configuration")
			return false
		}
		if v.kind != kindMap {
			d.config.keep(section, v, s.position(root.Content[i]))
			continue
		}
		for j, key := range v.keys {
			at := s.position(root.Content[i])
			if node := root.Content[i+1]; node.Kind == yaml.MappingNode {
				at = s.position(keyNode(node, key))
			}
			d.config.set(s, section, key, v.items[j], at)
		}
	}
	if d.config.itemFormat != "yaml" && d.config.itemFormat != "markdown" {
		s.fault(s.whole(), false, fmt.Sprintf("itemformat %q is unknown; files of both kinds, yaml and markdown, are read", d.config.itemFormat),
			"set itemformat to yaml or markdown")
	}
	return true
}

func keyNode(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i]
		}
	}
	return mapping
}

func (c *config) keep(name string, v value, at exchange.Position) {
	c.fields = append(c.fields, v.field(name, at))
}

func (c *config) set(s *source, section, key string, v value, at exchange.Position) {
	switch section + "/" + key {
	case "settings/prefix":
		prefix, _, _ := strings.Cut(v.string(), " ")
		c.prefix = prefix
	case "settings/parent":
		c.parent = strings.TrimSpace(v.string())
	case "settings/itemformat":
		c.itemFormat = strings.TrimSpace(v.string())
	case "attributes/defaults":
		doc, _ := v.get("doc")
		c.docDefault = map[string]string{}
		for i, name := range doc.keys {
			c.docDefault[name] = doc.items[i].string()
		}
	case "attributes/reviewed":
		if v.kind != kindList {
			s.fault(at, false, "attributes/reviewed is not a list and is passed over", "write one attribute name a line, as in - type")
			break
		}
		for _, item := range v.items {
			c.reviewed = append(c.reviewed, item.string())
		}
		slices.Sort(c.reviewed)
		c.reviewed = slices.Compact(c.reviewed)
	}
	c.keep(section+"/"+key, v, at)
}

// resolve replaces every value tagged !include by the content of the file it names.
func (inc *includer) resolve(node *yaml.Node, folder string, depth int) {
	if depth > inc.reader.options.Limits.Depth {
		return // the conversion reports the depth
	}
	for i, child := range node.Content {
		if child.Kind == yaml.ScalarNode && child.Tag == "!include" {
			if included := inc.read(child, folder, depth); included != nil {
				node.Content[i] = included
			}
			continue
		}
		inc.resolve(child, folder, depth+1)
	}
}

func (inc *includer) read(node *yaml.Node, folder string, depth int) *yaml.Node {
	name := path.Join(folder, node.Value)
	at := inc.source.position(node)
	if inc.left--; inc.left < 0 {
		inc.source.fault(at, true, fmt.Sprintf("more than %d files are included; %s is left out", maxIncludes, node.Value), "write the attributes into one file")
		return nil
	}
	if path.IsAbs(node.Value) || name == ".." || strings.HasPrefix(name, "../") {
		inc.source.fault(at, true, fmt.Sprintf("the included file %s lies outside the folder and is not read", node.Value), "move it into the folder of the document")
		return nil
	}
	data, why := exchange.ReadFile(inc.reader.fsys, name, inc.reader.options.Limits.FileBytes)
	if why != "" {
		inc.source.fault(at, true, fmt.Sprintf("the included file %s cannot be read: %s", node.Value, why), "mend the path, which counts from the file that includes it")
		return nil
	}
	inc.files = append(inc.files, name)
	s := &source{file: name, yaml: data}
	root := s.parse()
	inc.source.faults = append(inc.source.faults, s.faults...)
	if root == nil {
		return nil
	}
	inc.resolve(root, path.Dir(name), depth+1)
	return root
}
