package export

import (
	"fmt"

	"gradlab/mlcore/experiment"
)

// Transformer is the script of two transformers, with layer norms after and before. It prints a line for each step of each, "post
// 0", the loss before the update and the gradient norm of every layer; last, for each, "post judged" with loss and accuracy on
// new sequences. The link is where the runs can be seen; it must hold no line break.
func Transformer(c experiment.Transformer, link string) Script {
	usage := "Needs PyTorch 1.13 or later. Prints twin, step, loss and each layer’s gradient norm; then loss and accuracy on new sequences."
	if c.DType == "float32" && c.Steps > agreeing {
		usage += " From some tens of steps on, digits depend on the order of additions; with dtype=float64 they agree for longer."
	}
	return Script{
		name:  fmt.Sprintf("transformer-%s-%s-warmup-%d", layers(c.Layers), c.Task, c.Warmup),
		title: fmt.Sprintf("Gradient Lab: a post-LN and a pre-LN Transformer of %s learn to %s %s.", counted(c.Layers, "layer"), c.Task, counted(c.Tokens, "token")),
		link:  link,
		usage: usage,
		cells: []cell{"transformer imports", "transformer net", "transformer task", "transformer training"},
		view:  transformerView{c},
	}
}

// agreeing is how many steps two libraries' float32 agree in their digits at the usual rate.
const agreeing = 10

// transformerView is the experiment as the templates see it.
type transformerView struct{ experiment.Transformer }

func (v transformerView) as(bool) view { return v } // it prints its result and nothing else

// Judged is how many sequences the nets are judged by.
func (v transformerView) Judged() int { return experiment.JudgedSequences }

// Double says whether the nets are trained in float64.
func (v transformerView) Double() bool { return v.DType == "float64" }
