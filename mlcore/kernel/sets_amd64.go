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
	tiles: tileSet{
		correlate: [][]func(*tile){nil,
			{nil, correlate1x1AVX2, correlate1x2AVX2, correlate1x3AVX2},
			{nil, correlate2x1AVX2, correlate2x2AVX2, correlate2x3AVX2},
			{nil, correlate3x1AVX2, correlate3x2AVX2, correlate3x3AVX2},
			{nil, correlate4x1AVX2, correlate4x2AVX2, correlate4x3AVX2},
		},
		correlateGrad: [][]func(*gradTile){nil,
			{nil, correlateGrad1x1AVX2, correlateGrad1x2AVX2, correlateGrad1x3AVX2},
			{nil, correlateGrad2x1AVX2, correlateGrad2x2AVX2, correlateGrad2x3AVX2},
			{nil, correlateGrad3x1AVX2, correlateGrad3x2AVX2, correlateGrad3x3AVX2},
			{nil, correlateGrad4x1AVX2, correlateGrad4x2AVX2, correlateGrad4x3AVX2},
		},
		halves: 2,
	},
	add:             addAVX2,
	addReLU:         addReLUAVX2,
	mul:             mulAVX2,
	mulAdd:          mulAddAVX2,
	scale:           scaleAVX2,
	scaleAdd:        scaleAddAVX2,
	sigmoid:         sigmoidAVX2,
	tanh:            tanhAVX2,
	reluGrad:        reluGradAVX2,
	reluGradAdd:     reluGradAddAVX2,
	tanhGrad:        tanhGradAVX2,
	tanhGradAdd:     tanhGradAddAVX2,
	sigmoidGrad:     sigmoidGradAVX2,
	sigmoidGradAdd:  sigmoidGradAddAVX2,
	laneSum:         laneSumAVX2,
	laneSquares:     laneSquaresAVX2,
	laneAffine:      laneAffineAVX2,
	laneDots:        laneDotsAVX2,
	laneNormGrad:    laneNormGradAVX2,
	laneNormGradAdd: laneNormGradAddAVX2,
	momentum:        momentumAVX2,
	adam:            adamAVX2,
	peak:            peakAVX2, peakFLOP: 12 * 2 * 8,
}

var avx512Functions = functions{
	tiles: tileSet{
		correlate: [][]func(*tile){nil,
			{nil, correlate1x1AVX512, correlate1x2AVX512, correlate1x3AVX512, correlate1x4AVX512, correlate1x5AVX512},
			{nil, correlate2x1AVX512, correlate2x2AVX512, correlate2x3AVX512, correlate2x4AVX512, correlate2x5AVX512},
			{nil, correlate3x1AVX512, correlate3x2AVX512, correlate3x3AVX512, correlate3x4AVX512, correlate3x5AVX512},
			{nil, correlate4x1AVX512, correlate4x2AVX512, correlate4x3AVX512, correlate4x4AVX512, correlate4x5AVX512},
			{nil, correlate5x1AVX512, correlate5x2AVX512, correlate5x3AVX512, correlate5x4AVX512, correlate5x5AVX512},
		},
		correlateGrad: [][]func(*gradTile){nil,
			{nil, correlateGrad1x1AVX512, correlateGrad1x2AVX512, correlateGrad1x3AVX512, correlateGrad1x4AVX512},
			{nil, correlateGrad2x1AVX512, correlateGrad2x2AVX512, correlateGrad2x3AVX512, correlateGrad2x4AVX512},
			{nil, correlateGrad3x1AVX512, correlateGrad3x2AVX512, correlateGrad3x3AVX512, correlateGrad3x4AVX512},
			{nil, correlateGrad4x1AVX512, correlateGrad4x2AVX512, correlateGrad4x3AVX512, correlateGrad4x4AVX512},
			{nil, correlateGrad5x1AVX512, correlateGrad5x2AVX512, correlateGrad5x3AVX512, correlateGrad5x4AVX512},
		},
		halves: 1, narrow: &avx2Functions.tiles,
	},
	add:             addAVX512,
	addReLU:         addReLUAVX512,
	mul:             mulAVX512,
	mulAdd:          mulAddAVX512,
	scale:           scaleAVX512,
	scaleAdd:        scaleAddAVX512,
	sigmoid:         sigmoidAVX512,
	tanh:            tanhAVX512,
	reluGrad:        reluGradAVX512,
	reluGradAdd:     reluGradAddAVX512,
	tanhGrad:        tanhGradAVX512,
	tanhGradAdd:     tanhGradAddAVX512,
	sigmoidGrad:     sigmoidGradAVX512,
	sigmoidGradAdd:  sigmoidGradAddAVX512,
	laneSum:         laneSumAVX512,
	laneSquares:     laneSquaresAVX512,
	laneAffine:      laneAffineAVX512,
	laneDots:        laneDotsAVX512,
	laneNormGrad:    laneNormGradAVX512,
	laneNormGradAdd: laneNormGradAddAVX512,
	momentum:        momentumAVX512,
	adam:            adamAVX512,
	peak:            peakAVX512, peakFLOP: 12 * 2 * 16,
}
