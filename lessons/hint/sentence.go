package hint

import (
	"strings"
)

// A sentence is a run of an answer's tokens without its end mark.
type sentence struct {
	from, to  int
	clauses   [][2]int // their bounds, in order
	claimless bool     // it is a question or an order, which claims nothing
	listed    bool     // it stands behind a bullet or a number
	bare      int      // how many fragments it has, where it is a mere list of words; 0 for a proper sentence
}

// read takes an answer apart and finds its sentences, their clauses and what is negated in them.
func (r *Rubric) read(text string) *reading {
	a := &reading{rubric: r, tokens: tokenise(text), places: make([][]place, len(r.matchers)), raw: map[region][]hit{}}
	type meaning struct{ word, stem string }
	known := map[string]meaning{} // an answer repeats its words, and its slips
	for i := range a.tokens {
		t := &a.tokens[i]
		if t.kind == word {
			m, found := known[t.word]
			if !found {
				stemmed := stem(t.word)
				meant, compared := r.speller.mend(t.word, stemmed)
				a.work.compared += compared
				if m = (meaning{meant, stemmed}); meant != t.word {
					m.stem = stem(meant)
				}
				known[t.word] = m
			}
			t.word, t.stem = m.word, m.stem
		}
		t.bounds = t.word == "," || t.word == ":" || t.kind == word && contrasts[t.word]
	}
	r.markEchoes(a.tokens)
	a.findPlaces()
	for start, i := 0, 0; i <= len(a.tokens); i++ {
		cut := i-start >= maxTokens
		if i < len(a.tokens) && !cut && a.tokens[i].kind != stop && a.tokens[i].kind != newItem {
			continue
		}
		if i > start {
			tokens := a.tokens[start:i]
			markNegated(tokens)
			s := sentence{from: start, to: i, listed: start > 0 && a.tokens[start-1].kind == newItem, bare: bare(tokens)}
			s.clauses = a.clauses(start, i)
			s.claimless = i < len(a.tokens) && a.tokens[i].word == "?" || directs(tokens)
			for k := range tokens {
				tokens[k].sentence = len(a.sentences)
			}
			a.sentences = append(a.sentences, s)
		}
		if start = i + 1; cut {
			start = i
		}
	}
	a.markHeaps()
	return a
}

// echoLength is how many words in a row must be the question's to count as its repetition.
const echoLength = 4

// echoes returns the runs of words in a question, as stems joined by spaces.
func echoes(question string) map[string]bool {
	runs := map[string]bool{}
	var stems []string
	for _, t := range tokenise(question) {
		if t.kind == word {
			stems = append(stems, stem(t.word))
		}
	}
	for i := 0; i+echoLength <= len(stems); i++ {
		runs[strings.Join(stems[i:i+echoLength], " ")] = true
	}
	return runs
}

// markEchoes marks the tokens that belong to a run of the question's words: not where a negator before them makes an
// answer of them, "no additional parameters are added".
func (r *Rubric) markEchoes(tokens []token) {
	var at []int
	for i, t := range tokens {
		if t.kind == word {
			at = append(at, i)
		}
	}
	repeats, answers := false, false // whether the run before does, and answers
	for i := 0; i+echoLength <= len(at); i++ {
		run := make([]string, echoLength)
		for k := range run {
			run[k] = tokens[at[i+k]].stem
		}
		if !r.echo[strings.Join(run, " ")] {
			repeats = false
			continue
		}
		if !repeats {
			answers = i > 0 && reach[tokens[at[i-1]].word] > 0
		}
		repeats = true
		for _, k := range at[i : i+echoLength] {
			tokens[k].echo = tokens[k].echo || !answers
		}
	}
}

// contrasts are the words that start a clause which says something else, often the opposite.
var contrasts = set("whereas while whilst but although though however unlike yet despite unless except compared")

// clauses returns the bounds of a sentence's clauses. A clause that a contrast opens at the start of
// the sentence ends at the next comma: "While a plain block …, a residual one …". One also starts where
// the sentence turns from one of two opposites to the other: "A plain block … and a residual one …".
func (a *reading) clauses(from, to int) [][2]int {
	var (
		tokens = a.tokens[:to]
		cuts   = []int{from}
		opened bool
	)
	for i := from; i < to; i++ {
		t, last := tokens[i], cuts[len(cuts)-1]
		starts := t.kind == word && contrasts[t.word] || insteadOf(tokens, i) || onlyWhen(tokens[from:], i-from)
		switch {
		case starts && i == last:
			opened = t.word != "but" && t.word != "yet" && t.word != "however"
		case starts:
			cuts = append(cuts, i)
			opened = false
		case opened && t.word == ",":
			cuts = append(cuts, i+1)
			opened = false
		case (t.word == "and" || t.word == ",") && a.turns(last, i, to):
			cuts = append(cuts, i+1)
		}
	}
	bounds := make([][2]int, len(cuts))
	for i, from := range cuts {
		end := to
		if i+1 < len(cuts) {
			end = cuts[i+1]
		}
		bounds[i] = [2]int{from, end}
	}
	return bounds
}

// leadIns are the words that may stand before what a clause is about.
var leadIns = set("and in with for a an the of on at by when if then it is")

// turns reports whether what follows the "and" or comma at i, up to the sentence's end, is about the opposite of what
// is spoken of since from.
func (a *reading) turns(from, i, to int) bool {
	next := i + 1
	for next < to && leadIns[a.tokens[next].word] {
		next++
	}
	for _, pair := range a.rubric.opposites {
		for k, side := range pair {
			if a.says(side, next, next+1, to) && a.says(pair[1-k], from, i, i) {
				return true
			}
		}
	}
	return false
}

// onlyWhen reports whether an exception starts: "no parameter is added, only when shapes differ …".
func onlyWhen(tokens []token, i int) bool {
	return i > 0 && tokens[i-1].word == "," && tokens[i].word == "only" && i+1 < len(tokens) && (tokens[i+1].word == "when" || tokens[i+1].word == "if" || tokens[i+1].word == "where")
}

func insteadOf(tokens []token, i int) bool {
	return i+1 < len(tokens) && (tokens[i].word == "instead" && tokens[i+1].word == "of" ||
		tokens[i].word == "rather" && tokens[i+1].word == "than")
}
