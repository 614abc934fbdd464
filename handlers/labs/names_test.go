package labs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// named is a string that names a lab: its name, or one of its addresses.
func named(text string) string {
	for _, l := range All() {
		for _, e := range append([]Experiment{l.Experiment}, l.More...) {
			for _, before := range []string{"", "/labs/", "/embed/", "/api/", "/export/"} {
				if text == before+e.Name {
					return l.Name
				}
			}
		}
	}
	return ""
}

// decisions are the places of a file where something is decided by a lab's name: a case, a comparison, a key of a map.
func decisions(file *ast.File) map[token.Pos]string {
	found := map[token.Pos]string{}
	look := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && named(text) != "" {
				found[lit.Pos()] = text
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CaseClause:
			for _, e := range n.List {
				look(e)
			}
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				look(n.X)
				look(n.Y)
			}
		case *ast.IndexExpr:
			look(n.Index)
		case *ast.CompositeLit:
			if _, isMap := n.Type.(*ast.MapType); isMap {
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						look(kv.Key)
					}
				}
			}
			if _, isList := n.Type.(*ast.ArrayType); isList { // a list of labs is a registry of its own
				for _, e := range n.Elts {
					look(e)
				}
			}
		}
		return true
	})
	return found
}

// homes are the folders where labs have files of their own.
var homes = []string{"handlers/board", "handlers/labs", "views", "export", "static/js"}

// own says whether a file is a lab's: in one of their homes, by the lab's name, as train.go, train_result.go or train-kept.js.
func own(path string) bool {
	dir, err := filepath.Rel("../..", filepath.Dir(path))
	name, _, _ := strings.Cut(strings.NewReplacer("_", ".", "-", ".").Replace(filepath.Base(path)), ".")
	return err == nil && slices.Contains(homes, filepath.ToSlash(dir)) && slices.ContainsFunc(All(), func(l Lab) bool { return l.Name == name })
}

// script matches what in a script decides by a lab's name: a comparison, or the beginning of an address.
var script = func() *regexp.Regexp {
	var names []string
	for _, l := range All() {
		for _, e := range append([]Experiment{l.Experiment}, l.More...) {
			names = append(names, regexp.QuoteMeta(e.Name))
		}
	}
	return regexp.MustCompile("(?:[!=]==? *|case +|startsWith\\()['\"`](?:/(?:labs|embed|api)/)?(?:" + strings.Join(names, "|") + ")\\b")
}()

// Nothing is decided by a lab's name but in its own files: what the site does with labs ranges over them. The core knows no labs;
// in it the words mean something else.
func TestNothingIsDecidedByALabsName(t *testing.T) {
	looked := 0
	for _, room := range []string{"handlers", "views", "lessons", "classroom", "export", "store", "server", "static"} {
		err := filepath.WalkDir(filepath.Join("../..", room), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir() && d.Name() == "vendor":
				return cmp(err, fs.SkipDir)
			case own(path) || strings.HasSuffix(path, "_test.go"):
				return nil
			case strings.HasSuffix(path, ".go"):
				looked++
				files := token.NewFileSet()
				file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
				if err != nil {
					return err
				}
				for at, text := range decisions(file) {
					t.Errorf("%s: decides by the name %q of a lab", files.Position(at), text)
				}
			case strings.HasSuffix(path, ".js"):
				looked++
				text, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				for _, at := range script.FindAllString(string(text), -1) {
					t.Errorf("%s: decides by the name of a lab: %s", path, at)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 100 {
		t.Errorf("looked at %d files only", looked)
	}
}

func cmp(err, fallback error) error {
	if err != nil {
		return err
	}
	return fallback
}

// The test above can fail.
func TestDecisionsAreFound(t *testing.T) {
	const wrong = `package p
var known = map[string]int{"/labs/chain": 1}
var all = []string{"sweep"}
func f(lab string) int {
	switch lab {
	case "train":
		return known["kernels"]
	}
	if lab == "network" || "/embed/train" != lab {
		return 1
	}
	print("chain")
	return 0
}`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", wrong, 0)
	if err != nil {
		t.Fatal(err)
	}
	if found := decisions(file); len(found) != 6 {
		t.Errorf("found %v, want six", fmt.Sprint(found))
	}
	if !script.MatchString("if (lab.startsWith('/embed/chain')) set()") || script.MatchString("ask('/labs/chain/board')") {
		t.Error("a script that decides is not told from one that asks")
	}
}
