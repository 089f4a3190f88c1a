package web

import (
	"net/url"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// projectURL is the address of a project's page.
func projectURL(name string) string { return "/projects/" + url.PathEscape(name) }

// itemURL is the address of an item's page. Keys of places in code hold slashes,
// which stay as they are unless the path would be taken for another one.
func itemURL(project string, key record.Key) string {
	return projectURL(project) + "/items/" + escapeKey(string(key))
}

func escapeKey(key string) string {
	parts := strings.Split(key, "/")
	for i, p := range parts {
		if p == "" || p == "." || p == ".." {
			return url.PathEscape(key) // slashes too: browsers and servers shorten such paths
		}
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// fileURL is the address of an attached file.
func fileURL(project string, h record.Hash) string { return projectURL(project) + "/files/" + h.Hex() }
