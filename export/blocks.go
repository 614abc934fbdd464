package export

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gradlab/mlcore/experiment"
)

// Blocks is the script of two trained nets whose blocks are taken out. What they learnt is in it as numbers, so that it prints the
// accuracies that the lab shows, to the last image; outcomes are of the plain net and of the residual one. It prints "whole",
// "changed" and "without block" with the accuracies of both, then "path length" with a gradient's norm. The link is where the nets
// can be seen; it must hold no line break.
func Blocks(c experiment.Blocks, outcomes []*experiment.Outcome, link string) Script {
	return Script{
		name:  fmt.Sprintf("blocks-%d-option-%s", c.Depth(), c.Skip),
		title: fmt.Sprintf("Gradient Lab: a plain and a residual CNN of %d weighted layers lose blocks.", c.Depth()),
		link:  link,
		usage: "Needs PyTorch 1.13 or later and torchvision. Prints the accuracies of both nets: whole, changed, without each block; then gradients along paths.",
		cells: []cell{"blocks imports", "blocks images", "blocks net", "blocks weights", "blocks break", "blocks paths"},
		view:  blocksView{Blocks: c, outcomes: outcomes, at: link},
	}
}

// blocksView is the experiment as the templates see it.
type blocksView struct {
	experiment.Blocks
	outcomes []*experiment.Outcome
	at       string
	Script   bool // as against a notebook
}

func (v blocksView) as(script bool) view {
	v.Script = script
	return v
}

// Images is the number of test images, PathImages that of those whose gradients are asked for, PathDraws that of paths of a length.
func (v blocksView) Images() int     { return experiment.LesionImages }
func (v blocksView) PathImages() int { return experiment.PathImages }
func (v blocksView) PathDraws() int  { return experiment.PathDraws }

// Weighted is the number of weighted layers.
func (v blocksView) Weighted() int { return v.Depth() }

// Stages are the channels of the three stages.
func (v blocksView) Stages() [3]int { return [3]int{v.Channels, 2 * v.Channels, 4 * v.Channels} }

// Paths is the number of the residual net's paths.
func (v blocksView) Paths() int { return 1 << v.Len() }

// PlainAt and ResidualAt are where the trainings can be seen.
func (v blocksView) PlainAt() string    { return v.training(0) }
func (v blocksView) ResidualAt() string { return v.training(1) }

func (v blocksView) training(i int) string {
	site, _, _ := strings.Cut(v.at, "/labs/")
	return site + "/labs/train?" + v.Runs()[i].Query().Encode()
}

// A learnt is what a net has learnt, as text.
type learnt struct{ Name, Base64 string }

// Learnt are the nets' parameters and running statistics, by the order of their names, in lines of 100 characters.
func (v blocksView) Learnt() []learnt {
	all := []learnt{{Name: "plain"}, {Name: "residual"}}
	for i, o := range v.outcomes {
		if o == nil || o.Lesions == nil {
			continue
		}
		var raw []byte
		for _, name := range slices.Sorted(maps.Keys(o.Lesions.State)) {
			for _, number := range o.Lesions.State[name] {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(number))
			}
		}
		text := base64.StdEncoding.EncodeToString(raw)
		for line := range slices.Chunk([]byte(text), 100) {
			all[i].Base64 += string(line) + "\n"
		}
		all[i].Base64 = strings.TrimSuffix(all[i].Base64, "\n")
	}
	return all
}

// Changed says whether blocks are out or swapped; OutList and SwapList are which, from 0.
func (v blocksView) Changed() bool { return v.Out != "" || v.Swap != "" }

func (v blocksView) OutList() string { return pythonList(v.TakenOut()) }

func (v blocksView) SwapList() string {
	var pairs []string
	for _, p := range v.Swapped() {
		pairs = append(pairs, fmt.Sprintf("(%d, %d)", p[0], p[1]))
	}
	return "[" + strings.Join(pairs, ", ") + "]"
}

// PathLists are the paths that were measured, by length, a few on a line.
func (v blocksView) PathLists() []string {
	var lists []string
	for _, path := range v.Runs()[1].SampledPaths() {
		var lines []string
		for few := range slices.Chunk(path.Drawn, 3) {
			var drawn []string
			for _, through := range few {
				drawn = append(drawn, pythonList(through))
			}
			lines = append(lines, strings.Join(drawn, ", "))
		}
		lists = append(lists, "["+strings.Join(lines, ",\n     ")+"]")
	}
	return lists
}

func pythonList(numbers []int) string {
	return strings.ReplaceAll(fmt.Sprint(numbers), " ", ", ")
}
