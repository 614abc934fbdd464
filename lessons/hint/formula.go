package hint

import "strings"

// scanDerivative reads "dL/dw", with brackets, spaces and subscripts where people write them.
func scanDerivative(s string, i int) (end int, found bool) {
	// What is derived: "d L_2".
	at, found := scanDifferential(s, optional(s, i, '('))
	if !found {
		return 0, false
	}
	if end := alnums(s, optional(s, at, '_')); end > optional(s, at, '_') {
		at = end
	}
	at = optional(s, optional(s, optional(s, at, ' '), ')'), ' ')
	if at == len(s) || s[at] != '/' {
		return 0, false
	}
	at, found = scanDifferential(s, optional(s, optional(s, at+1, ' '), '('))
	if !found {
		return 0, false
	}
	if from := optional(s, optional(s, at, '_'), '{'); alnums(s, from) > from {
		at = optional(s, alnums(s, from), '}')
	}
	return optional(s, at, ')'), true
}

// scanDifferential reads a d and a letter.
func scanDifferential(s string, i int) (end int, found bool) {
	if i == len(s) || s[i] != 'd' {
		return 0, false
	}
	if i = optional(s, i+1, ' '); i == len(s) || !isASCIILetter(s[i]) {
		return 0, false
	}
	return i + 1, true
}

// scanPartial reads "d/dx_1".
func scanPartial(s string, i int) (end int, found bool) {
	if !strings.HasPrefix(s[i:], "d/d") || i+3 == len(s) || !isASCIILetter(s[i+3]) {
		return 0, false
	}
	at := i + 4
	if from := optional(s, at, '_'); alnums(s, from) > from {
		at = alnums(s, from)
	}
	return at, true
}

// scanCall reads a function of one letter and its argument of one letter, perhaps with weights: "F_l'(x_l, {W_l})".
func scanCall(s string, i int) (end int, found bool) {
	letter := func(at int, underscore bool) (int, bool) { // a letter and its subscript of one character
		if at >= len(s) || !isASCIILetter(s[at]) {
			return 0, false
		}
		at++
		sub := optional(s, at, '_')
		if (sub > at || !underscore) && sub < len(s) && (isASCIILetter(s[sub]) || isDigit(s[sub])) {
			at = sub + 1
		}
		return at, true
	}
	at, found := letter(i, true)
	if !found {
		return 0, false
	}
	if at = optional(s, optional(s, at, '\''), ' '); at >= len(s) || s[at] != '(' {
		return 0, false
	}
	if at, found = letter(optional(s, at+1, ' '), false); !found {
		return 0, false
	}
	if at < len(s) && s[at] == ',' {
		if at, found = letter(optional(s, optional(s, at+1, ' '), '{'), true); !found {
			return 0, false
		}
		at = optional(s, at, '}')
	}
	if at = optional(s, at, ' '); at >= len(s) || s[at] != ')' {
		return 0, false
	}
	return at + 1, true
}

// isFirst reports whether a derivative is by what belongs to the first layer: "dL/dw_1".
func isFirst(derivative string) bool {
	s := strings.TrimSuffix(strings.TrimSuffix(derivative, ")"), "}")
	if s == "" || s[len(s)-1] != '0' && s[len(s)-1] != '1' {
		return false
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s[:len(s)-1], "{"), "_")
	return s != "" && isASCIILetter(s[len(s)-1])
}
