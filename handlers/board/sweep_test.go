package board

import (
	"fmt"
	"math"
	"net/url"
	"os"
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
		{"one depth", "With 40 hidden layers and no remedy, the plain net’s first gradient is 0.50. It is 0.25 with ReLU and 3.0 with batch norm.",
			sweepVerdict(made(t, "points=1&remedies=relu,batch", g(0.5), g(0.25), g(3))).String()},
		{"one depth, no remedy", "With 40 hidden layers and no remedy, the plain net’s first gradient is 0.50.",
			sweepVerdict(made(t, "points=1&remedies=", g(0.5))).String()},
		{"one layer", "Without a remedy the plain net’s first gradient goes from 1.0 with 1 hidden layer to 0.50 with 2: it arrives. With ReLU (1.0·10^−9) it vanishes.",
			sweepVerdict(made(t, "depth=2&points=2&remedies=relu", g(1), g(1), g(0.5), g(1e-9))).String()},
		{"explosion", "Without a remedy the plain net’s first gradient goes from 1.0 with 20 hidden layers to ∞ with 40: it has exploded.",
			sweepVerdict(made(t, "points=2&remedies=", g(1), g(math.Inf(1)))).String()},
		{"degradation", "The plain net’s training loss goes from 0.59 at depth 8 to 1.7 at depth 56: degradation. The deepest net could copy a shallower one. " +
			"Its first gradient starts at 423, 2.0 with the skip: it has exploded, which may be why. " +
			"The residual net’s loss goes from 0.63 at depth 8 to 0.73 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(423, 1.74), l(2, 0.73))).String()},
		{"degradation before the explosion", "The plain net’s training loss goes from 0.59 at depth 8 to 1.7 at depth 56: degradation. The deepest net could copy a shallower one. " +
			"Its first gradient starts at 158, 1.4 with the skip: it has exploded, which may be why. " +
			"But at depth 32 it starts at 1.0, which is healthy, and the loss is 0.83 already. " +
			"The residual net’s loss goes from 0.63 at depth 8 to 0.73 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=3", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.83), l(0.6, 0.5), l(158, 1.74), l(1.4, 0.73))).String()},
		{"degradation alone", "Its first gradient starts at 1.0, 0.60 with the skip: it has neither vanished nor exploded. The residual net",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.83), l(0.6, 0.5))).String()},
		{"vanishing", "Its first gradient starts at 7.2·10^−10, 0.041 with the skip: it has vanished, which may be why. The residual net",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(7.2e-10, 2.3), l(0.041, 0.5))).String()},
		{"no degradation", "The plain net’s training loss goes from 0.59 at depth 8 to 0.60 at depth 56: no degradation there. The residual net’s loss goes from 0.63 at depth 8 to 0.50 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.6), l(2, 0.5))).String()},
		{"divergence", "The plain net’s training loss goes from 0.59 at depth 8 to divergence at depth 56: degradation. The deepest net could copy a shallower one. Its first gradient",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, math.NaN()), l(2, 0.5))).String()},
		{"divergence everywhere", "The plain net diverges at every depth. The residual net’s loss goes",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, math.NaN()), l(0.2, 0.63), l(1, math.NaN()), l(2, 0.5))).String()},
		{"grid", "With 20 layers the loss ends lowest with both: at 0.57. " +
			"With neither, the plain net’s first gradient is 7.7·10^−10, and it ends at a training loss of 2.3. With the skip alone it is 0.036, and the loss ends at 1.1; " +
			"with batch norm alone it is 1.0, and the loss ends at 0.74; with both it is 0.61, and the loss ends at 0.57.",
			sweepVerdict(made(t, "show=grid", l(7.7e-10, 2.3), l(0.036, 1.1), l(1, 0.74), l(0.61, 0.57))).String()},
		{"under way", "So far 2 of 4 nets of 20 weighted layers are computed; what they show is said when all are.",
			sweepVerdict(sweepResult{config: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).config, plan: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).plan, readings: make([]*experiment.Reading, 4), known: 2}).String()},
		{"unfinished", "Press Run to train 4 nets of 20 weighted layers, with and without normalisation and skip, on 2048 garments for 160 steps.",
			sweepVerdict(sweepResult{config: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).config, plan: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).plan, readings: make([]*experiment.Reading, 4)}).String()},
	} {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, test.got, test.want)
		}
	}
}

// Whatever is ticked, no two lines of a sweep share a colour: the style sheets have shades enough.
func TestSweepLinesHaveColoursOfTheirOwn(t *testing.T) {
	tokens, err := os.ReadFile("../../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, net := range []string{"mlp", "notebook", "deep"} {
		c := experiment.SweepTable().Default()
		c.Net, c.Together = net, "yes"
		var all []string
		for _, o := range c.Choices() {
			all = append(all, o.Value)
		}
		c.Remedies = strings.Join(all, ",")
		for _, activation := range []string{"sigmoid", "tanh", "relu"} {
			c.Activation = activation
			lines, drawn := c.Plan().Lines, map[string]string{}
			for i, tone := range tonesOf(lines) {
				colour := "--" + twinOf(lines[i]) + map[bool]string{false: ":", true: fmt.Sprintf("-%d:", tone)}[tone > 0]
				if other, taken := drawn[colour]; taken || strings.Count(string(tokens), colour) < 2 { // light and dark, and the projector's
					t.Errorf("%s, %s: %q is drawn in %s, as is %q", net, activation, lines[i].Name, colour, other)
				}
				drawn[colour] = lines[i].Name
			}
		}
	}
}
