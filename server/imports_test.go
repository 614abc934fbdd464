package main

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Imports go one way: server → handlers → {views, lessons, store, mlcore}. The core knows nothing of the web, the views
// nothing of the core, the lessons and the store nothing of HTTP.
func TestImportsGoOneWay(t *testing.T) {
	forbidden := []struct {
		from string   // packages, as go list takes them
		to   []string // import paths or their beginnings
	}{
		{"gradlab/mlcore/...", []string{"net/http", "html/template", "github.com/a-h/templ", "gradlab/views", "gradlab/handlers", "gradlab/lessons", "gradlab/store", "gradlab/static"}},
		{"gradlab/views/...", []string{"gradlab/mlcore", "gradlab/handlers", "gradlab/lessons", "gradlab/store"}},
		{"gradlab/lessons/...", []string{"net/http", "gradlab/handlers", "gradlab/views", "gradlab/store"}},
		{"gradlab/store/...", []string{"net/http", "gradlab/handlers", "gradlab/views", "gradlab/lessons", "gradlab/mlcore"}},
		{"gradlab/static/...", []string{"gradlab/handlers", "gradlab/views", "gradlab/mlcore", "gradlab/lessons", "gradlab/store"}},
		{"gradlab/handlers/...", []string{"gradlab/server", "database/sql", "modernc.org/sqlite/lib"}},
		{"gradlab/handlers/labs", []string{"gradlab/handlers/study", "gradlab/handlers/class", "gradlab/store", "gradlab/classroom", "gradlab/answers"}},
		{"gradlab/handlers/board", []string{"net/http", "gradlab/mlcore/runner", "gradlab/store", "gradlab/handlers"}},
		{"gradlab/handlers/study", []string{"gradlab/handlers/class", "gradlab/handlers/plan", "gradlab/store", "gradlab/mlcore/runner"}},
		{"gradlab/handlers/plan", []string{"gradlab/handlers/class", "gradlab/store", "gradlab/mlcore/runner"}},
		{"gradlab/handlers/class", []string{"gradlab/handlers/admin", "gradlab/handlers/lti", "gradlab/store"}},
		{"gradlab/handlers/lti", []string{"gradlab/store", "gradlab/mlcore"}},
		{"gradlab/handlers/admin", []string{"gradlab/handlers/class", "gradlab/handlers/plan", "gradlab/handlers/study", "gradlab/store"}},
		{"gradlab/audit", []string{"net/http", "database/sql", "gradlab"}},
		{"gradlab/handlers/homework", []string{"gradlab/handlers/class", "gradlab/store", "gradlab/mlcore/runner"}},
		{"gradlab/answers", []string{"net/http", "database/sql", "gradlab"}},
		{"gradlab/persons", []string{"net/http", "database/sql", "gradlab"}},
		{"gradlab/signon", []string{"database/sql", "gradlab/handlers", "gradlab/views", "gradlab/store", "gradlab/lti"}},
		{"gradlab/handlers/account", []string{"gradlab/store", "gradlab/mlcore", "gradlab/handlers/study", "gradlab/handlers/class", "gradlab/handlers/plan"}},
		{"gradlab/classroom/...", []string{"net/http", "gradlab/handlers", "gradlab/views", "gradlab/lessons/hint", "gradlab/mlcore", "gradlab/store"}},
		{"gradlab/plans/...", []string{"net/http", "database/sql", "gradlab/handlers", "gradlab/views", "gradlab/lessons/hint", "gradlab/mlcore", "gradlab/store"}},
		{"gradlab/lti/...", []string{"database/sql", "gradlab/handlers", "gradlab/views", "gradlab/lessons", "gradlab/mlcore", "gradlab/store", "gradlab/classroom", "gradlab/answers"}},
		{"gradlab/homework/...", []string{"net/http", "database/sql", "gradlab/handlers", "gradlab/views", "gradlab/lessons/hint", "gradlab/mlcore", "gradlab/store"}},
		{"gradlab/export/...", []string{"net/http", "gradlab/handlers", "gradlab/views", "gradlab/lessons", "gradlab/store", "gradlab/classroom"}},
	}
	for _, rule := range forbidden {
		for from, imports := range ownImports(t, rule.from) {
			for _, imported := range imports {
				for _, to := range rule.to {
					if imported == to || strings.HasPrefix(imported, to+"/") {
						t.Errorf("%s imports %s", from, imported)
					}
				}
			}
		}
	}
}

// What every room uses must not become what has no other place: package web knows how requests are answered, and no room.
func TestWebIsCapped(t *testing.T) {
	may := []string{"gradlab/answers", "gradlab/mlcore/experiment", "gradlab/mlcore/runner", "gradlab/persons", "gradlab/store", "gradlab/views"}
	for from, imports := range ownImports(t, "gradlab/handlers/web") {
		for _, imported := range imports {
			if strings.HasPrefix(imported, "gradlab/") && !slices.Contains(may, imported) {
				t.Errorf("%s imports %s", from, imported)
			}
		}
	}
}

// ownImports lists, for each of our packages that the pattern reaches, what it imports itself.
func ownImports(t *testing.T, pattern string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, pattern).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", pattern, err)
	}
	imports := map[string][]string{}
	for line := range bytes.Lines(out) {
		words := strings.Fields(string(line))
		imports[words[0]] = words[1:]
	}
	if len(imports) == 0 {
		t.Fatalf("go list %s names no package", pattern)
	}
	return imports
}
