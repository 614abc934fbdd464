package board

import (
	"fmt"
	"strings"

	"gradlab/mlcore/book"
	"gradlab/views"
)

// CoreOp shows an operation of the core with its sources and its gradient check, which is run for it.
func CoreOp(op book.Op) *views.CoreOp {
	v := &views.CoreOp{Slug: op.Slug, Name: op.Name, File: op.File, Forward: op.Forward, Backward: op.Backward, Agrees: true}
	for _, m := range op.Methods {
		v.Methods = append(v.Methods, views.CoreMethod{Signature: m.Signature, Source: m.Source, Doc: strings.Split(m.Doc, "\n\n")})
	}
	numbers, largest := 0, 0.0
	checks, left := op.Checks()
	for _, c := range checks {
		numbers += c.Count
		largest = max(largest, c.Error) // NaN stays
		v.Agrees = v.Agrees && c.Agrees()
		v.Checks = append(v.Checks, views.CoreCheck{
			Program: c.Name, Input: fmt.Sprintf("%d, shape %s", c.Input+1, shape(c.Shape)),
			Analytic: views.Num(c.Analytic, 9), Numeric: views.Num(c.Numeric, 9), Error: views.Num(c.Error, 2), Agrees: c.Agrees(),
		})
	}
	moved := views.T(fmt.Sprintf("%d numbers that were moved", numbers))
	if v.Agrees {
		v.Verdict = views.Join(views.T("Yes: backward agrees with the differences for all "), moved, views.T(". The largest relative error is "), views.Num(largest, 2), views.T("."))
	} else {
		v.Verdict = views.Join(views.T("No: of the "), moved, views.T(" there are some for which backward and the differences do not agree."))
	}
	if left > 0 {
		v.Left = Counted(left, "more program")
	}
	return v
}

// shape is written as in Python.
func shape(sizes []int) string {
	if len(sizes) == 1 {
		return fmt.Sprintf("(%d,)", sizes[0])
	}
	return strings.ReplaceAll(strings.NewReplacer("[", "(", "]", ")").Replace(fmt.Sprint(sizes)), " ", ", ")
}
