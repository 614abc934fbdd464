package views

import (
	"math"
	"strconv"
	"strings"
)

// Text is a sentence of the page, as runs that differ in look: the coloured words of a verdict are the legend of its chart.
type Text []Span

// A Span is a run of text. Class is empty, "plain", "residual", "strong" or "sup".
type Span struct{ Text, Class string }

// A Verdict is what a board shows, in words: one thing that fits two lines, and what a closer look adds, in smaller ones.
type Verdict struct{ Says, Aside Text }

// String is both, without their looks.
func (v Verdict) String() string {
	return strings.TrimSpace(v.Says.String() + " " + v.Aside.String())
}

// T is plain text.
func T(s string) Text { return Text{{Text: s}} }

// Plain is text in the colour of the plain net.
func Plain(s string) Text { return Text{{s, "plain"}} }

// Residual is text in the colour of the residual net.
func Residual(s string) Text { return Text{{s, "residual"}} }

// Strong is emphasised text.
func Strong(s string) Text { return Text{{s, "strong"}} }

// Stressed is a text that stands out, of a number its exponent, too.
func Stressed(t Text) Text {
	for i := range t {
		if t[i].Class == "" {
			t[i].Class = "strong"
		}
	}
	return t
}

// Join puts texts one after another.
func Join(texts ...Text) Text {
	var out Text
	for _, t := range texts {
		out = append(out, t...)
	}
	return out
}

// String is the text without its looks, for a title or a screen reader; exponents are written 10^-3.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		if s.Class == "sup" {
			b.WriteByte('^')
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// Num writes a number as a sentence wants it, to the given count of significant digits: 0.041, 3.9·10⁻¹³, −12. Zero
// keeps its sign, since a gradient of −0 is what PyTorch prints; what is not finite is said in words.
func Num(v float64, digits int) Text {
	switch {
	case math.IsNaN(v):
		return T("NaN")
	case math.IsInf(v, 1):
		return T("∞")
	case math.IsInf(v, -1):
		return T("−∞")
	case v == 0 && math.Signbit(v):
		return T("−0")
	case v == 0:
		return T("0")
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	e, _ := strconv.Atoi(exponent)
	if e >= -3 && e < max(digits, 5) {
		return T(minus(strconv.FormatFloat(v, 'f', max(0, digits-1-e), 64)))
	}
	return Text{{Text: minus(mantissa) + "·10"}, {minus(strconv.Itoa(e)), "sup"}}
}

// Brief writes a number as [Num] does, without zeros at its end: 18, not 18.0.
func Brief(v float64, digits int) Text {
	rounded := func(digits int) float64 {
		r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
		return r
	}
	for enough := 1; enough < digits; enough++ {
		if rounded(enough) == rounded(digits) {
			return Num(v, enough)
		}
	}
	return Num(v, digits)
}

// Cell writes a number for a column: four decimals where that says enough, as the notebook prints, else three digits
// and a power of ten.
func Cell(v float64) Text {
	if a := math.Abs(v); a >= 0.01 && a < 10000 {
		return T(minus(strconv.FormatFloat(v, 'f', 4, 64)))
	}
	return Num(v, 3)
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// many is a number of things: "1 student", "2 students".
func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
