package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// LogLinesByStep is [LinesByStep] on a logarithmic axis; what is 0 has no place on it and is left out.
func LogLinesByStep(axis, unit string, series ...Series) map[string]any {
	o := LinesByStep(axis, unit, series...)
	y := o["yAxis"].([]opts.YAxis)[0]
	y.Type = "log"
	o["yAxis"] = []opts.YAxis{y}
	return o
}

// Reach fixes the ends of the values' axis of an option.
func Reach(o map[string]any, low, high float64) {
	y := o["yAxis"].([]opts.YAxis)[0]
	y.Min, y.Max = low, high
	o["yAxis"] = []opts.YAxis{y}
}

// HeatByLayerAndStep declares a map of values over layers and training steps, a panel for each series, on one
// logarithmic scale of colours. The browser fills it from the steps that it has: most of them come by stream.
func HeatByLayerAndStep(layers []string, axis string, series ...Series) map[string]any {
	heat := charts.NewHeatMap()
	heat.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Name: axis}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: append([]string{}, layers...)}),
	)
	for _, s := range series {
		heat.AddSeries(s.Name, []opts.HeatMapData{}, withSeries(s))
	}
	heat.Validate()
	o := option(heat.JSON(), series)
	o["heat"] = true
	return o
}
