package web

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Only door.go reads what a request carries: every other file of handlers and its rooms asks the door.
func TestOnlyTheDoorReadsRequests(t *testing.T) {
	ofRequest := map[string]bool{"FormValue": true, "PostFormValue": true, "Form": true, "PostForm": true, "MultipartForm": true, "FormFile": true,
		"ParseForm": true, "ParseMultipartForm": true, "MultipartReader": true, "PathValue": true, "Body": true}
	ofURL := map[string]bool{"Query": true, "RawQuery": true, "RawPath": true, "RequestURI": true}
	ofPackage := map[string]bool{"url.ParseQuery": true, "chi.URLParam": true, "json.NewDecoder": true, "json.Unmarshal": true}
	allowed := map[string]bool{
		"web/keep.go r.URL.RawQuery":      true, // a key, never shown
		"web/respond.go r.URL.RequestURI": true, // cleaned there
		"web/door.go":                     true,
		"lti/frame.go json.Unmarshal":     true, // of what was sealed here
	}
	handlers := os.DirFS("..")
	files, _ := fs.Glob(handlers, "*.go")
	below, _ := fs.Glob(handlers, "*/*.go")
	if files = append(files, below...); !slices.Contains(files, "web/door.go") || !slices.Contains(files, "routes.go") {
		t.Fatal("not all of handlers is looked at:", files)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || allowed[name] {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join("..", name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		requests := map[string]bool{} // names of what is a *http.Request somewhere in the file
		ast.Inspect(file, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok {
				return true
			}
			if star, ok := field.Type.(*ast.StarExpr); ok {
				if s, ok := star.X.(*ast.SelectorExpr); ok && s.Sel.Name == "Request" {
					for _, n := range field.Names {
						requests[n.Name] = true
					}
				}
			}
			return true
		})
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			what := ""
			switch x := s.X.(type) {
			case *ast.Ident:
				if requests[x.Name] && ofRequest[s.Sel.Name] || ofPackage[x.Name+"."+s.Sel.Name] {
					what = x.Name + "." + s.Sel.Name
				}
			case *ast.SelectorExpr:
				if r, ok := x.X.(*ast.Ident); ok && requests[r.Name] && x.Sel.Name == "URL" && ofURL[s.Sel.Name] {
					what = r.Name + ".URL." + s.Sel.Name
				}
			}
			if what != "" && !allowed[name+" "+what] {
				t.Errorf("%s reads %s past the door (door.go)", set.Position(s.Pos()), what)
			}
			return true
		})
	}
}

// A Handler that no adapter let in by the door fails at once, so that the suite finds it.
func TestRequestsComeInByTheDoor(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a request that did not pass the door can be read")
		}
	}()
	Query(httptest.NewRequest("GET", "/", nil).WithContext(context.Background()))
}
