package hint

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// A RuleError says what is wrong in a rubric, and where in its YAML.
type RuleError struct {
	Path   string // "$.concepts.caveat[2]"
	Reason string
}

func (e *RuleError) Error() string { return e.Path + ": " + e.Reason }

// anyConcept stands under misconceptions for whichever concept.
const anyConcept = "any"

// ParseRubric reads a rubric as the package's documentation writes it. question is the question's own
// words, which count for nothing when an answer repeats them. ids are the concepts that it may name;
// one without rules is never found.
func ParseRubric(source []byte, question string, ids []string) (*Rubric, error) {
	var common, own struct {
		Terms     map[string]string   `yaml:"terms"`
		Opposites map[string]string   `yaml:"opposites"`
		Concepts  map[string][]string `yaml:"concepts"`

		Misconceptions map[string][]string `yaml:"misconceptions"` // by the concept that they are taken for
	}
	err := yaml.Unmarshal(commonTerms, &common)
	if err != nil {
		return nil, fmt.Errorf("common terms: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(source, &own, yaml.Strict()); err != nil {
		return nil, err
	}
	all := maps.Clone(common.Terms)
	maps.Copy(all, own.Terms)

	r := &Rubric{terms: map[string]term{}, echo: echoes(question)}
	numbers := map[string]matcher{} // by name, or by what stands in the brackets
	number := func(text string, t term) matcher {
		m, known := numbers[text]
		if !known {
			m = matcher(len(r.matchers))
			numbers[text], r.matchers = m, append(r.matchers, t)
		}
		return m
	}
	var vocabulary []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t, words, err := parseTerm(all[name])
		if err != nil {
			return nil, &RuleError{"$.terms." + name, err.Error()}
		}
		r.terms[name] = t
		vocabulary = append(vocabulary, words...)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := r.resolve(name, nil); err != nil {
			return nil, &RuleError{"$.terms." + name, err.Error()}
		}
	}
	for _, one := range slices.Sorted(maps.Keys(own.Opposites)) {
		other := own.Opposites[one]
		for _, name := range []string{one, other} {
			if _, found := r.terms[name]; !found {
				return nil, &RuleError{"$.opposites." + one, fmt.Sprintf("no term is called %q", name)}
			}
		}
		r.opposites = append(r.opposites, [2]matcher{number(one, r.terms[one]), number(other, r.terms[other])})
	}
	parse := func(section string, of map[string][]string, id string) (rules []rule, err error) {
		for i, text := range of[id] {
			path := fmt.Sprintf("$.%s.%s[%d]", section, id, i)
			parsed, words, err := r.parseRule(text, number)
			if err != nil {
				return nil, &RuleError{path, err.Error()}
			}
			parsed.path, parsed.text = path, text
			rules = append(rules, parsed)
			vocabulary = append(vocabulary, words...)
		}
		return rules, nil
	}
	for section, of := range map[string]map[string][]string{"concepts": own.Concepts, "misconceptions": own.Misconceptions} {
		for _, id := range slices.Sorted(maps.Keys(of)) {
			if !slices.Contains(ids, id) && (id != anyConcept || section == "concepts") {
				return nil, &RuleError{"$." + section + "." + id, "is no concept of the question"}
			}
		}
	}
	ofAny, err := parse("misconceptions", own.Misconceptions, anyConcept)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		c := concept{id: id}
		if c.rules, err = parse("concepts", own.Concepts, id); err != nil {
			return nil, err
		}
		if c.misconceptions, err = parse("misconceptions", own.Misconceptions, id); err != nil {
			return nil, err
		}
		c.misconceptions = append(c.misconceptions, ofAny...)
		r.concepts = append(r.concepts, c)
	}
	r.speller, r.index = newSpeller(append(vocabulary, negatorWords...)), newIndex(r.matchers, r.terms)
	r.version = versionOf(source, question, ids, r.speller)
	return r, nil
}

// resolve checks that a term's references exist and do not run in a circle.
func (r *Rubric) resolve(name string, above []string) error {
	if slices.Contains(above, name) {
		return fmt.Errorf("refers to itself: %s", strings.Join(append(above, name), " → "))
	}
	t, found := r.terms[name]
	if !found {
		return fmt.Errorf("no term is called %q", name)
	}
	for _, p := range t {
		for _, e := range p {
			if e.term != "" {
				if err := r.resolve(e.term, append(above, name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// parseTerm reads "shrink | go .. to zero | {other}". It also returns the plain words in it.
func parseTerm(text string) (term, []string, error) {
	var (
		t     term
		words []string
	)
	for _, alternative := range strings.Split(text, "|") {
		var p phrase
		for _, piece := range strings.Fields(alternative) {
			switch {
			case piece == "..":
				p = append(p, element{gap: true})
			case piece == "_":
				p = append(p, element{any: true})
			case piece == "_=":
				p = append(p, element{again: true})
			case piece == "0<#<1":
				p = append(p, element{below1: true})
			case strings.HasPrefix(piece, "{") && strings.HasSuffix(piece, "}"):
				p = append(p, element{term: piece[1 : len(piece)-1]})
			case strings.HasPrefix(piece, "=") && len(piece) > 1:
				p, words = append(p, element{stem: piece[1:], exact: true}), append(words, piece[1:])
			case strings.HasSuffix(piece, "*") && len(piece) > 1:
				p = append(p, element{stem: strings.ToLower(piece[:len(piece)-1]), prefix: true})
			default:
				for _, t := range tokenise(piece) {
					if t.kind == stop {
						return nil, nil, fmt.Errorf("phrase %q holds the end of a sentence", alternative)
					}
					if t.kind == word {
						t.stem, words = stem(t.word), append(words, t.word)
					}
					p = append(p, element{stem: t.stem})
				}
			}
		}
		if len(p) == 0 || p[0].gap || p[len(p)-1].gap {
			return nil, nil, fmt.Errorf("phrase %q is empty, or .. stands at one of its ends", alternative)
		}
		t = append(t, p)
	}
	return t, words, nil
}

var ruleItem = regexp.MustCompile(`^([+!?~^-]?)(?:([a-z][a-z0-9]*(?:-[a-z0-9]+)*)|\(([^()]+(?:\([^()]*\)[^()]*)*)\))$`)

// parseRule reads one rule; see the package's documentation.
func (r *Rubric) parseRule(text string, number func(string, term) matcher) (rule, []string, error) {
	var (
		out     rule
		words   []string
		ordered bool
		wanted  int
	)
	for _, field := range ruleFields(text) {
		switch field {
		case "@sentence":
			out.scope = inSentence
			continue
		case "@next":
			out.scope = inNext
			continue
		case "@answer":
			out.scope = inAnswer
			continue
		case "@list":
			out.list = true
			continue
		case "@short":
			out.short = true
			continue
		case ">":
			ordered = true
			continue
		}
		if count, found := strings.CutPrefix(field, "@least"); found {
			least, err := strconv.Atoi(count)
			if err != nil || least < 1 {
				return rule{}, nil, fmt.Errorf("%q: want a count, as in @least2", field)
			}
			out.least = least
			continue
		}
		match := ruleItem.FindStringSubmatch(field)
		if match == nil {
			return rule{}, nil, fmt.Errorf("cannot read %q", field)
		}
		var i item
		if match[1] != "" {
			i.sign = match[1][0]
		}
		if match[2] != "" {
			t, found := r.terms[match[2]]
			if !found {
				return rule{}, nil, fmt.Errorf("no term is called %q", match[2])
			}
			i.matcher = number(match[2], t)
		} else {
			t, more, err := parseTerm(match[3])
			if err != nil {
				return rule{}, nil, err
			}
			for _, p := range t {
				for _, e := range p {
					if _, found := r.terms[e.term]; e.term != "" && !found {
						return rule{}, nil, fmt.Errorf("no term is called %q", e.term)
					}
				}
			}
			i.matcher, words = number("("+match[3]+")", t), append(words, more...)
		}
		i.ordered, ordered = ordered, false
		if i.wanted() {
			wanted++
		} else if i.ordered {
			return rule{}, nil, fmt.Errorf("%q cannot be both ordered and absent", field)
		}
		out.items = append(out.items, i)
	}
	if wanted == 0 || wanted < out.least {
		return rule{}, nil, fmt.Errorf("rule %q wants too little", text)
	}
	return out, words, nil
}

// ruleFields splits a rule at spaces outside brackets.
func ruleFields(text string) []string {
	var fields []string
	depth, start := 0, -1
	for i, c := range text + " " {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		}
		if c == ' ' && depth <= 0 {
			if start >= 0 {
				fields = append(fields, text[start:i])
			}
			start = -1
		} else if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		fields = append(fields, text[start:])
	}
	return fields
}
