// Package export writes experiments as files that live on without the site: a PyTorch script, a Jupyter notebook, and
// comma-separated values.
//
// A [Script] is an experiment as a list of cells, each a piece of Python and the words that explain it. Its main flow:
// config → cells, by the text templates in templates/ → Python (the code of all cells below a heading) or Notebook (words
// and code, cell by cell). Code that a config does not need is not written: a net without normalisation says nothing of
// it. What the script prints is what the core computes: the same seed, draws, order, data and optimiser.
//
// The package knows experiments and their results; it runs nothing, and knows no HTTP.
package export
