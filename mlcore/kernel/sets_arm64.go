package kernel

// assembly returns the NEON set: every arm64 processor has it.
func assembly() []*Set[float32] {
	s := Go[float32]()
	s.Name = "neon"
	s.Correlate = func(c *Correlation[float32]) { correlateTiles(c, &neonTiles) }
	s.CorrelateGrad = func(c *Correlation[float32]) { correlateGradTiles(c, &neonTiles) }
	return []*Set[float32]{s}
}

// neonTiles are the micro-kernels of the correlations. The rest stays plain Go: it is bound by memory, and Go's
// assembler lacks most of the vector operations that it would need.
var neonTiles = tileSet{
	correlate: [][]func(*tile){nil,
		{nil, correlate1x1NEON},
		{nil, correlate2x1NEON},
		{nil, correlate3x1NEON},
		{nil, correlate4x1NEON},
	},
	correlateGrad: [][]func(*gradTile){nil,
		{nil, correlateGrad1x1NEON, correlateGrad1x2NEON, correlateGrad1x3NEON, correlateGrad1x4NEON},
		{nil, correlateGrad2x1NEON, correlateGrad2x2NEON, correlateGrad2x3NEON, correlateGrad2x4NEON},
		{nil, correlateGrad3x1NEON, correlateGrad3x2NEON, correlateGrad3x3NEON, correlateGrad3x4NEON},
		{nil, correlateGrad4x1NEON, correlateGrad4x2NEON, correlateGrad4x3NEON, correlateGrad4x4NEON},
	},
	halves: 1,
}
