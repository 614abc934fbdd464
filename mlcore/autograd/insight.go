package autograd

import (
	"math"
	"unsafe"
)

// Stats sums up the elements of a tensor or of its gradient, in float64.
type Stats struct {
	Count     int     // elements looked at
	Norm      float64 // L2; NaN or Inf where an element is
	Zeros     int     // exactly zero
	Underflow int     // not zero, but below the smallest normal number of the type: digits are being lost
	NonFinite int     // NaN or infinite
}

// GradStats sums up the gradient; all zeros where none has arrived, or it is not retained. It allocates nothing.
func (t *Tensor[T]) GradStats() Stats {
	if !t.HasGrad() {
		return Stats{Count: t.Len(), Zeros: t.Len()}
	}
	return t.stats(t.root().Grad)
}

// ValueStats sums up the elements. It allocates nothing.
func (t *Tensor[T]) ValueStats() Stats { return t.stats(t.Data) }

func (t *Tensor[T]) stats(storage []T) Stats {
	var s summary[T]
	l := t.layout
	if !l.lanes {
		s.add(storage[:l.count])
		return s.stats()
	}
	for b := range l.blocks() {
		live := lanes
		if b == l.blocks()-1 {
			live = l.live()
		}
		for c := range l.c {
			for h := range l.h {
				row := storage[l.pixel(b, c, h, 0):][:l.w*lanes]
				if live == lanes {
					s.add(row)
					continue
				}
				for ; len(row) >= lanes; row = row[lanes:] {
					s.add(row[:live])
				}
			}
		}
	}
	return s.stats()
}

// summary is a sum of squares in float64. A float32's square fits with room to spare; a float64 below 1e-154 does not,
// so numbers are scaled by a power of two that the largest so far decides.
type summary[T Float] struct {
	Stats
	squares, large, small float64 // of ordinary numbers; of those above 1e140, scaled down; of those below 1e-140, up
}

// Scales of the sum of squares: squares of numbers beyond these bounds leave float64's range.
const (
	tiny  = 0x1p-465 // about 1e-140
	huge  = 0x1p465
	shift = 0x1p600
)

func (s *summary[T]) add(v []T) {
	smallest := smallestNormal[T]()
	for _, x := range v {
		a := math.Abs(float64(x))
		switch {
		case a == 0:
			s.Zeros++
		case a > tiny && a < huge:
			s.squares += a * a
		case a <= tiny:
			s.small += (a * shift) * (a * shift)
		case a <= math.MaxFloat64:
			s.large += (a / shift) * (a / shift)
		default:
			s.NonFinite++
			s.squares += a
		}
		if a < smallest && a != 0 {
			s.Underflow++
		}
	}
	s.Count += len(v)
}

func (s *summary[T]) stats() Stats {
	switch {
	case s.large > 0:
		s.Norm = math.Sqrt(s.large+s.squares/shift/shift) * shift
	case s.squares > 0 || s.NonFinite > 0:
		s.Norm = math.Sqrt(s.squares)
	default:
		s.Norm = math.Sqrt(s.small) / shift
	}
	return s.Stats
}

func smallestNormal[T Float]() float64 {
	if unsafe.Sizeof(T(0)) == 4 {
		return 0x1p-126
	}
	return 0x1p-1022
}
