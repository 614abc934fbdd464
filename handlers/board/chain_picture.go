package board

import (
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// ChainPicture draws a chain small: the bars of its gradients, as the lab draws them large.
func ChainPicture(config experiment.Chain) (plain, residual []views.Bar) {
	t := runTwins(config)
	low, high := math.Inf(1), math.Inf(-1)
	for _, g := range append(append([]float64{}, t.plain.GradW...), t.residual.GradW...) {
		if size := math.Abs(g); size > 0 && !math.IsInf(size, 0) {
			low, high = min(low, math.Log10(size)), max(high, math.Log10(size))
		}
	}
	if low > high {
		low, high = 0, 1
	}
	low, high = math.Floor(low), max(math.Ceil(high), math.Floor(low)+1)
	const width, height = 240.0, 120.0
	slot := width / float64(config.Depth)
	drawn := func(gradients []float64, offset float64) []views.Bar {
		var out []views.Bar
		for i, g := range gradients {
			size := math.Abs(g)
			if !(size > 0) || math.IsInf(size, 0) {
				continue
			}
			h := height * (math.Log10(size) - low) / (high - low)
			out = append(out, views.Bar{X: slot*float64(i) + offset, Y: height - h, Width: slot * 0.4, Height: h})
		}
		return out
	}
	return drawn(t.plain.GradW, slot*0.08), drawn(t.residual.GradW, slot*0.52)
}
