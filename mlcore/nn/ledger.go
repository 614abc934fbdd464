package nn

import (
	"fmt"

	"gradlab/mlcore/autograd"
)

// Layer is one entry of a network's ledger: what it is, what it puts out, and what it costs. A ledger follows from the
// config alone; nothing is allocated, drawn or trained.
type Layer struct {
	Name         string // as in the parameters' names: "blocks.0.conv1"; "blocks.0.skip" for a shortcut
	Kind         string // "conv 3x3", "linear", "batch norm", "activation", "identity", "zero-pad", "projection", …
	Output       []int  // shape for one sample, (C, H, W) or (D)
	Parameters   int
	MultiplyAdds int64 // of the forward pass, for one sample; only convolutions and matrix products count

	stored int // activations kept for backward, each of Output's shape
}

// Ledger is a network's layers in the order of the forward pass.
type Ledger []Layer

// Parameters is the number of trainable numbers.
func (l Ledger) Parameters() int {
	n := 0
	for _, layer := range l {
		n += layer.Parameters
	}
	return n
}

// MultiplyAdds is the work of one forward pass for one sample. A training step takes about three times as much.
func (l Ledger) MultiplyAdds() int64 {
	n := int64(0)
	for _, layer := range l {
		n += layer.MultiplyAdds
	}
	return n
}

// Weighted is the number of layers with weights that multiply, the depth by which such networks are named.
func (l Ledger) Weighted() int {
	n := 0
	for _, layer := range l {
		if layer.MultiplyAdds > 0 && layer.Kind != projection {
			n++
		}
	}
	return n
}

// lanes is the size of a block of samples, as package kernel stores them.
const lanes = 16

// Work is an upper estimate of the bytes that a training step holds on two workers (see [DataParallel]): the results of the
// shards at work, the gradients of a few results, and the parameters' gradients by shard. elementBytes is 4 or 8.
func (l Ledger) Work(batch, elementBytes int) int64 {
	shards := l.Shards(batch)
	count := (batch + shards.Size - 1) / shards.Size
	tapes, leaves := min(count, workers+1), 0 // one is for a smaller shard at the end
	if count > 1 {
		leaves = min(count, ahead*workers)
	}
	results, gradients, largest := l.activations()
	tape := int64(shards.Size/lanes)*(results+gradients+3*largest)*int64(elementBytes) + int64(len(l))*layerOverhead
	return int64(tapes)*tape + int64(leaves)*l.Kept(elementBytes)/4
}

// Judging is an upper estimate of the bytes that a look at images holds on two workers, 16 at a time and without gradients.
func (l Ledger) Judging(elementBytes int) int64 {
	results, _, largest := l.activations()
	return (workers + 1) * ((results+largest)*int64(elementBytes) + int64(len(l))*layerOverhead)
}

// workers is the cores that the estimates of memory reckon with.
const workers = 2

// activations is the elements of a block's results, of its gradients, which take turns in the storage of three of each size,
// and of the largest result, the measure of scratch.
func (l Ledger) activations() (results, gradients, largest int64) {
	bySize := map[int64]int{}
	for _, layer := range l {
		size := padded(layer.Output) * lanes
		results += size * int64(layer.stored)
		bySize[size] += layer.stored
		largest = max(largest, size)
	}
	for size, count := range bySize {
		gradients += size * int64(min(count, 3))
	}
	return results, gradients, largest
}

// Kept is an upper estimate of the bytes of the network that last from one step to the next: parameters with gradients and
// up to two moments.
func (l Ledger) Kept(elementBytes int) int64 {
	return int64(elementBytes)*4*int64(l.Parameters()) + int64(len(l))*layerOverhead
}

// layerOverhead is what a layer takes beside its numbers, in bytes: its tensors' headers and its names.
const layerOverhead = 4 << 10

// Filled is the samples that a batch takes the work and the memory of: those that fill its last block up are zeros.
func Filled(batch int) int { return (batch + lanes - 1) / lanes * lanes }

// Data is an upper estimate of the bytes of images that are cut into batches.
func Data(images, batch, elementBytes int) int64 {
	const page = 8 << 10 // to which the allocator rounds
	return int64((images+batch-1)/batch) * (int64(elementBytes)*int64(Filled(batch))*padded([]int{1, 28, 28}) + page)
}

// padded is the number of elements of a shape with the zero frame that images carry.
func padded(shape []int) int64 {
	if len(shape) != 3 {
		return int64(shape[0])
	}
	return int64(shape[0]*(shape[1]+1)*(shape[2]+1)) + int64(shape[2]+3)
}

// The kinds of shortcuts.
const (
	identity   = "identity"
	zeroPad    = "zero-pad"
	projection = "projection"
)

// ledgerWriter appends layers and knows the shape that the next one reads.
type ledgerWriter struct {
	layers  Ledger
	c, h, w int // h = 0 for vectors
}

func (b *ledgerWriter) shape() []int {
	if b.h == 0 {
		return []int{b.c}
	}
	return []int{b.c, b.h, b.w}
}

func (b *ledgerWriter) add(name, kind string, parameters int, multiplyAdds int64, stored int) {
	b.layers = append(b.layers, Layer{name, kind, b.shape(), parameters, multiplyAdds, stored})
}

func (b *ledgerWriter) conv(name, kind string, out, k, stride, padding int, bias bool) {
	in := b.c
	b.c, b.h, b.w = out, (b.h+2*padding-k)/stride+1, (b.w+2*padding-k)/stride+1
	weights := out * in * k * k
	parameters := weights
	if bias {
		parameters += out
	}
	b.add(name, kind, parameters, int64(weights)*int64(b.h)*int64(b.w), 1)
}

func (b *ledgerWriter) linear(name string, out int) {
	in := b.c * max(1, b.h*b.w)
	b.c, b.h, b.w = out, 0, 0
	b.add(name, "linear", in*out+out, int64(in)*int64(out), 1)
}

// norm adds a normalisation; NormNone adds nothing.
func (b *ledgerWriter) norm(name string, kind Norm) {
	if kind != NormNone {
		b.add(name, kind.String()+" norm", 2*b.c, 0, 1)
	}
}

// activation adds f. The op before it computes it in place where f's derivative follows from its result.
func (b *ledgerWriter) activation(name string, f autograd.Activation, fused bool) {
	stored := 1
	if f.FromOutput() && fused || f == autograd.Identity {
		stored = 0
	}
	b.add(name, "activation "+f.String(), 0, 0, stored)
}

// Ledger lists the layers of the network.
func (c NotebookConfig) Ledger() Ledger {
	f := c.Activation
	b := &ledgerWriter{c: 1, h: 28, w: 28}
	b.conv("conv1", "conv 3x3", 5, 3, 1, 0, true)
	b.activation("conv1", f, true)
	for i := range c.Depth {
		name := fmt.Sprintf("extra.%d", i)
		b.conv(name, "conv 3x3", 5, 3, 1, 1, true)
		b.activation(name, f, true)
		if c.Skip {
			b.add(name+".skip", identity, 0, 0, 1)
		}
	}
	b.linear("linearization", 10)
	return b.layers
}

// Ledger lists the layers of the network.
func (c DeepConfig) Ledger() Ledger {
	f := c.Activation
	b := &ledgerWriter{c: 1, h: 28, w: 28}
	b.conv("stem", "conv 3x3", c.Channels, 3, 2, 1, c.Norm == NormNone)
	b.norm("stem_norm", c.Norm)
	b.activation("stem", f, true)
	for stage := range 3 {
		for i := range c.N {
			stride := 1
			if stage > 0 && i == 0 {
				stride = 2
			}
			c.block(b, fmt.Sprintf("blocks.%d", stage*c.N+i), f, c.Channels<<stage, stride)
		}
	}
	b.h, b.w = 0, 0
	b.add("pool", "global average pool", 0, 0, 1)
	b.linear("head", 10)
	return b.layers
}

// block adds one residual block's layers; the shortcut stands after the two convolutions.
func (c DeepConfig) block(b *ledgerWriter, name string, f autograd.Activation, out, stride int) {
	in := *b
	bias := c.Norm == NormNone
	if c.Order == OrderPre {
		b.norm(name+".norm1", c.Norm)
		b.activation(name, f, !bias)
		b.conv(name+".conv1", "conv 3x3", out, 3, stride, 1, bias)
		b.norm(name+".norm2", c.Norm)
		b.activation(name, f, !bias)
		b.conv(name+".conv2", "conv 3x3", out, 3, 1, 1, bias)
	} else {
		b.conv(name+".conv1", "conv 3x3", out, 3, stride, 1, bias)
		b.norm(name+".norm1", c.Norm)
		b.activation(name, f, true)
		b.conv(name+".conv2", "conv 3x3", out, 3, 1, 1, bias)
		b.norm(name+".norm2", c.Norm)
	}
	changes := in.c != out || stride != 1
	switch {
	case c.Skip == SkipNone:
	case c.Skip == SkipC || c.Skip == SkipB && changes:
		b.add(name+".proj", projection, in.c*out, int64(in.c*out*b.h*b.w), 1)
		b.add(name+".skip", "add", 0, 0, 1)
	case changes:
		b.add(name+".skip", zeroPad, 0, 0, 2)
	default:
		b.add(name+".skip", identity, 0, 0, 1)
	}
	if c.Order != OrderPre {
		b.activation(name, f, true)
	}
}

// Ledger lists the layers of the network.
func (c MLPConfig) Ledger() Ledger {
	f := c.Activation
	b := &ledgerWriter{c: 1, h: 28, w: 28}
	b.linear("inp", c.Width)
	b.activation("inp", f, true)
	for i := range c.Depth {
		name := fmt.Sprintf("hidden.%d", i)
		b.linear(name, c.Width)
		b.norm(fmt.Sprintf("norms.%d", i), c.Norm)
		b.activation(name, f, true)
		switch c.Skip {
		case SkipIdentity:
			b.add(name+".skip", identity, 0, 0, 1)
		case SkipReZero:
			b.add(fmt.Sprintf("alphas.%d", i), "rezero", 1, 0, 2)
		case SkipHighway:
			b.linear(fmt.Sprintf("gates.%d", i), c.Width)
			b.add(name+".skip", "highway", 0, 0, 1)
		}
	}
	b.linear("out", 10)
	return b.layers
}
