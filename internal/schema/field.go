package schema

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/record"
)

// Field is a typed field of a kind.
type Field struct {
	Name     string
	Type     FieldType
	Many     bool   // holds any number of values
	Required bool   // an item without it is incomplete: a finding, not an error
	Default  string // value where none is set; empty for none
	Values   []EnumValue
	Closed   bool // rules judge by its values: a project may not add any
	Help     string
	Clauses  []string
	Unit     string
	To       []record.Kind // of a reference: kinds it may name, those that specialise included; empty for any
	Order    int           // index in Kind.Fields

	schema *Schema
}

// EnumValue is one value of an enumerated field.
type EnumValue struct {
	Value   string // as written and stored
	Code    string // short name in a standard: the letter of a list
	Title   string
	Help    string
	Clauses []string
}

// FieldType is the type of a field's values.
type FieldType string

// The closed list of field types.
const (
	TypeText      FieldType = "text"      // paragraphs
	TypeLine      FieldType = "line"      // one line
	TypeEnum      FieldType = "enum"      // one of Values
	TypeInteger   FieldType = "integer"   // -12
	TypeDecimal   FieldType = "decimal"   // 0.25
	TypeBoolean   FieldType = "boolean"   // yes or no
	TypeDate      FieldType = "date"      // 2026-03-02
	TypeTime      FieldType = "time"      // 2026-03-02T14:05:00Z
	TypeURL       FieldType = "url"       // https://example.org/a
	TypeHash      FieldType = "hash"      // sha256: and 64 hexadecimal digits
	TypeReference FieldType = "reference" // SRS-12 or project/SRS-12
)

// FieldTypes lists every type.
func FieldTypes() []FieldType {
	return []FieldType{TypeText, TypeLine, TypeEnum, TypeInteger, TypeDecimal, TypeBoolean, TypeDate, TypeTime, TypeURL,
		TypeHash, TypeReference}
}

// Value returns the enumerated value that is written so, nil if there is none.
func (f *Field) Value(value string) *EnumValue {
	for i := range f.Values {
		if f.Values[i].Value == value {
			return &f.Values[i]
		}
	}
	return nil
}

// Check reports whether value may stand in the field. Each value has exactly one spelling, so that equal values have
// equal hashes; the error says how to write it.
//
// goldthread:implements SRS-10
func (f *Field) Check(value string) error {
	if err := f.check(value); err != nil {
		return fmt.Errorf("field %q: %w", f.Name, err)
	}
	return nil
}

func (f *Field) check(value string) error {
	switch f.Type {
	case TypeText:
		return record.CheckText(value)
	case TypeLine:
		return record.CheckLine(value)
	case TypeEnum:
		return f.checkEnum(value)
	case TypeInteger:
		return checkInteger(value)
	case TypeDecimal:
		return checkDecimal(value)
	case TypeBoolean:
		return checkBoolean(value)
	case TypeDate:
		return checkDate(value)
	case TypeTime:
		return checkTime(value)
	case TypeURL:
		return checkURL(value)
	case TypeHash:
		return checkHash(value)
	case TypeReference:
		return f.checkReference(value)
	default:
		return fmt.Errorf("has the unknown type %q", f.Type)
	}
}

func (f *Field) checkEnum(value string) error {
	if f.Value(value) != nil {
		return nil
	}
	var all []string
	for _, v := range f.Values {
		if v.Code != "" && v.Code == value || strings.EqualFold(v.Value, value) {
			return fmt.Errorf("%.60q is not a value; write %q", value, v.Value)
		}
		all = append(all, v.Value)
	}
	if near := nearest(value, all); near != "" {
		return fmt.Errorf("%.60q is not a value; did you mean %q?", value, near)
	}
	return fmt.Errorf("%.60q is not a value; take one of %s", value, quotedList(all))
}

// maxNumber is the longest number in characters.
const maxNumber = 40

func checkInteger(value string) error {
	digits := strings.TrimPrefix(value, "-")
	switch {
	case digits == "" || !allDigits(digits):
		return fmt.Errorf("%.60q is not a whole number; write it like 12 or -3", value)
	case len(digits) > 18:
		return fmt.Errorf("%.60q has more than 18 digits", value)
	case value == "-0" || len(digits) > 1 && digits[0] == '0':
		return fmt.Errorf("%.60q has zeros in front; write %q", value, plainNumber(value))
	}
	return nil
}

func checkDecimal(value string) error {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(value, "-"), ".")
	switch {
	case !allDigits(whole) || whole == "" || point && (fraction == "" || !allDigits(fraction)):
		return fmt.Errorf("%.60q is not a decimal number; write it plainly, like 0.25 or -3", value)
	case len(value) > maxNumber:
		return fmt.Errorf("%.60q is longer than %d characters", value, maxNumber)
	case len(whole) > 1 && whole[0] == '0' || value[0] == '-' && strings.Trim(whole+fraction, "0") == "":
		return fmt.Errorf("%.60q has a sign or zeros too many; write %q", value, plainNumber(value))
	}
	return nil
}

// plainNumber takes leading zeros and the sign of a zero away.
func plainNumber(value string) string {
	digits := strings.TrimPrefix(value, "-")
	negative := digits != value && strings.Trim(digits, "0.") != ""
	whole, fraction, point := strings.Cut(digits, ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if point {
		whole += "." + fraction
	}
	if negative {
		return "-" + whole
	}
	return whole
}

func checkBoolean(value string) error {
	switch strings.ToLower(value) {
	case "true", "y", "1", "on", "yes":
		if value != "yes" {
			return fmt.Errorf("%.60q: write yes", value)
		}
	case "false", "n", "0", "off", "no":
		if value != "no" {
			return fmt.Errorf("%.60q: write no", value)
		}
	default:
		return fmt.Errorf("%.60q is neither yes nor no", value)
	}
	return nil
}

func checkDate(value string) error {
	t, err := time.Parse(time.DateOnly, value)
	if err != nil || t.Format(time.DateOnly) != value {
		return fmt.Errorf("%.60q is not a date of the calendar; write it like 2026-03-02", value)
	}
	return nil
}

func checkTime(value string) error {
	const layout = "2006-01-02T15:04:05Z"
	t, err := time.Parse(layout, value)
	if err != nil || t.Format(layout) != value {
		return fmt.Errorf("%.60q is not a point in time; write it in UTC, like 2026-03-02T14:05:00Z", value)
	}
	return nil
}

func checkURL(value string) error {
	if err := record.CheckLine(value); err != nil {
		return err
	}
	u, err := url.Parse(value)
	absolute := err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "")
	if !absolute || strings.ContainsAny(value, " \t<>\"") {
		return fmt.Errorf("%.60q is not a full address; write it like https://example.org/page", value)
	}
	switch strings.ToLower(u.Scheme) {
	case "javascript", "data", "vbscript", "file":
		return fmt.Errorf("%.60q: addresses with %s: are not taken, since pages link to them", value, u.Scheme)
	}
	return nil
}

// hashLengths are the schemes of a hash field and their hexadecimal digits.
var hashLengths = []struct {
	name   string
	digits int
}{{"sha256", 64}, {"sha384", 96}, {"sha512", 128}}

func checkHash(value string) error {
	name, digits, ok := strings.Cut(value, ":")
	for _, h := range hashLengths {
		switch {
		case ok && name == h.name && len(digits) == h.digits && allHex(digits):
			return nil
		case !ok && len(value) == h.digits && allHex(strings.ToLower(value)):
			return fmt.Errorf("%.24q… lacks its scheme; write %s:%.8s…", value, h.name, strings.ToLower(value))
		}
	}
	return fmt.Errorf("%.80q is not a hash; write sha256: and 64 lower-case hexadecimal digits", value)
}

func (f *Field) checkReference(value string) error {
	ref, err := record.ParseRef(value)
	if err != nil {
		return err
	}
	project, key := ref.Split()
	if project != "" || f.schema == nil {
		return nil // its kinds are another project's to say
	}
	kind := f.schema.KindOfKey(key)
	if kind == nil {
		return fmt.Errorf("%s begins with no key prefix of this project", key)
	}
	if len(f.To) > 0 && !slices.Contains(f.To, kind.ID) {
		return fmt.Errorf("%s is a %s; name a %s", key, kind.Name, f.schema.namesOf(f.To))
	}
	return nil
}

// namesOf says the names of kinds in a sentence.
func (s *Schema) namesOf(kinds []record.Kind) string {
	var names []string
	for _, id := range kinds {
		if k := s.byID[id]; k != nil {
			names = append(names, k.Name+" ("+string(id)+")")
		}
	}
	return strings.Join(names, ", ")
}

func quotedList(values []string) string {
	return `"` + strings.Join(values, `", "`) + `"`
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func allHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
