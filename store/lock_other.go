//go:build !unix || aix || solaris

package store

import (
	"io"
	"os"
)

// lockFile opens the file. Windows does not let it be deleted then: a second server finds that out, and refuses.
func lockFile(path string) (io.Closer, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, ErrHeld
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}
