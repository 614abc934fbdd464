package experiment

// MaxCost is the most that a run may cost, in multiply-adds: minutes on one core.
const MaxCost = 2e12

// Cost estimates the run's multiply-adds: of the forward pass of one image, times three for the backward pass, over all
// steps.
func (c Train) Cost() float64 {
	return 3 * c.forward() * float64(c.Batch) * float64(c.Steps)
}

// forward counts the multiply-adds of one image's forward pass, shortcuts left out.
func (c Train) forward() float64 {
	switch {
	case deep(c):
		// Every stage does the same work a block: twice the channels on a quarter of the pixels. Map sides 14, 7, 4.
		ch, n := float64(c.Channels), float64(c.N)
		total := 9 * ch * 14 * 14
		for stage, side := range []float64{14, 7, 4} {
			out := ch * float64(int(1)<<stage)
			total += 2 * n * 9 * out * out * side * side
		}
		return total + 40*ch
	case mlp(c):
		w := float64(c.Width)
		layer := w * w
		if c.Skip == "highway" {
			layer *= 2
		}
		return 784*w + float64(c.Depth)*layer + 10*w
	}
	return 26*26*45 + float64(c.Depth)*26*26*225 + 33800
}
