package hint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// parseTerm reads "shrink | go .. to zero | {other}". Its plain words go to the vocabulary.
func (p *parser) parseTerm(text string) (t term, err error) {
	for _, alternative := range strings.Split(text, "|") {
		var made phrase
		for _, piece := range strings.Fields(alternative) {
			switch {
			case piece == "..":
				made = append(made, element{gap: true})
			case piece == "_":
				made = append(made, element{any: true})
			case piece == "_=":
				made = append(made, element{again: true})
			case piece == "0<#<1":
				made = append(made, element{below1: true})
			case strings.HasPrefix(piece, "{") && strings.HasSuffix(piece, "}"):
				made = append(made, element{term: piece[1 : len(piece)-1]})
			case strings.HasPrefix(piece, "=") && len(piece) > 1:
				made, p.vocabulary = append(made, element{stem: piece[1:], exact: true}), append(p.vocabulary, piece[1:])
			case strings.HasSuffix(piece, "*") && len(piece) > 1:
				made = append(made, element{stem: strings.ToLower(piece[:len(piece)-1]), prefix: true})
			default:
				for _, t := range tokenise(piece) {
					if t.kind == stop {
						return nil, fmt.Errorf("phrase %q holds the end of a sentence", alternative)
					}
					if t.kind == word {
						t.stem, p.vocabulary = stem(t.word), append(p.vocabulary, t.word)
					}
					made = append(made, element{stem: t.stem})
				}
			}
		}
		if len(made) == 0 || made[0].gap || made[len(made)-1].gap {
			return nil, fmt.Errorf("phrase %q is empty, or .. stands at one of its ends", alternative)
		}
		t = append(t, made)
	}
	return t, nil
}

var ruleItem = regexp.MustCompile(`^([+!?~^-]?)(?:([a-z][a-z0-9]*(?:-[a-z0-9]+)*)|\(([^()]+(?:\([^()]*\)[^()]*)*)\))$`)

// parseRule reads one rule; see the package's documentation.
func (p *parser) parseRule(text string) (out rule, err error) {
	ordered, wanted := false, 0
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
			if out.least, err = strconv.Atoi(count); err != nil || out.least < 1 {
				return rule{}, fmt.Errorf("%q: want a count, as in @least2", field)
			}
			continue
		}
		i, err := p.parseItem(field)
		if err != nil {
			return rule{}, err
		}
		i.ordered, ordered = ordered, false
		if i.wanted() {
			wanted++
		} else if i.ordered {
			return rule{}, fmt.Errorf("%q cannot be both ordered and absent", field)
		}
		out.items = append(out.items, i)
	}
	if wanted == 0 || wanted < out.least {
		return rule{}, fmt.Errorf("rule %q wants too little", text)
	}
	return out, nil
}

// parseItem reads a part of a rule: a sign, and a term by its name or in brackets.
func (p *parser) parseItem(field string) (i item, err error) {
	match := ruleItem.FindStringSubmatch(field)
	if match == nil {
		return i, fmt.Errorf("cannot read %q", field)
	}
	if match[1] != "" {
		i.sign = match[1][0]
	}
	if name := match[2]; name != "" {
		t, found := p.terms[name]
		if !found {
			return i, fmt.Errorf("no term is called %q", name)
		}
		i.matcher = p.number(name, t)
		return i, nil
	}
	t, err := p.parseTerm(match[3])
	if err != nil {
		return i, err
	}
	for _, phrase := range t {
		for _, e := range phrase {
			if _, found := p.terms[e.term]; e.term != "" && !found {
				return i, fmt.Errorf("no term is called %q", e.term)
			}
		}
	}
	i.matcher = p.number("("+match[3]+")", t)
	return i, nil
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
