package store

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/plans"
)

// newHomework stores homework with a question and a prediction, open for a day from now.
func newHomework(t *testing.T, s *Store) homework.Homework {
	t.Helper()
	p, given := newPlan(t, s), 3.0
	h, err := homework.New(p.Shelf, "Deep nets", []classroom.Stop{
		{Kind: classroom.Ask, Title: "Why?"}, {Kind: classroom.Predict, Title: "How much?", Form: classroom.Number, Given: &given},
	}, "UTC", s.now())
	if err == nil {
		h.From, h.Until = at(s.now()), at(s.now().Add(24*time.Hour))
		h, err = h.Set(s.now())
	}
	if err == nil {
		err = s.CreateHomework(t.Context(), h)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func joinHomework(t *testing.T, s *Store, h homework.Homework, owner string) (m homework.Member, code string) {
	t.Helper()
	m, code = homework.NewMember(owner)
	m, err := s.JoinHomework(t.Context(), h.ID, owner, m, homework.Hash(code))
	if err != nil {
		t.Fatal(err)
	}
	return m, code
}

// Homework comes back as it was stored; of two that change it at once the second is told, and a shelf has only so much of it.
func TestHomework(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		h := newHomework(t, s)
		if got, err := s.Homework(t.Context(), h.ID); err != nil || !reflect.DeepEqual(got, h) {
			t.Fatalf("got %+v, %v; want %+v", got, err, h)
		}
		next := h
		next.Version, next.Truths, next.ReleasedAt = h.Version+1, map[string]homework.Truth{"x": {Value: 1, Tolerance: 0.5}}, at(s.now())
		if err := s.UpdateHomework(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		if err := s.UpdateHomework(t.Context(), next); !errors.Is(err, homework.ErrStale) {
			t.Errorf("the same version again: %v", err)
		}
		if all, err := s.HomeworkOf(t.Context(), h.Shelf); err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], next) {
			t.Errorf("listed %+v, %v", all, err)
		}
		for i := range homework.MaxHomework {
			more, err := homework.New(h.Shelf, "x", []classroom.Stop{h.Stops[0].Stop}, "UTC", s.now())
			if err != nil {
				t.Fatal(err)
			}
			if err := s.CreateHomework(t.Context(), more); errors.Is(err, homework.ErrFull) != (i == homework.MaxHomework-1) {
				t.Fatalf("number %d: %v", i+2, err)
			}
		}
		if err := s.DeleteHomework(t.Context(), h.ID); err != nil {
			t.Error(err)
		}
		if _, err := s.Homework(t.Context(), h.ID); !errors.Is(err, homework.ErrNone) {
			t.Errorf("deleted: %v", err)
		}
	})
}

// A member goes on elsewhere by the code, until there is another one; a browser is one member at a time. Whoever leaves takes everything along.
func TestHomeworkMembers(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		h := newHomework(t, s)
		anna, code := joinHomework(t, s, h, "anna")
		ben, _ := joinHomework(t, s, h, "ben")
		if again, _ := joinHomework(t, s, h, "anna"); again.ID != anna.ID {
			t.Error("who joins twice is two")
		}
		if _, err := s.JoinHomework(t.Context(), "none", "anna", anna, "x"); !errors.Is(err, homework.ErrNone) {
			t.Errorf("joining what there is not: %v", err)
		}
		phone, err := s.ResumeHomework(t.Context(), h.ID, "anna's phone", homework.Hash(code))
		if err != nil || phone != anna {
			t.Errorf("elsewhere: %+v, %v", phone, err)
		}
		if _, err := s.ResumeHomework(t.Context(), h.ID, "ben", homework.Hash(code)); !errors.Is(err, homework.ErrSeated) {
			t.Errorf("somebody who is there already: %v", err)
		}
		if all, err := s.HomeworkJoined(t.Context(), "anna's phone"); err != nil || len(all) != 1 || all[0].ID != h.ID {
			t.Errorf("what somebody has joined: %v, %v", all, err)
		}
		if got, found, err := s.HomeworkMember(t.Context(), h.ID, "ben"); err != nil || !found || got != ben {
			t.Errorf("who could not go on as somebody else is %+v, %v, %v", got, found, err)
		}
		if err := s.RenewResume(t.Context(), h.ID, anna.ID, homework.Hash("another")); err != nil {
			t.Error(err)
		}
		if _, err := s.ResumeHomework(t.Context(), h.ID, "thief", homework.Hash(code)); !errors.Is(err, homework.ErrNone) {
			t.Errorf("the code before: %v", err)
		}
		if owners, err := s.HomeworkOwners(t.Context(), h.ID); err != nil || !reflect.DeepEqual(owners, map[string][]string{anna.ID: {"anna", "anna's phone"}, ben.ID: {"ben"}}) {
			t.Errorf("visitors by member: %v, %v", owners, err)
		}
		if err := s.Rename(t.Context(), "anna", "anna 2"); err != nil {
			t.Error(err)
		}
		if _, found, _ := s.HomeworkMember(t.Context(), h.ID, "anna 2"); !found {
			t.Error("under another name the member is gone")
		}
		if _, err := s.WriteAnswer(t.Context(), h, homework.Answer{Answer: classroom.Answer{Stop: h.Stops[0].ID, Member: anna.ID, Text: "So"}}, false); err != nil {
			t.Error(err)
		}
		if _, err := s.DeleteAll(t.Context(), "anna's phone", true); err != nil {
			t.Error(err)
		}
		if err := s.LeaveHomework(t.Context(), h.ID, "ben"); err != nil {
			t.Error(err)
		}
		for _, table := range []string{"homework_members", "homework_seats", "homework_answers"} {
			var n int
			if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s has %d rows, %v", table, n, err)
			}
		}
		if _, err := s.WriteAnswer(t.Context(), h, homework.Answer{Answer: classroom.Answer{Stop: h.Stops[0].ID, Member: anna.ID, Text: "So"}}, false); !errors.Is(err, homework.ErrStale) {
			t.Errorf("what a member writes who is gone: %v", err)
		}
	})
}

// The first guess stays. An answer is kept as it is typed; of two tabs the second is told what the first wrote, and neither text is lost.
func TestHomeworkWork(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		h := newHomework(t, s)
		anna, _ := joinHomework(t, s, h, "anna")
		ask, predict := h.Stops[0].ID, h.Stops[1].ID
		guess := classroom.Guess{Stop: predict, Member: anna.ID, Value: 2, Confidence: 1}
		first, err := s.CommitGuess(t.Context(), h, guess)
		if err != nil || first.Value != 2 || first.UpdatedAt.IsZero() {
			t.Fatalf("committed %+v, %v", first, err)
		}
		if again, err := s.CommitGuess(t.Context(), h, guess); err != nil || again != first { // whose answer was lost
			t.Errorf("the same again: %+v, %v", again, err)
		}
		guess.Value = 3
		if kept, err := s.CommitGuess(t.Context(), h, guess); !errors.Is(err, homework.ErrCommitted) || kept != first {
			t.Errorf("another guess: %+v, %v", kept, err)
		}
		write := func(text string, revision int64, hand bool) (homework.Answer, error) {
			return s.WriteAnswer(t.Context(), h, homework.Answer{Answer: classroom.Answer{Stop: ask, Member: anna.ID, Text: text, Revision: revision}}, hand)
		}
		if a, err := write("One", 0, false); err != nil || a.Revision != 1 || !a.HandedAt.IsZero() {
			t.Errorf("a draft: %+v, %v", a, err)
		}
		if a, err := write("One", 0, true); err != nil || a.Revision != 1 || a.HandedAt.IsZero() {
			t.Errorf("handed in: %+v, %v", a, err)
		}
		if a, err := write("Two", 1, false); err != nil || a.Revision != 2 || a.HandedAt.IsZero() {
			t.Errorf("changed: %+v, %v", a, err)
		}
		if a, err := write("Three", 1, true); !errors.Is(err, classroom.ErrStale) || a.Text != "Two" || a.Revision != 2 {
			t.Errorf("from another tab: %+v, %v", a, err)
		}
		old := h
		h.Version++
		if err := s.UpdateHomework(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		h, old = old, h
		if _, err := write("Four", 2, true); !errors.Is(err, homework.ErrStale) {
			t.Errorf("for a version that is over: %v", err)
		}
		h, old = old, h
		for _, run := range []string{"", "/labs/chain?depth=20", "/labs/chain"} { // beside the text, which a tab that is open goes on from
			if err := s.AttachHomeworkRun(t.Context(), h, anna.ID, ask, run); err != nil {
				t.Error(err)
			}
		}
		if a, err := write("Two", 2, false); err != nil || a.Run != "/labs/chain" || a.Revision != 2 {
			t.Errorf("with a run: %+v, %v", a, err)
		}
		ben, _ := joinHomework(t, s, h, "ben")
		if err := errors.Join(s.AttachHomeworkRun(t.Context(), h, ben.ID, ask, ""), s.AttachHomeworkRun(t.Context(), h, ben.ID, ask, "/labs/train")); err != nil {
			t.Error(err)
		}
		if sheet, err := s.Sheet(t.Context(), h.ID, ben); err != nil || len(sheet.Answers) != 1 || sheet.Answers[0].Run != "/labs/train" || !sheet.Answers[0].Given() || sheet.Answers[0].UpdatedAt.IsZero() {
			t.Errorf("a run alone: %+v, %v", sheet, err)
		}
		if err := s.AttachHomeworkRun(t.Context(), old, ben.ID, ask, "/labs/train"); !errors.Is(err, homework.ErrStale) {
			t.Errorf("a run for a version that is over: %v", err)
		}
		if err := s.AttachHomeworkRun(t.Context(), h, ben.ID, ask, "/labs/chain?x="+strings.Repeat("1", answers.MaxRun)); !errors.Is(err, ErrName) {
			t.Errorf("an endless run: %v", err)
		}
		sheet, err := s.Sheet(t.Context(), h.ID, anna)
		if err != nil || len(sheet.Answers) != 1 || sheet.Answers[0].Text != "Two" || len(sheet.Guesses) != 1 || sheet.Guesses[0] != first {
			t.Errorf("handed in: %+v, %v", sheet, err)
		}
	})
}

// Marks are kept one after another: who changed what, and when; pauses in typing are none. Several are saved all or none.
func TestHomeworkMarks(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		h := newHomework(t, s)
		ask := h.Stops[0].ID
		mark := func(member string, points, revision int64, by string) homework.Mark {
			return homework.Mark{Mark: classroom.Mark{Stop: ask, Member: member, Hundredths: points, Comment: "For " + by, Revision: revision}, By: by}
		}
		var members []string
		for _, owner := range []string{"anna", "ben"} {
			m, _ := joinHomework(t, s, h, owner)
			members = append(members, m.ID)
			if _, err := s.WriteAnswer(t.Context(), h, homework.Answer{Answer: classroom.Answer{Stop: ask, Member: m.ID, Text: "The same"}}, true); err != nil {
				t.Fatal(err)
			}
		}
		both := func(points, revision int64, by string) error {
			_, err := s.SaveHomeworkMarks(t.Context(), h, []homework.Mark{mark(members[0], points, revision, by), mark(members[1], points, revision, by)})
			return err
		}
		steps := []struct {
			later            time.Duration
			points, revision int64
			by               string
			want             error
		}{
			{0, 100, 0, "X", nil}, {time.Minute, 200, 1, "X", nil}, {time.Minute, 300, 1, "X", homework.ErrStale}, {time.Minute, 300, 2, "Y", nil}, {time.Hour, 400, 3, "Y", nil},
		}
		for _, step := range steps {
			now = now.Add(step.later)
			if err := both(step.points, step.revision, step.by); !errors.Is(err, step.want) {
				t.Errorf("%+v: %v", step, err)
			}
		}
		if _, err := s.SaveHomeworkMarks(t.Context(), h, []homework.Mark{mark(members[0], 900, 4, "Z"), mark(members[1], 900, 3, "Z")}); !errors.Is(err, homework.ErrStale) {
			t.Errorf("of two, one stale: %v", err)
		}
		if _, err := s.SaveHomeworkMarks(t.Context(), h, []homework.Mark{mark("nobody", 1, 0, "Z")}); !errors.Is(err, homework.ErrStale) {
			t.Errorf("no such answer: %v", err)
		}
		h.ReleasedAt = now
		h.Version++
		if err := s.UpdateHomework(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
		if err := both(500, 4, "Y"); err != nil { // what students have seen stays
			t.Error(err)
		}
		history, err := s.MarkHistory(t.Context(), h.ID, ask, members[0])
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, m := range history {
			said = append(said, m.Points()+m.By)
		}
		if strings.Join(said, " ") != "5Y 4Y 3Y 2X" {
			t.Errorf("history %v", said)
		}
		sheets, err := s.Sheets(t.Context(), h.ID)
		if err != nil || len(sheets) != 2 || len(sheets[1].Marks) != 1 || sheets[1].Marks[0].Hundredths != 500 || !sheets[1].Marks[0].UpdatedAt.Equal(now) {
			t.Errorf("sheets %+v, %v", sheets, err)
		}
		all, err := s.Everything(t.Context(), "anna")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(all)
		if n := strings.Count(string(text), `"made_by":"Y"`); n != 3 || !strings.Contains(string(text), `"text":"The same"`) || strings.Contains(string(text), members[1]) {
			t.Errorf("all of one: %s", text)
		}
	})
}

// Homework is kept for 200 days after the last of its ends, and a picture as long as homework shows it.
func TestHomeworkExpires(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		picture := plans.Picture{Name: "a.png", Media: "image/png", Content: []byte("x")}
		if err := s.SavePicture(t.Context(), picture); err != nil {
			t.Fatal(err)
		}
		p := newPlan(t, s)
		h, err := homework.New(p.Shelf, "x", []classroom.Stop{{Kind: classroom.Show, Title: "Look", Picture: picture.Name}}, "UTC", now)
		if err == nil {
			err = s.CreateHomework(t.Context(), h)
		}
		if err != nil {
			t.Fatal(err)
		}
		m, _ := joinHomework(t, s, h, "anna")
		m.Extended = h.Until.AddDate(0, 0, 10)
		if err := s.Extend(t.Context(), h, m); err != nil {
			t.Fatal(err)
		}
		if got, _, err := s.HomeworkMember(t.Context(), h.ID, "anna"); err != nil || got != m {
			t.Errorf("extended: %+v, %v", got, err)
		}
		purge := func() {
			for range 2 { // found, and deleted a day later
				if err := errors.Join(s.PurgeHomework(t.Context()), s.purgePictures(t.Context())); err != nil {
					t.Fatal(err)
				}
				now = now.Add(25 * time.Hour)
			}
		}
		has := func() bool { _, found, _ := s.Picture(t.Context(), picture.Name); return found }
		now = h.Until.AddDate(0, 0, 205)
		purge()
		if _, err := s.Homework(t.Context(), h.ID); err != nil || !has() {
			t.Errorf("after the time that everybody had: %v, picture %v", err, has())
		}
		now = h.Until.AddDate(0, 0, 211)
		if _, err := s.Homework(t.Context(), h.ID); !errors.Is(err, homework.ErrNone) {
			t.Errorf("expired: %v", err)
		}
		purge()
		if err := s.purgePictures(t.Context()); err != nil || has() {
			t.Errorf("the picture of deleted homework is kept: %v, %v", has(), err)
		}
	})
}
