package hint

import (
	_ "embed"
	"strings"

	"github.com/goccy/go-yaml"
)

// commonTerms are terms that every rubric may use.
//
//go:embed terms.yaml
var commonTerms []byte

// A Rubric knows how the concepts of one question are said.
type Rubric struct {
	concepts []concept
	terms    map[string]term
	speller  *speller
	echo     map[string]bool // the question's runs of echoLength stems

	opposites [][2]matcher // of which a clause is about one

	matchers []term // what rules are made of; each named term and each bracket once
	index    *index

	version string

	source   []byte // what it was parsed from
	question string
	ids      []string
}

// With returns the rubric with one rule more: of a concept, or of a misconception that is taken for it where the id starts
// with "misconceptions.".
func (r *Rubric) With(id, text string) (*Rubric, error) {
	var own written
	if err := yaml.UnmarshalWithOptions(r.source, &own, yaml.Strict()); err != nil {
		return nil, err
	}
	section := &own.Concepts
	id, isMisconception := strings.CutPrefix(id, "misconceptions.")
	if isMisconception {
		section = &own.Misconceptions
	}
	if *section == nil {
		*section = map[string][]string{}
	}
	(*section)[id] = append((*section)[id], text)
	source, err := yaml.Marshal(own)
	if err != nil {
		return nil, err
	}
	return r.Replaced(source)
}

// Replaced returns a rubric of the same question with other rules.
func (r *Rubric) Replaced(source []byte) (*Rubric, error) {
	return ParseRubric(source, r.question, r.ids)
}

type concept struct {
	id             string
	rules          []rule
	misconceptions []rule // where one holds in a sentence, the sentence does not name the concept; one of @answer, the answer
}

// A term is a set of phrases; a phrase a sequence of elements.
type term []phrase

type phrase []element

type element struct {
	stem   string // this word …
	exact  bool   // … in just this form
	prefix bool   // … or any that starts with it
	term   string // or a phrase of this term
	gap    bool   // or up to maxGap words of any kind
	below1 bool   // or a number between 0 and 1
	any    bool   // or any word
	again  bool   // or the word before the last once more: "tile by tile"
}

type rule struct {
	path  string // where it stands: "$.concepts.caveat[2]"
	text  string
	scope scope
	list  bool // holds in a short bare list
	short bool // holds in a sentence of a few words alone
	least int  // how many of the items are enough; 0 for all
	items []item
}

type scope int

const (
	inClause scope = iota
	inSentence
	inNext // a sentence and the next one
	inAnswer
)

type item struct {
	sign    byte // 0 or one of + ! ? - ^ ~
	matcher matcher
	ordered bool // it starts after the item before it
}

// wanted reports whether the item must be there, rather than must not.
func (i item) wanted() bool { return i.sign != '-' && i.sign != '^' }
