package openfasttrace

import "strings"

// recode makes text of XML that declares itself to be in ISO 8859-1, or the superset of it that Windows has.
func recode(text string) string {
	if latin(text) {
		return fromLatin(text)
	}
	return text
}

// latin says that XML declares itself to be in ISO 8859-1, or the superset of it that Windows has.
func latin(text string) bool {
	head, _, ok := strings.Cut(text[:min(len(text), 200)], "?>")
	head = strings.ToLower(head)
	return ok && (strings.Contains(head, "iso-8859-1") || strings.Contains(head, "windows-1252") || strings.Contains(head, "latin1"))
}

func fromLatin(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}

// splitLines divides a text into lines; what follows the last \n is none when it is empty.
func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// blank says that the line holds nothing but blanks.
func blank(line string) bool { return strings.TrimSpace(line) == "" }
