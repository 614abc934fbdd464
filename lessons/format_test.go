package lessons

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// taught is a lesson that loads, with one block of each kind.
const taught = `---
number: 1
slug: first
title: First
minutes: 5
hook: Why?
takeaway: "So."
sources:
  - {title: A, authors: B, year: 2015, url: "https://example.org/a"}
claims:
  - {says: "a loss of 5", check: "chain?depth=2 loss < 5"}
---
## One thing

See the [slope](term:slope) of $a_1$, a loss of 5.

` + "```predict" + `
id: guess
question: How *much*?
kind: number
as: exponent
unit: of it
tolerance: 0.5
compute: chain?depth=2&skip=none grad_w[0]
reveal: That much.
` + "```\n\n```lab" + `
id: one
show: chain?depth=2&skip=none
controls: depth, graph
caption: Two layers
after: guess
` + "```\n\n```step" + `
title: Deeper
sets:
  one: chain?depth=9
` + "```\n\n## Another\n\n```question" + `
slug: why
` + "```\n"

const slopes = "- {slug: slope, name: slope, also: [derivative], means: \"How steep $f'$ is.\"}\n"

func lessonFiles() map[string]string {
	return map[string]string{"content/01-first.md": taught, "questions/01-why.md": whole, "glossary.yaml": slopes}
}

func TestLoadLesson(t *testing.T) {
	l, err := load(lessonFiles())
	if err != nil {
		t.Fatal(err)
	}
	lesson, found := l.Lesson("first")
	if !found || lesson.Number != 1 || lesson.Minutes != 9 || lesson.HookHTML != "<p>Why?</p>\n" {
		t.Fatalf("got %+v, %v", lesson, found)
	}
	var kinds []string
	for _, b := range lesson.Blocks {
		switch {
		case b.HTML != "":
			kinds = append(kinds, "prose")
		case b.Lab != nil:
			kinds = append(kinds, "lab "+b.Lab.Href()+" "+strings.Join(b.Lab.Controls, " ")+" after "+b.Lab.After)
		case b.Predict != nil:
			kinds = append(kinds, "predict "+b.Predict.QuestionHTML)
		case b.Question != "":
			kinds = append(kinds, "question "+b.Question)
		case b.Step != nil:
			kinds = append(kinds, "step "+b.Step.Sets[0].ID+" "+b.Step.Sets[0].Href())
		}
	}
	want := []string{"prose", "predict How <em>much</em>?", "lab /labs/chain?depth=2&skip=none depth graph after guess", "step one /labs/chain?depth=9", "prose", "question why"}
	if !slices.Equal(kinds, want) {
		t.Errorf("blocks:\n got %q\nwant %q", kinds, want)
	}
	if got := lesson.Blocks[0].HTML; !strings.Contains(got, `<h2 id="one-thing">`) || !strings.Contains(got, `<a href="/glossary#slope" class="term" data-term="slope">slope</a>`) {
		t.Errorf("the prose is %s", got)
	}
	if want := []Heading{{"one-thing", "One thing"}, {"another", "Another"}}; !slices.Equal(lesson.Contents, want) {
		t.Errorf("contents: got %v, want %v", lesson.Contents, want)
	}
	if !slices.Equal(lesson.Terms, []string{"slope"}) || !slices.Equal(lesson.Questions(), []string{"why"}) {
		t.Errorf("terms %v, questions %v", lesson.Terms, lesson.Questions())
	}
	if got, want := len(l.Formulas()), 2; got != want {
		t.Errorf("%d formulas, want that of the text and that of the glossary", got)
	}
}

func TestLessonFaultsNameFileLineAndReason(t *testing.T) {
	const file = "content/01-first.md"
	for _, test := range []slip{
		{"no title", file, "title: First", "title: ''", 4, "a title, a hook and a takeaway"},
		{"file name", file, "number: 1", "number: 2", 3, "want the file name 02-first.md"},
		{"claim not in the text", file, "a loss of 5.", "a loss.", 11, `does not say "a loss of 5"`},
		{"claim on a bad run", file, "depth=2 loss", "depth=0 loss", 11, "depth: must be a whole number"},
		{"unknown term", file, "term:slope", "term:slop", 15, `no term "slop"`},
		{"unknown question in a link", file, "See the", "[q](/questions/how) See", 15, "no such question"},
		{"bad lab in a link", file, "See the", "[q](/labs/chain?depth=x) See", 15, "depth: must be a whole number"},
		{"a link that runs scripts", file, "See the", "[q](javascript:alert(1)) See", 15, "leads nowhere"},
		{"title in the text", file, "## One thing", "# One thing", 13, "first level"},
		{"heading twice", file, "## Another", "## One thing", 42, "stands twice"},
		{"bad compute", file, "grad_w[0]\nreveal", "grad_w[\nreveal", 24, "cannot read"},
		{"compute on a bad run", file, "chain?depth=2&skip=none grad_w", "chain?depth=2&skip=some grad_w", 24, "skip: must be none or identity"},
		{"no tolerance", file, "tolerance: 0.5", "tolerance: 0", 20, "tolerance above 0"},
		{"unknown kind", file, "kind: number", "kind: text", 20, "want number or choice"},
		{"unknown as", file, "as: exponent", "as: power", 21, "want value, size or exponent"},
		{"unknown field", file, "unit: of it", "units: of it", 22, `unknown field "units"`},
		{"bad lab", file, "show: chain?depth=2", "show: chain?depth=200", 30, "depth: must be"},
		{"unknown lab", file, "show: chain", "show: chart", 30, "does not start with one of"},
		{"unknown control", file, "controls: depth, graph", "controls: width", 31, `no control "width"`},
		{"no caption", file, "caption: Two layers", "caption: ''", 32, "no caption"},
		{"after nothing", file, "after: guess", "after: other", 0, `the prediction "other", which does not stand before it`},
		{"a step that sets nothing", file, "  one: chain?depth=9", "  two: chain?depth=9", 0, `sets the lab "two"`},
		{"a step that sets another lab", file, "  one: chain?depth=9", "  one: train?depth=9", 0, "a chain, to a train"},
		{"a bad step", file, "chain?depth=9", "chain?depth=900", 39, "depth: must be"},
		{"unknown question", file, "slug: why\n```", "slug: whence\n```", 45, `no question "whence"`},
		{"an empty block", file, "slug: why\n```", "```", 44, "the block is empty"},
		{"a block in a list", file, "See the", "- ```lab\n  id: x\n  ```\n\nSee the", 16, "at the left margin"},
		{"glossary without meaning", "glossary.yaml", "means: \"How steep $f'$ is.\"", "means: ''", 1, "what it means"},
		{"broken glossary", "glossary.yaml", "name: slope", "nam: slope", 1, "unknown field"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := test.make(t, lessonFiles())
			if len(l.Questions()) != 1 || test.file == file && len(l.Lessons()) != 0 {
				t.Errorf("got %d questions and %d lessons, want the question alone", len(l.Questions()), len(l.Lessons()))
			}
		})
	}
}

// A guess is answered by the reply to it: of a choice its own, of a number the one whose span holds it.
func TestReplies(t *testing.T) {
	const number, choices = "reveal: That much.\nreplies:\n  - {below: -3, reveal: \"So *little*\"}\n  - {from: -3, below: 0, reveal: So so}\n",
		"choices:\n  - {says: Much, from: 1, reveal: \"Not *so* much, see [this](/lessons/first)\"}\n  - {says: Little, below: 1}\n"
	files := lessonFiles()
	with := func(old, new string) (*Library, error) {
		files["content/01-first.md"] = strings.Replace(taught, old, new, 1)
		return load(files)
	}
	answers := func(said, want string) {
		t.Helper()
		l, err := load(files)
		if err != nil {
			t.Fatal(err)
		}
		lesson, _ := l.Lesson("first")
		if got := lesson.Predicts()[0].ReplyHTML(said); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("to %q the reply is %q, want %q", said, got, want)
		}
	}
	with("reveal: That much.\n", number)
	answers("-4", "<em>little</em>")
	answers("-3", "So so")
	answers("0", "")
	answers(Passed, "")
	with("kind: number\nas: exponent\nunit: of it\ntolerance: 0.5\n", "kind: choice\n"+choices)
	answers("Much", "<em>so</em>")
	answers("Little", "")
	answers(Passed, "")
	for _, wrong := range []struct{ old, new, want string }{
		{"reveal: That much.\n", strings.Replace(number, "from: -3", "from: -4", 1), "two replies answer the same guess"},
		{"reveal: That much.\n", strings.Replace(number, "So so", "''", 1), "a reply wants a reveal"},
		{"reveal: That much.\n", strings.Replace(number, "from: -3", "from: 3", 1), "from below below"},
		{"kind: number\nas: exponent\nunit: of it\ntolerance: 0.5\n", "kind: choice\n" + choices + "replies:\n  - {reveal: No}\n", "neither a tolerance nor replies"},
	} {
		if _, err := with(wrong.old, wrong.new); err == nil || !strings.Contains(err.Error(), wrong.want) {
			t.Errorf("got %v, want %q", err, wrong.want)
		}
	}
}

// What an author writes reaches the page as text, whichever field it stands in.
func TestLessonsAreSanitised(t *testing.T) {
	files := lessonFiles()
	const bad = `<script>alert(1)</script><img src=x onerror=alert(1)>`
	text := files["content/01-first.md"]
	for _, old := range []string{"hook: Why?", "How *much*?", "That much.", "Two layers", "title: Deeper", "See the", "takeaway: \"So.\""} {
		field, _, _ := strings.Cut(old, ":")
		switch {
		case strings.HasPrefix(old, "takeaway"):
			text = strings.Replace(text, old, `takeaway: "So `+bad+`"`, 1)
		case strings.Contains(old, ": "):
			text = strings.Replace(text, old, field+": "+bad, 1)
		default:
			text = strings.Replace(text, old, old+" "+bad, 1)
		}
	}
	files["content/01-first.md"] = text
	l, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	lesson, _ := l.Lesson("first")
	all := lesson.HookHTML + lesson.TakeawayHTML
	for _, b := range lesson.Blocks {
		all += b.HTML
		switch {
		case b.Lab != nil:
			all += b.Lab.CaptionHTML
		case b.Predict != nil:
			all += b.Predict.QuestionHTML + b.Predict.RevealHTML
		case b.Step != nil:
			all += b.Step.TitleHTML
		}
	}
	if n := strings.Count(all, "&lt;script&gt;alert(1)"); n != 7 {
		t.Errorf("the script is shown as text %d times, want 7:\n%s", n, all)
	}
	for _, tag := range []string{"<script", "<img"} {
		if strings.Contains(all, tag) {
			t.Errorf("%s reaches the page:\n%s", tag, all)
		}
	}
}

func TestFoldersReplaceAndAdd(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	own := strings.NewReplacer("term:slope", "term:gradient", "slug: why\n", "slug: vanishing-gradient\n").Replace(taught)
	write("content/01-first.md", own)
	write("content/02-why-it-vanishes.md", strings.NewReplacer("slug: first", "slug: why-it-vanishes", "number: 1", "number: 2", "title: First", "title: Mine").Replace(own))
	l, err := LoadWith(apparatus, dir)
	if err != nil {
		t.Fatal(err)
	}
	embedded := library(t)
	if got, want := len(l.Lessons()), len(embedded.Lessons())+1; got != want {
		t.Errorf("%d lessons, want %d", got, want)
	}
	if mine, _ := l.Lesson("why-it-vanishes"); mine.Title != "Mine" {
		t.Errorf("the lesson that was replaced is %q", mine.Title)
	}

	reports := make(chan error, 10)
	go l.Follow(t.Context(), dir, 5*time.Millisecond, func(err error) { reports <- err })
	write("content/01-first.md", strings.Replace(own, "title: First", "title: Later", 1)+"\n")
	if err := <-reports; err != nil {
		t.Errorf("a change: %v", err)
	}
	if later, _ := l.Lesson("first"); later.Title != "Later" {
		t.Errorf("after a change the title is %q", later.Title)
	}
	write("content/01-first.md", "no lesson")
	if err := <-reports; err == nil || !strings.Contains(err.Error(), "content/01-first.md:1: does not start with front matter") {
		t.Errorf("a broken file: got %v", err)
	}
	if _, found := l.Lesson("first"); found || len(l.Lessons()) != len(embedded.Lessons()) {
		t.Error("the broken lesson is still there, or others are not")
	}
	if _, err := LoadWith(apparatus, filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

func TestGuesses(t *testing.T) {
	l, err := load(lessonFiles())
	if err != nil {
		t.Fatal(err)
	}
	lesson, _ := l.Lesson("first")
	number, _ := lesson.Predict("guess")
	for typed, want := range map[string]string{"-6": "-6", " −6 ": "-6", "1,5": "1.5", "1e-3": "-3"} {
		if got, err := number.Guess(typed); got != want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", typed, got, err, want)
		}
	}
	power := Predict{As: "exponent", Tolerance: 1}
	for _, typed := range []string{"-12", "1e-12", "10^-12", "10⁻¹²"} {
		if got, err := power.Guess(typed); got != "-12" || err != nil {
			t.Errorf("%q as a power of ten: got %q, %v, want -12", typed, got, err)
		}
	}
	for _, typed := range []string{"", "six", "NaN", "inf", "1e999", strings.Repeat("1", 50), "<script>"} {
		if got, err := number.Guess(typed); err == nil {
			t.Errorf("%q is taken as %q", typed, got)
		}
	}
	if !number.Right("-3", -3.4) || number.Right("-3", -3.6) || number.Right(Passed, -3) {
		t.Error("a number is right within its tolerance of 0.5, and a pass never")
	}
	choice := Predict{Choices: []Choice{{Says: "small", Span: Span{0, 1}}, {Says: "large", Span: Span{1, 9}}}}
	if got, err := choice.Guess("small"); got != "small" || err != nil {
		t.Errorf("a choice: got %q, %v", got, err)
	}
	if _, err := choice.Guess("other"); err == nil {
		t.Error("a choice that is none is taken")
	}
	if !choice.Right("large", 1) || choice.Right("small", 1) || choice.Right("large", 9) {
		t.Error("a choice is right from its lower end to below its upper one")
	}
}

func TestSearch(t *testing.T) {
	l := library(t)
	for query, want := range map[string]string{
		"vanishing":               "/lessons/why-it-vanishes",
		"saturated units":         "/glossary#saturation",
		"memorise noise":          "/lessons/memorising-noise",
		"degrading":               "/lessons/degradation",
		"parameters ResNet adds":  "/lessons/what-a-resnet-adds",
		"the receptive field":     "/lessons/kernels",
		"zero_grad":               "/lessons/reading-the-notebook",
		"residual block identity": "/lessons/degradation",
	} {
		hits := l.Search(query)
		if !slices.ContainsFunc(hits[:min(3, len(hits))], func(h Hit) bool { return h.Href == want }) {
			t.Errorf("%q: %s is not among the first three of %d: %+v", query, want, len(hits), hits[:min(3, len(hits))])
		}
	}
	for _, query := range []string{"", "  ", "zzzz", "\x00<script>\xff", strings.Repeat("gradient ", 1000)} {
		l.Search(query) // answers, and does not panic
	}
	if hits := l.Search("zzzz"); len(hits) != 0 {
		t.Errorf("nonsense finds %d", len(hits))
	}
	// A model answer is no place to search before an attempt.
	for _, hit := range l.Search("1.0·10⁻¹⁹ exponentially falls with depth where they are above 1 explodes instead") {
		if hit.Kind == "question" && len(hit.Snippet) > 0 && strings.Contains(hit.Snippet[0].Text, "explodes instead") {
			t.Error("the search shows a model answer")
		}
	}
}

func TestGlossaryIsUsed(t *testing.T) {
	l := library(t)
	used := map[string]bool{}
	for _, lesson := range l.Lessons() {
		for _, term := range lesson.Terms {
			used[term] = true
		}
	}
	for _, term := range l.Terms() {
		if !used[term.Slug] {
			t.Errorf("no lesson uses the term %q", term.Slug)
		}
	}
	if len(slices.Collect(maps.Keys(used))) < 20 {
		t.Errorf("the lessons use %d terms, want twenty and more", len(used))
	}
}
