// Package optim updates parameters from their gradients, as torch.optim does: SGD with momentum and Nesterov's
// variant, RMSprop, Adam, AdamW, and clipping by the total gradient norm.
//
// The flow of a step: ZeroGrad → forward → Backward → ClipGradNorm, where wanted → Step.
package optim

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/kernel"
)

// Float is the element type of the parameters.
type Float = autograd.Float

// Optimizer changes the parameters that it was made for.
type Optimizer[T Float] interface {
	// Step updates every parameter that has had a gradient. Where none arrived since ZeroGrad, it is zero, and momentum and
	// decay go on, as in PyTorch 1.13; PyTorch 2 drops gradients in zero_grad, and passes over such a parameter.
	Step()
	// ZeroGrad clears all gradients.
	ZeroGrad()
	// SetLR changes the learning rate, as PyTorch's schedulers do in param_groups.
	SetLR(lr float64)
}

// The defaults of torch.optim, and the momentum that the reference networks use.
const (
	momentum     = 0.9
	rmspropAlpha = 0.99
	epsilon      = 1e-8
	beta1        = 0.9
	beta2        = 0.999
	weightDecay  = 0.01 // AdamW's
)

// kinds are the names that New knows.
var kinds = []string{"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"}

// New returns the optimiser of that name with torch's defaults and learning rate lr; the error names an unknown kind.
func New[T Float](kind string, params iter.Seq[*autograd.Tensor[T]], lr float64) (Optimizer[T], error) {
	return NewWith(kernel.For[T](), kind, params, lr)
}

// NewWith is New with the given kernels.
func NewWith[T Float](kernels *kernel.Set[T], kind string, params iter.Seq[*autograd.Tensor[T]], lr float64) (Optimizer[T], error) {
	list := group[T]{params: slices.Collect(params), kernels: kernels, lr: lr}
	switch kind {
	case "sgd":
		return &SGD[T]{group: list}, nil
	case "momentum":
		return &SGD[T]{group: list, momentum: momentum}, nil
	case "nesterov":
		return &SGD[T]{group: list, momentum: momentum, nesterov: true}, nil
	case "rmsprop":
		return &RMSprop[T]{group: list}, nil
	case "adam":
		return &Adam[T]{group: list}, nil
	case "adamw":
		return &Adam[T]{group: list, decay: weightDecay}, nil
	}
	return nil, fmt.Errorf("unknown optimizer %q, want one of %s", kind, strings.Join(kinds, ", "))
}

// group is what every optimiser has.
type group[T Float] struct {
	params  []*autograd.Tensor[T]
	kernels *kernel.Set[T]
	lr      float64
	steps   []int // of each parameter, since its first gradient
}

// count counts a step of the i-th parameter, and returns how many it has taken: 0 where no gradient ever arrived.
func (g *group[T]) count(i int) int {
	if g.steps == nil {
		g.steps = make([]int, len(g.params))
	}
	if g.steps[i] > 0 || g.params[i].HasGrad() {
		g.steps[i]++
	}
	return g.steps[i]
}

func (g *group[T]) ZeroGrad() {
	for _, p := range g.params {
		p.ZeroGrad()
	}
}

func (g *group[T]) SetLR(lr float64) { g.lr = lr }

// state returns one zero buffer a parameter.
func (g *group[T]) state() [][]T {
	s := make([][]T, len(g.params))
	for i, p := range g.params {
		s[i] = make([]T, len(p.Data))
	}
	return s
}

// ClipGradNorm scales the gradients so that their joint L2 norm is at most limit, and returns the norm before:
// torch.nn.utils.clip_grad_norm_.
func ClipGradNorm[T Float](params iter.Seq[*autograd.Tensor[T]], limit float64) float64 {
	total := 0.0
	for p := range params {
		if p.HasGrad() {
			for _, g := range p.Grad {
				total += float64(g) * float64(g)
			}
		}
	}
	norm := math.Sqrt(total)
	// The 1e-6 is torch's. A norm that is NaN makes every gradient NaN, as there.
	if scale := T(limit / (norm + 1e-6)); !(scale >= 1) {
		for p := range params {
			if p.HasGrad() {
				for i := range p.Grad {
					p.Grad[i] *= scale
				}
			}
		}
	}
	return norm
}
