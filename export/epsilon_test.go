package export

import (
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// The lesson on turning it up says what holds the deep network back: with a smaller ε in the exported script its loss moves, though
// not far.
func TestASmallerEpsilonMovesTheDeepNetwork(t *testing.T) {
	interpreter := python(t, "torch")
	query, err := url.ParseQuery("net=mlp&depth=40&data=noise&count=100&batch=100&optimizer=adam&lr=0.001&seed=0&steps=100")
	if err != nil {
		t.Fatal(err)
	}
	config, errs := experiment.ParseTrain(query)
	if errs != nil {
		t.Fatal(errs)
	}
	file := write(t, t.TempDir(), []Script{Train(config, site)})[0]
	for _, row := range []struct {
		eps         string
		least, most float64
	}{{"1e-8", 2.19, 2.27}, {"1e-12", 1, 2}} {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(script), "lr=0.001)", "lr=0.001, eps="+row.eps+")", 1)
		if changed == string(script) {
			t.Fatal("the script has no line with Adam to write eps into")
		}
		out, err := exec.Command(interpreter, "-c", changed).Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		_, text, _ := strings.Cut(lines[len(lines)-1], " ")
		if got := number(t, text); !(row.least < got && got < row.most) {
			t.Errorf("eps %s: the loss ends at %g, want %g to %g", row.eps, got, row.least, row.most)
		}
	}
}
