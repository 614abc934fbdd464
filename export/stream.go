package export

import (
	"fmt"

	"gradlab/mlcore/experiment"
)

// Stream is the script of words that go through a transformer. It prints how much they differ, a line a layer, the words as they
// come in first. The link is where the dots can be seen; it must hold no line break.
func Stream(c experiment.Stream, link string) Script {
	skip, words := "plain", "without skip connections"
	if c.Residual() {
		skip, words = "residual", "with skip connections"
	}
	return Script{
		name:  fmt.Sprintf("stream-%s-%s", layers(c.Layers), skip),
		title: fmt.Sprintf("Gradient Lab: %s through %s of a Transformer, %s.", counted(c.Tokens, "word"), counted(c.Layers, "layer"), words),
		link:  link,
		usage: "Needs PyTorch 1.13 or later. Prints how much the words differ, a line a layer, the words as they come in first.",
		cells: []cell{"stream words", "stream difference", "stream forward"},
		view:  streamView{c},
	}
}

// streamView is a stream as the templates see it.
type streamView struct{ experiment.Stream }

func (v streamView) as(bool) view { return v } // a stream prints its result and nothing else

// Hidden is the width of the MLP.
func (v streamView) Hidden() int { return 4 * v.Width }
