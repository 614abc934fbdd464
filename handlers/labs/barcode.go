package labs

import (
	"encoding/csv"
	"io"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// barcode is the lab of a gradient along a line of pictures. What it shows is computed at once.
func barcode() Lab {
	result := func(query url.Values, _ []*experiment.Outcome) (any, error) {
		c, _ := experiment.ParseBarcode(query)
		return board.NewBarcodeResult(c), nil
	}
	table := experiment.BarcodeTable()
	e := Experiment{
		Name: "barcode",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseBarcode(query)
			return table.Fields(c), errs
		},
		Work: func(query url.Values) float64 {
			c, _, errs := experiment.ParseBarcodeLab(query)
			if errs != nil {
				return 0 // it is refused
			}
			return c.Work()
		},
		Result: result, Facts: result,
		Doc: Doc{
			Shape:   board.BarcodeResult{},
			Answer:  "One net’s stripes along the line, their autocorrelation by lag, the mean angle between the gradients of neighbouring pictures in degrees, and the gradients’ size; white and brown noise beside them.",
			Example: "?depth=10&skip=none",
			Fields:  groups(table.Field(table.Default(), "net")),
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Barcode", Title: "The gradient’s barcode", Noun: "the barcode",
		Text:   "Move a picture a little: in a deep plain net the gradient points elsewhere, with skips it stays.",
		Script: "barcode.js", Sheet: "barcode", Parts: []string{"hand", "curve"},
		Page: func(query url.Values) Page {
			c, v, errs := experiment.ParseBarcodeLab(query)
			return Page{
				Fields: slices.Concat(table.Fields(c), experiment.BarcodeViewTable().Fields(v)), Errs: errs,
				Run: c.Query(), Twin: v.Query(c.Twin()), Residual: c.Residual(),
				Show: func(_ []*experiment.Outcome, errs experiment.FieldErrors) Shown { return showBarcode(c, v, errs) },
			}
		},
		Truths: []Truth{
			{Path: "autocorrelation[1]", Label: "barcode: autocorrelation of neighbouring stripes"},
			{Path: "turn", Label: "barcode: degrees that the gradient turns from picture to picture"},
			{Path: "turn", Lower: true, Label: "barcode: which twin’s gradient turns less (choices plain, residual)"},
		},
		Exports: files(e, nil, barcodeScript, Export{Ending: "csv", Write: barcodeCSV}),
	}
}

func showBarcode(c experiment.Barcode, v experiment.BarcodeView, errs experiment.FieldErrors) Shown {
	b := board.Barcode(c, v, errs)
	return Shown{
		Query: v.Query(c), Errs: errs, Known: true,
		Page: func(f views.Frame, _ *views.Press) templ.Component {
			return views.BarcodePage(views.Barcode{Frame: f, Controls: board.BarcodeControls(c, v, errs), Board: b})
		},
		Parts: map[string]templ.Component{
			"verdict": views.VerdictWords(b.Verdict, b.Refusal), "aside": views.Words(b.Verdict.Aside), "stripes": views.BarcodeStripes(b), "hand": views.BarcodeHands(b),
			"numbers": views.BarcodeNumbersView(b), "table": views.BarcodeTable(b),
		},
		Figures: []views.Figure{b.Figure},
	}
}

func barcodeScript(link string, query url.Values, _ []*experiment.Outcome) export.Script {
	c, _ := experiment.ParseBarcode(query)
	return export.Barcode(c, link)
}

// barcodeCSV writes both twins and the noise, one line a picture: its number, t, and the four stripes.
func barcodeCSV(w io.Writer, link string, query url.Values, _ []*experiment.Outcome) (string, error) {
	c, _ := experiment.ParseBarcode(query)
	plain, residual := board.BarcodeTwins(c)
	white, brown := c.Noise()
	out := csv.NewWriter(w)
	out.Write([]string{"picture", "t", "plain", "residual", "brown", "white"})
	for i := range plain.Values {
		line := []string{strconv.Itoa(i + 1)}
		for _, v := range []float64{float64(i) / float64(c.Points-1), plain.Values[i], residual.Values[i], brown.Values[i], white.Values[i]} {
			line = append(line, export.Number(v, 64))
		}
		out.Write(line)
	}
	out.Flush()
	return export.Barcode(c, link).Name(), out.Error()
}
