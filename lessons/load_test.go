package lessons

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// whole is a question that loads.
const whole = `---
number: 1
slug: why
title: Why?
concepts:
  - id: because
    label: Because it is so.
labs:
  - label: See it
    show: chain?depth=20&x=0.5
sources:
  - {title: A, authors: B, year: 2015, url: "https://example.org/a"}
claims:
  - {says: "about 5", check: "chain?depth=2 loss = 5"}
---
It is about
5.
`

// divided is a question in parts.
const divided = `---
number: 2
slug: both
title: Then? Now?
parts:
  - {id: then, text: "Then?"}
  - {id: now, text: "Now?"}
concepts:
  - {id: a, part: then, label: One.}
  - {id: b, part: now, label: Two.}
---
## then
It was.

### A detail

Of it.

## now

It is.
`

func load(files map[string]string) (*Library, error) {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(apparatus, folder)
}

func TestLoad(t *testing.T) {
	l, err := load(map[string]string{
		"questions/02-both.md": divided,
		"questions/01-why.md":  "\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n"), // as some editors save
		"questions/notes.txt":  "not a question",
	})
	if err != nil {
		t.Fatal(err)
	}
	questions := l.Questions()
	if len(questions) != 2 || questions[0].Slug != "why" || questions[1].Slug != "both" {
		t.Fatalf("got %+v, want why and both", questions)
	}
	why, both := questions[0], questions[1]
	if got, want := why.Parts[0].ModelHTML, "<p>It is about\n5.</p>\n"; got != want {
		t.Errorf("why: got model %q, want %q", got, want)
	}
	if got, want := why.Labs[0].Href(), "/labs/chain?depth=20&x=0.5"; got != want {
		t.Errorf("why: got lab %q, want %q", got, want)
	}
	if got, want := why.Sources[0], (Source{"A", "B", 2015, "https://example.org/a"}); got != want {
		t.Errorf("why: got source %+v, want %+v", got, want)
	}
	then, _ := both.Part("then")
	if got, want := then.ModelHTML, "<p>It was.</p>\n<h3>A detail</h3>\n<p>Of it.</p>\n"; got != want {
		t.Errorf("both: got model of then %q, want %q", got, want)
	}
	now, _ := both.Part("now")
	if got, want := now.ModelHTML, "<p>It is.</p>\n"; got != want {
		t.Errorf("both: got model of now %q, want %q", got, want)
	}
	if _, found := both.Part(""); found {
		t.Error("both: found a part without an id")
	}
}

func TestEmptyFolder(t *testing.T) {
	l, err := load(nil)
	if err != nil || len(l.Questions()) != 0 {
		t.Errorf("got %d questions, %v, want none and no error", len(l.Questions()), err)
	}
}

// A slip is a mistake of an author's in a file, and where and how the loader names it.
type slip struct {
	name, file, old, new string
	line                 int
	reason               string
}

// make loads the files with the slip made in them, wants it named, and returns what could be loaded all the same.
func (s slip) make(t *testing.T, files map[string]string) *Library {
	t.Helper()
	if !strings.Contains(files[s.file], s.old) {
		t.Fatalf("the test replaces %q, which is not there", s.old)
	}
	files[s.file] = strings.Replace(files[s.file], s.old, s.new, 1)
	l, err := load(files)
	var faults LoadError
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want a LoadError", err)
	}
	named := func(f *FileError) bool {
		return f.File == s.file && f.Line == s.line && strings.Contains(f.Reason, s.reason)
	}
	if !slices.ContainsFunc(faults, named) {
		t.Errorf("got %v\nwant %s:%d: … %s …", err, s.file, s.line, s.reason)
	}
	return l
}

func TestLoadNamesFileLineAndReason(t *testing.T) {
	const one, two = "questions/01-why.md", "questions/02-both.md"
	for _, test := range []slip{
		{"no front matter", one, "---\nnumber", "number", 1, "does not start with front matter"},
		{"endless front matter", one, "---\nIt is", "It is", 1, "front matter does not end"},
		{"empty front matter", one, whole, "---\n---\nText.\n", 2, "front matter is empty"},
		{"not UTF-8", one, "about\n", "about \xff\n", 16, "not text"},
		{"NUL", one, "slug: why", "slug: w\x00hy", 3, "not text"},
		{"broken YAML", one, "slug: why", "slug: [why", 4, "must be specified"},
		{"twice", one, "slug: why", "slug: why\nslug: why", 4, "already defined"},
		{"unknown field", one, "title: Why?", "titel: Why?", 4, `unknown field "titel"`},
		{"wrong kind", one, "number: 1", "number: one", 2, "is a text, want a whole number"},
		{"wrong kind of list", one, "concepts:\n  - id: because\n    label: Because it is so.", "concepts: because", 5, "sequence"},
		{"number 0", one, "number: 1", "number: 0", 2, "want 1 or more"},
		{"bad slug", one, "slug: why", "slug: Why Not", 3, "lower-case"},
		{"other file name", one, "slug: why", "slug: why-not", 3, "01-why-not.md"},
		{"no title", one, "title: Why?", "title: ' '", 4, "title is missing"},
		{"no concepts", one, "concepts:\n  - id: because\n    label: Because it is so.\n", "", 1, "concepts are missing"},
		{"concept twice", one, "    label: Because it is so.", "    label: Because it is so.\n  - {id: because, label: Again.}", 8, `"because" is used twice`},
		{"concept without label", one, "    label: Because it is so.\n", "", 6, "has no label"},
		{"concept of no part", one, "    label: Because", "    part: then\n    label: Because", 7, `part "then", which`},
		{"pick too many", one, "title: Why?", "title: Why?\npick: 2", 5, "want 0 (all) to 1"},
		{"unknown lab", one, "chain?depth=20", "chains?depth=20", 10, "does not start with one of chain, train"},
		{"bad lab query", one, "depth=20", "depth=%zz", 10, "invalid URL escape"},
		{"parameter twice", one, "depth=20", "depth=20&depth=21", 10, "given 2 times"},
		{"script for a source", one, `https://example.org/a`, "javascript:alert(1)", 12, "not an https"},
		{"source without year", one, "year: 2015, ", "", 12, "needs title, authors and year"},
		{"claim not in the text", one, "It is about", "It is nearly", 14, `does not say "about 5"`},
		{"unreadable claim", one, "loss = 5", "loss is 5", 14, "want run and path"},
		{"no model", one, "It is about\n5.", "", 14, "does not say"},
		{"text before the first section", two, "## then\n", "Well.\n\n## then\n", 12, "before the first section"},
		{"unknown section", two, "## now", "## later", 19, `"later" is not the id`},
		{"section twice", two, "## now", "## then", 19, `"then" stands twice`},
		{"missing section", two, "## now\n\nIt is.\n", "", 7, `want a section ## now`},
		{"empty section", two, "\nIt is.\n", "", 7, `want a section ## now`},
		{"part without text", two, `text: "Then?"`, `text: ""`, 6, "has no text"},
		{"part twice", two, "id: now,", "id: then,", 7, "used twice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if l := test.make(t, map[string]string{one: whole, two: divided}); len(l.Questions()) != 1 {
				t.Errorf("got %d questions, want the other one", len(l.Questions()))
			}
		})
	}
}

func TestLoadRubric(t *testing.T) {
	const file = "questions/01-why.hints.yaml"
	files := map[string]string{"questions/01-why.md": whole, file: "concepts:\n  because:\n    - (so)\n"}
	l, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	if found := l.Questions()[0].Rubric.Find("It is so."); len(found) != 1 || !found[0].Found {
		t.Errorf("got %+v, want the concept found", found)
	}
	for _, test := range []struct {
		name, rubric string
		line         int
		reason       string
	}{
		{"broken YAML", "concepts:\n  because: [\n", 2, "not found"},
		{"unreadable rule", "concepts:\n  because:\n    - (so)\n    - so\n", 4, `no term is called "so"`},
		{"unknown concept", "concepts:\n  why:\n    - (so)\n", 3, "is no concept"},
		{"unknown field", "concept:\n  because: []\n", 1, "unknown field"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files[file] = test.rubric
			_, err := load(files)
			var faults LoadError
			if !errors.As(err, &faults) || len(faults) != 1 {
				t.Fatalf("got %v, want one fault", err)
			}
			if got := faults[0]; got.File != file || got.Line != test.line || !strings.Contains(got.Reason, test.reason) {
				t.Errorf("got %v, want %s:%d: … %s …", got, file, test.line, test.reason)
			}
		})
	}
}

func TestLoadReportsAllFaultsOfAllFiles(t *testing.T) {
	_, err := load(map[string]string{
		"questions/01-why.md":  strings.NewReplacer("title: Why?", "title: ''", "year: 2015, ", "").Replace(whole),
		"questions/1-why.md":   whole,
		"questions/02-both.md": "nothing",
	})
	for _, want := range []string{
		"questions/01-why.md:4: title is missing",
		"questions/01-why.md:12: source needs",
		"questions/02-both.md:1: does not start",
		"questions/1-why.md:3: number and slug want the file name 01-why.md",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant it to name %q", err, want)
		}
	}
}

func TestNumbersAreTakenOnce(t *testing.T) {
	_, err := load(map[string]string{
		"questions/01-why.md":   whole,
		"questions/01-other.md": strings.Replace(whole, "slug: why", "slug: other", 1),
	})
	if want := "questions/01-why.md:2: number 1 is taken by questions/01-other.md"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
