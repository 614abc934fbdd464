package hint

import "slices"

// A negator turns what stands in its reach into its opposite. Its positions are counted from its own.
type negator struct {
	from, until int  // its reach
	denies      bool // what is in reach is not said at all, neither this way nor the other
}

// reaches reports whether a negator at one position reaches another.
func (n *negator) reaches(at, other int) bool {
	return other >= at+n.from && other < at+n.until
}

// reach is how many tokens a negator turns at most, by its word.
var reach = map[string]int{
	"not": 7, "never": 7, "no": 4, "without": 3, "nor": 6, "neither": 6, "none": 6, "nobody": 6, "nothing": 3, "hardly": 4, "barely": 4,
	"wrong": 3, "false": 3, "untrue": 3, "incorrect": 3, "myth": 3, "mistaken": 3, "mistake": 3, "misconception": 3, "fallacy": 3,
	"scarcely": 4, "rarely": 4, "nowhere": 4, "seldom": 4, "unable": 4, "instead": 8, "rather": 8,
}

// verbReach is the same for verbs, by their stem.
var verbReach = map[string]int{
	"fail": 4, "stop": 3, "ceas": 3, "avoid": 4, "prevent": 9, "hinder": 9, "hamper": 9, "imped": 9, "inhibit": 9, "lack": 3, "lose": 3,
}

// negatorWords are the negators among the words that slips are mended to.
var negatorWords = []string{"without", "nothing", "hardly", "barely", "unable", "prevent", "instead", "rather", "never"}

// ends are the words at which a negator's reach ends.
var ends = set("neither nor because but so since therefore hence thus if when unless until as although though whereas while which that like")

// determiners end the reach of "no" and "without", which turn one noun and what stands before it.
var determiners = set("the a an its their this these")

func endsReach(negator, w string) bool {
	return ends[w] || (negator == "no" || negator == "without") && determiners[w]
}

// newClaim reports whether an "and" is followed by what a clause of its own starts with, or by a negation of its own: "get nothing and
// hardly learn", or by a verb that it cannot reach.
func newClaim(tokens []token, i int) bool {
	if tokens[i].word != "and" || i+1 == len(tokens) {
		return false
	}
	next := tokens[i+1].word
	return determiners[next] || pronouns[next] || reach[next] > 0 || finite[next]
}

// finite are verbs that no "do not" governs: "do not need much data and are quick to train".
var finite = set("is are was were does has can will would")

// markNegated finds the negators of a sentence, and marks what they reach.
func markNegated(tokens []token) {
	// turned and taken hold by how much the number of negators that reach a token grows there, all and those that deny.
	turned, taken := make([]int, len(tokens)+1), make([]int, len(tokens)+1)
	for i, t := range tokens {
		n := max(reach[t.word], verbReach[t.stem])
		if t.word == "from" && kept(tokens[max(i-keptReach-1, 0):i]) {
			n = keptReach
		}
		if hearsay(tokens, i) {
			taken[i+1]++
			taken[clauseEnd(tokens, i)]--
		}
		if n == 0 || t.kind != word || notReally(tokens, i) {
			continue
		}
		until := i + 1
		for ; until < len(tokens) && until <= i+n; until++ {
			u := tokens[until]
			if u.word == "," || u.word == ":" || u.word == ")" || newClaim(tokens, until) || until > i+1 && (endsReach(t.word, u.word) || reach[t.word] > 0 && u.word == "not") {
				break
			}
		}
		from, until, denies := takeBack(tokens, i, until, n)
		if refutes[t.word] && !denies {
			continue // "the wrong shape" says nothing against the shape
		}
		tokens[i].negator = &negator{from - i, until - i, denies}
		turned[from]++
		turned[until]--
		if denies {
			taken[from]++
			taken[until]--
		}
	}
	all, denying := 0, 0
	for i := range tokens {
		all, denying = all+turned[i], denying+taken[i]
		n := tokens[i].negator
		itself := n != nil && n.denies && n.reaches(i, i)
		tokens[i].negated, tokens[i].denied = all%2 == 1, denying > 1 || denying == 1 && !itself
	}
}

// takeBack finds whether the negator at i takes back a whole claim, and then widens its reach to that claim. It reaches
// up to until, and n tokens at most.
func takeBack(tokens []token, i, until, n int) (from, to int, denies bool) {
	w := tokens[i].word
	in := func(until int, words map[string]bool) int { // where one of some words stands, or i
		return slices.IndexFunc(tokens[i+1:until], func(t token) bool { return words[t.word] }) + i + 1
	}
	that := in(min(i+n+1, len(tokens)), thatWord)
	opinion, denial := in(until, opinions), in(until, denials)
	switch {
	case opinion > i && follows(tokens, opinion, "that"): // "I do not think that X"
		return i + 1, clauseEnd(tokens, opinion), true
	case refutes[w]: // "it is wrong to say that X", "that X is wrong"
		if that > i {
			return i + 1, clauseEnd(tokens, that), true
		}
		if start := clauseStart(tokens, i); tokens[start].word == "that" && start < i {
			return start, i, true
		}
	case w == "nothing" && follows(tokens, i, "to") && follows(tokens, i+1, "do"): // "Y has nothing to do with X"
		return clauseStart(tokens, i), clauseEnd(tokens, i), true
	case w == "not" && (follows(tokens, i, "that") || follows(tokens, i, "like")): // "it is not that X but Y"
		return i + 1, clauseEnd(tokens, i), true
	case denial > i && follows(tokens, denial, "that"): // "it is not true that X", "it does not mean that X"
		return i + 1, clauseEnd(tokens, denial), tokens[denial].stem != "mean"
	case denial == i+1 && w != "nothing", // "X is not true", "X does not occur"
		denial > i && (w != "no" || follows(tokens, i, "longer")): // "X is no longer a problem"
		return clauseStart(tokens, i), until, true
	}
	return i + 1, until, false
}

var thatWord = set("that")

// keptReach is how far a "from" may be from its "keep", and how far it reaches.
const keptReach = 4

// kept reports whether a "from" says of what is prevented: "keeps the gradients from exploding".
func kept(before []token) bool {
	k := slices.IndexFunc(before, func(t token) bool { return keepers[t.stem] })
	return k >= 0 && (k == 0 || reach[before[k-1].word] == 0) // "nothing keeps them from exploding"
}

// keepers are the verbs, as stems, whose "from" prevents.
var keepers = set("keep stop protect save guard")

// opinions are the verbs by which a "not" takes back what stands behind their "that".
var opinions = set("believe think agree say claim suppose assume expect")

// hearsay reports whether a claim starts that is told as others' and contradicted: "people think that X, but Y".
func hearsay(tokens []token, i int) bool {
	if i == 0 || !opinions[tokens[i].word] && !opinions[tokens[i].stem] || ownSubjects[tokens[i-1].word] {
		return false
	}
	end := clauseEnd(tokens, i)
	for end < len(tokens) && tokens[end].word == "," {
		end++
	}
	return end < len(tokens) && contrasts[tokens[end].word] && clauseStart(tokens, i) >= i-3
}

// ownSubjects stand before an opinion that is the writer's own, or negate it.
var ownSubjects = set("i we would to not never")

// refutes are the words that call what follows their "that" false.
var refutes = set("wrong false untrue incorrect myth mistaken mistake misconception fallacy")

// denials are the words by which a "not" takes back a whole claim: "overfitting is not an issue".
var denials = set("occur occurs happen happens exist exists matter problem problems issue issues limitation limitations true case concern relevant apply mean means possible")

func follows(tokens []token, i int, w string) bool {
	return i+1 < len(tokens) && tokens[i+1].word == w
}

// clauseStart returns where the clause of a token starts, commas taken as its bounds.
func clauseStart(tokens []token, at int) int {
	for i := at - 1; i >= 0; i-- {
		if tokens[i].bounds {
			return i + 1
		}
	}
	return 0
}

// clauseEnd returns where it ends.
func clauseEnd(tokens []token, at int) int {
	for i := at + 1; i < len(tokens); i++ {
		if tokens[i].bounds {
			return i
		}
	}
	return len(tokens)
}

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
