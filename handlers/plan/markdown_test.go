package plan

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/classroom"
)

func all(string) bool { return true }

// A plan that is exported comes back as it was.
func TestMarkdownComesBack(t *testing.T) {
	d := newDesk(t)
	line := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9 .,:#"'\\{}&*|>%@!-]{1,30}`), rapid.SampledFrom([]string{"## a", "```lab", "---", "$x_1$", "“so”", "\U0001F4A5", "```go\nx\n```", "~~~\n## a\n~~~"}))
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(line, 0, 4).Draw(t, "lines"), "\n") })
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.Float64Range(-1e6, 1e6).Draw(t, "given")
		second := 1.0
		s := rapid.SampledFrom([]classroom.Stop{
			{Kind: classroom.Show, Path: "/labs/chain?depth=3&skip=none"}, {Kind: classroom.Show, Picture: "p.png", Alt: "a boot"}, {Kind: classroom.Show, Text: "x"},
			{Kind: classroom.Ask, Question: "residual-fit", Part: ""}, {Kind: classroom.Ask, Path: "/labs/chain"},
			{Kind: classroom.Predict, Form: classroom.Number, Given: &given}, {Kind: classroom.Predict, Form: classroom.Power, Path: "/labs/chain", Truth: classroom.Truth{Lab: "chain", Path: "grad_w[0]"}},
			{Kind: classroom.Predict, Form: classroom.Choice, Choices: []string{"yes: a", "no # b"}, Given: &second},
			{Kind: classroom.Predict, Form: classroom.Choice, Choices: []string{"plain", "residual"}, Path: "/labs/train?depth=2", Truth: classroom.Truth{Lab: "train", Path: "losses[-1]", Lower: true}},
			{Kind: classroom.Explore, Path: "/labs/train?steps=20", Goal: classroom.LowestLoss, Budget: 2.5e9}, {Kind: classroom.Explore, Path: "/labs/train", Goal: classroom.LargestGradient},
			{Kind: classroom.Predict, Form: classroom.Power, Path: "/labs/chain", Truth: classroom.Truth{Lesson: "why-it-vanishes", Predict: "twice"}},
		}).Draw(t, "stop")
		s.Title, s.Notes = "x"+text.Draw(t, "title"), text.Draw(t, "notes")
		if s.Text == "" {
			s.Text = text.Draw(t, "text")
		}
		if q, found := d.Library.Question(s.Question); found {
			s.Part = q.Parts[0].ID
		}
		s, err := s.Checked()
		if err != nil {
			t.Skip(err)
		}
		written := Markdown("A plan", []classroom.Stop{s, s})
		title, back, lost, err := d.ReadMarkdown(written, all)
		if err != nil || title != "A plan" || lost != 0 || !reflect.DeepEqual(back, []classroom.Stop{s, s}) {
			t.Fatalf("%v, %d lost: got\n%+v\nwant twice\n%+v\n%s", err, lost, back, s, written)
		}
	})
}

// Each lesson can be taken as a plan, with its predictions computed as the lesson computes them.
func TestLessonsAreImported(t *testing.T) {
	d := newDesk(t)
	for _, l := range d.Library.Lessons() {
		files, err := filepath.Glob("../../lessons/content/*-" + l.Slug + ".md")
		if err != nil || len(files) != 1 {
			t.Fatal(l.Slug, files, err)
		}
		source, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		_, stops, _, err := d.ReadMarkdown(string(source), all)
		if err != nil {
			t.Errorf("%s: %v", l.Slug, err)
			continue
		}
		predictions := 0
		for _, s := range stops {
			if s.Kind == classroom.Predict {
				if predictions++; s.Truth.Lesson != l.Slug {
					t.Errorf("%s: the truth of %q is %+v", l.Slug, s.Title, s.Truth)
				}
			}
		}
		if predictions != len(l.Predicts()) {
			t.Errorf("%s: %d predictions of %d", l.Slug, predictions, len(l.Predicts()))
		}
	}
}

func TestBadMarkdown(t *testing.T) {
	d := newDesk(t)
	for text, want := range map[string]string{
		"":                                 "no stop in it",
		strings.Repeat("## a\n\nx\n", 61):  "more than 60 stops",
		"## a\n```lab\nshow: nothing\n```": "line 1: there is no such lab",
		"## a\n```lab\nshow: //evil.example\n```":                             "line 1: show a page of this site",
		"## a\n```question\nslug: nothing\n```":                               "there is no such question",
		"## a\n```predict\nkind: number\ncompute: chain?depth=3 secrets\n```": "nothing like that to compute",
		"## a\n```explore\nshow: chain\ngoal: loss\n```":                      "this is no lab that trains a network",
		"## a\n```explore\nshow: train\ngoal: glory\n```":                     "say what the runs are to reach",
		"## a\n```predict\nkind: dance\n```":                                  "a number, a power of ten or a choice",
		"## a\n```lab\nshow: [\n```":                                          "line 3",
		"## a\n\n" + strings.Repeat("x", 5000):                                "5000 characters",
	} {
		_, _, _, err := d.ReadMarkdown(text, all)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: got %v, want %s", text, err, want)
		}
	}
	_, stops, lost, err := d.ReadMarkdown("## a\n\nx\n\n```lab\npicture: p.png\n```", func(string) bool { return false })
	if err != nil || lost != 1 || stops[0].Picture != "" {
		t.Errorf("another's picture: %+v, %d lost, %v", stops, lost, err)
	}
}

func FuzzReadMarkdown(f *testing.F) {
	d := newDesk(f)
	f.Add("---\ntitle: x\nslug: the-chain\n---\n## a\n\ntext\n\n```predict\nid: who\nkind: choice\nchoices:\n  - says: a\n    right: true\n  - says: b\n```\n```lab\nafter: who\nshow: chain\n```\n")
	f.Fuzz(func(t *testing.T, text string) {
		title, stops, _, err := d.ReadMarkdown(text, all)
		if err != nil {
			return
		}
		again, back, _, err := d.ReadMarkdown(Markdown(title, stops), all)
		if err != nil || again != title || !reflect.DeepEqual(back, stops) {
			t.Fatalf("%v\ngot  %+v\nwant %+v\n%s", err, back, stops, Markdown(title, stops))
		}
	})
}
