//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// PostgreSQL refuses to run as root: there, the server belongs to the user postgres.

func giveAway(dir string) error {
	id := owner()
	if id == nil {
		return nil
	}
	if err := os.Chown(dir, int(id.Uid), int(id.Gid)); err != nil {
		return fmt.Errorf("give %s to the user postgres: %w", dir, err)
	}
	// This process must reach the socket, too, whoever it is.
	return os.Chmod(dir, 0o755)
}

func asOwner(c *exec.Cmd) {
	// A group of its own: Ctrl-C in a terminal is for the test, which then ends the server.
	c.SysProcAttr = &syscall.SysProcAttr{Credential: owner(), Setpgid: true}
}

func owner() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil // initdb will say why it does not run as root
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
