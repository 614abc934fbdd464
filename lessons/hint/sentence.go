package hint

import (
	"slices"
	"strings"
)

// A sentence is a run of tokens without its end mark.
type sentence struct {
	tokens    []token
	clauses   [][2]int // bounds in tokens, in order
	negators  []negator
	claimless bool // it is a question or an order, which claims nothing
	listed    bool // it stands behind a bullet or a number
	bare      int  // how many fragments it has, where it is a mere list of words; 0 for a proper sentence
}

// sentences splits an answer and finds its clauses and negations.
func (r *Rubric) sentences(text string) []sentence {
	tokens := tokenise(text)
	mended := map[string]string{} // an answer repeats its words, and its slips
	for i, t := range tokens {
		if t.kind != word {
			continue
		}
		if _, known := mended[t.word]; !known {
			mended[t.word] = r.speller.mend(t.word)
		}
		tokens[i].word = mended[t.word]
		tokens[i].stem = stem(tokens[i].word)
	}
	r.markEchoes(tokens)
	var all []sentence
	for start, i := 0, 0; i <= len(tokens); i++ {
		cut := i-start >= maxTokens
		if i < len(tokens) && !cut && tokens[i].kind != stop && tokens[i].kind != newItem {
			continue
		}
		if i > start {
			s := sentence{tokens: tokens[start:i], listed: start > 0 && tokens[start-1].kind == newItem}
			s.clauses, s.negators, s.bare = r.clauses(s.tokens), negators(s.tokens), bare(s.tokens)
			s.claimless = i < len(tokens) && tokens[i].word == "?" || directs(s.tokens)
			all = append(all, s)
		}
		if start = i + 1; cut {
			start = i
		}
	}
	markHeaps(all)
	return all
}

// echoLength is how many words in a row must be the question's to count as its repetition.
const echoLength = 4

// echoes returns the runs of words in a question, as stems joined by spaces.
func echoes(question string) map[string]bool {
	runs := map[string]bool{}
	stems := wordStems(tokenise(question))
	for i := 0; i+echoLength <= len(stems); i++ {
		runs[strings.Join(stems[i:i+echoLength], " ")] = true
	}
	return runs
}

func wordStems(tokens []token) []string {
	var stems []string
	for _, t := range tokens {
		if t.kind == word {
			stems = append(stems, t.stem)
		}
	}
	return stems
}

// markEchoes marks the tokens that belong to a run of the question's words.
func (r *Rubric) markEchoes(tokens []token) {
	var at []int
	for i, t := range tokens {
		if t.kind == word {
			at = append(at, i)
		}
	}
	for i := 0; i+echoLength <= len(at); i++ {
		run := make([]string, echoLength)
		for k := range run {
			run[k] = tokens[at[i+k]].stem
		}
		if r.echo[strings.Join(run, " ")] {
			for _, k := range at[i : i+echoLength] {
				tokens[k].echo = true
			}
		}
	}
}

// contrasts are the words that start a clause which says something else, often the opposite.
var contrasts = []string{"whereas", "while", "whilst", "but", "although", "though", "however", "unlike", "yet", "despite", "unless", "except", "compared"}

// clauses returns the bounds of a sentence's clauses. A clause that a contrast opens at the start of
// the sentence ends at the next comma: "While a plain block …, a residual one …". One also starts where
// the sentence turns from one of two opposites to the other: "A plain block … and a residual one …".
func (r *Rubric) clauses(tokens []token) [][2]int {
	cuts := []int{0}
	opened := false
	for i, t := range tokens {
		starts := t.kind == word && slices.Contains(contrasts, t.word) || insteadOf(tokens, i) || onlyWhen(tokens, i)
		switch {
		case starts && i == cuts[len(cuts)-1]:
			opened = t.word != "but" && t.word != "yet" && t.word != "however"
		case starts:
			cuts = append(cuts, i)
			opened = false
		case opened && t.word == ",":
			cuts = append(cuts, i+1)
			opened = false
		case (t.word == "and" || t.word == ",") && r.turns(tokens, cuts[len(cuts)-1], i):
			cuts = append(cuts, i+1)
		}
	}
	bounds := make([][2]int, len(cuts))
	for i, from := range cuts {
		to := len(tokens)
		if i+1 < len(cuts) {
			to = cuts[i+1]
		}
		bounds[i] = [2]int{from, to}
	}
	return bounds
}

// leadIns are the words that may stand before what a clause is about.
var leadIns = set("and in with for a an the of on at by when if then")

// turns reports whether what follows the "and" or comma at i is about the opposite of what is spoken of
// since from.
func (r *Rubric) turns(tokens []token, from, i int) bool {
	next := i + 1
	for next < len(tokens) && leadIns[tokens[next].word] {
		next++
	}
	for _, pair := range r.opposites {
		for k, side := range pair {
			if r.starts(side, tokens, next) && r.contains(pair[1-k], tokens[from:i]) {
				return true
			}
		}
	}
	return false
}

func (r *Rubric) starts(t term, tokens []token, at int) bool {
	return slices.ContainsFunc(t, func(p phrase) bool { _, ok := r.match(p, tokens, at); return ok })
}

func (r *Rubric) contains(t term, tokens []token) bool {
	for at := range tokens {
		if r.starts(t, tokens, at) {
			return true
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
