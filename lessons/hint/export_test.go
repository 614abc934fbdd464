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
