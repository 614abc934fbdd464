// Command rooms draws the rooms of the program from what its packages import, as the page docs/rooms.md.
//
//	go run ./docs/rooms > docs/rooms.md
//
// An arrow leads from a package to one that it imports. Those that another one's imports lead to anyway are left out.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Doc}}\t{{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		log.Fatalf("go list: %v", err)
	}
	docs, imports := map[string]string{}, map[string][]string{}
	var names []string
	for line := range bytes.Lines(out) {
		fields := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		name := short(fields[0])
		if !room(name) {
			continue
		}
		names, docs[name] = append(names, name), fields[1]
		for _, path := range strings.Fields(fields[2]) {
			if strings.HasPrefix(path, "gradlab/") && room(short(path)) {
				imports[name] = append(imports[name], short(path))
			}
		}
	}
	fmt.Print("<!-- Written by go run ./docs/rooms > docs/rooms.md; do not edit. -->\n\n# Find your way\n\nEvery package is a room, and an arrow an import. No arrow leads back up; a test holds that. An import that follows from others\nis not drawn. How a lab comes in: [adding a lab](adding-a-lab.md).\n\n```mermaid\nflowchart TD\n")
	for _, name := range names {
		fmt.Printf("  %s[%s]\n", id(name), name)
	}
	for _, from := range names {
		for _, to := range imports[from] {
			if !slices.ContainsFunc(imports[from], func(by string) bool { return by != to && leads(imports, by, to) }) {
				fmt.Printf("  %s --> %s\n", id(from), id(to))
			}
		}
	}
	fmt.Print("```\n\n| room | what is there |\n| --- | --- |\n")
	for _, name := range names {
		fmt.Printf("| `%s` | %s |\n", name, docs[name])
	}
}

// room says whether a package is drawn: tools and what only tests use are not.
func room(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if slices.Contains([]string{"internal", "bench", "gen", "docs", "e2e", "licences", "convert", "pgtest"}, part) {
			return false
		}
	}
	return true
}

func short(path string) string { return strings.TrimPrefix(path, "gradlab/") }

func id(name string) string { return strings.NewReplacer("/", "_", "-", "_").Replace(name) }

// leads says whether imports lead from one package to another.
func leads(imports map[string][]string, from, to string) bool {
	return slices.ContainsFunc(imports[from], func(next string) bool { return next == to || leads(imports, next, to) })
}
