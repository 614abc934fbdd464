package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/persons"
)

// Every table whose rows are an owner's says what becomes of them when they are taken along, or stays with whoever signs in.
func TestEveryTableIsTakenAlong(t *testing.T) {
	for _, table := range owned {
		if _, along := alike[table]; along == slices.Contains(known, table) {
			t.Errorf("%s: nobody has said what is taken along of it", table)
		}
	}
}

// What was written without signing in becomes the person's, and nothing that was written is lost: of two texts both stay, the first
// prediction counts, and who is in a class as both stays so. A second time changes nothing.
func TestTakeAlong(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		one, two := newClass(t, s), newClass(t, s)
		save := func(owner, question, text string, base int64) {
			t.Helper()
			if _, err := s.SaveDraft(t.Context(), owner, answers.Key{Question: question}, text, base); err != nil {
				t.Fatal(err)
			}
		}
		must := func(errs ...error) {
			t.Helper()
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
		}
		// The browser's come first.
		save("nameless", "only here", "a", 0)
		save("nameless", "only here", "ab", 1)
		save("nameless", "both", "from the browser", 0)
		save("nameless", "same", "the same", 0)
		save("nameless", "long", strings.Repeat("x", answers.MaxCharacters/2), 0)
		must(s.AttachRun(t.Context(), "nameless", answers.Key{Question: "both"}, "/labs/chain?depth=3"),
			s.Predict(t.Context(), "nameless", "lesson", map[string]string{"early": "1", "alone": "2"}),
			s.Tick(t.Context(), "nameless", "q", []string{"a", "b"}))
		mine := join(t, s, one, "nameless")
		join(t, s, two, "nameless")
		now = now.Add(time.Hour)
		p := signIn(t, s, "anna")
		save("anna", "both", "from Anna", 0)
		save("anna", "same", "the same", 0)
		save("anna", "long", strings.Repeat("y", answers.MaxCharacters/2), 0)
		must(s.AttachRun(t.Context(), "anna", answers.Key{Question: "both"}, "/labs/chain?depth=9"),
			s.Predict(t.Context(), "anna", "lesson", map[string]string{"early": "9", "own": "3"}),
			s.Tick(t.Context(), "anna", "q", []string{"b", "c"}))
		join(t, s, two, "anna")
		save("ben", "both", "from Ben", 0)

		if held, err := s.Held(t.Context(), "nameless", "anna"); err != nil || held != (persons.Held{Answers: 4, Predictions: 1, Classes: 1}) {
			t.Errorf("held: %+v, %v", held, err)
		}
		left, err := s.TakeAlong(t.Context(), "nameless", "anna")
		if err != nil || left != 2 { // the long one, and the class of both
			t.Fatalf("left %d, %v", left, err)
		}
		check := func(when string) {
			t.Helper()
			texts := map[string]answers.Answer{}
			all, err := s.Answers(t.Context(), "anna")
			must(err)
			for _, a := range all {
				texts[a.Question] = a
			}
			if a := texts["only here"]; a.Text != "ab" || a.Revision != 2 {
				t.Errorf("%s, only here: %+v", when, a)
			}
			if a := texts["both"]; a.Text != "from Anna\n\n— Also written, 5 March 2026, 09:00 UTC —\n\nfrom the browser\n\nRun: /labs/chain?depth=3" || a.Revision != 2 {
				t.Errorf("%s, both: %+v", when, a)
			}
			if a := texts["same"]; a.Text != "the same" || a.Revision != 1 {
				t.Errorf("%s, the same: %+v", when, a)
			}
			if a := texts["long"]; !strings.HasPrefix(a.Text, "y") || len(all) != 4 {
				t.Errorf("%s, too long together: %d, %.20s", when, len(all), a.Text)
			}
			progress, err := s.Progress(t.Context(), "anna")
			must(err)
			if g := progress.Guesses["lesson"]; g["early"] != "1" || g["alone"] != "2" || g["own"] != "3" {
				t.Errorf("%s, predictions: %v", when, g)
			}
			attached, err := s.Attached(t.Context(), "anna")
			must(err)
			if ticks := attached.Ticks["q"]; len(ticks) != 3 || attached.Runs[answers.Key{Question: "both"}] != "/labs/chain?depth=9" {
				t.Errorf("%s, ticks and runs: %+v", when, attached)
			}
			if m, in, err := s.Member(t.Context(), one.ID, "anna"); err != nil || !in || m.ID != mine {
				t.Errorf("%s, the class: %+v, %v, %v", when, m, in, err)
			}
		}
		check("at once")
		kept, err := s.Answers(t.Context(), "nameless")
		if err != nil || len(kept) != 1 || !strings.HasPrefix(kept[0].Text, "x") {
			t.Errorf("what stays: %d, %v", len(kept), err)
		}
		if _, in, err := s.Member(t.Context(), two.ID, "nameless"); !in || err != nil {
			t.Errorf("in the class of both: %v, %v", in, err)
		}
		if left, err := s.TakeAlong(t.Context(), "nameless", "anna"); err != nil || left != 2 {
			t.Errorf("again: left %d, %v", left, err)
		}
		check("a second time")
		if a, err := s.Answer(t.Context(), "ben", answers.Key{Question: "both"}); err != nil || a.Text != "from Ben" {
			t.Errorf("another's: %+v, %v", a, err)
		}

		// Without the name again, in a browser that holds nothing else.
		if left, err := s.Untie(t.Context(), p, "fresh"); err != nil || left != 0 {
			t.Fatalf("untie: %d, %v", left, err)
		}
		all, err := s.Answers(t.Context(), "fresh")
		if err != nil || len(all) != 4 {
			t.Errorf("%d answers, %v", len(all), err)
		}
		if _, found, err := s.Person(t.Context(), p.ID); found || err != nil {
			t.Errorf("the person is there: %v", err)
		}
		if _, err := s.TakeAlong(t.Context(), "fresh", "gone"); err != nil {
			t.Error(err)
		}
		must(func() error { _, err := s.DeleteAll(t.Context(), "gone", true); return err }())
		if _, err := s.TakeAlong(t.Context(), "nameless", "gone"); !errors.Is(err, answers.ErrRetired) {
			t.Errorf("to who is deleted: %v", err)
		}
		if all, err := s.Answers(t.Context(), "nameless"); err != nil || len(all) != 1 {
			t.Errorf("then nothing is taken: %d, %v", len(all), err)
		}
	})
}

// Who is in a class as both keeps the name: what is there is nobody else's.
func TestUntieLeavesNothingBehind(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		p := signIn(t, s, "anna")
		join(t, s, c, "anna")
		join(t, s, c, "nameless")
		if left, err := s.Untie(t.Context(), p, "nameless"); err != nil || left != 1 {
			t.Errorf("left %d, %v", left, err)
		}
		if _, found, err := s.SessionPerson(t.Context(), "session of anna"); !found || err != nil {
			t.Errorf("still signed in: %v, %v", found, err)
		}
		if err := s.Leave(t.Context(), c.ID, "nameless"); err != nil {
			t.Fatal(err)
		}
		if left, err := s.Untie(t.Context(), p, "nameless"); err != nil || left != 0 {
			t.Errorf("left %d, %v", left, err)
		}
		if _, in, err := s.Member(t.Context(), c.ID, "nameless"); !in || err != nil {
			t.Errorf("in the class: %v, %v", in, err)
		}
	})
}
