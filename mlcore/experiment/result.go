package experiment

import "unsafe"

// The sizes of what a result is made of, in bytes.
const (
	stepSize   = int64(unsafe.Sizeof(Step{}))
	testSize   = int64(unsafe.Sizeof(Evaluation{}))
	sampleSize = int64(unsafe.Sizeof(Sample{}))
	kernelSize = int64(unsafe.Sizeof(Kernel{}))
	sliceSize  = int64(unsafe.Sizeof([]float32{}))
	// entrySize is of a map's entry with its name, and resultSize of what every result has, with its place in a cache.
	entrySize  = 96
	resultSize = 4 << 10
)

// block is what the allocator takes for so many bytes: its size classes are an eighth apart at most.
func block(bytes int64) int64 { return bytes + bytes/8 + 16 }

// Bytes is the memory that the outcome takes, and at most a quarter more.
func (o *Outcome) Bytes() int64 {
	bytes := resultSize + block(int64(cap(o.Steps))*stepSize) + entrySize*int64(len(o.FirstGradNorms)+len(o.Info.Layers))
	for _, s := range o.Steps {
		if bytes += block(8 * int64(len(s.GradNorms))); s.Test != nil {
			bytes += testSize
		}
	}
	for _, k := range o.FirstKernels {
		bytes += kernelSize + block(8*int64(len(k.Weights)))
	}
	for _, s := range o.Samples {
		bytes += sampleSize + block(4*int64(len(s.Image))) + block(8*int64(len(s.Probabilities))) + block(sliceSize*int64(cap(s.Maps)))
		bytes += int64(len(s.Maps)) * block(4*int64(s.MapSide*s.MapSide))
	}
	if o.Lesions != nil {
		bytes += o.Train().lesionSize()
	}
	return bytes
}

// resultBytes is an upper estimate of what the run's outcome will take.
func (c Train) resultBytes() int64 {
	ledger := c.Ledger()
	layers, channels := int64(len(ledger)), int64(0)
	if !mlp(c) {
		channels = int64(ledger[0].Output[0])
	}
	const pixels, images, kernel = 28 * 28, 2 * SampleCount, 9
	return resultSize + block(int64(c.Steps)*stepSize) + int64(c.Steps)*block(8*layers) + int64(c.Steps)*testSize + 4*layers*entrySize +
		channels*(kernelSize+block(8*kernel)) +
		images*(sampleSize+block(4*pixels)+block(8*10)+block(sliceSize*2*channels)+channels*block(4*pixels)) +
		c.lesionSize()
}
