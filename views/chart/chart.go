// Package chart makes options for Apache ECharts, and is the only user of go-echarts.
//
// An option names what is drawn: its axes, its series by id, their values. How it looks (colours, fonts, patterns, the
// ticks of a log axis, marks for exact zeros and for what is not finite) is the browser's part, in static/js/chart.js,
// since it depends on the theme and the width. A series says which twin it belongs to, "plain" or "residual": that is its
// colour.
package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// A Series is one set of values of a figure.
type Series struct {
	ID     string // of its own in the figure
	Twin   string // "plain" or "residual"
	Role   string // "test" of what is measured on images that the net does not learn from; "draw" of dots; "count" of no net's; else ""
	Name   string // as the tooltip says it
	Values []float64
	Tone   int  // among the lines of its twin: each has a shade of the twin's colour, 0 the colour itself
	Faint  bool // the twin that is not in hand

	// Absent are bars that there are none of: a layer that only the other twin has. Nil where all are.
	Absent []bool

	// Hollow bars stand in outline where a value is 0: what it would be without rounding. NaN and nil for none.
	Hollow []float64
}

// BarsByLayer draws values over layers on a log axis: the size of each value, exact zeros marked as such.
func BarsByLayer(layers []string, axis string, series ...Series) map[string]any {
	return bars(layers, axis, opts.YAxis{Type: "log"}, series)
}

// BarsByName draws values over names on an axis from 0 to most; 0 for as far as they reach.
func BarsByName(names []string, axis string, most float64, series ...Series) map[string]any {
	y := opts.YAxis{Type: "value"}
	if most > 0 {
		y.Max = most
	}
	return bars(names, axis, y, series)
}

func bars(names []string, axis string, y opts.YAxis, series []Series) map[string]any {
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithXAxisOpts(opts.XAxis{Type: "category", Name: axis}), charts.WithYAxisOpts(y))
	bar.SetXAxis(append([]string{}, names...)) // never null
	for _, s := range series {
		data := make([]opts.BarData, len(s.Values))
		for i, v := range s.Values {
			if s.Absent == nil || !s.Absent[i] {
				data[i] = opts.BarData{Value: value(v)}
			}
		}
		bar.AddSeries(s.Name, data, withSeries(s))
	}
	bar.Validate() // puts the categories on the axis
	return option(bar.JSON(), series)
}

// LinesByStep draws values over training steps, the first of which is step 0. Steps that a series lacks are NaN.
func LinesByStep(axis, unit string, series ...Series) map[string]any {
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: axis}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: unit}),
	)
	for _, s := range series {
		data := []opts.LineData{}
		for step, v := range s.Values {
			if !math.IsNaN(v) {
				data = append(data, opts.LineData{Value: []any{step, value(v)}})
			}
		}
		line.AddSeries(s.Name, data, withSeries(s))
	}
	line.Validate()
	return option(line.JSON(), series)
}

func withSeries(s Series) charts.SeriesOpts {
	return charts.WithSeriesOpts(func(to *charts.SingleSeries) { to.Id = s.ID })
}

// A drawnSeries is a series as ECharts has it, with what only chart.js asks for.
type drawnSeries struct {
	charts.SingleSeries
	Twin string `json:"twin"`
	Role string `json:"role,omitempty"`
	Tone int    `json:"tone,omitempty"`
}

// option mends what go-echarts fills in of its own: only what a figure says is kept.
func option(o map[string]any, series []Series) map[string]any {
	faint := []string{}
	for _, s := range series {
		if s.Faint {
			faint = append(faint, s.ID)
		}
	}
	drawn := []drawnSeries{}
	for i, s := range o["series"].(charts.MultiSeries) {
		drawn = append(drawn, drawnSeries{s, series[i].Twin, series[i].Role, series[i].Tone})
	}
	mended := map[string]any{"xAxis": o["xAxis"], "yAxis": o["yAxis"], "series": drawn, "faint": faint}
	if hollow := hollows(series); len(hollow) > 0 {
		mended["hollow"] = hollow
	}
	return mended
}

// hollows are the hollow bars by series and place; null where there is none.
func hollows(series []Series) map[string][]any {
	by := map[string][]any{}
	for _, s := range series {
		for _, v := range s.Hollow {
			if math.IsNaN(v) {
				by[s.ID] = append(by[s.ID], nil)
			} else {
				by[s.ID] = append(by[s.ID], value(v))
			}
		}
	}
	return by
}

// value is a number as JSON can hold it: what is not finite becomes a word, for the browser to mark.
func value(v float64) any {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return v
}
