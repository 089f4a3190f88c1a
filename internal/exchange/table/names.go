package table

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/schema"
)

// role is what a column holds.
type role int

const (
	roleField role = iota
	roleKey
	roleKind
	roleTitle
	roleText
	roleLevel
	roleSection
	roleDocument
	roleLink
	roleActive
	roleNormative
	roleDerived
	roleHeading
	roleID
	roleFiles
	roleIgnore
)

// meaning is what a name says of its column.
type meaning struct {
	role role
	rank int    // of several columns of a role the one with the lowest rank has it
	verb string // of links; empty where it is the name
	name string // of a field, where it is not the name of the column
	// vague: the name may stand for the key, the text or the title of a requirement.
	vague bool
}

// The names of columns, in compact form: lower case, letters and digits only, umlauts resolved. The first of a list has the lowest rank.
var (
	keyNames = ranks("key", "uid", "reqid", "requirementid", "requirementkey", "reqkey", "requirementuid", "requirementidentifier", "requirementnumber", "requirementno",
		"reqnumber", "reqno", "reqnr", "reqnum", "anforderungsid", "anforderungsnummer", "anforderungsnr", "anforderungnr", "anfid", "anfnr", "srsid", "sysid", "itemid", "itemkey", "itemnumber", "workitemid",
		"objectidentifier", "objectid", "issuekey", "testcaseid", "testid", "tcid", "riskid", "hazardid", "artifactid", "artefactid", "identifier", "identification",
		"identifikation", "identifikator", "kennung", "id", "ident", "idnumber", "idnr", "idno", "uniqueid", "globalid", "number", "nummer", "no", "nr", "num", "lfdnr", "laufendenummer", "pos")
	kindNames  = ranks("kind", "type", "art", "typ", "itemtype", "itemkind", "objecttype", "objekttyp", "workitemtype", "issuetype", "artifacttype", "artefacttype", "elementtype")
	titleNames = ranks("title", "titel", "requirementtitle", "requirementname", "reqtitle", "reqname", "anforderungstitel", "testcasetitle", "testcasename", "name", "summary", "zusammenfassung", "shorttitle", "kurztitel", "header", "heading", "objectheading",
		"headline", "ueberschrift", "bezeichnung", "kurzbeschreibung", "shortdescription", "betreff", "subject")
	textNames = ranks("text", "statement", "requirementtext", "requirementstatement", "reqtext", "anforderungstext", "requirementdescription", "reqdescription", "anforderungsbeschreibung", "objecttext", "primarytext", "shallstatement",
		"specification", "spezifikation", "description", "desc", "beschreibung", "content", "inhalt", "body")
	vagueNames   = ranks("requirement", "anforderung", "requirements", "anforderungen", "req", "reqs", "softwarerequirement", "systemrequirement", "softwareanforderung", "systemanforderung", "userneed", "testcase", "testfall")
	levelNames   = ranks("level", "ebene", "outlinenumber", "objectnumber", "sectionnumber", "sectionno", "chapternumber", "kapitelnummer", "kapitelnr", "abschnittsnummer", "gliederung", "gliederungsnummer", "gliederungsebene", "wbs", "outlinelevel")
	sectionNames = ranks("section", "abschnitt", "chapter", "kapitel")
	activeNames  = ranks("active", "aktiv")
	normNames    = ranks("normative", "normativ")
	derivedNames = ranks("derived", "abgeleitet")
	linkNames    = compactSet("links", "link", "linked items", "linked work items", "parent", "parents", "parent uid", "parent uids", "parent id", "parent ids", "parent key", "parent keys", "parent req", "parent requirement", "parent requirements", "parent req id", "parent requirement id",
		"traces", "trace", "traces to", "trace to", "traced to", "traces from", "traced from", "trace from", "tracelinks", "trace links", "traceability", "traceability id", "satisfies", "satisfied by", "satisfy", "derived from", "derives from", "derives", "derive",
		"refines", "refine", "refined by", "verifies", "verify", "verified by", "is verified by", "validates", "validated by", "implements", "implement", "implemented by", "covers", "covered by", "depends on", "depends", "dependency", "dependencies",
		"related to", "relates to", "related", "related items", "related requirements", "relations", "relationships", "upstream", "upstream id", "upstream ids", "upstream relationships", "upstream requirement", "upstream requirements",
		"downstream", "downstream relationships", "child", "children", "child uid", "child id", "mitigates", "mitigated by", "tests", "tested by", "fulfills", "fulfils", "fulfilled by", "source requirement", "source requirements", "source req",
		"verknüpfung", "verknüpfungen", "verlinkt", "eltern", "übergeordnet", "übergeordnete anforderung", "übergeordnete anforderungen", "untergeordnet", "abgeleitet von", "abgeleitet aus", "erfüllt", "erfüllt durch", "verfeinert", "verfeinert durch",
		"verifiziert", "verifiziert durch", "prüft", "geprüft durch", "getestet durch", "implementiert", "umgesetzt durch", "deckt ab", "abgedeckt durch", "hängt ab von", "verweist auf", "rückverfolgung", "rückverfolgbarkeit")
	// fieldNames are names of fields that are usual in tables of requirements: they tell a header, not a role.
	fieldNames = compactSet("status", "state", "zustand", "priority", "priorität", "rationale", "begründung", "comment", "comments", "kommentar", "kommentare", "remark", "remarks", "bemerkung", "bemerkungen", "note", "notes", "version", "revision",
		"author", "autor", "owner", "verantwortlich", "category", "kategorie", "source", "quelle", "verification", "verification method", "verification criteria", "acceptance criteria", "criticality", "severity", "safety class", "safety", "asil", "risk", "tags", "release", "assignee",
		"ref", "reference", "references", "reviewed", "created", "modified", "date", "datum", "test result", "result", "expected result", "steps", "precondition", "component", "module", "subsystem", "allocation", "approved by")
)

func ranks(names ...string) map[string]int {
	m := make(map[string]int, len(names))
	for i, n := range names {
		m[n] = i + 1
	}
	return m
}

func compactSet(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[compact(n)] = true
	}
	return m
}

var umlauts = map[rune]string{'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss", 'é': "e", 'è': "e", 'á': "a", 'à': "a", 'ó': "o", 'í': "i", '#': "number"}

// compact is a name without what does not tell names apart: case, blanks, line breaks, dashes and other marks.
func compact(name string) string {
	var b strings.Builder
	for _, r := range name {
		r = unicode.ToLower(r)
		switch s := umlauts[r]; {
		case s != "":
			b.WriteString(s)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// shortName is a name up to the first colon or bracket, on one line.
func shortName(header string) string {
	whole := strings.Join(strings.Fields(header), " ")
	if i := strings.IndexAny(whole, ":([{<"); i > 0 {
		if s := strings.TrimSpace(whole[:i]); compact(s) != "" {
			return s
		}
	}
	return strings.TrimSuffix(whole, ":")
}

// verbs are the relations of the built-in schema, read both ways, by their compact names.
var verbs = func() map[string]string {
	m := map[string]string{}
	for _, r := range schema.Builtin().Relations() {
		m[compact(r.Reverse)] = r.Reverse
		m[compact(string(r.Verb))] = string(r.Verb)
	}
	delete(m, "")
	for _, n := range []string{"runs", "carries", "trains"} {
		delete(m, n) // other columns are called so, too
	}
	return m
}()

// isVerb reports whether a name is that of a relation of the built-in schema, as written there.
func isVerb(name string) bool { return builtinVerbs[name] }

var builtinVerbs = func() map[string]bool {
	m := map[string]bool{}
	for _, r := range schema.Builtin().Relations() {
		m[string(r.Verb)] = true
	}
	return m
}()

// means is what a name says; known is false for a name that says nothing.
func means(header string) (m meaning, known bool) {
	short := shortName(header)
	if m, ok := bracketed(header); ok {
		return m, true
	}
	c := compact(short)
	switch {
	case c == "":
		return meaning{}, false
	case linkNames[c]:
		return meaning{role: roleLink}, true
	case keyNames[c] > 0:
		return meaning{role: roleKey, rank: keyNames[c]}, true
	case kindNames[c] > 0:
		return meaning{role: roleKind, rank: kindNames[c]}, true
	case titleNames[c] > 0:
		return meaning{role: roleTitle, rank: titleNames[c]}, true
	case textNames[c] > 0:
		return meaning{role: roleText, rank: textNames[c]}, true
	case vagueNames[c] > 0:
		return meaning{role: roleText, rank: 5, vague: true}, true
	case levelNames[c] > 0:
		return meaning{role: roleLevel, rank: levelNames[c]}, true
	case sectionNames[c] > 0:
		return meaning{role: roleSection, rank: sectionNames[c]}, true
	case activeNames[c] > 0:
		return meaning{role: roleActive}, true
	case normNames[c] > 0:
		return meaning{role: roleNormative}, true
	case derivedNames[c] > 0:
		return meaning{role: roleDerived}, true
	case verbs[c] != "":
		return meaning{role: roleLink, verb: verbs[c]}, true
	case fieldNames[c]:
		return meaning{role: roleField}, true
	}
	for _, suffix := range []string{"reqid", "requirementid", "requirementnumber", "anforderungsid", "anforderungsnummer"} {
		if strings.HasSuffix(c, suffix) && !strings.HasPrefix(c, "parent") && !strings.HasPrefix(c, "source") {
			return meaning{role: roleKey, rank: 5}, true
		}
	}
	return meaning{}, false
}

// bracketed reads names that say in brackets what they are: those of our own tables, and links of Jira.
func bracketed(header string) (meaning, bool) {
	whole := strings.Join(strings.Fields(header), " ")
	if name, ok := strings.CutSuffix(whole, linkMark); ok && name != "" {
		return meaning{role: roleLink, verb: name}, true
	}
	if name, ok := strings.CutSuffix(whole, fieldMark); ok && name != "" {
		return meaning{role: roleField, name: name}, true
	}
	if rest, ok := strings.CutPrefix(whole, "Outward issue link ("); ok && len(rest) > 1 {
		return meaning{role: roleLink, verb: strings.TrimSuffix(rest, ")")}, true
	}
	return meaning{}, false
}

// explicitRole reads what Options.Columns says of a column.
func explicitRole(text, column string) (meaning, bool) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(word) {
	case "link", "links":
		if rest == "" {
			rest = shortName(column)
		}
		return meaning{role: roleLink, verb: rest, rank: -1}, true
	case "field":
		return meaning{role: roleField, name: rest, rank: -1}, true
	}
	roles := map[string]role{"key": roleKey, "kind": roleKind, "type": roleKind, "title": roleTitle, "text": roleText, "level": roleLevel, "section": roleSection, "document": roleDocument, "ignore": roleIgnore}
	if r, ok := roles[strings.ToLower(word)]; ok && rest == "" {
		return meaning{role: r, rank: -1}, true
	}
	return meaning{}, false
}

// meaning is what a column is: as the options say, else as its name says.
func (b *Builder) meaning(header string) (meaning, bool) {
	if len(b.columns) > 0 {
		for _, name := range []string{header, shortName(header)} {
			if text, ok := b.columns[compact(name)]; ok {
				return explicitRole(text, header)
			}
		}
	}
	return means(header)
}

// LooksLikeKey reports whether a text looks like the key of an item: one word with a digit, and a letter or nothing but digits.
func LooksLikeKey(s string) bool {
	letters, digits, others := 0, 0, 0
	if len(s) > 80 {
		return false
	}
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		case strings.ContainsRune("-_./~#:@", r):
			others++
		default:
			return false
		}
	}
	if digits == 0 || strings.HasPrefix(s, "/") || strings.Contains(s, "://") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return letters > 0 && (unicode.IsLetter(first) || unicode.IsDigit(first)) || others == 0 && digits <= 9
}

// namedKey is LooksLikeKey for keys that cannot be taken for numbers or words: with a letter before a digit and a mark between, or capitals only.
func namedKey(s string) bool {
	if !LooksLikeKey(s) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(first) && unicode.IsDigit(last) && (strings.ContainsAny(s, "-_~") || s == strings.ToUpper(s))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Says is the type that a title of a document or section gives its items, as far as it names one; empty where it does not.
func Says(titles ...string) string {
	for _, title := range titles {
		for _, word := range strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) }) {
			switch word {
			case "requirement", "requirements", "req", "reqs", "anforderung", "anforderungen", "softwareanforderungen", "systemanforderungen", "srs", "lastenheft", "pflichtenheft":
				return TypeRequirement
			}
		}
	}
	return ""
}

// TypeRequirement is the type of items of which only a title or the name of a column says that they are requirements.
const TypeRequirement = "Requirement"
