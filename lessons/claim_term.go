package lessons

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A term is one side of an operator: a computation, or a number or a range of them as it is written.
type term struct {
	text      string
	computed  *Computation // nil for a written one
	low, high written      // the ends of the range; the same for a number
	tolerance float64      // what stands after ±; 0 without
}

// A written number stands for all that round to it.
type written struct {
	value float64
	half  float64 // a unit of its last digit
}

func (w written) is(got float64) bool {
	// A hair of slack: decimal halves are not exact in binary.
	return math.Abs(got-w.value) <= w.half*(1+1e-9)
}

// term reads a term. run is the run of the term before, with which a path alone goes on, and becomes this term's.
func (all Experiments) term(fields []string, run *string) (term, error) {
	if len(fields) == 0 {
		return term{}, errors.New("want something on both sides of =, <, > and ≈")
	}
	t := term{text: strings.Join(fields, " ")}
	if strings.Contains("+-.0123456789", fields[0][:1]) {
		return t.number(fields)
	}
	if !all.startsRun(fields[0]) && *run != "" {
		fields = append([]string{*run}, fields...)
	}
	computed, err := all.ParseComputation(strings.Join(fields, " "))
	t.computed, *run = &computed, fields[0]
	return t, err
}

// number reads "5", "1.2..16" and "450 ± 40".
func (t term) number(fields []string) (term, error) {
	low, high, isRange := strings.Cut(fields[0], "..")
	if !isRange {
		high = low
	}
	var errs [3]error
	t.low, errs[0] = readWritten(low)
	t.high, errs[1] = readWritten(high)
	if len(fields) == 3 && fields[1] == "±" && !isRange {
		if t.tolerance, errs[2] = strconv.ParseFloat(fields[2], 64); !(t.tolerance > 0) {
			errs[2] = errors.New("± wants a number above 0")
		}
	} else if len(fields) > 1 {
		errs[2] = fmt.Errorf("cannot read %q after a number", strings.Join(fields[1:], " "))
	}
	return t, errors.Join(errs[:]...)
}

func readWritten(number string) (written, error) {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		err = fmt.Errorf("%q is not a number", number)
	}
	return written{value, halfUnit(number)}, err
}

// halfUnit returns half a unit of the last digit of a written number: 0.05 for "12.2", 5e-22 for "-5.0e-20".
// An exact zero ("0", "-0") has none: nothing but zero rounds to it.
func halfUnit(number string) float64 {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	if value, _ := strconv.ParseFloat(mantissa, 64); value == 0 {
		return 0
	}
	power, _ := strconv.Atoi(exponent)
	_, decimals, _ := strings.Cut(mantissa, ".")
	return 0.5 * math.Pow10(power-len(decimals))
}

// follow says why the term cannot stand right of the operator and of the term before it.
func (t term) follow(before term, op string) error {
	switch {
	case before.computed == nil:
		return fmt.Errorf("%s is written, not computed: it stands last", before.text)
	case (op == "≈") != (t.tolerance > 0):
		return errors.New("≈, and nothing else, wants a tolerance: ± and a number above 0")
	case op != "=" && t.low != t.high:
		return fmt.Errorf("only = takes a range, not %s", op)
	}
	return nil
}

// holds says whether the value before the operator is to the term, which comes to value, as the operator says.
func (t term) holds(before float64, op string, value float64) bool {
	switch {
	case op == "<":
		return before < value
	case op == ">":
		return before > value
	case op == "≈":
		return math.Abs(before-value) <= t.tolerance*(1+1e-9)
	case t.computed != nil:
		return before == value
	}
	return t.low.is(before) || t.high.is(before) || t.low.value < before && before < t.high.value
}

func (t term) compute(ctx context.Context, train Trainer) (float64, error) {
	if t.computed == nil {
		return t.low.value, nil
	}
	return t.computed.Compute(ctx, train)
}

func (t term) cost() float64 {
	if t.computed == nil {
		return 0
	}
	return t.computed.Cost()
}
