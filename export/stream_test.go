package export

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// Every way to leave parts of the layers out runs under PyTorch, and prints what the core computes, until it is rounding.
func TestStreamsEqualPyTorch(t *testing.T) {
	interpreter := python(t, "torch")
	var configs []experiment.Stream
	var scripts []Script
	for i, skip := range []string{"none", "identity"} {
		for j, mlp := range []string{"off", "on"} {
			for k, norm := range []string{"none", "pre", "post"} {
				c, errs := experiment.ParseStream(url.Values{
					"skip": {skip}, "mlp": {mlp}, "norm": {norm}, "layers": {"3"}, "seed": {fmt.Sprint(100*i + 10*j + k)},
					"tokens": {fmt.Sprint(2 + i + 3*k)}, "width": {fmt.Sprint(8 * (j + 1))}, "heads": {fmt.Sprint(1 << k)},
				})
				if errs != nil {
					t.Fatal(errs)
				}
				configs, scripts = append(configs, c), append(scripts, Stream(c, site))
			}
		}
	}
	for i, printed := range run(t, interpreter, t.TempDir(), scripts) {
		lines := strings.Split(strings.TrimSpace(printed.Out), "\n")
		want := configs[i].Run().Difference
		if len(lines) != len(want) {
			t.Errorf("%+v: got %q, want %d lines", configs[i], printed.Out, len(want))
			continue
		}
		for l, line := range lines {
			layer, text, _ := strings.Cut(line, " ")
			if got := number(t, text); layer != fmt.Sprint(l) || want[l] > 1e-12 && !near(got, want[l], 1e-3) || want[l] > 1e-8 && !near(got, want[l], 1e-6) {
				t.Errorf("%+v: PyTorch prints %q, the core has %g", configs[i], line, want[l])
			}
		}
	}
}
