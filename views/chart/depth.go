package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// LinesByDepth draws values over the depths of nets, which the axis names; log puts them on a log axis, where exact zeros
// are marked on its floor. A value that is not known is NaN, and left out. Each series has a marker of its own.
func LinesByDepth(depths []int, axis, unit string, log bool, series ...Series) map[string]any {
	kind := "value"
	if log {
		kind = "log"
	}
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: axis, Min: 0, Max: depths[len(depths)-1]}),
		charts.WithYAxisOpts(opts.YAxis{Type: kind, Name: unit}),
	)
	for _, s := range series {
		data := []opts.LineData{}
		for i, v := range s.Values {
			if !math.IsNaN(v) {
				data = append(data, opts.LineData{Value: []any{depths[i], value(v)}})
			}
		}
		line.AddSeries(s.Name, data, withSeries(s))
	}
	line.Validate()
	o := option(line.JSON(), series)
	o["depths"] = depths
	return o
}
