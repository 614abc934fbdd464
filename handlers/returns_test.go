package handlers

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// last are the functions that write a whole answer and may fail; after http.Redirect, which cannot, a handler must return, too.
var last = map[string]bool{"web.Render": true, "web.WriteJSON": true, "redraw": true}

// unreturned are the places of a file where a function that returns an error writes an answer and goes on, so that a second one may
// follow.
func unreturned(file *ast.File) map[token.Pos]string {
	found := map[token.Pos]string{}
	look := func(list []ast.Stmt) {
		for i, s := range list {
			returns := i+1 < len(list)
			if returns {
				_, returns = list[i+1].(*ast.ReturnStmt)
			}
			if expr, ok := s.(*ast.ExprStmt); ok {
				if call, ok := expr.X.(*ast.CallExpr); ok && (last[calledName(call)] || calledName(call) == "http.Redirect" && !returns) {
					found[call.Pos()] = calledName(call)
				}
			}
		}
	}
	handler := func(f *ast.FuncType, body *ast.BlockStmt) {
		if body == nil || f.Results == nil || fmt.Sprint(f.Results.List[len(f.Results.List)-1].Type) != "error" {
			return
		}
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.BlockStmt:
				look(n.List)
			case *ast.CaseClause:
				look(n.Body)
			}
			return true
		})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			handler(n.Type, n.Body)
		case *ast.FuncLit:
			handler(n.Type, n.Body)
		}
		return true
	})
	return found
}

// calledName is the name of a function as the call has it.
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); ok {
			return of.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// An answer that is written is also the handler's last word.
func TestAnswersAreReturned(t *testing.T) {
	looked := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		looked++
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for at, name := range unreturned(file) {
			t.Errorf("%s: the handler goes on after %s", files.Position(at), name)
		}
		return nil
	})
	if err != nil || looked < 50 {
		t.Fatalf("looked at %d files: %v", looked, err)
	}

	const wrong = `package p
func f(w http.ResponseWriter, r *http.Request) error {
	if r == nil {
		http.Redirect(w, r, "/", 303)
	}
	switch {
	case w == nil:
		web.Render(w, r, 200, nil)
		return nil
	}
	web.WriteJSON(w, 200, nil)
	http.Redirect(w, r, "/", 303)
	return web.Render(w, r, 200, nil)
}`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", wrong, 0)
	if err != nil {
		t.Fatal(err)
	}
	if found := unreturned(file); len(found) != 3 {
		t.Errorf("of the wrong ones %v are found, want three", found)
	}
}
