package lessons

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradlab/lessons/guess"
)

// A Predict asks the reader to commit to a guess before the lab shows the number. Its truth is computed, never written.
type Predict struct {
	ID           string
	QuestionHTML string
	// Choices are what to choose from; none where a number is asked for.
	Choices []Choice
	Unit    string // behind the number; "" for none
	Compute Computation
	// As says what of the computed number the guess is about: "value", "size" (without its sign) or "exponent" (the
	// power of ten of its size).
	As         string
	Tolerance  float64 // how far from the truth a number may be to be called right
	RevealHTML string  // what to say afterwards
	RevealText string
}

// A Choice is right where From ≤ truth < Below.
type Choice struct {
	Says        string
	From, Below float64
}

// MaxGuess bounds a guess as it is stored, in bytes.
const MaxGuess = 200

// Passed is the guess of a reader who would rather look at once.
const Passed = ""

// A GuessError is why a guess cannot be taken, in a sentence for the reader.
type GuessError string

func (e GuessError) Error() string { return string(e) }

// Guess reads what a reader typed or chose, and returns it as it is stored. The error is a [GuessError].
func (p Predict) Guess(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(p.Choices) > 0 {
		if !slices.ContainsFunc(p.Choices, func(c Choice) bool { return c.Says == text }) {
			return "", GuessError("Choose one of the answers first.")
		}
		return text, nil
	}
	number := guess.Number
	if p.As == "exponent" {
		number = guess.Power
	}
	value, err := number(text)
	if err != nil {
		reason := err.Error()
		return "", GuessError(strings.ToUpper(reason[:1]) + reason[1:] + ".")
	}
	return strconv.FormatFloat(value, 'g', -1, 64), nil
}

// Truth computes what the guess is about.
func (p Predict) Truth(ctx context.Context, train Trainer) (float64, error) {
	value, err := p.Compute.Compute(ctx, train)
	switch p.As {
	case "size":
		value = math.Abs(value)
	case "exponent":
		value = math.Log10(math.Abs(value))
	}
	return value, err
}

// Right says whether a stored guess agrees with the truth.
func (p Predict) Right(said string, truth float64) bool {
	if len(p.Choices) > 0 {
		right, found := p.Answer(truth)
		return found && right.Says == said
	}
	value, err := strconv.ParseFloat(said, 64)
	return err == nil && math.Abs(value-truth) <= p.Tolerance
}

// Answer is the choice that the truth lies in.
func (p Predict) Answer(truth float64) (Choice, bool) {
	for _, c := range p.Choices {
		if c.From <= truth && truth < c.Below {
			return c, true
		}
	}
	return Choice{}, false
}

// predictFields is a predict block, field by field.
type predictFields struct {
	ID        string  `yaml:"id"`
	Question  string  `yaml:"question"`
	Kind      string  `yaml:"kind"`
	Unit      string  `yaml:"unit"`
	Compute   string  `yaml:"compute"`
	As        string  `yaml:"as"`
	Tolerance float64 `yaml:"tolerance"`
	Choices   []struct {
		Says  string   `yaml:"says"`
		From  *float64 `yaml:"from"`
		Below *float64 `yaml:"below"`
	} `yaml:"choices"`
	Reveal string `yaml:"reveal"`
}

// readPredict makes a Predict of its block. Every fault is given to wrong, with the field that it is in.
func readPredict(b *blockSource, terms *termLinks, wrong func(field, format string, args ...any)) *Predict {
	var f predictFields
	if !b.decode(&f, wrong) {
		return nil
	}
	p := &Predict{ID: f.ID, Unit: f.Unit, As: f.As, Tolerance: f.Tolerance, RevealText: words(f.Reveal)}
	if !name.MatchString(f.ID) {
		wrong("id", "predict id %q is not of lower-case letters, digits and single hyphens", f.ID)
	}
	p.QuestionHTML = terms.inline(f.Question, "question", wrong)
	p.RevealHTML = terms.html(f.Reveal, "reveal", wrong)
	if f.Question == "" || f.Reveal == "" {
		wrong("id", "predict %q wants a question, and a reveal to say afterwards", f.ID)
	}
	var err error
	if p.Compute, err = terms.known.experiments.ParseComputation(f.Compute); err != nil {
		wrong("compute", "compute: %v", err)
	}
	if p.As == "" {
		p.As = "value"
	}
	if !slices.Contains([]string{"value", "size", "exponent"}, p.As) {
		wrong("as", "as is %q, want value, size or exponent", f.As)
	}
	switch f.Kind {
	case "number":
		if !(p.Tolerance > 0) || len(f.Choices) > 0 {
			wrong("kind", "a number wants a tolerance above 0 and no choices")
		}
	case "choice":
		if len(f.Choices) < 2 || f.Tolerance != 0 {
			wrong("kind", "a choice wants two choices or more, and no tolerance")
		}
		for _, c := range f.Choices {
			choice := Choice{Says: words(c.Says), From: math.Inf(-1), Below: math.Inf(1)}
			if c.From != nil {
				choice.From = *c.From
			}
			if c.Below != nil {
				choice.Below = *c.Below
			}
			if choice.Says == "" || len(choice.Says) > MaxGuess || !(choice.From < choice.Below) {
				wrong("choices", "choice %q wants words, at most %d bytes of them, and from below below", choice.Says, MaxGuess)
			}
			for _, other := range p.Choices {
				if choice.From < other.Below && other.From < choice.Below {
					wrong("choices", "choices %q and %q can both be right", other.Says, choice.Says)
				}
			}
			p.Choices = append(p.Choices, choice)
		}
	default:
		wrong("kind", "kind is %q, want number or choice", f.Kind)
	}
	return p
}
