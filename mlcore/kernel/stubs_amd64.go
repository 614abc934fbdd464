package kernel

// The functions of kernels_amd64.s; n counts blocks of 16 floats.

//go:noescape
func correlate1x1AVX2(args *tile)

//go:noescape
func correlate1x2AVX2(args *tile)

//go:noescape
func correlate1x3AVX2(args *tile)

//go:noescape
func correlate2x1AVX2(args *tile)

//go:noescape
func correlate2x2AVX2(args *tile)

//go:noescape
func correlate2x3AVX2(args *tile)

//go:noescape
func correlate3x1AVX2(args *tile)

//go:noescape
func correlate3x2AVX2(args *tile)

//go:noescape
func correlate3x3AVX2(args *tile)

//go:noescape
func correlate4x1AVX2(args *tile)

//go:noescape
func correlate4x2AVX2(args *tile)

//go:noescape
func correlate4x3AVX2(args *tile)

//go:noescape
func correlate1x1AVX512Half(args *tile)

//go:noescape
func correlate1x2AVX512Half(args *tile)

//go:noescape
func correlate1x3AVX512Half(args *tile)

//go:noescape
func correlate1x4AVX512Half(args *tile)

//go:noescape
func correlate1x5AVX512Half(args *tile)

//go:noescape
func correlate2x1AVX512Half(args *tile)

//go:noescape
func correlate2x2AVX512Half(args *tile)

//go:noescape
func correlate2x3AVX512Half(args *tile)

//go:noescape
func correlate2x4AVX512Half(args *tile)

//go:noescape
func correlate2x5AVX512Half(args *tile)

//go:noescape
func correlate3x1AVX512Half(args *tile)

//go:noescape
func correlate3x2AVX512Half(args *tile)

//go:noescape
func correlate3x3AVX512Half(args *tile)

//go:noescape
func correlate3x4AVX512Half(args *tile)

//go:noescape
func correlate3x5AVX512Half(args *tile)

//go:noescape
func correlate4x1AVX512Half(args *tile)

//go:noescape
func correlate4x2AVX512Half(args *tile)

//go:noescape
func correlate4x3AVX512Half(args *tile)

//go:noescape
func correlate4x4AVX512Half(args *tile)

//go:noescape
func correlate4x5AVX512Half(args *tile)

//go:noescape
func correlate5x1AVX512Half(args *tile)

//go:noescape
func correlate5x2AVX512Half(args *tile)

//go:noescape
func correlate5x3AVX512Half(args *tile)

//go:noescape
func correlate5x4AVX512Half(args *tile)

//go:noescape
func correlate5x5AVX512Half(args *tile)

//go:noescape
func correlateGrad1x1AVX512Half(args *gradTile)

//go:noescape
func correlateGrad1x2AVX512Half(args *gradTile)

//go:noescape
func correlateGrad1x3AVX512Half(args *gradTile)

//go:noescape
func correlateGrad1x4AVX512Half(args *gradTile)

//go:noescape
func correlateGrad2x1AVX512Half(args *gradTile)

//go:noescape
func correlateGrad2x2AVX512Half(args *gradTile)

//go:noescape
func correlateGrad2x3AVX512Half(args *gradTile)

//go:noescape
func correlateGrad2x4AVX512Half(args *gradTile)

//go:noescape
func correlateGrad3x1AVX512Half(args *gradTile)

//go:noescape
func correlateGrad3x2AVX512Half(args *gradTile)

//go:noescape
func correlateGrad3x3AVX512Half(args *gradTile)

//go:noescape
func correlateGrad3x4AVX512Half(args *gradTile)

//go:noescape
func correlateGrad4x1AVX512Half(args *gradTile)

//go:noescape
func correlateGrad4x2AVX512Half(args *gradTile)

//go:noescape
func correlateGrad4x3AVX512Half(args *gradTile)

//go:noescape
func correlateGrad4x4AVX512Half(args *gradTile)

//go:noescape
func correlateGrad5x1AVX512Half(args *gradTile)

//go:noescape
func correlateGrad5x2AVX512Half(args *gradTile)

//go:noescape
func correlateGrad5x3AVX512Half(args *gradTile)

//go:noescape
func correlateGrad5x4AVX512Half(args *gradTile)

//go:noescape
func correlateGrad1x1AVX2(args *gradTile)

//go:noescape
func correlateGrad1x2AVX2(args *gradTile)

//go:noescape
func correlateGrad1x3AVX2(args *gradTile)

//go:noescape
func correlateGrad2x1AVX2(args *gradTile)

//go:noescape
func correlateGrad2x2AVX2(args *gradTile)

//go:noescape
func correlateGrad2x3AVX2(args *gradTile)

//go:noescape
func correlateGrad3x1AVX2(args *gradTile)

//go:noescape
func correlateGrad3x2AVX2(args *gradTile)

//go:noescape
func correlateGrad3x3AVX2(args *gradTile)

//go:noescape
func correlateGrad4x1AVX2(args *gradTile)

//go:noescape
func correlateGrad4x2AVX2(args *gradTile)

//go:noescape
func correlateGrad4x3AVX2(args *gradTile)

//go:noescape
func addAVX2(y, a, b *float32, n int64)

//go:noescape
func addReLUAVX2(y, a, b *float32, n int64)

//go:noescape
func mulAVX2(y, a, b *float32, n int64)

//go:noescape
func mulAddAVX2(y, a, b *float32, n int64)

//go:noescape
func scaleAVX2(y, x *float32, n int64, s float32)

//go:noescape
func scaleAddAVX2(y, x *float32, n int64, s float32)

//go:noescape
func sigmoidAVX2(y, x *float32, n int64)

//go:noescape
func tanhAVX2(y, x *float32, n int64)

//go:noescape
func reluGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func reluGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func tanhGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func tanhGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func sigmoidGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func sigmoidGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func laneSumAVX2(acc, x *float32, p *Planes)

//go:noescape
func laneSquaresAVX2(acc, x, mean *float32, p *Planes)

//go:noescape
func laneAffineAVX2(y, x, scale, shift *float32, p *Planes, floor float32)

//go:noescape
func laneDotsAVX2(sum, dot, dy, x, mean *float32, p *Planes)

//go:noescape
func laneNormGradAVX2(dx, dy, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func laneNormGradAddAVX2(dx, dy, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func momentumAVX2(w, dw, v *float32, n int64, rate, mu float32)

//go:noescape
func adamAVX2(w, dw, m, v *float32, n int64, b1, c1, b2, c2, step, inverse, eps float32)

//go:noescape
func correlate1x1AVX512(args *tile)

//go:noescape
func correlate1x2AVX512(args *tile)

//go:noescape
func correlate1x3AVX512(args *tile)

//go:noescape
func correlate1x4AVX512(args *tile)

//go:noescape
func correlate1x5AVX512(args *tile)

//go:noescape
func correlate2x1AVX512(args *tile)

//go:noescape
func correlate2x2AVX512(args *tile)

//go:noescape
func correlate2x3AVX512(args *tile)

//go:noescape
func correlate2x4AVX512(args *tile)

//go:noescape
func correlate2x5AVX512(args *tile)

//go:noescape
func correlate3x1AVX512(args *tile)

//go:noescape
func correlate3x2AVX512(args *tile)

//go:noescape
func correlate3x3AVX512(args *tile)

//go:noescape
func correlate3x4AVX512(args *tile)

//go:noescape
func correlate3x5AVX512(args *tile)

//go:noescape
func correlate4x1AVX512(args *tile)

//go:noescape
func correlate4x2AVX512(args *tile)

//go:noescape
func correlate4x3AVX512(args *tile)

//go:noescape
func correlate4x4AVX512(args *tile)

//go:noescape
func correlate4x5AVX512(args *tile)

//go:noescape
func correlate5x1AVX512(args *tile)

//go:noescape
func correlate5x2AVX512(args *tile)

//go:noescape
func correlate5x3AVX512(args *tile)

//go:noescape
func correlate5x4AVX512(args *tile)

//go:noescape
func correlate5x5AVX512(args *tile)

//go:noescape
func correlateGrad1x1AVX512(args *gradTile)

//go:noescape
func correlateGrad1x2AVX512(args *gradTile)

//go:noescape
func correlateGrad1x3AVX512(args *gradTile)

//go:noescape
func correlateGrad1x4AVX512(args *gradTile)

//go:noescape
func correlateGrad2x1AVX512(args *gradTile)

//go:noescape
func correlateGrad2x2AVX512(args *gradTile)

//go:noescape
func correlateGrad2x3AVX512(args *gradTile)

//go:noescape
func correlateGrad2x4AVX512(args *gradTile)

//go:noescape
func correlateGrad3x1AVX512(args *gradTile)

//go:noescape
func correlateGrad3x2AVX512(args *gradTile)

//go:noescape
func correlateGrad3x3AVX512(args *gradTile)

//go:noescape
func correlateGrad3x4AVX512(args *gradTile)

//go:noescape
func correlateGrad4x1AVX512(args *gradTile)

//go:noescape
func correlateGrad4x2AVX512(args *gradTile)

//go:noescape
func correlateGrad4x3AVX512(args *gradTile)

//go:noescape
func correlateGrad4x4AVX512(args *gradTile)

//go:noescape
func correlateGrad5x1AVX512(args *gradTile)

//go:noescape
func correlateGrad5x2AVX512(args *gradTile)

//go:noescape
func correlateGrad5x3AVX512(args *gradTile)

//go:noescape
func correlateGrad5x4AVX512(args *gradTile)

//go:noescape
func addAVX512(y, a, b *float32, n int64)

//go:noescape
func addReLUAVX512(y, a, b *float32, n int64)

//go:noescape
func mulAVX512(y, a, b *float32, n int64)

//go:noescape
func mulAddAVX512(y, a, b *float32, n int64)

//go:noescape
func scaleAVX512(y, x *float32, n int64, s float32)

//go:noescape
func scaleAddAVX512(y, x *float32, n int64, s float32)

//go:noescape
func sigmoidAVX512(y, x *float32, n int64)

//go:noescape
func tanhAVX512(y, x *float32, n int64)

//go:noescape
func reluGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func reluGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func tanhGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func tanhGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func sigmoidGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func sigmoidGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func laneSumAVX512(acc, x *float32, p *Planes)

//go:noescape
func laneSquaresAVX512(acc, x, mean *float32, p *Planes)

//go:noescape
func laneAffineAVX512(y, x, scale, shift *float32, p *Planes, floor float32)

//go:noescape
func laneDotsAVX512(sum, dot, dy, x, mean *float32, p *Planes)

//go:noescape
func laneNormGradAVX512(dx, dy, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func laneNormGradAddAVX512(dx, dy, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func momentumAVX512(w, dw, v *float32, n int64, rate, mu float32)

//go:noescape
func adamAVX512(w, dw, m, v *float32, n int64, b1, c1, b2, c2, step, inverse, eps float32)

//go:noescape
func peakAVX2(rounds int64)

//go:noescape
func peakAVX512(rounds int64)

//go:noescape
func eluAVX2(y, x *float32, n int64)

//go:noescape
func eluGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func eluGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func seluAVX2(y, x *float32, n int64)

//go:noescape
func seluGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func seluGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func siluAVX2(y, x *float32, n int64)

//go:noescape
func siluGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func siluGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func leakyReLUAVX2(y, x *float32, n int64)

//go:noescape
func leakyReLUGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func leakyReLUGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func geluAVX2(y, x *float32, n int64)

//go:noescape
func geluGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func geluGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func eluAVX512(y, x *float32, n int64)

//go:noescape
func eluGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func eluGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func seluAVX512(y, x *float32, n int64)

//go:noescape
func seluGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func seluGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func siluAVX512(y, x *float32, n int64)

//go:noescape
func siluGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func siluGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func leakyReLUAVX512(y, x *float32, n int64)

//go:noescape
func leakyReLUGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func leakyReLUGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func geluAVX512(y, x *float32, n int64)

//go:noescape
func geluGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func geluGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func softplusAVX2(y, x *float32, n int64)

//go:noescape
func softplusGradAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func softplusGradAddAVX2(dx, dy, ref *float32, n int64)

//go:noescape
func softplusAVX512(y, x *float32, n int64)

//go:noescape
func softplusGradAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func softplusGradAddAVX512(dx, dy, ref *float32, n int64)

//go:noescape
func laneDotsGatedAVX2(sum, dot, dy, gate, x, mean *float32, p *Planes)

//go:noescape
func laneNormGradGatedAVX2(dx, dy, gate, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func laneNormGradGatedAddAVX2(dx, dy, gate, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func laneDotsGatedAVX512(sum, dot, dy, gate, x, mean *float32, p *Planes)

//go:noescape
func laneNormGradGatedAVX512(dx, dy, gate, x, a, b, c, mean *float32, p *Planes)

//go:noescape
func laneNormGradGatedAddAVX512(dx, dy, gate, x, a, b, c, mean *float32, p *Planes)
