package export

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/experiment"
)

// python returns an interpreter that can import the modules. Where there is none the test fails under CI, and is skipped elsewhere.
func python(t *testing.T, modules ...string) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} { // a version manager's often lacks Debian's PyTorch
		if path, err := exec.LookPath(name); err == nil {
			if exec.Command(path, "-c", "import "+strings.Join(modules, ", ")).Run() == nil {
				return path
			}
		}
	}
	missing := "no python3 with " + strings.Join(modules, " and ")
	if os.Getenv("CI") == "true" {
		t.Fatal(missing + ", and CI never skips: `make test` installs it")
	}
	t.Skip(missing + ": `make test` installs it")
	return ""
}

// write writes scripts into a folder, and returns their paths.
func write(t *testing.T, folder string, scripts []Script) []string {
	t.Helper()
	paths := make([]string, len(scripts))
	for i, s := range scripts {
		var b bytes.Buffer
		if err := s.Python(&b); err != nil {
			t.Fatal(err)
		}
		paths[i] = filepath.Join(folder, fmt.Sprintf("%d-%s.py", i, s.Name()))
		if err := os.WriteFile(paths[i], b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

func TestEveryScriptIsPython(t *testing.T) {
	interpreter := python(t, "py_compile")
	var scripts []Script
	rapid.Check(t, func(t *rapid.T) {
		scripts = append(scripts, Chain(anyChain(t), site), Train(anyTrain(t), site), Barcode(anyBarcode(t), site))
	})
	args := append([]string{"-m", "py_compile"}, write(t, t.TempDir(), scripts)...)
	if out, err := exec.Command(interpreter, args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// examples is the number of random configs that PyTorch runs.
const examples = 20

func TestChainsEqualPyTorch(t *testing.T) {
	interpreter := python(t, "torch")
	var configs []experiment.Chain
	var scripts []Script
	for i := range examples {
		configs = append(configs, rapid.Custom(tameChain).Example(i))
		scripts = append(scripts, Chain(configs[i], site))
	}
	for i, printed := range run(t, interpreter, t.TempDir(), scripts) {
		var got []float64
		for _, text := range strings.Split(strings.Trim(printed.Out, "[]\n"), ", ") {
			got = append(got, number(t, text))
		}
		want := configs[i].Run().GradW
		if len(got) != len(want) {
			t.Errorf("%+v: got %d gradients, want %d", configs[i], len(got), len(want))
			continue
		}
		for k := range got {
			if !near(got[k], want[k], 1e-6) {
				t.Errorf("%+v: layer %d: PyTorch gives %g, the core %g", configs[i], k+1, got[k], want[k])
			}
		}
	}
}

// tameChain draws a chain whose gradients are no mere rounding noise: it neither explodes at once nor cancels out.
func tameChain(t *rapid.T) experiment.Chain {
	c := anyChain(t)
	c.X = rapid.Float64Range(-5, 5).Draw(t, "x")
	c.W = rapid.Float64Range(-1.5, 1.5).Draw(t, "w")
	c.Spread = rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(t, "spread")
	c.Target = rapid.Float64Range(-5, 5).Draw(t, "target")
	return c
}

func TestBarcodesEqualPyTorch(t *testing.T) {
	interpreter := python(t, "torch", "torchvision")
	var configs []experiment.Barcode
	var scripts []Script
	for i := range 2 * examples {
		configs = append(configs, rapid.Custom(anyBarcode).Example(i))
		scripts = append(scripts, Barcode(configs[i], site))
	}
	folder := t.TempDir()
	placeFashion(t, folder)
	for i, printed := range run(t, interpreter, folder, scripts) {
		r := configs[i].Run()
		want := map[string]float64{"turn": r.Turn, "size": r.Size}
		for lag, v := range r.Autocorrelation {
			want[strconv.Itoa(lag)] = v
		}
		lines := strings.Split(strings.TrimSpace(printed.Out), "\n")
		if len(lines) != len(want) {
			t.Errorf("%+v: got %d lines, want %d", configs[i], len(lines), len(want))
		}
		for _, line := range lines {
			name, text, _ := strings.Cut(line, " ")
			// An angle of next to nothing is the arc cosine of a rounding.
			if got := number(t, text); !near(got, want[name], 1e-6) && !(math.Abs(got-want[name]) <= 1e-5) {
				t.Errorf("%+v: %s: PyTorch gives %g, the core %g", configs[i], name, got, want[name])
			}
		}
	}
}

func TestRunsEqualPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds, and finds no race")
	}
	interpreter := python(t, "torch", "torchvision")
	var configs []experiment.Train
	var scripts []Script
	for i := range 3 * examples {
		net := []string{"notebook", "deep", "mlp"}[i%3]
		configs = append(configs, rapid.Custom(func(t *rapid.T) experiment.Train { return smallTrain(t, net) }).Example(i))
		scripts = append(scripts, Train(configs[i], site))
	}
	folder := t.TempDir()
	placeFashion(t, folder)
	for i, printed := range run(t, interpreter, folder, scripts) {
		compare(t, configs[i], printed)
	}
}

// A script stops where the core does: with the first loss that is no number.
func TestDivergedRunsEndAsInPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds, and finds no race")
	}
	interpreter := python(t, "torch")
	c, errs := experiment.ParseTrain(map[string][]string{
		"activation": {"identity"}, "batch": {"10"}, "count": {"10"}, "depth": {"20"}, "lr": {"10"}, "skip": {"identity"},
	})
	if errs != nil {
		t.Fatal(errs)
	}
	outcome, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(outcome.Steps); n == c.Steps || !outcome.Steps[n-1].Diverged {
		t.Fatalf("got %d steps to the end, want a run that diverges", n)
	}
	out := run(t, interpreter, t.TempDir(), []Script{Train(c, site)})[0].Out
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if got, want := len(lines), len(outcome.Steps); got != want {
		t.Errorf("got %d lines, want %d:\n%s", got, want, out)
	}
	_, last, _ := strings.Cut(lines[len(lines)-1], " ")
	if v := number(t, last); !math.IsNaN(v) && !math.IsInf(v, 0) {
		t.Errorf("got the last loss %s, want one that is no number", last)
	}
}

// smallTrain draws a run of ten steps that takes a moment.
func smallTrain(t *rapid.T, net string) experiment.Train {
	c, _ := experiment.ParseTrain(map[string][]string{"net": {net}})
	query := map[string][]string{"net": {net}}
	for _, f := range experiment.TrainTable().Fields(c) {
		if f.Kind == experiment.Choice && f.Name != "net" {
			query[f.Name] = []string{anyValue(t, f)}
		}
	}
	c, errs := experiment.ParseTrain(query)
	if errs != nil {
		t.Fatalf("%v: %v", query, errs)
	}
	switch net {
	case "deep":
		c.N = rapid.IntRange(1, 3).Draw(t, "n")
		c.Channels = rapid.SampledFrom([]int{1, 2, 4, 8}).Draw(t, "channels")
	case "mlp":
		c.Depth = rapid.IntRange(1, 20).Draw(t, "depth")
		c.Width = rapid.IntRange(1, 64).Draw(t, "width")
	default:
		c.Depth = rapid.IntRange(0, 6).Draw(t, "depth")
	}
	c.Batch = rapid.IntRange(2, 32).Draw(t, "batch")
	c.Count = c.Batch * rapid.IntRange(1, 3).Draw(t, "batches")
	c.Steps = 10
	c.LR = math.Pow(10, rapid.Float64Range(-4, -1.5).Draw(t, "log lr"))
	c.Clip = rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(t, "clip")
	c.Seed = rapid.Uint32().Draw(t, "seed")
	if _, errs := experiment.ParseTrain(c.Query()); errs != nil {
		t.Fatalf("%+v: %v", c, errs)
	}
	return c
}

// compare wants the losses of every step, and the test after the last, to be the core's. The tolerances are those that
// PyTorch keeps between its own builds. A run whose loss has tripled explodes, and its roundings with it: where
// the loss passes 260,000, PyTorch and the core were seen 7e-3 apart.
func compare(t *testing.T, c experiment.Train, p printed) {
	t.Helper()
	outcome, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tolerance := 1e-4
	if c.DType == "float64" {
		tolerance = 1e-9
	}
	lines := strings.Split(strings.TrimSpace(p.Out), "\n")
	if len(lines) != len(outcome.Steps) {
		t.Errorf("%s: PyTorch prints %d lines, the core makes %d steps", c.Query().Encode(), len(lines), len(outcome.Steps))
		return
	}
	exploded := false
	for i, line := range lines {
		step, loss, _ := strings.Cut(line, " ")
		if step != strconv.Itoa(i) {
			t.Errorf("%s: line %d: got step %q", c.Query().Encode(), i, step)
		}
		got, want := number(t, loss), outcome.Steps[i].Loss
		if want > 3*outcome.Steps[0].Loss && !exploded {
			exploded, tolerance = true, 100*tolerance
		}
		// The loss of images that the net is sure of is the logarithm of almost 1: float32's rounding of 1 is its grain.
		if !near(got, want, tolerance) && !(math.Abs(got-want) <= 1e-7) {
			t.Errorf("%s: step %d: PyTorch's loss is %g, the core's %g", c.Query().Encode(), i, got, want)
			return
		}
	}
	lines = strings.Split(strings.TrimSpace(p.Err), "\n")
	words := strings.Fields(lines[len(lines)-1])
	if len(words) != 5 {
		t.Errorf("%s: got the test %q", c.Query().Encode(), lines[len(lines)-1])
		return
	}
	drifting := driftingBiases(c)
	if drifting {
		tolerance = max(tolerance, 5e-3)
	}
	if got, want := number(t, words[4]), outcome.Test.Accuracy; !near(got, want, 1e-9) && !drifting && !exploded {
		t.Errorf("%s: PyTorch's test accuracy is %g, the core's %g", c.Query().Encode(), got, want)
	}
	if got, want := number(t, words[2]), outcome.Test.Loss; !near(got, want, tolerance) {
		t.Errorf("%s: PyTorch's test loss is %g, the core's %g", c.Query().Encode(), got, want)
	}
}

// driftingBiases says whether the run has biases that rounding drives about. A bias before a batch norm has no gradient:
// the norm subtracts the batch's mean, and the bias with it. What is computed is rounding noise, 1e-8 in float32, and an
// optimiser that divides each gradient by its own size makes steps of the whole learning rate of it. No loss of the
// training shows that; but the running means, which the test uses, lag behind the biases. PyTorch's own test loss moves by
// 6e-4 there when the weights move by one ulp, and by 3e-7 when the biases are held.
func driftingBiases(c experiment.Train) bool {
	return c.Net == "mlp" && c.Norm == "batch" && c.DType == "float32" && slices.Contains([]string{"rmsprop", "adam", "adamw"}, c.Optimizer)
}

// near says whether two numbers differ by at most a part of the larger; NaN and the infinities equal themselves.
func near(a, b, tolerance float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("got %q, want a number", text)
	}
	return v
}

// printed is what a script wrote to its standard output and error.
type printed struct{ Out, Err string }

// run runs scripts in a folder.
func run(t *testing.T, interpreter, folder string, scripts []Script) []printed {
	t.Helper()
	return runFiles(t, interpreter, folder, write(t, folder, scripts))
}

func runFiles(t *testing.T, interpreter, folder string, paths []string) []printed {
	t.Helper()
	runner, err := filepath.Abs("testdata/runall.py")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(interpreter, append([]string{runner}, paths...)...)
	command.Dir = folder
	command.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "PYTHONDONTWRITEBYTECODE=1", "MPLBACKEND=Agg")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var all []printed
	for line := range bytes.Lines(out) {
		var p printed
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, p)
	}
	if len(all) != len(paths) {
		t.Fatalf("got the output of %d scripts, want %d", len(all), len(paths))
	}
	return all
}

// placeFashion puts the images that the core embeds where torchvision looks below a script's folder.
func placeFashion(t *testing.T, folder string) {
	t.Helper()
	raw := filepath.Join(folder, "data", "FashionMNIST", "raw")
	if err := os.MkdirAll(raw, 0o755); err != nil {
		t.Fatal(err)
	}
	packed, err := filepath.Glob("../mlcore/data/fashion/*.gz")
	if err != nil || len(packed) != 4 {
		t.Fatalf("got the files %v, want images and labels of two splits (%v)", packed, err)
	}
	for _, path := range packed {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(unzipped)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".gz")
		if err := os.WriteFile(filepath.Join(raw, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
