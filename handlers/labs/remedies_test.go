package labs_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gradlab/handlers/labs"
	"gradlab/lessons"
)

// The lesson on remedies says by what a layer multiplies the gradient: the 39th root of what 39 layers more leave of it.
func TestFactorsOfTheRemedies(t *testing.T) {
	experiments := labs.All().Lessons()
	l, err := lessons.Embedded(experiments)
	if err != nil {
		t.Fatal(err)
	}
	lesson, _ := l.Lesson("remedies")
	for _, row := range []struct{ says, change string }{
		{"nothing", ""}, {"ReLU instead of tanh", "&activation=relu"}, {"ReLU with He’s weights", "&activation=relu&init=kaiming_normal"},
		{"Xavier’s weights", "&init=xavier_normal"}, {"batch normalisation", "&norm=batch"}, {"layer normalisation", "&norm=layer"},
		{"identity skips", "&skip=identity"}, {"ReZero", "&skip=rezero"}, {"highway gates", "&skip=highway"},
	} {
		least, most := math.Inf(1), 0.0
		for seed := range 6 {
			const path = `first_step_grad_norms["inp.weight"]`
			run := fmt.Sprintf("&steps=1&count=32&seed=%d%s", seed, row.change)
			c, err := experiments.ParseComputation("train?net=mlp&depth=40" + run + " " + path + " / train?net=mlp&depth=1" + run + " " + path)
			if err != nil {
				t.Fatal(err)
			}
			left, err := c.Compute(t.Context(), lessons.Train)
			if err != nil {
				t.Fatal(err)
			}
			factor := math.Pow(left, 1./39)
			least, most = min(least, factor), max(most, factor)
		}
		_, table, _ := strings.Cut(lesson.Text, "factor of a layer")
		_, line, found := strings.Cut(table, row.says)
		words := strings.Fields(line)
		want := fmt.Sprintf("%.2f to %.2f", least, most)
		if said := strings.Join(words[:min(6, len(words))], " "); !found || !strings.Contains(said, want) {
			t.Errorf("%s: a layer's factor is %s; the lesson says %s", row.says, want, said)
		}
	}
}
