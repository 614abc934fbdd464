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
	Replies    []Reply // to guesses of a number; a choice has its own
	RevealHTML string  // what to say afterwards, whatever the guess was
}

// A Choice is right where From ≤ truth < Below.
type Choice struct {
	Says string
	Span
	ReplyHTML string // to whoever chose it; "" for none
}

// A Reply answers guesses of a number, those in its span.
type Reply struct {
	Span
	HTML string
}

// A Span holds the numbers from From, included, to Below, not included.
type Span struct{ From, Below float64 }

func (s Span) holds(v float64) bool { return s.From <= v && v < s.Below }

func (s Span) meets(other Span) bool { return s.From < other.Below && other.From < s.Below }

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
		if c.holds(truth) {
			return c, true
		}
	}
	return Choice{}, false
}

// ReplyHTML answers a stored guess: it says what speaks for it and what against. It is "" where the lesson has no such answer.
func (p Predict) ReplyHTML(said string) string {
	for _, c := range p.Choices {
		if c.Says == said {
			return c.ReplyHTML
		}
	}
	if value, err := strconv.ParseFloat(said, 64); err == nil {
		for _, r := range p.Replies {
			if r.holds(value) {
				return r.HTML
			}
		}
	}
	return ""
}

// texts are all that a prediction says, as HTML.
func (p *Predict) texts() []*string {
	all := []*string{&p.QuestionHTML, &p.RevealHTML}
	for i := range p.Choices {
		all = append(all, &p.Choices[i].ReplyHTML)
	}
	for i := range p.Replies {
		all = append(all, &p.Replies[i].HTML)
	}
	return all
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
		Says   string     `yaml:"says"`
		Span   spanFields `yaml:",inline"`
		Reveal string     `yaml:"reveal"`
	} `yaml:"choices"`
	Replies []struct {
		Span   spanFields `yaml:",inline"`
		Reveal string     `yaml:"reveal"`
	} `yaml:"replies"`
	Reveal string `yaml:"reveal"`
}

// spanFields are the ends of a Span; either may be left out.
type spanFields struct {
	From  *float64 `yaml:"from"`
	Below *float64 `yaml:"below"`
}

func (f spanFields) span() Span {
	s := Span{math.Inf(-1), math.Inf(1)}
	if f.From != nil {
		s.From = *f.From
	}
	if f.Below != nil {
		s.Below = *f.Below
	}
	return s
}

// readPredict makes a Predict of its block. Every fault is given to wrong, with the field that it is in.
func readPredict(b *blockSource, terms *termLinks, wrong func(field, format string, args ...any)) *Predict {
	var f predictFields
	if !b.decode(&f, wrong) {
		return nil
	}
	p := &Predict{ID: f.ID, Unit: f.Unit, As: f.As, Tolerance: f.Tolerance}
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
		for _, r := range f.Replies {
			reply := Reply{r.Span.span(), terms.html(r.Reveal, "replies", wrong)}
			if words(r.Reveal) == "" || !(reply.From < reply.Below) {
				wrong("replies", "a reply wants a reveal, and from below below")
			}
			if slices.ContainsFunc(p.Replies, func(other Reply) bool { return other.meets(reply.Span) }) {
				wrong("replies", "two replies answer the same guess; one is %q", words(r.Reveal))
			}
			p.Replies = append(p.Replies, reply)
		}
	case "choice":
		if len(f.Choices) < 2 || f.Tolerance != 0 || len(f.Replies) > 0 {
			wrong("kind", "a choice wants two choices or more, and neither a tolerance nor replies")
		}
		for _, c := range f.Choices {
			choice := Choice{words(c.Says), c.Span.span(), terms.html(c.Reveal, "choices", wrong)}
			if choice.Says == "" || len(choice.Says) > MaxGuess || !(choice.From < choice.Below) {
				wrong("choices", "choice %q wants words, at most %d bytes of them, and from below below", choice.Says, MaxGuess)
			}
			for _, other := range p.Choices {
				if choice.meets(other.Span) {
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
