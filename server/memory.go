package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// The shares of the memory that there is: what Go may take in all, and what runs may hold of it. The rest is for requests, the
// database and what the collector has not found yet.
const (
	goShare   = 0.8
	runsShare = 0.45
	// mostForRuns is enough: beyond it only more finished and parked runs are kept.
	mostForRuns  = 4 << 30
	leastForRuns = 64 << 20
)

// limitMemory sets Go's limit by the memory that the container or the machine has, unless GOMEMLIMIT did, and returns the
// bytes that runs may hold: those asked for, 0 for their share. system is the root of the file system.
func limitMemory(system fs.FS, asked int64) int64 {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		there := memoryThere(system)
		if there == 0 { // no Linux
			there = 2 << 30
		} else {
			debug.SetMemoryLimit(int64(goShare * float64(there)))
		}
		limit = there
	}
	if asked > 0 {
		return asked
	}
	return min(max(int64(runsShare*float64(limit)), leastForRuns), mostForRuns)
}

// memoryThere is the memory that this process may use, in bytes: the least of the machine's and the limits of its control
// groups, of either version; 0 where nothing is known.
func memoryThere(system fs.FS) int64 {
	least := int64(0)
	take := func(bytes int64) {
		if bytes > 0 && bytes < 1<<60 && (least == 0 || bytes < least) { // version 1 says "none" by a huge number
			least = bytes
		}
	}
	if text, err := fs.ReadFile(system, "proc/meminfo"); err == nil {
		if _, rest, found := strings.Cut(string(text), "MemTotal:"); found {
			if fields := strings.Fields(rest); len(fields) > 0 {
				kB, _ := strconv.ParseInt(fields[0], 10, 64)
				take(kB << 10)
			}
		}
	}
	read := func(name string) {
		if text, err := fs.ReadFile(system, name); err == nil {
			bytes, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // "max" is none
			take(bytes)
		}
	}
	up := func(root, group, name string) { // a limit above holds below
		for group = path.Join("/", group); ; group = path.Dir(group) {
			read(path.Join(root, group, name))
			if group == "/" {
				return
			}
		}
	}
	groups, _ := fs.ReadFile(system, "proc/self/cgroup")
	for lines := bufio.NewScanner(bytes.NewReader(groups)); lines.Scan(); {
		switch _, rest, _ := strings.Cut(lines.Text(), ":"); {
		case strings.HasPrefix(rest, ":"): // version 2
			up("sys/fs/cgroup", rest[1:], "memory.max")
		case strings.HasPrefix(rest, "memory:"):
			up("sys/fs/cgroup/memory", strings.TrimPrefix(rest, "memory:"), "memory.limit_in_bytes")
		}
	}
	return least
}

// parseBytes reads an amount of memory as GOMEMLIMIT writes it: a whole number and B, KiB, MiB, GiB or TiB.
func parseBytes(text string) (int64, error) {
	number := strings.TrimRight(text, "BKMGTi")
	shift, known := map[string]int{"B": 0, "": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40}[text[len(number):]]
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !known || n < 0 || n > math.MaxInt64>>shift {
		return 0, fmt.Errorf("%q is no amount of memory such as 512MiB or 2GiB", text)
	}
	return n << shift, nil
}
