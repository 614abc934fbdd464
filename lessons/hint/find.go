package hint

import (
	"slices"
	"strconv"
	"strings"
)

// A Finding says whether an answer seems to name a concept, and by which words.
type Finding struct {
	ID    string
	Found bool
	// Spans are the matched words as byte offsets in the answer, in order and apart; none where the
	// concept was not found.
	Spans []Span
}

// A Span is the bytes from Start up to End of an answer.
type Span struct{ Start, End int }

const (
	// maxGap is how many tokens ".." in a phrase stands for at most.
	maxGap = 3
	// maxReach is how many tokens the parts of a rule may be apart within a clause or sentence.
	maxReach = 26
	// maxTokens bounds the work for one sentence: a longer one is cut.
	maxTokens = 400
)

// Find reads an answer and reports on every concept of the question, in the rubric's order. A nil Rubric
// reports nothing.
func (r *Rubric) Find(answer string) []Finding {
	if r == nil {
		return nil
	}
	sentences := r.sentences(answer)
	findings := make([]Finding, len(r.concepts))
	for i, c := range r.concepts {
		findings[i].ID = c.id
		left := r.withoutMisconceptions(c, sentences)
		for _, rule := range c.rules {
			if spans, holds := r.try(rule, left); holds {
				findings[i].Found, findings[i].Spans = true, spans
				break
			}
		}
	}
	return findings
}

// withoutMisconceptions returns the sentences that do not say of a concept what is not so.
func (r *Rubric) withoutMisconceptions(c concept, sentences []sentence) []sentence {
	for _, rule := range c.misconceptions {
		if rule.scope == inAnswer {
			if _, holds := r.try(rule, sentences); holds {
				return nil
			}
			continue
		}
		for i := 0; i < len(sentences); i++ {
			if _, holds := r.try(rule, sentences[i:i+1]); holds {
				sentences = slices.Concat(sentences[:i], sentences[i+1:])
				i--
			}
		}
	}
	return sentences
}

// try looks for a place in the answer where a rule holds.
func (r *Rubric) try(rule rule, sentences []sentence) ([]Span, bool) {
	if rule.scope == inAnswer {
		var whole sentence
		for _, s := range sentences {
			if !rule.mayHold(s) {
				continue
			}
			for _, n := range s.negators {
				shift := len(whole.tokens)
				whole.negators = append(whole.negators, negator{n.at + shift, n.from + shift, n.until + shift, n.denies})
			}
			whole.tokens = append(whole.tokens, s.tokens...)
		}
		return r.within(rule, whole, 0, len(whole.tokens), len(whole.tokens))
	}
	for _, s := range sentences {
		if !rule.mayHold(s) {
			continue
		}
		bounds := s.clauses
		if rule.scope == inSentence {
			bounds = [][2]int{{0, len(s.tokens)}}
		}
		for _, b := range bounds {
			if spans, holds := r.within(rule, s, b[0], b[1], maxReach); holds {
				return spans, true
			}
		}
	}
	return nil, false
}

// shortSentence is how many tokens a sentence may have that a rule marked @short holds in.
const shortSentence = 4

// shortList is how many fragments a list may have to count as an answer to "name four".
const shortList = 5

// mayHold reports whether a rule may hold in a sentence at all: not in a question or an order, nor in a bare list,
// unless the rule says so and the list is short.
func (r rule) mayHold(s sentence) bool {
	return !s.claimless && (!r.short || len(s.tokens) <= shortSentence) && (s.bare == 0 || r.list && s.bare <= shortList)
}

// A hit is where a phrase stands.
type hit struct{ from, to int }

// within looks for the items of a rule in tokens from to to of a sentence.
func (r *Rubric) within(rule rule, s sentence, from, to, reach int) ([]Span, bool) {
	hits := make([][]hit, len(rule.items))
	for i, item := range rule.items {
		hits[i] = r.hits(item, s, from, to)
		switch {
		case item.sign == '^' && len(hits[i]) > 0:
			return nil, false
		case item.wanted() && len(hits[i]) == 0 && rule.least == 0:
			return nil, false
		}
	}
	if rule.least > 0 {
		return r.several(rule, s, hits)
	}
	chosen := make([]hit, 0, len(rule.items))
	holds := func(chosen []hit) bool { return rule.signs(s, chosen) && !interrupted(rule.items, hits, chosen) }
	if !choose(rule.items, hits, &chosen, reach, holds) {
		return nil, false
	}
	return spans(s.tokens, chosen), true
}

// several returns the first hits of the items that were found, where they are as many as the rule wants.
func (r *Rubric) several(rule rule, s sentence, hits [][]hit) ([]Span, bool) {
	var first []hit
	for i, item := range rule.items {
		said := slices.IndexFunc(hits[i], func(h hit) bool { return !negated(s, h) })
		if item.wanted() && said >= 0 {
			first = append(first, hits[i][said])
		}
	}
	if len(first) < rule.least {
		return nil, false
	}
	return spans(s.tokens, first), true
}

// choose picks one hit for each wanted item so that order and reach are kept, and what else must hold.
func choose(items []item, hits [][]hit, chosen *[]hit, reach int, holds func([]hit) bool) bool {
	n := len(*chosen)
	i := nthWanted(items, n)
	if i == len(items) {
		return holds(*chosen)
	}
	for _, h := range hits[i] {
		if items[i].ordered && n > 0 && h.from < (*chosen)[n-1].to {
			continue
		}
		first, last := h.from, h.to
		for _, c := range *chosen {
			first, last = min(first, c.from), max(last, c.to)
		}
		if last-first > reach {
			continue
		}
		*chosen = append(*chosen, h)
		if choose(items, hits, chosen, reach, holds) {
			return true
		}
		*chosen = (*chosen)[:n]
	}
	return false
}

// signs reports whether what a rule says nothing about is affirmed, where the rule wants nothing denied.
// A "no" that is among the words found says what it should.
func (r rule) signs(s sentence, chosen []hit) bool {
	if slices.ContainsFunc(r.items, func(i item) bool { return i.sign == '!' }) {
		return true
	}
	for k, h := range chosen {
		if sign := r.items[nthWanted(r.items, k)].sign; sign != '~' && sign != '?' && negated(s, h, chosen...) {
			return false
		}
	}
	return true
}

// nthWanted returns the index of the n-th item, from 0, that must be there; the number of items where there
// are fewer.
func nthWanted(items []item, n int) int {
	for i := range items {
		if items[i].wanted() {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return len(items)
}

// interrupted reports whether something that must not stand in between does.
func interrupted(items []item, hits [][]hit, chosen []hit) bool {
	first, last := chosen[0].from, chosen[0].to
	for _, c := range chosen {
		first, last = min(first, c.from), max(last, c.to)
	}
	for i, item := range items {
		if item.sign == '-' && slices.ContainsFunc(hits[i], func(h hit) bool {
			return h.from >= first && h.to <= last && !slices.ContainsFunc(chosen, func(c hit) bool { return h.from < c.to && c.from < h.to })
		}) {
			return true
		}
	}
	return false
}

// pronouns stand for what was spoken of before.
var pronouns = []string{"it", "they", "them", "this", "these", "those", "its", "their", "which"}

// hits returns every place of an item within the bounds that has the polarity it wants.
func (r *Rubric) hits(item item, s sentence, from, to int) []hit {
	var found []hit
	for at := from; at < to; at++ {
		if item.sign == '~' && slices.Contains(pronouns, s.tokens[at].word) {
			found = append(found, hit{at, at + 1})
			continue
		}
		for _, p := range item.phrases {
			end, ok := r.match(p, s.tokens[:to], at)
			if !ok {
				continue
			}
			h := hit{at, end}
			if item.wanted() && (denied(s, h) || subtracted(s.tokens, h)) {
				continue
			}
			if item.sign == '+' && negated(s, h) || item.sign == '!' && !negated(s, h) {
				continue
			}
			found = append(found, h)
			break
		}
	}
	return found
}

// denied reports whether a hit is part of a claim that is taken back as a whole.
func denied(s sentence, h hit) bool {
	return slices.ContainsFunc(s.negators, func(n negator) bool { return n.denies && h.from >= n.from && h.from < n.until && h.from != n.at })
}

// subtracted reports whether a hit ends in the first half of a difference: "H(x)" in "H(x) - x" is not
// what is spoken of.
func subtracted(tokens []token, h hit) bool {
	if h.to >= len(tokens) || tokens[h.to].word != "-" && tokens[h.to].word != "minus" {
		return false
	}
	last := tokens[h.to-1]
	return last.kind == symbol || len(last.word) == 1
}

// negated reports whether an odd number of negators reaches a hit from outside of it and of others.
func negated(s sentence, h hit, others ...hit) bool {
	odd := false
	for _, n := range s.negators {
		inside := n.at >= h.from && n.at < h.to ||
			slices.ContainsFunc(others, func(o hit) bool { return n.at >= o.from && n.at < o.to })
		if !inside && h.from >= n.from && h.from < n.until {
			odd = !odd
		}
	}
	return odd
}

// match returns where a phrase that starts at a token ends. Of several ends it takes the nearest.
func (r *Rubric) match(p phrase, tokens []token, at int) (end int, ok bool) {
	if len(p) == 0 {
		return at, true
	}
	if p[0].gap {
		for skip := range maxGap + 1 {
			if end, ok := r.match(p[1:], tokens, at+skip); ok {
				return end, true
			}
		}
		return 0, false
	}
	if at >= len(tokens) || tokens[at].echo {
		return 0, false
	}
	if p[0].term != "" {
		for _, q := range r.terms[p[0].term] {
			if end, ok := r.match(q, tokens, at); ok {
				if end, ok = r.match(p[1:], tokens, end); ok {
					return end, true
				}
			}
		}
		return 0, false
	}
	t := tokens[at]
	if p[0].any || p[0].again {
		if t.kind != word || p[0].again && (at < 2 || t.stem != tokens[at-2].stem) {
			return 0, false
		}
		return r.match(p[1:], tokens, at+1)
	}
	if p[0].below1 {
		if value, err := strconv.ParseFloat(t.word, 64); t.kind != symbol || err != nil || value <= 0 || value >= 1 {
			return 0, false
		}
		return r.match(p[1:], tokens, at+1)
	}
	same := t.stem == p[0].stem
	switch {
	case p[0].exact:
		same = t.word == p[0].stem
	case p[0].prefix:
		same = strings.HasPrefix(t.word, p[0].stem)
	}
	if !same {
		return 0, false
	}
	return r.match(p[1:], tokens, at+1)
}

// spans returns the bytes of hits in order, overlapping ones merged.
func spans(tokens []token, hits []hit) []Span {
	var all []Span
	for _, h := range hits {
		all = append(all, Span{tokens[h.from].start, tokens[h.to-1].end})
	}
	slices.SortFunc(all, func(a, b Span) int { return a.Start - b.Start })
	merged := all[:1]
	for _, s := range all[1:] {
		if last := &merged[len(merged)-1]; s.Start <= last.End {
			last.End = max(last.End, s.End)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}
