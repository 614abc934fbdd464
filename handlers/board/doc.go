// Package board says what is shown: pure functions from an experiment's config and result to the view models of package views
// and to the shapes of the API's JSON. Whatever a page says about numbers is said here, of labs in the verdicts, of guesses in class.go and
// predict.go, of answers in hints.go, so that it can be read and reviewed in one place.
//
// Each lab has its files: chain.go makes its board, chain_verdict.go says it in words, chain_controls.go makes the form,
// chain_result.go is its JSON; likewise for the others. The package asks mlcore/experiment for what is computed at once, such as
// a chain; it trains nothing, waits for nothing, and knows no HTTP. Its functions have the results of training handed to them.
package board
