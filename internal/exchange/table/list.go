package table

import "strings"

// JoinList writes values into one cell: with a comma and a blank between, and in quotation marks where a value has a comma,
// begins with a quotation mark, begins or ends with space, or is empty; marks within are doubled.
func JoinList(values []string) string {
	if len(values) == 1 && !needsQuotes(values[0]) {
		return values[0]
	}
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		if needsQuotes(v) {
			b.WriteByte('"')
			b.WriteString(strings.ReplaceAll(v, `"`, `""`))
			b.WriteByte('"')
			continue
		}
		b.WriteString(v)
	}
	return b.String()
}

func needsQuotes(v string) bool {
	return v == "" || strings.IndexByte(v, ',') >= 0 || v[0] == '"' || strings.TrimSpace(v) != v
}

// SplitList is the inverse of JoinList. A cell whose quotation marks do not close is one value, as written.
func SplitList(cell string) []string {
	if strings.IndexByte(cell, ',') < 0 && strings.IndexByte(cell, '"') < 0 {
		if v := strings.TrimSpace(cell); v != "" {
			return []string{v}
		}
		return nil
	}
	var values []string
	rest := strings.TrimSpace(cell)
	for rest != "" {
		if rest[0] == '"' {
			value, after, ok := quoted(rest)
			if !ok {
				return []string{strings.TrimSpace(cell)}
			}
			values = append(values, value)
			rest = strings.TrimSpace(after)
			continue
		}
		value, after, _ := strings.Cut(rest, ",")
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
		rest = strings.TrimSpace(after)
	}
	return values
}

// quoted takes a value in quotation marks and the comma behind it from the beginning of a text.
func quoted(s string) (value, after string, ok bool) {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		after = strings.TrimSpace(s[i+1:])
		if after != "" && after[0] != ',' {
			return "", "", false
		}
		return strings.ReplaceAll(s[1:i], `""`, `"`), strings.TrimPrefix(after, ","), true
	}
	return "", "", false
}
