package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const ownLesson = `---
number: 10
slug: mine
title: A lesson of mine
minutes: 3
hook: Why?
takeaway: So.
---
## One

A formula, $a_1$.
`

// folder makes a folder of lessons.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCheckCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("starts no goroutine: left out of -short")
	}
	var out bytes.Buffer
	whole := folder(t, map[string]string{"content/10-mine.md": ownLesson})
	if err := run(t.Context(), []string{"check", "--quick", whole}, os.Getenv, &out, io.Discard); err != nil || !strings.Contains(out.String(), "lessons, 7 questions") {
		t.Errorf("a whole folder: %v, said %q", err, out.String())
	}
	for name, test := range map[string]struct{ old, new, want string }{
		"formula": {"a_1", `\frac{a`, `lesson mine: formula \frac{a:`},
		"link":    {"A formula", "[A](/lessons/none)", `there is no lesson "none"`},
		"file":    {"minutes: 3", "minutes: three", "content/10-mine.md:5: is a text, want a whole number"},
		"claim":   {"takeaway: So.", "takeaway: So.\nclaims:\n  - {says: A formula, check: \"chain?depth=1 loss = 7\"}", "“A formula”: the core computes"},
	} {
		out.Reset()
		broken := folder(t, map[string]string{"content/10-mine.md": strings.Replace(ownLesson, test.old, test.new, 1)})
		if err := run(t.Context(), []string{"check", "--quick", broken}, os.Getenv, &out, io.Discard); err == nil || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: %v, said %q, want %q", name, err, out.String(), test.want)
		}
	}
	for _, args := range [][]string{{"check"}, {"check", "a", "b"}, {"check", "--no"}, {"check", "--answers"}} {
		if err := run(t.Context(), args, os.Getenv, io.Discard, io.Discard); err != errUsage {
			t.Errorf("%v: %v, want the usage", args, err)
		}
	}
	if err := run(t.Context(), []string{"check", filepath.Join(whole, "nowhere")}, os.Getenv, io.Discard, io.Discard); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

func TestOwnLessonsAreServed(t *testing.T) {
	dir := folder(t, map[string]string{"content/10-mine.md": ownLesson, "content/11-broken.md": "no lesson"})
	address, _ := start(t, "--lessons", dir)
	for path, want := range map[string]int{"/lessons/mine": 200, "/lessons/the-chain": 200, "/lessons/broken": 404} {
		resp, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}

// The template of the documentation is a lesson without a fault.
func TestTemplateHasNoFault(t *testing.T) {
	if testing.Short() {
		t.Skip("starts no goroutine: left out of -short")
	}
	page, err := os.ReadFile("../docs/lessons.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "````markdown\n")
	template, _, found := strings.Cut(rest, "````\n")
	if !found {
		t.Fatal("the documentation has no template")
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"check", "--quick", folder(t, map[string]string{"content/10-my-lesson.md": template})}, os.Getenv, &out, io.Discard); err != nil {
		t.Errorf("%v: %s", err, out.String())
	}
}

// The rules of a folder's question are scored on labelled answers: what they find wrongly and miss, and which do nothing.
func TestCheckAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts no goroutine: left out of -short")
	}
	dir := folder(t, map[string]string{
		"questions/08-tea.md": "---\nnumber: 8\nslug: tea\ntitle: What is tea?\nconcepts:\n  - {id: leaves, label: It is made of leaves.}\n---\nTea is made of leaves.\n",
		"questions/08-tea.hints.yaml": `concepts: {leaves: [(leaf), (leaf) (water), (herb)]}
misconceptions: {leaves: ["(leaf) > (coffee)"]}
`,
		"answers/tea.yaml": `- {found: [leaves], text: A leaf in water.}
- {found: [leaves], text: It comes from a bush.}
- {found: [], text: A leaf of paper.}
- {found: [], text: It has the leaf of coffee.}
`,
		"answers/coffee.yaml":  "[]",
		"answers/x/tea.yaml":   "- {found: [milk], text: Milk.}",
		"answers/bad/tea.yaml": "- {finds: [leaves]}",
	})
	var out bytes.Buffer
	if err := run(t.Context(), []string{"check", "--answers", filepath.Join(dir, "answers/tea.yaml"), dir}, os.Getenv, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"answer 2: leaves is missed: It comes from a bush.\n", "answer 3: leaves is found and should not be: A leaf of paper.\n",
		"    1     1     0  concepts.leaves[0] (leaf)\n", "    1     0     0  concepts.leaves[1] (leaf) (water)\n", "    0     0     0  concepts.leaves[2] (herb)\n",
		"    1     0     1  misconceptions.leaves[0] (leaf) > (coffee)\n",
		"4 answers: 1 concepts found rightly, 1 wrongly, 1 missed; precision 0.50, recall 0.50, F1 0.50\n", "1 rules hold in none of them, 2 only where another rule does the same\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in:\n%s", want, out.String())
		}
	}
	for file, want := range map[string]string{"coffee.yaml": `no question "coffee"`, "x/tea.yaml": `no concept "milk"`, "bad/tea.yaml": "unknown field", "none.yaml": "no such file"} {
		err := run(t.Context(), []string{"check", "--answers", filepath.Join(dir, "answers", file), dir}, os.Getenv, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
	for _, file := range []string{"hint/testdata/dev/how-skips-help.yaml", "testdata/misconceptions.yaml"} {
		if err := run(t.Context(), []string{"check", "--answers", "../lessons/" + file}, os.Getenv, io.Discard, io.Discard); err != nil {
			t.Errorf("our own rules: %v", err)
		}
	}
}

// Before a rule is saved, it is said in which answers it changes what is found.
func TestTryRule(t *testing.T) {
	if testing.Short() {
		t.Skip("a command that does one thing after the other")
	}
	dir := folder(t, map[string]string{
		"questions/08-tea.md":         "---\nnumber: 8\nslug: tea\ntitle: What is tea?\nconcepts:\n  - {id: leaves, label: It is made of leaves.}\n---\nTea is made of leaves.\n",
		"questions/08-tea.hints.yaml": "concepts: {leaves: [(leaf)]}\n",
		"answers/tea.yaml": `- {found: [leaves], text: A leaf in water.}
- {found: [leaves], text: It comes from a bush.}
- {found: [], text: A leaf of paper.}
- {found: [], text: The president was called bush.}
`,
		"other.yaml": "concepts: {leaves: [(leaf) (water)]}\n",
	})
	const now = "now:  1 concepts found rightly, 1 wrongly, 1 missed; precision 0.50, recall 0.50, F1 0.50\n"
	for what, want := range map[string]string{
		"leaves=(bush)":                      "answer 2: leaves would be found, rightly: It comes from a bush.\nanswer 4: leaves would be found, wrongly: The president was called bush.\n\n4 answers\n" + now + "then: 2 concepts found rightly, 2 wrongly, 0 missed; precision 0.50, recall 1.00, F1 0.67\n",
		"misconceptions.leaves=(paper)":      "answer 3: leaves would be found no more, rightly: A leaf of paper.\n\n4 answers\n" + now + "then: 1 concepts found rightly, 0 wrongly, 1 missed; precision 1.00, recall 0.50, F1 0.67\n",
		"leaves=(herb)":                      "nothing would change in these answers\n\n4 answers\n" + now + strings.Replace(now, "now: ", "then:", 1),
		filepath.Join(dir, "other.yaml"):     "answer 3: leaves would be found no more, rightly: A leaf of paper.\n",
		"milk=(milk)":                        "is no concept of the question",
		"leaves=(bush":                       "--try leaves=(bush: ",
		filepath.Join(dir, "not-there.yaml"): "no such file",
	} {
		var out bytes.Buffer
		err := run(t.Context(), []string{"check", "--answers", filepath.Join(dir, "answers/tea.yaml"), "--try", what, dir}, os.Getenv, &out, io.Discard)
		if err != nil {
			fmt.Fprint(&out, err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: want %q in:\n%s", what, want, out.String())
		}
	}
	var out bytes.Buffer
	file := "../lessons/testdata/misconceptions.yaml"
	if err := run(t.Context(), []string{"check", "--answers", file, "--try", "only-the-sigmoid=(tangent)"}, os.Getenv, &out, io.Discard); err != nil || !strings.Contains(out.String(), "then: ") {
		t.Errorf("a rule for our misconceptions: %v: %s", err, out.String())
	}
}
