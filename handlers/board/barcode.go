package board

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gradlab/mlcore/data"
	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

// A barcodeRun is a barcode and its twin, the noise that they are held against, and what is shown of them.
type barcodeRun struct {
	config          experiment.Barcode
	view            experiment.BarcodeView
	plain, residual experiment.BarcodeResult
	white, brown    experiment.Stripes
}

// BarcodeTwins computes a barcode without and with its skip.
func BarcodeTwins(c experiment.Barcode) (plain, residual experiment.BarcodeResult) {
	a, b := c.Run(), c.Twin().Run()
	if c.Residual() {
		a, b = b, a
	}
	return a, b
}

// Barcode computes a barcode and its twin, and shows them. Where they cannot be computed, the sentence says why, and the usual
// ones are drawn.
func Barcode(c experiment.Barcode, v experiment.BarcodeView, errs experiment.FieldErrors) views.BarcodeBoard {
	if errs == nil {
		return barcode(c, v)
	}
	fields := slices.Concat(experiment.BarcodeTable().Fields(c), experiment.BarcodeViewTable().Fields(experiment.BarcodeView{}))
	b := barcode(experiment.BarcodeTable().Default(), v)
	b.Refusal = cmp.Or(refusal(fields, errs), "This cannot run: the address has parameters that a barcode does not have.") + " Drawn are the usual settings."
	return b
}

func barcode(c experiment.Barcode, v experiment.BarcodeView) views.BarcodeBoard {
	r := barcodeRun{config: c, view: v}
	r.view.Point = min(v.Point, c.Points-1) // there may have become fewer
	r.plain, r.residual = BarcodeTwins(c)
	r.white, r.brown = c.Noise()
	query := c.Query()
	verdict := barcodeVerdict(r)
	board := views.BarcodeBoard{
		Verdict: verdict,
		Caption: views.T(fmt.Sprintf("Each of the %d stripes: what the next step does to the score for “%s”. Dark lowers it, light raises it", c.Points, garment(r.plain.Class))),
		Points:  c.Points, Point: r.view.Point - 1,
		Figure:  barcodeFigure(r, verdict),
		Turn:    views.BarcodeNumbers{Plain: degrees(r.plain.Turn), Residual: degrees(r.residual.Turn)},
		Size:    views.BarcodeNumbers{Plain: views.Num(r.plain.Size, 3), Residual: views.Num(r.residual.Size, 3)},
		Hand:    r.hands(),
		APILink: views.Href("/api/barcode", query), Exports: exports("barcode", query), TrainAt: views.Href("/labs/train", r.trained()),
	}
	const shown = 5
	for i := range shown {
		at := i * (c.Points - 1) / (shown - 1)
		board.Line = append(board.Line, picture(fmt.Sprintf("picture %d of %d", at+1, c.Points), r.plain.Pictures[at]))
	}
	board.Rows = []views.BarcodeRow{
		row("plain", "plain", r.plain.Stripes, false), row("residual", "residual", r.residual.Stripes, !c.Residual()),
		row("brown noise", "", r.brown, false), row("white noise", "", r.white, false),
	}
	for lag, plain := range r.plain.Autocorrelation {
		board.Lags = append(board.Lags, views.BarcodeLag{
			Lag: lag, BarcodeNumbers: views.BarcodeNumbers{Plain: views.Cell(plain), Residual: views.Cell(r.residual.Autocorrelation[lag])},
			Brown: views.Cell(r.brown.Autocorrelation[lag]), White: views.Cell(r.white.Autocorrelation[lag]),
		})
	}
	return board
}

func garment(class int) string { return strings.ToLower(data.FashionClass(class)) }

// trained is the query of the training lab for the net in hand.
func (r barcodeRun) trained() map[string][]string {
	t := r.config.Untrained()
	t.DType = "float32"
	t.Batch, t.Steps = 32, 100
	return t.Query()
}

// row is one barcode. Grey is 0, black and white are two and a half times its root mean square: each has a scale of its own.
func row(name, twin string, s experiment.Stripes, faint bool) views.BarcodeRow {
	squares := 0.0
	for _, v := range s.Values {
		squares += v * v
	}
	reach := 2.5 * math.Sqrt(squares/float64(len(s.Values)))
	return views.BarcodeRow{
		Name: name, Twin: twin, Faint: faint, Paths: views.Stripes(s.Values, -reach, reach), First: alike(s.Autocorrelation[1]),
		Label: fmt.Sprintf("Barcode, %s: %d stripes, autocorrelation %s at lag 1.", name, len(s.Values), alike(s.Autocorrelation[1])),
	}
}

// alike writes a correlation to two decimals.
func alike(v float64) views.Text {
	if math.IsNaN(v) {
		return views.T("–")
	}
	return views.T(strings.Replace(fmt.Sprintf("%.2f", v+0), "-", "−", 1))
}

func degrees(v float64) views.Text {
	if math.IsNaN(v) {
		return views.T("–")
	}
	return views.T(fmt.Sprintf("%.0f°", v))
}

func picture(label string, pixels []float64) views.GreyImage {
	low, high := slices.Min(pixels), slices.Max(pixels)
	return views.GreyImage{Label: label, Paths: views.Pixels(data.Width, pixels, low, high)}
}

// hands are the picture in hand and the next, and what their gradients are in each twin: of those grey is 0, and both have one scale.
func (r barcodeRun) hands() []views.BarcodeHand {
	at := r.view.Point - 1
	hands := []views.BarcodeHand{{
		Name: "picture", Here: picture(fmt.Sprintf("picture %d", at+1), r.plain.Pictures[at]), There: picture(fmt.Sprintf("picture %d", at+2), r.plain.Pictures[at+1]),
		Between: views.T(fmt.Sprintf("1/%d of the way apart", r.config.Points-1)),
	}}
	for _, twin := range []struct {
		name   string
		result experiment.BarcodeResult
	}{{"plain", r.plain}, {"residual", r.residual}} {
		here, there := twin.result.Gradients[at], twin.result.Gradients[at+1]
		squares := 0.0
		for _, v := range slices.Concat(here, there) {
			squares += v * v
		}
		reach := 3 * math.Sqrt(squares/float64(2*data.Pixels))
		grey := func(n int, g []float64) views.GreyImage {
			return views.GreyImage{Label: fmt.Sprintf("gradient of the %s net at picture %d", twin.name, n), Paths: views.Pixels(data.Width, g, -reach, reach)}
		}
		turn := views.T("no gradient")
		if angle := twin.result.TurnAt(at); !math.IsNaN(angle) {
			turn = views.Join(degrees(angle), views.T(" apart"))
		}
		hands = append(hands, views.BarcodeHand{Name: twin.name + " gradient", Twin: twin.name, Here: grey(at+1, here), There: grey(at+2, there), Between: turn})
	}
	return hands
}

// barcodeFigure draws the autocorrelations over the lag; without results it is empty.
func barcodeFigure(r barcodeRun, verdict views.Verdict) views.Figure {
	option := chart.LinesByStep("lag: how many pictures apart", "",
		chart.Series{ID: "brown", Twin: "residual", Role: "kept", Name: "brown noise", Values: r.brown.Autocorrelation},
		chart.Series{ID: "white", Twin: "plain", Role: "kept", Name: "white noise", Values: r.white.Autocorrelation},
		chart.Series{ID: "plain", Twin: "plain", Name: "plain", Values: r.plain.Autocorrelation},
		chart.Series{ID: "residual", Twin: "residual", Name: "residual", Values: r.residual.Autocorrelation, Faint: !r.config.Residual()})
	chart.Reach(option, floorOf(r.plain, r.residual, r.white), 1)
	return views.Figure{
		ID: "autocorrelation", Height: "short", Keys: bothTwins, Option: option,
		Caption: views.T("Autocorrelation: how alike the barcode is to itself, moved; grey, brown noise (line) and white noise (dots)"),
		Label:   "Lines of the autocorrelation over the lag: plain, residual, brown noise and white noise. " + verdict.String(),
	}
}

// floorOf is the lower end of the axis: one below all there is, and a multiple of the quarter that lies between its ticks.
func floorOf(plain, residual experiment.BarcodeResult, white experiment.Stripes) float64 {
	low := -0.25
	for _, v := range slices.Concat(plain.Autocorrelation, residual.Autocorrelation, white.Autocorrelation) {
		switch {
		case v < -0.5:
			return -1
		case v < low:
			low = -0.5
		}
	}
	return low
}

// barcodePresets are the settings that a lecture walks through.
var barcodePresets = []views.Link{
	{Label: "one layer", Href: "/labs/barcode?depth=1"},
	{Label: "10 layers", Href: "/labs/barcode?depth=10"},
	{Label: "24 layers", Href: "/labs/barcode"},
	{Label: "50 layers", Href: "/labs/barcode?depth=50"},
	{Label: "no norm", Href: "/labs/barcode?norm=none"},
	{Label: "tanh", Href: "/labs/barcode?activation=tanh"},
	{Label: "CNN of depth 20", Href: "/labs/barcode?net=deep"},
	{Label: "CNN of depth 56", Href: "/labs/barcode?n=9&net=deep"},
}

// BarcodeControls is the form.
func BarcodeControls(c experiment.Barcode, v experiment.BarcodeView, errs experiment.FieldErrors) views.Controls {
	form := controls("/labs/barcode", experiment.BarcodeTable(), c, errs, barcodePresets)
	hand := controls("", experiment.BarcodeViewTable(), v, errs, nil).Shown[0]
	hand.SliderMax, hand.Mute = decimal(float64(c.Points-1)), true // the board says which it is
	form.Shown = append(form.Shown, hand)
	return form
}
