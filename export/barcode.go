package export

import (
	"fmt"
	"strings"

	"gradlab/mlcore/experiment"
)

// Barcode is the script of a gradient along a line of pictures. It prints the autocorrelation of the stripes, one line a lag, then the
// mean turn of the gradient in degrees, then its size. The link is where the stripes can be seen; it must hold no line break.
func Barcode(c experiment.Barcode, link string) Script {
	net := trainView{Train: c.Untrained()}
	return Script{
		name:  "barcode" + strings.TrimPrefix(trainName(net.Train), "train"),
		title: "Gradient Lab: the gradient along a line of pictures, in " + trainTitle(net.Train),
		link:  link,
		usage: "Needs PyTorch 1.13 or later and torchvision. Prints the autocorrelation of the stripes by lag, the mean turn in degrees, the size.",
		cells: []cell{"imports", "barcode line", cell(c.Net), "barcode gradients", "barcode autocorrelation"},
		view:  barcodeView{net, c},
	}
}

// barcodeView is a barcode as the templates see it: its net, as that of a training run, and the line.
type barcodeView struct {
	trainView
	Line experiment.Barcode
}

func (v barcodeView) as(script bool) view {
	v.Script = script
	return v
}

// Images is how many of the training images the script reads.
func (v barcodeView) Images() int { return max(experiment.BarcodeBatch, v.Line.From+1, v.Line.To+1) }

// Steps is how many steps the line has.
func (v barcodeView) Steps() int { return v.Line.Points - 1 }

// Lags is how many autocorrelations there are.
func (v barcodeView) Lags() int { return experiment.BarcodeLags + 1 }

// NormModule is the class of the net's batch norms.
func (v barcodeView) NormModule() string {
	return fmt.Sprintf("nn.BatchNorm%dd", map[string]int{"mlp": 1, "deep": 2}[v.Net])
}
