//go:build !race

package nn_test

// raced is set under the race detector, where plain loops take ten times as long.
const raced = false
