package nn

import (
	"fmt"
	"strings"
	"sync"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// Layer is one entry of a network's ledger: what it is, what it puts out, and what it costs.
type Layer struct {
	Name         string // as in the parameters' names: "blocks.0.conv1"; "blocks.0.skip" for a shortcut
	Kind         string // "conv 3x3", "linear", "batch norm", "activation", "identity", "zero-pad", "projection", …
	Output       []int  // shape for one sample, (C, H, W), (D) or (S, D); of attention's products, for one head
	Parameters   int
	MultiplyAdds int64 // of the forward pass, for one sample; only convolutions and matrix products count

	stored int64 // elements kept for backward, of a block of samples; 0 for what is computed in place
}

// Ledger is a network's layers in the order of the forward pass. It is read off the network itself, which is built without
// storage and run without arithmetic: see [autograd.NewMetaTape]. Nothing is drawn or trained.
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
		results += layer.stored
		bySize[layer.stored]++
		largest = max(largest, layer.stored)
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
	return int64((images+batch-1)/batch) * (int64(elementBytes)*int64(Filled(batch))*padded(1, 28, 28) + page)
}

// padded is the number of elements of an image with the zero frame that images carry.
func padded(c, h, w int) int64 { return int64(c*(h+1)*(w+1)) + int64(w+3) }

// Ledger lists the layers of the network. It is not to be changed.
func (c NotebookConfig) Ledger() Ledger { return ledgerOf(c, NewNotebookNet[float32], image...) }

// Ledger lists the layers of the network. It is not to be changed.
func (c DeepConfig) Ledger() Ledger { return ledgerOf(c, NewDeepNet[float32], image...) }

// Ledger lists the layers of the network. It is not to be changed.
func (c MLPConfig) Ledger() Ledger { return ledgerOf(c, NewMLP[float32], image...) }

// Ledger lists the layers of the network. It is not to be changed.
func (c TransformerConfig) Ledger() Ledger { return ledgerOf(c, NewTransformer[float32], c.Places) }

// image is the shape of what networks of images take.
var image = []int{1, 28, 28}

// ledgers are those of the configs that were asked for last: a page asks for the same one several times.
var ledgers struct {
	sync.Mutex
	of map[any]Ledger
}

// ledgersKept bounds them; 64 of 110 layers take some 3 MB.
const ledgersKept = 64

func ledgerOf[C comparable, M Module[float32]](c C, build func(*torchrand.Generator, C) M, input ...int) Ledger {
	ledgers.Lock()
	defer ledgers.Unlock()
	l, known := ledgers.of[c]
	if !known {
		if len(ledgers.of)%ledgersKept == 0 {
			ledgers.of = map[any]Ledger{}
		}
		l = readLedger(build(meta, c), input)
		ledgers.of[c] = l
	}
	return l
}

// readLedger lists the layers of a network of [meta] parameters that takes samples of the given shape.
func readLedger(net Module[float32], input []int) Ledger {
	tape := autograd.NewMetaTape[float32]()
	net.Forward(tape, autograd.NewMetaBatch[float32](append([]int{lanes}, input...)...))
	var layers Ledger
	for op := range tape.Ops() {
		if op.Stored == 0 {
			continue // a view
		}
		l := layerOf(op, layers)
		layers = append(layers, l)
		if op.Activation != autograd.Identity { // computed in place
			layers = append(layers, Layer{Name: l.Name, Kind: activation + op.Activation.String(), Output: l.Output})
		}
	}
	return layers
}

// The kinds of layers that others are told from.
const (
	linearKind = "linear"
	tokensKind = "linear per token"
	batchKind  = "batch norm"
	zeroPad    = "zero-pad"
	projection = "projection"
	activation = "activation "
)

// layerOf is the layer that an op computes, after those before it.
func layerOf(op autograd.Op[float32], before Ledger) Layer {
	l := Layer{Name: op.Scope, Output: op.Output.Shape[1:], stored: int64(op.Stored)}
	for _, x := range op.Inputs {
		if x.Name != "" { // a parameter
			l.Name = strings.TrimSuffix(strings.TrimSuffix(x.Name, ".weight"), ".bias")
			l.Parameters += x.Len()
		}
	}
	switch op.Kind {
	case "Conv2d":
		w := op.Inputs[1]
		l.Kind = fmt.Sprintf("conv %dx%d", w.Shape[2], w.Shape[3])
		if w.Shape[2] == 1 {
			l.Kind = projection
		}
		l.MultiplyAdds = int64(w.Len() * l.Output[1] * l.Output[2])
	case "Linear":
		l.Kind, l.MultiplyAdds = linearKind, int64(op.Inputs[1].Len())
		if len(l.Output) == 2 { // for each token
			l.Kind, l.MultiplyAdds = tokensKind, l.MultiplyAdds*int64(l.Output[0])
		}
	case "BatchMatMul": // of every head of the block's samples
		l.Kind, l.MultiplyAdds = "product", int64(op.Output.Len()*op.Inputs[0].Shape[2]/lanes)
	case "Softmax":
		l.Kind = "softmax"
	case "SplitHeads", "MergeHeads", "Transpose":
		l.Kind = "copy"
	case "Embedding":
		l.Kind = "embedding"
	case "AddBroadcast":
		l.Kind = "positions"
	case "BatchNorm":
		l.Kind = batchKind
	case "GroupNorm":
		l.Kind = "group norm"
	case "LayerNorm":
		l.Kind = "layer norm"
	case "GlobalAvgPool2d":
		l.Name, l.Kind = "pool", "global average pool"
	case "Scale":
		l.Kind = "rezero"
		if l.Parameters == 0 {
			l.Kind = "scale"
		}
	case "SubsamplePad":
		l.Name, l.Kind = op.Scope+".skip", zeroPad
	case "Highway":
		l.Name, l.Kind = op.Scope+".skip", "highway"
	case "Add":
		l.Name, l.Kind = op.Scope+".skip", "identity"
		if last := before[len(before)-1].Kind; last == zeroPad || last == projection {
			l.Kind = "add"
		}
	default:
		l.Name, l.Kind = before[len(before)-1].Name, activation+op.Kind
	}
	return l
}
