package hint

import (
	"slices"
	"strings"
)

// glue are the words that make a list of words into something said.
var glue = set(`not never neither nor than a an the of to in on at by with from for as is are was were be been being am has have had do does did
		can could will would may might must should shall it its they them their this that these those which who what when where why how
		because so since therefore hence thus if than then there you we i he she your our my into through over between during
		such while whereas although though but also only even just very more most much many less every each all any some too
	make makes get gets become becomes lead leads cause causes use uses used need needs give gives
	fit fits learn learns tries approximate approximates adds goes go flows reach reaches shrinks falls stays keeps takes passes minus`)

// sayers are the words among them that key words never come with; they count twice.
var sayers = set(`a an the is are was were be been has have had do does did can could will would may might must should it they we you i this these that which because so`)

// labels are the words, as stems, by which a list calls itself one of key words.
var labels = set(`keyword key word buzzword concept tag phrase rubric checklist criteria criterion`)

// orders are the words, as stems, that open a sentence which is addressed to whoever reads the answer.
var orders = set(`ignor disregard mark tick award grade`)

// directs reports whether a sentence tells its reader what to do, and so claims nothing.
func directs(tokens []token) bool {
	first := slices.IndexFunc(tokens, func(t token) bool { return t.kind == word && !polite[t.word] })
	return first >= 0 && orders[tokens[first].stem]
}

var polite = set(`please now just so and you must should dear grader teacher system assistant`)

func set(words string) map[string]bool {
	in := map[string]bool{}
	for _, w := range strings.Fields(words) {
		in[w] = true
	}
	return in
}

// bare returns how many fragments a list of key words has, and 0 for anything that says something: many
// fragments of few words, or a string of words with nothing that joins them, say nothing.
func bare(tokens []token) int {
	words, joined, fragments := 0, 0, 1
	for i, t := range tokens {
		switch {
		case t.echo: // the question's words say nothing
		case t.word == "," || t.word == "/" || t.word == "|":
			fragments++
		case t.kind == word && t.word != "and" && t.word != "or":
			words++
			if t.word == "a" && (i+1 == len(tokens) || tokens[i+1].kind != word || len(tokens[i+1].word) == 1) {
				continue // the A of "options A, B and C"
			}
			if glue[t.word] {
				joined++
			}
			if sayers[t.word] {
				joined++
			}
		case t.kind == symbol && strings.ContainsAny(t.word, "=<>"):
			joined++
		case t.kind == symbol && isLetter(t.word[0]): // h(x)
			words++
		case t.word == ":" && i > 0 && i <= 4 && i+1 < len(tokens) && !tokens[i+1].echo:
			if first := tokens[0].word; first != "in" && first != "with" && slices.ContainsFunc(tokens[:i], func(t token) bool { return labels[t.stem] }) {
				return max(shortList+1, fragments) // "Key words: …" says that it says nothing; "In my own words: …" does not
			}
			joined += 3 // "Other methods: …" says what the list is of
		}
	}
	share := float64(joined) / float64(max(words, 1))
	switch {
	case fragments >= 6 && share < 0.2 && float64(words)/float64(fragments) <= 3:
		return fragments
	case fragments >= 4 && share < 0.15 && float64(words)/float64(fragments) <= 4:
		return fragments
	case words >= 8 && share < 0.15:
		return max(fragments, words/2)
	}
	return 0
}

const (
	heapLength = 4 // sentences in a row …
	heapWords  = 4 // … of so many words at most make a heap of key words: "Chain rule. Product. Early layers. Depth."
)

// markHeaps marks runs of very short sentences without a verb as bare. Lines with bullets are no such run:
// they answer a question that asks to name things.
func (a *reading) markHeaps() {
	all := a.sentences
	for i := 0; i < len(all); {
		run := i
		for run < len(all) && !all[run].listed && keyWords(a.tokens[all[run].from:all[run].to]) {
			run++
		}
		if run-i >= heapLength {
			for k := i; k < run; k++ {
				all[k].bare = max(all[k].bare, run-i)
			}
		}
		i = max(run, i+1)
	}
}

func keyWords(tokens []token) bool {
	words := 0
	for i, t := range tokens {
		if t.kind == word {
			words++
		}
		if sayers[t.word] && i+1 < len(tokens) {
			return false
		}
	}
	return words <= heapWords
}
