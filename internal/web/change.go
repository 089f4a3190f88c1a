package web

import (
	"slices"
	"strings"
	"unicode"

	"github.com/goldthread/goldthread/internal/project"
)

// fieldChange is a field before and after, word by word.
type fieldChange struct {
	Name string
	Runs []run
}

// run is a run of words that stayed, went or came.
type run struct {
	What string // same, gone or come
	Text string
}

// What became of the words of a run.
const (
	same = "same"
	gone = "gone"
	come = "come"
)

func fieldChanges(differences []project.FieldDifference) []fieldChange {
	out := make([]fieldChange, 0, len(differences))
	for _, d := range differences {
		out = append(out, fieldChange{d.Name, compareWords(d.Before, d.After)})
	}
	return out
}

// maxCompared bounds the table in which words are compared; longer texts are
// shown as a whole, before and after.
const maxCompared = 1 << 20

// compareWords finds a longest common subsequence of words and tells all of both
// texts.
func compareWords(before, after string) []run {
	a, b := splitWords(before), splitWords(after)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	runs := appendRun(nil, same, a[:start])
	runs = compareMiddle(runs, a[start:len(a)-end], b[start:len(b)-end])
	return appendRun(runs, same, a[len(a)-end:])
}

func compareMiddle(runs []run, a, b []string) []run {
	if (len(a)+1)*(len(b)+1) > maxCompared {
		return appendRun(appendRun(runs, gone, a), come, b)
	}
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width) // of a[i:] and b[j:]
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			runs = appendRun(runs, same, a[i:i+1])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1]:
			runs = appendRun(runs, gone, a[i:i+1])
			i++
		default:
			runs = appendRun(runs, come, b[j:j+1])
			j++
		}
	}
	return runs
}

func appendRun(runs []run, what string, words []string) []run {
	if len(words) == 0 {
		return runs
	}
	text := strings.Join(words, "")
	if n := len(runs); n > 0 && runs[n-1].What == what {
		runs[n-1].Text += text
		return runs
	}
	return append(runs, run{what, text})
}

// splitWords cuts a text into words, blanks and signs; joined they are the text.
func splitWords(s string) []string {
	var out []string
	start := 0
	class := func(r rune) int {
		switch {
		case unicode.IsSpace(r):
			return 1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == ',':
			return 2
		default:
			return 3
		}
	}
	last := 0
	for i, r := range s {
		c := class(r)
		if i > start && (c != last || c == 3) {
			out = append(out, s[start:i])
			start = i
		}
		last = c
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
