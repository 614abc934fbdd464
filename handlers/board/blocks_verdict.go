package board

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// chance is the accuracy of guesses: there are ten classes, and about as many test images of each.
const chance = 0.1

// atChance is an accuracy that is not worth telling from it.
const atChance = 0.2

// BlocksDiverged says why trained nets cannot be broken.
const BlocksDiverged = "A net has diverged in training: there is nothing to break. Try a smaller learning rate."

// blocksInvitation says what a press of Run will do.
func blocksInvitation(c experiment.Blocks) views.Verdict {
	return views.Verdict{Says: views.Join(views.T("Press Run: a "), views.Plain("plain"), views.T(" and a "), views.Residual("residual"),
		views.T(fmt.Sprintf(" net of %d layers learn %s in %s. Then break them.", c.Depth(), Counted(c.Count, "garment"), Counted(c.Steps, "step"))))}
}

// blocksVerdict says in words what the change has done to the trained nets.
func blocksVerdict(s blocksState) views.Verdict {
	if s.config == s.config.Mended() {
		v := views.Verdict{
			Says: views.Join(views.T("The "), views.Plain("plain"), views.T(" net gets "+percent(s.plainWhole)+" of the test images right, the "),
				views.Residual("residual"), views.T(" net "+percent(s.residualWhole)+".")),
			Aside: views.T("Click a block to take it out of both."),
		}
		if s.plainWhole < 2*atChance {
			v.Aside = views.T("The plain net has hardly learnt: give both more steps before you break them.")
		}
		return v
	}
	only := s.plain < 0.5*s.plainWhole && s.residual > 0.8*s.residualWhole
	v := views.Verdict{Says: views.Join(views.T(changeWords(s.config)+" the "), views.Plain("plain"), views.T(" net "), course(s.plainWhole, s.plain, false), views.T(", the "),
		views.Residual("residual"), views.T(" net "), course(s.residualWhole, s.residual, only), views.T("."))}
	if min(s.plain, s.residual) < atChance {
		v.Aside = views.T("Guessing gives " + percent(chance) + ".")
	}
	return v
}

// course says what becomes of an accuracy.
func course(whole, now float64, only bool) views.Text {
	from, to := percent(whole), percent(now)
	lead := "falls from "
	switch {
	case from == to:
		return views.Join(views.T("stays at "), views.Strong(to))
	case now > whole:
		lead = "goes from "
	case only:
		lead = "only from "
	}
	return views.Join(views.T(lead+from+" to "), views.Strong(to))
}

// changeWords is what was done to the nets, as a sentence begins with it.
func changeWords(c experiment.Blocks) string {
	var out, swapped []string
	for _, i := range c.TakenOut() {
		out = append(out, strconv.Itoa(i+1))
	}
	for _, p := range c.Swapped() {
		swapped = append(swapped, fmt.Sprintf("%d and %d", p[0]+1, p[1]+1))
	}
	var words []string
	switch {
	case len(out) == c.Len():
		words = append(words, "without any block")
	case len(out) == 1:
		words = append(words, "without block "+out[0])
	case len(out) > 1:
		words = append(words, "without blocks "+strings.Join(out[:len(out)-1], ", ")+" and "+out[len(out)-1])
	}
	if len(swapped) > 0 {
		words = append(words, "with blocks "+strings.Join(swapped, ", ")+" swapped")
	}
	text := strings.Join(words, " and ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// blocksWhy says what the change means for the paths through the nets.
func blocksWhy(c experiment.Blocks) views.Text {
	paths := func(blocks int) string { return strconv.Itoa(int(math.Pow(2, float64(blocks)))) }
	out, all := len(c.TakenOut()), paths(c.Len())
	switch {
	case out > 0:
		left := paths(c.Len() - out)
		of := fmt.Sprintf("%s of its %s paths are", left, all)
		switch {
		case out == 1:
			of = fmt.Sprintf("half of its %s paths are", all)
		case out == c.Len():
			of = "only the path through no block is"
		}
		return views.Join(views.T("The "), views.Residual("residual"), views.T(fmt.Sprintf(" net goes on by its shortcuts: %s left. The ", of)), views.Plain("plain"),
			views.T(" net has one path, and every block stands on it: the next one is given what it has never seen."))
	case c.Swap != "":
		return views.Join(views.T("Each block of the "), views.Residual("residual"), views.T(" net adds a little to what goes past it, and order matters little. In the "), views.Plain("plain"),
			views.T(" net each block has learnt to read what the one before it writes."))
	}
	return views.Join(views.T(fmt.Sprintf("Each block of the %d can be gone through or gone past: 2", c.Len())), views.Text{{Text: strconv.Itoa(c.Len()), Class: "sup"}},
		views.T(fmt.Sprintf(" = %s paths lead through the ", all)), views.Residual("residual"), views.T(" net, and one through the "), views.Plain("plain"), views.T(" net."))
}

// blocksNote says what a block leaves that changes the size.
func blocksNote(c experiment.Blocks) views.Text {
	left := "every second pixel, and zeros for the new channels (option A)"
	if c.Skip != "A" {
		left = "what their shortcut’s own 1 × 1 convolution makes of the image"
	}
	text := fmt.Sprintf("Blocks %d and %d halve the image and double the channels, so that they leave more than a gap: in the residual net %s", c.N+1, 2*c.N+1, left)
	if c.Skip == "A" {
		return views.T(text + ". The plain net has no shortcut, and is left the same, so that what follows still fits.")
	}
	text += "; in the plain net, which has no shortcut, every second pixel and zeros for the new channels, so that what follows still fits."
	if c.Skip == "C" {
		text += " With option C every block of the residual net leaves such a convolution."
	}
	return views.T(text)
}
