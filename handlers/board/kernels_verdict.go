package board

import (
	"fmt"
	"math"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// kernelVerdict says in words what the maps show: what the stage in hand answers to, then why, and what is left of the whole stack.
func kernelVerdict(r experiment.KernelsResult, lack Lack) views.Verdict {
	switch lack {
	case Awaited:
		return views.Verdict{Says: views.T("The run that learnt this kernel is being trained; its kernel comes in a moment.")}
	case TooLong:
		return views.Verdict{Says: views.T("The run that learnt this kernel is not on this server yet, and it is too long to be trained unasked.")}
	}
	stage, found := stageInHand(r)
	if !found {
		return views.Verdict{Says: views.T("There is nothing to compute yet.")}
	}
	says, why := stageStory(r, stage)
	rest := goneStory(stage)
	if n := len(r.Stages); n > 1 {
		last := r.Stages[n-1]
		field := min(last.Field, r.Image.Side) // zeros around the image are no part of it
		rest = views.T(fmt.Sprintf("After %s stages, %s at most %d × %d pixels of the image.",
			[]string{"", "", "two", "three"}[n], valuesLeft(last.Output.Side), field, field))
	}
	if why != nil && rest != nil {
		why = views.Join(why, views.T(" "))
	}
	return views.Verdict{Says: says, Aside: views.Join(why, rest)}
}

func valuesLeft(side int) string {
	if side == 1 {
		return "one value is left, and it sees"
	}
	return fmt.Sprintf("%d × %d values are left, and each sees", side, side)
}

// stageInHand is the stage whose pixel is looked at.
func stageInHand(r experiment.KernelsResult) (experiment.StageResult, bool) {
	for _, s := range r.Stages {
		if s.Number == r.Pixel.Stage {
			return s, true
		}
	}
	return experiment.StageResult{}, false
}

// stageStory is what one stage's numbers say, and why.
func stageStory(r experiment.KernelsResult, s experiment.StageResult) (says, why views.Text) {
	m := s.Measure
	of, name := "the kernel ", views.Strong(kernelName(r.Config, s))
	if s.Config.Kernel == "learnt" {
		of, name = "the learnt kernel of ", views.Strong(fmt.Sprintf("channel %d", s.Config.Unit))
	}
	switch {
	case m.Row < 0 || math.IsNaN(m.Mean):
		return views.Join(views.T("T"+of[1:]), name, views.T(" has weights that are not finite: its run diverged.")), nil
	case m.Low == m.High && s.Sum.Side == 1:
		return views.Join(views.T("The one sum of "+of), name, views.T(" is "), views.Num(m.Low, 3), views.T(".")), nil
	case m.Low == m.High && m.InContrast == 0:
		return views.Join(views.T("Every sum of "+of), name, views.T(" is "), views.Num(m.Low, 3), views.T(": its image is even, and there is nothing to find.")), nil
	case m.Low == m.High:
		return views.Join(views.T("Every sum of "+of), name, views.T(" is "), views.Num(m.Low, 3), views.T(".")), nil
	}
	says = views.Join(views.T("T"+of[1:]), name, views.T(" answers most strongly at "),
		views.T(fmt.Sprintf("row %d, column %d: ", m.Row, m.Column)), views.Num(s.Sum.At(m.Row, m.Column), 3), views.T("."))
	return says, weightsStory(s)
}

// weightsStory says what the sum of the weights does to even areas, and the map's contrast.
func weightsStory(s experiment.StageResult) views.Text {
	m, total := s.Measure, s.Kernel.Sum()
	change := m.Contrast / m.InContrast
	switch {
	case math.Abs(total) < 1e-6:
		return views.T(fmt.Sprintf("Its weights add up to 0, so even areas cancel: %s of the sums are less than a tenth of the strongest.", percent(m.Quiet)))
	case math.Abs(total-1) < 1e-6 && change < 0.95:
		return views.Join(views.T("Its weights add up to 1, so brightness stays, and neighbours differ by "), views.T(percent(1-change)), views.T(" less: it blurs."))
	case math.Abs(total-1) < 1e-6 && change > 1.05:
		return views.Join(views.T("Its weights add up to 1, so brightness stays, and neighbours differ "), views.Num(change, 2), views.T(" times as much: it sharpens."))
	case math.Abs(total-1) < 1e-6:
		return views.T("Its weights add up to 1, so brightness stays.")
	}
	even := views.Join(views.T("Its weights add up to "), views.Num(total, 3), views.T(": an even area is multiplied by that"))
	if s.Kernel.Bias != 0 {
		even = views.Join(even, views.T(", and the bias "), views.Num(s.Kernel.Bias, 2), views.T(" is added"))
	}
	return views.Join(even, views.T("."))
}

// goneStory says what the activation threw away.
func goneStory(s experiment.StageResult) views.Text {
	if s.Measure.Gone == 0 || s.Measure.Low == s.Measure.High {
		return nil
	}
	return views.T(fmt.Sprintf("%s then sets %s to 0.", activationLabel(s.Config.Activation), percent(s.Measure.Gone)))
}

// kernelName is a stage's kernel in words.
func kernelName(c experiment.Kernels, s experiment.StageResult) string {
	if s.Config.Kernel == "learnt" {
		return fmt.Sprintf("learnt, channel %d", s.Config.Unit)
	}
	return labelOf("kernel", s.Config.Kernel)
}

func activationLabel(name string) string {
	label := labelOf("activation", name)
	return strings.ToUpper(label[:1]) + label[1:]
}

// labelOf is the label of a choice of the kernels' table.
func labelOf(field, value string) string {
	t := experiment.KernelsTable()
	return t.Field(t.Default(), field).LabelOf(value)
}
