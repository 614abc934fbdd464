// Package lessons holds what is taught: the lessons, the glossary, and the questions with their concepts and model answers.
//
// Everything is Markdown with YAML front matter. A lesson is one file, content/NN-slug.md, and docs/lessons.md says how to
// write one. A question is one file, questions/NN-slug.md: the
// front matter gives its words, its parts, the concepts that a full answer names, labs that show it,
// sources and claims; the text below is the model answer, one section (## id) for each part where the
// question has parts. Load reads a folder, Embedded the one inside the program.
//
// Text is trusted no further than to be text: HTML in it is shown as it is written, and addresses that
// run scripts are dropped. Formulas between $…$, $$…$$, \(…\) and \[…\] are typeset
// when all is loaded; the Sheet styles them.
//
// What the core can compute is listed as a Claim beside the words that claim it, a number or a conclusion drawn from several, so
// that a test computes it; what a prediction asks for is computed, never written. Which labs there are, what their addresses may
// say and what they compute, whoever loads lessons says with the Experiments; what takes training is left to the Trainer that
// the caller gives. The package knows no HTTP.
package lessons
