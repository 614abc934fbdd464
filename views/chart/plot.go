package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// The size of a plot, and the place of its axes in it, in units of its drawing.
const (
	PlotWidth, PlotHeight = 620, 320
	plotLeft, plotRight   = 70, 500 // beyond it stand the names of the lines
	plotTop, plotBottom   = 16, 268
)

// A Plot is an option drawn plainly, for where no script draws it: a picture whose parts have the twins' classes.
type Plot struct {
	XName, YName string
	Ticks        []PlotTick // of the values' axis
	Labels       []PlotTick // of the other one
	Bars         []PlotBar
	Lines        []PlotLine
	Words        []PlotWord
}

// A PlotTick is a label at a place on its axis.
type PlotTick struct {
	At    float64
	Label string
}

// A PlotBar is a value over a category. A hollow one stands where rounding left 0: what it would be without.
type PlotBar struct {
	X, Y, Width, Height float64
	Twin                string
	Hollow              bool
}

// A PlotLine is a series over numbers: pieces where values are missing, and its name at NameY. Dots are a line of points alone,
// without a name.
type PlotLine struct {
	Path, Twin, Name string
	Tone             int
	Dashed, Dots     bool
	NameY            float64
}

// A PlotWord stands where a value has no size: 0 on a log axis, or what is not finite; over its bar, or within one that has no end.
type PlotWord struct {
	X, Y       float64
	Says, Twin string
	Within     bool
}

// PlotOf draws what is in an option, and is nil of one that holds nothing yet, or a map over steps.
func PlotOf(option any) *Plot {
	o, _ := option.(map[string]any)
	series, _ := o["series"].([]drawnSeries)
	x, _ := o["xAxis"].([]opts.XAxis)
	y, _ := o["yAxis"].([]opts.YAxis)
	if len(x) == 0 || len(y) == 0 || o["heat"] != nil {
		return nil
	}
	hollow, _ := o["hollow"].(map[string][]any)
	scale, found := scaleOf(series, hollow, y[0])
	if !found {
		return nil
	}
	p := &Plot{XName: x[0].Name, YName: y[0].Name, Ticks: scale.ticks()}
	if names, are := x[0].Data.([]string); are {
		p.bars(series, hollow, names, scale)
	} else {
		p.lines(series, scale)
	}
	return p
}

func (p *Plot) bars(series []drawnSeries, hollow map[string][]any, names []string, scale plotScale) {
	slot := float64(plotRight-plotLeft) / float64(max(len(names), 1))
	wide := slot * .78 / float64(max(len(series), 1))
	for i, name := range names {
		if every := (len(names) + 14) / 15; i%every == 0 {
			p.Labels = append(p.Labels, PlotTick{plotLeft + slot*(float64(i)+.5), name})
		}
	}
	for k, s := range series {
		data, _ := s.Data.([]opts.BarData)
		for i, d := range data {
			if d.Value == nil { // this twin has no such layer
				continue
			}
			left := plotLeft + slot*(float64(i)+.11) + wide*float64(k)
			bar := func(top float64, isHollow bool) {
				p.Bars = append(p.Bars, PlotBar{left, top, wide * .94, plotBottom - top, s.Twin, isHollow})
			}
			v, is := d.Value.(float64)
			if top, has := scale.at(math.Abs(v)); is && has {
				bar(top, false)
				continue
			}
			word := PlotWord{left + wide/2, plotBottom - 4, wordOf(d.Value), s.Twin, false}
			if exact, is := nth(hollow[s.Id], i).(float64); is {
				if top, has := scale.at(math.Abs(exact)); has {
					bar(top, true)
					word.Y = top - 4
				}
			} else if strings.HasSuffix(word.Says, "∞") {
				bar(plotTop, false)
				word.Y, word.Within = plotTop+16, true
			}
			if len(names) <= 40 {
				p.Words = append(p.Words, word)
			}
		}
	}
}

// nth is the value at a place; nil beyond the end.
func nth(values []any, i int) any {
	if i < len(values) {
		return values[i]
	}
	return nil
}

func (p *Plot) lines(series []drawnSeries, scale plotScale) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, d := range pointsOf(s) {
			low, high = min(low, d.at), max(high, d.at)
		}
	}
	low = min(low, 0)
	across := func(v float64) float64 { return plotLeft + (v-low)/max(high-low, 1)*(plotRight-plotLeft) }
	for _, v := range nice(low, high) {
		p.Labels = append(p.Labels, PlotTick{across(v), plain(v)})
	}
	var dots []PlotLine
	for _, s := range series {
		var path strings.Builder
		pen, end := "M", float64(plotBottom)
		for _, d := range pointsOf(s) {
			v, is := d.value.(float64)
			top, has := scale.at(v)
			if !is || !has {
				pen = "M"
				p.Words = append(p.Words, PlotWord{across(d.at), plotBottom - 4, wordOf(d.value), s.Twin, false})
				continue
			}
			if s.Role == "draw" {
				fmt.Fprintf(&path, "M%.1f %.1fh0", across(d.at), top)
				continue
			}
			fmt.Fprintf(&path, "%s%.1f %.1f", pen, across(d.at), top)
			pen, end = "L", top
		}
		line := PlotLine{Path: path.String(), Twin: s.Twin, Name: s.Name, Tone: s.Tone, Dashed: s.Role == "test" || s.Role == "kept", Dots: s.Role == "draw", NameY: end}
		if line.Dots {
			dots = append(dots, line)
		} else {
			p.Lines = append(p.Lines, line)
		}
	}
	spread(p.Lines)
	p.Lines = append(dots, p.Lines...)
}

// spread moves names apart that would stand on one another.
func spread(lines []PlotLine) {
	const gap = 18
	order := make([]*PlotLine, len(lines))
	for i := range lines {
		order[i] = &lines[i]
	}
	slices.SortStableFunc(order, func(a, b *PlotLine) int { return cmp.Compare(a.NameY, b.NameY) })
	for i, l := range order {
		if i > 0 {
			l.NameY = max(l.NameY, order[i-1].NameY+gap)
		}
	}
	for i, floor := len(order)-1, float64(PlotHeight-gap); i >= 0; i, floor = i-1, order[i].NameY-gap {
		order[i].NameY = min(order[i].NameY, floor)
	}
}

type point struct {
	at    float64
	value any
}

func pointsOf(s drawnSeries) []point {
	data, _ := s.Data.([]opts.LineData)
	var all []point
	for _, d := range data {
		if pair, is := d.Value.([]any); is && len(pair) == 2 {
			at, whole := pair[0].(int)
			if f, is := pair[0].(float64); is {
				all = append(all, point{f, pair[1]})
			} else if whole {
				all = append(all, point{float64(at), pair[1]})
			}
		}
	}
	return all
}

func wordOf(value any) string {
	switch value {
	case "nan":
		return "NaN"
	case "inf":
		return "∞"
	case "-inf":
		return "−∞"
	}
	return "0"
}

// A plotScale puts values on the axis: their logarithms where log is set.
type plotScale struct {
	low, high float64
	log       bool
}

func scaleOf(series []drawnSeries, hollow map[string][]any, y opts.YAxis) (plotScale, bool) {
	scale := plotScale{math.Inf(1), math.Inf(-1), y.Type == "log"}
	take := func(value any) {
		v, is := value.(float64)
		if scale.log {
			v = math.Log10(math.Abs(v))
		}
		if is && !math.IsInf(v, 0) && !math.IsNaN(v) {
			scale.low, scale.high = min(scale.low, v), max(scale.high, v)
		}
	}
	for _, s := range series {
		for _, d := range pointsOf(s) {
			take(d.value)
		}
		bars, _ := s.Data.([]opts.BarData)
		for _, d := range bars {
			take(d.Value)
		}
		for _, exact := range hollow[s.Id] {
			take(exact)
		}
	}
	if scale.low > scale.high {
		return scale, false
	}
	if scale.log {
		scale.low = math.Floor(scale.low - 1e-9)
		scale.high = max(math.Ceil(scale.high), scale.low+1)
	} else {
		scale.low, scale.high = min(scale.low, 0), max(scale.high*1.02, scale.low+1e-9)
	}
	if low, is := y.Min.(float64); is && !scale.log {
		scale.low = low
	}
	if high, is := y.Max.(float64); is && !scale.log {
		scale.high = high
	}
	return scale, true
}

// at is the height of a value; false where it has no place.
func (s plotScale) at(v float64) (float64, bool) {
	if s.log {
		v = math.Log10(v)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	share := (v - s.low) / (s.high - s.low)
	return plotBottom - max(0, min(1, share))*(plotBottom-plotTop), true
}

func (s plotScale) ticks() []PlotTick {
	var all []PlotTick
	if !s.log {
		for _, v := range nice(s.low, s.high) {
			at, _ := s.at(v)
			all = append(all, PlotTick{at, plain(v)})
		}
		return all
	}
	step := int(math.Ceil((s.high - s.low) / 7))
	for e := int(s.low); e <= int(s.high); e += step {
		at, _ := s.at(math.Pow(10, float64(e)))
		all = append(all, PlotTick{at, powerOf(e)})
	}
	return all
}

// nice are round numbers from low to high, five or so.
func nice(low, high float64) []float64 {
	if !(high > low) {
		return []float64{low}
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, times := range []float64{1, 2, 5, 10} {
		if (high-low)/(step*times) <= 6 {
			step *= times
			break
		}
	}
	var all []float64
	for k := math.Ceil(low / step); k*step <= high*(1+1e-12); k++ {
		all = append(all, k*step)
	}
	return all
}

// plain writes a number of few digits, with a minus sign; 0 has none.
func plain(v float64) string {
	return strings.Replace(strconv.FormatFloat(v+0, 'g', 4, 64), "-", "−", 1)
}

// powerOf writes a power of ten.
func powerOf(exponent int) string {
	if exponent == 0 {
		return "1"
	}
	return "10" + strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(exponent))
}
