package board

import (
	"fmt"
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// trainInvitation says what a run will do that is not known yet.
func trainInvitation(c experiment.Train) views.Text {
	nets, course := views.T("Press Run to train "+netName(c)), views.T(fmt.Sprintf(" on %s for %s.", Counted(c.Count, "image"), Counted(c.Steps, "step")))
	if !c.HasTwin() {
		return views.Join(nets, course)
	}
	return views.Join(nets, views.T(", "), views.Plain("plain"), views.T(" and "), views.Residual("residual"), views.T(","), course)
}

// netName is a net in words.
func netName(c experiment.Train) string {
	switch c.Net {
	case "deep":
		return fmt.Sprintf("a CNN of %d layers", 6*c.N+2)
	case "mlp":
		return fmt.Sprintf("a fully connected net of %d layers", c.Depth+2)
	}
	switch c.Depth {
	case 0:
		return "the course notebook’s CNN"
	case 1:
		return "the course notebook’s CNN with 1 more layer"
	}
	return fmt.Sprintf("the course notebook’s CNN with %d more layers", c.Depth)
}

// trainVerdict says in words what a finished run showed.
func trainVerdict(c experiment.Train, p TrainTwins) views.Verdict {
	if !c.HasTwin() {
		o := p.Plain
		if last := o.Steps[len(o.Steps)-1]; last.Diverged {
			return views.Verdict{Says: views.T(Diverged(last))}
		}
		course := views.Join(views.T("The loss goes from "), views.Num(o.Steps[0].Loss, 3), views.T(" to "), views.Num(lastLoss(o), 2), views.T(fmt.Sprintf(" in %d steps", len(o.Steps))+meanOf(c, "the mean")))
		if len(o.Steps) == 1 {
			course = views.Join(views.T("The loss is "), views.Num(o.Steps[0].Loss, 3), views.T(" before the one step"))
		}
		return views.Verdict{Says: views.Join(course, views.T(".")), Aside: memory(c, o, views.T("The net"))}
	}
	best, name := better(p)
	lead := fmt.Sprintf("After %d steps the ", c.Steps)
	if c.Steps == 1 { // a step's loss is computed before it moves the weights
		lead = "Before the one step the "
	}
	v := views.Verdict{
		Says: views.Join(
			views.T(lead), views.Plain("plain"), views.T(" net’s loss is "), ending(p.Plain),
			views.T(", the "), views.Residual("residual"), views.T(" net’s "), ending(p.Residual), views.T(meanOf(c, "means")+".")),
		Aside: views.Join(views.T("At the start the first layer’s gradient was "), gradientWords(p.Plain.Steps[0].GradNorms[0]),
			views.T(" in the one and "), gradientWords(p.Residual.Steps[0].GradNorms[0]), views.T(" in the other.")),
	}
	if p.Plain.Steps[len(p.Plain.Steps)-1].Diverged || p.Residual.Steps[len(p.Residual.Steps)-1].Diverged {
		v.Aside = views.Join(v.Aside, views.T(" "+divergenceAdvice))
	}
	if known := memory(c, best, views.Join(views.T("The "), name, views.T(" net"))); known != nil {
		v.Aside = views.Join(v.Aside, views.T(" "), known)
	}
	return v
}

// Counted is a number of things: 1 step, 2 steps.
func Counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// ending is a run's last loss, or that it has none.
func ending(o *experiment.Outcome) views.Text {
	if last := o.Steps[len(o.Steps)-1]; last.Diverged {
		return views.Join(views.Strong("no longer a number"), views.T(fmt.Sprintf(" since step %d", last.Number)))
	}
	return views.Num(lastLoss(o), 2)
}

// lastLoss is a run's training loss at its end: of the last step where every step sees all images, else the mean of the
// last few, since one batch alone jumps about.
func lastLoss(o *experiment.Outcome) float64 {
	if inBatches(o.Train()) {
		return experiment.Read(o).Loss
	}
	return o.Steps[len(o.Steps)-1].Loss
}

// inBatches says whether a step sees a part of the images only.
func inBatches(c experiment.Train) bool { return c.Batch < c.Count }

// meanOf says what the loss of a run in batches is a mean of; means is that word, as the sentence has it.
func meanOf(c experiment.Train, means string) string {
	if inBatches(c) && c.Steps > 1 {
		return fmt.Sprintf(" (%s of the last %d)", means, min(experiment.Tail, c.Steps))
	}
	return ""
}

// better is the twin that ended with the lower training loss, and its name. One that diverged is never better.
func better(p TrainTwins) (*experiment.Outcome, views.Text) {
	if plain := lastLoss(p.Plain); math.IsNaN(plain) || lastLoss(p.Residual) < plain {
		return p.Residual, views.Residual("residual")
	}
	return p.Plain, views.Plain("plain")
}

// guessing is the accuracy of new images up to which a net of ten classes may be said to guess: chance is 0.1, and a
// hundred images, or labels that are not evenly spread, differ from it.
const guessing = 0.25

// memory compares what a net learnt with what it knows of new images. subject begins its sentence.
func memory(c experiment.Train, o *experiment.Outcome, subject views.Text) views.Text {
	last := o.Steps[len(o.Steps)-1]
	trained := "the images it trained on"
	if inBatches(c) {
		trained = "its last batch"
	}
	shares := fmt.Sprintf("right on %s of %s and on %s of new images", percent(last.Accuracy), trained, percent(o.Test.Accuracy))
	switch {
	case last.Diverged:
		return nil
	case c.Data == "noise" && last.Accuracy > 0.9 && o.Test.Accuracy < guessing:
		return views.Join(subject, views.T(" has "), views.Strong("memorised"), views.T(" noise: it is "+shares+", no better than guessing."))
	case max(last.Accuracy, o.Test.Accuracy) < 0.2:
		return views.Join(subject, views.T(" has learnt next to nothing: it is "+shares+"."))
	}
	return views.Join(subject, views.T(" is "+shares+"."))
}

// Diverged says in words that a run broke off.
func Diverged(s experiment.Step) string {
	return fmt.Sprintf("The loss is no longer a number at step %d: the run has diverged. %s", s.Number, divergenceAdvice)
}

const divergenceAdvice = "Try a smaller learning rate, normalisation or clipping."

// TwinName is the twin that a config is. A net without a layer to skip is plain.
func TwinName(c experiment.Train) string {
	if c.Residual() && c.HasTwin() {
		return "residual"
	}
	return "plain"
}
