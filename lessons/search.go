package lessons

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
)

// A Hit is a lesson, a question or a term that a search found.
type Hit struct {
	Kind    string // "lesson", "question" or "term"
	Title   string
	Href    string
	Snippet []Piece // some words around the first that matched
	score   float64
}

// A Piece is a stretch of a snippet; Match says whether it is what was looked for.
type Piece struct {
	Text  string
	Match bool
}

const (
	mostWords   = 12 // of a search that count
	mostHits    = 30
	titleWeight = 6 // a word of a title counts as so many of the text
	around      = 14
)

// index is an inverted index: for each stem, how often each entry has it.
type index struct {
	entries []entry
	stems   map[string]map[int]float64
}

type entry struct {
	kind, title, href, text string
}

// newIndex indexes what a reader may find. Of a question that is its own words: model answers come after an attempt.
func newIndex(s *shelf) index {
	x := index{stems: map[string]map[int]float64{}}
	for _, l := range s.lessons {
		x.add(entry{"lesson", l.Title, "/lessons/" + l.Slug, l.Text})
	}
	for _, q := range s.questions {
		var parts []string
		for _, p := range q.Parts {
			parts = append(parts, p.Text)
		}
		x.add(entry{"question", q.Title, "/questions/" + q.Slug, strings.Join(parts, " ")})
	}
	for _, t := range s.terms {
		x.add(entry{"term", strings.Join(append([]string{t.Name}, t.Also...), ", "), "/glossary#" + t.Slug, wordsOf(t.MeansHTML)})
	}
	return x
}

func (x *index) add(e entry) {
	n := len(x.entries)
	x.entries = append(x.entries, e)
	count := func(text string, weight float64) {
		for _, w := range lettersOf(text) {
			stem := english.Stem(w, true)
			if x.stems[stem] == nil {
				x.stems[stem] = map[int]float64{}
			}
			x.stems[stem][n] += weight
		}
	}
	count(e.title, titleWeight)
	count(e.text, 1)
}

// lettersOf are the words of a text, in lower case.
func lettersOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Search finds what the words stand in, best first: what holds more of the words comes before what holds fewer, and rare
// words count for more than common ones. A word that stands nowhere counts as the beginning of one.
func (l *Library) Search(query string) []Hit {
	x := &l.shelf.Load().index
	asked := lettersOf(query)
	asked = asked[:min(len(asked), mostWords)]
	scores, found := map[int]float64{}, map[int]int{}
	var stems []string
	for _, w := range asked {
		if english.IsStopWord(w) && len(asked) > 1 {
			continue
		}
		matched := map[int]bool{}
		for _, stem := range x.matching(english.Stem(w, true)) {
			stems = append(stems, stem)
			in := x.stems[stem]
			rarity := math.Log(1 + float64(len(x.entries))/float64(len(in)))
			for n, count := range in {
				scores[n] += rarity * count / (count + 2)
				matched[n] = true
			}
		}
		for n := range matched {
			found[n]++
		}
	}
	var hits []Hit
	for n, score := range scores {
		e := x.entries[n]
		hits = append(hits, Hit{Kind: e.kind, Title: e.title, Href: e.href, Snippet: snippet(e.text, stems), score: score * float64(found[n]*found[n])})
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.Href, b.Href))
	})
	return hits[:min(len(hits), mostHits)]
}

// matching are the index's stems for one that was asked for.
func (x *index) matching(stem string) []string {
	if x.stems[stem] != nil {
		return []string{stem}
	}
	var all []string
	for known := range x.stems {
		if len(stem) > 2 && strings.HasPrefix(known, stem) {
			all = append(all, known)
		}
	}
	slices.Sort(all)
	return all
}

// snippet is the text around its first word of one of the stems.
func snippet(text string, stems []string) []Piece {
	fields := strings.Fields(text)
	matches := func(field string) bool {
		return slices.ContainsFunc(lettersOf(field), func(w string) bool { return slices.Contains(stems, english.Stem(w, true)) })
	}
	first := max(0, slices.IndexFunc(fields, matches)-around/2)
	last := min(len(fields), first+2*around)
	var pieces []Piece
	add := func(text string, match bool) {
		if n := len(pieces); n > 0 && pieces[n-1].Match == match {
			pieces[n-1].Text += " " + text
			return
		}
		pieces = append(pieces, Piece{text, match})
	}
	if first > 0 {
		add("…", false)
	}
	for _, field := range fields[first:last] {
		add(field, matches(field))
	}
	if last < len(fields) {
		add("…", false)
	}
	return pieces
}
