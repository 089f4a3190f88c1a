package yamltree

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Decode keeps a panic of the YAML library on hostile input from ending the program.
func Decode(decoder *yaml.Decoder, node *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return decoder.Decode(node)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:input error: )?(?:line (\d+): )?(.*)`)

// ErrorLine is what the YAML library says of a fault, and the line, 0 where it is unknown.
func ErrorLine(err error) (message string, line int) {
	text := strings.Join(strings.Fields(err.Error()), " ")
	match := yamlLine.FindStringSubmatch(text)
	if match == nil {
		return text, 0
	}
	line, _ = strconv.Atoi(match[1]) // without a number the line is unknown: 0
	return match[2], line
}

// Lines finds places in a text by the lines and columns of the YAML library.
type Lines struct {
	begins []int // of the lines, made when needed
}

// Column is where a node begins in its line, in bytes from 1: YAML counts characters.
func (l *Lines) Column(text []byte, node *yaml.Node) int {
	if node.Column <= 1 {
		return node.Column
	}
	line := l.line(text, node.Line)
	column := 0
	for range node.Column - 1 {
		if column >= len(line) {
			return node.Column
		}
		_, size := utf8.DecodeRune(line[column:])
		column += size
	}
	return column + 1
}

func (l *Lines) line(text []byte, number int) []byte {
	if l.begins == nil {
		l.begins = []int{0}
		for i, c := range text {
			if c == '\n' {
				l.begins = append(l.begins, i+1)
			}
		}
	}
	if number < 1 || number > len(l.begins) {
		return nil
	}
	rest := text[l.begins[number-1]:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	return rest
}
