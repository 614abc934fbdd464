// Package hint finds which concepts an answer in plain English seems to name. It serves hints ("you
// seem to mention", "you may want to add"), never grades.
//
// A Rubric is written in YAML beside its question: terms, which are ways to say one thing, and for each
// concept rules, which say what terms a claim is made of. Find reads an answer in steps:
//
//	text → tokens (offsets kept, formulas in one spelling, slips mended, words stemmed)
//	     → sentences and clauses, what is negated or taken back, what only echoes the question, what is a
//	       bare list, what is a question or an order to the reader
//	     → rules: the terms of a rule within one clause, in the order and with the negation it wants
//
// Everything is deterministic and can be explained: a Finding says which words matched. There is no
// model and no score. What the package does not do: understand. An answer in words that no rule
// foresees is not found, and a falsehood in the right words is, unless a misconception's rule foresees it. testdata/README.md says how often.
//
// # Rules
//
//	terms:
//	  shrink: shrink | get smaller | go .. to zero     # .. is up to three words
//	  learn:  learn | {update} weights                  # {update} is another term
//	  tuned:  initiali* | scaled by 0<#<1               # any word that starts so; any such number
//	  least:  =least                                    # this form alone, not "less"
//	  across: _ by _=                                   # any word, and it again: "tile by tile"
//	opposites:
//	  early: late              # a clause is about one of the two: "and late layers …" starts another
//	concepts:
//	  slow-or-no-learning:
//	    - early !learn          # "early" and, negated, "learn", in one clause
//	    - early > learn slow    # in this order
//	misconceptions:            # a sentence of which one of these rules holds does not name the concept
//	  slow-or-no-learning:
//	    - late > !learn
//	  any:                       # … or none of the question's
//	    - "@next (vanish) > (that caused) > (degradation)"
//
// The parts of a rule: a term by its name, or a phrase in round brackets. Of the signs that may stand before
// one, + wants it affirmed, ! negated, and ? takes either; ~ takes either and a pronoun in its place ("it",
// "they", …); - wants it not in between, and ^ nowhere in the clause.
//
// The sign > between two parts wants them in this order. Where a rule has no part with !, a "not" that stands
// outside the words found must reach none of them; + is stricter, and takes no "not" among them either.
//
// A rule holds within a clause; @sentence before it widens that to the sentence, @next to the next one, too, and
// @answer to the whole answer. @short wants a sentence of a few words. @list lets a rule hold in a bare list, too, for questions
// that ask to name things. @least2 wants two of its parts, whichever.
package hint
