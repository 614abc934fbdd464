//go:build !linux

package kernel

func adviseHugePages[T Float]([]T) {}
