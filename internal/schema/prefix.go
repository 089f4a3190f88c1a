package schema

import "fmt"

// maxPrefix is the longest key prefix in bytes.
const maxPrefix = 40

// prefixIndex finds the kind of a key by its longest known prefix.
type prefixIndex struct {
	kinds   map[string]*Kind
	longest int
}

func (x *prefixIndex) add(prefix string, k *Kind) {
	if prefix == "" || k == nil {
		return
	}
	if x.kinds == nil {
		x.kinds = make(map[string]*Kind)
	}
	if x.kinds[prefix] == nil {
		x.kinds[prefix] = k
	}
	x.longest = max(x.longest, len(prefix))
}

// kindOf tries, from the longest on, every beginning of key that a separator or a digit follows.
func (x *prefixIndex) kindOf(key string) *Kind {
	for i := min(len(key)-1, x.longest); i > 0; i-- {
		if c := key[i]; !isDigit(c) && !isSeparator(c) || isSeparator(key[i-1]) {
			continue
		}
		if k := x.kinds[key[:i]]; k != nil {
			return k
		}
	}
	return nil
}

// checkPrefix accepts letters, digits and single separators between them, beginning with a letter.
func checkPrefix(prefix string) error {
	if prefix == "" || len(prefix) > maxPrefix {
		return fmt.Errorf("prefix %.60q: want 1 to %d characters", prefix, maxPrefix)
	}
	last := byte('-')
	for i := 0; i < len(prefix); i++ {
		c := prefix[i]
		switch {
		case isLetter(c), isDigit(c) && i > 0, isSeparator(c) && !isSeparator(last):
		default:
			return fmt.Errorf("prefix %q: use letters and digits, with single - _ . between them", prefix)
		}
		last = c
	}
	if isSeparator(last) {
		return fmt.Errorf("prefix %q: leave out the separator at its end, it is understood", prefix)
	}
	return nil
}

// overlaps reports whether some key has both prefixes by accident: longer is shorter and digits, so that its keys are
// numbers of shorter's.
func overlaps(shorter, longer string) bool {
	if len(longer) <= len(shorter) || longer[:len(shorter)] != shorter {
		return false
	}
	rest := longer[len(shorter):]
	if isSeparator(rest[0]) {
		rest = rest[1:]
	}
	return allDigits(rest)
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isLetter(c byte) bool    { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isSeparator(c byte) bool { return c == '-' || c == '_' || c == '.' }
