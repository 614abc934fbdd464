package views

// Barcode is the lab of the gradient's barcode.
type Barcode struct {
	Frame    Frame
	Controls Controls
	Board    BarcodeBoard
}

// BarcodeBoard is what the lab computes.
type BarcodeBoard struct {
	Refusal string // why it cannot be computed; "" where it can
	Verdict Verdict
	Caption Text          // of the stripes
	Line    []GreyImage   // some of the pictures, in the order of the line
	Rows    []BarcodeRow  // plain, residual, then noise
	Points  int           // stripes in a row
	Point   int           // the one in hand, from 0
	Hand    []BarcodeHand // the picture in hand and the next, then each twin's gradients there
	Figure  Figure
	Lags    []BarcodeLag
	Turn    BarcodeNumbers // degrees from picture to picture
	Size    BarcodeNumbers // of the gradient, root mean square
	APILink string
	TrainAt string // the net in hand, to be trained
	Exports []Link
}

// A BarcodeRow is one barcode.
type BarcodeRow struct {
	Name  string
	Twin  string // "plain" or "residual"; "" of noise
	Faint bool   // the twin that is not in hand
	Paths []PixelPath
	First Text   // its autocorrelation at lag 1
	Label string // for screen readers
}

// A GreyImage is a picture of 28 × 28 in greys.
type GreyImage struct {
	Label string
	Paths []PixelPath
}

// A BarcodeHand is what one picture and the next come to, side by side.
type BarcodeHand struct {
	Name        string
	Twin        string // "plain" or "residual"; "" of the pictures themselves
	Here, There GreyImage
	Between     Text // what lies between the two
}

// BarcodeNumbers are a number of both twins.
type BarcodeNumbers struct{ Plain, Residual Text }

// A BarcodeLag is one row of the table: autocorrelations so many stripes apart.
type BarcodeLag struct {
	Lag int
	BarcodeNumbers
	Brown, White Text
}

// Stripes draws values side by side in greys, from low in black to high in white, each one wide and one high.
func Stripes(values []float64, low, high float64) []PixelPath {
	return pixelRows(1, len(values), values, low, high)
}
