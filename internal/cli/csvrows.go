package cli

import (
	"encoding/csv"
	"io"
	"strings"
)

// csvRows writes rows as RFC 4180 has them. A cell that a spreadsheet would take
// for a formula gets an apostrophe in front: titles come from anywhere, and a
// formula can call programs.
type csvRows struct{ w *csv.Writer }

func newCSVRows(w io.Writer) csvRows {
	c := csvRows{csv.NewWriter(w)}
	c.w.UseCRLF = true
	return c
}

// row writes one row; it keeps none.
func (c csvRows) row(cells ...string) error {
	guarded := make([]string, len(cells))
	for i, cell := range cells {
		guarded[i] = plainCell(cell)
	}
	return c.w.Write(guarded)
}

func (c csvRows) close() error {
	c.w.Flush()
	return c.w.Error()
}

// formulaStarts are the characters with which spreadsheets begin a formula, the
// full-width ones included, and blanks that they skip.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

func plainCell(s string) string {
	if s != "" && strings.ContainsAny(firstRune(s), formulaStarts) {
		return "'" + s
	}
	return s
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}
