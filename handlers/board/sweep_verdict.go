package board

import (
	"fmt"
	"math"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// worse is how many times a deeper net's loss must be a shallower one's to speak of degradation: seeds differ by less.
const worse = 1.15

// sweepVerdict says in words what a sweep shows, or what it will do.
func sweepVerdict(r sweepResult) views.Verdict {
	switch {
	case !r.complete():
		return views.Verdict{Says: sweepInvitation(r)}
	case r.config.Show == "loss":
		return lossVerdict(r)
	case r.config.Show == "grid":
		return gridVerdict(r)
	case len(r.plan.Depths) == 1:
		return sizesVerdict(r)
	}
	return gradientVerdict(r)
}

func sweepInvitation(r sweepResult) views.Text {
	depths := r.plan.Depths
	reach := withLayers(r, 0)
	if len(depths) > 1 {
		reach = fmt.Sprintf("%d to %s", depths[0], withLayers(r, len(depths)-1))
	}
	if r.known > 0 { // under way, or paused
		return views.T(fmt.Sprintf("So far %d of %d nets of %s are computed; what they show is said when all are.", r.known, len(r.readings), reach))
	}
	nets := fmt.Sprintf("Press Run to train %d nets of %s", len(r.readings), reach)
	course := fmt.Sprintf(", on %s for %s.", Counted(r.config.Count, "garment"), Counted(r.config.Steps, "step"))
	switch r.config.Show {
	case "loss":
		return views.Join(views.T(nets+", "), views.Plain("plain"), views.T(" and "), views.Residual("residual"),
			views.T(course))
	case "grid":
		return views.T(nets + ", with and without normalisation and skip" + course)
	}
	if len(r.readings) == 1 {
		return views.T(fmt.Sprintf("Press Run to send one gradient back through a net of %s.", reach))
	}
	return views.T(fmt.Sprintf("Press Run to send one gradient back through each of %d nets of %s.", len(r.readings), reach))
}

// withLayers is one of the depths in words: 1 hidden layer, 20 weighted layers.
func withLayers(r sweepResult, depth int) string {
	return Counted(r.plan.Depths[depth], strings.TrimSuffix(depthAxis(r.config), "s"))
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
	arrives: "it arrives", grows: "it grows", explodes: "it explodes", fades: "it fades", vanishes: "it vanishes", underflows: "it is 0",
}

// fateOf compares the deepest net's gradient with the shallowest's.
func fateOf(shallow, deep float64) fate {
	ratio := deep / shallow
	switch {
	case math.IsNaN(ratio) || math.IsInf(ratio, 0) || math.IsInf(shallow, 0):
		return explodes
	case deep == 0:
		return underflows
	case ratio < vanished || deep < tiny && ratio <= 10:
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

// sizesVerdict says how large the gradients of nets of one depth are: they have no course.
func sizesVerdict(r sweepResult) views.Verdict {
	size := func(line int) views.Text { return gradientWords(r.at(line, 0).Gradient) }
	v := views.Verdict{Says: views.Join(views.T("With "+withLayers(r, 0)+" and no remedy, the "), views.Plain("plain"), views.T(" net’s first gradient is "), size(0), views.T("."))}
	var others []views.Text
	for i, line := range r.plan.Lines[1:] {
		others = append(others, views.Join(size(i+1), views.T(" with "), lineName(line)))
	}
	if len(others) > 0 {
		v.Aside = views.Join(views.T("It is "), list(others), views.T("."))
	}
	return v
}

// gradientVerdict tells the net without a remedy from those with one, by the fate of their gradients.
func gradientVerdict(r sweepResult) views.Verdict {
	last := len(r.plan.Depths) - 1
	course := func(line int) (shallow, deep float64) { return r.at(line, 0).Gradient, r.at(line, last).Gradient }
	shallow, deep := course(0)
	base := fateOf(shallow, deep)
	v := views.Verdict{Says: views.Join(views.T("Without a remedy the "), views.Plain("plain"), views.T(" net’s first gradient goes from "), gradientWords(shallow),
		views.T(fmt.Sprintf(" with %s to ", withLayers(r, 0))), gradientWords(deep), views.T(fmt.Sprintf(" with %d: ", r.plan.Depths[last])), baseFate(base, r.config.DType), views.T("."))}
	groups := map[fate][]views.Text{}
	for i, line := range r.plan.Lines[1:] {
		shallow, deep := course(i + 1)
		f := fateOf(shallow, deep)
		groups[f] = append(groups[f], views.Join(lineName(line), views.T(" ("), gradientWords(deep), views.T(")")))
	}
	start := "With "
	for f := arrives; f <= underflows; f++ {
		if len(groups[f]) == 0 {
			continue
		}
		v.Aside = views.Join(v.Aside, views.T(start), list(groups[f]), views.T(" "+fateWords[f]))
		if f >= vanishes && base >= vanishes {
			v.Aside = views.Join(v.Aside, views.T(" all the same"))
		}
		start = "; with "
	}
	if len(v.Aside) > 0 {
		v.Aside = views.Join(v.Aside, views.T("."))
	}
	return v
}

// lineName is a line in a sentence.
func lineName(l experiment.Line) views.Text { return views.Text{{Text: l.Name, Class: twinOf(l)}} }

// gradientWords is a gradient in a sentence.
func gradientWords(v float64) views.Text {
	if math.IsNaN(v) {
		return views.T("no number")
	}
	return views.Num(v, 2)
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

// lossVerdict says whether the deepest plain net learns worse than a shallower one, which it could copy, and whether its
// gradient may be why.
func lossVerdict(r sweepResult) views.Verdict {
	last := len(r.plan.Depths) - 1
	plain, residual := *r.at(0, last), *r.at(1, last)
	if last == 0 {
		return views.Verdict{Says: views.Join(views.T(fmt.Sprintf("With %d layers the ", r.plan.Depths[0])), views.Plain("plain"), views.T(" net "), ends(plain),
			views.T(", the "), views.Residual("residual"), views.T(" net "), ends(residual), views.T("."))}
	}
	at := func(line, d int) views.Text {
		return views.Join(lossWords(*r.at(line, d)), views.T(fmt.Sprintf(" at depth %d", r.plan.Depths[d])))
	}
	net := views.Join(views.T("The "), views.Plain("plain"), views.T(" net"))
	best := r.bestBelow(last)
	var v views.Verdict
	switch {
	case plain.Diverged && r.at(0, best).Diverged:
		v.Says = views.Join(net, views.T(" diverges at every depth."))
	case r.degrades(last):
		v.Says = views.Join(net, views.T("’s training loss goes from "), at(0, best), views.T(" to "), at(0, last), views.T(": "), views.Strong("degradation"), views.T("."))
		v.Aside = views.Join(views.T("The deepest net could copy a shallower one. "), r.gradientThere(last))
	default:
		v.Says = views.Join(net, views.T("’s training loss goes from "), at(0, 0), views.T(" to "), at(0, last), views.T(": no degradation there."))
	}
	v.Aside = views.Join(v.Aside, views.T("The "), views.Residual("residual"), views.T(" net’s loss goes from "), at(1, 0), views.T(" to "), at(1, last), views.T("."))
	return v
}

// bestBelow is the depth, of those before one, at which the plain net ends with the lowest loss.
func (r sweepResult) bestBelow(depth int) int {
	best := 0
	for d := range depth {
		if l := r.at(0, d).Loss; l < r.at(0, best).Loss || math.IsNaN(r.at(0, best).Loss) {
			best = d
		}
	}
	return best
}

// degrades says whether the plain net of a depth ends clearly worse than one before it.
func (r sweepResult) degrades(depth int) bool {
	best, plain := r.at(0, r.bestBelow(depth)), r.at(0, depth)
	return !best.Diverged && (plain.Diverged || plain.Loss > worse*best.Loss)
}

// gradientThere says what the gradient has to do with the degradation of the plain net of a depth. That of its residual twin
// is the yardstick: He et al. 2015, section 4.1, speak of healthy norms.
func (r sweepResult) gradientThere(depth int) views.Text {
	plain, residual := r.at(0, depth).Gradient, r.at(1, depth).Gradient
	text := views.Join(views.T("Its first gradient starts at "), gradientWords(plain), views.T(", "), gradientWords(residual), views.T(" with the "), views.Residual("skip"))
	switch {
	case !(plain <= 10*residual): // nor NaN
		text = views.Join(text, views.T(": it has "), views.Strong("exploded"), views.T(", which may be why. "))
	case plain < 0.1*residual:
		text = views.Join(text, views.T(": it has "), views.Strong("vanished"), views.T(", which may be why. "))
	default:
		return views.Join(text, views.T(": it has neither vanished nor exploded. "))
	}
	for d := depth - 1; d > 0; d-- {
		if plain, residual := r.at(0, d).Gradient, r.at(1, d).Gradient; r.degrades(d) && !r.at(0, d).Diverged && plain <= 10*residual && plain >= 0.1*residual {
			return views.Join(text, views.T(fmt.Sprintf("But at depth %d it starts at ", r.plan.Depths[d])), gradientWords(plain), views.T(", which is healthy, and the loss is "),
				views.Num(r.at(0, d).Loss, 2), views.T(" already. "))
		}
	}
	return text
}

// lossWords is a reading's loss in a sentence that says where a loss goes.
func lossWords(r experiment.Reading) views.Text {
	if r.Diverged {
		return views.T("divergence")
	}
	return views.Num(r.Loss, 2)
}

// ends says how a net's training ends.
func ends(r experiment.Reading) views.Text {
	if r.Diverged {
		return views.T("diverges")
	}
	return views.Join(views.T("ends at a training loss of "), views.Num(r.Loss, 2))
}

// gridVerdict names the best of the four nets, and compares the others with the one that has neither remedy.
func gridVerdict(r sweepResult) views.Verdict {
	norm := r.config.Norm + " norm"
	cells := []struct {
		name  views.Text
		index int
	}{
		{views.Join(views.T("the "), views.Residual("skip"), views.T(" alone")), 1}, {views.T(norm + " alone"), 2}, {views.T("both"), 3},
	}
	told := func(i int) views.Text {
		c := *r.at(i, 0)
		if c.Diverged {
			return views.Join(gradientWords(c.Gradient), views.T(", and the net diverges"))
		}
		return views.Join(gradientWords(c.Gradient), views.T(", and the loss ends at "), views.Num(c.Loss, 2))
	}
	best := 0
	for i := range r.plan.Lines {
		if l := r.at(i, 0).Loss; l < r.at(best, 0).Loss || math.IsNaN(r.at(best, 0).Loss) {
			best = i
		}
	}
	lead := fmt.Sprintf("With %d layers ", r.plan.Depths[0])
	v := views.Verdict{Says: views.T(lead + "all four nets diverge.")}
	if !r.at(best, 0).Diverged {
		names := []views.Text{views.T("neither"), cells[0].name, cells[1].name, cells[2].name}
		v.Says = views.Join(views.T(lead+"the loss ends lowest with "), names[best], views.T(": at "), views.Num(r.at(best, 0).Loss, 2), views.T("."))
	}
	v.Aside = views.Join(views.T("With neither, the "), views.Plain("plain"), views.T(" net’s first gradient is "), gradientWords(r.at(0, 0).Gradient), views.T(", and it "), ends(*r.at(0, 0)), views.T("."))
	for i, cell := range cells {
		lead := []string{" With ", "; with ", "; with "}[i]
		v.Aside = views.Join(v.Aside, views.T(lead), cell.name, views.T(" it is "), told(cell.index))
	}
	v.Aside = views.Join(v.Aside, views.T("."))
	return v
}
