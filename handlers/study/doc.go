// Package study answers for what one reader does alone: lessons with their predictions, questions with hints and model answers,
// the answers that were written and the runs beside them, the glossary and the search.
//
// A page is made in two steps: the store is asked for what its owner has written, and a view is filled from that and from the
// library. What is typed comes back in its box, with the reason, where it cannot be kept.
package study
