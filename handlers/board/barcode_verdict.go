package board

import (
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// Stripes whose neighbours are alike by less than shattered are called noise, by more than whole a drift. White noise of 64 to
// 256 stripes stays below 0.3, and brown noise above 0.8.
const (
	shattered = 0.3
	whole     = 0.8
)

// barcodeVerdict says what a small step does to the gradient of each twin; beside it, in numbers, how alike neighbouring stripes
// are, and that this is not a matter of size.
func barcodeVerdict(r barcodeRun) views.Verdict {
	p, q := r.plain, r.residual
	if math.IsNaN(p.Turn) || math.IsNaN(q.Turn) {
		return views.Verdict{Says: views.Join(views.T("No gradient reaches the picture "), stillborn(p, q), views.T(": its stripes are all the same grey."))}
	}
	return views.Verdict{
		Says: views.Join(
			views.T("One small step turns the "), views.Plain("plain"), views.T(" gradient by "), degrees(p.Turn), views.T(": its stripes "+likeness(p)+". With "),
			views.Residual("skips"), views.T(" it turns by "), degrees(q.Turn), views.T(": they "+likeness(q)+".")),
		Aside: views.Join(
			views.T("Neighbouring stripes correlate by "), alike(p.Autocorrelation[1]), views.T(" in the plain net and by "), alike(q.Autocorrelation[1]),
			views.T(" with skips."), sizes(p.Size/q.Size)),
	}
}

// stillborn names the twins without a gradient.
func stillborn(p, q experiment.BarcodeResult) views.Text {
	switch {
	case !math.IsNaN(q.Turn):
		return views.Join(views.T("in the "), views.Plain("plain"), views.T(" net"))
	case !math.IsNaN(p.Turn):
		return views.Join(views.T("in the "), views.Residual("residual"), views.T(" net"))
	}
	return views.T("in either net")
}

// likeness says what neighbouring stripes have to do with each other, after “its stripes”.
func likeness(r experiment.BarcodeResult) string {
	first := r.Autocorrelation[1]
	switch {
	case first < shattered:
		return "look like white noise"
	case first < whole:
		return "are only half alike"
	}
	return "flow into one another"
}

// sizes compares the gradients' sizes, plain by residual, in a sentence with a space before it.
func sizes(ratio float64) views.Text {
	switch {
	case math.IsNaN(ratio) || math.IsInf(ratio, 0):
		return nil
	case ratio >= 1.5:
		return views.Join(views.T(" Nothing has vanished: the plain gradient is "), views.Brief(ratio, 2), views.T(" times as large."))
	case ratio >= 1/1.5:
		return views.T(" The two gradients are about the same size.")
	case ratio >= 0.01:
		return views.Join(views.T(" The plain gradient is smaller, by a factor of "), views.Brief(1/ratio, 2), views.T("."))
	}
	return views.Join(views.T(" And the plain gradient has vanished: it is "), views.Num(ratio, 2), views.T(" of the residual one."))
}
