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

// activation is y = f(x), element by element. ∂L/∂x += ∂L/∂y·f'(x).
type activation[T Float] struct {
	node[T]
	f Activation
}

// Activation returns f(x).
func (t *Tape[T]) Activation(f Activation, x *Tensor[T]) *Tensor[T] {
	o := take[T, activation[T]](t, x)
	o.f = f
	o.out.shapeAs(x.layout, x.requiresGrad, x.Shape...)
	t.activate(f, &o.out, x.Data)
	return &o.out
}

func (o *activation[T]) kind() string { return o.f.String() }

func (o *activation[T]) backward(t *Tape[T]) {
	x := o.args[0]
	ref := x.Data
	if o.f.FromOutput() {
		ref = o.out.Data
	}
	add := x.accumulate()
	t.kernels.ActivateGrad(o.f, x.Grad, o.out.Grad, ref, add)
}

// activate stores f(x) in y and keeps y's frame and idle lanes zero.
func (t *Tape[T]) activate(f Activation, y *Tensor[T], x []T) {
	t.kernels.Activate(f, y.Data, x)
	if !f.ZeroAtZero() {
		clearFrame(y.layout, y.Data)
	}
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

// fusedNames are the kinds of the ops that apply an activation themselves, "Conv2d+relu", built once.
var fusedNames = func() map[string][]string {
	names := map[string][]string{}
	for _, kind := range []string{"Add", "Conv2d", "Conv2dAdd", "Linear", "BatchNorm", "GroupNorm", "LayerNorm"} {
		for _, f := range ActivationNames() {
			names[kind] = append(names[kind], kind+"+"+f)
		}
	}
	return names
}()

// withActivation names an op with its fused activation.
func withActivation(kind string, f Activation) string {
	if f == Identity {
		return kind
	}
	return fusedNames[kind][f]
}
