package kernel

// Tap is one term of a correlation: where its input vector and its weight lie, in elements, from the origin of
// the pixel and of the output.
type Tap struct{ X, W int32 }

// Correlation is the loop nest of convolution and matrix product. With o < Outputs, b < Blocks, r < Rows,
// c < Cols and a lane l, Correlate computes
//
//	y[o·YOut + b·YBlock + r·YRow + c·YCol + l] =
//	    bias[o] + Σ_k w[o·WOut + Taps[k].W] · x[b·XBlock + r·XRow + c·XCol + Taps[k].X + l]
//
// and CorrelateGrad its derivative to the weights, with dy in Y:
//
//	w[o·WOut + Taps[k].W] += Σ_{b,r,c,l} y[…] · x[…]
//
// All offsets are in elements and count from the start of the slices. Where Accumulate is set, Correlate adds to
// y, or to Source, laid out as Y, where that is set. Where ReLU is set, it stores max(y, 0). Bias may be nil, and Taps empty.
//
// Only the first Live lanes of a vector hold samples (0 means all 16). In the others Correlate stores zero, or nothing;
// CorrelateGrad sums them or leaves them out, so that they must be zero in y and finite in x.
type Correlation[T Float] struct {
	X, Y, W, Bias      []T
	Source             []T
	Taps               []Tap
	Outputs            int
	Blocks, Rows, Cols int
	XBlock, XRow, XCol int
	YOut               int
	YBlock, YRow, YCol int
	WOut               int
	Live               int
	Accumulate, ReLU   bool

	tile     tile // arguments of the assembly, here so that a call allocates nothing
	gradTile gradTile
}

// lanes is the number of lanes that hold samples.
func (c *Correlation[T]) lanes() int {
	if c.Live <= 0 || c.Live > Lanes {
		return Lanes
	}
	return c.Live
}

// live is the number of lanes that plain Go computes: a multiple of 4.
func (c *Correlation[T]) live() int { return (c.lanes() + 3) &^ 3 }

// goCorrelate computes one output × 8 lanes at a time: eight sums, a weight and what the compiler needs in between fit
// the sixteen scalar registers, and no loaded pixel has to be copied before it is multiplied.
func goCorrelate[T Float](c *Correlation[T]) {
	live := c.live()
	for b := range c.Blocks {
		for r := range c.Rows {
			for col := range c.Cols {
				x := c.X[b*c.XBlock+r*c.XRow+col*c.XCol:]
				y := b*c.YBlock + r*c.YRow + col*c.YCol
				for o := range c.Outputs {
					lane := 0
					for ; lane+8 <= live; lane += 8 {
						correlate8(c, x[lane:], y+lane, o)
					}
					if lane < live {
						correlate4(c, x[lane:], y+lane, o)
					}
					clear(c.Y[y+o*c.YOut+c.lanes() : y+o*c.YOut+live])
				}
			}
		}
	}
}

func correlate8[T Float](c *Correlation[T], x []T, y, o int) {
	var a0, a1, a2, a3, a4, a5, a6, a7 T
	if c.Bias != nil {
		a0 = c.Bias[o]
		a1, a2, a3, a4, a5, a6, a7 = a0, a0, a0, a0, a0, a0, a0
	}
	w := c.W[o*c.WOut:]
	for _, t := range c.Taps {
		v := (*[8]T)(x[t.X:])
		u := w[t.W]
		a0 += u * v[0]
		a1 += u * v[1]
		a2 += u * v[2]
		a3 += u * v[3]
		a4 += u * v[4]
		a5 += u * v[5]
		a6 += u * v[6]
		a7 += u * v[7]
	}
	store4(c, y+o*c.YOut, a0, a1, a2, a3)
	store4(c, y+o*c.YOut+4, a4, a5, a6, a7)
}

func correlate4[T Float](c *Correlation[T], x []T, y, o int) {
	var a0, a1, a2, a3 T
	if c.Bias != nil {
		a0 = c.Bias[o]
		a1, a2, a3 = a0, a0, a0
	}
	w := c.W[o*c.WOut:]
	for _, t := range c.Taps {
		v := (*[4]T)(x[t.X:])
		u := w[t.W]
		a0 += u * v[0]
		a1 += u * v[1]
		a2 += u * v[2]
		a3 += u * v[3]
	}
	store4(c, y+o*c.YOut, a0, a1, a2, a3)
}

// store4 stores four lanes of y at an index.
func store4[T Float](c *Correlation[T], y int, a0, a1, a2, a3 T) {
	if c.Accumulate {
		source := c.Source
		if source == nil {
			source = c.Y
		}
		d := (*[4]T)(source[y:])
		a0, a1, a2, a3 = a0+d[0], a1+d[1], a2+d[2], a3+d[3]
	}
	if c.ReLU {
		a0, a1, a2, a3 = max(a0, 0), max(a1, 0), max(a2, 0), max(a3, 0)
	}
	d := (*[4]T)(c.Y[y:])
	d[0], d[1], d[2], d[3] = a0, a1, a2, a3
}

// goCorrelateGrad sums 2 outputs × 4 taps at a time. A row's sum is added to w before the next row begins: short
// partial sums keep float32 close to the exact result.
func goCorrelateGrad[T Float](c *Correlation[T]) {
	o := 0
	for ; o+2 <= c.Outputs; o += 2 {
		k := 0
		for ; k+4 <= len(c.Taps); k += 4 {
			correlateGrad2x4(c, o, c.Taps[k:k+4])
		}
		for ; k < len(c.Taps); k++ {
			correlateGrad1x1(c, o, c.Taps[k])
			correlateGrad1x1(c, o+1, c.Taps[k])
		}
	}
	if o < c.Outputs {
		for _, t := range c.Taps {
			correlateGrad1x1(c, o, t)
		}
	}
}

func correlateGrad2x4[T Float](c *Correlation[T], o int, taps []Tap) {
	live := c.live()
	t := (*[4]Tap)(taps)
	for b := range c.Blocks {
		for r := range c.Rows {
			var a0, a1, a2, a3, b0, b1, b2, b3 T
			y, x := o*c.YOut+b*c.YBlock+r*c.YRow, b*c.XBlock+r*c.XRow
			for range c.Cols {
				u, w := c.Y[y:][:live], c.Y[y+c.YOut:][:live]
				x0, x1 := c.X[x+int(t[0].X):][:live], c.X[x+int(t[1].X):][:live]
				x2, x3 := c.X[x+int(t[2].X):][:live], c.X[x+int(t[3].X):][:live]
				for l := range u {
					p, q := u[l], w[l]
					a0 += p * x0[l]
					a1 += p * x1[l]
					a2 += p * x2[l]
					a3 += p * x3[l]
					b0 += q * x0[l]
					b1 += q * x1[l]
					b2 += q * x2[l]
					b3 += q * x3[l]
				}
				y += c.YCol
				x += c.XCol
			}
			wa, wb := c.W[o*c.WOut:], c.W[(o+1)*c.WOut:]
			wa[t[0].W] += a0
			wa[t[1].W] += a1
			wa[t[2].W] += a2
			wa[t[3].W] += a3
			wb[t[0].W] += b0
			wb[t[1].W] += b1
			wb[t[2].W] += b2
			wb[t[3].W] += b3
		}
	}
}

func correlateGrad1x1[T Float](c *Correlation[T], o int, t Tap) {
	live := c.live()
	for b := range c.Blocks {
		for r := range c.Rows {
			var s0, s1, s2, s3 T
			for col := range c.Cols {
				y := c.Y[o*c.YOut+b*c.YBlock+r*c.YRow+col*c.YCol:][:live]
				x := c.X[b*c.XBlock+r*c.XRow+col*c.XCol+int(t.X):][:live]
				for l := 0; l+4 <= len(y); l += 4 {
					p, q := (*[4]T)(y[l:]), (*[4]T)(x[l:])
					s0 += p[0] * q[0]
					s1 += p[1] * q[1]
					s2 += p[2] * q[2]
					s3 += p[3] * q[3]
				}
			}
			c.W[o*c.WOut+int(t.W)] += (s0 + s1) + (s2 + s3)
		}
	}
}
