package hint

import "slices"

// A choice picks one hit for each wanted item of a rule.
type choice struct {
	*reading
	rule   rule
	hits   [][]hit // by item
	reach  int     // how many tokens the hits may be apart
	chosen []hit   // of the wanted items, in their order
	steps  int
}

// choose finds hits so that order and reach are kept, nothing is negated that the rule wants affirmed, and nothing stands
// in between that must not. It gives up after maxSteps.
func (c *choice) choose() bool {
	n := len(c.chosen)
	i := c.rule.nthWanted(n)
	if i == len(c.rule.items) {
		return c.affirmed() && !c.interrupted()
	}
	for _, h := range c.hits[i] {
		if c.rule.items[i].ordered && n > 0 && h.from < c.chosen[n-1].to {
			continue
		}
		if first, last := extent(append(c.chosen, h)); last-first > c.reach {
			continue
		}
		if c.steps++; c.steps > maxSteps {
			return false
		}
		c.work.steps++
		c.chosen = append(c.chosen, h)
		if c.choose() {
			return true
		}
		c.chosen = c.chosen[:n]
	}
	return false
}

// extent returns where the first of some hits starts and the last one ends.
func extent(hits []hit) (first, last int) {
	first, last = hits[0].from, hits[0].to
	for _, h := range hits {
		first, last = min(first, h.from), max(last, h.to)
	}
	return first, last
}

// affirmed reports whether what a rule says nothing about is affirmed, where the rule wants nothing denied.
// A "no" that is among the words found says what it should.
func (c *choice) affirmed() bool {
	if slices.ContainsFunc(c.rule.items, func(i item) bool { return i.sign == '!' }) {
		return true
	}
	for k, h := range c.chosen {
		if sign := c.rule.items[c.rule.nthWanted(k)].sign; sign != '~' && sign != '?' && c.negated(h, c.chosen...) {
			return false
		}
	}
	return true
}

// nthWanted returns the index of the n-th item, from 0, that must be there; the number of items where there
// are fewer.
func (r rule) nthWanted(n int) int {
	for i := range r.items {
		if r.items[i].wanted() {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return len(r.items)
}

// interrupted reports whether something that must not stand in between does.
func (c *choice) interrupted() bool {
	first, last := extent(c.chosen)
	for i, item := range c.rule.items {
		if item.sign == '-' && slices.ContainsFunc(c.hits[i], func(h hit) bool {
			return h.from >= first && h.to <= last && !slices.ContainsFunc(c.chosen, func(o hit) bool { return h.from < o.to && o.from < h.to })
		}) {
			return true
		}
	}
	return false
}
