package hint

// A RuleHit is a rule that holds in an answer, for who writes rules.
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
