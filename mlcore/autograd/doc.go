// Package autograd is reverse-mode automatic differentiation on a tape: it records what a program computes, and plays
// it backwards to find how the result depends on every number that went in.
//
// # Follow one gradient
//
// Take z = tanh(x·w) and L = (z - 1)²/2. Each call on a Tape computes its result at once and appends an operation, a
// struct that keeps its inputs:
//
//	a    := tape.Mul(x, w)                  // tape: [Mul]
//	z    := tape.Activation(Tanh, a)        // tape: [Mul tanh]
//	loss := tape.HalfSquaredError(z, 1)     // tape: [Mul tanh HalfSquaredError]
//
// Backward sets ∂L/∂L = 1 and walks the tape from its end. Every operation knows its own derivative, and hands the
// gradient of its output on to its inputs, by the chain rule:
//
//	HalfSquaredError   ∂L/∂z = ∂L/∂L · (z - 1)
//	tanh               ∂L/∂a = ∂L/∂z · (1 - z²)
//	Mul                ∂L/∂w = ∂L/∂a · x,  ∂L/∂x = ∂L/∂a · w
//
// That is all. In a chain of such layers the factor (1 - z²)·w comes in once a layer, and where it is small the
// gradient vanishes with depth. With a skip, z' = tanh(…) + z, the tensor z feeds two operations; both gradients
// arrive, and they add: the factor becomes (1 - z²)·w + 1. See Example, and read mul.go, activation.go and add.go: each op has
// a file, in which its forward stands directly above its backward. The convolution in conv2d.go is the same idea with more
// indices.
//
// # Vocabulary
//
// A Tensor is a value and its gradient. A leaf is a tensor that no operation made: an input, or a parameter, which
// wants a gradient (NewParameter, RequireGrad). Results want one as soon as an input does. A scope names a part of the
// program, "blocks.3.conv1", for the drawn graph and for Output.
//
// # Layout
//
// Parameters and scalars are stored row-major. A batch of activations is stored in lanes, sixteen samples side by
// side in the innermost place, with a zero frame around images (see layout, and package kernel): every loop is
// vectors of sixteen samples, whatever the sizes. Shape, Values and Gradients speak of the logical order; Data and
// Grad are the storage. Idle lanes, those beyond the batch, hold zeros: of an input the first op that takes it sees to that.
//
// # Memory
//
// Reset rewinds the tape without forgetting: the next step takes up the same structs and buffers, and allocates
// nothing. Where the gradient of a result is stored is decided in gradients.go: by the first op that hands one back, and an
// op that hands its own on unchanged shares its storage until one of the two is written to.
//
// An activation that follows an op can be computed with it, in one pass over memory less and with the same numbers: Add,
// Conv2d, Linear and the norms take it as their last argument (fusion.go).
//
// A result keeps its gradient until the next step, for whoever looks at the layers. A training run looks at parameters
// only and calls SetRetainGrad(false): as in PyTorch, the gradient of a result is then let go as soon as its operation
// has played backwards, and its storage serves an earlier one.
//
// # How to add an op
//
//  1. Write a file with a struct that embeds node[T] and holds the attributes and what backward needs.
//  2. Write the Tape method. Its comment says what it returns, the shapes, PyTorch's name and the paper. Check shapes (panic
//     with op, dimension and sizes), call take with the arguments, then o.result with the layout and shape of the result,
//     and return t.run(o). A new kind of shape is a function in layout.go and a case in NewBatch.
//  3. Write forward, under its formula: compute into o.out.Data. Keep the frame and idle lanes zero: compute pixels of
//     samples only, or f(0) = 0, or clearFrame.
//  4. Write backward, under its formula: for each argument that requiresGrad, call accumulate (or accumulateFromZero,
//     or addGradOf), then store or add to its Grad; zeros in idle lanes.
//  5. Write kind, the name in the graph, and readsResult if backward looks at o.out.Data.
//  6. Add rows to gradTable (gradtable.go): odd sizes, a batch that is no multiple of 16, an input used twice.
//     TestEveryOpHasARow fails until you do. Add its shape mistakes to panic_test.go.
//  7. Add PyTorch's numbers for it (a case in internal/oracle/pytorch/sequence.py, then make golden), and a loop to package
//     kernel if the plain one is too slow.
package autograd
