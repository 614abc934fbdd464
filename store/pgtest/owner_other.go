//go:build !unix

package pgtest

import (
	"fmt"
	"os/exec"
	"runtime"
)

func giveAway(string) error {
	return fmt.Errorf("%w, and none is looked for on %s", ErrMissing, runtime.GOOS)
}

func asOwner(*exec.Cmd) {}
