package classroom

import (
	"fmt"
	"strings"
)

// A Truth names what computes the answer to a prediction: a lab, or a prediction of a lesson. The zero Truth names nothing. In JSON
// and in forms it is a text: "chain grad_w[0]", "train lower losses[-1]", "lesson the-chain/who".
type Truth struct {
	Lab   string // the lab at the stop's path
	Path  string // where the lab's result has the number
	Lower bool   // the question is which twin has less of it, plain or residual

	Lesson  string // the slug of a lesson
	Predict string // the id of its prediction
}

// None says whether nothing computes it.
func (t Truth) None() bool { return t == Truth{} }

// String is the text.
func (t Truth) String() string {
	switch {
	case t.None():
		return ""
	case t.Lesson != "":
		return "lesson " + t.Lesson + "/" + t.Predict
	case t.Lower:
		return t.Lab + " lower " + t.Path
	}
	return t.Lab + " " + t.Path
}

// ParseTruth reads the text.
func ParseTruth(text string) (Truth, error) {
	of, what, found := strings.Cut(text, " ")
	lesson, id, isLesson := strings.Cut(what, "/")
	path, lower := strings.CutPrefix(what, "lower ")
	switch {
	case text == "":
		return Truth{}, nil
	case !found || of == "lesson" && !isLesson:
		return Truth{}, fmt.Errorf("%q names nothing that can be computed", text)
	case of == "lesson":
		return Truth{Lesson: lesson, Predict: id}, nil
	}
	return Truth{Lab: of, Path: path, Lower: lower}, nil
}

// MarshalText writes the text.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads it.
func (t *Truth) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTruth(string(text))
	return err
}
