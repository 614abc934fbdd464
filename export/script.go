package export

import (
	"embed"
	"fmt"
	"io"
	"strings"
	"text/template"
)

// A Script is an experiment as PyTorch code. It runs as it is under PyTorch 1.13 and later.
type Script struct {
	name  string
	title string
	link  string
	usage string // what it needs and prints
	cells []cell
	view  view
}

// A cell is a piece of the code. Its name is that of two templates: "<name>" gives the code, "<name> words" what a
// notebook says before it; and of a third where there is something to see: "<name> drawing" draws it in a notebook. A
// script, whose output is read by programs, draws nothing.
type cell string

// A view is what the templates of an experiment see: its config, and whether they write a script or a notebook. A
// script's output is read by programs, so whatever is no result goes to its standard error.
type view interface{ as(script bool) view }

//go:embed templates/*.tmpl
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"float": float}).ParseFS(templateFiles, "templates/*.tmpl"))

// Name says what the script holds, in letters, digits, hyphens and underscores: a file name without its ending.
func (s Script) Name() string { return s.name }

// Python writes the script: one file, whose first comment says what it is and where the experiment can be seen.
func (s Script) Python(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n# %s\n# %s\n\n", s.title, s.link, s.usage)
	for i, c := range s.cells {
		code, err := s.execute(string(c), true)
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(strings.Repeat("\n", blankLines(code)))
		}
		b.WriteString(code + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// blankLines is the number of blank lines before a piece of code: two before a class or a function (PEP 8).
func blankLines(code string) int {
	if strings.HasPrefix(code, "class ") || strings.HasPrefix(code, "def ") {
		return 2
	}
	return 1
}

// execute returns the text of a template without the white space around it.
func (s Script) execute(name string, script bool) (string, error) {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, s.view.as(script)); err != nil {
		return "", fmt.Errorf("export: %s: %w", name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// float writes a number as Python's float: 0.5, 10.0, 1e-05.
func float(v float64) string {
	text := Number(v, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// functions are the activations in PyTorch, by the experiment's names; the identity has none.
var functions = map[string]string{
	"tanh": "torch.tanh", "sigmoid": "torch.sigmoid", "relu": "F.relu", "leaky_relu": "F.leaky_relu", "elu": "F.elu",
	"selu": "F.selu", "gelu": "F.gelu", "silu": "F.silu", "softplus": "F.softplus",
}

// apply writes an activation of an expression.
func apply(activation, expression string) string {
	if f, ok := functions[activation]; ok {
		return f + "(" + expression + ")"
	}
	return expression
}
