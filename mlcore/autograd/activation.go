package autograd

import (
	"fmt"
	"strings"

	"gradlab/mlcore/kernel"
)

// Activation names an element-wise nonlinearity; its String is torch.nn.functional's name.
type Activation = kernel.Activation

// The activations; package kernel documents their formulas.
const (
	Identity  = kernel.Identity
	Tanh      = kernel.Tanh
	Sigmoid   = kernel.Sigmoid
	ReLU      = kernel.ReLU
	LeakyReLU = kernel.LeakyReLU
	ELU       = kernel.ELU
	SELU      = kernel.SELU
	GELU      = kernel.GELU
	SiLU      = kernel.SiLU
	Softplus  = kernel.Softplus
)

// ActivationNames lists the names that ParseActivation knows, in the order of the constants.
func ActivationNames() []string {
	names := make([]string, kernel.Activations)
	for i := range names {
		names[i] = Activation(i).String()
	}
	return names
}

// ParseActivation returns the activation of a name such as "leaky_relu".
func ParseActivation(name string) (Activation, error) {
	for a := range kernel.Activations {
		if a.String() == name {
			return a, nil
		}
	}
	return 0, fmt.Errorf("unknown activation %q, want one of %s", name, strings.Join(ActivationNames(), ", "))
}

type activation[T Float] struct {
	node[T]
	f Activation
}

// Activation returns f(x): torch.tanh, torch.nn.functional.gelu and so on.
func (t *Tape[T]) Activation(f Activation, x *Tensor[T]) *Tensor[T] {
	o := take[T, activation[T]](t, x)
	o.f = f
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y = f(x).
func (o *activation[T]) forward(t *Tape[T]) { t.activate(o.f, &o.out, o.args[0].Data) }

// backward: ∂L/∂x += ∂L/∂y·f'(x), where f' follows from y if it can.
func (o *activation[T]) backward(t *Tape[T]) {
	x := o.args[0]
	from := x.Data
	if o.f.FromOutput() {
		from = o.out.Data
	}
	add := x.accumulate()
	t.kernels.ActivateGrad(o.f, x.Grad, o.out.Grad, from, add)
}

func (o *activation[T]) kind() string { return o.f.String() }

func (o *activation[T]) readsResult() bool { return o.f.FromOutput() }
