package export

import (
	"fmt"

	"gradlab/mlcore/experiment"
)

// Chain is the script of a scalar chain. It prints the gradient of the loss with respect to each weight, as one list.
// The link is where the chain can be seen; it must hold no line break.
func Chain(c experiment.Chain, link string) Script {
	skip, words := "plain", "without skip connections"
	if c.Residual() {
		skip, words = "residual", "with skip connections"
	}
	return Script{
		name:  fmt.Sprintf("chain-%s-%s-%s", layers(c.Depth), c.Activation, skip),
		title: fmt.Sprintf("Gradient Lab: a chain of %s, %s, %s.", counted(c.Depth, "layer"), c.Activation, words),
		link:  link,
		usage: "Needs PyTorch 1.13 or later. Prints the gradient of each weight, from the first layer to the last.",
		cells: []cell{"chain weights", "chain forward", "chain backward"},
		view:  chainView{Chain: c},
	}
}

// layers is a depth in a file's name.
func layers(depth int) string { return fmt.Sprintf("%d-layers", depth) }

// counted is a number and what it counts.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// chainView is a chain as the templates see it.
type chainView struct{ experiment.Chain }

func (v chainView) as(bool) view { return v } // a chain prints its result and nothing else

// Functional says whether the activation is one of torch.nn.functional's.
func (v chainView) Functional() bool {
	return len(apply(v.Activation, "")) > 1 && apply(v.Activation, "")[0] == 'F'
}

// Act writes the activation of an expression.
func (v chainView) Act(expression string) string { return apply(v.Activation, expression) }

// Double says whether the chain is computed in float64.
func (v chainView) Double() bool { return v.DType == "float64" }
