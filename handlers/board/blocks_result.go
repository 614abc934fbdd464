package board

import (
	"fmt"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A BlocksResult is the experiment as the API has it. Blocks are counted from 1.
type BlocksResult struct {
	Config   map[string]any `json:"config"`
	Blocks   int            `json:"blocks"`
	Plain    LesionedNet    `json:"plain"`
	Residual LesionedNet    `json:"residual"`
}

// A LesionedNet is what becomes of one net.
type LesionedNet struct {
	Train      string       `json:"train"`                        // the training's page
	Whole      Float        `json:"whole"`                        // accuracy as it was trained, 0 to 1
	Accuracy   Float        `json:"accuracy"`                     // with the config's blocks out and swapped
	Singles    Floats       `json:"singles"`                      // with one block out, by block
	MeanSingle Float        `json:"mean_single"`                  // their mean
	Swaps      []LesionDone `json:"swaps"`                        // with every two blocks swapped that can be
	Several    []SeveralOut `json:"several"`                      // by the number of blocks that are out, from 0
	Paths      []PathFound  `json:"paths,omitempty"`              // by length, of the residual net
	MeanPath   *Float       `json:"mean_path,omitempty"`          // the blocks that a path goes through on average
	MeanGrad   *Float       `json:"mean_gradient_path,omitempty"` // the same, weighted by the gradient that paths bring
}

// SeveralOut is a number of blocks that are out, and the draws of them.
type SeveralOut struct {
	Out   int          `json:"out"`
	Mean  Float        `json:"mean"`
	Draws []LesionDone `json:"draws"`
}

// A LesionDone is what was done to a net, and its accuracy then.
type LesionDone struct {
	Out      []int    `json:"out,omitempty"`
	Swap     [][2]int `json:"swap,omitempty"`
	Accuracy Float    `json:"accuracy"`
}

// A PathFound is the paths of one length.
type PathFound struct {
	Length   int   `json:"length"`
	Paths    Float `json:"paths"`     // how many there are
	Drawn    int   `json:"drawn"`     // how many were measured
	GradNorm Float `json:"grad_norm"` // mean norm of ∂L/∂x along one of them
	Share    Float `json:"share"`     // of the gradient, 0 to 1
}

// NewBlocksResult reads the trained nets, plain first. Neither may have diverged.
func NewBlocksResult(c experiment.Blocks, outcomes []*experiment.Outcome) BlocksResult {
	return BlocksResult{
		Config: experiment.BlocksTable().JSON(c), Blocks: c.Len(), Plain: lesionedNet(c, outcomes[0]), Residual: lesionedNet(c, outcomes[1]),
	}
}

func lesionedNet(c experiment.Blocks, o *experiment.Outcome) LesionedNet {
	l := o.Lesions
	n := LesionedNet{
		Train: views.Href("/labs/train", o.Train().Query()), Whole: Float{l.Whole, 64}, Accuracy: Float{l.Accuracy(c.TakenOut(), c.Swapped()), 64},
		MeanSingle: Float{l.Mean(1), 64}, Singles: Floats{nil, 64}, Swaps: []LesionDone{},
	}
	for k, draws := range l.Draws {
		several := SeveralOut{Out: k, Mean: Float{l.Mean(k), 64}}
		for _, draw := range draws {
			several.Draws = append(several.Draws, lesionDone(draw))
			if k == 1 {
				n.Singles.Values = append(n.Singles.Values, draw.Accuracy)
			}
		}
		n.Several = append(n.Several, several)
	}
	for _, swap := range l.Swaps {
		n.Swaps = append(n.Swaps, lesionDone(swap))
	}
	if l.Paths == nil {
		return n
	}
	count, gradient := pathShares(l.Paths)
	n.MeanPath, n.MeanGrad = &Float{meanLength(count), 64}, &Float{meanLength(gradient), 64}
	for i, path := range l.Paths {
		n.Paths = append(n.Paths, PathFound{path.Length, Float{path.Count, 64}, len(path.Drawn), Float{path.Norm, 64}, Float{gradient[i], 64}})
	}
	return n
}

func lesionDone(l experiment.Lesion) LesionDone {
	d := LesionDone{Accuracy: Float{l.Accuracy, 64}}
	for _, i := range l.Out {
		d.Out = append(d.Out, i+1)
	}
	for _, s := range l.Swap {
		d.Swap = append(d.Swap, [2]int{s[0] + 1, s[1] + 1})
	}
	return d
}

// blocksTables are the numbers of the figures.
func blocksTables(c experiment.Blocks, p BlocksTwins) []views.BlockTable {
	plain, residual := p.Plain.Lesions, p.Residual.Lesions
	share := func(v float64) views.Text { return views.T(fmt.Sprintf("%.3f", v)) }
	head := func(first string, more ...string) []views.Text {
		texts := []views.Text{views.T(first), views.Plain("plain"), views.Residual("residual")}
		for _, m := range more {
			texts = append(texts, views.T(m))
		}
		return texts
	}
	singles := views.BlockTable{Caption: "Accuracy with one block out", Head: head("block", "its name in PyTorch")}
	singles.Rows = append(singles.Rows, []views.Text{views.T("none"), share(plain.Whole), share(residual.Whole), views.T("")})
	for i := range c.Len() {
		singles.Rows = append(singles.Rows, []views.Text{views.T(fmt.Sprint(i + 1)), share(plain.Draws[1][i].Accuracy), share(residual.Draws[1][i].Accuracy), views.T(fmt.Sprintf("blocks.%d", i))})
	}
	swaps := views.BlockTable{Caption: "Accuracy with two blocks swapped", Head: head("blocks")}
	for i, s := range plain.Swaps {
		swaps.Rows = append(swaps.Rows, []views.Text{views.T(fmt.Sprintf("%d and %d", s.Swap[0][0]+1, s.Swap[0][1]+1)), share(s.Accuracy), share(residual.Swaps[i].Accuracy)})
	}
	several := views.BlockTable{Caption: "Mean accuracy with several blocks out, the least and the greatest", Head: head("blocks out", "draws")}
	for k := range plain.Draws {
		several.Rows = append(several.Rows, []views.Text{views.T(fmt.Sprint(k)), meanAndRange(plain, k), meanAndRange(residual, k), views.T(fmt.Sprint(len(plain.Draws[k])))})
	}
	paths := views.BlockTable{
		Caption: "Paths through the residual net; the gradient is ∂L/∂x, its norm the mean over the paths measured and 64 images",
		Head:    []views.Text{views.T("blocks on the path"), views.T("paths"), views.T("measured"), views.T("gradient along one"), views.T("share of the gradient")},
	}
	_, gradient := pathShares(residual.Paths)
	for i, path := range residual.Paths {
		paths.Rows = append(paths.Rows, []views.Text{
			views.T(fmt.Sprint(path.Length)), views.T(fmt.Sprintf("%.0f", path.Count)), views.T(fmt.Sprint(len(path.Drawn))), views.Num(path.Norm, 3), views.T(percent(gradient[i])),
		})
	}
	if len(swaps.Rows) == 0 {
		return []views.BlockTable{singles, several, paths}
	}
	return []views.BlockTable{singles, swaps, several, paths}
}

// meanAndRange is what a number of blocks that are out comes to: 0.51 (0.38–0.66).
func meanAndRange(l *experiment.Lesions, out int) views.Text {
	least, greatest := 1.0, 0.0
	for _, draw := range l.Draws[out] {
		least, greatest = min(least, draw.Accuracy), max(greatest, draw.Accuracy)
	}
	if least == greatest {
		return views.T(fmt.Sprintf("%.3f", least))
	}
	return views.T(fmt.Sprintf("%.3f (%.3f–%.3f)", l.Mean(out), least, greatest))
}
