package main

import (
	"testing"
	"testing/fstest"
)

func TestContainerMemory(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		bytes            int64
		found            bool
	}{
		{"version 2", "memory.max", "1073741824\n", 1 << 30, true},
		{"version 2 without a limit", "memory.max", "max\n", 0, false},
		{"version 1", "memory/memory.limit_in_bytes", "536870912\n", 1 << 29, true},
		{"version 1 without a limit", "memory/memory.limit_in_bytes", "9223372036854771712\n", 0, false},
		{"no control group", "other", "1", 0, false},
	} {
		bytes, found := containerMemory(fstest.MapFS{test.file: {Data: []byte(test.text)}})
		if found != test.found || found && bytes != test.bytes {
			t.Errorf("%s: %d, %v; want %d, %v", test.name, bytes, found, test.bytes, test.found)
		}
	}
}
