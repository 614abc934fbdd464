package katex

import (
	"os"
	"strings"
	"testing"
)

func typesetter(t *testing.T) *Typesetter {
	t.Helper()
	source, err := os.ReadFile("../../static/vendor/katex/katex.min.js")
	if err != nil {
		t.Fatal(err)
	}
	k, err := New(string(source))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestTypeset(t *testing.T) {
	k := typesetter(t)
	for tex, want := range map[string]string{
		`\frac{\partial L}{\partial w_1}`:                         "",
		`\underbrace{(z_3 - t)}_{\text{error}}`:                   "",
		`\begin{pmatrix} -1 & 0 \\ 2 & 1 \end{pmatrix}`:           "",
		`\text{<b style="color:red" onclick="x()">}`:              "",
		`\sqrt[3]{x} \xrightarrow{\text{so}} \color{#cc0000} {y}`: "",
		`\frac{a}{b`: "expected '}'",
		`\wrong x`:   `Undefined control sequence: \wrong`,
		`\left( x`:   "Expected",
		`a_1_2`:      "Double subscript",
		strings.Repeat("{", 3000) + strings.Repeat("}", 3000): "is nested too deep",
	} {
		for _, display := range []bool{true, false} {
			set := k.Typeset(tex, display)
			switch {
			case want != "":
				if set.Fault == nil || !strings.Contains(set.Fault.Error(), want) {
					t.Errorf("%.40s: got %v, want an error with %q", tex, set.Fault, want)
				}
			case set.Fault != nil:
				t.Errorf("%s: %v", tex, set.Fault)
			case strings.Contains(set.HTML, " style=\"") || strings.Contains(set.HTML, "<b"):
				t.Errorf("%s: a style attribute, or an element of the formula's own, is left in %s", tex, set.HTML)
			case !strings.Contains(set.HTML, "<math ") || !strings.Contains(set.HTML, `class="katex-html"`):
				t.Errorf("%s: got %s, want MathML for those who listen, and HTML for the eye", tex, set.HTML)
			}
			for class, declarations := range set.Rules {
				if !strings.Contains(set.HTML, class) || !strings.Contains(declarations, ":") {
					t.Errorf("%s: no element has the class %s, which stands for %q", tex, class, declarations)
				}
			}
		}
	}
}

// What is styled alike has one class, whatever formula it stands in.
func TestClassesAreShared(t *testing.T) {
	k := typesetter(t)
	one, other := k.Typeset("x", false), k.Typeset("x+x", false)
	for class, declarations := range one.Rules {
		if other.Rules[class] != declarations {
			t.Errorf("%s is %q in one formula and %q in another", class, declarations, other.Rules[class])
		}
	}
	if got, want := Rule("k1", "height:1em;vertical-align:-0.25em;"), ".k1{height:1em!important;vertical-align:-0.25em!important}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBrokenSource(t *testing.T) {
	for _, source := range []string{"not JavaScript at all", "module.exports = 1", ""} {
		if _, err := New(source); err == nil {
			t.Errorf("%q: no error", source)
		}
	}
}
