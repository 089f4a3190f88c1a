package csv

import (
	"fmt"
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// rower takes rows.
type rower interface{ Row(table.Row) }

// parser takes a text apart into rows and cells. It is lenient: quotation marks within a cell that does not begin with one
// are text, as is what stands behind a closing one.
type parser struct {
	text      string
	delimiter byte
	cell      int // most bytes of one
	columns   int // most of a row
	fault     func(line int, isError bool, message, remedy string)
	lost      []exchange.Loss

	at, line, lineBegins int
	wide, wideLine       int // cells of columns beyond, and where the first one is
	ends                 int // of the line at hand, or before
	unclosed             int // quotation marks that nothing closes, so far
	faults               int
}

const (
	mostUnclosed = 20
	mostFaults   = 200
)

func (p *parser) say(line int, isError bool, message, remedy string) {
	if p.faults++; p.fault != nil && p.faults <= mostFaults {
		p.fault(line, isError, message, remedy)
	}
	if p.fault != nil && p.faults == mostFaults+1 {
		p.fault(line, false, fmt.Sprintf("more than %d faults; the rest is not listed", mostFaults), "mend these first")
	}
}

// start passes over the line that tells spreadsheets what the delimiter is: sep=;
func (p *parser) start() {
	p.line = 1
	first, _, _ := strings.Cut(p.text, "\n")
	if _, ok := separator(first); ok {
		p.at = min(len(first)+1, len(p.text))
		p.line, p.lineBegins = 2, p.at
	}
}

// separator reads sep=X.
func separator(line string) (byte, bool) {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\r"), "sep=")
	if !ok || len(rest) != 1 {
		return 0, false
	}
	return rest[0], true
}

// rows reads all rows.
func (p *parser) rows(to rower) {
	cells := make([]table.Cell, 0, 64)
	number := 0
	for p.at < len(p.text) {
		number++
		cells = p.row(cells[:0])
		to.Row(table.Row{Number: number, Cells: cells})
	}
	if p.wide > 0 {
		p.say(p.wideLine, true, fmt.Sprintf("a row has more than %d columns; those behind are not read", p.columns), "look whether the cells are divided as they should be")
		p.lost = append(p.lost, exchange.Loss{At: exchange.Position{Line: p.wideLine}, What: fmt.Sprintf("%d cells", p.wide), Why: fmt.Sprintf("more than %d columns are not read", p.columns)})
	}
}

// row reads one row; empty cells are left out.
func (p *parser) row(cells []table.Cell) []table.Cell {
	for column := 0; ; column++ {
		line, at := p.line, p.at-p.lineBegins+1
		text, last := p.next()
		if len(text) > p.cell {
			p.say(line, true, fmt.Sprintf("a cell has more than %d bytes and is not read", p.cell), "shorten it")
			p.lost = append(p.lost, exchange.Loss{At: exchange.Position{Line: line, Column: at}, What: "cell in column " + table.Letters(column), Why: fmt.Sprintf("it has more than %d bytes", p.cell)})
			text = ""
		}
		if strings.TrimLeft(text, " \t\n\u00a0") == "" {
		} else if column >= p.columns {
			if p.wide++; p.wide == 1 {
				p.wideLine = line
			}
		} else {
			cells = append(cells, table.Cell{Column: column, Text: text, Line: line, At: at})
		}
		if last {
			return cells
		}
	}
}

// next reads one cell and the delimiter or line end behind it.
func (p *parser) next() (text string, last bool) {
	quote := p.at
	for quote < len(p.text) && p.text[quote] == ' ' && p.delimiter != ' ' {
		quote++
	}
	if quote < len(p.text) && p.text[quote] == '"' && p.unclosed < mostUnclosed {
		if text, ok := p.quoted(quote); ok {
			return p.behind(text)
		}
	}
	return p.behind("")
}

// behind reads up to the end of a cell; what stands there belongs to it, except blanks after quotation marks.
func (p *parser) behind(text string) (string, bool) {
	rest := p.text[p.at:]
	n := p.lineEnd() - p.at
	d := strings.IndexByte(rest[:n], p.delimiter)
	if d >= 0 {
		p.at += d + 1
		return p.joined(text, rest[:d]), false
	}
	cell := p.joined(text, strings.TrimSuffix(rest[:n], "\r"))
	p.at = min(p.at+n+1, len(p.text))
	p.line++
	p.lineBegins = p.at
	return cell, true
}

// lineEnd is where the line ends, sought once for all its cells.
func (p *parser) lineEnd() int {
	if p.at > p.ends || p.ends == 0 {
		n := strings.IndexByte(p.text[p.at:], '\n')
		if n < 0 {
			n = len(p.text) - p.at
		}
		p.ends = p.at + n
	}
	return p.ends
}

func (p *parser) joined(text, more string) string {
	if text == "" {
		return more
	}
	if strings.TrimSpace(more) == "" {
		return text
	}
	p.say(p.line, false, "text follows a closing quotation mark; it is taken for a part of the cell", "double the quotation marks within cells")
	return text + more
}

// quoted reads a cell in quotation marks, of which the first stands at begin.
func (p *parser) quoted(begin int) (string, bool) {
	doubled := false
	for i := begin + 1; ; i++ {
		n := strings.IndexByte(p.text[i:], '"')
		if n < 0 {
			p.unclosed++
			p.say(p.line, false, "a quotation mark is not closed; the cell is read up to the end of its line", "close it, or double it where it is text")
			return "", false
		}
		i += n
		if i+1 < len(p.text) && p.text[i+1] == '"' {
			doubled = true
			i++
			continue
		}
		raw := p.text[begin+1 : i]
		p.at = i + 1
		if lines := strings.Count(raw, "\n"); lines > 0 {
			p.line += lines
			p.lineBegins = begin + 1 + strings.LastIndexByte(raw, '\n') + 1
		}
		if doubled {
			raw = strings.ReplaceAll(raw, `""`, `"`)
		}
		if strings.IndexByte(raw, '\r') >= 0 {
			raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\r", "\n")
		}
		return raw, true
	}
}

// delimiter is what divides a text best: into most columns that most rows have, the names of a header counting more.
func delimiter(text, name string) byte {
	first, _, _ := strings.Cut(text, "\n")
	if d, ok := separator(first); ok {
		return d
	}
	if len(text) > headBytes {
		text = text[:headBytes]
	}
	candidates := []byte{',', ';', '\t', '|'}
	if ext := strings.ToLower(path.Ext(name)); ext == ".tsv" || ext == ".tab" {
		candidates = []byte{'\t', ',', ';', '|'}
	}
	best, most := candidates[0], 0
	for _, d := range candidates {
		p := &parser{text: text, delimiter: d, cell: 1 << 20}
		p.start()
		if score := p.evenness(); score > most {
			best, most = d, score
		}
	}
	return best
}

// mostSampled is how many columns are looked at.
const mostSampled = 1000

// evenness says how well the delimiter divides the first rows.
func (p *parser) evenness() int {
	var counts []int
	head := &sample{}
	for p.at < len(p.text) && len(counts) < 100 {
		before := p.at
		columns := 0
		var cells []table.Cell
		for last := false; !last; columns++ {
			var text string
			if text, last = p.next(); text != "" && columns < mostSampled {
				cells = append(cells, table.Cell{Column: columns, Text: text})
			}
		}
		if len(cells) == 0 || p.at >= len(p.text) && len(counts) > 0 && before > 0 && !strings.HasSuffix(p.text, "\n") {
			continue // empty, or cut off
		}
		counts = append(counts, columns)
		head.Row(table.Row{Number: len(counts), Cells: cells})
	}
	frequent, times := 0, map[int]int{}
	for _, n := range counts {
		if times[n]++; n > 1 && (times[n] > times[frequent] || times[n] == times[frequent] && n > frequent) {
			frequent = n
		}
	}
	if frequent < 2 {
		return 0
	}
	score := 1 + 1000*times[frequent]/len(counts) + min(frequent, 50)
	if table.IsTable(head.rows) {
		score += 1000
	}
	return score
}
