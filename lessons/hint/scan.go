package hint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece is what scan finds at one place of a text in the spelling of a keyboard.
type piece int

const (
	otherPiece      piece = iota // any other character
	derivativePiece              // "dL/dw_1", "(d y) / (d x)"
	partialPiece                 // "d/dx"
	callPiece                    // "f'(x)", "F(x, {W})"
	sizePiece                    // "3 x 3"
	numberPiece                  // "0,25", ".25", "1/4"
	itemPiece                    // a line's start with a bullet or number, from the line end before it
	blankPiece                   // the end of a line and blank lines after it
	newlinePiece
	wordPiece // letters, a subscript, an apostrophe and what it joins, digits
	stopPiece
	arrowPiece // "->", "==>"
	opPiece
	pausePiece
	spacePiece
)

// scan returns the piece that starts at s[i] and where it ends. It looks at each byte a few times at most, so that a
// text costs time in proportion to its length, whatever it holds.
func scan(s string, i int) (piece, int) {
	switch c := s[i]; {
	case c == '\n':
		return scanLineEnd(s, i)
	case c <= ' ' && isSpace(c):
		for i++; i < len(s) && isSpace(s[i]); i++ {
		}
		return spacePiece, i
	case c == '(' || c == 'd':
		if end, found := scanDerivative(s, i); found {
			return derivativePiece, end
		}
		if end, found := scanPartial(s, i); found {
			return partialPiece, end
		}
	case isDigit(c):
		return scanNumber(s, i)
	case c == '.' && i > 0 && i+1 < len(s) && isDigit(s[i+1]) && !isLetter(s[i-1]) && !isDigit(s[i-1]) && s[i-1] != '.' && s[i-1] != ')':
		return scanNumber(s, i+1)
	}
	if end, found := scanCall(s, i); found {
		return callPiece, end
	}
	if r, size := utf8.DecodeRuneInString(s[i:]); unicode.IsLetter(r) {
		return wordPiece, scanWord(s, i+size)
	} else if size > 1 {
		return otherPiece, i + size
	}
	switch c := s[i]; c {
	case '.':
		end := i + 1
		for end < len(s) && end < i+3 && s[end] == '.' {
			end++
		}
		return stopPiece, end
	case '!', '?', ';':
		return stopPiece, i + 1
	case ',', ':', '(', ')', '[', ']', '{', '}', '"', '\'':
		return pausePiece, i + 1
	}
	end := skip(s, i, "-=")
	if end > i && end < len(s) && s[end] == '>' {
		return arrowPiece, end + 1
	}
	if end = skip(s, i, "-+*/=<>^|%&#~"); end > i {
		return opPiece, end
	}
	return otherPiece, i + 1
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// skip returns the end of the run of some characters at s[i].
func skip(s string, i int, any string) int {
	for i < len(s) && strings.IndexByte(any, s[i]) >= 0 {
		i++
	}
	return i
}

// optional skips one character, where it is there.
func optional(s string, i int, c byte) int {
	if i < len(s) && s[i] == c {
		i++
	}
	return i
}

// alnums returns the end of the run of letters and digits at s[i].
func alnums(s string, i int) int {
	for i < len(s) && (isASCIILetter(s[i]) || isDigit(s[i])) {
		i++
	}
	return i
}

// scanLineEnd reads a bullet or number with its space, else blank lines, else the end of the line alone. "\n\n- " is
// one item; the run of space is read once.
func scanLineEnd(s string, i int) (piece, int) {
	end, last := i+1, i // last is the last line end of the run
	for end < len(s) && isSpace(s[end]) {
		if s[end] == '\n' {
			last = end
		}
		end++
	}
	at := end
	switch {
	case strings.HasPrefix(s[at:], "•"):
		at += len("•")
	case at < len(s) && strings.IndexByte("-*+", s[at]) >= 0:
		at++
	default:
		at = optional(s, at, '(')
		if at+1 < len(s) && (isDigit(s[at]) || s[at] >= 'a' && s[at] <= 'z') && (s[at+1] == '.' || s[at+1] == ')') {
			at += 2
		} else {
			at = len(s)
		}
	}
	switch {
	case at < len(s) && isSpace(s[at]):
		return itemPiece, at + 1
	case last > i:
		return blankPiece, last + 1
	}
	return newlinePiece, i + 1
}

// scanNumber reads "3 x 3", or a number with its decimals or as a fraction.
func scanNumber(s string, i int) (piece, int) {
	at := optional(s, i+1, ' ')
	if at < len(s) && (s[at] == 'x' || s[at] == '*') {
		if at = optional(s, at+1, ' '); at < len(s) && isDigit(s[at]) && (at+1 == len(s) || s[at+1] != '_' && alnums(s, at+1) == at+1) {
			return sizePiece, at + 1
		}
	}
	digits := func(at int) int {
		for at < len(s) && isDigit(s[at]) {
			at++
		}
		return at
	}
	end := digits(i)
	for end+1 < len(s) && (s[end] == '.' || s[end] == ',') && isDigit(s[end+1]) {
		end = digits(end + 1)
	}
	if end+1 < len(s) && s[end] == '/' && isDigit(s[end+1]) {
		end = digits(end + 1)
	}
	return numberPiece, end
}

// scanWord reads what follows a word's first letter.
func scanWord(s string, i int) int {
	letters := func(at int) int {
		for at < len(s) {
			r, size := utf8.DecodeRuneInString(s[at:])
			if !unicode.IsLetter(r) {
				break
			}
			at += size
		}
		return at
	}
	i = letters(i)
	if i < len(s) && s[i] == '_' && alnums(s, i+1) > i+1 {
		i = alnums(s, i+1)
	}
	if i < len(s) && s[i] == '\'' {
		i = letters(i + 1)
	}
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}
