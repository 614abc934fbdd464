package hint

// Work is what it took to find the concepts in an answer, and the sizes that it is measured by.
type Work struct {
	Compared, Tried, Matched, Steps int // see work
	Tokens                          int // of the answer
	Rules, Words                    int // of the rubric
}

// Work finds the concepts in an answer and returns what that took.
func (r *Rubric) Work(answer string) Work {
	a := r.read(answer)
	a.findings()
	w := Work{a.work.compared, a.work.tried, a.work.matched, a.work.steps, len(a.tokens), 0, len(r.speller.words)}
	for _, c := range r.concepts {
		w.Rules += len(c.rules) + len(c.misconceptions)
	}
	return w
}

// A RuleHit is a rule that holds in an answer.
type RuleHit struct {
	Concept       string
	Path          string // where the rule stands in its file: "$.misconceptions.any[2]"
	Rule          string
	Misconception bool // what it holds of names no concept; the others are tried in what is left
	Spans         []Span
}

// Trace returns every rule that holds in an answer, where Find is content with the first one of a concept.
func (r *Rubric) Trace(answer string) []RuleHit {
	if r == nil {
		return nil
	}
	a := r.read(answer)
	var hits []RuleHit
	for _, c := range r.concepts {
		none := make([]bool, len(a.sentences))
		for _, rule := range c.misconceptions {
			if spans, holds := a.try(rule, none); holds {
				hits = append(hits, RuleHit{c.id, rule.path, rule.text, true, spans})
			}
		}
		wrong := a.falseOf(c)
		for _, rule := range c.rules {
			if spans, holds := a.try(rule, wrong); holds {
				hits = append(hits, RuleHit{c.id, rule.path, rule.text, false, spans})
			}
		}
	}
	return hits
}
