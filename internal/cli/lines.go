package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// lineChange is a line of a comparison: taken away '-', come in '+', or kept ' '.
type lineChange struct {
	sign byte
	text string
}

// maxLineTable bounds the table with which lines are compared: 4 bytes a cell.
const maxLineTable = 4 << 20

// linesAround is how many kept lines stand around a change.
const linesAround = 2

// writeLines writes how a text became another, line by line, with some of the
// lines around.
func writeLines(w io.Writer, blanks, before, after string) {
	changes := compareLines(splitLines(before), splitLines(after))
	skipped := false
	for i, c := range changes {
		if c.sign == ' ' && !nearChange(changes, i) {
			skipped = true
			continue
		}
		if skipped {
			fmt.Fprintf(w, "%s…\n", blanks)
			skipped = false
		}
		line := fmt.Sprintf("%s%c", blanks, c.sign)
		if c.text != "" {
			line += " " + printable(c.text)
		}
		fmt.Fprintln(w, line)
	}
	if skipped {
		fmt.Fprintf(w, "%s…\n", blanks)
	}
}

func nearChange(changes []lineChange, i int) bool {
	near := changes[max(0, i-linesAround):min(len(changes), i+linesAround+1)]
	return slices.ContainsFunc(near, func(c lineChange) bool { return c.sign != ' ' })
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// compareLines finds a shortest way from one list of lines to another. Where
// both are so long and so different that this would take too much memory, it
// takes all that differs away and puts the new lines in.
func compareLines(before, after []string) []lineChange {
	var head, tail []lineChange
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		head = append(head, lineChange{' ', before[0]})
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		tail = append(tail, lineChange{' ', before[len(before)-1]})
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	slices.Reverse(tail)
	return slices.Concat(head, compareMiddle(before, after), tail)
}

func compareMiddle(before, after []string) []lineChange {
	var out []lineChange
	i, j := 0, 0
	if (len(before)+1)*(len(after)+1) <= maxLineTable {
		common := commonLines(before, after)
		width := len(after) + 1
		for i < len(before) && j < len(after) {
			switch {
			case before[i] == after[j]:
				out = append(out, lineChange{' ', before[i]})
				i, j = i+1, j+1
			case common[(i+1)*width+j] >= common[i*width+j+1]:
				out = append(out, lineChange{'-', before[i]})
				i++
			default:
				out = append(out, lineChange{'+', after[j]})
				j++
			}
		}
	}
	for ; i < len(before); i++ {
		out = append(out, lineChange{'-', before[i]})
	}
	for ; j < len(after); j++ {
		out = append(out, lineChange{'+', after[j]})
	}
	return out
}

// commonLines holds, for every pair of places, how many lines the rests behind
// them have in common, in order.
func commonLines(before, after []string) []int32 {
	width := len(after) + 1
	table := make([]int32, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			} else {
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	return table
}
