package handlers

import (
	"fmt"
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// worse is how many times a deeper net's loss must be a shallower one's to speak of degradation: seeds differ by less.
const worse = 1.15

// sweepVerdict says in words what a sweep shows, or what it will do.
func sweepVerdict(r sweepResult) views.Text {
	switch {
	case !r.complete():
		return sweepInvitation(r)
	case r.config.Show == "loss":
		return lossVerdict(r)
	case r.config.Show == "grid":
		return gridVerdict(r)
	}
	return gradientVerdict(r)
}

func sweepInvitation(r sweepResult) views.Text {
	depths := r.plan.Depths
	reach := fmt.Sprintf("%d to %d %s", depths[0], depths[len(depths)-1], depthAxis(r.config))
	if len(depths) == 1 {
		reach = fmt.Sprintf("%d %s", depths[0], depthAxis(r.config))
	}
	if r.known > 0 { // under way, or paused
		return views.T(fmt.Sprintf("So far %d of %d nets of %s; what they show is said when all are done.", r.known, len(r.readings), reach))
	}
	nets := fmt.Sprintf("Press Run: %d nets of %s", len(r.readings), reach)
	switch r.config.Show {
	case "loss":
		return views.Join(views.T(nets+", "), views.Plain("plain"), views.T(" and "), views.Residual("residual"),
			views.T(fmt.Sprintf(", learn %d garments in %d steps.", r.config.Count, r.config.Steps)))
	case "grid":
		return views.T(fmt.Sprintf("%s, with and without normalisation and skip, learn %d garments in %d steps.", nets, r.config.Count, r.config.Steps))
	}
	if len(r.readings) == 1 {
		return views.T(fmt.Sprintf("Press Run: one gradient through a net of %s.", reach))
	}
	return views.T(nets + ", one gradient each.")
}

// The fates of a gradient on its way through deeper and deeper nets, the best first.
type fate int

const (
	arrives fate = iota
	grows
	explodes
	fades
	vanishes
	underflows
)

var fateWords = map[fate]string{
	arrives: "it arrives", grows: "it grows", explodes: "it explodes", fades: "it fades", vanishes: "it vanishes all the same", underflows: "it is 0 all the same",
}

// fateOf compares the deepest net's gradient with the shallowest's.
func fateOf(shallow, deep float64) fate {
	ratio := deep / shallow
	switch {
	case math.IsNaN(deep) || math.IsInf(deep, 0):
		return explodes
	case deep == 0:
		return underflows
	case ratio < vanished:
		return vanishes
	case ratio < 0.1:
		return fades
	case ratio > exploded:
		return explodes
	case ratio > 10:
		return grows
	}
	return arrives
}

// gradientVerdict tells the net without a remedy from those with one, by the fate of their gradients.
func gradientVerdict(r sweepResult) views.Text {
	last := len(r.plan.Depths) - 1
	ends := func(line int) (shallow, deep float64) { return r.at(line, 0).Gradient, r.at(line, last).Gradient }
	shallow, deep := ends(0)
	axis := depthAxis(r.config)
	text := views.Join(views.T("Without a remedy the "), views.Plain("plain"), views.T(" net’s first gradient "))
	if last == 0 {
		text = views.Join(text, views.T("is "), views.Num(deep, 2), views.T(fmt.Sprintf(" with %d %s.", r.plan.Depths[0], axis)))
	} else {
		text = views.Join(text, views.T("goes from "), views.Num(shallow, 2), views.T(fmt.Sprintf(" with %d %s to ", r.plan.Depths[0], axis)),
			views.Num(deep, 2), views.T(fmt.Sprintf(" with %d: ", r.plan.Depths[last])), baseFate(fateOf(shallow, deep), r.config.DType), views.T("."))
	}
	groups := map[fate][]views.Text{}
	for i, line := range r.plan.Lines[1:] {
		shallow, deep := ends(i + 1)
		f := fateOf(shallow, deep)
		groups[f] = append(groups[f], views.Join(views.Text{{Text: line.Name, Class: twinOf(line)}}, views.T(" ("), views.Num(deep, 2), views.T(")")))
	}
	if last == 0 { // one depth has no course: only sizes
		var all []views.Text
		for f := arrives; f <= underflows; f++ {
			all = append(all, groups[f]...)
		}
		if len(all) == 0 {
			return text
		}
		return views.Join(text, views.T(" With "), list(all), views.T("."))
	}
	start := " With "
	for f := arrives; f <= underflows; f++ {
		if len(groups[f]) > 0 {
			text = views.Join(text, views.T(start), list(groups[f]), views.T(" "+fateWords[f]))
			start = "; with "
		}
	}
	if start == " With " {
		return text
	}
	return views.Join(text, views.T("."))
}

// baseFate is the fate of the net without a remedy.
func baseFate(f fate, dtype string) views.Text {
	switch f {
	case arrives:
		return views.T("it arrives")
	case grows:
		return views.T("it grows")
	case explodes:
		return views.Join(views.T("it has "), views.Strong("exploded"))
	case fades:
		return views.T("it is fading")
	case underflows:
		return views.Join(views.T("it is "), views.Strong("0 in "+dtype))
	}
	return views.Join(views.T("it has "), views.Strong("vanished"))
}

// list joins texts as a sentence does: a, b and c.
func list(texts []views.Text) views.Text {
	var out views.Text
	for i, t := range texts {
		switch {
		case i > 0 && i == len(texts)-1:
			out = append(out, views.T(" and ")...)
		case i > 0:
			out = append(out, views.T(", ")...)
		}
		out = append(out, t...)
	}
	return out
}

// lossVerdict says whether the deepest plain net learns worse than a shallower one, which it could copy.
func lossVerdict(r sweepResult) views.Text {
	depths, last := r.plan.Depths, len(r.plan.Depths)-1
	plain, residual := *r.at(0, last), *r.at(1, last)
	if last == 0 {
		return views.Join(views.T(fmt.Sprintf("With %d layers the ", depths[0])), views.Plain("plain"), views.T(" net ends at a training loss of "), lossWords(plain),
			views.T(", the "), views.Residual("residual"), views.T(" net at "), lossWords(residual), views.T("."))
	}
	best := 0
	for d := range depths {
		if l := r.at(0, d).Loss; l < r.at(0, best).Loss || math.IsNaN(r.at(0, best).Loss) {
			best = d
		}
	}
	from := *r.at(0, best)
	text := views.Join(views.T("The "), views.Plain("plain"), views.T(" net’s training loss "))
	degrades := plain.Diverged && !from.Diverged || plain.Loss > worse*from.Loss
	switch {
	case degrades:
		text = views.Join(text, views.T("rises from "), lossWords(from), views.T(fmt.Sprintf(" at depth %d to ", depths[best])), lossWords(plain),
			views.T(fmt.Sprintf(" at depth %d, though the deeper net could copy the shallower one: ", depths[last])), views.Strong("degradation"), views.T(". "))
		if g := plain.Gradient; g > vanished && !plain.Diverged {
			text = views.Join(text, views.T("It is no vanishing: the first gradient there starts at "), views.Num(g, 2), views.T(". "))
		}
	default:
		text = views.Join(text, views.T("goes from "), lossWords(*r.at(0, 0)), views.T(fmt.Sprintf(" at depth %d to ", depths[0])), lossWords(plain),
			views.T(fmt.Sprintf(" at depth %d: no degradation here. ", depths[last])))
	}
	return views.Join(text, views.T("The "), views.Residual("residual"), views.T(" net’s goes from "), lossWords(*r.at(1, 0)), views.T(" to "), lossWords(residual), views.T("."))
}

// lossWords is a reading's loss in a sentence.
func lossWords(r experiment.Reading) views.Text {
	if r.Diverged {
		return views.T("no number any more")
	}
	return views.Num(r.Loss, 2)
}

// gridVerdict compares the four nets with the one that has neither remedy.
func gridVerdict(r sweepResult) views.Text {
	norm := r.config.Norm + " norm"
	cells := []struct {
		name  views.Text
		index int
	}{
		{views.Join(views.T("the "), views.Residual("skip"), views.T(" alone")), 1}, {views.T(norm + " alone"), 2}, {views.T("both"), 3},
	}
	told := func(i int) views.Text {
		c := *r.at(i, 0)
		return views.Join(views.Num(c.Gradient, 2), views.T(" and "), lossWords(c))
	}
	text := views.Join(views.T(fmt.Sprintf("With %d layers and neither, the ", r.plan.Depths[0])), views.Plain("plain"), views.T(" net’s first gradient is "),
		views.Num(r.at(0, 0).Gradient, 2), views.T(" and its training loss ends at "), lossWords(*r.at(0, 0)), views.T(". "))
	for i, cell := range cells {
		lead := []string{"With ", "; with ", "; with "}[i]
		text = views.Join(text, views.T(lead), cell.name, views.T(": "), told(cell.index))
	}
	best := 0
	for i := range r.plan.Lines {
		if l := r.at(i, 0).Loss; l < r.at(best, 0).Loss || math.IsNaN(r.at(best, 0).Loss) {
			best = i
		}
	}
	names := []views.Text{views.T("neither"), cells[0].name, cells[1].name, cells[2].name}
	return views.Join(text, views.T(". The lowest loss: "), names[best], views.T("."))
}
