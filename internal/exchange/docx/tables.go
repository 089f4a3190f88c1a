package docx

import (
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// Most columns of a table; Word has 63.
const mostColumns = 1024

// table reads a table; nil for one without cells.
func (p *parser) table() *grid {
	t := &grid{number: p.paragraphs + 1}
	p.tableRows(t)
	if len(t.rows) == 0 {
		return nil
	}
	return t
}

// tableRows reads rows up to the end of the element at hand.
func (p *parser) tableRows(t *grid) {
	for p.x.Next() {
		if p.x.Kind == xmlscan.End {
			return
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		switch p.x.Name.Local {
		case "tr":
			p.tableRow(t)
		case "tblPr", "tblGrid", "tblPrEx", "sdtPr", "sdtEndPr", "bookmarkStart", "bookmarkEnd":
			p.skip()
		default:
			p.tableRows(t)
		}
	}
}

func (p *parser) tableRow(t *grid) {
	row := gridRow{}
	deleted := (*change)(nil)
	column := 0
	p.rowContent(&row, &column, &deleted)
	if deleted != nil {
		var texts []string
		for _, c := range row.cells {
			texts = append(texts, oneLine(p.render(c.blocks)))
		}
		p.d.r.changed(exchange.Position{File: p.d.name, Line: p.at}, "", "deleted row "+short(strings.Join(texts, " | ")), by(deleted.author, deleted.date)+"a tracked deletion, which is left out")
		return
	}
	if len(row.cells) > 0 {
		t.rows = append(t.rows, row)
	}
}

func (p *parser) rowContent(row *gridRow, column *int, deleted **change) {
	for p.x.Next() {
		if p.x.Kind == xmlscan.End {
			return
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		switch p.x.Name.Local {
		case "tc":
			c := p.tableCell()
			c.column = *column
			*column = min(*column+c.span, mostColumns)
			row.cells = append(row.cells, c)
		case "trPr":
			p.rowProperties(column, deleted)
		case "tblPrEx", "sdtPr", "sdtEndPr", "bookmarkStart", "bookmarkEnd":
			p.skip()
		default:
			p.rowContent(row, column, deleted)
		}
	}
}

func (p *parser) rowProperties(column *int, deleted **change) {
	for depth := p.x.Depth(); p.x.Next(); {
		if p.x.Kind == xmlscan.End && p.x.Depth() < depth {
			return
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		switch p.x.Name.Local {
		case "gridBefore":
			*column = min(max(number(p.x.Attr("val")), 0), mostColumns)
		case "del":
			*deleted = &change{author: p.x.Attr("author"), date: p.x.Attr("date")}
		case "ins":
			p.d.r.changed(exchange.Position{File: p.d.name, Line: p.paragraphs + 1}, "", "inserted row", by(p.x.Attr("author"), p.x.Attr("date"))+"a tracked insertion, which is taken")
		case "trPrChange":
			p.skip()
		}
	}
}

func (p *parser) tableCell() gridCell {
	c := gridCell{span: 1}
	for p.x.Next() {
		if p.x.Kind == xmlscan.End {
			break
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		if p.x.Name.Local == "tcPr" {
			p.cellProperties(&c)
			continue
		}
		c.blocks = p.block(c.blocks)
	}
	c.blocks = joinDeleted(c.blocks)
	return c
}

func (p *parser) cellProperties(c *gridCell) {
	for depth := p.x.Depth(); p.x.Next(); {
		if p.x.Kind == xmlscan.End && p.x.Depth() < depth {
			return
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		switch val := p.x.Attr("val"); p.x.Name.Local {
		case "gridSpan":
			c.span = min(max(number(val), 1), mostColumns)
		case "vMerge":
			c.begins, c.goesOn = val == "restart", val != "restart"
		case "tcPrChange":
			p.skip()
		}
	}
}

// text is a cell as package table takes it.
func (p *parser) cellOf(c *gridCell, row int) (table.Cell, bool) {
	out := table.Cell{Column: c.column, Line: firstNumber(c.blocks, p.at)}
	out.Text = p.render(c.blocks)
	if plain := plainBlocks(c.blocks); plain != out.Text {
		out.Plain = plain
	}
	for _, q := range paragraphs(c.blocks) {
		for _, id := range q.comments {
			if remark := p.d.comments[id]; remark != nil {
				out.Notes = append(out.Notes, exchange.Field{Name: "comment", Values: []string{remark.String()}, At: exchange.Position{File: p.d.name, Line: q.number}})
			}
		}
	}
	return out, strings.TrimSpace(out.Text) != "" || len(out.Notes) > 0
}

func firstNumber(blocks []block, otherwise int) int {
	if all := paragraphs(blocks); len(all) > 0 {
		return all[0].number
	}
	return otherwise
}

// paragraphs are all paragraphs of blocks, those in tables too.
func paragraphs(blocks []block) []*paragraph {
	var all []*paragraph
	for _, b := range blocks {
		if b.paragraph != nil {
			all = append(all, b.paragraph)
			continue
		}
		for _, r := range b.table.rows {
			for _, c := range r.cells {
				all = append(all, paragraphs(c.blocks)...)
			}
		}
	}
	return all
}

// rows are the rows of a table with its merged cells.
func (p *parser) rows(t *grid) ([]table.Row, []table.Merge) {
	var rows []table.Row
	var merges []table.Merge
	open := map[int]int{} // merges that may go on, by column
	for i := range t.rows {
		r := table.Row{Number: i + 1}
		for j := range t.rows[i].cells {
			c := &t.rows[i].cells[j]
			if c.goesOn {
				if m, ok := open[c.column]; ok {
					merges[m].Rows = i + 2 - merges[m].Row
				}
				continue
			}
			delete(open, c.column)
			if c.begins || c.span > 1 {
				merges = append(merges, table.Merge{Row: i + 1, Column: c.column, Rows: 1, Columns: c.span})
				if c.begins {
					open[c.column] = len(merges) - 1
				}
			}
			if cell, filled := p.cellOf(c, i); filled {
				r.Cells = append(r.Cells, cell)
			}
		}
		rows = append(rows, r)
	}
	return rows, merges
}

// markdownTable writes a table as Markdown has it (GitHub Flavored Markdown, 4.10); its first row is the header.
func (p *parser) markdownTable(t *grid) string {
	width := 0
	for i := range t.rows {
		for _, c := range t.rows[i].cells {
			width = max(width, min(c.column+1, mostColumns))
		}
	}
	var b strings.Builder
	for i := range t.rows {
		cells := make([]string, width)
		for j := range t.rows[i].cells {
			c := &t.rows[i].cells[j]
			if c.column < width && !c.goesOn {
				cells[c.column] = p.cellText(c.blocks)
			}
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", width) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// cellText is what a cell of a Markdown table holds: its paragraphs on one line, a table in it cell by cell.
func (p *parser) cellText(blocks []block) string {
	var parts []string
	for _, b := range blocks {
		text := ""
		if b.paragraph != nil {
			text = p.line(b.paragraph)
		} else {
			var cells []string
			for i := range b.table.rows {
				for j := range b.table.rows[i].cells {
					if c := p.cellText(b.table.rows[i].cells[j].blocks); c != "" {
						cells = append(cells, c)
					}
				}
			}
			text = strings.Join(cells, "; ")
		}
		if text = oneLine(text); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(parts, " "), `\|`, "|"), "|", `\|`)
}

// columns is the number of columns that hold something.
func (t *grid) columns() int {
	seen := map[int]bool{}
	for i := range t.rows {
		for _, c := range t.rows[i].cells {
			if len(paragraphs(c.blocks)) > 0 {
				seen[c.column] = true
			}
		}
	}
	return len(seen)
}
