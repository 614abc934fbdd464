package hint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A matcher is the place of a term in a rubric's list: each one is looked for once in an answer, whatever number of
// rules it is part of.
type matcher int

// An index knows which phrases may start at a token, so that nothing is looked for where its first word does not stand.
type index struct {
	stems, words, prefixes map[string][]start
	longest                int     // of the prefixes, in bytes
	anyWord, below1        []start // phrases that start with any word, and with a number between 0 and 1
}

// A start is a phrase of a matcher, both by number.
type start struct {
	matcher matcher
	phrase  int
}

func compareStarts(a, b start) int {
	return cmp.Or(cmp.Compare(a.matcher, b.matcher), cmp.Compare(a.phrase, b.phrase))
}

// newIndex indexes the phrases of all matchers by their first words.
func newIndex(matchers []term, terms map[string]term) *index {
	x := &index{stems: map[string][]start{}, words: map[string][]start{}, prefixes: map[string][]start{}}
	var enter func(s start, first element)
	enter = func(s start, first element) {
		switch {
		case first.term != "":
			for _, p := range terms[first.term] {
				enter(s, p[0])
			}
		case first.any:
			x.anyWord = append(x.anyWord, s)
		case first.below1:
			x.below1 = append(x.below1, s)
		case first.exact:
			x.words[first.stem] = append(x.words[first.stem], s)
		case first.prefix:
			x.prefixes[first.stem] = append(x.prefixes[first.stem], s)
			x.longest = max(x.longest, len(first.stem))
		default:
			x.stems[first.stem] = append(x.stems[first.stem], s)
		}
	}
	for m, t := range matchers {
		for k, p := range t {
			enter(start{matcher(m), k}, p[0])
		}
	}
	return x
}

// at returns the phrases that may start at a token, in order.
func (x *index) at(t token) []start {
	found := slices.Concat(x.stems[t.stem], x.words[t.word])
	for n := 1; n <= min(len(t.word), x.longest); n++ {
		found = append(found, x.prefixes[t.word[:n]]...)
	}
	if t.kind == word {
		found = append(found, x.anyWord...)
	} else if isBelow1(t) {
		found = append(found, x.below1...)
	}
	slices.SortFunc(found, compareStarts)
	return slices.Compact(found)
}

// isBelow1 reports whether a token is a number between 0 and 1: "0.6", "0,6", "1/3".
func isBelow1(t token) bool {
	above, below, fraction := strings.Cut(strings.Replace(t.word, ",", ".", 1), "/")
	if !fraction {
		below = "1"
	}
	a, errA := strconv.ParseFloat(above, 64)
	b, errB := strconv.ParseFloat(below, 64)
	return t.kind == symbol && errA == nil && errB == nil && a > 0 && a < b
}

// A place is where a phrase of a matcher may start.
type place struct{ at, phrase int }

// findPlaces fills in where each matcher's phrases may start: not in what only repeats the question.
func (a *reading) findPlaces() {
	type key struct {
		word string
		kind kind
	}
	known := map[key][]start{} // an answer repeats its words
	for i, t := range a.tokens {
		if t.echo || t.kind == stop || t.kind == newItem {
			continue
		}
		starts, found := known[key{t.word, t.kind}]
		if !found {
			starts = a.rubric.index.at(t)
			known[key{t.word, t.kind}] = starts
		}
		for _, s := range starts {
			a.places[s.matcher] = append(a.places[s.matcher], place{i, s.phrase})
		}
	}
}

// placesIn returns the places of a matcher from one token up to another.
func (a *reading) placesIn(m matcher, from, to int) []place {
	all := a.places[m]
	first, _ := slices.BinarySearchFunc(all, from, func(p place, at int) int { return cmp.Compare(p.at, at) })
	last, _ := slices.BinarySearchFunc(all[first:], to, func(p place, at int) int { return cmp.Compare(p.at, at) })
	return all[first : first+last]
}

// find returns every place where a matcher matches from one token up to another, the first phrase that does counting.
func (a *reading) find(m matcher, from, to int) []hit {
	var found []hit
	for _, p := range a.placesIn(m, from, to) {
		if n := len(found); n > 0 && found[n-1].from == p.at {
			continue
		}
		a.work.matched++
		if end, ok := a.rubric.match(a.rubric.matchers[m][p.phrase], a.tokens[:to], p.at); ok {
			found = append(found, hit{p.at, end})
		}
	}
	return found
}

// says reports whether a matcher matches up to a token, starting from one token and before another.
func (a *reading) says(m matcher, from, before, to int) bool {
	return slices.ContainsFunc(a.placesIn(m, from, before), func(p place) bool {
		_, ok := a.rubric.match(a.rubric.matchers[m][p.phrase], a.tokens[:to], p.at)
		return ok
	})
}
