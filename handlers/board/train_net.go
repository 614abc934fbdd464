package board

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
	"gradlab/views"
)

// widestBox is the width that a unit's box has at most, in % of the strip's.
const widestBox = 3.4

// A netUnit is a part of a net that a strip draws as one box: the stem, a block or the head.
type netUnit struct {
	name   string // "stem", "blocks.3"
	block  int    // from 0; -1 of stem and head
	layers []nn.Layer
}

// unitsOf cuts a net into its units. The layers of a block carry its number in their names; what stands before the first block is
// the stem, what stands after the last, or has weights and no block before it but the stem, is the head.
func unitsOf(ledger nn.Ledger) []netUnit {
	var units []netUnit
	for _, layer := range ledger {
		name, block := unitName(layer)
		switch last := len(units) - 1; {
		case last < 0, block >= 0 && units[last].block != block, block < 0 && (units[last].block >= 0 || len(units) == 1 && layer.Kind == "linear"):
			units = append(units, netUnit{name, block, nil})
		}
		u := &units[len(units)-1]
		u.layers = append(u.layers, layer)
	}
	return units
}

// unitName is the name of the unit that a layer is in, and the number of the block.
func unitName(l nn.Layer) (string, int) {
	parts := strings.Split(l.Name, ".")
	if len(parts) > 1 {
		if i, err := strconv.Atoi(parts[1]); err == nil {
			return parts[0] + "." + parts[1], i
		}
	}
	return l.Name, -1
}

// weighted are the units of a net's weighted layers, in their order.
func weighted(units []netUnit) []int {
	var of []int
	for i, u := range units {
		for _, layer := range u.layers {
			if layer.MultiplyAdds > 0 {
				of = append(of, i)
			}
		}
	}
	return of
}

// bodyNorms are the norms of the gradients of all weights of each unit but the head, whose gradient comes straight from the loss.
func bodyNorms(of []int, layers []float64) []float64 {
	sums := make([]float64, of[len(of)-1])
	for k, norm := range layers {
		if of[k] < len(sums) {
			sums[of[k]] += norm * norm
		}
	}
	for i := range sums {
		sums[i] = math.Sqrt(sums[i])
	}
	return sums
}

// stripRun says to the script which unit each weighted layer belongs to, and where it stands among those of both twins.
func stripRun(config experiment.Train) *views.TrainNetRun {
	run := &views.TrainNetRun{Units: map[string][]int{}, Words: reaches}
	for _, net := range netsOf(config) {
		run.Columns = len(net.units)
		run.Units[net.twin] = weighted(net.units)
	}
	_, run.Places = layersOfBoth(config)
	return run
}

// layersOfBoth names the weighted layers that a net or its twin has, in the order of the forward pass: a projection or a gate is
// the residual net's alone. places are those of each twin's own layers among them.
func layersOfBoth(config experiment.Train) (names []string, places map[string][]int) {
	nets := netsOf(config)
	var ledgers []nn.Ledger
	for _, net := range nets {
		ledgers = append(ledgers, net.config.Ledger())
	}
	places = map[string][]int{}
	for _, name := range layerNames(ledgers) {
		has := false
		for k, net := range nets {
			if layer := layerOf(ledgers[k], name); layer != nil && layer.MultiplyAdds > 0 {
				places[net.twin], has = append(places[net.twin], len(names)), true
			}
		}
		if has {
			names = append(names, name.name)
		}
	}
	return names, places
}

// A drawnNet is a twin's net in units.
type drawnNet struct {
	twin   string
	config experiment.Train
	units  []netUnit
}

// netsOf are the nets of a config and of its twin, plain first.
func netsOf(config experiment.Train) []drawnNet {
	configs := []experiment.Train{config}
	if config.HasTwin() {
		configs = []experiment.Train{config, config.Twin()}
		if config.Residual() {
			configs = []experiment.Train{config.Twin(), config}
		}
	}
	var nets []drawnNet
	for _, c := range configs {
		nets = append(nets, drawnNet{TwinName(c), c, unitsOf(c.Ledger())})
	}
	return nets
}

// trainStrip draws a config's nets, and what gradient reached each unit at the start and at the end, where that is known.
func trainStrip(config experiment.Train, view experiment.TrainView, p TrainTwins) *views.TrainNet {
	nets := netsOf(config)
	units := nets[0].units
	n := float64(len(units))
	strip := &views.TrainNet{Ends: [2]string{units[0].name, units[len(units)-1].layers[len(units[len(units)-1].layers)-1].Name}}
	width := min(66/n, widestBox)
	for i := range units {
		left := 100 * float64(i) / n
		strip.Columns = append(strip.Columns, views.TrainNetColumn{
			Says: unitWords(units, i), Left: left, Width: 100 / n, Box: left + 50/n - width/2, BoxW: width,
			Choose: chooseUnit(config, view, "unit-"+strconv.Itoa(i+1), unitWords(units, i), i+1), Chosen: view.Block == i+1,
		})
	}
	strip.Stages = stagesOf(units)
	for k, net := range nets {
		row := views.TrainNetRow{Twin: net.twin, Skip: skipLabel(net.config), Tab: k == 0, Ribbons: ribbonsOf(net, p)}
		drawArcs(&row, net, width*n/200)
		strip.Rows = append(strip.Rows, row)
	}
	if view.Block >= 1 && view.Block <= len(units) {
		strip.Chosen = unitInHand(config, view, nets, p)
	}
	return strip
}

// unitWords says in words which unit it is.
func unitWords(units []netUnit, i int) string {
	u := units[i]
	if u.block < 0 {
		return map[bool]string{true: "the first layer, ", false: "the head, "}[i == 0] + u.layers[len(u.layers)-1].Name
	}
	blocks, stages := len(units)-2, stagesOf(units)
	if len(stages) == 1 {
		return fmt.Sprintf("layer %s, %d of %d", u.name, u.block+1, blocks)
	}
	stage := 0
	for ; float64(i) >= stages[stage].To*float64(len(units))/100-0.5; stage++ {
	}
	return fmt.Sprintf("block %s, %d of %d, in stage %d", u.name, u.block+1, blocks, stage+1)
}

// stagesOf are the runs of blocks that put out one shape.
func stagesOf(units []netUnit) []views.TrainNetStage {
	var stages []views.TrainNetStage
	n := float64(len(units))
	for i, u := range units {
		if u.block < 0 {
			continue
		}
		shape := shapeText(u.layers[len(u.layers)-1].Output)
		if last := len(stages) - 1; last < 0 || stages[last].Shape != shape {
			stages = append(stages, views.TrainNetStage{From: 100 * float64(i) / n, Shape: shape})
		}
		stages[len(stages)-1].To = 100 * float64(i+1) / n
	}
	for i := range stages {
		if len(stages) > 1 {
			stages[i].Label = fmt.Sprintf("stage %d", i+1)
		}
	}
	return stages
}

// skipLabel is the kind of a net's skips in a word or two; "" of a plain net.
func skipLabel(config experiment.Train) string {
	if !config.Residual() || !config.HasTwin() {
		return ""
	}
	for _, f := range experiment.TrainTable().Fields(config) {
		if f.Name != "skip" {
			continue
		}
		for _, o := range f.Choices {
			if o.Value == config.Skip && o.Label != "on" {
				label, _, _ := strings.Cut(o.Label, ":")
				return label
			}
		}
	}
	return ""
}

// mostMarked is the number of columns up to which each arc has its letter; of more, only those across a change of shape have.
const mostMarked = 30

// drawArcs draws the skips of a net over its boxes, which are 2 half wide, in columns.
func drawArcs(row *views.TrainNetRow, net drawnNet, half float64) {
	n := len(net.units)
	reach := min(0.48, half+0.017*float64(n))
	var arcs, detours strings.Builder
	stages := map[string]bool{}
	for i, u := range net.units {
		kinds := map[string]bool{}
		for _, l := range u.layers {
			kinds[l.Kind] = true
		}
		shape := shapeText(u.layers[len(u.layers)-1].Output)
		changes := !stages[shape] && len(stages) > 0
		if u.block >= 0 {
			stages[shape] = true
		}
		to, letter := &arcs, ""
		switch {
		case kinds["projection"], kinds["zero-pad"]:
			to, letter = &detours, net.config.Skip
		case kinds["highway"]:
			to, letter = &detours, "gate"
		case kinds["rezero"]:
			letter = "α"
		case !kinds["identity"]:
			continue
		}
		at := float64(i) + 0.5
		fmt.Fprintf(to, "M%.3f 1C%.3f -.3 %.3f -.3 %.3f 1", at-reach, at-reach*0.8, at+reach*0.8, at+reach)
		if letter != "" && letter != "gate" && (n <= mostMarked || changes) {
			row.Marks = append(row.Marks, views.TrainNetLetter{At: 100 * at / float64(n), Letter: letter})
		}
	}
	row.Arcs, row.Detours = arcs.String(), detours.String()
}

// The moments that a strip shows: the start stays beside what the reader scrubs to.
var stripMoments = []struct{ id, name string }{{"start", "step 0"}, {"now", "now"}}

// ribbonsOf are what gradient reached each unit of a net at each moment; without a run they are empty.
func ribbonsOf(net drawnNet, p TrainTwins) []views.TrainNetRibbon {
	var ribbons []views.TrainNetRibbon
	of := weighted(net.units)
	for _, m := range stripMoments {
		r := views.TrainNetRibbon{Moment: m.id, Name: m.name, Share: views.T("–")}
		if layers := normsAt(net.twin, m.id, p); layers != nil {
			values := bodyNorms(of, layers)
			r.Path = netRibbon(values, len(net.units))
			r.Share, r.Word = netArrival(values)
		}
		ribbons = append(ribbons, r)
	}
	return ribbons
}

// normsAt are the gradients of a twin's layers at a moment; nil where the run is not known.
func normsAt(twin, moment string, p TrainTwins) []float64 {
	o := p.Plain
	if twin == "residual" {
		o = p.Residual
	}
	switch {
	case o == nil:
		return nil
	case moment == "start":
		return o.Steps[0].GradNorms
	}
	return lastGradients(o)
}

// chooseUnit takes a unit in hand; 0 puts it away.
func chooseUnit(config experiment.Train, view experiment.TrainView, key, label string, unit int) views.SetLink {
	view.Block = unit
	return views.SetLink{Key: key, Label: label, Field: "block", Value: strconv.Itoa(unit), Href: views.Href("/labs/train", view.Query(config))}
}

// unitInHand lists the layers of a unit with their gradients.
func unitInHand(config experiment.Train, view experiment.TrainView, nets []drawnNet, p TrainTwins) *views.TrainNetUnit {
	i, units := view.Block-1, nets[0].units
	title := unitWords(units, i)
	b := &views.TrainNetUnit{Title: strings.ToUpper(title[:1]) + title[1:]}
	if i > 0 {
		b.Links = append(b.Links, chooseUnit(config, view, "block-previous", "‹ "+units[i-1].name, i))
	}
	if i < len(units)-1 {
		b.Links = append(b.Links, chooseUnit(config, view, "block-next", units[i+1].name+" ›", i+2))
	}
	b.Links = append(b.Links, chooseUnit(config, view, "block-close", "Close", 0))
	for _, m := range stripMoments {
		b.Moments = append(b.Moments, m.name)
	}
	var ledgers []nn.Ledger
	for _, net := range nets {
		b.Twins = append(b.Twins, net.twin)
		ledgers = append(ledgers, net.units[i].layers)
	}
	for _, name := range layerNames(ledgers) {
		row := views.TrainNetLayer{Name: name.name, Kind: name.kind}
		for k, net := range nets {
			layer := layerOf(ledgers[k], name)
			if layer != nil && row.Shape == "" {
				row.Shape, row.Parameters = shapeText(layer.Output), grouped(int64(layer.Parameters))
			}
			at := weightedAt(net.units, i, name)
			for _, m := range stripMoments {
				cell := views.TrainNetCell{Twin: net.twin, Moment: m.id, Layer: at, Value: views.T("–")}
				if layers := normsAt(net.twin, m.id, p); layers != nil && at >= 0 {
					cell.Value = views.Num(layers[at], 3)
				}
				row.Cells = append(row.Cells, cell)
			}
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// weightedAt is the place of a unit's layer among all weighted ones, -1 where it is none.
func weightedAt(units []netUnit, unit int, name layerName) int {
	k := 0
	for i, u := range units {
		for _, l := range u.layers {
			if l.MultiplyAdds == 0 {
				continue
			}
			if i == unit && l.Name == name.name && l.Kind == name.kind {
				return k
			}
			k++
		}
	}
	return -1
}
