package handlers

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writers are the functions that write JSON; of each the third argument is what is written.
var writers = []string{"gradlab/handlers/web.WriteJSON", "gradlab/handlers/web.Event", "(*gradlab/handlers/web.Events).Send"}

// makers are the fields, of labs and of what is handed in to a class, whose functions return what is written.
var makers = []string{"Result", "Answer", "take"}

// passes are the functions that write what others give them: what the makers return, and what the events are made of.
var passes = []string{"(*gradlab/handlers/labs.Site).Board", "(*gradlab/handlers/labs.Site).API", "(*gradlab/handlers/labs.Site).streamLanes", "(*gradlab/handlers/class.Pages).handIn", "(*gradlab/handlers/web.Events).Send"}

// shapeless are the places of a file where JSON is written that has no named type.
func shapeless(file *ast.File, info *types.Info) (found map[token.Pos]string, looked int) {
	found = map[token.Pos]string{}
	var in string // the function that is looked at
	look := func(e ast.Expr) {
		looked++
		t := info.TypeOf(e)
		if all, ok := t.(*types.Tuple); ok { // all results of a call are returned
			t = all.At(0).Type()
		}
		_, open := t.Underlying().(*types.Interface)
		if open && slices.Contains(passes, in) || !open && isNamed(t) {
			return
		}
		found[e.Pos()] = t.String()
	}
	for _, d := range file.Decls {
		in = ""
		if f, ok := d.(*ast.FuncDecl); ok {
			in = info.Defs[f.Name].(*types.Func).FullName()
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				var name *ast.Ident
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f
				case *ast.SelectorExpr:
					name = f.Sel
				default:
					return true
				}
				if f, ok := info.Uses[name].(*types.Func); ok && slices.Contains(writers, f.FullName()) {
					look(n.Args[2])
				}
			case *ast.KeyValueExpr:
				key, isField := n.Key.(*ast.Ident)
				made, isFunc := n.Value.(*ast.FuncLit)
				if isField && isFunc && slices.Contains(makers, key.Name) {
					for _, e := range returned(made) {
						if t := info.Types[e]; !t.IsNil() {
							look(e)
						}
					}
				}
			}
			return true
		})
	}
	return found, looked
}

// isNamed says whether a type has a name, or is a list of such, or has no shape at all.
func isNamed(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return true
	case *types.Pointer:
		return isNamed(t.Elem())
	case *types.Slice:
		return isNamed(t.Elem())
	case *types.Struct:
		return t.NumFields() == 0
	}
	return false
}

// returned are the first results of a function's returns.
func returned(f *ast.FuncLit) []ast.Expr {
	var all []ast.Expr
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) > 0 {
				all = append(all, n.Results[0])
			}
		}
		return true
	})
	return all
}

// typed are the files of a package and their types.
func typed(t *testing.T, path string, names []string, source any, imports types.Importer, files *token.FileSet) ([]*ast.File, *types.Info) {
	t.Helper()
	var parsed []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	if _, err := (&types.Config{Importer: imports}).Check(path, files, parsed, info); err != nil {
		t.Fatal(err)
	}
	return parsed, info
}

// compiled imports packages from what the compiler wrote of them.
func compiled(t *testing.T, files *token.FileSet) types.Importer {
	t.Helper()
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for line := range bytes.Lines(out) {
		if path, export, ok := strings.Cut(strings.TrimSpace(string(line)), " "); ok {
			exports[path] = export
		}
	}
	return importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
}

// All JSON that is written is of a type with a name, by which scripts and readers find its fields.
func TestAllJSONHasANamedShape(t *testing.T) {
	if testing.Short() {
		t.Skip("starts no goroutine: left out of -short")
	}
	files := token.NewFileSet()
	imports := compiled(t, files)
	looked := 0
	for path, dir := range map[string]string{"gradlab/handlers": ".", "gradlab/handlers/web": "web", "gradlab/handlers/labs": "labs", "gradlab/handlers/study": "study", "gradlab/handlers/class": "class", "gradlab/handlers/plan": "plan"} {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
		parsed, info := typed(t, path, names, nil, imports, files)
		for _, file := range parsed {
			found, n := shapeless(file, info)
			for at, shape := range found {
				t.Errorf("%s: JSON of the type %s, which has no name", files.Position(at), shape)
			}
			looked += n
		}
	}
	if looked < 35 {
		t.Errorf("looked at %d places only", looked)
	}

	const wrong = `package p

import (
	"net/http"

	"gradlab/handlers/web"
)

type named struct{}

type lab struct{ Result func() (any, error) }

func write(w http.ResponseWriter, out *web.Events, given any) {
	web.WriteJSON(w, 200, map[string]any{"a": 1})
	web.WriteJSON(w, 200, given)
	out.Send("a", "", struct{ A int }{1})
	web.Event("a", "", []map[string]int{})
	out.Send("a", "", named{})
	out.Send("a", "", []*named{})
	out.Send("a", "", struct{}{})
}

var _ = lab{Result: func() (any, error) { return map[string]int{}, nil }}
`
	parsed, info := typed(t, "p", []string{"p.go"}, wrong, imports, files)
	if found, n := shapeless(parsed[0], info); len(found) != 5 || n != 8 {
		t.Errorf("of the wrong ones %v are found, want five; looked at %d of 8", found, n)
	}
}
