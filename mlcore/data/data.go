// Package data holds the images that the networks learn: the notebook's noise and Fashion-MNIST. A Set is plain
// numbers; NewBatches lays them out for a tape once, so that a step allocates nothing.
package data

import (
	"fmt"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// The size of every image, in pixels, and the number of classes.
const (
	Height  = 28
	Width   = 28
	Pixels  = Height * Width
	Classes = 10
)

// Set is a number of grey images with their classes. It is read-only once made.
type Set struct {
	Images []float32 // (N, 1, 28, 28) row-major
	Labels []int     // N, each 0 to 9
}

// Len is the number of images.
func (s Set) Len() int { return len(s.Labels) }

// Image returns the pixels of image i, 28 rows of 28.
func (s Set) Image(i int) []float32 { return s.Images[i*Pixels : (i+1)*Pixels] }

// Noise draws what the notebook trains on, in its order: count training images, count test images, count random
// labels that both share. Memorising the training set is all that a network can do with it.
func Noise(g *torchrand.Generator, count int) (train, test Set) {
	train.Images = make([]float32, count*Pixels)
	test.Images = make([]float32, count*Pixels)
	g.Randn(train.Images)
	g.Randn(test.Images)
	drawn := make([]int64, count)
	g.Random(drawn, 0, Classes)
	train.Labels = make([]int, count)
	for i, v := range drawn {
		train.Labels[i] = int(v)
	}
	test.Labels = train.Labels
	return train, test
}

// Batches are consecutive slices of a set as tensors, without shuffling; the last may be shorter.
type Batches[T autograd.Float] struct {
	images []*autograd.Tensor[T]
	labels [][]int
}

// NewBatches cuts s into batches of the given size. It panics unless size is at least 1.
func NewBatches[T autograd.Float](s Set, size int) *Batches[T] {
	if size < 1 {
		panic(fmt.Sprintf("data: NewBatches: size %d, want at least 1", size))
	}
	b := &Batches[T]{}
	for from := 0; from < s.Len(); from += size {
		to := min(from+size, s.Len())
		values := make([]T, (to-from)*Pixels)
		for i, v := range s.Images[from*Pixels : to*Pixels] {
			values[i] = T(v)
		}
		x := autograd.NewBatch[T](to-from, 1, Height, Width)
		x.SetValues(values)
		b.images = append(b.images, x)
		b.labels = append(b.labels, s.Labels[from:to])
	}
	return b
}

// Len is the number of batches.
func (b *Batches[T]) Len() int { return len(b.images) }

// At returns the batch of a step, counted from 0 and wrapping at the end of the set.
func (b *Batches[T]) At(step int) (x *autograd.Tensor[T], labels []int) {
	i := step % len(b.images)
	return b.images[i], b.labels[i]
}
