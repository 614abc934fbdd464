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
	add:      addAVX2,
	addReLU:  addReLUAVX2,
	mul:      mulAVX2,
	mulAdd:   mulAddAVX2,
	scale:    scaleAVX2,
	scaleAdd: scaleAddAVX2,
	values: [Activations]func(y, x *float32, n int64){
		Tanh:      tanhAVX2,
		Sigmoid:   sigmoidAVX2,
		ELU:       eluAVX2,
		SELU:      seluAVX2,
		SiLU:      siluAVX2,
		LeakyReLU: leakyReLUAVX2,
		GELU:      geluAVX2,
		Softplus:  softplusAVX2,
	},
	derivatives: [Activations]func(dx, dy, ref *float32, n int64){
		ReLU:      reluGradAVX2,
		Tanh:      tanhGradAVX2,
		Sigmoid:   sigmoidGradAVX2,
		ELU:       eluGradAVX2,
		SELU:      seluGradAVX2,
		SiLU:      siluGradAVX2,
		LeakyReLU: leakyReLUGradAVX2,
		GELU:      geluGradAVX2,
		Softplus:  softplusGradAVX2,
	},
	derivativesAdd: [Activations]func(dx, dy, ref *float32, n int64){
		ReLU:      reluGradAddAVX2,
		Tanh:      tanhGradAddAVX2,
		Sigmoid:   sigmoidGradAddAVX2,
		ELU:       eluGradAddAVX2,
		SELU:      seluGradAddAVX2,
		SiLU:      siluGradAddAVX2,
		LeakyReLU: leakyReLUGradAddAVX2,
		GELU:      geluGradAddAVX2,
		Softplus:  softplusGradAddAVX2,
	},
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
	add:      addAVX512,
	addReLU:  addReLUAVX512,
	mul:      mulAVX512,
	mulAdd:   mulAddAVX512,
	scale:    scaleAVX512,
	scaleAdd: scaleAddAVX512,
	values: [Activations]func(y, x *float32, n int64){
		Tanh:      tanhAVX512,
		Sigmoid:   sigmoidAVX512,
		ELU:       eluAVX512,
		SELU:      seluAVX512,
		SiLU:      siluAVX512,
		LeakyReLU: leakyReLUAVX512,
		GELU:      geluAVX512,
		Softplus:  softplusAVX512,
	},
	derivatives: [Activations]func(dx, dy, ref *float32, n int64){
		ReLU:      reluGradAVX512,
		Tanh:      tanhGradAVX512,
		Sigmoid:   sigmoidGradAVX512,
		ELU:       eluGradAVX512,
		SELU:      seluGradAVX512,
		SiLU:      siluGradAVX512,
		LeakyReLU: leakyReLUGradAVX512,
		GELU:      geluGradAVX512,
		Softplus:  softplusGradAVX512,
	},
	derivativesAdd: [Activations]func(dx, dy, ref *float32, n int64){
		ReLU:      reluGradAddAVX512,
		Tanh:      tanhGradAddAVX512,
		Sigmoid:   sigmoidGradAddAVX512,
		ELU:       eluGradAddAVX512,
		SELU:      seluGradAddAVX512,
		SiLU:      siluGradAddAVX512,
		LeakyReLU: leakyReLUGradAddAVX512,
		GELU:      geluGradAddAVX512,
		Softplus:  softplusGradAddAVX512,
	},
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
