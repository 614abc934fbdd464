//go:build unix && !aix && !solaris

package store

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// lockFile takes a lock that ends with the process, however that ends. The file stays, empty.
func lockFile(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrHeld
		}
		return nil, err
	}
	return f, nil
}
