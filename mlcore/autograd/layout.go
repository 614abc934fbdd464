package autograd

import "gradlab/mlcore/kernel"

// Float is the element type of tensors: float32 for PyTorch's numbers and speed, float64 for checks and for
// pictures that span thirty decades.
type Float = kernel.Float

// lanes is the number of samples in one block of an activation.
const lanes = kernel.Lanes

// border is the width of the zero frame around the pixels of an activation, so that a 3x3 convolution with
// padding 1 reads no special case.
const border = 1

// layout says where a tensor's elements lie. Plain tensors (parameters, scalars) are row-major. Activations, shape
// (N, C, H, W), (N, S, D) or (N, D), lie in lanes: [block][C][H][W][16] with the sample innermost, see package kernel. Rows
// and planes share their zero frame with the next: a row takes W+border vectors, a plane H+border rows, and the
// first plane's frame is a lead before the first pixel. The frame and the idle lanes, those beyond N, are zero in results
// and in gradients.
type layout struct {
	lanes   bool
	n       int // samples
	c, h, w int // (N, D) has c = D, h = w = 1; a flattened image keeps its c, h, w
	border  int
	count   int // elements of a plain tensor
}

func plainLayout(count int) layout { return layout{count: count} }

func imageLayout(n, c, h, w, border int) layout {
	return layout{lanes: true, n: n, c: c, h: h, w: w, border: border}
}

func featureLayout(n, d int) layout { return layout{lanes: true, n: n, c: d, h: 1, w: 1} }

// sequenceLayout has a place of the sequence for a channel, and a feature for a row of one pixel.
func sequenceLayout(n, s, d int) layout { return layout{lanes: true, n: n, c: s, h: d, w: 1} }

func (l layout) blocks() int { return (l.n + lanes - 1) / lanes }
func (l layout) row() int    { return (l.w + l.border) * lanes }
func (l layout) plane() int  { return (l.h + l.border) * l.row() }
func (l layout) block() int  { return l.c * l.plane() }
func (l layout) lead() int   { return l.border * (l.row() + lanes) }

// size is the number of elements to allocate.
func (l layout) size() int {
	if !l.lanes {
		return l.count
	}
	// The last pixel's frame reaches a vector or two beyond the last plane.
	return l.lead() + l.blocks()*l.block() + l.border*lanes
}

// pixel is the index of the first sample of a block at channel c and pixel (h, w).
func (l layout) pixel(block, c, h, w int) int {
	return l.lead() + block*l.block() + c*l.plane() + h*l.row() + w*lanes
}

// live is the number of samples in the last block.
func (l layout) live() int { return l.n - (l.blocks()-1)*lanes }

// liveIn is the number of samples in a block.
func (l layout) liveIn(block int) int { return min(lanes, l.n-block*lanes) }

// run is some blocks of an activation all of whose vectors have the same number of live lanes.
type run struct{ first, count, live int }

// run returns the longest run of blocks from first on, before end; a last block with idle lanes is one by itself. Loop over
// all of them with
//
//	for r := l.run(0, l.blocks()); r.count > 0; r = l.run(r.first+r.count, l.blocks())
func (l layout) run(first, end int) run {
	full := l.n / lanes
	if first < min(full, end) {
		return run{first, min(full, end) - first, lanes}
	}
	return run{first, end - first, l.live()}
}

// planes are the rows of one channel within a number of blocks.
func (l layout) planes(blocks int) kernel.Planes {
	return kernel.Planes{Blocks: blocks, Rows: l.h, Cols: l.w, Block: l.block(), Row: l.row()}
}

// clearFrame zeroes the frame around an activation's pixels, and its idle lanes.
func clearFrame[T Float](l layout, data []T) {
	clearIdle(l, data)
	if !l.lanes || l.border == 0 {
		return
	}
	end := 0 // the end of the pixels seen so far
	for b := range l.blocks() {
		for c := range l.c {
			for h := range l.h {
				at := l.pixel(b, c, h, 0)
				clear(data[end:at])
				end = at + l.w*lanes
			}
		}
	}
	clear(data[end:])
}

// clearIdle zeroes the lanes beyond the last sample. What is zero is only read: runs may share an input.
func clearIdle[T Float](l layout, data []T) {
	live := l.live()
	if !l.lanes || live == lanes {
		return
	}
	for c := range l.c {
		for h := range l.h {
			row := data[l.pixel(l.blocks()-1, c, h, 0):][:l.w*lanes]
			for ; len(row) >= lanes; row = row[lanes:] {
				idle := row[live:lanes]
				for i, v := range idle {
					if v != 0 {
						idle[i] = 0
					}
				}
			}
		}
	}
}

// gather copies the elements from storage to dst in logical order, (N, C, H, W) row-major.
func gather[T Float](l layout, dst, storage []T) {
	if !l.lanes {
		copy(dst, storage[:l.count])
		return
	}
	i := 0
	for n := range l.n {
		for c := range l.c {
			for h := range l.h {
				at := l.pixel(n/lanes, c, h, 0) + n%lanes
				for range l.w {
					dst[i] = storage[at]
					i++
					at += lanes
				}
			}
		}
	}
}

// scatter is the inverse of gather.
func scatter[T Float](l layout, storage, src []T) {
	if !l.lanes {
		copy(storage[:l.count], src)
		return
	}
	i := 0
	for n := range l.n {
		for c := range l.c {
			for h := range l.h {
				at := l.pixel(n/lanes, c, h, 0) + n%lanes
				for range l.w {
					storage[at] = src[i]
					i++
					at += lanes
				}
			}
		}
	}
}
