package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Draws are dots: several values over each whole number from 0.
type Draws struct {
	ID     string
	Twin   string
	Name   string
	Values [][]float64
}

// MeansAndDraws draws lines over whole numbers from 0 to last, and the dots that they are the means of, on an axis from 0 to 1.
func MeansAndDraws(axis string, last int, means []Series, draws []Draws) map[string]any {
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: axis, Min: 0, Max: last}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: 0, Max: 1}),
	)
	all := means
	for _, s := range means {
		data := []opts.LineData{}
		for at, v := range s.Values {
			data = append(data, opts.LineData{Value: []any{at, value(v)}})
		}
		line.AddSeries(s.Name, data, withSeries(s))
	}
	for _, d := range draws {
		data := []opts.LineData{}
		for at, values := range d.Values {
			for _, v := range values {
				data = append(data, opts.LineData{Value: []any{at, value(v)}})
			}
		}
		s := Series{ID: d.ID, Twin: d.Twin, Name: d.Name, Role: "draw"}
		all = append(all[:len(all):len(all)], s)
		line.AddSeries(s.Name, data, withSeries(s))
	}
	line.Validate()
	return option(line.JSON(), all)
}
