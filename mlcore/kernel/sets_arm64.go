package kernel

// assembly returns the NEON set: every arm64 processor has it. The rest stays plain Go: it is bound by memory, and Go's
// assembler lacks most of the vector operations that it would need.
func assembly() []*Set[float32] {
	s := Go[float32]()
	s.Name = "neon"
	s.Correlate = func(c *Correlation[float32]) { correlateTiles(c, &neonTiles) }
	s.CorrelateGrad = func(c *Correlation[float32]) { correlateGradTiles(c, &neonTiles) }
	return []*Set[float32]{s}
}

var neonTiles = tileSet{correlate: correlateNEON, correlateGrad: correlateGradNEON, outputs: 4, pixels: 1, taps: 4, halves: 1}

//go:noescape
func correlateNEON(args *tile)

//go:noescape
func correlateGradNEON(args *gradTile)
