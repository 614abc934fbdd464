package export

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// What a script prints under PyTorch is what the lab shows: losses and gradients of both nets, step by step.
func TestTransformersEqualPyTorch(t *testing.T) {
	interpreter := python(t, "torch")
	var configs []experiment.Transformer
	var scripts []Script
	for i := range 6 {
		c, errs := experiment.ParseTransformer(url.Values{
			"layers": {fmt.Sprint(1 + i%3)}, "task": {[]string{"reverse", "copy"}[i%2]}, "warmup": {fmt.Sprint(2 * i)}, "steps": {"8"}, "batch": {fmt.Sprint(3 + 5*i)},
			"tokens": {fmt.Sprint(1 + i)}, "dtype": {[]string{"float32", "float64"}[i/3]}, "seed": {fmt.Sprint(i)}, "lr": {"0.003"}, "width": {"16"}, "hidden": {"24"},
		})
		if errs != nil {
			t.Fatal(errs)
		}
		configs, scripts = append(configs, c), append(scripts, Transformer(c, site))
	}
	for i, printed := range run(t, interpreter, t.TempDir(), scripts) {
		lines := strings.Split(strings.TrimSpace(printed.Out), "\n")
		within := map[string]float64{"float32": 2e-3, "float64": 1e-6}[configs[i].DType]
		same := func(what string, want float64) {
			line := strings.Fields(lines[0])
			text := line[len(line)-1]
			if !near(number(t, text), want, within) {
				t.Errorf("%+v: %s: PyTorch prints %s, the core has %g", configs[i], what, text, want)
			}
		}
		for _, twin := range configs[i].Runs() {
			o, err := twin.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) < len(o.Steps)+1 {
				t.Fatalf("%+v: got %q", configs[i], printed.Out)
			}
			for _, step := range o.Steps {
				words := strings.Fields(lines[0])
				if len(words) != 3+len(step.GradNorms) || words[0] != twin.Norm || words[1] != fmt.Sprint(step.Number) || !near(number(t, words[2]), step.Loss, within) {
					t.Fatalf("%+v: PyTorch prints %q, the core has %s step %d loss %g", configs[i], lines[0], twin.Norm, step.Number, step.Loss)
				}
				for l, norm := range step.GradNorms {
					if !near(number(t, words[3+l]), norm, 5*within) {
						t.Errorf("%+v: step %d, layer %d: PyTorch prints %s, the core has %g", configs[i], step.Number, l, words[3+l], norm)
					}
				}
				lines = lines[1:]
			}
			if !strings.HasPrefix(lines[0], twin.Norm+" judged ") {
				t.Fatalf("%+v: PyTorch prints %q, want what the judged sequences say", configs[i], lines[0])
			}
			same("accuracy", o.Test.Accuracy)
			lines = lines[1:]
		}
	}
}
