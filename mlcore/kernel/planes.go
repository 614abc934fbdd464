package kernel

// Planes are Rows rows of Cols vectors in each of Blocks blocks: one channel of an activation, in elements from
// the start of the slice. Every function below works lane by lane; vectors called [16] hold one value a lane.
type Planes struct {
	Blocks, Rows, Cols int
	Block, Row         int
}

// goLaneSum adds the sum of x over the planes to acc [16].
func goLaneSum[T Float](acc, x []T, p *Planes) {
	a := (*[Lanes]T)(acc)
	for b := range p.Blocks {
		for r := range p.Rows {
			row := x[b*p.Block+r*p.Row:][:p.Cols*Lanes]
			for ; len(row) >= Lanes; row = row[Lanes:] {
				for l, v := range (*[Lanes]T)(row) {
					a[l] += v
				}
			}
		}
	}
}

// goLaneSquares adds the sum of (x - mean)² to acc [16]; mean is [16].
func goLaneSquares[T Float](acc, x, mean []T, p *Planes) {
	a, m := (*[Lanes]T)(acc), (*[Lanes]T)(mean)
	for b := range p.Blocks {
		for r := range p.Rows {
			row := x[b*p.Block+r*p.Row:][:p.Cols*Lanes]
			for ; len(row) >= Lanes; row = row[Lanes:] {
				for l, v := range (*[Lanes]T)(row) {
					d := v - m[l]
					a[l] = fma(d, d, a[l])
				}
			}
		}
	}
}

// goLaneAffine stores y = x·scale + shift, or its positive part where relu is set; scale and shift are [16].
func goLaneAffine[T Float](y, x, scale, shift []T, p *Planes, relu bool) {
	s, h := (*[Lanes]T)(scale), (*[Lanes]T)(shift)
	for b := range p.Blocks {
		for r := range p.Rows {
			at := b*p.Block + r*p.Row
			in, out := x[at:][:p.Cols*Lanes], y[at:][:p.Cols*Lanes]
			for ; len(in) >= Lanes; in, out = in[Lanes:], out[Lanes:] {
				v, d := (*[Lanes]T)(in), (*[Lanes]T)(out)
				for l := range d {
					z := fma(v[l], s[l], h[l])
					if relu {
						z = max(z, 0)
					}
					d[l] = z
				}
			}
		}
	}
}

// goLaneDots adds the sum of dy to sum [16], and the sum of dy·(x - mean) to dot [16]. With a gate, dy counts as zero
// where the gate is not positive: the gate is the result of a ReLU that came after.
func goLaneDots[T Float](sum, dot, dy, gate, x, mean []T, p *Planes) {
	s, d, m := (*[Lanes]T)(sum), (*[Lanes]T)(dot), (*[Lanes]T)(mean)
	for b := range p.Blocks {
		for r := range p.Rows {
			at := b*p.Block + r*p.Row
			in, grad := x[at:][:p.Cols*Lanes], dy[at:][:p.Cols*Lanes]
			for ; len(in) >= Lanes; in, grad = in[Lanes:], grad[Lanes:] {
				v, g := (*[Lanes]T)(in), *(*[Lanes]T)(grad)
				if gate != nil {
					g = gated(g, gate[at:])
					at += Lanes
				}
				for l := range v {
					s[l] += g[l]
					d[l] = fma(g[l], v[l]-m[l], d[l])
				}
			}
		}
	}
}

// gated is g where the gate is positive, else 0.
func gated[T Float](g [Lanes]T, gate []T) [Lanes]T {
	for l, v := range (*[Lanes]T)(gate) {
		if v <= 0 {
			g[l] = 0
		}
	}
	return g
}

// goLaneNormGrad stores dx = a·dy + b·(x - mean) + c, or adds it where accumulate is set; the vectors are [16]. The gate
// is that of goLaneDots.
func goLaneNormGrad[T Float](dx, dy, gate, x, a, b, c, mean []T, p *Planes, accumulate bool) {
	va, vb, vc, m := (*[Lanes]T)(a), (*[Lanes]T)(b), (*[Lanes]T)(c), (*[Lanes]T)(mean)
	for blk := range p.Blocks {
		for r := range p.Rows {
			at, n := blk*p.Block+r*p.Row, p.Cols*Lanes
			in, grad, out := x[at:][:n], dy[at:][:n], dx[at:][:n]
			for ; len(in) >= Lanes; in, grad, out = in[Lanes:], grad[Lanes:], out[Lanes:] {
				v, g, d := (*[Lanes]T)(in), *(*[Lanes]T)(grad), (*[Lanes]T)(out)
				if gate != nil {
					g = gated(g, gate[at:])
					at += Lanes
				}
				for l := range v {
					z := fma(va[l], g[l], fma(vb[l], v[l]-m[l], vc[l]))
					if accumulate {
						z += d[l]
					}
					d[l] = z
				}
			}
		}
	}
}

// fma is a·b + c, where float32 is rounded once, as the vector units do it: the product is exact in float64. What cancels in a
// norm's gradient cancels to as many digits then.
func fma[T Float](a, b, c T) T { return T(float64(a)*float64(b) + float64(c)) }
