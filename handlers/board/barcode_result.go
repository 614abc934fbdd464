package board

import "gradlab/mlcore/experiment"

// A BarcodeResult is one net's barcode as the API has it, and what lessons may name of it: every number with all its digits.
type BarcodeResult struct {
	Config          map[string]any `json:"config"`
	Class           int            `json:"class"` // whose score is followed
	Stripes         Floats         `json:"stripes"`
	Autocorrelation Floats         `json:"autocorrelation"` // by lag, from 0
	Turn            Float          `json:"turn"`            // degrees
	Size            Float          `json:"size"`
	White           BarcodeNoise   `json:"white"`
	Brown           BarcodeNoise   `json:"brown"`
}

// BarcodeNoise is what a barcode is held against.
type BarcodeNoise struct {
	Stripes         Floats `json:"stripes"`
	Autocorrelation Floats `json:"autocorrelation"`
}

// NewBarcodeResult computes a barcode.
func NewBarcodeResult(c experiment.Barcode) BarcodeResult {
	r := c.Run()
	white, brown := c.Noise()
	noise := func(s experiment.Stripes) BarcodeNoise {
		return BarcodeNoise{Floats{s.Values, 64}, Floats{s.Autocorrelation, 64}}
	}
	return BarcodeResult{
		Config: experiment.BarcodeTable().JSON(c), Class: r.Class, Stripes: Floats{r.Values, 64}, Autocorrelation: Floats{r.Autocorrelation, 64},
		Turn: Float{r.Turn, 64}, Size: Float{r.Size, 64}, White: noise(white), Brown: noise(brown),
	}
}
