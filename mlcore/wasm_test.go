package mlcore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The core runs in a browser, too, and brings nothing along that is not its own but the standard library and
// golang.org/x/sys.
func TestCoreBuildsForTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the core anew: left out of -short")
	}
	wasm := append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	list := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./experiment", "./runner")
	list.Env = wasm
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(path, "gradlab/mlcore/") && !strings.HasPrefix(path, "golang.org/x/sys/") {
			t.Errorf("the core brings %s along", path)
		}
	}
	if !slices.Contains(strings.Fields(string(out)), "gradlab/mlcore/experiment") {
		t.Fatal("no package is listed")
	}
	build := exec.Command("go", "build", "-o", filepath.Join(t.TempDir(), "core"), "./experiment")
	build.Env = wasm
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
