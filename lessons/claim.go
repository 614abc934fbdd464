package lessons

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Claim is what the text says about numbers that the core computes: how they compare with written numbers, or with one
// another. Written
//
//	chain?depth=20&x=0.5&w=0.1 grad_w[0] = -5.0e-20
//	train?net=deep&n=9&skip=none first_step_grad_norms["stem.weight"] ≈ 450 ± 40
//	chain?depth=20 grad_w[0] / grad_w[-1] < 1e-12
//	chain?depth=4&x=0.5 z[1] > z[2] > z[3]
//	chain?depth=4&x=10 grad_w[{i}] = 0 for i 0..3
//	chain?depth=3&w={w} grad_w[0] / grad_w[2] < 1 for w 0.1..3 by 0.1
//	train?net=deep&n=3&seed={s} tail_loss > train?net=deep&n=1&seed={s} tail_loss for s 0..2
//	train?net=mlp&steps=1&seed={s} losses[0] = 2.29..2.32 for s 0..5
//
// "=" holds where the computed number rounds to the written one, digit by digit as far as it is written; "≈" within the
// tolerance; "<" and ">" as they say. The values of a "for" take the place of {its name}, one after another, and the claim
// is about each of them. "=" and two numbers with ".." between say that the least of all values rounds to the one, and the
// greatest to the other.
type Claim struct {
	Says  string // the words of the text that claim it
	cases []comparison
}

// A comparison is a claim with the values of its "for"s in place.
type comparison struct {
	at    string // those values: " at s=1, w=0.5"
	terms []term
	ops   []string // between the terms: "=", "≈", "<" or ">"
}

// ParseClaim reads a claim as Claim's documentation writes it; Says stays empty.
func (all Experiments) ParseClaim(text string) (Claim, error) {
	var c Claim
	template, settings, err := readFor(text)
	if err != nil {
		return c, fmt.Errorf("claim %q: %w", text, err)
	}
	for _, s := range settings {
		one, err := all.comparison(s.in(template))
		if err != nil {
			return Claim{}, fmt.Errorf("claim %q: %w", text, err)
		}
		one.at = s.String()
		c.cases = append(c.cases, one)
	}
	return c, nil
}

func (all Experiments) comparison(text string) (comparison, error) {
	var c comparison
	run := "" // of the last term; a path alone goes on with it
	for fields := strings.Fields(text); ; {
		n := slices.IndexFunc(fields, func(f string) bool { return slices.Contains([]string{"=", "≈", "<", ">"}, f) })
		own := fields
		if n >= 0 {
			own = fields[:n]
		}
		t, err := all.term(own, &run)
		if err != nil {
			return c, err
		}
		if c.terms = append(c.terms, t); n < 0 {
			break
		}
		c.ops, fields = append(c.ops, fields[n]), fields[n+1:]
	}
	if len(c.ops) == 0 {
		return c, errors.New("want =, <, > or ≈ between what is compared")
	}
	for i, op := range c.ops {
		if err := c.terms[i+1].follow(c.terms[i], op); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Cost is the multiply-adds of the training that the claim takes; 0 where it takes none.
func (c Claim) Cost() float64 {
	sum := 0.0
	for _, one := range c.cases {
		sum += one.cost()
	}
	return sum
}

func (c comparison) cost() float64 {
	sum := 0.0
	for _, t := range c.terms {
		sum += t.cost()
	}
	return sum
}

// Check computes the claim, and returns an error that says what the core computes where that does not bear it out. It
// spends no more than the given multiply-adds on training: of a claim that takes more, it checks the first values of "for".
func (c Claim) Check(ctx context.Context, train Trainer, most float64) error {
	least, greatest, spent := math.Inf(1), math.Inf(-1), 0.0
	for _, one := range c.cases {
		if spent += one.cost(); spent > most {
			return nil
		}
		first, err := one.check(ctx, train)
		if err != nil {
			return err
		}
		least, greatest = min(least, first), max(greatest, first)
	}
	if t := c.cases[0].terms[1]; c.cases[0].ops[0] == "=" && t.computed == nil && !(t.low.is(least) && t.high.is(greatest)) {
		return fmt.Errorf("the core computes %g to %g, want %s", least, greatest, t.text)
	}
	return nil
}

// check returns what the first term comes to.
func (c comparison) check(ctx context.Context, train Trainer) (first float64, err error) {
	values := make([]float64, len(c.terms))
	for i, t := range c.terms {
		if values[i], err = t.compute(ctx, train); err != nil {
			return 0, err
		}
		if i == 0 || t.holds(values[i-1], c.ops[i-1], values[i]) {
			continue
		}
		want := t.text
		if t.computed != nil {
			want = fmt.Sprintf("%g", values[i])
		}
		return 0, fmt.Errorf("the core computes %g%s, want %s %s", values[i-1], c.at, c.ops[i-1], want)
	}
	return values[0], nil
}
