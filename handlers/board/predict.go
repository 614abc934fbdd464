package board

import (
	"math"
	"strconv"
	"strings"

	"gradlab/lessons"
	"gradlab/views"
)

// Prediction says in words how a guess and the truth compare.
func Prediction(p lessons.Predict, guess string, truth float64) views.Text {
	computed := views.Join(views.T("The core computes "), truthText(p, truth))
	if len(p.Choices) > 0 {
		answer, _ := p.Answer(truth)
		switch {
		case guess == lessons.Passed:
			return views.Join(computed, views.T(": "+answer.Says+"."))
		case p.Right(guess, truth):
			return views.Join(views.Strong("You were right. "), computed, views.T("."))
		}
		return views.Join(views.T("You chose “"+guess+"”. "), computed, views.T(": "), views.Strong(answer.Says), views.T("."))
	}
	if guess == lessons.Passed {
		return views.Join(computed, views.T("."))
	}
	value, _ := strconv.ParseFloat(guess, 64)
	said := views.Join(views.T("You said "), guessText(p, value), views.T(". "), computed)
	if p.Right(guess, truth) {
		return views.Join(said, views.T(": "), views.Strong("well predicted"), within(p, value, truth), views.T("."))
	}
	return views.Join(said, views.T(", "), farOff(p, value, truth), views.T("."))
}

// truthText is the computed number, as the guess was asked for.
func truthText(p lessons.Predict, truth float64) views.Text {
	switch {
	case p.As == "exponent" && math.IsInf(truth, -1):
		return views.T("0")
	case p.As == "exponent":
		return views.Num(math.Pow(10, truth), 2)
	}
	return withUnit(views.Brief(truth, 3), p.Unit)
}

func guessText(p lessons.Predict, guess float64) views.Text {
	number := views.Num(guess, 3)
	if guess == math.Trunc(guess) && math.Abs(guess) < 1e9 {
		number = views.T(signed(strconv.FormatFloat(guess, 'f', 0, 64)))
	}
	if p.As != "exponent" {
		return withUnit(number, p.Unit)
	}
	text := views.T("10")
	for _, span := range number {
		text = append(text, views.Span{Text: span.Text, Class: "sup"})
	}
	return text
}

// signed is a number with a minus sign that is no hyphen, in its exponent, too.
func signed(number string) string { return strings.ReplaceAll(number, "-", "−") }

func withUnit(number views.Text, unit string) views.Text {
	if unit == "" {
		return number
	}
	if s := number.String(); s == "1" || s == "−1" {
		unit = strings.TrimSuffix(unit, "s")
	}
	return views.Join(number, views.T(" "+unit))
}

// within says how far off a power of ten may be, and is, that counts as well predicted.
func within(p lessons.Predict, guess, truth float64) views.Text {
	if p.As != "exponent" {
		return nil
	}
	return views.Join(views.T(", off by a factor of "), views.Num(math.Pow(10, math.Abs(guess-truth)), 2),
		views.T(" where "), views.Num(math.Pow(10, p.Tolerance), 2), views.T(" is allowed"))
}

// Allowance says how far off a number may be and counts as right; "" for choices.
func Allowance(p lessons.Predict) views.Text {
	switch {
	case len(p.Choices) > 0:
		return nil
	case p.As == "exponent":
		return views.Join(views.T("(right within a factor of "), views.Num(math.Pow(10, p.Tolerance), 2), views.T(")"))
	}
	return views.Join(views.T("(right within ± "), views.Num(p.Tolerance, 3), views.T(")"))
}

// farOff says how far a number that was not well predicted is from the truth.
func farOff(p lessons.Predict, guess, truth float64) views.Text {
	switch {
	case p.As != "exponent":
		if guess < truth {
			return views.T("more than that")
		}
		return views.T("less than that")
	case math.IsInf(truth, 0):
		return views.T("which no power of ten reaches")
	}
	powers := math.Abs(guess - truth)
	count := views.Num(powers, 1)
	if powers >= 10 {
		count = views.Num(powers, 2)
	}
	powersOf := " powers"
	if count.String() == "1" {
		powersOf = " power"
	}
	if truth < guess {
		return views.Join(count, views.T(powersOf+" of ten smaller"))
	}
	return views.Join(count, views.T(powersOf+" of ten larger"))
}
