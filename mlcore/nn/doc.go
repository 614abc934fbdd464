// Package nn builds the reference networks as PyTorch would: the same modules in the same order of construction, so
// that one generator draws the same parameters, under the same names.
//
// There are three families, each a config and a constructor: NotebookNet, the notebook's CNN with further layers;
// DeepNet, He et al. 2015's plain and residual networks for small images; MLP, fully connected layers with the
// remedies against vanishing gradients. All are Modules: Forward records on a tape, Parameters yields what an
// optimiser trains, SetTraining switches the batch norms.
//
// DataParallel computes loss and gradients of a batch in Shards, so that results stay in the cache and cores share the work.
//
// A config's Ledger lists layers, shapes, parameters, multiply-adds and memory without building anything. Constructors
// panic for a name that they do not know: a visitor's input is validated before.
//
// What is left out: the sharing of parameters between networks. A twin is built from its own generator with the same
// seed; the skip changes no draw but those of options B and C.
package nn
