package board

import (
	"math"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// made is a result out of thin air: readings by depth, one for each line.
func made(t *testing.T, query string, readings ...experiment.Reading) sweepResult {
	t.Helper()
	values, _ := url.ParseQuery(query)
	config, errs := experiment.ParseSweep(values)
	if errs != nil {
		t.Fatal(errs)
	}
	r := sweepResult{config: config, plan: config.Plan(), known: len(readings)}
	for i := range readings {
		r.readings = append(r.readings, &readings[i])
	}
	if len(r.readings) != len(r.plan.Points) {
		t.Fatalf("%d readings for %d points", len(r.readings), len(r.plan.Points))
	}
	return r
}

func TestSweepVerdicts(t *testing.T) {
	g := func(gradient float64) experiment.Reading { return experiment.Reading{Gradient: gradient} }
	l := func(gradient, loss float64) experiment.Reading {
		return experiment.Reading{Gradient: gradient, Loss: loss, Diverged: math.IsNaN(loss)}
	}
	for _, test := range []struct{ name, want, got string }{
		{"every fate", "Without a remedy the plain net’s first gradient goes from 1.0 with 20 hidden layers to 1.0·10^−10 with 40: it has vanished. " +
			"With Xavier (0.50) and identity skip (2.0) it arrives; with batch norm (80) it grows; with ReLU (0) it is 0 all the same.",
			sweepVerdict(made(t, "points=2", g(1), g(1), g(1), g(1), g(1), g(1e-10), g(0), g(0.5), g(80), g(2))).String()},
		{"one depth", "Without a remedy the plain net’s first gradient is 0.50 with 40 hidden layers; with ReLU it is 0.25, with batch norm 3.0.",
			sweepVerdict(made(t, "points=1&remedies=relu,batch", g(0.5), g(0.25), g(3))).String()},
		{"one layer", "Without a remedy the plain net’s first gradient goes from 1.0 with 1 hidden layer to 0.50 with 2: it arrives. With ReLU (1.0·10^−9) it vanishes.",
			sweepVerdict(made(t, "depth=2&points=2&remedies=relu", g(1), g(1), g(0.5), g(1e-9))).String()},
		{"explosion", "Without a remedy the plain net’s first gradient goes from 1.0 with 20 hidden layers to ∞ with 40: it has exploded.",
			sweepVerdict(made(t, "points=2&remedies=", g(1), g(math.Inf(1)))).String()},
		{"degradation", "The plain net’s training loss goes from 0.59 at depth 8 to 1.7 at depth 56, though the deeper net could copy the shallower one: degradation. " +
			"Its first gradient starts at 423 there, 2.0 with the skip: it has exploded, which may be why. " +
			"The residual net’s goes from 0.63 at depth 8 to 0.73 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(423, 1.74), l(2, 0.73))).String()},
		{"degradation before the explosion", "The plain net’s training loss goes from 0.59 at depth 8 to 1.7 at depth 56, though the deeper net could copy the shallower one: degradation. " +
			"Its first gradient starts at 158 there, 1.4 with the skip: it has exploded, which may be why. " +
			"But at depth 32 it starts at 1.0, which is healthy, and the loss is 0.83 already. " +
			"The residual net’s goes from 0.63 at depth 8 to 0.73 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=3", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.83), l(0.6, 0.5), l(158, 1.74), l(1.4, 0.73))).String()},
		{"degradation alone", "Its first gradient starts at 1.0 there, 0.60 with the skip: it has neither vanished nor exploded. The residual net",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.83), l(0.6, 0.5))).String()},
		{"vanishing", "Its first gradient starts at 7.2·10^−10 there, 0.041 with the skip: it has vanished, which may be why. The residual net",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(7.2e-10, 2.3), l(0.041, 0.5))).String()},
		{"no degradation", "The plain net’s training loss goes from 0.59 at depth 8 to 0.60 at depth 56: no degradation there. The residual net’s goes from 0.63 at depth 8 to 0.50 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.6), l(2, 0.5))).String()},
		{"divergence", "The plain net’s training loss goes from 0.59 at depth 8 to divergence at depth 56, though the deeper net could copy the shallower one: degradation. Its first gradient",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, math.NaN()), l(2, 0.5))).String()},
		{"divergence everywhere", "The plain net diverges at every depth. The residual net’s goes",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, math.NaN()), l(0.2, 0.63), l(1, math.NaN()), l(2, 0.5))).String()},
		{"grid", "With 20 layers and neither, the plain net’s first gradient is 7.7·10^−10, and it ends at a training loss of 2.3. " +
			"With the skip alone: 0.036 and 1.1; with batch norm alone: 1.0 and 0.74; with both: 0.61 and 0.57. The loss ends lowest with both.",
			sweepVerdict(made(t, "show=grid", l(7.7e-10, 2.3), l(0.036, 1.1), l(1, 0.74), l(0.61, 0.57))).String()},
		{"under way", "So far 2 of 4 nets of 20 weighted layers; what they show is said when all are done.",
			sweepVerdict(sweepResult{config: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).config, plan: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).plan, readings: make([]*experiment.Reading, 4), known: 2}).String()},
		{"unfinished", "Press Run: 4 nets of 20 weighted layers, with and without normalisation and skip, learn 2048 garments in 160 steps.",
			sweepVerdict(sweepResult{config: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).config, plan: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).plan, readings: make([]*experiment.Reading, 4)}).String()},
	} {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, test.got, test.want)
		}
	}
}
