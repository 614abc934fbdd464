//go:build linux || darwin

package store

import (
	"path/filepath"
	"syscall"
)

// freeBeside is how many bytes are left on the disk of a file, -1 where that is not known.
func freeBeside(path string) int64 {
	var disk syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(path), &disk) != nil {
		return -1
	}
	return int64(disk.Bavail) * int64(disk.Bsize)
}
