package xlsx

import (
	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// style is what the number format of a cell says.
type style struct {
	format *numberFormat // nil for General
}

// readStyles reads the number formats of cells.
func (b *book) readStyles(part string) *opc.Error {
	data, refused := b.pack.Part(part)
	if refused != nil {
		return refused
	}
	codes := map[int]string{}
	formats := map[int]*numberFormat{}
	inCells := false
	return opc.Scan(part, data, func(x *xmlscan.Scanner) {
		switch {
		case x.Kind == xmlscan.End && x.Name.Local == "cellXfs":
			inCells = false
		case x.Kind != xmlscan.Start:
		case x.Name.Local == "cellXfs":
			inCells = true
		case x.Name.Local == "numFmt":
			codes[number(x.Attr("numFmtId"))] = x.Attr("formatCode")
		case x.Name.Local == "xf" && inCells && len(b.styles) < mostStyles:
			id := max(0, number(x.Attr("numFmtId")))
			f, there := formats[id]
			if !there {
				code, own := codes[id]
				if !own {
					code = builtinFormats[id]
				}
				f = parseFormat(code)
				formats[id] = f
			}
			b.styles = append(b.styles, style{f})
		}
	})
}

// mostStyles is how many styles of cells are told apart; Excel has 64,000.
const mostStyles = 1_000_000

// builtinFormats are the number formats that files do not spell out (ECMA-376 part 1, 18.8.30). Dates are given in one form: they are read as ISO dates anyway.
var builtinFormats = func() map[int]string {
	m := map[int]string{
		1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0", 6: "$#,##0", 7: "$#,##0.00", 8: "$#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
		18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
		41: "#,##0", 42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0", 49: "@",
		32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
	}
	for _, dates := range [][2]int{{14, 17}, {27, 31}, {36, 36}, {50, 58}} {
		for id := dates[0]; id <= dates[1]; id++ {
			m[id] = "yyyy-mm-dd"
		}
	}
	return m
}()

// shown is a number as the cell shows it, or as ISO 8601 writes a date.
func (b *book) shown(value string, styled int) (string, exchange.DataType) {
	if value == "" {
		return "", ""
	}
	var f *numberFormat
	if styled >= 0 && styled < len(b.styles) {
		f = b.styles[styled].format
	}
	return f.apply(value, b.date04)
}
