package cli

import (
	"io"
	"strings"
	"unicode"
)

// cell is one value of a text table, already safe to print.
type cell string

// columnGap stands between two columns.
const columnGap = "  "

// writeTable writes rows in aligned columns, the last one ragged. Every row has
// as many cells as the first.
func writeTable(w io.Writer, indent string, rows [][]cell) error {
	if len(rows) == 0 {
		return nil
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], textWidth(string(c)))
		}
	}
	for _, row := range rows {
		if _, err := io.WriteString(w, indent+alignRow(widths, row)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func alignRow(widths []int, row []cell) string {
	var b strings.Builder
	for i, c := range row {
		b.WriteString(string(c))
		if i+1 < len(row) {
			b.WriteString(strings.Repeat(" ", max(0, widths[i]-textWidth(string(c)))) + columnGap)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// printable is s on one line, without what could steer a terminal or turn the
// order of what is read: it may come from a foreign file or test report.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return harmless(r)
	}, s)
}

// printableText is printable that keeps lines and tabs.
func printableText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return harmless(r)
	}, s)
}

func harmless(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return unicode.ReplacementChar
	}
	return r
}

func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// wide are the ranges of characters that terminals draw two columns wide.
var wide = [][2]rune{{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
	{0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}}

func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	for _, w := range wide {
		if w[0] <= r && r <= w[1] {
			return 2
		}
	}
	return 1
}
