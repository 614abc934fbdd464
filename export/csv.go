package export

import (
	"encoding/csv"
	"io"
	"strconv"

	"gradlab/mlcore/experiment"
)

// ChainCSV writes chains, one line a layer: run (plain or residual), layer, w, a, z, grad_w, grad_a, grad_z. Layer 0 is
// the input: it has z and grad_z alone.
func ChainCSV(w io.Writer, results ...experiment.ChainResult) error {
	out := csv.NewWriter(w)
	out.Write([]string{"run", "layer", "w", "a", "z", "grad_w", "grad_a", "grad_z"})
	for _, r := range results {
		n := numbers(r.Config.DType)
		name := runName(r.Config.Residual())
		out.Write([]string{name, "0", "", "", n(r.Z[0]), "", "", n(r.GradZ[0])})
		for i := range r.W {
			out.Write([]string{name, strconv.Itoa(i + 1), n(r.W[i]), n(r.A[i]), n(r.Z[i+1]), n(r.GradW[i]), n(r.GradA[i]), n(r.GradZ[i+1])})
		}
	}
	out.Flush()
	return out.Error()
}

// TrainCSV writes runs, one line a step: run (plain or residual), step, loss and accuracy of the batch before the
// update, test_loss and test_accuracy where they were measured, and each weighted layer's gradient norm. The last line
// of a run has the test after the last update. A layer that one of the runs lacks is left empty there.
func TrainCSV(w io.Writer, outcomes ...*experiment.Outcome) error {
	out := csv.NewWriter(w)
	head := []string{"run", "step", "loss", "accuracy", "test_loss", "test_accuracy"}
	first := len(head)
	column := map[string]int{}
	for _, o := range outcomes {
		for _, layer := range o.Info.Layers {
			if _, known := column[layer]; !known {
				column[layer] = len(head)
				head = append(head, "grad_norm "+layer+".weight")
			}
		}
	}
	out.Write(head)
	for _, o := range outcomes {
		config := o.Train()
		n := numbers(config.DType)
		name := runName(config.Residual() && config.HasTwin())
		for _, s := range o.Steps {
			row := make([]string, len(head))
			copy(row, []string{name, strconv.Itoa(s.Number), n(s.Loss), share(s.Accuracy)})
			if s.Test != nil {
				copy(row[4:first], []string{n(s.Test.Loss), share(s.Test.Accuracy)})
			}
			for i, norm := range s.GradNorms {
				row[column[o.Info.Layers[i]]] = n(norm)
			}
			out.Write(row)
		}
		row := make([]string, len(head))
		copy(row, []string{name, strconv.Itoa(len(o.Steps)), "", "", n(o.Test.Loss), share(o.Test.Accuracy)})
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// numbers returns what writes a number of a precision.
func numbers(dtype string) func(float64) string {
	bits := 32
	if dtype == "float64" {
		bits = 64
	}
	return func(v float64) string { return Number(v, bits) }
}

// share writes a part of 1.
func share(v float64) string { return Number(v, 64) }

// runName is the twin that a result is.
func runName(residual bool) string {
	if residual {
		return "residual"
	}
	return "plain"
}
