package hint

import (
	"strings"

	"github.com/kljensen/snowball"
)

// A token is a word, a number, a formula's piece or a mark of punctuation.
type token struct {
	start, end int    // its bytes in the answer
	word       string // in lower case, in one spelling
	stem       string // of the word; the word itself where it is none
	kind       kind
	echo       bool // it only repeats the question
	bounds     bool // it is a comma, or starts a clause that says something else

	sentence int      // its number
	negator  *negator // what it negates, where it does
	negated  bool     // an odd number of negators reaches it
	denied   bool     // one of them takes back a whole claim
}

type kind int

const (
	word    kind = iota // letters
	symbol              // a number, an operator, a piece of a formula
	pause               // , : ( ) and the like
	stop                // the end of a sentence
	newItem             // the start of a line with a bullet or a number: ends a sentence, too
)

// spelling maps the characters of typeset mathematics to those of a keyboard.
var spelling = strings.NewReplacer(
	"’", "'", "‘", "'", "′", "'", "´", "'", "`", "'", "“", `"`, "”", `"`,
	"−", "-", "–", "-", "—", "-", "‐", "-", "·", "*", "×", "x", "∂", "d", "δ", "d", "Δ", "d",
	"₀", "0", "₁", "1", "₂", "2", "₃", "3", "\u00a0", " ", "→", " to ", "⇒", " to ", "≈", "=", "≤", "<", "≥", ">", "∏", "product", "Π", "product", "∑", "sum", "Σ", "sum",
)

// shortLine is the length below which a line's end is taken for the end of a sentence: longer ones are
// probably wrapped.
const shortLine = 60

// tokenise takes a text apart. Line ends of short lines, bullets and blank lines end a sentence. Words are not stemmed.
func tokenise(text string) []token {
	plain, at := respell(text)
	tokens := make([]token, 0, len(plain)/4)
	add := func(from, to int, spelt string, k kind) {
		tokens = append(tokens, token{start: at[from], end: at[to], word: spelt, stem: spelt, kind: k})
	}
	lineStart := 0
	for i := 0; i < len(plain); {
		kind, to := scan(plain, i)
		from, piece := i, plain[i:to]
		switch kind {
		case derivativePiece:
			add(from, to, "dl/dw", symbol)
			if isFirst(piece) {
				tokens[len(tokens)-1].word = "dl/dw1" // the first weight's
			}
		case partialPiece:
			add(from, to, "d/dx", symbol)
		case callPiece:
			inner := strings.ToLower(strings.ReplaceAll(piece, " ", ""))
			head, _, _ := strings.Cut(inner, "(")
			add(from, to, head[:1]+strings.Repeat("'", strings.Count(head, "'"))+"()", symbol)
		case sizePiece:
			add(from, to, strings.ReplaceAll(strings.ReplaceAll(piece, " ", ""), "*", "x"), symbol)
		case numberPiece:
			if piece[0] == '.' {
				piece = "0" + piece
			}
			add(from, to, piece, symbol)
		case itemPiece:
			add(from, to, "-", newItem)
			lineStart = to
		case blankPiece:
			add(from, to, ".", stop)
			lineStart = to
		case newlinePiece:
			if from > 0 && from-lineStart < shortLine {
				add(from, to, ".", stop)
			}
			lineStart = to
		case wordPiece:
			for _, w := range expand(variable(strings.ToLower(piece))) {
				add(from, to, w, word)
			}
		case stopPiece:
			// "a.k.a." ends no sentence.
			dotted := from > 1 && isLetter(plain[from-1]) && (plain[from-2] == '.' || to < len(plain) && isLetter(plain[to]) && !isLetter(plain[from-2]))
			if !abbreviation(tokens, piece) && !(piece == "." && dotted) {
				add(from, to, piece, stop)
			}
		case arrowPiece:
			add(from, to, "to", word)
		case opPiece:
			// A hyphen within a word only joins; elsewhere it is a minus, or a dash.
			joins := piece == "-" && from > 0 && to < len(plain) && isLetter(plain[from-1]) && isLetter(plain[to]) && !single(plain, from, to)
			if !joins {
				add(from, to, piece, symbol)
			}
		case pausePiece:
			add(from, to, piece, pause)
		}
		i = to
	}
	return tokens
}

// respell rewrites a text by spelling, behind a line end, so that an item may stand on the first line. at[i] is where
// byte i of the result came from.
func respell(text string) (plain string, at []int) {
	var b strings.Builder
	b.WriteByte('\n')
	at = make([]int, 1, len(text)+2)
	for i, r := range text {
		if r < 0x80 && r != '`' { // the common case, which the replacer takes long for
			b.WriteByte(byte(r))
			at = append(at, i)
			continue
		}
		piece := spelling.Replace(string(r))
		b.WriteString(piece)
		for range len(piece) {
			at = append(at, i)
		}
	}
	return b.String(), append(at, len(text))
}

// variable drops the subscript of a letter: w_i and w2 are w. W_s, the projection's weights, keeps its own.
func variable(w string) string {
	if letter := strings.TrimRight(w, "0123456789"); len(letter) == 1 && w != letter {
		return letter
	}
	if len(w) > 2 && w[1] == '_' && w != "w_s" {
		return w[:1]
	}
	return w
}

// single reports whether the letter on one side of plain[from:to] stands alone, as in "H-x".
func single(plain string, from, to int) bool {
	left := from < 2 || !isLetter(plain[from-2])
	right := to+1 >= len(plain) || !isLetter(plain[to+1])
	return left || right
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

// abbreviation reports whether a full stop belongs to the word before it.
func abbreviation(tokens []token, mark string) bool {
	if mark != "." || len(tokens) == 0 {
		return false
	}
	switch tokens[len(tokens)-1].word {
	case "e", "g", "i", "eg", "ie", "etc", "vs", "al", "fig", "sec", "eq", "approx", "resp", "ca":
		return true
	}
	return false
}

// contractions are the short forms that hide a "not", with and without their apostrophe.
var contractions = map[string][]string{
	"cannot": {"can", "not"}, "cant": {"can", "not"}, "can't": {"can", "not"}, "won't": {"will", "not"}, "wont": {"will", "not"},
	"dont": {"do", "not"}, "doesnt": {"do", "not"}, "didnt": {"do", "not"}, "isnt": {"is", "not"}, "arent": {"are", "not"},
	"wasnt": {"was", "not"}, "werent": {"were", "not"}, "hasnt": {"has", "not"}, "havent": {"have", "not"}, "wouldnt": {"would", "not"},
	"couldnt": {"could", "not"}, "shouldnt": {"should", "not"}, "thats": {"that", "is"}, "theres": {"there", "is"}, "whats": {"what", "is"}, "alot": {"a", "lot"},
	"becuase": {"because"}, "teh": {"the"}, "hte": {"the"}, "thru": {"through"}, "wich": {"which"}, "nto": {"not"}, "insted": {"instead"},
}

// expand returns the words that a written word stands for.
func expand(w string) []string {
	if words, found := contractions[w]; found {
		return words
	}
	if head, found := strings.CutSuffix(w, "n't"); found {
		return []string{head, "not"}
	}
	head, tail, found := strings.Cut(w, "'")
	switch {
	case !found:
		return []string{w}
	case len(head) == 1: // f'
		return []string{head + "'"}
	case tail == "s" && (head == "it" || head == "that" || head == "there" || head == "what"):
		return []string{head, "is"}
	}
	return []string{head}
}

// irregular are the forms of common verbs that the stemmer takes for other words.
var irregular = map[string]string{
	"goes": "go", "went": "go", "gone": "go", "does": "do", "did": "do", "done": "do", "became": "become", "made": "make", "got": "get", "gotten": "get",
	"learnt": "learn", "shrunk": "shrink", "shrank": "shrink", "fell": "fall", "fallen": "fall", "took": "take", "taken": "take", "gave": "give",
	"given": "give", "kept": "keep", "built": "build", "chose": "choose", "chosen": "choose", "grew": "grow", "grown": "grow", "sent": "send",
	"brought": "bring", "began": "begin", "begun": "begin", "fed": "feed", "felt": "feel", "led": "lead", "driven": "drive", "drove": "drive",
	"shrunken": "shrink", "dying": "die", "came": "come", "seen": "see", "slid": "slide", "swept": "sweep", "caught": "catch", "wrote": "write",
	"written": "write", "drew": "draw", "drawn": "draw", "told": "tell", "rang": "ring", "stood": "stand", "held": "hold", "ran": "run", "knew": "know",
	"known": "know", "understood": "understand", "met": "meet", "lit": "light", "hid": "hide", "ate": "eat", "eaten": "eat", "spoke": "speak", "matrices": "matrix",
}

// longestWord is how many bytes a word may have that is stemmed and mended; a longer one is no English word.
const longestWord = 40

// stem is the English Snowball stemmer's.
func stem(w string) string {
	if base, found := irregular[w]; found {
		w = base
	}
	if len(w) < 3 || len(w) > longestWord {
		return w
	}
	stemmed, err := snowball.Stem(w, "english", true)
	if err != nil { // only for a language that it does not know
		return w
	}
	return stemmed
}
