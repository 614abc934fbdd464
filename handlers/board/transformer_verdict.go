package board

import (
	"fmt"
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// transformerInvitation stands in the place of what a run shows.
func transformerInvitation(c experiment.Transformer) views.Verdict {
	return views.Verdict{Says: views.Join(views.T(fmt.Sprintf("Two Transformers of %s, ", Counted(c.Layers, "layer"))), postLN, views.T(" and "), preLN,
		views.T(fmt.Sprintf(", learn to %s sequences, %s. Press Run.", c.Task, warmupOf(c))))}
}

// The twins by their names: post-LN normalises on the skip's path, which pre-LN leaves alone.
var (
	postLN = views.Plain("post-LN")
	preLN  = views.Residual("pre-LN")
)

func warmupOf(c experiment.Transformer) string {
	if c.Warmup == 0 {
		return "without warm-up"
	}
	return fmt.Sprintf("with a warm-up of %s", Counted(c.Warmup, "step"))
}

// TransformerTwins are both trainings as far as they are known: nil while not trained.
type TransformerTwins struct{ Post, Pre *experiment.Outcome }

func (p TransformerTwins) known() bool { return p.Post != nil && p.Pre != nil }

// transformerVerdict says what both have learnt, and what became of their gradients.
func transformerVerdict(c experiment.Transformer, p TransformerTwins) views.Verdict {
	begins, post, pre := warmupOf(c), stateOfNet(c, p.Post), stateOfNet(c, p.Pre)
	says := views.T("W" + begins[1:] + ", ")
	if post == pre && post != diverged && percent(p.Post.Test.Accuracy) == percent(p.Pre.Test.Accuracy) {
		says = views.Join(says, postLN, views.T(" and "), preLN, views.T(" have both learnt "), learntWords(c, post, p.Post, " of new tokens"))
	} else {
		of := " of new tokens" // said once
		says = views.Join(says, postLN, netWords(c, post, p.Post, of))
		if post != diverged {
			of = ""
		}
		says = views.Join(says, views.T("; "), preLN, netWords(c, pre, p.Pre, of))
	}
	return views.Verdict{Says: views.Join(says, views.T(".")), Aside: firstLayerWords(p)}
}

// What a net has come to.
type netState int

const (
	diverged netState = iota
	guesses           // it is as often right as who knows how often each token comes
	learns            // more often
	knows             // nearly always
)

func stateOfNet(c experiment.Transformer, o *experiment.Outcome) netState {
	chance := 1 / float64(c.Vocabulary)
	switch {
	case o.Steps[len(o.Steps)-1].Diverged:
		return diverged
	case o.Test.Accuracy >= 0.95:
		return knows
	case o.Test.Accuracy < min(1.7*chance, chance+0.07):
		return guesses
	}
	return learns
}

// netWords say of a net what it has come to.
func netWords(c experiment.Transformer, state netState, o *experiment.Outcome, of string) views.Text {
	if state == diverged {
		return views.T(fmt.Sprintf(" diverged at step %d", o.Steps[len(o.Steps)-1].Number))
	}
	return views.Join(views.T(" has learnt "), learntWords(c, state, o, of))
}

// learntWords say what, after "learnt"; of names what the share is of.
func learntWords(c experiment.Transformer, state netState, o *experiment.Outcome, of string) views.Text {
	right := percent(o.Test.Accuracy) + of + " right"
	switch state {
	case guesses:
		return views.Join(views.Strong("nothing"), views.T(": "+right+", as by guessing"))
	case learns:
		return views.T("in part: " + right)
	}
	return views.T(fmt.Sprintf("to %s: %s", c.Task, right))
}

// looked is the step at which the gradients are looked at again.
const looked = 20

// firstLayerWords compare the first layer's gradient with the last one's, at the start and some steps later.
func firstLayerWords(p TransformerTwins) views.Text {
	if len(p.Post.Info.Layers) == 1 {
		return nil
	}
	at := min(looked, len(p.Post.Steps)-1, len(p.Pre.Steps)-1)
	of := func(o *experiment.Outcome, moment int) views.Text {
		share := firstToLast(o.Steps[moment])
		if math.IsNaN(share) || math.IsInf(share, 0) {
			return views.T("no number")
		}
		return views.Join(views.Num(share, 2), views.T(" times"))
	}
	text := views.Join(views.T("At step 0 the first layer’s gradient is "), of(p.Post, 0), views.T(" the last layer’s in "), postLN,
		views.T(" and "), of(p.Pre, 0), views.T(" in "), preLN)
	if at > 0 {
		text = views.Join(text, views.T(fmt.Sprintf("; at step %d, ", at)), of(p.Post, at), views.T(" and "), of(p.Pre, at))
	}
	return views.Join(text, views.T("."))
}
