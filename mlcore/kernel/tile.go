package kernel

import (
	"math"
	"unsafe"
)

// tile is the arguments of an assembly micro-kernel: a few outputs × pixels of a Correlation, Repeat times. Strides and
// steps are in bytes. The assembly knows the fields by their offsets, from go_asm.h; it counts Repeat down.
type tile struct {
	shape                      int
	x, w, y, bias              unsafe.Pointer
	taps                       unsafe.Pointer
	tapCount                   int
	repeat                     int
	xStep, wStep, yStep, bStep int
	xCol, yCol, wOut, yOut     int
	accumulate, relu           int
	source                     int            // where what is added lies, from y
	mask                       unsafe.Pointer // of the lanes that hold samples; nil where all do
	halves                     int            // for the Go side
}

// gradTile is the arguments of an assembly micro-kernel for a few outputs × taps of a weight gradient, Repeat groups of
// neighbouring taps after one another. The skips lead from the end of a row or block to the next.
type gradTile struct {
	shape                  int
	x, y, w                unsafe.Pointer
	taps                   unsafe.Pointer
	repeat                 int
	blocks, rows, cols     int
	xCol, yCol             int
	xRowSkip, yRowSkip     int
	xBlockSkip, yBlockSkip int
	yOut, wOut             int
	//lint:ignore U1000 what the assembly counts
	rowsLeft, blocksLeft int
	//lint:ignore U1000 and its place among the taps
	tap uintptr
}

// tileSet is the micro-kernels of an instruction set.
type tileSet struct {
	correlate             func(t *tile)
	correlateGrad         func(t *gradTile)
	outputs, pixels, taps int // of the largest tiles
	halves                int // how often correlate runs to cover 16 lanes
	// narrow holds kernels that compute 8 lanes, for a block that has no more samples than that, where the set's own take
	// all 16.
	narrow *tileSet
}

// sized returns the kernels for a number of live lanes, and how often those for the correlation run.
func (k *tileSet) sized(live int) (set *tileSet, halves int) {
	const half = Lanes / 2
	switch {
	case live > half:
		return k, k.halves
	case k.narrow != nil:
		return k.narrow, 1
	}
	return k, (k.halves + 1) / 2
}

// tileShape is where the assembly's tables have the function for a tile's rows, which are outputs, and columns: pixels or taps.
func tileShape(rows, cols int) int { return 8*rows + cols }

// masks from Lanes - n on keep n lanes of a vector: they are all ones there, and zero in the others.
var masks = func() (m [2 * Lanes]uint32) {
	for i := range Lanes {
		m[i] = math.MaxUint32
	}
	return m
}()

// noBias is the bias of the layers that have none.
var noBias [8]float32

const floatBytes = 4

// group is the size of the next of as few even parts of at most limit as n can be cut into.
func group(n, limit int) int {
	parts := (n + limit - 1) / limit
	return (n + parts - 1) / parts
}

// correlateTiles is Correlate by micro-kernels: rows run inside the kernel where there are many, else groups of
// outputs do.
func correlateTiles(c *Correlation[float32], k *tileSet) {
	if c.Outputs == 0 || c.Rows <= 0 || c.Cols <= 0 {
		return
	}
	c.check()
	t := &c.tile
	t.xCol, t.yCol = floatBytes*c.XCol, floatBytes*c.YCol
	t.wOut, t.yOut = floatBytes*c.WOut, floatBytes*c.YOut
	t.taps, t.tapCount = unsafe.Pointer(unsafe.SliceData(c.Taps)), len(c.Taps)
	t.accumulate, t.relu = 0, 0
	if c.Accumulate {
		t.accumulate = 1
	}
	t.source = 0
	if c.Source != nil {
		t.source = int(uintptr(unsafe.Pointer(&c.Source[0])) - uintptr(unsafe.Pointer(&c.Y[0])))
	}
	if c.ReLU {
		t.relu = 1
	}
	k, t.halves = k.sized(c.lanes())
	rowsInside := c.Rows*k.outputs >= c.Outputs
	for b := range c.Blocks {
		x, y := c.X[b*c.XBlock:], c.Y[b*c.YBlock:]
		if rowsInside {
			for o := 0; o < c.Outputs; {
				outputs := group(c.Outputs-o, k.outputs)
				c.runRows(k, x, y, o, outputs)
				o += outputs
			}
			continue
		}
		outputs := group(c.Outputs, k.outputs)
		whole := c.Outputs / outputs
		for r := range c.Rows {
			c.runOutputs(k, x[r*c.XRow:], y[r*c.YRow:], 0, outputs, whole)
			if rest := c.Outputs - whole*outputs; rest > 0 {
				c.runOutputs(k, x[r*c.XRow:], y[r*c.YRow:], whole*outputs, rest, 1)
			}
		}
	}
}

// runRows computes all rows of a few outputs, a few pixels at a time, along the rows: memory is read and written in the
// order in which it lies, which the processor foresees.
func (c *Correlation[T]) runRows(k *tileSet, x, y []T, o, outputs int) {
	t := &c.tile
	t.wStep, t.bStep = 0, 0
	for r := range c.Rows {
		for col := 0; col < c.Cols; {
			pixels := group(c.Cols-col, k.pixels)
			groups := (c.Cols - col) / pixels
			if rest := c.Cols - col - groups*pixels; rest > 0 {
				groups = 1
			}
			t.xStep, t.yStep = floatBytes*pixels*c.XCol, floatBytes*pixels*c.YCol
			c.runTile(k, x[r*c.XRow+col*c.XCol:], y[r*c.YRow+o*c.YOut+col*c.YCol:], o, outputs, pixels, groups)
			col += groups * pixels
		}
	}
}

// runOutputs computes groups of outputs of one row.
func (c *Correlation[T]) runOutputs(k *tileSet, x, y []T, o, outputs, groups int) {
	t := &c.tile
	t.xStep, t.yStep, t.wStep = 0, floatBytes*outputs*c.YOut, floatBytes*outputs*c.WOut
	t.bStep = 0
	if c.Bias != nil {
		t.bStep = floatBytes * outputs
	}
	for col := 0; col < c.Cols; {
		pixels := group(c.Cols-col, k.pixels)
		c.runTile(k, x[col*c.XCol:], y[o*c.YOut+col*c.YCol:], o, outputs, pixels, groups)
		col += pixels
	}
}

func (c *Correlation[T]) runTile(k *tileSet, x, y []T, o, outputs, pixels, repeat int) {
	t := &c.tile
	t.bias = unsafe.Pointer(&noBias)
	if c.Bias != nil {
		t.bias = unsafe.Pointer(&c.Bias[o])
	}
	t.w = unsafe.Pointer(&c.W[o*c.WOut])
	t.shape = tileShape(outputs, pixels)
	for half := range t.halves {
		lane := half * Lanes / k.halves
		t.x, t.y, t.repeat = unsafe.Pointer(&x[lane]), unsafe.Pointer(&y[lane]), repeat
		if t.mask = nil; c.lanes() < Lanes {
			t.mask = unsafe.Pointer(&masks[Lanes-c.lanes()+lane])
		}
		k.correlate(t)
	}
}

// check panics where the assembly would leave the slices. Taps are trusted: they are built beside the layouts.
func (c *Correlation[T]) check() {
	if c.Blocks == 0 {
		return
	}
	pixel := (c.Blocks-1)*c.XBlock + (c.Rows-1)*c.XRow + (c.Cols-1)*c.XCol + Lanes - 1
	w := (c.Outputs - 1) * c.WOut
	if n := len(c.Taps); n > 0 {
		pixel += int(c.Taps[n-1].X)
		w += int(c.Taps[n-1].W)
	}
	_ = c.X[pixel]
	_ = c.W[w]
	_ = c.Y[(c.Outputs-1)*c.YOut+(c.Blocks-1)*c.YBlock+(c.Rows-1)*c.YRow+(c.Cols-1)*c.YCol+Lanes-1]
	if c.Bias != nil {
		_ = c.Bias[c.Outputs-1]
	}
	if c.Source != nil {
		_ = c.Source[(c.Outputs-1)*c.YOut+(c.Blocks-1)*c.YBlock+(c.Rows-1)*c.YRow+(c.Cols-1)*c.YCol+Lanes-1]
	}
}

// correlateGradTiles is CorrelateGrad by micro-kernels. The weights of neighbouring taps must be neighbours.
func correlateGradTiles(c *Correlation[float32], k *tileSet) {
	if c.Outputs == 0 || c.Blocks == 0 || len(c.Taps) == 0 {
		return
	}
	c.check()
	k, _ = k.sized(c.lanes())
	t := &c.gradTile
	t.blocks, t.rows, t.cols = c.Blocks, c.Rows, c.Cols
	t.xCol, t.yCol = floatBytes*c.XCol, floatBytes*c.YCol
	t.xRowSkip, t.yRowSkip = floatBytes*(c.XRow-c.Cols*c.XCol), floatBytes*(c.YRow-c.Cols*c.YCol)
	t.xBlockSkip, t.yBlockSkip = floatBytes*(c.XBlock-c.Rows*c.XRow), floatBytes*(c.YBlock-c.Rows*c.YRow)
	t.yOut, t.wOut = floatBytes*c.YOut, floatBytes*c.WOut
	t.x = unsafe.Pointer(unsafe.SliceData(c.X))
	whole, rest := len(c.Taps)/k.taps, len(c.Taps)%k.taps
	for o := 0; o < c.Outputs; {
		outputs := group(c.Outputs-o, k.outputs)
		t.y, t.w = unsafe.Pointer(&c.Y[o*c.YOut]), unsafe.Pointer(&c.W[o*c.WOut])
		if whole > 0 {
			t.taps, t.repeat, t.shape = unsafe.Pointer(&c.Taps[0]), whole, tileShape(outputs, k.taps)
			k.correlateGrad(t)
		}
		if rest > 0 {
			t.taps, t.repeat, t.shape = unsafe.Pointer(&c.Taps[whole*k.taps]), 1, tileShape(outputs, rest)
			k.correlateGrad(t)
		}
		o += outputs
	}
}
