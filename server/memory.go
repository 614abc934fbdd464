package main

import (
	"io/fs"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// keepWithin makes the garbage collector work harder near nine tenths of what the container may hold, instead of growing until the
// kernel ends the program. It does nothing outside a container, and where GOMEMLIMIT says something else.
func keepWithin(getenv func(string) string) {
	if limit, found := containerMemory(os.DirFS("/sys/fs/cgroup")); found && getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit / 10 * 9)
	}
}

// containerMemory is how many bytes the container may hold, by the files of its control group, of version 2 or 1; false where there is no
// limit.
func containerMemory(cgroup fs.FS) (bytes int64, found bool) {
	for _, file := range []string{"memory.max", "memory/memory.limit_in_bytes"} {
		text, err := fs.ReadFile(cgroup, file)
		if err != nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		return n, err == nil && n < 1<<50 // "max", or a number that no machine has
	}
	return 0, false
}
