package kernel

// The functions of avx2_amd64.s and avx512_amd64.s; n counts blocks of 16 floats.

//go:noescape
func correlateAVX2(args *tile)

//go:noescape
func correlateGradAVX2(args *gradTile)

//go:noescape
func activateAVX2(kind Activation, y, x *float32, n int64)

//go:noescape
func activateGradAVX2(kind Activation, dx, dy, ref *float32, n int64, accumulate bool)

//go:noescape
func addAVX2(y, a, b *float32, n int64, floor float32)

//go:noescape
func mulAVX2(y, a, b *float32, n int64, accumulate bool)

//go:noescape
func scaleAVX2(y, x *float32, n int64, s float32, accumulate bool)

//go:noescape
func laneSumAVX2(acc, x *float32, p *Planes)

//go:noescape
func laneSquaresAVX2(acc, x, mean *float32, p *Planes)

//go:noescape
func laneAffineAVX2(y, x, scale, shift *float32, p *Planes, floor float32)

//go:noescape
func laneDotsAVX2(sum, dot, dy, gate, x, mean *float32, p *Planes)

//go:noescape
func laneNormGradAVX2(dx, dy, gate, x, a, b, c, mean *float32, p *Planes, accumulate bool)

//go:noescape
func momentumAVX2(w, dw, v *float32, n int64, rate, mu float32)

//go:noescape
func adamAVX2(w, dw, m, v *float32, n int64, b1, c1, b2, c2, step, inverse, eps float32)

//go:noescape
func peakAVX2(rounds int64)

//go:noescape
func correlateAVX512(args *tile)

//go:noescape
func correlateGradAVX512(args *gradTile)

//go:noescape
func activateAVX512(kind Activation, y, x *float32, n int64)

//go:noescape
func activateGradAVX512(kind Activation, dx, dy, ref *float32, n int64, accumulate bool)

//go:noescape
func addAVX512(y, a, b *float32, n int64, floor float32)

//go:noescape
func mulAVX512(y, a, b *float32, n int64, accumulate bool)

//go:noescape
func scaleAVX512(y, x *float32, n int64, s float32, accumulate bool)

//go:noescape
func laneSumAVX512(acc, x *float32, p *Planes)

//go:noescape
func laneSquaresAVX512(acc, x, mean *float32, p *Planes)

//go:noescape
func laneAffineAVX512(y, x, scale, shift *float32, p *Planes, floor float32)

//go:noescape
func laneDotsAVX512(sum, dot, dy, gate, x, mean *float32, p *Planes)

//go:noescape
func laneNormGradAVX512(dx, dy, gate, x, a, b, c, mean *float32, p *Planes, accumulate bool)

//go:noescape
func momentumAVX512(w, dw, v *float32, n int64, rate, mu float32)

//go:noescape
func adamAVX512(w, dw, m, v *float32, n int64, b1, c1, b2, c2, step, inverse, eps float32)

//go:noescape
func peakAVX512(rounds int64)

//go:noescape
func correlateAVX512Half(args *tile)

//go:noescape
func correlateGradAVX512Half(args *gradTile)
