package hint

import "slices"

// A hit is where a phrase stands.
type hit struct{ from, to int }

// pronouns stand for what was spoken of before.
var pronouns = set("it they them this these those its their which")

// hits returns every place of an item from one token up to another that has the polarity it wants.
func (a *reading) hits(item item, from, to int) []hit {
	key := region{item.matcher, from, to}
	raw, known := a.raw[key]
	if !known {
		raw = a.find(item.matcher, from, to)
		a.raw[key] = raw
	}
	var found []hit
	add := func(h hit) {
		if item.wanted() && (a.tokens[h.from].denied || a.subtracted(h)) ||
			item.sign == '+' && a.negated(h) || item.sign == '!' && !a.negated(h) {
			return
		}
		found = append(found, h)
	}
	if item.sign != '~' {
		for _, h := range raw {
			add(h)
		}
		return found
	}
	for at := from; at < to; at++ {
		for len(raw) > 0 && raw[0].from < at {
			raw = raw[1:]
		}
		switch {
		case pronouns[a.tokens[at].word]:
			found = append(found, hit{at, at + 1})
		case len(raw) > 0 && raw[0].from == at:
			add(raw[0])
		}
	}
	return found
}

// subtracted reports whether a hit ends in the first half of a difference: "H(x)" in "H(x) - x" is not
// what is spoken of.
func (a *reading) subtracted(h hit) bool {
	if h.to >= len(a.tokens) || a.tokens[h.to].kind == newItem || a.tokens[h.to].word != "-" && a.tokens[h.to].word != "minus" {
		return false
	}
	last := a.tokens[h.to-1]
	return last.kind == symbol || len(last.word) == 1
}

// negated reports whether an odd number of negators reaches a hit from outside of it and of others.
func (a *reading) negated(h hit, others ...hit) bool {
	odd := a.tokens[h.from].negated
	inside := func(at int, of ...hit) bool {
		return slices.ContainsFunc(of, func(o hit) bool { return at >= o.from && at < o.to })
	}
	for at := h.from; at < h.to; at++ {
		if n := a.tokens[at].negator; n != nil && n.reaches(at, h.from) {
			odd = !odd
		}
	}
	for k, o := range others {
		for at := o.from; at < o.to; at++ {
			if n := a.tokens[at].negator; n != nil && n.reaches(at, h.from) && !inside(at, h) && !inside(at, others[:k]...) {
				odd = !odd
			}
		}
	}
	return odd
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
