package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/lti"
	"gradlab/persons"
	"gradlab/plans"
)

const day = 24 * time.Hour

// someTime keeps each thing for another time, so that a table which goes by the wrong one is found.
var someTime = Retention{Homework: 5 * day, Classes: 10 * day, Plans: 20 * day, Answers: 30 * day, Audit: 45 * day}

// ends says of each table how long after a moment its rows are gone that were written then, and belong to what was used then last. A
// table that is added is to be added here, and to whatever deletes it, and to inAll.
var ends = map[string]time.Duration{
	"classes": someTime.Classes, "class_members": someTime.Classes, "class_guesses": someTime.Classes, "class_answers": someTime.Classes,
	"class_marks": someTime.Classes, "class_pictures": someTime.Classes, "class_submissions": someTime.Classes, "class_removed": someTime.Classes, "class_attendance": someTime.Classes,
	"shelves": someTime.Plans, "plans": someTime.Plans, "plan_versions": someTime.Plans, "plan_pictures": someTime.Plans,
	"pictures": someTime.Plans, // with the last that shows them
	"answers":  someTime.Answers, "progress": someTime.Answers, "attached_runs": someTime.Answers, "ticks": someTime.Answers, "visitors": someTime.Answers,
	"persons": someTime.Answers, "courses": someTime.Answers,
	"homework": homeworkEnds, "homework_members": homeworkEnds, "homework_seats": homeworkEnds, "homework_guesses": homeworkEnds, "homework_answers": homeworkEnds,
	"homework_marks": homeworkEnds, "homework_pictures": homeworkEnds,
	"lti_links": linkFor, "lti_users": linkFor, "lti_scores": linkFor, "lti_nonces": nonceFor, "lti_keys": lti.Retired, "lti_platforms": never,
	"sessions":      persons.SessionTime,
	"retired_names": retiredFor,
	"audit_log":     someTime.Audit,
}

const (
	homeworkEnds = 6 * day // a day of work, and someTime.Homework
	never        = 1 << 62 // until somebody takes it out
)

// standing are the tables of the program itself, which hold nothing that anybody wrote: a row a kind of thing, or a migration.
var standing = []string{"purge_looks", "goose_db_version"}

// inAll writes a row into each table, at this moment.
func inAll(t *testing.T, s *Store) (class classroom.Class, plan plans.Plan) {
	t.Helper()
	given, picture := 0.25, strings.Repeat("a", 40)+".png"
	shows := classroom.Stop{Kind: classroom.Show, Title: "Look", Picture: picture, Alt: "a dot"}
	class, _, err := classroom.Open("Deep nets", []classroom.Stop{
		{Kind: classroom.Predict, Title: "How much?", Form: classroom.Number, Given: &given}, {Kind: classroom.Ask, Title: "Why?"}, shows,
	}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	shelf, _ := plans.NewShelf()
	plan, err = plans.New(shelf.ID, "A plan", []classroom.Stop{shows}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	signIn(t, s, "anna")
	ctx, anna, q := t.Context(), "anna", answers.Key{Question: "q"}
	next := plan
	next.Title, next.Revision, next.SavedAt = "Another title", plan.Revision+1, s.now()
	member, other := classroom.NewMember("Anna"), classroom.NewMember("Ben")
	step := func(c classroom.Class, action string) classroom.Class {
		next, err := c.Do(classroom.Action{Do: action}, s.now())
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	asked := step(step(class, "lock"), "next")
	asked.Version = class.Version + 1
	for what, err := range map[string]error{"the owner's": errors.Join(
		second(s.SaveDraft(ctx, anna, q, "text", 0)), s.AttachRun(ctx, anna, q, "/labs/chain"), s.Tick(ctx, anna, "q", []string{"c"}), s.MarkRead(ctx, anna, "lesson"),
		s.within(ctx, "retire", func(tx *sql.Tx) error { return s.retire(ctx, tx, "gone") }),
	), "plans": errors.Join(
		s.SavePicture(ctx, plans.Picture{Name: picture, Media: "image/png", Content: []byte("x")}), s.CreateShelf(ctx, shelf, plan), s.UpdatePlan(ctx, next),
	)} {
		if err != nil {
			t.Fatal(what, err)
		}
	}
	for _, err := range []error{
		s.CreateClass(ctx, class), second(s.Join(ctx, class.ID, anna, other)), s.RemoveMember(ctx, class.ID, other.ID), second(s.Join(ctx, class.ID, anna, member)),
		s.SaveSubmission(ctx, class.ID, class.Version, anna, classroom.Submission{Stop: "s", Run: "/labs/train", Cost: 1}),
		s.SaveGuess(ctx, class.ID, class.Version, anna, classroom.Guess{Stop: class.Plan[0].ID, Round: 1, Value: 1}),
		s.UpdateClass(ctx, asked), s.Seen(ctx, class.ID, []string{member.ID}, nil),
		second(s.SaveClassAnswer(ctx, class.ID, asked.Version, anna, classroom.Answer{Stop: class.Plan[1].ID, Text: "x"})),
		second(s.SaveMark(ctx, class.ID, classroom.Mark{Stop: class.Plan[1].ID, Member: member.ID})),
		s.UseNonce(ctx, "nonce"), s.AddToolKey(ctx, lti.Key{ID: "key", Made: s.now()}, []byte("x")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	work := newHomework(t, s)
	pupil, _ := joinHomework(t, s, work, anna)
	answer := classroom.Answer{Stop: work.Stops[0].ID, Member: pupil.ID, Text: "x"}
	_, wrote := s.WriteAnswer(ctx, work, homework.Answer{Answer: answer}, true)
	_, marked := s.SaveHomeworkMarks(ctx, work, []homework.Mark{{Mark: classroom.Mark{Stop: answer.Stop, Member: answer.Member}}})
	_, guessed := s.CommitGuess(ctx, work, classroom.Guess{Stop: work.Stops[1].ID, Member: pupil.ID})
	_, shown := s.write.ExecContext(ctx, "INSERT INTO homework_pictures (homework, picture) VALUES ($1, $2)", work.ID, picture)
	addPlatform(t, s)
	bound := s.BindClass(ctx, launch(t, s, "c1", "l1", anna).ID, class.ID, nil)
	if err := errors.Join(wrote, marked, guessed, shown, bound); err != nil {
		t.Fatal(err)
	}
	if err := s.UpdateClass(ctx, step(asked, "release")); err != nil {
		t.Fatal(err)
	}
	if err := s.QueueScores(ctx); err != nil {
		t.Fatal(err)
	}
	return step(asked, "release"), plan
}

func second[T any](_ T, err error) error { return err }

// A row of every table is there until its time is over, and gone two days later: a look finds it expired, and one that is a day later
// deletes it.
func TestEveryRowEnds(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		start := time.Now().Add(-1000 * day) // the log's own guard goes by the database's clock, for which all of this is long ago
		now := start
		s := open(t, dsn, WithClock(func() time.Time { return now }), WithRetention(someTime))
		inAll(t, s)
		tables := tablesOf(t, s)
		rows := func(table string) (n int) {
			if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for _, table := range tables {
			if _, known := ends[table]; !known {
				t.Errorf("nobody has said when the rows of %s end", table)
			} else if rows(table) == 0 {
				t.Errorf("%s has no row to begin with", table)
			}
		}
		moments := []time.Duration{0}
		for _, end := range ends {
			if end != never {
				moments = append(moments, end-time.Hour, end, end+time.Hour, end+25*time.Hour, end+50*time.Hour)
			}
		}
		slices.Sort(moments)
		for _, after := range slices.Compact(moments) {
			now = start.Add(after)
			if err := s.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, table := range tables {
				switch n, end := rows(table), ends[table]; {
				case n == 0 && after < end:
					t.Errorf("%s: gone after %v, before its %v are over", table, after, end)
				case n > 0 && after >= end+50*time.Hour:
					t.Errorf("%s: %d rows are there after %v, when its %v are over", table, n, after, end)
				}
			}
			if t.Failed() {
				return
			}
		}
	})
}

// tablesOf are the tables of the database but for those that stand.
func tablesOf(t *testing.T, s *Store) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if _, sqlite := s.engine.(sqliteFile); !sqlite {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	names, err := list(t.Context(), planned{s}, "tables", func(row scanner) (name string, err error) { return name, row.Scan(&name) }, query)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range names {
		if !slices.Contains(standing, name) {
			all = append(all, name)
		}
	}
	return all
}

// What has expired is refused at once, before anything was deleted, and it is not brought back by who comes then.
func TestExpiredIsRefusedAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		start := time.Now().Add(-1000 * day)
		now := start
		s := open(t, dsn, WithClock(func() time.Time { return now }), WithRetention(someTime))
		class, plan := inAll(t, s)
		ctx, q := t.Context(), answers.Key{Question: "q"}
		there := func(what string) map[string]bool {
			all, err := s.Everything(ctx, "anna")
			known := map[string]bool{}
			for _, table := range append([]string{"courses"}, ofVisit...) {
				known["everything: "+table] = len(all[table]) > 0
			}
			note := func(name string, is bool, e error) {
				known[name] = is
				if e != nil && !errors.Is(e, ErrNotFound) && !errors.Is(e, classroom.ErrNone) && !errors.Is(e, plans.ErrNone) {
					err = errors.Join(err, e)
				}
			}
			own, e := s.Answers(ctx, "anna")
			note("answers", len(own) > 0, e)
			_, e = s.Answer(ctx, "anna", q)
			note("answer", e == nil, e)
			beside, e := s.Attached(ctx, "anna")
			note("attached", len(beside.Runs)+len(beside.Ticks) > 0, e)
			done, e := s.Progress(ctx, "anna")
			note("progress", len(done.Read) > 0, e)
			_, e = s.ClassByCode(ctx, class.Code)
			note("class", e == nil, e)
			_, e = s.Plan(ctx, plan.ID)
			note("plan", e == nil, e)
			log, e := s.Events(ctx, "", audit.Event{}, 10)
			note("log", len(log) > 0, e)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			return known
		}
		end := func(name string) time.Duration {
			switch name {
			case "class":
				return someTime.Classes
			case "plan":
				return someTime.Plans
			case "log":
				return someTime.Audit
			}
			return someTime.Answers
		}
		for _, after := range []time.Duration{0, 10*day - 1e9, 10 * day, 20*day - 1e9, 20 * day, 30*day - 1e9, 30 * day, 45*day - 1e9, 45*day + 1e9} {
			now = start.Add(after)
			for name, is := range there(after.String()) {
				if want := after < end(name); is != want {
					t.Errorf("after %v: %s is there: %v, want %v", after, name, is, want)
				}
			}
		}
		now = start.Add(someTime.Answers)
		if err := s.VisitorSeen(ctx, "anna"); err != nil || there("seen")["answers"] {
			t.Errorf("one who came after that time is brought back: %v", err)
		}
		if _, err := s.SaveDraft(ctx, "anna", answers.Key{Question: "r"}, "new", 0); !errors.Is(err, answers.ErrRetired) {
			t.Errorf("a draft after that time: %v, want %v", err, answers.ErrRetired)
		}
		if _, err := s.Join(ctx, class.ID, "anna", classroom.NewMember("Anna")); err != nil {
			t.Errorf("a class is none of these answers: %v", err)
		}
	})
}

// Who is here stays: a visit a day before the time is over begins it anew. Of whom nobody knows when they were here, as when the
// setting is new, they were today.
func TestVisitsKeepAnswers(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		start := time.Now()
		now := start
		s := open(t, dsn, WithClock(func() time.Time { return now }), WithRetention(someTime))
		save := func(owner string) {
			t.Helper()
			if _, err := s.SaveDraft(t.Context(), owner, answers.Key{Question: "q"}, "text", 0); err != nil {
				t.Fatal(err)
			}
		}
		save("anna")
		save("ben")
		save("carl")
		if _, err := s.write.ExecContext(t.Context(), "DELETE FROM visitors WHERE owner = 'carl'"); err != nil {
			t.Fatal(err)
		}
		kept := func() (found string) {
			for _, owner := range []string{"anna", "ben", "carl"} {
				if own, err := s.Answers(t.Context(), owner); err != nil {
					t.Fatal(err)
				} else if len(own) > 0 {
					found += owner + " "
				}
			}
			return found
		}
		for d := range 65 {
			now = start.Add(time.Duration(d) * day)
			if err := s.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			if d == 29 {
				if err := s.VisitorSeen(t.Context(), "anna"); err != nil {
					t.Fatal(err)
				}
			}
			want := "anna ben carl "
			switch {
			case d >= 59:
				want = ""
			case d >= 30: // carl is known since the first look, at the start
				want = "anna "
			}
			if got := kept(); got != want {
				t.Fatalf("after %d days: kept are %q, want %q", d, got, want)
			}
		}
	})
}

// A clock that is a year ahead for some hours has nothing deleted; what it refuses meanwhile is there again when it is right.
func TestWrongClockForgetsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		start := time.Now()
		now := start
		s := open(t, dsn, WithClock(func() time.Time { return now }), WithRetention(someTime))
		inAll(t, s)
		for _, after := range []time.Duration{0, 365 * day, 365*day + 23*time.Hour, time.Hour, 26 * time.Hour} {
			now = start.Add(after)
			if err := s.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if own, err := s.Answers(t.Context(), "anna"); err != nil || len(own) != 1 {
			t.Errorf("answers: %v, %v", own, err)
		}
		if log, err := s.Events(t.Context(), "", audit.Event{}, 100); err != nil || len(log) == 0 {
			t.Errorf("the log: %v, %v", log, err)
		}
	})
}

// What the page says of times is what the store goes by.
func TestKeptSaysTheTimes(t *testing.T) {
	s := open(t, t.TempDir()+"/a.db", WithRetention(Retention{Classes: 100 * day, Answers: 365 * day, Plans: day}))
	until := map[string]string{}
	for _, table := range s.Kept() {
		until[table.Name] = table.Until
	}
	for table, want := range map[string]string{
		"classes": "100 days after", "answers": "until you delete it, or until you have not been here for 1 year", "shelves": "1 day after",
		"plans": "or 1 day after", "audit_log": "1 year after",
	} {
		if !strings.Contains(until[table], want) {
			t.Errorf("%s is kept %q, want %q", table, until[table], want)
		}
	}
	for table, text := range until {
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s is kept %q", table, text)
		}
	}
	if text := (Retention{}).preset().fill("until you delete it{, unseen}"); text != "until you delete it" {
		t.Errorf("answers that are kept for ever are kept %q", text)
	}
}
