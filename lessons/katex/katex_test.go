package katex

import (
	"os"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	source, err := os.ReadFile("../../static/vendor/katex/katex.min.js")
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(string(source))
	if err != nil {
		t.Fatal(err)
	}
	for tex, want := range map[string]string{
		`\frac{\partial L}{\partial w_1}`:               "",
		`\underbrace{(z_3 - t)}_{\text{error}}`:         "",
		`\begin{pmatrix} -1 & 0 \\ 2 & 1 \end{pmatrix}`: "",
		`\frac{a}{b`: "expected '}'",
		`\wrong x`:   `Undefined control sequence: \wrong`,
		`\left( x`:   "Expected",
		`a_1_2`:      "Double subscript",
	} {
		err := c.Check(tex, true)
		if want == "" && err != nil {
			t.Errorf("%s: %v", tex, err)
		} else if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want an error with %q", tex, err, want)
		}
	}
}

func TestBrokenSource(t *testing.T) {
	for _, source := range []string{"not JavaScript at all", "module.exports = 1", ""} {
		if _, err := New(source); err == nil {
			t.Errorf("%q: no error", source)
		}
	}
}
