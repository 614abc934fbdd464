// Package lessons holds what is taught: the questions with their concepts and model answers.
//
// Everything is Markdown with YAML front matter. A question is one file, questions/NN-slug.md: the
// front matter gives its words, its parts, the concepts that a full answer names, labs that show it,
// sources and claims; the text below is the model answer, one section (## id) for each part where the
// question has parts. Load reads a folder, Embedded the one inside the program.
//
// Text is trusted no further than to be text: HTML in it is shown as it is written, and addresses that
// run scripts are dropped. Formulas between $…$, $$…$$, \(…\) and \[…\] reach the page as TeX in
// elements of class "math", where a script may typeset them; without scripts the TeX is readable.
//
// A number in a model answer that the core can compute is listed as a Claim beside the words that
// claim it, so that a test computes it. The package itself computes nothing and knows no HTTP.
package lessons
