package lessons

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What an outline writes it reads as it was, whatever stands in it.
func TestOutlineComesBack(t *testing.T) {
	line := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9 .,:#"'\\{}&*|>%@!-]{0,30}`), rapid.SampledFrom([]string{
		"## a", "```lab", "```", "~~~", "---", "# x", "$x$", "\ttab", "  indented", "x  ", "“so”", "a: b", "\u2028", "\U000e0001", "\U0001F4A5", "```go\nx\n```", "|", "- ", "## x ##", "\ufeff"}))
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(strings.Join(rapid.SliceOfN(line, 0, 5).Draw(t, "lines"), "\n"))
	})
	rapid.Check(t, func(t *rapid.T) {
		o := Outline{Title: words(line.Draw(t, "title"))}
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			p := Passage{Heading: text.Draw(t, "heading"), Text: text.Draw(t, "text"), Kind: rapid.SampledFrom([]string{"lab", "predict", "question"}).Draw(t, "kind")}
			p.Fields = Fields{Show: "chain?depth=3", Notes: text.Draw(t, "notes"), Alt: line.Draw(t, "alt")}
			if p.Kind == "predict" {
				given := rapid.Float64().Draw(t, "given")
				p.Fields.Given, p.Fields.Kind, p.Fields.Choices = &given, "choice", []Offer{{Says: text.Draw(t, "choice"), Right: true}, {Says: line.Draw(t, "choice")}}
			}
			o.Parts = append(o.Parts, p)
		}
		written := o.String()
		back, err := ReadOutline(written, 60)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		for i := range back.Parts {
			p := &back.Parts[i]
			p.Line = 0
			if p.Fields.Title != "" || p.Fields.Text != "" {
				p.Heading, p.Text = p.Fields.Title, p.Fields.Text
			}
			p.Fields.Title, p.Fields.Text = "", ""
		}
		if !reflect.DeepEqual(back, o) && (len(back.Parts) > 0 || len(o.Parts) > 0 || back.Title != o.Title) {
			t.Fatalf("got  %+v\nwant %+v\n%s", back, o, written)
		}
	})
}

// A lesson is an outline: each of its blocks is found.
func TestEveryLessonIsAnOutline(t *testing.T) {
	names, err := fs.Glob(embedded, "content/*.md")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		source, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		o, err := ReadOutline(string(source), 1000)
		if err != nil || o.Slug == "" || o.Title == "" {
			t.Errorf("%s: %v, slug %q, title %q", name, err, o.Slug, o.Title)
		}
		got := map[string]int{}
		for _, p := range o.Parts {
			got[p.Kind]++
		}
		for _, kind := range blockKinds {
			if want := strings.Count(string(source), "\n```"+kind+"\n"); got[kind] != want {
				t.Errorf("%s: %d blocks of the kind %s, want %d", name, got[kind], kind, want)
			}
		}
	}
}

func TestBrokenOutlines(t *testing.T) {
	for text, want := range map[string]string{
		"---\ntitle: x":                                            "text:1:",
		"---\ntitle: [\n---\n":                                     "text:2:",
		"## a\n\n```lab\nshow: [\n":                                "text:4:",
		"## a\n\n```lab\nshwo: x\n":                                "text:4:",
		"## a\n```lab\n- &a [*a]\n":                                "text:3:",
		strings.Repeat("x", 3<<20):                                 "bytes",
		"```lab\nnotes: " + strings.Repeat("x", 200<<10) + "\n```": "bytes",
		"```lab\nnotes: " + strings.Repeat("[", 100) + "\n```":     "brackets",
	} {
		if _, err := ReadOutline(text, 60); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v, want %s", text, err, want)
		}
	}
	if o, err := ReadOutline(strings.Repeat("## x\n\nx\n", 5000), 60); err != nil || len(o.Parts) != 61 {
		t.Errorf("of five thousand parts %d are read, %v; want one more than are possible", len(o.Parts), err)
	}
}

func FuzzReadOutline(f *testing.F) {
	f.Add("---\ntitle: x\n---\n## a\n\ntext\n\n```predict\nkind: choice\nchoices:\n  - says: a\n    right: true\n```\n")
	f.Add("## a\n```lab\nshow: chain\nnotes: |-\n  a\n\n  b\n```\n~~~\n## no\n~~~\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := ReadOutline(text, 60)
		if err != nil {
			return
		}
		if _, err := ReadOutline(o.String(), 61); err != nil {
			t.Fatalf("%v\n%s", err, o.String())
		}
	})
}
