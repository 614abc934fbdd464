package experiment

import (
	"fmt"

	"gradlab/mlcore/nn"
)

// What a run may take: multiply-adds, which is minutes on one core, and bytes.
const (
	MaxCost   = 4e12
	MaxMemory = 512 << 20
)

// Ledger lists the net's layers without building it.
func (c Train) Ledger() nn.Ledger {
	switch c.Net {
	case "deep":
		return c.deepConfig().Ledger()
	case "mlp":
		return c.mlpConfig().Ledger()
	}
	return c.notebookConfig().Ledger()
}

// Layers names the layers whose weights multiply, in the order of the forward pass.
func (c Train) Layers() []string {
	var names []string
	for _, layer := range c.Ledger() {
		if layer.MultiplyAdds > 0 {
			names = append(names, layer.Name)
		}
	}
	return names
}

// StepCost is what a step takes of a core, in multiply-adds: the forward pass of one image, times three for the backward pass, for
// the samples of a batch and those that fill its last block up.
func (c Train) StepCost() float64 { return c.stepCost(c.Ledger()) }

func (c Train) stepCost(net nn.Ledger) float64 {
	return 3 * float64(net.MultiplyAdds()) * float64(nn.Filled(c.Batch))
}

// testWork is that of one batch of test images: a forward pass.
func (c Train) testWork(net nn.Ledger) float64 {
	return float64(net.MultiplyAdds()) * float64(nn.Filled(min(c.Batch, c.tested())))
}

// Cost is what the whole run takes of a core, in multiply-adds: its steps, its looks at the test images, and its lesions.
func (c Train) Cost() float64 {
	net := c.Ledger()
	batches := ceil(c.tested(), min(c.Batch, c.tested()))
	looks := 1 + ceil(c.Steps, c.testEvery(batches))
	return c.stepCost(net)*float64(c.Steps) + float64(looks*batches)*c.testWork(net) + c.lesionWork()
}

// tested is how many test images there are.
func (c Train) tested() int {
	if c.Data == "noise" {
		return c.Count
	}
	return testCount
}

// Memory is an upper estimate of the bytes that the run holds while it trains, test images and results included.
func (c Train) Memory() int64 {
	net, size := c.Ledger(), elementBytes(c.DType)
	return c.kept(net) + net.Work(c.Batch, size) + net.Judging(size) + c.lesionMemory(net)
}

// Kept is an upper estimate of the bytes that the run holds between two steps, after [Training.Shed].
func (c Train) Kept() int64 { return c.kept(c.Ledger()) }

func (c Train) kept(net nn.Ledger) int64 {
	size, tested := elementBytes(c.DType), c.tested()
	return net.Kept(size) + nn.Data(c.Count, c.Batch, size) + nn.Data(tested, min(c.Batch, tested), size) + c.resultBytes()
}

// elementBytes is the size of a number of a precision.
func elementBytes(dtype string) int {
	if dtype == "float64" {
		return 8
	}
	return 4
}

// overCeiling names the field to lower of a run that would take too much, and says by how much.
func (c Train) overCeiling() FieldErrors {
	if cost := c.Cost(); cost > MaxCost {
		return FieldErrors{"steps": fmt.Sprintf("make this run %.1f times as long as the server allows; lower the steps, the batch or the depth", cost/MaxCost)}
	}
	return c.OverMemory(MaxMemory)
}

// OverMemory names the field to lower of a run that needs more than so many bytes, and says by how much; a server may have less to
// give than [MaxMemory].
func (c Train) OverMemory(most int64) FieldErrors {
	if bytes := c.Memory(); bytes > most {
		return FieldErrors{"batch": fmt.Sprintf("makes this run need %.2g times the memory that the server allows; lower the batch, the width or the depth", float64(bytes)/float64(most))}
	}
	return nil
}
