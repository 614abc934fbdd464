package autograd

type mseLoss[T Float] struct {
	node[T]
	target *Tensor[T]
}

// MSELoss returns the mean squared difference of x and target, tensors of one shape: one element, as
// torch.nn.functional.mse_loss. The target gets no gradient.
func (t *Tape[T]) MSELoss(x, target *Tensor[T]) *Tensor[T] {
	sameShape("MSELoss", x, target)
	o := take[T, mseLoss[T]](t, x)
	o.target = target
	o.result(t, plainLayout(1))
	return t.run(o)
}

// forward: L = 1/count Σ (x - target)².
func (o *mseLoss[T]) forward(*Tape[T]) {
	x, total := o.args[0], 0.0
	for n := range x.Samples() {
		x.eachOf(n, func(i int) {
			d := float64(x.Data[i] - o.target.Data[i])
			total += d * d
		})
	}
	o.out.Data[0] = T(total / float64(x.Len()))
}

// backward: ∂L/∂x += 2 (x - target) / count.
func (o *mseLoss[T]) backward(*Tape[T]) {
	x := o.args[0]
	x.accumulateFromZero()
	weight := 2 * o.out.Grad[0] / T(x.Len())
	for n := range x.Samples() {
		x.eachOf(n, func(i int) { x.Grad[i] += weight * (x.Data[i] - o.target.Data[i]) })
	}
}

func (o *mseLoss[T]) kind() string { return "MSELoss" }
