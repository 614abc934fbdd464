package export

import (
	"bytes"
	"math"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

func kernelsOf(t *testing.T, query string) experiment.KernelsResult {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := experiment.ParseKernels(values)
	if errs != nil {
		t.Fatal(errs)
	}
	learnt := make([]experiment.Kernel, 5)
	for i := range learnt {
		learnt[i] = experiment.Kernel{Size: 3, Weights: []float64{.25, -.5, 1e-7, 0, 3, -.125, .75, -1, .5}, Bias: -.0625}
	}
	return c.Run(learnt)
}

var kernelQueries = []string{
	"",
	"kernel=gaussian5&padding=2&pool=max&kernel2=sobel_y&stride2=2&activation2=tanh&kernel3=log5&padding3=2&pool3=mean&activation3=gelu",
	"image=own&kernel=custom&weights=0.1,2,-3.5,0,1e-3,6,7,8,9&activation=identity",
	"kernel=learnt&scale=net&unit=2&garment=7&activation=selu",
}

func TestKernelsScript(t *testing.T) {
	var b bytes.Buffer
	if err := Kernels(kernelsOf(t, kernelQueries[3]), site).Python(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# " + site, "x = (x - 0.2860) / 0.3530", "    [0.25, -0.5, 1e-07],\n", "bias=torch.tensor([-0.0625]), stride=1, padding=1", "x = F.selu(sum1)",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got no %q in\n%s", want, b.String())
		}
	}
	b.Reset()
	if err := Kernels(kernelsOf(t, kernelQueries[1]), site).Notebook(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Each stage reads what the one before it made.") {
		t.Errorf("the notebook explains no stages: %s", b.String())
	}
}

func TestKernelsScriptIsPython(t *testing.T) {
	interpreter := python(t, "py_compile")
	var scripts []Script
	for _, query := range kernelQueries {
		scripts = append(scripts, Kernels(kernelsOf(t, query), site))
	}
	if out, err := exec.Command(interpreter, append([]string{"-m", "py_compile"}, write(t, t.TempDir(), scripts)...)...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestKernelsScriptPrintsTheOutput runs the scripts where PyTorch is.
func TestKernelsScriptPrintsTheOutput(t *testing.T) {
	interpreter := python(t, "torch")
	for _, query := range kernelQueries {
		r := kernelsOf(t, query)
		out, err := exec.Command(interpreter, write(t, t.TempDir(), []Script{Kernels(r, site)})...).Output()
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		want := r.Stages[len(r.Stages)-1].Output
		got := strings.Fields(string(out))
		if len(got) != len(want.Values) {
			t.Fatalf("%q: %d numbers, want %d", query, len(got), len(want.Values))
		}
		for i, text := range got {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || !(math.Abs(v-want.Values[i]) <= 1e-5*(1+math.Abs(want.Values[i]))) {
				t.Fatalf("%q: value %d: PyTorch has %s, the core %v", query, i, text, want.Values[i])
			}
		}
	}
}
