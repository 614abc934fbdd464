package hint

import "slices"

// A negator turns what stands in its reach into its opposite.
type negator struct {
	at          int  // its own position
	from, until int  // its reach
	denies      bool // what is in reach is not said at all, neither this way nor the other
}

// reach is how many tokens a negator turns at most, by its word.
var reach = map[string]int{
	"not": 7, "never": 7, "no": 4, "without": 3, "nor": 6, "neither": 6, "none": 6, "nobody": 6, "nothing": 3, "hardly": 4, "barely": 4,
	"wrong": 3, "false": 3, "untrue": 3, "incorrect": 3, "myth": 3, "mistaken": 3,
	"scarcely": 4, "rarely": 4, "seldom": 4, "unable": 4, "instead": 8, "rather": 8,
}

// verbReach is the same for verbs, by their stem.
var verbReach = map[string]int{
	"fail": 4, "stop": 3, "ceas": 3, "avoid": 4, "prevent": 9, "hinder": 9, "hamper": 9, "imped": 9, "inhibit": 9, "lack": 3, "lose": 3,
}

// negatorWords are the negators among the words that slips are mended to.
var negatorWords = []string{"without", "nothing", "hardly", "barely", "unable", "prevent", "instead", "rather", "never"}

// ends are the words at which a negator's reach ends.
var ends = []string{"neither", "nor", "because", "but", "so", "since", "therefore", "hence", "thus", "if", "when", "unless", "until", "as", "although", "though", "whereas", "while", "which", "that", "like"}

// determiners end the reach of "no" and "without", which turn one noun and what stands before it.
var determiners = []string{"the", "a", "an", "its", "their", "this", "these"}

func endsReach(negator, w string) bool {
	return slices.Contains(ends, w) || (negator == "no" || negator == "without") && slices.Contains(determiners, w)
}

// newSubject reports whether an "and" is followed by what a clause of its own starts with.
func newSubject(tokens []token, i int) bool {
	return tokens[i].word == "and" && i+1 < len(tokens) && (slices.Contains(determiners, tokens[i+1].word) || slices.Contains(pronouns, tokens[i+1].word))
}

func negators(tokens []token) []negator {
	var found []negator
	for i, t := range tokens {
		n := max(reach[t.word], verbReach[t.stem])
		if n == 0 || t.kind != word || notReally(tokens, i) {
			continue
		}
		until := i + 1
		for ; until < len(tokens) && until <= i+n; until++ {
			u := tokens[until]
			if u.word == "," || u.word == ":" || u.word == ")" || until > i+1 && (endsReach(t.word, u.word) || reach[t.word] > 0 && u.word == "not" || newSubject(tokens, until)) {
				break
			}
		}
		neg := negator{at: i, from: i + 1, until: until}
		neg.takeBack(tokens, n)
		if refutes[t.word] && !neg.denies {
			continue // "the wrong shape" says nothing against the shape
		}
		found = append(found, neg)
	}
	return found
}

// takeBack finds whether a negator takes back a whole claim, and then widens its reach to that claim. n is how
// many tokens it reaches at most.
func (neg *negator) takeBack(tokens []token, n int) {
	i, w := neg.at, tokens[neg.at].word
	in := func(until int, words map[string]bool) int { // where one of some words stands, or i
		return slices.IndexFunc(tokens[i+1:until], func(t token) bool { return words[t.word] }) + i + 1
	}
	that := in(min(i+n+1, len(tokens)), map[string]bool{"that": true})
	opinion, denial := in(neg.until, opinions), in(neg.until, denials)
	switch {
	case opinion > i && follows(tokens, opinion, "that"): // "I do not think that X"
		neg.denies, neg.until = true, clauseEnd(tokens, opinion)
	case refutes[w]: // "it is wrong to say that X"
		if that > i {
			neg.denies, neg.until = true, clauseEnd(tokens, that)
		}
	case w == "nothing" && follows(tokens, i, "to") && follows(tokens, i+1, "do"): // "Y has nothing to do with X"
		neg.denies, neg.from, neg.until = true, clauseStart(tokens, i), clauseEnd(tokens, i)
	case w == "not" && (follows(tokens, i, "that") || follows(tokens, i, "like")): // "it is not that X but Y"
		neg.denies, neg.until = true, clauseEnd(tokens, i)
	case denial > i && follows(tokens, denial, "that"): // "it is not true that X", "it does not mean that X"
		neg.denies, neg.until = tokens[denial].stem != "mean", clauseEnd(tokens, denial)
	case denial == i+1 && w != "nothing", // "X is not true", "X does not occur"
		denial > i && (w != "no" || follows(tokens, i, "longer")): // "X is no longer a problem"
		neg.denies, neg.from = true, clauseStart(tokens, i)
	}
}

// opinions are the verbs by which a "not" takes back what stands behind their "that".
var opinions = set("believe think agree say claim suppose")

// refutes are the words that call what follows their "that" false.
var refutes = set("wrong false untrue incorrect myth mistaken")

// denials are the words by which a "not" takes back a whole claim: "overfitting is not an issue".
var denials = set("occur occurs happen happens exist exists matter problem problems issue issues limitation limitations true case concern relevant apply mean means")

func follows(tokens []token, i int, w string) bool {
	return i+1 < len(tokens) && tokens[i+1].word == w
}

// clauseStart returns where the clause of a token starts, commas taken as its bounds.
func clauseStart(tokens []token, at int) int {
	for i := at - 1; i >= 0; i-- {
		if bounds(tokens[i]) {
			return i + 1
		}
	}
	return 0
}

// clauseEnd returns where it ends.
func clauseEnd(tokens []token, at int) int {
	for i := at + 1; i < len(tokens); i++ {
		if bounds(tokens[i]) {
			return i
		}
	}
	return len(tokens)
}

func bounds(t token) bool { return t.word == "," || slices.Contains(contrasts, t.word) }

// notReally reports whether a negator negates nothing: "not only", "no matter", "rather large".
func notReally(tokens []token, i int) bool {
	next := ""
	if i+1 < len(tokens) {
		next = tokens[i+1].word
	}
	switch tokens[i].word {
	case "not":
		return next == "only" || next == "just" || next == "merely" || next == "necessarily"
	case "no":
		return next == "matter" || next == "doubt"
	case "rather", "instead":
		return !insteadOf(tokens, i)
	case "nothing":
		return next == "but"
	}
	return false
}
