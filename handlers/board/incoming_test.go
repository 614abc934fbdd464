package board

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/lessons/hint"
	"gradlab/views"
)

// A teacher reads each text once, in the order of coming, filtered by what the hints found in it; what they have not read is in no filter yet.
func TestIncoming(t *testing.T) {
	rubric, err := hint.ParseRubric([]byte("concepts: {one: [(first)], two: [(second)]}"), "", []string{"one", "two"})
	if err != nil {
		t.Fatal(err)
	}
	q := lessons.Question{Rubric: rubric, Concepts: []lessons.Concept{{ID: "one", Label: "One"}, {ID: "two", Label: "Two"}, {ID: "three", Part: "another", Label: "Three"}}}
	const one, two = "one", "two"
	monday := time.Date(2026, 9, 7, 10, 0, 0, 0, time.UTC)
	answer := func(member, text string, minute int, named ...string) classroom.Answer {
		return classroom.Answer{Member: member, Text: text, Revision: 1, UpdatedAt: monday.Add(time.Duration(minute) * time.Minute), Hints: classroom.Hints{Concepts: named, Rules: q.Rubric.Version(), Revision: 1}}
	}
	unread := answer("e", "Not read yet", 5)
	unread.Hints = classroom.Hints{}
	answers := []classroom.Answer{
		answer("d", "Nothing in it", 4), answer("c", "it  VANISHES", 3, one), answer("a", "It vanishes", 1, one), answer("b", "Both", 2, one, two), unread, answer("f", "Silly", 6),
	}
	names := map[string]string{"a": "Anna", "b": "Ben", "c": "Clara", "d": "Dora", "e": "Emil", "f": "Fritz"}
	stop := classroom.Stop{Kind: classroom.Ask, Hidden: map[string]int64{"f": 1, "d": 7}}
	chip := func(run string) *views.Run { return nil }
	texts := func(lines []views.ClassIncoming) string {
		var out []string
		for _, l := range lines {
			out = append(out, l.Text+" ("+strings.Join(l.Names, ", ")+")")
		}
		return strings.Join(out, "; ")
	}
	for _, test := range []struct{ filter, as, shown, counts string }{
		{"", "", "It vanishes (Anna, Clara); Both (Ben); Nothing in it (Dora); Not read yet (Emil)", "5 of 5, 0 unread"},
		{"with " + one, "with " + one, "It vanishes (Anna, Clara); Both (Ben)", "3 of 5, 1 unread"},
		{"without " + two, "without " + two, "It vanishes (Anna, Clara); Nothing in it (Dora)", "3 of 5, 1 unread"},
		{"none", "none", "Nothing in it (Dora)", "1 of 5, 1 unread"},
		{"with three", "", "It vanishes (Anna, Clara); Both (Ben); Nothing in it (Dora); Not read yet (Emil)", "5 of 5, 0 unread"},
	} {
		got := Incoming(stop, q, answers, test.filter, names, chip)
		if counts := fmt.Sprintf("%d of %d, %d unread", got.Passed, got.Of, got.Unread); texts(got.Shown) != test.shown || counts != test.counts || got.Filter != test.as {
			t.Errorf("%q: %s, %s, filter %q; want %s, %s, %q", test.filter, texts(got.Shown), counts, got.Filter, test.shown, test.counts, test.as)
		}
		if texts(got.Hidden) != "Silly (Fritz)" {
			t.Errorf("%q: hidden are %s", test.filter, texts(got.Hidden))
		}
	}
	if got := Incoming(stop, q, answers, "", names, chip).Concepts; len(got) != 2 || got[1] != (views.Option{Value: two, Label: "Two"}) {
		t.Errorf("what can be filtered by: %v", got)
	}
	if got := Incoming(stop, lessons.Question{}, answers, "none", names, chip); len(got.Shown) != 4 || got.Filter != "" || got.Concepts != nil {
		t.Errorf("of a question without rules: %+v", got)
	}
	if a, b := Incoming(stop, q, answers, "", names, chip).Shown, Incoming(stop, q, answers[1:2], "", names, chip).Shown; a[0].Key != b[0].Key || a[0].Key == a[1].Key {
		t.Error("a text’s key depends on who wrote it, or not on the text")
	}
	stop.Picked = []string{"a", "b", "d"}
	if got := Incoming(stop, q, answers, "", names, chip).Shown; got[0].Member != "a" || !got[0].Picked || got[3].Picked || got[3].Instead != "" {
		t.Errorf("three on the wall: %+v", got)
	}
	stop.Picked = []string{"c", "b", "d", "f"}
	if got := Incoming(stop, q, answers, "", names, chip).Shown; got[0].Member != "c" || got[3].Instead != "c" || got[3].InsteadOf != "Clara’s “it VANISHES”" {
		t.Errorf("four on the wall: %+v", got)
	}
	stop.Picked = []string{"c", "left", "d", "f"}
	if got := Incoming(stop, q, answers, "", names, chip).Shown; got[3].Instead != "left" || got[3].InsteadOf != "" {
		t.Errorf("one of four has left: %+v", got)
	}
}

func TestBeginning(t *testing.T) {
	for text, want := range map[string]string{"Short.": "Short.", "a\n b": "a b", strings.Repeat("ä", 25): strings.Repeat("ä", 24) + "…", "Twenty-three letters it, and more": "Twenty-three letters it…"} {
		if got := beginning(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
