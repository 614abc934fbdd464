// Package nn builds the reference networks as PyTorch would: the same modules in the same order of construction, so
// that one generator draws the same parameters, under the same names.
//
// There are three families, each a config and a constructor: NotebookNet, the notebook's CNN with further layers;
// DeepNet, He et al. 2015's plain and residual networks for small images; MLP, fully connected layers with the
// remedies against vanishing gradients. An Encoder is the layers of a transformer, which also come without their skips. All are Modules: Forward records on a tape, Parameters yields what an
// optimiser trains, SetTraining switches the batch norms.
//
// DataParallel computes loss and gradients of a batch in Shards, so that results stay in the cache and cores share the work.
//
// Each network stands once, as its constructor and its Forward. A config's Ledger lists layers, shapes, parameters, multiply-adds
// and memory by building it without storage (New… with a nil generator) and running it on autograd's meta tape. Its choices are
// types (Skip, Norm, Order, Initialisation), whose names Parse reads. Constructors panic for one that the net does not take: a
// visitor's input is validated before.
//
// To judge a net, SetTraining(false), as torch's eval(), and record with the tape's NoGrad. StateDict and LoadStateDict save
// and restore what it has learnt, under PyTorch's names; DeepNet's SetPath exchanges blocks, SetRoutes leaves them out, or leads
// the gradient through one branch of each.
//
// What is left out: the sharing of parameters between networks. A twin is built from its own generator with the same
// seed; the skip changes no draw but those of options B and C.
package nn
