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

// Cost estimates the run's multiply-adds: of the forward pass of one image, times three for the backward pass, over all
// steps.
func (c Train) Cost() float64 {
	return 3 * float64(c.Ledger().MultiplyAdds()) * float64(c.Batch) * float64(c.Steps)
}

// Memory estimates the bytes that the run holds while it trains, test images included.
func (c Train) Memory() int64 {
	size := 4
	if c.DType == "float64" {
		size = 8
	}
	return 2 * c.Ledger().Memory(c.Batch, 2*c.Count, size) // the forward pass of the test images keeps results, too
}

// overCeiling names the field to lower of a run that would take too much, and says by how much.
func (c Train) overCeiling() FieldErrors {
	if cost := c.Cost(); cost > MaxCost {
		return FieldErrors{"steps": fmt.Sprintf("make this run %.1f times as long as the server allows; lower the steps, the batch or the depth", cost/MaxCost)}
	}
	if bytes := c.Memory(); bytes > MaxMemory {
		return FieldErrors{"batch": fmt.Sprintf("makes this run need %.1f times the memory that the server allows; lower the batch, the width or the depth", float64(bytes)/MaxMemory)}
	}
	return nil
}
