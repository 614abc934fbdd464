//go:build !linux && !darwin

package store

// freeBeside is how many bytes are left on the disk of a file, -1 where that is not known.
func freeBeside(string) int64 { return -1 }
