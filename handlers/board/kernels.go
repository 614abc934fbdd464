package board

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A Lack is what a stack waits for.
type Lack int

// What can be lacking: nothing, or the run that learns its kernels, which is being trained, or is too long to be trained unasked.
const (
	Nothing Lack = iota
	Awaited
	TooLong
)

// Kernels shows what a stack made of its image.
func Kernels(r experiment.KernelsResult, lack Lack) views.KernelBoard {
	query := r.Config.Query()
	b := views.KernelBoard{
		Verdict: kernelVerdict(r, lack), Pixel: pixelView(r),
		State: views.KernelState{
			Picture: r.Config.Picture().Encode(), Stages: map[string]string{}, Pixel: pixelPosition(r.Config), Marks: kernelMarks(r),
		},
		APILink: views.Href("/api/kernels", query), Exports: exports("kernels", query),
	}
	if r.Config.Learnt() {
		b.RunAt = views.Href("/labs/train", r.Config.LearntBy().Query())
	}
	if lack == TooLong {
		b.TrainAt = b.RunAt
	}
	b.State.Waiting = lack == Awaited
	if len(r.Stages) == 0 {
		b.Stages = []views.StageView{{Caption: views.T("The image"), Tiles: []views.MapTile{tile("in-0", imageTitle(r.Config), r.Image, nil)}}}
	}
	for i, s := range r.Stages {
		b.State.Stages[strconv.Itoa(s.Number)] = experiment.KernelText(s.Kernel.Weights)
		b.Stages = append(b.Stages, stageView(r, i, b.State.Marks))
		b.Rows = append(b.Rows, stageRow(r.Config, s))
	}
	if s, found := stageInHand(r); found {
		grid := views.Numbers(fmt.Sprintf("Table of the sums of stage %d", s.Number), s.Sum.Side, s.Sum.Values, 0, 0, views.Cell)
		b.Grid = &grid
	}
	return b
}

// stageView draws one stage: what it reads, its sums, and what comes out where that differs.
func stageView(r experiment.KernelsResult, i int, marks map[string]views.MapMark) views.StageView {
	s, in := r.Stages[i], r.In(i)
	size := s.Kernel.Size
	caption := fmt.Sprintf("Stage %d: %s, %d × %d, stride %d, padding %d", s.Number, kernelName(r.Config, s), size, size, s.Config.Stride, s.Config.Padding)
	if s.Config.Pool != "none" {
		caption += ", pooling: " + labelOf("pool", s.Config.Pool)
	}
	title := imageTitle(r.Config)
	if i > 0 {
		title = fmt.Sprintf("output of stage %d", r.Stages[i-1].Number)
	}
	tiles := []views.MapTile{
		tile(fmt.Sprintf("in-%d", s.Number), title, in, marks),
		tile(fmt.Sprintf("sum-%d", s.Number), "sums", s.Sum, marks),
	}
	tiles[0].Padding = s.Config.Padding
	tiles[1].Movable, tiles[1].Stage = true, s.Number
	tiles[1].Describe = fmt.Sprintf("Map of the sums of stage %d, %d × %d. Arrow keys move the pixel looked at.", s.Number, s.Sum.Side, s.Sum.Side)
	if s.Config.Activation != "identity" || s.Config.Pool != "none" {
		after := "after " + labelOf("activation", s.Config.Activation)
		switch {
		case s.Config.Activation == "identity":
			after = "pooled"
		case s.Config.Pool != "none":
			after += ", pooled"
		}
		tiles = append(tiles, tile(fmt.Sprintf("out-%d", s.Number), after, s.Output, marks))
	}
	kernel := views.Numbers("kernel", size, s.Kernel.Weights, 0, 0, weightFormat(size))
	if s.Kernel.Bias != 0 {
		kernel.Title = "kernel, bias " + views.Num(s.Kernel.Bias, 2).String()
	}
	return views.StageView{Caption: views.T(caption), Tiles: tiles, Kernel: kernel}
}

// tile draws a map: from black for 0 where nothing is negative, else with grey for 0 and the same scale on both sides.
func tile(key, title string, m experiment.Map, marks map[string]views.MapMark) views.MapTile {
	low, high := greyScale(m.Values)
	t := views.MapTile{
		Key: key, Title: fmt.Sprintf("%s, %d × %d", title, m.Side, m.Side), Side: m.Side,
		Paths: views.Pixels(m.Side, m.Values, low, high), Signed: low < 0,
		Low: views.Num(low, 2), High: views.Num(high, 2),
	}
	t.Describe = fmt.Sprintf("%s, from %s in black to %s in white.", t.Title, t.Low, t.High)
	if mark, found := marks[key]; found {
		t.Mark = &mark
	}
	return t
}

// greyScale is what black and white stand for.
func greyScale(values []float64) (low, high float64) {
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	if low < 0 {
		high = math.Max(-low, high)
		low = -high
	}
	return low, high
}

// A MovedPixel is what changes on the board while the pixel looked at moves.
type MovedPixel struct {
	View  *views.PixelView // nil where no stage could be computed
	Said  string           // the sum in one sentence, for screen readers
	At    map[string]int   // stage, row and column
	Marks map[string]views.MapMark
}

// Pixel shows the pixel looked at.
func Pixel(r experiment.KernelsResult) MovedPixel {
	m := MovedPixel{View: pixelView(r), At: pixelPosition(r.Config), Marks: kernelMarks(r)}
	if m.View != nil {
		m.Said = m.View.Said
	}
	return m
}

// pixelView opens the sum in hand; nil where there is none.
func pixelView(r experiment.KernelsResult) *views.PixelView {
	s, found := stageInHand(r)
	if !found {
		return nil
	}
	p, k := r.Pixel, s.Kernel
	digits := 3
	if k.Size > 3 {
		digits = 2
	}
	short := func(v float64) views.Text { return views.Num(v+0, digits) } // −0, of 0 times a negative weight, is 0 here
	count := map[int]string{3: "nine", 5: "twenty-five"}[k.Size]
	imageLow, imageHigh := greyScale(p.Patch)
	if p.Stage == r.Stages[0].Number && r.Config.Scale == "unit" {
		imageLow, imageHigh = 0, 1
	}
	low, high := greyScale(p.Products)
	v := &views.PixelView{
		Caption:  views.T(fmt.Sprintf("Stage %d, row %d, column %d: %s products and their sum", p.Stage, p.Row, p.Column, count)),
		Patch:    views.Numbers("patch", k.Size, p.Patch, imageLow, imageHigh, short),
		Kernel:   views.Numbers("kernel", k.Size, k.Weights, 0, 0, weightFormat(k.Size)),
		Products: views.Numbers("products", k.Size, p.Products, low, high, short),
		Steps:    pixelSteps(s, p),
		Said:     fmt.Sprintf("Row %d, column %d: sum %s, after %s %s.", p.Row, p.Column, views.Num(p.Sum, 3), labelOf("activation", s.Config.Activation), views.Num(p.Active, 3)),
	}
	for i, padded := range p.Padded {
		if padded {
			v.Patch.Rows[i/k.Size][i%k.Size].Class = "pad"
		}
	}
	return v
}

// pixelSteps are the sum and what is made of it, a line each.
func pixelSteps(s experiment.StageResult, p experiment.PixelResult) []views.Text {
	lead := views.T("sum of the products = ")
	if s.Kernel.Bias != 0 {
		lead = views.Join(views.T("sum of the products + bias "), views.Num(s.Kernel.Bias, 3), views.T(" = "))
	}
	steps := []views.Text{views.Join(lead, views.Stressed(views.Num(p.Sum, 4)))}
	if s.Config.Activation != "identity" {
		steps = append(steps, views.Join(views.T(labelOf("activation", s.Config.Activation)+"("), views.Num(p.Sum, 4), views.T(") = "), views.Stressed(views.Num(p.Active, 4))))
	}
	if p.Window != nil {
		step := views.T(labelOf("pool", s.Config.Pool) + ": ")
		for i, v := range p.Window {
			if i > 0 {
				step = views.Join(step, views.T(", "))
			}
			step = views.Join(step, views.Num(v, 3))
		}
		steps = append(steps, views.Join(step, views.T(" → "), views.Stressed(views.Num(p.Pooled, 4))))
	} else if s.Config.Pool != "none" {
		steps = append(steps, views.T("The pooling drops the last row and column of a map with an odd side."))
	}
	return steps
}

// weightFormat writes a weight as short as it is: 1, −0.25, 0.111; a larger kernel has room for fewer digits.
func weightFormat(size int) func(float64) views.Text {
	digits := 3
	if size > 3 {
		digits = 2
	}
	return func(v float64) views.Text {
		if text := strconv.FormatFloat(math.Abs(v), 'f', -1, 32); len(text) <= 4 {
			return views.Num(v, max(1, len(strings.TrimLeft(strings.ReplaceAll(text, ".", ""), "0"))))
		}
		return views.Num(v, digits)
	}
}

func imageTitle(c experiment.Kernels) string {
	if c.Image == "garment" {
		return "image: " + experiment.GarmentClass(c.Garment)
	}
	return "image"
}

// kernelMarks frames the patch that is read, its sum, and where that goes.
func kernelMarks(r experiment.KernelsResult) map[string]views.MapMark {
	s, found := stageInHand(r)
	if !found {
		return nil
	}
	p, n := r.Pixel, r.Pixel.Stage
	marks := map[string]views.MapMark{
		fmt.Sprintf("in-%d", n):  {p.Left, p.Top, s.Kernel.Size, s.Kernel.Size},
		fmt.Sprintf("sum-%d", n): {p.Column, p.Row, 1, 1},
	}
	out := views.MapMark{p.Column, p.Row, 1, 1}
	if s.Config.Pool != "none" {
		out = views.MapMark{p.Column / 2, p.Row / 2, 1, 1}
	}
	if out[0] < s.Output.Side && out[1] < s.Output.Side {
		marks[fmt.Sprintf("out-%d", n)] = out
	}
	return marks
}

// pixelPosition is the pixel looked at.
func pixelPosition(c experiment.Kernels) map[string]int {
	return map[string]int{"stage": c.Stage, "row": c.Row, "column": c.Column}
}

func stageRow(c experiment.Kernels, s experiment.StageResult) views.StageRow {
	return views.StageRow{
		Stage: strconv.Itoa(s.Number), Kernel: kernelName(c, s), Size: fmt.Sprintf("%d × %d", s.Output.Side, s.Output.Side),
		Sees: fmt.Sprintf("%d × %d pixels", s.Field, s.Field), Low: views.Cell(s.Measure.Low), High: views.Cell(s.Measure.High),
		Mean: views.Cell(s.Measure.Mean), Quiet: percent(s.Measure.Quiet), Gone: percent(s.Measure.Gone),
	}
}
