package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/answers"
)

// clock is a time that a test sets by hand.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestDraftThenSubmit(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		c := &clock{noon}
		s, key := open(t, dsn, WithClock(c.now)), answers.Key{Question: "then-and-now", Part: "then"}

		if _, err := s.Answer(t.Context(), "anna", key); !errors.Is(err, ErrNotFound) {
			t.Fatalf("before any save: got %v, want %v", err, ErrNotFound)
		}
		a, err := s.SaveDraft(t.Context(), "anna", key, "It won", 0)
		check(t, "first draft", a, err, answers.Answer{Key: key, Text: "It won", Revision: 1, UpdatedAt: noon})
		if a.Submitted() {
			t.Error("a draft counts as submitted")
		}

		c.t = noon.Add(time.Minute)
		a, err = s.SaveDraft(t.Context(), "anna", key, "It won", 1)
		check(t, "same text again", a, err, answers.Answer{Key: key, Text: "It won", Revision: 1, UpdatedAt: noon})
		a, err = s.SaveDraft(t.Context(), "anna", key, "It won", 0)
		check(t, "same text from an old revision", a, err, answers.Answer{Key: key, Text: "It won", Revision: 1, UpdatedAt: noon})

		a, err = s.Submit(t.Context(), "anna", key, "It won ILSVRC", 1)
		want := answers.Answer{Key: key, Text: "It won ILSVRC", Revision: 2, UpdatedAt: c.t, FirstSubmittedAt: c.t, SubmittedRevision: 2}
		check(t, "submission", a, err, want)
		if !a.Submitted() {
			t.Error("a submission does not count as submitted")
		}

		c.t = noon.Add(time.Hour)
		a, err = s.Submit(t.Context(), "anna", key, "It won ILSVRC", 2)
		check(t, "same submission again", a, err, want)

		a, err = s.SaveDraft(t.Context(), "anna", key, "It won ILSVRC 2015", 2)
		want.Text, want.Revision, want.UpdatedAt = "It won ILSVRC 2015", 3, c.t
		check(t, "draft after the submission", a, err, want)

		a, err = s.Submit(t.Context(), "anna", key, "It won ILSVRC 2015", 3)
		want.SubmittedRevision = 3
		check(t, "second submission", a, err, want)

		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		a, err = open(t, dsn).Answer(t.Context(), "anna", key)
		check(t, "after reopening", a, err, want)
	})
}

func check(t *testing.T, step string, got answers.Answer, err error, want answers.Answer) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", step, got, want)
	}
}

func TestConflict(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s, key := open(t, dsn), answers.Key{Question: "residual-fit"}
		for base, text := range []string{"one", "two", "three"} {
			if _, err := s.SaveDraft(t.Context(), "anna", key, text, int64(base)); err != nil {
				t.Fatal(err)
			}
		}
		for _, base := range []int64{0, 1, 2, 4} { // 4: a revision from before the file was restored, say
			for name, write := range map[string]func() (answers.Answer, error){
				"SaveDraft": func() (answers.Answer, error) { return s.SaveDraft(t.Context(), "anna", key, "mine", base) },
				"Submit":    func() (answers.Answer, error) { return s.Submit(t.Context(), "anna", key, "mine", base) },
			} {
				_, err := write()
				var conflict *answers.ConflictError
				if !errors.As(err, &conflict) {
					t.Errorf("%s from revision %d: got %v, want a ConflictError", name, base, err)
					continue
				}
				if got := conflict.Current; got.Text != "three" || got.Revision != 3 || conflict.Base != base {
					t.Errorf("%s from revision %d: conflict holds %+v, base %d", name, base, got, conflict.Base)
				}
			}
		}
		a, err := s.Answer(t.Context(), "anna", key)
		if err != nil || a.Text != "three" || a.Revision != 3 || a.Submitted() {
			t.Errorf("after the conflicts: got %+v, %v, want the third draft unchanged", a, err)
		}
	})
}

func TestDeleteAll(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for _, owner := range []string{"anna", "ben"} {
			for _, question := range []string{"b", "a"} {
				if _, err := s.Submit(t.Context(), owner, answers.Key{Question: question}, "text", 0); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 { // the second time there is nothing, which is no error
			if classes, err := s.DeleteAll(t.Context(), "anna", true); classes != nil || err != nil {
				t.Errorf("DeleteAll = %v, %v, want no classes", classes, err)
			}
		}
		if got, err := s.Answers(t.Context(), "anna"); len(got) != 0 || err != nil {
			t.Errorf("anna's answers: got %+v, %v, want none", got, err)
		}
		got, err := s.Answers(t.Context(), "ben")
		if err != nil || len(got) != 2 || got[0].Question != "a" || got[1].Question != "b" {
			t.Errorf("ben's answers: got %+v, %v, want a and b", got, err)
		}
		// A tab that was open during the deletion goes on writing, as another owner; its revisions never run backwards.
		a, err := s.SaveDraft(t.Context(), "clara", answers.Key{Question: "a"}, "more text", 1)
		if err != nil || a.Revision != 2 || a.Submitted() {
			t.Errorf("write after the deletion: got %+v, %v, want an unsubmitted revision 2", a, err)
		}
	})
}

func TestTextIsKeptVerbatim(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for i, text := range []string{
			"",
			"  two spaces, a tab\t and lines\r\nof both\nkinds ",
			`<script>alert("x")</script> & &amp; <b>bold</b>`,
			"'); DROP TABLE answers; --",
			"∂L/∂w = 5·10⁻²⁰, e\u0301 is not é, 🙂, \u202e, \ufeff, \x01\x7f",
			strings.Repeat("🙂", answers.MaxCharacters),
		} {
			key := answers.Key{Question: fmt.Sprint("q", i)}
			saved, err := s.SaveDraft(t.Context(), "anna", key, text, 0)
			if err != nil {
				t.Errorf("text %d: %v", i, err)
				continue
			}
			got, err := s.Answer(t.Context(), "anna", key)
			if err != nil || got.Text != text || saved.Text != text {
				t.Errorf("text %d: got %q, %v, want %q", i, got.Text, err, text)
			}
		}
	})
}

func TestRefusedWrites(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		long := strings.Repeat("x", maxName+1)
		for _, test := range []struct {
			name, owner string
			key         answers.Key
			text        string
			base        int64
			want        string
		}{
			{"too long", "anna", answers.Key{Question: "q"}, strings.Repeat("ä", answers.MaxCharacters+1), 0, "An answer may have up to 20,000 characters; this one has 20,001."},
			{"not UTF-8", "anna", answers.Key{Question: "q"}, "a\xffb", 0, "not text (UTF-8)"},
			{"NUL", "anna", answers.Key{Question: "q"}, "a\x00b", 0, "NUL character"},
			{"blank", "anna", answers.Key{Question: "q"}, " \n\u00a0\t", 0, "Write something first"},
			{"no owner", "", answers.Key{Question: "q"}, "text", 0, ErrName.Error()},
			{"long owner", long, answers.Key{Question: "q"}, "text", 0, ErrName.Error()},
			{"no question", "anna", answers.Key{}, "text", 0, ErrName.Error()},
			{"NUL in the part", "anna", answers.Key{Question: "q", Part: "\x00"}, "text", 0, ErrName.Error()},
			{"negative revision", "anna", answers.Key{Question: "q"}, "text", -1, answers.ErrRevision.Error()},
			{"forged revision", "anna", answers.Key{Question: "q"}, "text", 1<<63 - 1, answers.ErrRevision.Error()},
		} {
			t.Run(test.name, func(t *testing.T) {
				_, err := s.Submit(t.Context(), test.owner, test.key, test.text, test.base)
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got error %v, want one with %q", err, test.want)
				}
			})
		}
		if got, err := s.Answers(t.Context(), "anna"); len(got) != 0 || err != nil {
			t.Errorf("stored all the same: %+v, %v", got, err)
		}
	})
}

func TestEightWriters(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		const writers, saves = 8, 50
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				owner, key := fmt.Sprint("owner ", w), answers.Key{Question: "q"}
				for i := range int64(saves) {
					a, err := s.SaveDraft(t.Context(), owner, key, fmt.Sprintf("draft %d of %d", i, w), i)
					if err != nil || a.Revision != i+1 {
						t.Errorf("writer %d: got revision %d, %v, want %d", w, a.Revision, err, i+1)
						return
					}
					if got, err := s.Answer(t.Context(), owner, key); err != nil || got != a {
						t.Errorf("writer %d reads %+v, %v after it saved %+v", w, got, err, a)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// Every tab retries from the revision that its conflict told: none of the increments may be lost.
func TestEightTabsOnOneAnswer(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s, key := open(t, dsn), answers.Key{Question: "q"}
		const tabs, marks = 8, 10
		var wg sync.WaitGroup
		for tab := range tabs {
			wg.Go(func() {
				var current answers.Answer
				for i := 0; i < marks; {
					a, err := s.SaveDraft(t.Context(), "anna", key, fmt.Sprintf("%s%d.%d ", current.Text, tab, i), current.Revision)
					var conflict *answers.ConflictError
					switch {
					case errors.As(err, &conflict):
						current = conflict.Current
					case err != nil:
						t.Error(err)
						return
					default:
						current = a
						i++
					}
				}
			})
		}
		wg.Wait()
		a, err := s.Answer(t.Context(), "anna", key)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := len(strings.Fields(a.Text)), tabs*marks; got != want || a.Revision != int64(want) {
			t.Errorf("got %d marks at revision %d, want %d of each", got, a.Revision, want)
		}
	})
}

// Another name takes everything of an owner along, and the old one has nothing.
func TestRename(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		member := join(t, s, c, "anna")
		key := answers.Key{Question: "q"}
		_, err := s.SaveDraft(t.Context(), "anna", key, "text", 0)
		for _, next := range []error{err, s.AttachRun(t.Context(), "anna", key, "/labs/chain"), s.Tick(t.Context(), "anna", "q", []string{"a"}), s.MarkRead(t.Context(), "anna", "l"),
			s.Rename(t.Context(), "anna", "other")} {
			if next != nil {
				t.Fatal(next)
			}
		}
		for owner, want := range map[string]int{"anna": 0, "other": 1} {
			all, err := s.Answers(t.Context(), owner)
			attached, attachedErr := s.Attached(t.Context(), owner)
			progress, progressErr := s.Progress(t.Context(), owner)
			m, in, memberErr := s.Member(t.Context(), c.ID, owner)
			if err := errors.Join(err, attachedErr, progressErr, memberErr); err != nil {
				t.Fatal(err)
			}
			if len(all) != want || len(attached.Runs) != want || len(attached.Ticks) != want || len(progress.Read) != want || in != (want == 1) || in && m.ID != member {
				t.Errorf("%s has %v, %v, %v, member %v; want %d of each", owner, all, attached, progress, in, want)
			}
		}
		if err := s.Rename(t.Context(), "other", ""); !errors.Is(err, ErrName) {
			t.Errorf("to no name: %v, want %v", err, ErrName)
		}
	})
}
