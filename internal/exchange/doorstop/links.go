package doorstop

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
)

// linkList reads the attribute links: a list of UIDs, of "UID:fingerprint", or of maps {UID: fingerprint}.
func (ir *itemReader) linkList(node *yaml.Node) {
	node = ir.dealias(node)
	switch {
	case node == nil:
	case node.Kind == yaml.ScalarNode && scalar(node).kind == kindNull:
	case node.Kind == yaml.SequenceNode:
		for _, entry := range node.Content {
			ir.linkEntry(ir.dealias(entry))
		}
	case node.Kind == yaml.MappingNode:
		ir.source.fault(ir.source.position(node), false, "links is a map; Doorstop passes over the fingerprints in it", "write a list: - REQ001: fingerprint")
		for i := 0; i+1 < len(node.Content); i += 2 {
			ir.link(node.Content[i], node.Content[i+1])
		}
	default:
		ir.loseLink(node, "links is not a list", "write one link an entry, as in - REQ001")
	}
}

// dealias follows an alias within the limits; nil means that they are used up.
func (ir *itemReader) dealias(node *yaml.Node) *yaml.Node {
	for hops := 0; node.Kind == yaml.AliasNode; hops++ {
		if hops > ir.convert.depth {
			return nil
		}
		node = node.Alias
	}
	if ir.convert.nodes--; ir.convert.nodes < 0 {
		if ir.convert.nodes == -1 {
			ir.source.fault(ir.source.position(node), true, errTooMany.Error(), "write the links without aliases")
		}
		return nil
	}
	return node
}

// loseLink lists a link that cannot be read.
func (ir *itemReader) loseLink(node *yaml.Node, message, remedy string) {
	at := ir.source.position(node)
	ir.source.fault(at, true, message, remedy)
	ir.out.lost = append(ir.out.lost, exchange.Loss{At: at, Item: ir.source.item, What: "link", Why: message, Links: 1})
}

func (ir *itemReader) linkEntry(entry *yaml.Node) {
	switch {
	case entry == nil:
	case entry.Kind == yaml.ScalarNode && scalar(entry).kind == kindNull:
		ir.source.fault(ir.source.position(entry), false, "an entry of links is empty", "remove it or name an item")
	case entry.Kind == yaml.ScalarNode:
		ir.link(entry, nil)
	case entry.Kind == yaml.MappingNode && len(entry.Content) >= 2:
		ir.link(entry.Content[0], entry.Content[1])
		for i := 2; i+1 < len(entry.Content); i += 2 {
			extra := entry.Content[i]
			ir.loseLink(extra, fmt.Sprintf("%s is a second link in one entry, which Doorstop does not read", extra.Value), "write it as an entry of its own: - "+extra.Value)
		}
	default:
		ir.loseLink(entry, "an entry of links is neither a UID nor UID: fingerprint", "write - REQ001")
	}
}

func (ir *itemReader) link(target, fingerprint *yaml.Node) {
	text, stamp := target.Value, ""
	if target.Kind != yaml.ScalarNode {
		ir.loseLink(target, "the target of a link is not a UID", "write - REQ001")
		return
	}
	if fingerprint == nil {
		if at := strings.LastIndexByte(text, ':'); at >= 0 {
			text, stamp = text[:at], text[at+1:]
		}
	} else if fingerprint = ir.dealias(fingerprint); fingerprint != nil {
		if v, err := ir.convert.value(fingerprint, 1); err == nil {
			stamp = ir.fingerprint(fingerprint, v, "the link to "+text)
		}
	}
	id, valid := parseUID(text)
	ir.out.links = append(ir.out.links, writtenUID{text: text, id: id, valid: valid})
	ir.out.content.links = append(ir.out.content.links, writtenUID{text: text, id: id, valid: valid})
	ir.out.item.Links = append(ir.out.item.Links, exchange.Link{
		Verb: parentVerb, Target: text, At: ir.source.position(target), Fingerprint: stamp,
	})
}
