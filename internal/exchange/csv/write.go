package csv

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// WriteOptions are what a tree does not say itself. The zero value is good.
type WriteOptions struct {
	Delimiter byte // between cells; default is a comma
	// Mark puts a byte order mark before the text, by which Excel knows UTF-8.
	Mark bool
}

// Write gives a tree as one table in our own layout, which Read reads as the same items. What it cannot hold is a Loss.
func Write(tree *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	w := &writer{delimiter: cmp.Or(options.Delimiter, ',')}
	if !strings.ContainsRune(",;\t|", rune(w.delimiter)) {
		return nil, nil, fmt.Errorf("write CSV: %q cannot stand between cells; a comma, semicolon, tab or bar can", rune(w.delimiter))
	}
	if options.Mark {
		w.out.WriteString("\ufeff")
	}
	layout := table.Lay(tree)
	w.row(layout.Header)
	err := layout.Rows(func(_ *exchange.Item, cells []string) error {
		w.row(cells)
		return nil
	})
	return w.out.Bytes(), layout.Losses, err
}

type writer struct {
	out       bytes.Buffer
	delimiter byte
}

func (w *writer) row(cells []string) {
	for i, c := range cells {
		if i > 0 {
			w.out.WriteByte(w.delimiter)
		}
		w.cell(table.Protect(c))
	}
	w.out.WriteString("\r\n")
}

// cell quotes a cell where it must be.
func (w *writer) cell(text string) {
	if text == "" {
		return
	}
	plain := text[0] != ' ' && text[len(text)-1] != ' '
	for i := 0; plain && i < len(text); i++ {
		c := text[i]
		plain = c != '"' && c != '\n' && c != '\r' && c != ',' && c != ';' && c != '\t' && c != '|' && c != w.delimiter
	}
	if plain {
		w.out.WriteString(text)
		return
	}
	w.out.WriteByte('"')
	w.out.WriteString(strings.ReplaceAll(text, `"`, `""`))
	w.out.WriteByte('"')
}
