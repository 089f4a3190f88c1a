package codetag

import (
	"bytes"
	"strings"
)

// notNames are words that look like the name of a function and are none.
var notNames = set("if for while switch catch return sizeof do else using lock fixed foreach synchronized try new throw " +
	"delete case goto assert import package static_assert _Static_assert alignas decltype typeof when match until " +
	"include extends implements yield await elif then fi done esac function super this")

// afterParams are the words that may follow the parameters of a function.
var afterParams = set("const noexcept override final throws throw volatile requires where async sync __attribute__ " +
	"default mutable try extends native is in out body pure nothrow")

// testMacros are the macros of C and C++ that open a test.
var testMacros = set("TEST TEST_F TEST_P TYPED_TEST TYPED_TEST_P TEST_CASE TEST_CASE_METHOD TEMPLATE_TEST_CASE SCENARIO " +
	"BOOST_AUTO_TEST_CASE BOOST_FIXTURE_TEST_CASE BOOST_DATA_TEST_CASE Test ParameterizedTest Theory ZTEST ZTEST_F ZTEST_USER " +
	"IGNORE_TEST START_TEST KUNIT_TEST CTEST CTEST2 UTEST UTEST_F MU_TEST TEST_METHOD")

// cDecl reads a declaration that has no keyword: type, name, parameters.
func (w *braceWalker) cDecl(at int, end byte) (decl, bool) {
	at = min(nextCodeByte(w.mask, at), w.i)
	if first, _ := identAfter(w.mask, at); notNames[first] {
		return decl{}, false
	}
	for j := at; j < w.i; j++ {
		switch w.mask[j] {
		case '=':
			if j > at && strings.IndexByte("=!<>", w.mask[j-1]) < 0 && byteAt(w.mask, j+1, w.i) != '=' && !w.operatorBefore(j) {
				return w.variable(at, j)
			}
		case '[':
			closing := balanced(w.mask, j, w.i)
			if closing < 0 {
				return decl{}, false
			}
			j = closing - 1
		case '(':
			closing := balanced(w.mask, j, w.i)
			if closing < 0 {
				return decl{}, false
			}
			name, from := w.nameBefore(at, j)
			if name != "" && !notNames[name] && w.endsHead(closing) {
				return w.function(name, at, from, j, closing, end)
			}
			j = closing - 1
		}
	}
	if end == '\n' || w.g == grammarShell {
		return decl{}, false
	}
	return w.variable(at, w.i)
}

func (w *braceWalker) operatorBefore(j int) bool {
	return bytes.HasSuffix(bytes.TrimRight(w.mask[max(0, j-12):j], "=<>!+-*/%&|^ "), []byte("operator"))
}

// endsHead reports whether what follows the parameters says that they were the
// parameters, and not those of a macro before the declaration.
func (w *braceWalker) endsHead(closing int) bool {
	next := nextCodeByte(w.mask, closing)
	if next >= w.i {
		return true
	}
	if !isNameByte(w.mask[next]) {
		return w.mask[next] != '(' && w.mask[next] != '*'
	}
	word, _ := identAfter(w.mask, next)
	return afterParams[word]
}

func (w *braceWalker) function(name string, at, from, open, closing int, end byte) (decl, bool) {
	d := decl{name: name, kind: kindFunc, head: from}
	bare := from == at // nothing stands before the name
	before := bytes.TrimRight(w.mask[at:from], " \t\r\n\x02\x03")
	if w.g == grammarC && testMacros[name] && end == '{' && (len(before) == 0 || before[len(before)-1] == ')') { // behind SUITE(x)
		d.test, d.name = true, w.macroTest(name, open, closing)
		return d, d.name != ""
	}
	if end != '{' {
		arrow := bytes.Contains(w.mask[closing:w.i], []byte("=>"))
		own := w.top().kind == kindType && w.top().decl >= 0 && w.decls[w.top().decl].name == name
		if bare && !own && !arrow || w.g == grammarShell {
			return decl{}, false
		}
	}
	return d, true
}

// macroTest names the test that a macro opens: Suite.Name, or its string.
func (w *braceWalker) macroTest(macro string, open, closing int) string {
	var names []string
	for i := open + 1; i < closing-1; {
		i = nextCodeByte(w.mask, i)
		if i >= closing-1 {
			break
		}
		if w.mask[i] == '"' {
			name, _ := stringAt(w.src, w.mask, i, closing)
			return name
		}
		name, behind := dottedName(w.mask, i, closing-1)
		if name != "" && len(names) < 2 {
			names = append(names, name)
		}
		for i = max(behind, i+1); i < closing-1 && w.mask[i-1] != ','; i++ {
		}
	}
	if strings.HasPrefix(macro, "BOOST") && len(names) > 0 {
		return names[0]
	}
	return strings.Join(names, ".")
}

// nameBefore returns the name that ends before j, past blanks and type
// parameters.
func (w *braceWalker) nameBefore(at, j int) (string, int) {
	for j > at && isSpace(w.mask[j-1]) {
		j--
	}
	if j > at && w.mask[j-1] == '>' {
		level, k := 0, j-1
		for ; k >= at && j-k < maxAngle; k-- {
			if w.mask[k] == '>' {
				level++
			} else if w.mask[k] == '<' {
				if level--; level == 0 {
					break
				}
			}
		}
		if level != 0 || k < at {
			return "", at
		}
		j = k
	}
	i := j
	for i > at && (isNameByte(w.mask[i-1]) || w.mask[i-1] == '~' || w.mask[i-1] == ':' && (i-2 >= at && w.mask[i-2] == ':' || i < j && w.mask[i] == ':')) {
		i--
	}
	if w.g == grammarShell {
		for i > at && strings.IndexByte("-.", w.mask[i-1]) >= 0 || i > at && isNameByte(w.mask[i-1]) {
			i--
		}
	}
	if j-i > maxName || i < j && isDigit(w.mask[i]) {
		return "", at
	}
	if i > at && w.mask[i-1] == '>' && w.mask[i] == ':' {
		i += 2 // A<T>::f
	}
	return string(w.mask[i:j]), i
}

// variable reads type and name that end at j.
func (w *braceWalker) variable(at, j int) (decl, bool) {
	for {
		for j > at && isSpace(w.mask[j-1]) {
			j--
		}
		if j == at || w.mask[j-1] != ']' {
			break
		}
		k := bytes.LastIndexByte(w.mask[max(at, j-maxName):j], '[')
		if k < 0 {
			return decl{}, false
		}
		j = max(at, j-maxName) + k
	}
	name, from := w.nameBefore(at, j)
	if name == "" || from == at || notNames[name] {
		return decl{}, false
	}
	return decl{name: name, kind: kindVar, head: from}, true
}
