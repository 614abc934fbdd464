package board

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// chainOf is the run that a query of the lab's page means.
func chainOf(t testing.TB, query string) chainRun {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	config, view, errs := experiment.ParseChainLab(q)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	return runChain(ChainLab, config, view)
}

// The presets are canonical links, and among them are the settings whose numbers experiment's tests hold to PyTorch's.
func TestChainPresets(t *testing.T) {
	found := map[string]bool{}
	for _, preset := range chainPresets {
		u, err := url.Parse(preset.Href)
		if err != nil {
			t.Fatal(err)
		}
		c := chainOf(t, u.RawQuery)
		if got := views.Href("/labs/chain", c.view.Query(c.config)); got != preset.Href {
			t.Errorf("%s: the link is %s, want it canonical: %s", preset.Label, preset.Href, got)
		}
		c.config.Skip = "none"
		found[c.config.Query().Encode()] = true
	}
	for _, query := range []string{"activation=tanh&depth=4&skip=none&x=10", "activation=tanh&skip=none&w=0.1", "activation=tanh&skip=none"} {
		if !found[query] {
			t.Errorf("no preset for the measured setting %s", query)
		}
	}
}

func TestChainVerdicts(t *testing.T) {
	for _, c := range []struct {
		query string
		wants []string
	}{
		{"", []string{"Layer 1 gets under half a trillionth of what layer 20 gets. With skips it gets 3.2, layer 20 nothing. Plain: the gradient has vanished.", "With skips: layer 20’s is 0 in float32 (2.8·10^−6 in float64): the sum grew until its unit saturated."}},
		{"show=grad_z", []string{"Layer 1 hears only half a trillionth of what layer 20 is told. With skips it hears all of it. Plain: the gradient has vanished."}},
		{"activation=relu&show=grad_z", []string{"Layer 1 hears all of what layer 20 is told. With skips it hears 524\u202f288 times as much. With skips: the gradient has exploded."}},
		{"activation=tanh&show=grad_z", []string{"Layer 1 hears 14\u00a0% of what layer 20 is told. With skips it hears all of it."}},
		{"depth=60&show=grad_z", []string{"Layer 1 hears next to nothing of what layer 60 is told."}},
		{"activation=tanh&depth=4&x=10", []string{"Layer 1 gets nothing.", "With skips no layer gets anything.", "Plain: its ∂L/∂w is 0 in float32", "every ∂L/∂w is 0 in float32: each unit is saturated or dead. Yet ∂L/∂x = 13 arrives"}},
		{"show=factor&activation=identity&w=0.5&depth=4", []string{"Each layer multiplies the gradient’s size by 0.5: 4 layers make 0.062. With skips by 1.5: 4 layers make 5.1."}},
		{"show=factor&depth=1&activation=identity&w=0.5", []string{"The one layer multiplies the gradient by 0.50"}},
		{"show=z&activation=identity&w=2&depth=3", []string{"The input 0.5 becomes 4.0 after layer 3"}},
		{"show=z&activation=identity&w=100&depth=100", []string{"The numbers outgrow float32: they have exploded"}},
		{"activation=relu&x=-1&depth=3", []string{"No layer gets anything.", "every ∂L/∂w is 0, in float64 too"}},
		{"activation=tanh&w=0.1", []string{"No layer gets more than 5.0·10^−20.", "the gradient has vanished, and the signal with it"}},
		{"activation=identity&depth=40&w=2", []string{"No layer gets less than 1.5·10^23.", "the gradient has exploded"}},
		{"x=0", []string{"Layer 1 gets nothing.", "its ∂L/∂w is 0, in float64 too: its input is 0"}},
		{"depth=100", []string{"its ∂L/∂w is 0 in float32 (−2.6·10^−66 in float64): it is lost to rounding on the way"}},
		{"activation=tanh&x=1000&depth=5", []string{"its ∂L/∂w is 0, in float64 too: its unit is saturated or dead"}},
		{"activation=relu&x=3&w=-0.1&spread=1&seed=1&depth=6", []string{"layer 6’s is 0, in float64 too: its unit is saturated or dead"}},
		{"activation=relu&depth=100", []string{"Layer 1 gets as much as layer 100."}},
		{"w=0", []string{"0, in float64 too: a weight of 0 lets nothing through"}},
	} {
		run := chainOf(t, c.query)
		got := chainVerdict(quantityOf(run.view.Quantity), run.shown(), run.double, true).String()
		for _, want := range c.wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: verdict got %q, want %q in it", c.query, got, want)
			}
		}
	}
}

func TestChainFormulas(t *testing.T) {
	for _, c := range []struct {
		query            string
		letters, numbers string
		twin             int
	}{
		{"activation=identity&depth=1&layer=1&w=2&x=3", `\frac{\partial L}{\partial w_{1}} = {(z_{1} - t)} \cdot f'(a_{1}) \cdot x`, `= {(6 - 1)} \cdot 1 \cdot 3 = 15`, 0},
		{"activation=identity&depth=2&layer=1&w=2&x=-3&target=-1", `\frac{\partial L}{\partial w_{1}} = {(z_{2} - t)} \cdot {(f'(a_{2})\, w_{2} + 1)} \cdot f'(a_{1}) \cdot x`,
			`= {(-27 - (-1))} \cdot {(1 \cdot 2 + 1)} \cdot 1 \cdot (-3) = 234`, 1},
		{"activation=identity&depth=9&layer=2&show=grad_z", `\frac{\partial L}{\partial z_{2}} = {(z_{9} - t)} \cdot \prod_{j=3}^{9} f'(a_j)\, w_j`,
			`= {(0.5 - 1)} \cdot {(1 \cdot 1)} \cdot {(1 \cdot 1)} \cdot \underbrace{\cdots}_{3\ \text{more}} \cdot {(1 \cdot 1)} \cdot {(1 \cdot 1)} = -0.5`, 0},
		{"activation=leaky_relu&depth=2&layer=1&show=z&w=2", `z_{1} = \operatorname{leaky\ ReLU}(w_{1}\, x) + x`, `= \operatorname{leaky\ ReLU}(2 \cdot 0.5) + 0.5 = 1.5`, 1},
		{"activation=identity&depth=2&layer=2&show=factor&w=2", `\frac{\partial z_{2}}{\partial z_{1}} = f'(a_{2})\, w_{2} + 1`, `= 1 \cdot 2 + 1 = 3`, 1},
		{"activation=identity&depth=1&layer=1&show=factor&w=2", `\frac{\partial z_{1}}{\partial x} = f'(a_{1})\, w_{1}`, `= 1 \cdot 2 = 2`, 0},
	} {
		run := chainOf(t, c.query+"&skip="+[]string{"none", "identity"}[c.twin])
		got := run.layer().Formulas[c.twin]
		if got.Letters != c.letters || got.Numbers != c.numbers {
			t.Errorf("%s:\ngot  %s\n     %s\nwant %s\n     %s", c.query, got.Letters, got.Numbers, c.letters, c.numbers)
		}
	}
}

func TestChainCheckSentences(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{"depth=3&layer=1&x=1", "Plain: it is real. The difference agrees to"},
		{"layer=1", "a difference for each factor sees all of it: multiplied, they agree to"},
		{"activation=tanh&depth=4&layer=1&x=10", "Float32 says 0: a saturated output rounds to its limit"},
		{"activation=tanh&depth=60&layer=1&w=0.1", "Float32 says 0: the number is below 1.4·10⁻⁴⁵"},
		{"activation=relu&depth=2&layer=1&show=grad_a&x=0", "an activation stands on its kink"},
		{"activation=identity&w=100&depth=100&layer=1", "the numbers outgrow float64"},
		{"activation=relu&x=-1&depth=3&layer=1", "Plain: both say 0"},
	} {
		run := chainOf(t, c.query)
		if got := run.check().Verdict.String(); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.query, got, c.want)
		}
	}
}

// What float32 loses stands in outline, and only that.
func TestHollowBars(t *testing.T) {
	option := chainOf(t, "activation=tanh&depth=4&x=10").bars()
	hollow := option["hollow"].(map[string][]any)
	if got := hollow["plain"]; len(got) != 4 || got[0] == nil || got[1] != nil {
		t.Errorf("plain hollow bars: got %v, want the first alone", got)
	}
	for i, v := range hollow["residual"] {
		if v == nil {
			t.Errorf("residual hollow bar %d: got none, want one: every gradient is rounded to 0", i+1)
		}
	}
	if got := chainOf(t, "depth=3&dtype=float64").bars()["hollow"]; got != nil {
		t.Errorf("hollow bars in float64: got %v, want none", got)
	}
	if got := chainOf(t, "depth=3&layer=7").bars()["picked"]; got != "3" {
		t.Errorf("picked, of a layer deeper than the chain: got %v, want the last", got)
	}
}

// A graph's steps cover every number: values forward in the tape's order, gradients once every use has handed back.
func TestChainGraphOrder(t *testing.T) {
	for _, query := range []string{"depth=1&skip=none", "depth=6", "depth=4&activation=tanh&skip=none"} {
		c := chainOf(t, query)
		g := chainGraph(c.config)
		last := len(g.Steps)
		for _, e := range g.Edges {
			if from, to := g.Nodes[e.From], g.Nodes[e.To]; from.Forward >= to.Forward || from.Back < e.Back || to.Back > e.Back || to.Back == e.Back && to.Class != "loss" {
				t.Errorf("%s: edge %s%s → %s%s: forward %d → %d, back %d through %d to %d", query, from.Name, from.Sub, to.Name, to.Sub, from.Forward, to.Forward, to.Back, e.Back, from.Back)
			}
		}
		for _, n := range g.Nodes {
			if n.Back < 1 || n.Back > last || n.Forward > last/2 {
				t.Errorf("%s: %s%s: steps %d and %d of %d", query, n.Name, n.Sub, n.Forward, n.Back, last)
			}
		}
	}
	if got := chainGraph(chainOf(t, "depth=7").config); got != nil {
		t.Error("depth 7: got a drawing, want none")
	}
}

func BenchmarkChainBoard(b *testing.B) {
	for _, c := range []struct{ name, query string }{
		{"default", ""}, {"layer and check", "layer=3&check=on"}, {"depth 100", "depth=100&layer=3"}, {"graph", "depth=6"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				run := chainOf(b, c.query)
				board := Chain(ChainLab, run.config, run.view)
				if err := views.ChainTable(board).Render(b.Context(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
