// Gen writes the licence texts of all modules that are linked into a program, as the container image has it: for Linux, without cgo.
//
//	go run ./static/licences/gen FILE PACKAGE
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A module is one that is linked.
type module struct {
	Path, Version, Dir string
	Main               bool
	Replace            *module
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen FILE PACKAGE")
		os.Exit(2)
	}
	text, err := licences(os.Args[2])
	if err == nil {
		err = os.WriteFile(os.Args[1], text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// licences writes each text once, under the names of those who are under it. A module without a text is an error: it may not be
// given on.
func licences(program string) ([]byte, error) {
	modules, err := linked(program)
	if err != nil {
		return nil, err
	}
	under, texts := map[string][]string{}, []string{}
	for _, m := range modules {
		found, err := textsIn(m.Dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		for _, text := range found {
			if under[text] == nil {
				texts = append(texts, text)
			}
			under[text] = append(under[text], m.Path+" "+m.Version)
			if m.Path == "golang.org/x/sys" { // the Go project has one licence; not every installation of Go comes with its text
				under[text] = append(under[text], "Go, its runtime and standard library")
			}
		}
	}
	var out bytes.Buffer
	fmt.Fprintln(&out, "The program holds these modules. Each text below is the licence of, or a notice to, the modules named above it.")
	for _, text := range texts {
		fmt.Fprintf(&out, "\n%s\n\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(under[text], "\n"), text)
	}
	return out.Bytes(), nil
}

// linked lists the modules in the order of their names.
func linked(program string) ([]module, error) {
	list := exec.Command("go", "list", "-deps", "-json=Module", program)
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	byPath := map[string]module{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if m := p.Module; m != nil && !m.Main {
			if m.Replace != nil {
				m.Dir = m.Replace.Dir
			}
			byPath[m.Path] = *m
		}
	}
	var modules []module
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		modules = append(modules, byPath[path])
	}
	return modules, nil
}

var isLicence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|patents)([-._].*)?$`)

// textsIn returns the licence files at the root of a module, in the order of their names.
func textsIn(dir string) (texts []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !isLicence.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
	}
	if len(texts) == 0 {
		return nil, errors.New("has no licence text")
	}
	return texts, nil
}
