package hint

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

const testQuestion = "Why do gradients vanish in very deep networks?"

const testRubric = `
terms:
  small: small | tiny | close to zero | go .. to zero
  weights: weight | parameter
  slope: slope | f'(x) | dl/dw
  day: day
  night: night
opposites:
  day: night
concepts:
  plain:
    - slope small
  affirmed:
    - weights +(change)
  denied:
    - weights !(change)
  ordered:
    - (cat) > (dog)
  without:
    - (red) (blue) -(green)
  nowhere:
    - (moon) ^(sun)
  pronoun:
    - ~weights (grow)
  formula:
    - (f(x) = h(x) - x | 1 + f'(x))
  named:
    - "@list (overfitting)"
  two:
    - "@answer @least2 (relu) (dropout) (momentum)"
  sentence:
    - "@sentence (rain) (wind)"
  fraction:
    - (0<#<1) > (each)
  form:
    - (=least)
  either:
    - ?(salt) ?(sweet)
  again:
    - (_ by _=)
  brief:
    - "@short (nobody)"
  opposed:
    - (day | night) > (bright) ^night
  half:
    - (tea) (milk)
  target:
    - (h(x))
`

var testIDs = []string{"plain", "affirmed", "denied", "ordered", "without", "nowhere", "pronoun", "formula", "named", "two", "sentence", "fraction", "form", "either", "again", "brief", "opposed", "half", "target"}

func rubric(t testing.TB) *Rubric {
	t.Helper()
	r, err := ParseRubric([]byte(testRubric), testQuestion, testIDs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFind(t *testing.T) {
	r := rubric(t)
	for _, test := range []struct{ name, answer, found string }{
		{"nothing", "", ""},
		{"terms in any order", "Tiny is the slope.", "plain"},
		{"other forms of a word", "Slopes of tiny size.", "plain"},
		{"phrase", "The slope is close to zero.", "plain"},
		{"gap", "The slope goes quickly down to zero.", "plain"},
		{"gap too wide", "The slope goes up and then down again to zero.", ""},
		{"two sentences", "There is a slope. It is small.", ""},
		{"two clauses", "The slope is large, whereas the step is small.", ""},
		{"clause after a subordinate one", "While the slope is large, the step is small.", ""},
		{"slips", "The sloep is tny.", ""}, // three letters are too few to guess from
		{"slips in longer words", "The wieghts chnage.", "affirmed"},
		{"a real word is no slip", "The weighs change.", ""},

		{"negated", "The weights do not change.", "denied"},
		{"contraction", "The weights don't change.", "denied"},
		{"contraction without apostrophe", "The weights dont change.", "denied"},
		{"typographic apostrophe", "The weights don’t change.", "denied"},
		{"hardly", "The weights hardly change.", "denied"},
		{"prevents", "This prevents the weights from changing.", "denied"},
		{"twice negated", "The weights never fail to change.", "affirmed"},
		{"not only", "The weights not only change.", "affirmed"},
		{"negation ends at a verb that it cannot reach", "It does not snow and can change the weights.", "affirmed"},
		{"negation ends at because", "It is not so because weights change.", "affirmed"},
		{"denied afterwards", "Weights change is not an issue.", ""},
		{"denied before", "It is not true that the weights in all those many layers change.", ""},
		{"denied, then said", "It is not that weights change, but the slope is small.", "plain"},
		{"question", "Do the weights change? Is the slope small?", ""},

		{"in order", "A cat sees a dog.", "ordered"},
		{"out of order", "A dog sees a cat.", ""},
		{"nothing between", "Red and blue.", "without"},
		{"something between", "Red, green and blue.", ""},
		{"something outside", "Red and blue, then green.", "without"},
		{"moon", "The moon.", "nowhere"},
		{"moon and sun", "The sun and the moon.", ""},
		{"pronoun", "They grow.", "pronoun"},

		{"formula", "F(x)=H(x)-x", "formula"},
		{"formula with spaces", "so F( x ) = H(x) - x holds", "formula"},
		{"formula with typeset signs", "f(x) = h(x) − x", "formula"},
		{"formula with subscripts", "the factor is 1 + F'(x_l)", "formula"},
		{"other formula", "F(x) = H(x) + x", "target"},
		{"derivative", "∂L/∂w is tiny", "plain"},
		{"derivative by hand", "dL / dw_1 is tiny", "plain"},
		{"fraction", "0.5 each", "fraction"},
		{"fraction without a zero", "about .5 each", "fraction"},
		{"fraction with a comma", "0,5 each", "fraction"},
		{"one half", "1/2 each", "fraction"},
		{"number above 1", "1.5 each", ""},
		{"three halves", "3/2 each", ""},
		{"exact form", "at least", "form"},
		{"another form", "less", ""},

		{"short list", "Vanishing, overfitting, memory, time", "named"},
		{"heap of key words", "vanishing, overfitting, memory, time, data, learning, rate, saddle", ""},
		{"heap for other rules", "slope, small, weights, red", ""},
		{"heap without commas", "slope small weights change red blue cat dog moon rain wind", ""},
		{"telegram", "Weights change, slope tiny, dog reaches cat, rain stays red", "plain affirmed"},
		{"heap of sentences", "Slope tiny. Weights change. Red. Blue. Cat. Dog.", ""},
		{"bullets", "- overfitting\n- memory\n- time\n- data", "named"},
		{"numbers", "1. memory\n2) overfitting\n(3) time", "named"},

		{"two of three", "ReLU helps. So does dropout.", "two"},
		{"one of three", "ReLU helps. So does ReLU again.", ""},
		{"sentence", "There is rain, but also wind.", "sentence"},
		{"half of it negated", "There is rain, but no wind.", ""},
		{"another sentence", "There is rain. There is no wind.", ""},
		{"order to the reader", "Please mark the slope as tiny.", ""},
		{"list that calls itself one of key words", "Key words: slope tiny", ""},
		{"own words", "In my own words: slope tiny", "plain"},
		{"arrow", "slope goes → zero", "plain"},
		{"arrow by hand", "slope goes -> zero", "plain"},

		{"negated or not", "It is salt, not sweet.", "either"},
		{"one part negated", "Tea without milk.", ""},
		{"a word and it again", "It goes tile by tile.", "again"},
		{"a word and another", "It goes tile by piece.", ""},
		{"short answer", "Nobody.", "brief"},
		{"the same in a long one", "We asked around and nobody came.", ""},
		{"about one opposite", "The day is bright.", "opposed"},
		{"about the other", "The night is bright.", ""},
		{"from one opposite to the other", "The night is dark and the day is bright.", "opposed"},
		{"function", "It fits H(x).", "target"},
		{"function that is subtracted from", "It fits H(x) - x.", ""},

		{"wrong to say", "It is wrong to say that the slope is tiny.", ""},
		{"said to be wrong", "That the slope is tiny is a common mistake.", ""},
		{"others' belief", "People think that the slope is tiny, but the weights change.", "affirmed"},
		{"others' belief that is not contradicted", "People think that the slope is tiny.", "plain"},
		{"kept from", "It keeps the weights from any change.", "denied"},
		{"not kept from", "The weights are such that nothing keeps them from change.", "affirmed"},
		{"not possible", "A tiny slope is not possible.", ""},
		{"dotted", "The slope, a.k.a. gradient, is tiny.", "plain"},
		{"wrong, of a thing", "With the wrong start the slope is tiny.", "plain"},
		{"not believed", "I do not think that the slope is tiny.", ""},
		{"not like", "This is not like a cat that sees a dog.", ""},
		{"nothing to do with", "A tiny slope has nothing to do with it.", ""},
		{"not ends at a new subject", "It does not hold and the slope is tiny.", "plain"},
		{"not ends at another not", "The weights do not change and do not grow.", "denied"},
		{"nothing, and a not of its own", "The weights get nothing and hardly change.", "denied"},
		{"nowhere", "The weights nowhere change.", "denied"},
		{"exception", "It is dark, only when there is day is it bright.", "opposed"},
		{"HTML", "<b>The slope</b> is <i>tiny</i>", "plain"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var found []string
			for _, f := range r.Find(test.answer) {
				if f.Found {
					found = append(found, f.ID)
				}
				if f.Found == (len(f.Spans) == 0) {
					t.Errorf("%s: found %v with spans %v", f.ID, f.Found, f.Spans)
				}
			}
			if got := strings.Join(found, " "); got != test.found {
				t.Errorf("%q: found %q, want %q", test.answer, got, test.found)
			}
		})
	}
}

func TestQuestionRepeatedSaysNothing(t *testing.T) {
	rules := "concepts: {echo: [?(gradient) ?(vanish)]}"
	r, err := ParseRubric([]byte(rules), testQuestion, []string{"echo"})
	if err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string]bool{
		"Why do gradients vanish in very deep networks?":       false,
		"Gradients vanish in very deep networks because.":      false,
		"Never do gradients vanish in very deep networks.":     true, // the "never" makes an answer of it
		"The gradients of a sigmoid vanish when it saturates.": true,
	} {
		if got := r.Find(answer)[0].Found; got != want {
			t.Errorf("%q: found %v, want %v", answer, got, want)
		}
	}
}

func TestSpansAreTheWordsThatMatched(t *testing.T) {
	answer := "Größer? No: über… the weights, as we saw, chnage."
	for _, f := range rubric(t).Find(answer) {
		if f.ID != "affirmed" {
			continue
		}
		var words []string
		for _, s := range f.Spans {
			words = append(words, answer[s.Start:s.End])
		}
		if got, want := strings.Join(words, "|"), "weights|chnage"; got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}

func TestNilRubricFindsNothing(t *testing.T) {
	var r *Rubric
	if got := r.Find("anything"); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

func TestParseRubricErrors(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"broken YAML", "concepts: [", "not found"},
		{"unknown field", "concept: {a: []}", "unknown field"},
		{"unknown concept", "concepts: {b: []}", "$.concepts.b: is no concept of the question"},
		{"unknown term", "concepts: {a: [nothing-such]}", `$.concepts.a[0]: no term is called "nothing-such"`},
		{"unknown term in a phrase", "concepts: {a: ['({nothing-such})']}", `$.concepts.a[0]: no term is called "nothing-such"`},
		{"unknown term in a term", "terms: {x: '{y}'}", `$.terms.x: no term is called "y"`},
		{"circle", "terms: {x: '{y}', y: '{x}'}", "refers to itself: x → y → x"},
		{"empty phrase", "terms: {x: 'a |'}", "$.terms.x: phrase"},
		{"end of a sentence in a phrase", "concepts: {a: ['(optimi?er)']}", `$.concepts.a[0]: phrase "optimi?er" holds the end of a sentence`},
		{"gap at the end", "terms: {x: 'a ..'}", "$.terms.x: phrase"},
		{"second rule unreadable", "concepts: {a: [(x), '*x']}", `$.concepts.a[1]: cannot read "*x"`},
		{"nothing wanted", "concepts: {a: ['-(x)']}", "wants too little"},
		{"more wanted than there is", "concepts: {a: ['@least3 (x) (y)']}", "wants too little"},
		{"unknown opposite", "opposites: {x: y}", "$.opposites.x: no term is called"},
		{"bad count", "concepts: {a: ['@leastx (x)']}", "want a count"},
		{"absent and ordered", "concepts: {a: ['(x) > -(y)']}", "cannot be both"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseRubric([]byte(test.source), testQuestion, []string{"a"})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			var rule *RuleError
			if strings.HasPrefix(test.want, "$") && !errors.As(err, &rule) {
				t.Errorf("got a %T, want a RuleError", err)
			}
		})
	}
}

func TestMend(t *testing.T) {
	s := newSpeller([]string{"gradient", "multiply", "early", "layer", "weight", "derivative"})
	for written, want := range map[string]string{
		"gradiant": "gradient", "gradeints": "gradient", "mutliply": "multiply", "erly": "early", "layrs": "layer", "wieghts": "weight",
		"derivitives": "derivative", "gradient": "gradient", "gradients": "gradients",
		"later": "later", "yearly": "yearly", "wait": "wait", "lay": "lay", "xyzzyplugh": "xyzzyplugh",
	} {
		if got, _ := s.mend(written, stem(written)); got != want {
			t.Errorf("mend(%q) = %q, want %q", written, got, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"", "The weights don’t change.", "∂L/∂w = F'(x)+1", "- a\n- b", "\n\n.", "x_", "\xff", "(((", "0,5 each", "İ ſ ẞ"} {
		f.Add(seed)
	}
	r := rubric(f)
	f.Fuzz(func(t *testing.T, answer string) {
		for _, found := range r.Find(answer) {
			end := 0
			for _, s := range found.Spans {
				if s.Start < end || s.End <= s.Start || s.End > len(answer) {
					t.Fatalf("%q: spans %v", answer, found.Spans)
				}
				if utf8.ValidString(answer) && !(utf8.ValidString(answer[:s.Start]) && utf8.ValidString(answer[s.Start:s.End])) {
					t.Fatalf("%q: span %v cuts a character", answer, s)
				}
				end = s.End
			}
		}
	})
}
