package experiment

// Curve is the chain's activation f at each of as, in float64.
func (c Chain) Curve(as []float64) []float64 {
	c.Skip = "none"
	one := newChainLayer[float64](c)
	fs := make([]float64, len(as))
	for i, a := range as {
		fs[i] = one.output(a, 1, 0)
	}
	return fs
}
