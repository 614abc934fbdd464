package store

import (
	"errors"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/homework"
)

// kept is how many classes are in the database, expired ones too.
func kept(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM classes").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// An expired class is refused at once, and deleted by the second look that finds it so, a day later or more: on a laptop that
// slept meanwhile as on a server that ran. A clock that was wrong for some hours deletes nothing.
func TestPurgeClasses(t *testing.T) {
	const year = 365 * 24 * time.Hour
	type look struct {
		at   time.Duration // what the clock says, from when the class was opened
		kept int
	}
	for _, test := range []struct {
		name  string
		looks []look
	}{
		{"every hour", []look{{0, 1}, {201 * 24 * time.Hour, 1}, {201*24*time.Hour + time.Hour, 1}, {202*24*time.Hour - time.Second, 1}, {202 * 24 * time.Hour, 0}}},
		{"a laptop that slept for a day", []look{{201 * 24 * time.Hour, 1}, {202*24*time.Hour + time.Minute, 0}}},
		{"a laptop that slept for a year", []look{{0, 1}, {year, 1}, {year + 25*time.Hour, 0}}},
		{"a clock that was a year ahead for an hour", []look{{0, 1}, {year, 1}, {year + time.Hour, 1}, {2 * time.Hour, 1}, {25 * time.Hour, 1}, {year, 1}}},
		{"a clock that was set back", []look{{year, 1}, {201 * 24 * time.Hour, 1}, {201*24*time.Hour + 23*time.Hour, 1}, {202 * 24 * time.Hour, 0}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, dsn string) {
				opened := time.Now().UTC()
				now := opened
				s := open(t, dsn, WithClock(func() time.Time { return now }))
				c := newClass(t, s)
				opened = c.OpenedAt
				for _, look := range test.looks {
					now = opened.Add(look.at)
					if err := s.PurgeClasses(t.Context()); err != nil {
						t.Fatal(err)
					}
					if got := kept(t, s); got != look.kept {
						t.Errorf("after %v: %d classes are kept, want %d", look.at, got, look.kept)
					}
					_, err := s.ClassByCode(t.Context(), c.Code)
					if _, byID := s.ClassByID(t.Context(), c.ID); !errors.Is(byID, err) && err != byID {
						t.Errorf("after %v: by code %v, by id %v", look.at, err, byID)
					}
					if expired := look.at > 200*24*time.Hour; errors.Is(err, classroom.ErrNone) != expired {
						t.Errorf("after %v: %v, want it expired: %v", look.at, err, expired)
					}
				}
			})
		})
	}
}

// Of several replicas one purges; another one goes on.
func TestOneReplicaPurges(t *testing.T) {
	now := time.Now()
	clock := WithClock(func() time.Time { return now })
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn, clock)
		if _, sqlite := s.engine.(sqliteFile); sqlite {
			t.Skip("one process holds the file")
		}
		for range purgeBatch + 3 {
			newClass(t, s)
		}
		now = now.Add(201 * 24 * time.Hour)
		if err := s.PurgeClasses(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(purgeGrace)
		tx, err := s.write.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		if alone, err := s.engine.alone(t.Context(), tx); !alone || err != nil {
			t.Fatal(alone, err)
		}
		if err := s.PurgeClasses(t.Context()); err != nil || kept(t, s) != purgeBatch+3 {
			t.Errorf("beside another replica: %v, %d are kept", err, kept(t, s))
		}
		tx.Rollback()
		if err := s.PurgeClasses(t.Context()); err != nil || kept(t, s) != 0 {
			t.Errorf("alone: %v, %d are kept", err, kept(t, s))
		}
	})
}

// DeleteAll leaves no row of an owner in any table, and all of the others'. A table that is added is found by its columns.
func TestDeleteAllLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		c = do(t, s, c, "next")
		var predict, ask classroom.Stop
		for _, stop := range c.Plan {
			switch stop.Kind {
			case classroom.Predict:
				predict = stop
			case classroom.Ask:
				ask = stop
			}
		}
		addPlatform(t, s)
		if err := s.BindClass(t.Context(), launch(t, s, "c1", "l1", "").ID, c.ID, nil); err != nil {
			t.Fatal(err)
		}
		work := newHomework(t, s)
		for _, owner := range []string{"anna", "ben"} {
			signIn(t, s, owner)
			launch(t, s, "c1", "l1", owner)
			pupil, _ := joinHomework(t, s, work, owner)
			at := classroom.Answer{Stop: work.Stops[0].ID, Member: pupil.ID, Text: "x"}
			_, written := s.WriteAnswer(t.Context(), work, homework.Answer{Answer: at}, true)
			_, marked := s.SaveHomeworkMarks(t.Context(), work, []homework.Mark{{Mark: classroom.Mark{Stop: at.Stop, Member: at.Member}}})
			if _, err := s.CommitGuess(t.Context(), work, classroom.Guess{Stop: work.Stops[1].ID, Member: pupil.ID}); err != nil || written != nil || marked != nil {
				t.Fatal(err, written, marked)
			}
			if err := s.RemoveMember(t.Context(), c.ID, join(t, s, c, owner)); err != nil {
				t.Fatal(err)
			}
			member := join(t, s, c, owner)
			key := answers.Key{Question: "q"}
			_, err := s.Submit(t.Context(), owner, key, "text", 0)
			_, draft := s.SaveDraft(t.Context(), owner, answers.Key{Question: "r"}, "draft", 0)
			_, answer := s.SaveClassAnswer(t.Context(), c.ID, c.Version, owner, classroom.Answer{Stop: ask.ID, Text: "x"})
			_, mark := s.SaveMark(t.Context(), c.ID, classroom.Mark{Stop: ask.ID, Member: member})
			if err := errors.Join(err, draft, answer, mark, s.SaveSubmission(t.Context(), c.ID, c.Version, owner, classroom.Submission{Stop: ask.ID, Run: "/labs/train"}), s.Seen(t.Context(), c.ID, []string{member}, nil), s.AttachRun(t.Context(), owner, key, "/labs/chain"), s.Tick(t.Context(), owner, "q", []string{"c"}),
				s.Predict(t.Context(), owner, "lesson", map[string]string{"item": "1"}), s.MarkRead(t.Context(), owner, "lesson"),
				s.SaveGuess(t.Context(), c.ID, c.Version, owner, classroom.Guess{Stop: predict.ID, Round: 1, Value: 1})); err != nil {
				t.Fatal(err)
			}
		}
		do(t, s, c, "release")
		if err := s.QueueScores(t.Context()); err != nil {
			t.Fatal(err)
		}
		classes, err := s.DeleteAll(t.Context(), "anna", true)
		if err != nil || len(classes) != 1 || classes[0] != c.ID {
			t.Errorf("DeleteAll: %v, %v", classes, err)
		}
		query := `SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = $1)`
		if _, sqlite := s.engine.(sqliteFile); !sqlite {
			query = `SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = $1`
		}
		tables := func(column string) []string {
			names, err := list(t.Context(), planned{s}, "tables", func(row scanner) (name string, err error) { return name, row.Scan(&name) }, query, column)
			if err != nil || len(names) == 0 {
				t.Fatal(names, err)
			}
			return names
		}
		for _, table := range tables("owner") {
			var anna, ben int
			if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(CASE WHEN owner = 'anna' THEN 1 END), COUNT(CASE WHEN owner = 'ben' THEN 1 END) FROM "+table).Scan(&anna, &ben); err != nil || anna != 0 || ben == 0 {
				t.Errorf("%s: %d rows of the owner, %d of another; %v", table, anna, ben, err)
			}
		}
		for _, table := range []string{"sessions", "courses"} { // of persons
			var all int
			if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&all); err != nil || all != 1 {
				t.Errorf("%s: %d rows, want the other person's alone; %v", table, all, err)
			}
		}
		for _, table := range tables("member") {
			var all int
			if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&all); err != nil || all != 1 {
				t.Errorf("%s: %d rows, want the other member's alone; %v", table, all, err)
			}
		}
	})
}
