// Package book cuts the operations out of the sources of package autograd, so that they can be read side by side: what is shown
// of the core is what the core was built from.
package book

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"gradlab/mlcore/autograd"
)

// Op is an operation of package autograd: a file in which its forward stands directly above its backward.
type Op struct {
	Slug     string // the file's name without its ending: "batchnorm"
	Name     string // of its Tape method: "BatchNorm"
	File     string // from the top of the repository
	Methods  []Method
	Forward  string // source text, with its comment
	Backward string
}

// Method is a method of Tape that records the operation.
type Method struct {
	Signature string // "func (t *Tape[T]) Mul(a, b *Tensor[T]) *Tensor[T]"
	Doc       string // its comment, without slashes
	Source    string // the whole method without its comment
}

// Ops are all operations in the order of their slugs. Nobody changes them.
var Ops = sync.OnceValue(func() []Op {
	ops, err := cut(autograd.Source)
	if err != nil { // these files were compiled
		panic(err)
	}
	return ops
})

// Find returns the operation with a slug.
func Find(slug string) (op Op, found bool) {
	ops := Ops()
	i := slices.IndexFunc(ops, func(o Op) bool { return o.Slug == slug })
	if i < 0 {
		return Op{}, false
	}
	return ops[i], true
}

// cut finds the operations: files with a forward and a backward, in the order of their names.
func cut(sources fs.FS) ([]Op, error) {
	names, err := fs.Glob(sources, "*.go")
	if err != nil {
		return nil, err
	}
	var ops []Op
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(sources, name)
		if err != nil {
			return nil, err
		}
		op, err := cutOne(name, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if op.Forward != "" && op.Backward != "" {
			ops = append(ops, op)
		}
	}
	return ops, nil
}

func cutOne(name string, text []byte) (Op, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return Op{}, err
	}
	between := func(from, to token.Pos) string {
		return string(text[files.Position(from).Offset:files.Position(to).Offset])
	}
	op := Op{Slug: strings.TrimSuffix(name, ".go"), File: "mlcore/autograd/" + name}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		from := f.Pos()
		if f.Doc != nil {
			from = f.Doc.Pos()
		}
		switch {
		case f.Name.Name == "forward":
			op.Forward = between(from, f.End())
		case f.Name.Name == "backward":
			op.Backward = between(from, f.End())
		case f.Name.IsExported():
			if op.Name == "" {
				op.Name = f.Name.Name
			}
			op.Methods = append(op.Methods, Method{between(f.Pos(), f.Type.End()), strings.TrimSpace(f.Doc.Text()), between(f.Pos(), f.End())})
		}
	}
	return op, nil
}

// mostInputs bounds the numbers that the checks of one operation go through: BenchmarkChecks says what that takes.
const mostInputs = 520

// Checks runs gradient checks of the operation, and says how many programs it leaves to the tests.
func (op Op) Checks() (checks []autograd.GradCheck, left int) {
	return autograd.CheckGradients(op.Name, mostInputs)
}
