package lessons

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
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
	Lab   string     // the name of the experiment to run
	Query url.Values // its parameters
	Path  string     // where the result, in the JSON of the API, holds the number
	of    Experiment
	steps []any // Path taken apart: names and indices
}

// ParseComputation reads a computation as its documentation writes it.
func (all Experiments) ParseComputation(text string) (Computation, error) {
	fields := strings.Fields(text)
	n := len(fields)
	if n != 2 && !((n == 4 || n == 5 && all.startsRun(fields[3])) && fields[2] == "/") {
		return Computation{}, fmt.Errorf("%q: want run and path, or two of them with / between", text)
	}
	var c Computation
	var err error
	if c.Number, err = all.number(fields[0], fields[1]); err != nil || n == 2 {
		return c, err
	}
	over := fields[0]
	if n == 5 {
		over = fields[3]
	}
	divisor, err := all.number(over, fields[n-1])
	c.Over = &divisor
	return c, err
}

// startsRun says whether a field is a run, and not a path.
func (all Experiments) startsRun(field string) bool {
	_, named := all.named(field)
	return named || strings.Contains(field, "?")
}

// number reads a run and a path into its result.
func (all Experiments) number(run, path string) (Number, error) {
	n := Number{Path: path}
	var err error
	if n.of, n.Query, err = all.take(run); err != nil {
		return n, err
	}
	n.Lab = n.of.Name
	if n.steps, err = parsePath(path); err != nil {
		return n, err
	}
	return n, n.of.fault(n.of.Check(n.Query))
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

// Cost is the multiply-adds that the number takes, of training mostly; 0 where they are next to none.
func (c Computation) Cost() float64 {
	cost := c.of.cost(c.Query)
	if c.Over != nil {
		cost += c.Over.of.cost(c.Over.Query)
	}
	return cost
}

func (n Number) compute(ctx context.Context, train Trainer) (float64, error) {
	result, err := n.of.result(ctx, n.Query, train)
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
