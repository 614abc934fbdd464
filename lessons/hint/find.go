package hint

import "slices"

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

// What bounds the work for one answer, whatever it holds.
const (
	// maxGap is how many tokens ".." in a phrase stands for at most.
	maxGap = 3
	// maxReach is how many tokens the parts of a rule may be apart within a clause or sentence.
	maxReach = 26
	// maxTokens is how many tokens a sentence has: a longer one is cut.
	maxTokens = 400
	// maxSteps is how many choices of words one rule may try in one place. Honest answers take under a tenth of it.
	maxSteps = 2000
)

// Find reads an answer and reports on every concept of the question, in the rubric's order. A nil Rubric
// reports nothing.
func (r *Rubric) Find(answer string) []Finding {
	if r == nil {
		return nil
	}
	return r.read(answer).findings()
}

func (a *reading) findings() []Finding {
	findings := make([]Finding, len(a.rubric.concepts))
	for i, c := range a.rubric.concepts {
		findings[i].ID = c.id
		wrong := a.falseOf(c)
		for _, rule := range c.rules {
			if spans, holds := a.try(rule, wrong); holds {
				findings[i].Found, findings[i].Spans = true, spans
				break
			}
		}
	}
	return findings
}

// A reading is one answer taken apart for one rubric.
type reading struct {
	rubric    *Rubric
	tokens    []token
	sentences []sentence
	places    [][]place        // by matcher, in order
	raw       map[region][]hit // what was looked for already
	work      work
}

// work counts what reading an answer took: comparisons with a word of the vocabulary, tries of a rule in one place, of a
// phrase at one token, and of a choice of words.
type work struct{ compared, tried, matched, steps int }

// A region is a matcher and the tokens that it is looked for in.
type region struct {
	matcher  matcher
	from, to int
}

// falseOf returns which sentences, by number, say of a concept what is not so.
func (a *reading) falseOf(c concept) []bool {
	wrong := make([]bool, len(a.sentences))
	for _, rule := range c.misconceptions {
		if rule.scope == inAnswer {
			if _, holds := a.try(rule, wrong); holds {
				for i := range wrong {
					wrong[i] = true
				}
			}
			continue
		}
		for _, i := range a.candidates(rule) {
			if wrong[i] && rule.scope != inNext {
				continue
			}
			if spans, holds := a.holds(rule, i); holds {
				wrong[i] = true
				if end := a.tokens[a.sentences[i].to-1].end; spans[len(spans)-1].End > end {
					wrong[i+1] = true // it is said in both
				}
			}
		}
	}
	return wrong
}

// try looks for a place in the answer where a rule holds, some sentences left out.
func (a *reading) try(rule rule, without []bool) ([]Span, bool) {
	var parts [][2]int
	for _, i := range a.candidates(rule) {
		s := a.sentences[i]
		switch {
		case without[i]:
		case rule.scope == inAnswer:
			if rule.mayHold(s) {
				parts = append(parts, [2]int{s.from, s.to})
			}
		default:
			if spans, holds := a.holds(rule, i); holds {
				return spans, true
			}
		}
	}
	if len(parts) == 0 {
		return nil, false
	}
	return a.within(rule, parts, len(a.tokens))
}

// candidates returns the numbers of the sentences in which a rule may hold: those in which the part stands that the
// answer has fewest of.
func (a *reading) candidates(rule rule) []int {
	rarest, some := []place(nil), false
	for _, item := range rule.items {
		if item.wanted() && item.sign != '~' && (!some || len(a.places[item.matcher]) < len(rarest)) {
			rarest, some = a.places[item.matcher], true
		}
	}
	var in []int
	if !some || rule.least > 0 || rule.scope == inAnswer {
		for i := range a.sentences {
			in = append(in, i)
		}
		return in
	}
	for _, p := range rarest {
		first, last := a.tokens[p.at].sentence, a.tokens[p.at].sentence
		if rule.scope == inNext {
			first = max(first-1, 0)
		}
		for i := first; i <= last; i++ {
			if len(in) == 0 || in[len(in)-1] < i {
				in = append(in, i)
			}
		}
	}
	return in
}

// holds reports whether a rule holds in a sentence, given by its number, or in one of its clauses, or from there to the
// end of the next one.
func (a *reading) holds(rule rule, i int) ([]Span, bool) {
	s := a.sentences[i]
	if !rule.mayHold(s) {
		return nil, false
	}
	bounds := s.clauses
	switch rule.scope {
	case inSentence:
		bounds = [][2]int{{s.from, s.to}}
	case inNext:
		parts := [][2]int{{s.from, s.to}}
		if i+1 < len(a.sentences) && rule.mayHold(a.sentences[i+1]) {
			parts = append(parts, [2]int{a.sentences[i+1].from, a.sentences[i+1].to})
		}
		return a.within(rule, parts, maxReach)
	}
	for i := range bounds {
		if spans, holds := a.within(rule, bounds[i:i+1], maxReach); holds {
			return spans, true
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
	return !s.claimless && (!r.short || s.to-s.from <= shortSentence) && (s.bare == 0 || r.list && s.bare <= shortList)
}

// within looks for the items of a rule in parts of an answer, each from one token up to another.
func (a *reading) within(rule rule, parts [][2]int, reach int) ([]Span, bool) {
	a.work.tried++
	hits := make([][]hit, len(rule.items))
	for i, item := range rule.items {
		for _, p := range parts {
			hits[i] = append(hits[i], a.hits(item, p[0], p[1])...)
		}
		switch {
		case item.sign == '^' && len(hits[i]) > 0:
			return nil, false
		case item.wanted() && len(hits[i]) == 0 && rule.least == 0:
			return nil, false
		}
	}
	if rule.least > 0 {
		return a.several(rule, hits)
	}
	c := choice{reading: a, rule: rule, hits: hits, reach: reach}
	if !c.choose() {
		return nil, false
	}
	return spans(a.tokens, c.chosen), true
}

// several returns the first hits of the items that were found, where they are as many as the rule wants.
func (a *reading) several(rule rule, hits [][]hit) ([]Span, bool) {
	var first []hit
	for i, item := range rule.items {
		said := slices.IndexFunc(hits[i], func(h hit) bool { return !a.negated(h) })
		if item.wanted() && said >= 0 {
			first = append(first, hits[i][said])
		}
	}
	if len(first) < rule.least {
		return nil, false
	}
	return spans(a.tokens, first), true
}
