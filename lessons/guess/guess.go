// Package guess reads the numbers that students commit to, as they type or paste them: 0.05, 0,05, −12, 1e-12, 10^-12,
// 3·10⁻¹². The predictions of lessons and of classes are read by it alike.
package guess

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// What cannot be read. The texts are for the student.
var (
	ErrNone   = errors.New("write a number first")
	ErrNumber = errors.New("this is not a number that can be kept; write it like 0.05, 1e-6 or 10^-6")
	ErrPower  = errors.New("write the power alone, like −12, or the whole number, like 10^-12")
)

// What can be kept: beyond these a guess says nothing that they do not.
const (
	most       = 1e300 // the size of a number
	mostPower  = 400   // the size of the exponent of a power of ten
	mostLength = 40    // bytes of what was typed, without its spaces
	// leastPower is how small an exponent may be that is written out: a smaller one is a number, not its power.
	leastPower = 0.1
)

// Number reads a number. The error is ErrNone or ErrNumber.
func Number(text string) (float64, error) {
	t, err := read(text)
	if err != nil {
		return 0, err
	}
	v := t.mantissa
	if t.scientific {
		v = t.value()
	}
	if !(math.Abs(v) <= most) {
		return 0, ErrNumber
	}
	return v, nil
}

// Power reads the exponent of a power of ten: as it is, or as the number whose power it is. "-12", "1e-12" and "10^-12" are
// all −12. A number such as 0.001 could be meant either way, and is neither. The error is ErrNone or ErrPower.
func Power(text string) (float64, error) {
	t, err := read(text)
	if errors.Is(err, ErrNumber) {
		err = ErrPower
	}
	if err != nil {
		return 0, err
	}
	v := t.mantissa
	if t.scientific {
		v = math.Log10(t.mantissa) + t.exponent
	} else if v != 0 && math.Abs(v) < leastPower {
		return 0, ErrPower
	}
	if !(math.Abs(v) <= mostPower) {
		return 0, ErrPower
	}
	return v, nil
}

// A typed number is mantissa, or where it is scientific mantissa·10^exponent.
type typed struct {
	mantissa, exponent float64
	scientific         bool
}

// value rounds once where the exponent is whole, so that 10^-12 is the number that 1e-12 is.
func (t typed) value() float64 {
	if t.exponent != math.Trunc(t.exponent) {
		return t.mantissa * math.Pow(10, t.exponent)
	}
	v, _ := strconv.ParseFloat(strconv.FormatFloat(t.mantissa, 'f', -1, 64)+"e"+strconv.FormatFloat(t.exponent, 'f', 0, 64), 64)
	return v
}

const decimal = `[+-]?(?:\d+\.?\d*|\.\d+)`

var number = regexp.MustCompile(`^(?:(` + decimal + `)(?:e([+-]?\d+))?|(?:(` + decimal + `)[*x])?([+-]?)10\^(?:(` + decimal + `)|\((` + decimal + `)\)|\{(` + decimal + `)\}))$`)

func read(text string) (typed, error) {
	text = ascii(text)
	parts := number.FindStringSubmatch(text)
	switch {
	case text == "":
		return typed{}, ErrNone
	case len(text) > mostLength || parts == nil:
		return typed{}, ErrNumber
	case parts[1] != "":
		return typed{toFloat(parts[1]), toFloat(parts[2]), parts[2] != ""}, nil
	}
	t := typed{1, toFloat(parts[5] + parts[6] + parts[7]), true}
	if parts[3] != "" {
		t.mantissa = toFloat(parts[3])
	}
	if parts[4] == "-" {
		t.mantissa = -t.mantissa
	}
	return t, nil
}

// toFloat is a decimal's value, ±Inf where it is too large, 0 of none.
func toFloat(decimal string) float64 {
	v, _ := strconv.ParseFloat(decimal, 64)
	return v
}

var spellings = strings.NewReplacer("−", "-", "–", "-", "‐", "-", "‑", "-", ",", ".", "·", "*", "⋅", "*", "×", "*", "**", "^")

// raised are the characters that stand raised, and what they mean.
var raised = map[rune]rune{'⁻': '-', '⁺': '+', '⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9'}

// ascii spells what was typed in one way: without spaces, in small letters, an exponent behind "^".
func ascii(text string) string {
	var b strings.Builder
	up := false
	for _, c := range text {
		if unicode.IsSpace(c) {
			continue
		}
		low, is := raised[c]
		if is && !up {
			b.WriteByte('^')
		}
		up = is
		if is {
			c = low
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return spellings.Replace(b.String())
}
