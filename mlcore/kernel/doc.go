// Package kernel holds the loops in which a training step spends its time, as pure functions on slices. It
// knows no tensor and no tape: package autograd calls it with plain sizes and strides.
//
// # Lanes
//
// An activation with a batch dimension is stored in blocks of 16 samples: the innermost index is the sample
// within its block, the lane. One vector of 16 lanes is one pixel of 16 images (one AVX-512 register, two AVX2,
// four NEON), so a convolution is "broadcast a weight, multiply-add pixels" whatever its sizes: no tails, no
// masks, no im2col. A batch that is no multiple of 16 leaves lanes idle in its last block. The kernels compute them like
// the others, and sums over lanes count them: they must hold zero in every gradient, and something finite in every value
// that meets one, since 0·Inf is NaN. Package autograd keeps zero in both, whatever an input holds there.
//
// # Sets
//
// A Set is a table of functions: plain Go for float64 and as the fallback, assembly for float32 where the
// processor has it. For picks one; Go is always the plain one, and the tests compare the others with it.
//
// # Assembly
//
// It is written once, in the headers *_amd64.h, as macros of Go's assembler over vectors of any width; avx2_amd64.s,
// avx512_amd64.s and avx512half_amd64.s, for blocks with few samples, say what a vector is and include them. Nothing generates it. neon_arm64.s has the correlations alone. Offsets of fields and
// constants come from Go, by the go_asm.h that the compiler writes.
//
// # Vocabulary
//
// A Correlation is the one loop nest behind Conv2d and Linear, forward and backward: a weighted sum over taps.
// Planes are the rows of one channel, over some blocks; the normalisations are sums over planes.
package kernel

// Float is the element type of every kernel.
type Float interface{ ~float32 | ~float64 }

// Lanes is the number of samples in a block, the innermost dimension of an activation.
const Lanes = 16
