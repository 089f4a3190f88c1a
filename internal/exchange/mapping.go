package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Mapping says what the types, attributes and relations of a source are here. It is guessed from their names, printed,
// edited in a file and used again (docs/mapping.md).
type Mapping struct {
	Format    string
	Types     map[string]*TypeMapping // by Item.Type; "" for items without
	Relations map[string]RelationMapping
	Prefixes  map[string]record.Kind // what a key prefix stands for; it goes before the type
}

// TypeMapping says what the items of one type are.
type TypeMapping struct {
	Kind       record.Kind       // empty for a kind of their own, which serves no rule
	Stated     bool              // a person has said so; the key of an item does not go before it
	Attributes map[string]string // name of an attribute → field, or one of the roles
}

// Roles of attributes that are no fields.
const (
	RoleKey     = "key"
	RoleTitle   = "title"
	RoleText    = "text"
	RoleForeign = "foreign" // kept in a field FORMAT/NAME
	RoleLeave   = "leave"   // not taken
)

// RelationMapping is our relation for a foreign one; Backwards where the foreign one reads from its target.
type RelationMapping struct {
	Verb      record.Verb
	Backwards bool
}

// Guess makes the mapping of a tree out of its names. What given says stays, and given may be nil.
//
// goldthread:implements SRS-70
func Guess(t *Tree, sch *schema.Schema, given *Mapping) *Mapping {
	m := &Mapping{Format: t.Format, Types: map[string]*TypeMapping{}, Relations: map[string]RelationMapping{}, Prefixes: map[string]record.Kind{}}
	if given != nil {
		maps.Copy(m.Relations, given.Relations)
		maps.Copy(m.Prefixes, given.Prefixes)
		for name, tm := range given.Types {
			m.Types[name] = &TypeMapping{tm.Kind, tm.Stated, maps.Clone(tm.Attributes)}
		}
	}
	titles := map[string]string{} // of types, where they have one
	for _, ty := range t.Types {
		titles[ty.Name] = ty.Title
	}
	for d, it := range t.All() {
		tm := m.Types[it.Type]
		if tm == nil {
			tm = &TypeMapping{Kind: guessKind(cmp.Or(titles[it.Type], it.Type), documentTitle(d), sch)}
			m.Types[it.Type] = tm
		}
		if tm.Attributes == nil {
			tm.Attributes = map[string]string{}
		}
		for _, f := range it.Fields {
			if tm.Attributes[f.Name] == "" {
				tm.Attributes[f.Name] = guessField(f.Name, sch.Kind(tm.Kind))
			}
		}
	}
	for verb := range verbsOf(t) {
		if _, known := m.Relations[verb]; !known {
			if r, ok := guessVerb(verb, sch); ok {
				m.Relations[verb] = r
			}
		}
	}
	return m
}

// verbsOf counts the links of a tree by verb.
func verbsOf(t *Tree) map[string]int {
	out := map[string]int{}
	for _, it := range t.All() {
		for _, l := range it.Links {
			out[l.Verb]++
		}
	}
	return out
}

// kindWords are what names of types say, the more special before the more general; all words of one entry must be there.
var kindWords = []struct {
	words string
	kind  record.Kind
}{
	{"hazardous situation", schema.KindHS}, {"hazard", schema.KindHAZ}, {"harm", schema.KindHARM},
	{"risk control", schema.KindRC}, {"control measure", schema.KindRC}, {"mitigation", schema.KindRC}, {"threat", schema.KindTHR}, {"risk", schema.KindRSK},
	{"test case", schema.KindTC}, {"test", schema.KindTC}, {"utest", schema.KindTC}, {"itest", schema.KindTC}, {"stest", schema.KindTC}, {"verification", schema.KindTC},
	{"acceptance criterion", schema.KindAC}, {"validation", schema.KindVAL},
	{"system requirement", schema.KindSYS}, {"system req", schema.KindSYS}, {"sysreq", schema.KindSYS}, {"sys req", schema.KindSYS}, {"product requirement", schema.KindSYS},
	{"software requirement", schema.KindSRS}, {"software req", schema.KindSRS}, {"swreq", schema.KindSRS}, {"sw req", schema.KindSRS}, {"sw requirement", schema.KindSRS}, {"srs", schema.KindSRS},
	{"user need", schema.KindUN}, {"user requirement", schema.KindUN}, {"stakeholder", schema.KindUN}, {"customer requirement", schema.KindUN}, {"feature", schema.KindUN}, {"feat", schema.KindUN}, {"need", schema.KindUN},
	{"use case", schema.KindUSE}, {"use scenario", schema.KindUSE}, {"user story", schema.KindUN},
	{"build tool", schema.KindTOOL}, {"soup", schema.KindSOUP}, {"ots", schema.KindSOUP}, {"anomaly", schema.KindPR}, {"bug", schema.KindPR}, {"problem", schema.KindPR}, {"defect", schema.KindPR}, {"change request", schema.KindCR},
	{"interface", schema.KindIF}, {"architecture", schema.KindSWI}, {"component", schema.KindSWI}, {"software item", schema.KindSWI}, {"software unit", schema.KindSWU},
	{"detailed design", schema.KindDD}, {"design", schema.KindDD}, {"dsn", schema.KindDD}, {"specification", schema.KindDD}, {"spec", schema.KindDD},
}

// plainTypes are names of types that say only that an item is a requirement.
var plainTypes = []string{"requirement", "req", "requirements", "reqs", "anforderung", "sub requirement"}

// guessKind is the kind that a name of a type says, empty where it says none. A plain requirement is what the title of
// its document says, else one of the software.
func guessKind(name, document string, sch *schema.Schema) record.Kind {
	if name == "" {
		return ""
	}
	for _, id := range []string{name, strings.ToUpper(name)} {
		if k := sch.Kind(record.Kind(id)); k != nil && !k.Derived && k.ID != schema.KindDOC {
			return k.ID
		}
	}
	plain := plainWords(name)
	for _, k := range sch.Kinds() {
		if !k.Derived && (plain == plainWords(k.Name) || plain == plainWords(k.Plural)) {
			return k.ID
		}
	}
	if k, ok := kindOfWords(plain); ok && sch.Kind(k) != nil {
		return k
	}
	words := strings.Fields(plain)
	if !slices.ContainsFunc(plainTypes, func(p string) bool { return slices.Contains(words, p) }) {
		return ""
	}
	for _, w := range documentWords {
		if strings.Contains(" "+plainWords(document), " "+w.words) {
			return w.kind
		}
	}
	return schema.KindSRS
}

// documentWords are what titles of documents say of plain requirements.
var documentWords = []struct {
	words string
	kind  record.Kind
}{
	{"system requirement", schema.KindSYS}, {"system level", schema.KindSYS}, {"product requirement", schema.KindSYS}, {"sys req", schema.KindSYS},
	{"user need", schema.KindUN}, {"user requirement", schema.KindUN}, {"stakeholder", schema.KindUN}, {"customer requirement", schema.KindUN},
}

func kindOfWords(plain string) (record.Kind, bool) {
	text := " " + plain + " "
	for _, w := range kindWords {
		if strings.Contains(text, " "+w.words+" ") || strings.Contains(text, " "+w.words+"s ") {
			return w.kind, true
		}
	}
	return "", false
}

// plainWords are the words of a name: lower case, single blanks for all else than letters and digits, and between the
// words of SwRequirement.
func plainWords(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			if lower {
				b.WriteByte(' ')
			}
			b.WriteRune(r + 'a' - 'A')
			lower = false
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f:
			b.WriteRune(r)
			lower = r < 0x80
		default:
			b.WriteByte(' ')
			lower = false
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// fieldWords are other names of our fields.
var fieldWords = map[string]string{
	"justification": "rationale", "reason": "rationale", "fit criterion": "acceptance", "acceptance criteria": "acceptance", "acceptance criterion": "acceptance",
	"verification": "verification method", "method of verification": "verification method", "safety classification": "safety class", "class": "safety class",
	"origin": "source", "licence": "licence", "license": "licence", "supplier": "manufacturer",
}

// guessField is the field of a kind with the name of an attribute; foreign where there is none.
func guessField(name string, kind *schema.Kind) string {
	if kind == nil {
		return RoleForeign
	}
	plain := plainWords(name)
	for _, candidate := range []string{plain, fieldWords[plain], strings.TrimPrefix(plain, "field ")} { // FIELD_LEVEL, where LEVEL is taken
		if f := kind.Field(candidate); candidate != "" && f != nil {
			return f.Name
		}
	}
	return RoleForeign
}

// guessVerb is our relation for a foreign verb.
func guessVerb(verb string, sch *schema.Schema) (RelationMapping, bool) {
	plain := plainWords(verb)
	if v, ok := sch.Verb(plain); ok {
		return RelationMapping{Verb: v}, true
	}
	for _, r := range sch.Relations() {
		if r.Reverse != "" && plainWords(r.Reverse) == plain {
			return RelationMapping{r.Verb, true}, true
		}
	}
	r, ok := verbWords[plain]
	return r, ok
}

// verbWords are what names of relations say that the schema does not have.
var verbWords = map[string]RelationMapping{
	"satisfies": {Verb: schema.VerbRefines}, "satisfy": {Verb: schema.VerbRefines}, "satisfaction": {Verb: schema.VerbRefines}, "derives from": {Verb: schema.VerbRefines},
	"derived from": {Verb: schema.VerbRefines}, "derives": {Verb: schema.VerbRefines}, "traces to": {Verb: schema.VerbRefines}, "covers": {Verb: schema.VerbRefines},
	"links": {Verb: schema.VerbRefines}, "system requirements": {Verb: schema.VerbRefines}, "solves": {Verb: schema.VerbRefines}, "parent": {Verb: schema.VerbRefines},
	"refs": {Verb: schema.VerbRefines}, "ref up": {Verb: schema.VerbRefines}, "parents": {Verb: schema.VerbRefines}, "fulfills": {Verb: schema.VerbRefines},
	"trace":        {Verb: schema.VerbRefines},
	"satisfied by": {schema.VerbRefines, true}, "is satisfied by": {schema.VerbRefines, true}, "refined by": {schema.VerbRefines, true},
	"child": {schema.VerbRefines, true}, "children": {schema.VerbRefines, true},
	"requirement ids": {Verb: schema.VerbVerifies}, "req ids": {Verb: schema.VerbVerifies}, "svc ids": {Verb: schema.VerbVerifies}, "verify": {Verb: schema.VerbVerifies},
	"tests":          {Verb: schema.VerbVerifies},
	"implemented by": {schema.VerbImplements, true},
	"verified by":    {schema.VerbVerifies, true}, "is verified by": {schema.VerbVerifies, true}, "tested by": {schema.VerbVerifies, true},
	"validated by": {schema.VerbValidates, true},
	"depends":      {Verb: schema.VerbUses}, "depends on": {Verb: schema.VerbUses},
	"mitigates":    {Verb: schema.VerbControls},
	"mitigated by": {schema.VerbControls, true}, "is mitigated by": {schema.VerbControls, true},
	"realizes": {Verb: schema.VerbImplements},
}

// String reads a relation as a mapping file writes it.
func (r RelationMapping) String() string {
	if r.Backwards {
		return string(r.Verb) + backwardsMark
	}
	return string(r.Verb)
}

const backwardsMark = " (backwards)"

// Check says what a mapping names that a schema does not have.
func (m *Mapping) Check(sch *schema.Schema) error {
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(m.Types)) {
		tm := m.Types[name]
		kind := sch.Kind(tm.Kind)
		if tm.Kind != "" && (kind == nil || kind.Derived) {
			faults = append(faults, fmt.Sprintf("types: %s: %s is no kind that items can be of", name, tm.Kind))
			continue
		}
		for _, attribute := range slices.Sorted(maps.Keys(tm.Attributes)) {
			switch field := tm.Attributes[attribute]; {
			case field == RoleForeign, field == RoleLeave, field == RoleTitle, field == RoleText, field == RoleKey:
			case kind == nil || kind.Field(field) == nil:
				faults = append(faults, fmt.Sprintf("types: %s: %s: %s is no field of %s, and none of %s, %s, %s, %s, %s", name, attribute, field, cmp.Or(string(tm.Kind), "a kind without rule"),
					RoleKey, RoleTitle, RoleText, RoleForeign, RoleLeave))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Relations)) {
		if v := m.Relations[name].Verb; sch.Relation(v) == nil {
			faults = append(faults, fmt.Sprintf("relations: %s: %s is no relation", name, v))
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s", strings.Join(faults, "\n"))
	}
	return nil
}
