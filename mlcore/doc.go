// Package mlcore is the map of the core: the autodiff, the networks and the data that every number of Gradient Lab
// comes from. It holds no code of its own.
//
// # Packages, from the bottom up
//
//	kernel      the loops, as pure functions on slices: plain Go, and assembly chosen at start
//	torchrand   PyTorch's CPU random stream, bit for bit
//	autograd    Tensor, Tape, the operations with forward and backward side by side, the graph
//	nn          the reference networks, their initialisation, their ledger of layers and costs
//	optim       SGD, RMSprop, Adam, AdamW, clipping
//	data        the notebook's noise, Fashion-MNIST
//	experiment  the experiments of the labs: a typed config, its fields, its run
//	book        each operation's forward and backward, cut out of the sources, and its gradient check
//	bench       a training step's time, case by case, against PyTorch's
//	internal/oracle  what PyTorch computed, for the tests to compare with
//
// Imports go down only: experiment → nn, optim, data → autograd → kernel; torchrand serves nn and data. Nothing here
// knows of HTTP or HTML.
//
// # Where to begin
//
//  1. go doc ./mlcore/autograd follows one gradient through three operations and explains the words.
//  2. autograd/mul.go, activation.go and add.go: an operation, its derivative, and what a skip is for. Then linear.go and
//     conv2d.go, the same idea with more indices. The app shows every operation so at /about/core.
//  3. autograd/tape.go: how operations are recorded and played backwards; gradients.go: where gradients are stored.
//  4. nn/notebooknet.go: the notebook's network, made of these operations; deepnet.go and mlp.go are the others. optim moves
//     their parameters.
//  5. experiment: what a lab asks for. Last, if speed is your subject, package kernel and docs/decisions.
//
// # The main flow
//
// A generator draws data and parameters in PyTorch's order. Then, step by step:
//
//	tape.Reset()                                   // the step before is forgotten, its memory is reused
//	opt.ZeroGrad()
//	loss := tape.CrossEntropy(net.Forward(tape, x), labels)
//	tape.Backward(loss)                            // every gradient stays readable until the next step
//	opt.Step()
//
// A training run does the same shard by shard (nn.DataParallel): Learn is the first, third and fourth line for some samples
// after the other, on one core or several. The example below is the notebook's second part in full.
//
// # What agrees with PyTorch, and how closely
//
// Random draws, initialisation and data are equal bit for bit. float64 runs agree to nine digits and float32 losses to
// 1e-4 relative (1e-6 for the notebook's own run), unless the run itself amplifies rounding: where one ReLU falls on the
// other side of zero, no two builds of PyTorch agree either. Of the 160 runs that the tests compare 31 are such. There the
// float64 run stands for the truth, and PyTorch's own distances from it, when its weights start one unit in the last place
// elsewhere, set the measure (internal/oracle): on the whole ours end no further away.
//
// # Two precisions
//
// Everything is generic over float32 and float64. float32 gives PyTorch's numbers and, by assembly, the speed;
// float64 is for gradient checks and for pictures that span thirty decades. Both run the same code but for the loops
// of package kernel.
//
// # Concurrency
//
// A tape, a generator, a network and an optimiser belong to one run, and a run to one goroutine. Runs share nothing
// that changes, so a plain network and its residual twin train side by side, one core each. A lone run takes more cores: a
// batch is cut into shards that depend on the net alone, and the shards of one batch share the parameters' values and nothing
// else that changes. A result exists when the call that computes it returns.
package mlcore
