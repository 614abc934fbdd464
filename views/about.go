package views

// About is the page on how things are computed.
type About struct {
	Frame                Frame
	Version, Go, Kernels string
}
