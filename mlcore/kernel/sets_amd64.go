package kernel

import "golang.org/x/sys/cpu"

// assembly returns the sets that this processor runs, the fastest last.
func assembly() []*Set[float32] {
	var sets []*Set[float32]
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		sets = append(sets, avx2Functions.set("avx2"))
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW {
		sets = append(sets, avx512Functions.set("avx512"))
	}
	return sets
}

var avx2Functions = functions{
	tiles:        tileSet{correlate: correlateAVX2, correlateGrad: correlateGradAVX2, outputs: 4, pixels: 3, taps: 3, halves: 2},
	activate:     activateAVX2,
	activateGrad: activateGradAVX2,
	add:          addAVX2,
	mul:          mulAVX2,
	scale:        scaleAVX2,
	laneSum:      laneSumAVX2,
	laneSquares:  laneSquaresAVX2,
	laneAffine:   laneAffineAVX2,
	laneDots:     laneDotsAVX2,
	laneNormGrad: laneNormGradAVX2,
	momentum:     momentumAVX2,
	adam:         adamAVX2,
	peak:         peakAVX2, peakFLOP: 12 * 2 * 8,
}

var avx512HalfTiles = tileSet{correlate: correlateAVX512Half, correlateGrad: correlateGradAVX512Half, outputs: 5, pixels: 5, taps: 4, halves: 1}

var avx512Functions = functions{
	tiles: tileSet{correlate: correlateAVX512, correlateGrad: correlateGradAVX512, outputs: 5, pixels: 5, taps: 4, halves: 1,
		narrow: &avx512HalfTiles},
	activate:     activateAVX512,
	activateGrad: activateGradAVX512,
	add:          addAVX512,
	mul:          mulAVX512,
	scale:        scaleAVX512,
	laneSum:      laneSumAVX512,
	laneSquares:  laneSquaresAVX512,
	laneAffine:   laneAffineAVX512,
	laneDots:     laneDotsAVX512,
	laneNormGrad: laneNormGradAVX512,
	momentum:     momentumAVX512,
	adam:         adamAVX512,
	peak:         peakAVX512, peakFLOP: 12 * 2 * 16,
}
