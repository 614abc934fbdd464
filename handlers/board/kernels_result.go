package board

import "gradlab/mlcore/experiment"

// A KernelsResult is a computed stack as the API has it. A map is a list of rows.
type KernelsResult struct {
	Config map[string]any `json:"config"`
	Image  []Floats       `json:"image"`
	Stages []KernelStage  `json:"stages"`
	Pixel  KernelPixel    `json:"pixel"`
}

// A KernelStage is one stage: what it reads is the output of the one before, or the image.
type KernelStage struct {
	Stage     int           `json:"stage"`
	Kernel    KernelWeights `json:"kernel"`
	Sum       []Floats      `json:"sum"`
	Activated []Floats      `json:"activated"`
	Output    []Floats      `json:"output"`
	Field     int           `json:"receptive_field"` // pixels of the image, of a side
}

// KernelWeights are a kernel.
type KernelWeights struct {
	Weights []Floats `json:"weights"`
	Bias    Float    `json:"bias"`
}

// A KernelPixel is the sum in hand, taken apart.
type KernelPixel struct {
	Stage     int      `json:"stage"`
	Row       int      `json:"row"`
	Column    int      `json:"column"`
	Patch     []Floats `json:"patch"`
	Products  []Floats `json:"products"`
	Bias      Float    `json:"bias"`
	Sum       Float    `json:"sum"`
	Activated Float    `json:"activated"`
	Pooled    *Float   `json:"pooled,omitempty"`
}

// NewKernelsResult writes a stack.
func NewKernelsResult(result experiment.KernelsResult) KernelsResult {
	r := KernelsResult{Config: experiment.KernelsTable().JSON(result.Config), Image: mapRows(result.Image), Stages: make([]KernelStage, len(result.Stages))}
	for i, stage := range result.Stages {
		r.Stages[i] = KernelStage{
			Stage: stage.Number, Kernel: KernelWeights{squareRows(stage.Kernel.Size, stage.Kernel.Weights), Float{stage.Kernel.Bias, 32}},
			Sum: mapRows(stage.Sum), Activated: mapRows(stage.Active), Output: mapRows(stage.Output), Field: stage.Field,
		}
	}
	s, _ := stageInHand(result)
	p, k := result.Pixel, s.Kernel
	r.Pixel = KernelPixel{
		Stage: p.Stage, Row: p.Row, Column: p.Column, Patch: squareRows(k.Size, p.Patch), Products: squareRows(k.Size, p.Products),
		Bias: Float{k.Bias, 32}, Sum: Float{p.Sum, 32}, Activated: Float{p.Active, 32},
	}
	if p.Window != nil {
		r.Pixel.Pooled = &Float{p.Pooled, 32}
	}
	return r
}

func mapRows(m experiment.Map) []Floats { return squareRows(m.Side, m.Values) }

// squareRows cuts a square into its rows, in float32.
func squareRows(side int, values []float64) []Floats {
	rows := make([]Floats, side)
	for y := range rows {
		rows[y] = Floats{values[y*side : (y+1)*side], 32}
	}
	return rows
}

// KernelsFacts are what lessons may name of a stack: what its maps measure, and the sum in hand.
type KernelsFacts struct {
	Stages []StageFacts `json:"stages"`
	Pixel  PixelFacts   `json:"pixel"`
}

// StageFacts are a stage in numbers: the side of its output, how much of the image one of its values sees, and of its sums the
// lowest, the highest, the mean, and the shares that are above 0 and that are small.
type StageFacts struct {
	Side     int    `json:"side"`
	Field    int    `json:"field"`
	Low      Float  `json:"low"`
	High     Float  `json:"high"`
	Mean     Float  `json:"mean"`
	Positive Float  `json:"positive"`
	Quiet    Float  `json:"quiet"`
	Weights  Floats `json:"weights"`
}

// PixelFacts are the sum in hand; its patch and its products are one list each, row by row.
type PixelFacts struct {
	Sum      Float  `json:"sum"`
	Active   Float  `json:"active"`
	Products Floats `json:"products"`
	Patch    Floats `json:"patch"`
}

// NewKernelsFacts writes every digit, since claims are computed with them.
func NewKernelsFacts(r experiment.KernelsResult) KernelsFacts {
	exact := func(v float64) Float { return Float{v, 64} }
	f := KernelsFacts{
		Stages: make([]StageFacts, len(r.Stages)),
		Pixel:  PixelFacts{exact(r.Pixel.Sum), exact(r.Pixel.Active), Floats{r.Pixel.Products, 64}, Floats{r.Pixel.Patch, 64}},
	}
	for i, s := range r.Stages {
		m := s.Measure
		f.Stages[i] = StageFacts{
			Side: s.Output.Side, Field: s.Field, Low: exact(m.Low), High: exact(m.High), Mean: exact(m.Mean), Positive: exact(m.Positive), Quiet: exact(m.Quiet),
			Weights: Floats{s.Kernel.Weights, 64},
		}
	}
	return f
}
