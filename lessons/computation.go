package lessons

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Computation is a number that the core can compute: a place in the result of a run, or the ratio of
// two of them, of one run or of two:
//
//	chain?depth=20&w=0.1 grad_w[0]
//	chain?depth=20 grad_w[0] / grad_w[-1]
//	train?net=deep&n=9 tail_loss / train?net=deep&n=3 tail_loss
type Computation struct {
	Number
	Over *Number // what it is divided by; nil for nothing
}

// A Number is one number of a run's result.
type Number struct {
	Lab   string     // chain, train, sweep, kernels or network: what to run
	Query url.Values // its parameters
	Path  string     // where the result, in the JSON of the API, holds the number
	steps []any      // Path taken apart: names and indices
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

// ParseComputation reads a computation as its documentation writes it.
func ParseComputation(text string) (Computation, error) {
	fields := strings.Fields(text)
	n := len(fields)
	if n != 2 && !((n == 4 || n == 5 && startsRun(fields[3])) && fields[2] == "/") {
		return Computation{}, fmt.Errorf("%q: want run and path, or two of them with / between", text)
	}
	var c Computation
	var err error
	if c.Number, err = parseNumber(fields[0], fields[1]); err != nil || n == 2 {
		return c, err
	}
	over := fields[0]
	if n == 5 {
		over = fields[3]
	}
	divisor, err := parseNumber(over, fields[n-1])
	c.Over = &divisor
	return c, err
}

// startsRun says whether a field is a run, and not a path.
func startsRun(field string) bool {
	return strings.Contains(field, "?") || slices.Contains(runNames, field)
}

func parseNumber(run, path string) (Number, error) {
	n := Number{Path: path}
	var err error
	if n.Lab, n.Query, err = parseRun(run, runNames); err != nil {
		return n, err
	}
	if n.steps, err = parsePath(path); err != nil {
		return n, err
	}
	return n, checkRun(n.Lab, n.Query)
}

// Compute returns the number. train trains the networks that it takes; other runs it does itself.
func (c Computation) Compute(ctx context.Context, train Trainer) (float64, error) {
	value, err := c.Number.compute(ctx, train)
	if err != nil || c.Over == nil {
		return value, err
	}
	over, err := c.Over.compute(ctx, train)
	return value / over, err
}

// Cost is the multiply-adds of the training that the number takes; 0 where it takes none.
func (c Computation) Cost() float64 {
	cost := runCost(c.Lab, c.Query)
	if c.Over != nil {
		cost += runCost(c.Over.Lab, c.Over.Query)
	}
	return cost
}

func (n Number) compute(ctx context.Context, train Trainer) (float64, error) {
	result, err := Result(ctx, n.Lab, n.Query, train)
	if err != nil {
		return 0, fmt.Errorf("%s?%s: %w", n.Lab, n.Query.Encode(), err)
	}
	return n.Find(result)
}

// Find returns the number from a result: the API's JSON as encoding/json
// decodes it into an any.
func (n Number) Find(result any) (float64, error) {
	for _, step := range n.steps {
		switch step := step.(type) {
		case string:
			object, _ := result.(map[string]any) // of anything else, a nil map has no entries
			value, found := object[step]
			if !found {
				return 0, fmt.Errorf("%s: the result has no %q", n.Path, step)
			}
			result = value
		case int:
			list, ok := result.([]any)
			if step < 0 {
				step += len(list)
			}
			if !ok || step < 0 || step >= len(list) {
				return 0, fmt.Errorf("%s: the result has no element %d", n.Path, step)
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
	return 0, fmt.Errorf("%s: %v is not a number", n.Path, result)
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
