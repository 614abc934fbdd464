package export

import (
	"encoding/hex"
	"fmt"
	"strings"

	"gradlab/mlcore/experiment"
)

// Kernels is the script of a stack of kernels over an image. It prints the last stage's output, one line a row. The
// weights are in it as numbers, those that a run learnt, too. The link is where the maps can be seen; it must hold no
// line break.
func Kernels(r experiment.KernelsResult, link string) Script {
	var names []string
	for _, s := range r.Stages {
		names = append(names, s.Config.Kernel)
	}
	return Script{
		name:  "kernels-" + strings.Join(names, "-"),
		title: fmt.Sprintf("Gradient Lab: %s over an image, %s.", counted(len(names), "kernel"), strings.Join(names, ", ")),
		link:  link,
		usage: "Needs PyTorch 1.13 or later. Prints the last stage's output, one line a row.",
		cells: []cell{"kernels image", "kernels stages", "kernels output"},
		view:  kernelsView{r},
	}
}

// kernelsView is a stack as the templates see it.
type kernelsView struct{ experiment.KernelsResult }

func (v kernelsView) as(bool) view { return v } // a stack prints its result and nothing else

// Pixels are the rows of the image in hexadecimal, two digits a pixel: the image can be seen in them.
func (v kernelsView) Pixels() []string {
	picture := v.Config.Picture()
	var rows []string
	for at := 0; at < len(picture); at += v.Image.Side {
		rows = append(rows, hex.EncodeToString(picture[at:at+v.Image.Side]))
	}
	return rows
}

// Centred says whether the pixels are shifted and stretched as the nets see them.
func (v kernelsView) Centred() bool { return v.Config.Scale == "net" }

// Rows are the rows of a kernel's weights, with commas between.
func (v kernelsView) Rows(k experiment.Kernel) []string {
	var rows []string
	for at := 0; at < len(k.Weights); at += k.Size {
		parts := make([]string, k.Size)
		for i, w := range k.Weights[at : at+k.Size] {
			parts[i] = v.Single(w)
		}
		rows = append(rows, strings.Join(parts, ", "))
	}
	return rows
}

// Single writes a float32 number as Python's float, as short as reads back to it. What is not finite is a string's.
func (v kernelsView) Single(w float64) string {
	text := Number(w, 32)
	switch {
	case strings.Contains(text, "n"): // of a run that diverged
		return `float("` + text + `")`
	case !strings.ContainsAny(text, ".e"):
		return text + ".0"
	}
	return text
}

// Act writes the activation of an expression.
func (v kernelsView) Act(activation, expression string) string { return apply(activation, expression) }
