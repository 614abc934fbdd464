//go:build !amd64 && !arm64

package kernel

// assembly returns no set: this processor has plain Go only.
func assembly() []*Set[float32] { return nil }
