package web

import (
	"slices"

	"github.com/goldthread/goldthread/internal/schema"
)

// coverageRow is a line of the coverage table, each number with the address of
// the records behind it.
type coverageRow struct {
	ID, Name string
	Help     string
	Numbers  []number
}

// number is a number that leads to what it counts.
type number struct {
	N    int
	URL  string
	What string // for screen readers
	Open bool   // it counts what is missing
}

// coverageColumns are the numbers of a line, by what the filter calls them.
func coverageColumns() []choice {
	return []choice{{"", "in all"},
		{"upstream", "that lead on upstream"}, {"no-upstream", "that lead nowhere upstream"},
		{"downstream", "that lead on downstream"}, {"no-downstream", "that lead nowhere downstream"},
		{"verified", "with a verification"}, {"unverified", "without a verification"}}
}

// coverageRows counts the rows by kind, in the order of the schema: what a
// number leads to is what it counts. Documents and places in code have no line.
func (v *view) coverageRows() []coverageRow {
	columns := coverageColumns()
	counts := map[string][]int{}
	for i := range v.rows {
		r := &v.rows[i]
		if counts[r.Kind] == nil {
			counts[r.Kind] = make([]int, len(columns))
		}
		for c, column := range columns {
			if column.Value == "" || slices.Contains(r.has, column.Value) {
				counts[r.Kind][c]++
			}
		}
	}
	var out []coverageRow
	for _, kind := range v.Schema.Kinds() {
		of := counts[string(kind.ID)]
		if of == nil || kind.Derived || kind.ID == schema.KindDOC {
			continue
		}
		row := coverageRow{ID: string(kind.ID), Name: kind.Plural, Help: kind.Help}
		for c, column := range columns {
			missing := column.Value == "no-upstream" || column.Value == "no-downstream" || column.Value == "unverified"
			row.Numbers = append(row.Numbers, number{of[c], v.listURL(query{Kind: row.ID, Has: column.Value, Sort: "key"}), kind.Plural + " " + column.Name, missing})
		}
		out = append(out, row)
	}
	return out
}
