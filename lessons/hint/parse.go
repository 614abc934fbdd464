package hint

import (
	"fmt"
	"maps"
	"slices"
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

// written is a rubric, or the common terms, as its YAML has it.
type written struct {
	Terms          map[string]string   `yaml:"terms"`
	Opposites      map[string]string   `yaml:"opposites"`
	Concepts       map[string][]string `yaml:"concepts"`
	Misconceptions map[string][]string `yaml:"misconceptions"` // by the concept that they are taken for
}

// A parser makes a rubric.
type parser struct {
	*Rubric
	numbers    map[string]matcher // by the term's name, or by what stands in the brackets
	vocabulary []string           // the plain words of all terms and rules
}

// ParseRubric reads a rubric as the package's documentation writes it. question is the question's own
// words, which count for nothing when an answer repeats them. ids are the concepts that it may name;
// one without rules is never found.
func ParseRubric(source []byte, question string, ids []string) (*Rubric, error) {
	var common, own written
	if err := yaml.Unmarshal(commonTerms, &common); err != nil {
		return nil, fmt.Errorf("common terms: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(source, &own, yaml.Strict()); err != nil {
		return nil, err
	}
	maps.Copy(common.Terms, own.Terms)
	p := &parser{&Rubric{terms: map[string]term{}, echo: echoes(question), source: source, question: question, ids: ids}, map[string]matcher{}, nil}
	if err := p.readTerms(common.Terms); err != nil {
		return nil, err
	}
	if err := p.readOpposites(own.Opposites); err != nil {
		return nil, err
	}
	if err := p.readConcepts(own, ids); err != nil {
		return nil, err
	}
	p.speller, p.index = newSpeller(append(p.vocabulary, negatorWords...)), newIndex(p.matchers, p.terms)
	p.version = versionOf(source, question, ids, p.speller)
	return p.Rubric, nil
}

// number is the place of a term among the matchers, where it is entered once.
func (p *parser) number(text string, t term) matcher {
	m, known := p.numbers[text]
	if !known {
		m = matcher(len(p.matchers))
		p.numbers[text], p.matchers = m, append(p.matchers, t)
	}
	return m
}

func (p *parser) readTerms(all map[string]string) error {
	names := slices.Sorted(maps.Keys(all))
	for _, name := range names {
		t, err := p.parseTerm(all[name])
		if err != nil {
			return &RuleError{"$.terms." + name, err.Error()}
		}
		p.terms[name] = t
	}
	for _, name := range names {
		if err := p.resolve(name, nil); err != nil {
			return &RuleError{"$.terms." + name, err.Error()}
		}
	}
	return nil
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

func (p *parser) readOpposites(all map[string]string) error {
	for _, one := range slices.Sorted(maps.Keys(all)) {
		var pair [2]matcher
		for i, name := range []string{one, all[one]} {
			t, found := p.terms[name]
			if !found {
				return &RuleError{"$.opposites." + one, fmt.Sprintf("no term is called %q", name)}
			}
			pair[i] = p.number(name, t)
		}
		p.opposites = append(p.opposites, pair)
	}
	return nil
}

func (p *parser) readConcepts(own written, ids []string) error {
	for _, section := range []struct {
		name  string
		ids   []string
		rules map[string][]string
	}{{"concepts", ids, own.Concepts}, {"misconceptions", append(slices.Clone(ids), anyConcept), own.Misconceptions}} {
		for _, id := range slices.Sorted(maps.Keys(section.rules)) {
			if !slices.Contains(section.ids, id) {
				return &RuleError{"$." + section.name + "." + id, "is no concept of the question"}
			}
		}
	}
	ofAny, err := p.readRules("misconceptions", anyConcept, own.Misconceptions[anyConcept])
	if err != nil {
		return err
	}
	for _, id := range ids {
		c := concept{id: id}
		if c.rules, err = p.readRules("concepts", id, own.Concepts[id]); err != nil {
			return err
		}
		if c.misconceptions, err = p.readRules("misconceptions", id, own.Misconceptions[id]); err != nil {
			return err
		}
		c.misconceptions = append(c.misconceptions, ofAny...)
		p.concepts = append(p.concepts, c)
	}
	return nil
}

// readRules reads the rules of a section for a concept.
func (p *parser) readRules(section, id string, texts []string) (rules []rule, err error) {
	for i, text := range texts {
		path := fmt.Sprintf("$.%s.%s[%d]", section, id, i)
		parsed, err := p.parseRule(text)
		if err != nil {
			return nil, &RuleError{path, err.Error()}
		}
		parsed.path, parsed.text = path, text
		rules = append(rules, parsed)
	}
	return rules, nil
}
