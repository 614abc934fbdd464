package board

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

const (
	// same is the difference below which words are called one: a thousandth of their size.
	same = 1e-3
	// oneDot is that below which their dots lie on one another.
	oneDot = 0.02
	// rounding is that below which it is float64's last digits that differ.
	rounding = 1e-14
)

// streamTwins are a stream without and with its skips.
type streamTwins struct{ plain, residual experiment.StreamResult }

// StreamTwins computes a stream without and with its skips.
func StreamTwins(config experiment.Stream) (plain, residual experiment.StreamResult) {
	a, b := config.Run(), config.Twin().Run()
	if config.Residual() {
		return b, a
	}
	return a, b
}

// Stream computes a stream and its twin, and shows the words after the layer in hand. Where the config cannot be computed, the
// sentence says why, and the usual one is drawn.
func Stream(config experiment.Stream, view experiment.StreamView, errs experiment.FieldErrors) views.StreamBoard {
	if _, unfit := experiment.ParseStream(config.Query()); unfit != nil {
		b := stream(experiment.StreamTable().Default(), view)
		b.Refusal = refusal(experiment.StreamTable().Fields(config), errs) + " Drawn are the usual settings."
		return b
	}
	return stream(config, view)
}

func stream(config experiment.Stream, view experiment.StreamView) views.StreamBoard {
	plain, residual := StreamTwins(config)
	t := streamTwins{plain, residual}
	layer, query := min(view.Layer, config.Layers), config.Query()
	verdict := streamVerdict(t)
	b := views.StreamBoard{
		Verdict: views.Verdict{Says: verdict}, State: t.state(layer), Rows: t.rows(), Note: streamNote(config),
		Figure: views.Figure{
			ID: "differences", Height: "short", Keys: bothTwins, Caption: views.T("How much the words differ after each layer"),
			Option: chart.BarsByLayer(streamLayers(config.Layers), "layer; 0: the words as they come in",
				chart.Series{ID: "plain", Twin: "plain", Name: "without skips", Values: plain.Difference, Faint: config.Residual()},
				chart.Series{ID: "residual", Twin: "residual", Name: "with skips", Values: residual.Difference, Faint: !config.Residual()}),
			Label: "Bars of the words’ difference by layer, without and with skips, on a logarithmic axis. " + verdict.String(),
		},
		APILink: views.Href("/api/stream", query), Exports: exports("stream", query),
	}
	b.Panels = []views.StreamPanel{
		streamPanel(b.State, "plain", "Without skips", plain.Difference[layer], config.Residual()),
		streamPanel(b.State, "residual", "With skips", residual.Difference[layer], !config.Residual()),
	}
	to := func(label string, layer int) *views.SetLink {
		return &views.SetLink{Label: label, Href: views.Href("/labs/stream", experiment.StreamView{Layer: layer}.Query(config))}
	}
	if layer > 0 {
		b.Previous = to("← a layer back", layer-1)
	}
	if layer < config.Layers {
		b.Next = to("a layer on →", layer+1)
	}
	return b
}

// streamLayers are the places on the layers' axis, before the first layer the words as they come in.
func streamLayers(layers int) []string {
	names := make([]string, layers+1)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// state is what the script moves the dots by. One scale holds for all layers of both twins, so that what moves on the page has
// moved in the net.
func (t streamTwins) state(layer int) views.StreamState {
	farthest := 0.0
	for _, r := range []experiment.StreamResult{t.plain, t.residual} {
		for _, layer := range r.Places {
			for _, p := range layer {
				farthest = max(farthest, math.Abs(p[0]), math.Abs(p[1]))
			}
		}
	}
	s := views.StreamState{Layer: layer, Words: t.plain.Config.Words(), Places: map[string][][][2]int{}, Names: map[string][][]string{}, One: map[string][]bool{}}
	for twin, r := range map[string]experiment.StreamResult{"plain": t.plain, "residual": t.residual} {
		for l, layer := range r.Places {
			units := make([][2]int, len(layer))
			for i, p := range layer {
				units[i] = [2]int{int(math.Round(500 * p[0] / farthest)), int(math.Round(500 * p[1] / farthest))}
			}
			s.Places[twin] = append(s.Places[twin], units)
			s.Names[twin] = append(s.Names[twin], namePlaces(s.Words, units))
			s.One[twin] = append(s.One[twin], r.Difference[l] < oneDot)
		}
	}
	return s
}

// namePlaces says on which side of its dot each word's name stands, so that none lies over another name or over a dot; "off" where
// there is no room for it.
func namePlaces(words []string, dots [][2]int) []string {
	const height, letter, gap, radius = 50, 28, 20, 16
	type box struct{ left, right, bottom, top int }
	var taken []box
	for _, d := range dots {
		taken = append(taken, box{d[0] - radius, d[0] + radius, d[1] - radius, d[1] + radius})
	}
	sides := make([]string, len(words))
	for i, d := range dots {
		long := letter * len(words[i])
		at := map[string]box{
			"right": {d[0] + gap, d[0] + gap + long, d[1] - height/2, d[1] + height/2}, "left": {d[0] - gap - long, d[0] - gap, d[1] - height/2, d[1] + height/2},
			"above": {d[0] - long/2, d[0] + long/2, d[1] + gap, d[1] + gap + height}, "below": {d[0] - long/2, d[0] + long/2, d[1] - gap - height, d[1] - gap},
		}
		sides[i] = "off"
		for _, side := range []string{"right", "left", "above", "below"} {
			b := at[side]
			free := !slices.ContainsFunc(taken, func(o box) bool { return b.left < o.right && o.left < b.right && b.bottom < o.top && o.bottom < b.top })
			if free && b.left > -560 && b.right < 560 {
				sides[i], taken = side, append(taken, b)
				break
			}
		}
	}
	return sides
}

// streamPanel is one twin's plane after the layer in hand.
func streamPanel(s views.StreamState, twin, title string, difference float64, aside bool) views.StreamPanel {
	p := views.StreamPanel{Twin: twin, Title: title, Said: views.Num(difference, 2), One: s.One[twin][s.Layer], Aside: aside}
	for i, at := range s.Places[twin][s.Layer] {
		p.Dots = append(p.Dots, views.StreamDot{Word: s.Words[i], X: at[0], Y: at[1], Name: s.Names[twin][s.Layer][i]})
	}
	return p
}

// rows are the table.
func (t streamTwins) rows() []views.StreamRow {
	cells := func(r experiment.StreamResult, l int) views.StreamCells {
		return views.StreamCells{Difference: views.Num(r.Difference[l], 2), Size: views.Cell(r.Size[l]), Rounding: r.Difference[l] < rounding}
	}
	rows := make([]views.StreamRow, len(t.plain.Difference))
	for l, name := range streamLayers(t.plain.Config.Layers) {
		rows[l] = views.StreamRow{Name: name, Plain: cells(t.plain, l), Residual: cells(t.residual, l)}
	}
	return rows
}

// streamVerdict says what becomes of the words.
func streamVerdict(t streamTwins) views.Text {
	last := t.plain.Config.Layers
	apart := t.residual.Difference[last]
	first := 0
	for l := last; l > 0 && t.plain.Difference[l] < same; l-- {
		first = l
	}
	without := views.Plain("Without skips")
	with := views.Join(views.T(" "), views.Residual("With skips"))
	after := fmt.Sprintf(" after layer %d", last)
	all := "all"
	if t.plain.Config.Tokens == 2 {
		all = "both"
	}
	become := views.Join(without, views.T(fmt.Sprintf(", %s words become the same word: after layer %d they differ by ", all, first)), views.Num(t.plain.Difference[first], 1), views.T(" of their size."))
	switch {
	case first == 0:
		return views.Join(without, views.T(", the words still differ by "), views.Num(t.plain.Difference[last], 2), views.T(" of their size"+after+"."),
			with, views.T(", by "), views.Num(apart, 2), views.T("."))
	case apart < same:
		return views.Join(become, with, views.T(", they become one, too: by "), views.Num(apart, 1), views.T(after+"."))
	}
	stay := ", they stay apart: by "
	if apart < 0.5 {
		stay = ", they draw together more slowly, to "
	}
	return views.Join(become, with, views.T(stay), views.Num(apart, 2), views.T(after+"."))
}

// streamNote says what exactly is drawn and measured.
func streamNote(c experiment.Stream) views.Text {
	return views.T(fmt.Sprintf("A dot shows two of the %d numbers of its word’s vector, the first two, on one scale for all layers, and divided by the "+
		"words’ size, the root mean square length of their vectors. The difference counts all %d numbers: ‖X − 1x̄ᵀ‖ / ‖X‖, where the rows of X are the words "+
		"and x̄ is their mean, with the norm √(‖X‖₁·‖X‖∞) of Dong et al. (2021); at 0 X has rank one. The vectors and the weights are drawn at random, nothing has been learnt; "+
		"the words are names. It is computed in float64: differences below 10⁻¹⁴ are rounding.", c.Width, c.Width))
}

// streamPresets are the settings that a lecture walks through.
var streamPresets = []views.Link{
	{Label: "attention alone", Href: "/labs/stream?mlp=off&norm=none"},
	{Label: "with an MLP", Href: "/labs/stream?norm=none"},
	{Label: "with layer norm, too", Href: "/labs/stream"},
	{Label: "as in 2017", Href: "/labs/stream?norm=post"},
	{Label: "two words", Href: "/labs/stream?tokens=2"},
	{Label: "eighteen layers", Href: "/labs/stream?layers=18"},
}

// StreamControls are the controls of a stream.
func StreamControls(config experiment.Stream, errs experiment.FieldErrors) views.Controls {
	return controls("/labs/stream", experiment.StreamTable(), config, errs, streamPresets)
}
