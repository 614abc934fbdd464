// Package hint finds which concepts an answer in plain English seems to name. It serves hints ("you
// seem to mention", "you may want to add"), never grades.
//
// A Rubric is written in YAML beside its question: terms, which are ways to say one thing, and for each
// concept rules, which say what terms a claim is made of. Find reads an answer in steps:
//
//	text → tokens (offsets kept, formulas in one spelling, slips mended, words stemmed)
//	     → sentences and clauses, what is negated, what only echoes the question, what is a bare list
//	     → rules: the terms of a rule within one clause, in the order and with the negation it wants
//
// Everything is deterministic and can be explained: a Finding says which words matched. There is no
// model and no score. What the package does not do: understand. An answer in words that no rule
// foresees is not found, and a clever falsehood in the right words is.
//
// # Rules
//
//	terms:
//	  shrink: shrink | get smaller | go .. to zero     # .. is up to three words
//	  learn:  learn | {update} weights                  # {update} is another term
//	  tuned:  initiali* | scaled by 0<#<1               # any word that starts so; any such number
//	  least:  =least                                    # this form alone, not "less"
//	concepts:
//	  slow-or-no-learning:
//	    - early !learn          # "early" and, negated, "learn", in one clause
//	    - early > learn slow    # in this order
//
// The parts of a rule: a term by its name or a phrase in round brackets; before it
//
//   - it must not be negated          !  it must be negated
//   - it must not stand in between    ~  a pronoun will do ("it", "they", …)
//
// and > between two parts wants them in this order. A rule holds within a clause; @sentence before it
// widens that to the sentence and @answer to the whole answer. @list lets it hold in a bare list, too,
// for questions that ask to name things.
package hint
