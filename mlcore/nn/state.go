package nn

import (
	"fmt"
	"iter"
	"strings"

	"gradlab/mlcore/autograd"
)

// StateDict copies all that a net has learnt, by PyTorch's names: parameters, and the running statistics of batch norms
// ("stem_norm.running_mean"). Values are row-major, as torch's state_dict()[name].flatten().
func StateDict[T Float](m Module[T]) map[string][]T {
	state := map[string][]T{}
	for p := range everything(m) {
		state[p.Name] = p.Values(nil)
	}
	return state
}

// LoadStateDict sets all that a net has learnt. As torch's load_state_dict it wants every name and no other, each with as
// many values; but for the counts of batches of PyTorch's batch norms, which change no number here. After an error the net
// is as it was.
func LoadStateDict[T Float](m Module[T], state map[string][]T) error {
	known := map[string]bool{}
	for p := range everything(m) {
		known[p.Name] = true
		values, found := state[p.Name]
		if !found {
			return fmt.Errorf("state dict has no %s", p.Name)
		}
		if len(values) != p.Len() {
			return fmt.Errorf("state dict has %d values for %s, want %d", len(values), p.Name, p.Len())
		}
	}
	for name := range state {
		if !known[name] && !strings.HasSuffix(name, ".num_batches_tracked") {
			return fmt.Errorf("state dict has %s, which the net has not", name)
		}
	}
	for p := range everything(m) {
		p.SetValues(state[p.Name])
	}
	return nil
}

func everything[T Float](m Module[T]) iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		for p := range m.Parameters() {
			if !yield(p) {
				return
			}
		}
		for b := range m.Buffers() {
			if !yield(b) {
				return
			}
		}
	}
}
