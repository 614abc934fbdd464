package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A check that cannot do its work passes on a machine of one's own, and says so; with CI=true it fails. Here nothing can be
// fetched, and no tool is there but those of the shell.
func TestChecksDoNotPassWhenSkipped(t *testing.T) {
	bin := t.TempDir()
	for _, tool := range []string{"bash", "env", "dirname", "cat", "mktemp", "rm", "id"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	// A go that fetches nothing.
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/usr/bin/env bash\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, check := range []string{"check-lint", "check-vendor", "check-scripts"} {
		for ci, passes := range map[string]bool{"": true, "true": false} {
			command := exec.CommandContext(t.Context(), "bash", ".ci/"+check)
			command.Dir, command.Env = "..", []string{"PATH=" + bin, "CI=" + ci}
			out, err := command.CombinedOutput()
			if (err == nil) != passes || strings.TrimSpace(string(out)) == "" {
				t.Errorf("%s with CI=%q: %v, want it to pass: %v; said %q", check, ci, err, passes, out)
			}
		}
	}
}
