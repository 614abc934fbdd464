package class

import (
	"gradlab/classroom"
)

// lecture is the plan that a new class starts with: the questions' way through the labs, with three predictions whose
// truth the labs compute. A teacher changes it on the way.
func (s *Pages) lecture() []classroom.Stop {
	plan := []classroom.Stop{
		{Kind: classroom.Show, Title: "One number through four layers", Path: "/labs/chain?activation=tanh&depth=4&skip=none&x=10",
			Notes: "The notebook’s own setting: its four printed gradients are the four bars. Layer 1 receives exactly 0: in float32 tanh(10) rounds to 1, and its slope to 0."},
		{Kind: classroom.Predict, Form: classroom.Power, Title: "Sigmoid, depth 20, every weight 1. Layer 20’s gradient is about 0.05. What is layer 1’s, as a power of ten?",
			Path: "/labs/chain?skip=none", Truth: classroom.Truth{Lab: "chain", Path: "grad_w[0]"},
			Notes: "The sigmoid’s slope is at most ¼, so twenty layers multiply by at most (¼)²⁰ ≈ 10⁻¹². Expect guesses that are too high."},
		{Kind: classroom.Show, Title: "The same chain with a skip", Path: "/labs/chain",
			Notes: "The factor of each layer is f′(a)·w + 1 now. Press S to go back and forth."},
	}
	plan = s.asks(plan, "vanishing-gradient", "/labs/chain?skip=none", "Pick two answers that say different things, and show them side by side.")
	plan = append(plan, classroom.Stop{
		Kind: classroom.Predict, Form: classroom.Choice, Title: "Ten tanh layers learn fifty random labels for 30 steps. Which twin ends with the lower training loss?",
		Choices: []string{"plain", "residual"}, Path: "/labs/train?activation=tanh&batch=50&count=50&depth=10&steps=30", Truth: classroom.Truth{Lab: "train", Path: "losses[-1]", Lower: true},
		Notes: "Same weights, same order of images. Run, and let them watch the loss fall before you reveal."})
	plan = s.asks(plan, "residual-fit", "/labs/train?activation=tanh&batch=50&count=50&depth=10&steps=30", "Memorising is not learning: the test accuracy stays at chance.")
	plan = s.asks(plan, "how-skips-help", "/labs/chain", "")
	return plan
}

// asks adds one of the site's questions to a plan, where the site has it.
func (s *Pages) asks(plan []classroom.Stop, slug, path, notes string) []classroom.Stop {
	q, found := s.library.Question(slug)
	if !found {
		return plan
	}
	stop := classroom.Stop{Kind: classroom.Ask, Title: q.Title, Question: slug, Path: path, Notes: notes}
	if len(q.Parts) > 0 {
		stop.Part = q.Parts[0].ID
	}
	return append(plan, stop)
}
