package lessons

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
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
//
// "=" holds where the computed number rounds to the written one, digit by digit as far as it is
// written; "≈" within the tolerance; "<" and ">" as they say.
type Claim struct {
	Says      string     // the words of the text that claim it
	Lab       string     // chain, train, sweep, kernels or network: what to run
	Query     url.Values // its parameters
	Path      string     // where the result, in the JSON of the API, holds the number
	Op        string     // "=", "≈", "<" or ">"
	Want      float64
	Tolerance float64 // how far from Want the number may be; 0 for < and >
	steps     []any   // Path taken apart: names and indices
}

var (
	labNames = []string{"chain", "train", "sweep", "kernels"}
	// runNames are what a claim may run: the labs, and the description of a network.
	runNames = append(labNames[:len(labNames):len(labNames)], "network")
)

// parseRun takes "chain?depth=20&x=0.5" apart; its name is to be one of names.
func parseRun(text string, names []string) (lab string, query url.Values, err error) {
	lab, raw, _ := strings.Cut(text, "?")
	if !slices.Contains(names, lab) {
		return "", nil, fmt.Errorf("%q does not start with one of %s, then ? and parameters", text, strings.Join(names, ", "))
	}
	query, err = url.ParseQuery(raw)
	if err != nil {
		return "", nil, fmt.Errorf("query of %q: %w", text, err)
	}
	for key, values := range query {
		if len(values) != 1 || key == "" {
			return "", nil, fmt.Errorf("query of %q: parameter %q is given %d times", text, key, len(values))
		}
	}
	return lab, query, nil
}

// ParseClaim reads a claim as Claim's documentation writes it; Says stays empty.
func ParseClaim(text string) (Claim, error) {
	fields := strings.Fields(text)
	if len(fields) != 4 && !(len(fields) == 6 && fields[4] == "±") {
		return Claim{}, fmt.Errorf("claim %q: want run, path, =, <, > or ≈, a number, and after ≈ also ± and a number", text)
	}
	var c Claim
	var err error
	if c.Lab, c.Query, err = parseRun(fields[0], runNames); err != nil {
		return Claim{}, fmt.Errorf("claim: %w", err)
	}
	c.Path = fields[1]
	if c.steps, err = parsePath(c.Path); err != nil {
		return Claim{}, fmt.Errorf("claim %q: %w", text, err)
	}
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

// Find returns the number that the claim is about from a result: the API's JSON as encoding/json
// decodes it into an any.
func (c Claim) Find(result any) (float64, error) {
	for _, step := range c.steps {
		switch step := step.(type) {
		case string:
			object, _ := result.(map[string]any) // of anything else, a nil map has no entries
			value, found := object[step]
			if !found {
				return 0, fmt.Errorf("%s: the result has no %q", c.Path, step)
			}
			result = value
		case int:
			list, ok := result.([]any)
			if step < 0 {
				step += len(list)
			}
			if !ok || step < 0 || step >= len(list) {
				return 0, fmt.Errorf("%s: the result has no element %d", c.Path, step)
			}
			result = list[step]
		}
	}
	switch value := result.(type) {
	case float64:
		return value, nil
	case string: // "nan", "inf" and "-inf", which JSON has no numbers for
		if number, err := strconv.ParseFloat(value, 64); err == nil {
			return number, nil
		}
	}
	return 0, fmt.Errorf("%s: %v is not a number", c.Path, result)
}

// pathStep matches one step of a path: name, .name, [3], [-1] or ["conv1.weight"].
var pathStep = regexp.MustCompile(`^(?:\.?([a-z_][a-z0-9_]*)|\[(-?\d+)\]|\["([^"\]]+)"\])`)

func parsePath(path string) ([]any, error) {
	var steps []any
	for rest := path; rest != ""; {
		match := pathStep.FindStringSubmatch(rest)
		if match == nil {
			return nil, fmt.Errorf("path %q: cannot read %q", path, rest)
		}
		switch {
		case match[2] != "":
			index, err := strconv.Atoi(match[2])
			if err != nil {
				return nil, fmt.Errorf("path %q: %w", path, err)
			}
			steps = append(steps, index)
		default:
			steps = append(steps, match[1]+match[3])
		}
		rest = rest[len(match[0]):]
	}
	if len(steps) == 0 {
		return nil, errors.New("path is empty")
	}
	return steps, nil
}
