package book

import (
	"strings"
	"testing"

	"gradlab/mlcore/autograd"
)

// Every operation is there, whole, with its formulas, and has a gradient check that fits into what a page may compute.
func TestOps(t *testing.T) {
	for _, op := range Ops() {
		if op.Name == "" || strings.ToLower(op.Name) != op.Slug {
			t.Errorf("%s is named %q", op.File, op.Name)
		}
		for what, code := range map[string]string{"forward": op.Forward, "backward": op.Backward} {
			if !strings.HasPrefix(code, "// "+what) || !strings.Contains(code, "\nfunc (") || !strings.HasSuffix(code, "}") {
				t.Errorf("%s: its %s is cut out as %q", op.Name, what, code)
			}
		}
		for _, m := range op.Methods {
			if !strings.HasPrefix(m.Doc, op.Name) || !strings.HasPrefix(m.Signature, "func (t *Tape[T]) "+op.Name) || strings.HasSuffix(m.Signature, "{") ||
				!strings.HasPrefix(m.Source, m.Signature+" {\n") || !strings.HasSuffix(m.Source, "\n}") {
				t.Errorf("%s: method %q with the comment %q", op.Name, m.Signature, m.Doc)
			}
		}
	}
	linear, found := Find("linear")
	if !found || !strings.Contains(linear.Forward, "y[…,o] = b[o] + Σ_d w[o,d]·x[…,d]") || !strings.Contains(linear.Methods[0].Doc, "torch.nn.functional.linear") {
		t.Errorf("Linear: %+v", linear)
	}
	if _, found := Find("tape"); found {
		t.Error("the tape is no operation")
	}
}

func TestEveryOpIsChecked(t *testing.T) {
	for _, op := range Ops() {
		checks, _ := op.Checks()
		if len(checks) == 0 {
			t.Errorf("%s: no check", op.Name)
		}
		for _, c := range checks {
			if !c.Agrees() {
				t.Errorf("%s, input %d: %v and %v", c.Name, c.Input, c.Analytic, c.Numeric)
			}
		}
	}
}

var checks []autograd.GradCheck

func BenchmarkChecks(b *testing.B) {
	for _, op := range Ops() {
		b.Run(op.Name, func(b *testing.B) {
			for b.Loop() {
				checks, _ = op.Checks()
			}
			b.ReportMetric(float64(len(checks)), "checks")
		})
	}
}
