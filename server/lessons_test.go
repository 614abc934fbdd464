package main

import (
	"bytes"
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
	var out bytes.Buffer
	whole := folder(t, map[string]string{"content/10-mine.md": ownLesson})
	if err := run(t.Context(), []string{"check", "--quick", whole}, os.Getenv, &out, io.Discard); err != nil || !strings.Contains(out.String(), "10 lessons, 7 questions") {
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
	for _, args := range [][]string{{"check"}, {"check", "a", "b"}, {"check", "--no"}} {
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
