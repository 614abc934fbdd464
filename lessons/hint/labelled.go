package hint

import (
	"slices"

	"github.com/goccy/go-yaml"
)

// A Labelled is an answer with the concepts that a lecturer would find in it.
type Labelled struct {
	Kind  string   `yaml:"kind"` // good, partial, wrong, negated, swapped, adversarial, slips, terse, …
	Part  string   `yaml:"part"` // the part of the question that it answers; empty for all of them
	Found []string `yaml:"found"`
	Text  string   `yaml:"text"`
}

// ReadLabelled reads a list of labelled answers in YAML.
func ReadLabelled(source []byte) (all []Labelled, err error) {
	return all, yaml.UnmarshalWithOptions(source, &all, yaml.Strict())
}

// A RuleScore says what a rule does to labelled answers. A rule of a concept is right where it holds in an answer that
// names the concept. A misconception's is where it holds in one that does not, and wrong where it keeps a concept from being found.
type RuleScore struct {
	Path, Rule   string
	Right, Wrong int // pairs of an answer and a concept
	Alone        int // of the right ones, those in which no other rule does the same; with 0 the rule could go
}

// ScoreRules scores every rule, in the file's order by concept. counts says whether an answer may name a concept at all,
// or answers another part of the question.
func (r *Rubric) ScoreRules(answers []Labelled, counts func(a Labelled, concept string) bool) []RuleScore {
	var scores []RuleScore
	at := map[string]int{}
	score := func(rule rule) *RuleScore {
		if _, known := at[rule.path]; !known {
			at[rule.path] = len(scores)
			scores = append(scores, RuleScore{Path: rule.path, Rule: rule.text})
		}
		return &scores[at[rule.path]]
	}
	for _, c := range r.concepts {
		for _, rule := range slices.Concat(c.rules, c.misconceptions) {
			score(rule) // those that hold nowhere, too
		}
		for _, l := range answers {
			if !counts(l, c.id) {
				continue
			}
			a, named := r.read(l.Text), slices.Contains(l.Found, c.id)
			none := make([]bool, len(a.sentences))
			left := a.holding(c.rules, a.falseOf(c))
			for _, rule := range left {
				s := score(rule)
				switch {
				case !named:
					s.Wrong++
				case len(left) == 1:
					s.Alone++
					fallthrough
				default:
					s.Right++
				}
			}
			taken := a.holding(c.misconceptions, none)
			kept := len(left) == 0 && len(a.holding(c.rules, none)) > 0 // a concept from being found
			for _, rule := range taken {
				s := score(rule)
				switch {
				case named && kept:
					s.Wrong++
				case !named && kept && len(taken) == 1:
					s.Alone++
					fallthrough
				case !named:
					s.Right++
				}
			}
		}
	}
	return scores
}

// holding returns the rules that hold in an answer, some sentences left out.
func (a *reading) holding(rules []rule, without []bool) []rule {
	var all []rule
	for _, rule := range rules {
		if _, holds := a.try(rule, without); holds {
			all = append(all, rule)
		}
	}
	return all
}
