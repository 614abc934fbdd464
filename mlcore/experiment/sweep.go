package experiment

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Sweep is a question that one run does not answer: how something changes with depth. It is a list of [Train] runs
// ([Sweep.Plan]) and what is read off each of them ([Read]).
//
//	show "gradient": the first layer's gradient against depth, without a remedy and with each of those chosen
//	show "loss":     the training loss against depth, plain and residual (He et al. 2015, figure 6)
//	show "grid":     both, at one depth, for the four ways to have or to lack normalisation and skip
type Sweep struct {
	Show       string
	Net        string // gradient: "mlp", "notebook" or "deep"; the others are about the deep net
	Depth      int    // mlp, notebook: of the deepest net
	N          int    // deep: of the deepest net, which has 6n + 2 layers
	Points     int    // gradient, loss: depths
	Remedies   string // gradient: names of [Sweep.Choices], by commas
	Together   string // gradient: "yes" adds a line with all of them at once
	Activation string
	Init       string // gradient, mlp
	Norm       string
	Skip       string // loss, grid: of the residual nets
	Order      string // loss, grid
	Channels   int    // deep: of the first stage
	Width      int    // mlp
	Count      int    // loss, grid: training images
	Batch      int    // images a step
	Steps      int    // loss, grid; a gradient takes one
	Optimizer  string // loss, grid
	LR         float64
	Seed       uint32
	DType      string
}

func (c Sweep) gradient() bool { return c.Show == "gradient" }
func (c Sweep) trains() bool   { return !c.gradient() }

// net is the network that the sweep is about, as [Train] names it.
func (c Sweep) net() string {
	if c.gradient() {
		return c.Net
	}
	return "deep"
}

func (c Sweep) deep() bool { return c.net() == "deep" }

// sweepTable is the one description of a sweep's parameters. What a run has, too, is described as the run does.
var sweepTable = Table[Sweep]{
	{Field: Field{Name: "show", Label: "Question", Help: "What to measure against depth.",
		Kind: Choice, Default: "gradient", Choices: []Option{{"gradient", "first gradient"}, {"loss", "training loss"}, {"grid", "norm × skip"}}},
		ref: func(c *Sweep) any { return &c.Show }},
	{Field: as(runField("mlp", "net"), func(f *Field) {
		f.Default = "mlp"
		f.Choices = []Option{{"mlp", "fully connected"}, {"notebook", "the course notebook’s CNN"}, {"deep", "deep CNN"}}
	}), ref: func(c *Sweep) any { return &c.Net }, applies: Sweep.gradient},
	{Field: as(runField("mlp", "depth"), func(f *Field) { f.Label, f.Default = "Hidden layers, up to", "40" }),
		ref: func(c *Sweep) any { return &c.Depth }, applies: func(c Sweep) bool { return c.net() == "mlp" }},
	{Field: as(runField("notebook", "depth"), func(f *Field) { f.Label, f.Default, f.Min = "Extra layers, up to", "20", 1 }),
		ref: func(c *Sweep) any { return &c.Depth }, applies: func(c Sweep) bool { return c.net() == "notebook" }},
	{Field: as(runField("deep", "n"), func(f *Field) { f.Label, f.Default = "Blocks per stage, up to", "9" }),
		ref: func(c *Sweep) any { return &c.N }, applies: Sweep.deep, vary: func(c Sweep, f *Field) {
			if c.Show == "grid" {
				f.Label, f.Default = "Blocks per stage", "3"
			}
		}},
	{Field: Field{Name: "points", Label: "Depths", Help: "How many depths to measure, evenly spaced.",
		Kind: Integer, Default: "8", Min: 1, Max: 20, Step: 1},
		ref: func(c *Sweep) any { return &c.Points }, applies: func(c Sweep) bool { return c.Show != "grid" }, vary: func(c Sweep, f *Field) {
			if c.deep() {
				f.Default = "5"
			}
		}},
	{Field: as(runField("mlp", "activation"), func(f *Field) { f.Default = "tanh" }),
		ref: func(c *Sweep) any { return &c.Activation }, vary: func(c Sweep, f *Field) {
			if c.deep() {
				f.Default = "relu"
			}
			f.Rare = c.trains()
		}},
	remediesOf("mlp", "relu,xavier_normal,batch,identity"),
	remediesOf("notebook", "relu,identity"),
	remediesOf("deep", "batch,A"),
	{Field: Field{Name: "together", Label: "All of them together", Help: "One more line, with every remedy at once; of two that exclude each other, the later one.",
		Kind: Choice, Default: "no", Choices: []Option{{"no", "no"}, {"yes", "yes"}}},
		ref: func(c *Sweep) any { return &c.Together }, applies: Sweep.gradient},
	{Field: as(runField("mlp", "init"), func(f *Field) { f.Rare = false }),
		ref: func(c *Sweep) any { return &c.Init }, applies: func(c Sweep) bool { return c.net() == "mlp" }},
	{Field: as(runField("mlp", "norm"), nil),
		ref: func(c *Sweep) any { return &c.Norm }, applies: func(c Sweep) bool { return c.net() == "mlp" }},
	{Field: as(runField("deep", "norm"), func(f *Field) { f.Rare = false }),
		ref: func(c *Sweep) any { return &c.Norm }, applies: Sweep.deep, vary: func(c Sweep, f *Field) {
			switch c.Show {
			case "gradient":
				f.Default, f.Rare = "none", true
			case "grid": // against none at all
				f.Choices = slices.DeleteFunc(slices.Clone(f.Choices), func(o Option) bool { return o.Value == "none" })
			}
		}},
	{Field: as(runField("deep", "skip"), func(f *Field) {
		f.Label = "Skip of the residual nets"
		f.Choices = slices.DeleteFunc(slices.Clone(f.Choices), func(o Option) bool { return o.Value == "none" })
	}), ref: func(c *Sweep) any { return &c.Skip }, applies: Sweep.trains},
	{Field: as(runField("deep", "order"), nil), ref: func(c *Sweep) any { return &c.Order }, applies: Sweep.trains},
	{Field: as(runField("deep", "channels"), nil), ref: func(c *Sweep) any { return &c.Channels }, applies: Sweep.deep},
	{Field: as(runField("mlp", "width"), nil), ref: func(c *Sweep) any { return &c.Width }, applies: func(c Sweep) bool { return c.net() == "mlp" }},
	{Field: as(runField("deep", "steps"), func(f *Field) { f.Default, f.SliderMin, f.SliderMax = "160", 20, 320 }),
		ref: func(c *Sweep) any { return &c.Steps }, applies: Sweep.trains},
	{Field: as(runField("deep", "lr"), func(f *Field) { f.Default = "0.1" }),
		ref: func(c *Sweep) any { return &c.LR }, applies: Sweep.trains},
	{Field: as(runField("deep", "count"), func(f *Field) { f.Default = "2048" }),
		ref: func(c *Sweep) any { return &c.Count }, applies: Sweep.trains},
	{Field: as(runField("deep", "batch"), func(f *Field) { f.Default = "64" }),
		ref: func(c *Sweep) any { return &c.Batch }, vary: func(c Sweep, f *Field) {
			switch {
			case c.net() == "notebook":
				f.Default = "100"
			case c.gradient():
				f.Default = "32"
			}
		}},
	{Field: as(runField("deep", "optimizer"), nil), ref: func(c *Sweep) any { return &c.Optimizer }, applies: Sweep.trains},
	{Field: as(runField("deep", "seed"), nil), ref: func(c *Sweep) any { return &c.Seed }},
	{Field: as(runField("deep", "dtype"), nil), ref: func(c *Sweep) any { return &c.DType }, applies: Sweep.gradient},
}

// runField is a field of a run of a net.
func runField(net, name string) Field {
	f := trainTable.Field(runDefault(net), name)
	if f.Name == "" {
		panic(fmt.Sprintf("experiment: a run of %s has no field %s", net, name))
	}
	return f
}

// runDefault is the run of a net that a query without more means.
func runDefault(net string) Train {
	c, _ := trainTable.Parse(url.Values{"net": {net}})
	return c
}

// as is a field, changed.
func as(f Field, change func(*Field)) Field {
	if change != nil {
		change(&f)
	}
	return f
}

// remediesOf is the entry for the remedies of one net.
func remediesOf(net, chosen string) Entry[Sweep] {
	var names []string
	for _, r := range remedies[net] {
		names = append(names, r.value)
	}
	return Entry[Sweep]{
		Field: Field{Name: "remedies", Label: "Remedies", Help: "Each adds a line: the same net with this one change.",
			Kind: Text, Default: chosen, Form: "some of " + strings.Join(names, ", ") + ", by commas", Most: 200},
		ref:     func(c *Sweep) any { return &c.Remedies },
		applies: func(c Sweep) bool { return c.gradient() && c.Net == net },
		canonical: func(text string) (string, bool) { // in the order of the list, each once
			var kept []string
			given := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
			for _, name := range names {
				if slices.Contains(given, name) {
					kept = append(kept, name)
				}
			}
			unknown := slices.ContainsFunc(given, func(name string) bool { return !slices.Contains(names, name) })
			return strings.Join(kept, ","), !unknown
		},
	}
}

// SweepTable describes the parameters of a [Sweep].
func SweepTable() Table[Sweep] { return sweepTable }

// ParseSweep reads a sweep from a query; see [Table.Parse]. A form sends the remedies one by one: they are joined. What
// a single run may not be, the sweep may not be either, and all its runs together may cost [MaxCost].
func ParseSweep(query url.Values) (Sweep, FieldErrors) {
	if given := query["remedies"]; len(given) > 1 {
		joined := url.Values{}
		for name, values := range query {
			joined[name] = values
		}
		joined["remedies"] = []string{strings.Join(given, ",")}
		query = joined
	}
	c, errs := sweepTable.Parse(query)
	return c, errs.and(c.check())
}

// Query writes the sweep, defaults left out.
func (c Sweep) Query() url.Values { return sweepTable.Query(c) }

// check names the fields that are fit alone and not together. They are a run's, too: a sweep has each field that can go
// wrong with another.
func (c Sweep) check() FieldErrors {
	plan := c.Plan()
	for _, p := range plan.Points[len(plan.Points)-len(plan.Lines):] { // no shallower net takes more than these
		if errs := p.Run.check(); errs != nil {
			return errs
		}
	}
	if cost := plan.Cost(); cost > MaxCost {
		name := "steps"
		if c.gradient() {
			name = "points"
		}
		return FieldErrors{name: fmt.Sprintf("make this sweep %.1f times as long as the server allows; lower them, the batch, the channels or the deepest net", cost/MaxCost)}
	}
	return nil
}
