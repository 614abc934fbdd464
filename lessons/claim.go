package lessons

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Claim is a number of the text that the core can compute: what to run, where its result holds the
// number, and what the text says that it is. Written
//
//	chain?depth=20&x=0.5&w=0.1 grad_w[0] = -5.0e-20
//	train?net=notebook&depth=20&activation=relu&skip=identity losses[0] = 61.7
//	train?net=deep&n=9&skip=none first_step_grad_norms["stem.weight"] ≈ 450 ± 40
//	train?net=notebook test.accuracy < 0.2
//	chain?depth=20 grad_w[0] / grad_w[-1] < 1e-12
//
// "=" holds where the computed number rounds to the written one, digit by digit as far as it is
// written; "≈" within the tolerance; "<" and ">" as they say.
type Claim struct {
	Says string // the words of the text that claim it
	Computation
	Op        string // "=", "≈", "<" or ">"
	Want      float64
	Tolerance float64 // how far from Want the number may be; 0 for < and >
}

// ParseClaim reads a claim as Claim's documentation writes it; Says stays empty.
func ParseClaim(text string) (Claim, error) {
	fields := strings.Fields(text)
	n := computationFields(fields)
	if rest := len(fields) - n; rest != 2 && !(rest == 4 && fields[n+2] == "±") {
		return Claim{}, fmt.Errorf("claim %q: want run, path, =, <, > or ≈, a number, and after ≈ also ± and a number", text)
	}
	var c Claim
	var err error
	if c.Computation, err = ParseComputation(strings.Join(fields[:n], " ")); err != nil {
		return Claim{}, fmt.Errorf("claim: %w", err)
	}
	fields = fields[n-2:] // as without a divisor
	if c.Want, err = strconv.ParseFloat(fields[3], 64); err != nil {
		return Claim{}, fmt.Errorf("claim %q: %q is not a number", text, fields[3])
	}
	switch c.Op = fields[2]; c.Op {
	case "=":
		c.Tolerance = halfUnit(fields[3])
	case "≈":
		if len(fields) == 6 {
			c.Tolerance, err = strconv.ParseFloat(fields[5], 64)
		}
		if err != nil || !(c.Tolerance > 0) {
			return Claim{}, fmt.Errorf("claim %q: ≈ wants a tolerance: ± and a number above 0", text)
		}
	case "<", ">":
	default:
		return Claim{}, fmt.Errorf("claim %q: %q is not =, <, > or ≈", text, c.Op)
	}
	if c.Op != "≈" && len(fields) == 6 {
		return Claim{}, fmt.Errorf("claim %q: only ≈ takes a tolerance", text)
	}
	return c, nil
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

// Holds reports whether a computed number bears the claim out.
func (c Claim) Holds(got float64) bool {
	switch c.Op {
	case "<":
		return got < c.Want
	case ">":
		return got > c.Want
	}
	// A hair of slack: decimal halves are not exact in binary.
	return math.Abs(got-c.Want) <= c.Tolerance*(1+1e-9)
}
