package board

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
	"gradlab/views"
)

// trainLedger lists the parameters of a net for each kind of skip that it can have, side by side.
func trainLedger(config experiment.Train) *views.TrainLedger {
	variants, ledgers := skipVariants(config)
	l := &views.TrainLedger{Note: ledgerNote(config, variants, ledgers)}
	for i, v := range variants {
		l.Variants = append(l.Variants, v.Label)
		if v.Value == config.Skip {
			l.Current = i
		}
		l.Work = append(l.Work, grouped(ledgers[i].MultiplyAdds()))
	}
	for _, name := range layerNames(ledgers) {
		l.Rows = append(l.Rows, ledgerRow(name, ledgers))
	}
	plain := ledgers[0].Parameters()
	for _, ledger := range ledgers {
		n := ledger.Parameters()
		l.Totals = append(l.Totals, views.LedgerCell{Count: grouped(int64(n)), Differs: n != plain})
		l.Extra = append(l.Extra, views.LedgerCell{Count: grouped(int64(n - plain)), Differs: n != plain})
	}
	return l
}

// skipVariants are the kinds of skip that a net can have, the plain net first, with the layers of each.
func skipVariants(config experiment.Train) (variants []experiment.Option, ledgers []nn.Ledger) {
	variants = slices.Clone(experiment.TrainTable().Field(config, "skip").Choices)
	if !config.HasTwin() {
		variants = variants[:1]
	}
	for i, v := range variants {
		if config.Skip = v.Value; v.Value == "none" {
			variants[i].Label = "plain"
		} else if v.Value == "identity" {
			variants[i].Label = "identity"
		}
		ledgers = append(ledgers, config.Ledger())
	}
	return variants, ledgers
}

// A layerName names a row of the table. Shortcuts of two kinds at one place are two rows.
type layerName struct{ name, kind string }

// layerNames are the layers of all variants in the order of the forward pass: what only some have stands where those
// have it. Activations cost nothing that is Counted, and are left out.
func layerNames(ledgers []nn.Ledger) []layerName {
	var names []layerName
	at := map[layerName]int{}
	for _, ledger := range ledgers {
		next := 0 // where a layer that is new goes: after the one before it
		for _, layer := range ledger {
			if strings.HasPrefix(layer.Kind, "activation") {
				continue
			}
			name := layerName{layer.Name, layer.Kind}
			if i, known := at[name]; known {
				next = i + 1
				continue
			}
			names = append(names[:next:next], append([]layerName{name}, names[next:]...)...)
			for i, n := range names[next:] {
				at[n] = next + i
			}
			next++
		}
	}
	return names
}

// ledgerRow is one layer in all variants.
func ledgerRow(name layerName, ledgers []nn.Ledger) views.LedgerRow {
	row := views.LedgerRow{Name: name.name, Kind: name.kind}
	var first *nn.Layer // of the plain net
	for i, ledger := range ledgers {
		layer := layerOf(ledger, name)
		if i == 0 {
			first = layer
		}
		if layer == nil {
			row.Cells = append(row.Cells, views.LedgerCell{Count: "−"})
			continue
		}
		if row.Shape == "" {
			row.Shape, row.Formula = shapeText(layer.Output), countFormula(*layer)
		}
		row.Cells = append(row.Cells, views.LedgerCell{
			Count: grouped(int64(layer.Parameters)), Differs: first == nil && layer.Parameters > 0,
		})
	}
	return row
}

func layerOf(ledger nn.Ledger, name layerName) *nn.Layer {
	for i := range ledger {
		if ledger[i].Name == name.name && ledger[i].Kind == name.kind {
			return &ledger[i]
		}
	}
	return nil
}

func shapeText(shape []int) string {
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, " × ")
}

// countFormula says how a layer's parameters are Counted: outputs · inputs · kernel for the weights, plus a bias for each
// output where there is one. The number of inputs follows from the count.
func countFormula(l nn.Layer) string {
	out := l.Output[0]
	switch {
	case l.Parameters == 0:
		return "none"
	case l.Kind == "conv 3x3" && l.Parameters%(9*out) == 0:
		return fmt.Sprintf("%d · %d · 3 · 3", out, l.Parameters/(9*out))
	case l.Kind == "conv 3x3":
		return fmt.Sprintf("%d · %d · 3 · 3 + %d", out, (l.Parameters-out)/(9*out), out)
	case l.Kind == "projection":
		return fmt.Sprintf("%d · %d · 1 · 1", out, l.Parameters/out)
	case l.Kind == "linear":
		return fmt.Sprintf("%d · %s + %d", out, grouped(int64((l.Parameters-out)/out)), out)
	case strings.HasSuffix(l.Kind, "norm"):
		return fmt.Sprintf("2 · %d", out)
	}
	return strconv.Itoa(l.Parameters) // ReZero's α
}

// ledgerNote says in words what the kinds of skip cost.
func ledgerNote(config experiment.Train, variants []experiment.Option, ledgers []nn.Ledger) views.Text {
	own := config.Ledger()
	note := views.T(fmt.Sprintf("This net has %s parameters and takes %s multiply-adds for each image.", grouped(int64(own.Parameters())), grouped(own.MultiplyAdds())))
	plain := ledgers[0].Parameters()
	for i, v := range variants[1:] {
		lead := ", "
		if i == 0 {
			lead = fmt.Sprintf(" net’s %s: ", grouped(int64(plain)))
			note = views.Join(note, views.T(" A skip adds to the "), views.Plain("plain"))
		}
		note = views.Join(note, views.T(lead), views.Strong(grouped(int64(ledgers[i+1].Parameters()-plain))), views.T(" ("+v.Label+")"))
	}
	if len(variants) > 1 {
		note = views.Join(note, views.T("."))
	}
	return note
}

// grouped writes a count with thin spaces between thousands.
func grouped(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s\u202f%03d", grouped(n/1000), n%1000)
}
