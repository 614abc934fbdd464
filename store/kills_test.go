package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/plans"
	"gradlab/store/pgtest"
)

// childDSN names the variable that turns a test binary into the writer that TestKills kills, childClass the class that it writes to.
const (
	childDSN   = "GRADLAB_STORE_TEST_CHILD"
	childClass = "GRADLAB_STORE_TEST_CLASS"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childDSN); dsn != "" {
		if err := writeForever(dsn, os.Getenv(childClass)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// acknowledgements are the last number of each kind of write that was acknowledged.
type acknowledgements map[string]int64

// writeForever writes all kinds of what may not be lost, each kind on its own, and prints each once its save has returned.
func writeForever(dsn, class string) error {
	ctx := context.Background()
	s, err := Open(ctx, dsn)
	if err != nil {
		return err
	}
	c, err := s.ClassByID(ctx, class)
	if err != nil {
		return err
	}
	member, _, err := s.Member(ctx, class, "anna")
	if err != nil {
		return err
	}
	predict, ask := c.Plan[0].ID, c.Plan[1].ID
	stored, _, err := s.ClassAnswer(ctx, class, ask, member.ID)
	if err != nil {
		return err
	}
	marks, err := s.Marks(ctx, class)
	if err != nil {
		return err
	}
	var marked int64
	for _, m := range marks {
		marked = m.Revision
	}
	life := time.Now().UnixMilli() * 1000 // of this child: keys of its own, and numbers that a float64 holds
	kinds := []kindOf{
		{fmt.Sprint("answers ", life), 0, func(n int64) error {
			_, err := s.Submit(ctx, "anna", answers.Key{Question: fmt.Sprint(life, " ", n)}, written(n), 0)
			return err
		}},
		{fmt.Sprint("drafts ", life), 0, func(n int64) error {
			_, err := s.SaveDraft(ctx, "anna", answers.Key{Question: fmt.Sprint("draft ", life, " ", n)}, written(n), 0)
			return err
		}},
		{"vote 1", life, func(n int64) error {
			return s.SaveGuess(ctx, class, c.Version, "anna", classroom.Guess{Stop: predict, Round: 1, Value: float64(n)})
		}},
		{"vote 2", life, func(n int64) error {
			return s.SaveGuess(ctx, class, c.Version, "anna", classroom.Guess{Stop: predict, Round: 2, Value: float64(n), Confidence: 3})
		}},
		{fmt.Sprint("runs ", life), 0, func(n int64) error {
			return s.SaveSubmission(ctx, class, c.Version, "anna", classroom.Submission{Stop: fmt.Sprint(life, " ", n), Run: written(n), Cost: float64(n)})
		}},
		{"class answer", stored.Revision, func(n int64) error {
			_, err := s.SaveClassAnswer(ctx, class, c.Version, "anna", classroom.Answer{Stop: ask, Text: written(n), Revision: n - 1})
			return err
		}},
		{"mark", marked, func(n int64) error {
			_, err := s.SaveMark(ctx, class, classroom.Mark{Stop: ask, Member: member.ID, Comment: written(n), Revision: n - 1})
			return err
		}},
	}
	shelf, _ := plans.NewShelf()
	plan, err := plans.New(shelf.ID, "x", []classroom.Stop{{Kind: classroom.Ask, Title: "x"}}, time.Now())
	if err == nil {
		err = s.CreateShelf(ctx, shelf, plan)
	}
	if err != nil {
		return err
	}
	kinds = append(kinds, kindOf{"plan " + plan.ID, 1, func(n int64) error {
		next, err := plan.Write(plan.Stops[0].ID, classroom.Stop{Kind: classroom.Ask, Title: "x", Notes: plannedText(n)}, plan.Stops[0].Revision, time.Now())
		if err == nil {
			err = s.UpdatePlan(ctx, next)
		}
		plan = next
		return err
	}})
	work, err := homework.New(shelf.ID, "x", plan.ForClass(), "UTC", time.Now())
	if err == nil {
		err = s.CreateHomework(ctx, work)
	}
	if err != nil {
		return err
	}
	pupil, code := homework.NewMember("Anna")
	if _, err := s.JoinHomework(ctx, work.ID, "anna", pupil, homework.Hash(code)); err != nil {
		return err
	}
	workAnswer := classroom.Answer{Stop: work.Stops[0].ID, Member: pupil.ID, Text: written(1)}
	if _, err := s.WriteAnswer(ctx, work, homework.Answer{Answer: workAnswer}, false); err != nil {
		return err
	}
	kinds = append(kinds, kindOf{"homework " + work.ID, 1, func(n int64) error {
		a := workAnswer
		a.Text, a.Revision = written(n), n-1
		_, err := s.WriteAnswer(ctx, work, homework.Answer{Answer: a}, n%2 == 0)
		return err
	}}, kindOf{"homework-mark " + work.ID, 0, func(n int64) error {
		_, err := s.SaveHomeworkMarks(ctx, work, []homework.Mark{{Mark: classroom.Mark{Stop: workAnswer.Stop, Member: pupil.ID, Comment: written(n), Revision: n - 1}}})
		return err
	}})
	errs := make(chan error, len(kinds))
	var printing sync.Mutex
	for _, k := range kinds {
		go func() {
			for n := k.from + 1; ; n++ {
				if err := k.save(n); err != nil {
					errs <- fmt.Errorf("%s %d: %w", k.name, n, err)
					return
				}
				printing.Lock()
				fmt.Printf("%s=%d\n", k.name, n)
				printing.Unlock()
			}
		}()
	}
	return <-errs
}

// A kindOf write, numbered from one above from.
type kindOf struct {
	name string
	from int64
	save func(n int64) error
}

// plannedText is written, short enough for a plan.
func plannedText(n int64) string { return strings.TrimSpace(fmt.Sprintf("%.1500s", written(n))) }

// written is a text that tells which one it is, of several pages of the database.
func written(n int64) string { return fmt.Sprint(n, " ", strings.Repeat("text ", 200+int(n%2000))) }

// kills is how often TestKills kills on each database: make kills asks for more.
func kills(t *testing.T) int {
	text := os.Getenv("GRADLAB_KILLS")
	if text == "" {
		return 3
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("GRADLAB_KILLS=%q is no number of kills", text)
	}
	return n
}

// What was acknowledged survives the end of the program at any moment, over and over on the same database; on PostgreSQL, every other
// time it is the database that is killed.
func TestKills(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { killOften(t, filepath.Join(t.TempDir(), "a.db"), nil) })
	t.Run("PostgreSQL", func(t *testing.T) {
		server := pgtest.New(t)
		dsn, err := server.CreateDatabase(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		killOften(t, dsn, server)
	})
}

func killOften(t *testing.T, dsn string, server *pgtest.Server) {
	s := open(t, dsn)
	c := newClass(t, s)
	join(t, s, c, "anna")
	if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", classroom.Answer{Stop: c.Plan[1].ID, Text: written(1)}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	writes, rounds := 0, kills(t)
	for round := range rounds {
		database := server != nil && round%2 == 1
		acknowledged, n := killOnce(t, dsn, c.ID, func(child *os.Process) error {
			if database {
				return server.Stop(t.Context(), true)
			}
			return child.Kill()
		})
		if database {
			if err := server.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		s := open(t, dsn)
		writes += n
		checkAcknowledged(t, s, c, acknowledged)
		s.Close()
		if t.Failed() {
			t.Fatalf("lost in round %d of %d", round+1, rounds)
		}
	}
	t.Logf("%d kills, %d acknowledged writes, none lost", rounds, writes)
}

// killOnce lets a child write, kills it, or what it writes to, in the midst of that, and returns what it had acknowledged, and of how many
// writes.
func killOnce(t *testing.T, dsn, class string, kill func(child *os.Process) error) (acknowledgements, int) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(executable)
	child.Env = append(os.Environ(), childDSN+"="+dsn, childClass+"="+class)
	var said strings.Builder
	child.Stderr = &said
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged, killed, dies := acknowledgements{}, false, make(chan error, 1)
	writes, enough := 0, 20+rand.IntN(100)
	for lines := bufio.NewScanner(out); lines.Scan(); writes++ {
		name, number, _ := strings.Cut(lines.Text(), "=")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			t.Fatalf("the child says %q", lines.Text())
		}
		acknowledged[name] = n
		if writes >= enough && !killed {
			killed = true
			wait := time.Duration(rand.IntN(20_000)) * time.Microsecond // into any part of a write
			go func() {
				time.Sleep(wait)
				dies <- kill(child.Process)
			}()
		}
	}
	child.Wait() // its error says that it was killed, or lost its database
	if !killed {
		t.Fatalf("the child stopped by itself after %d writes: %s", writes, said.String())
	}
	if err := <-dies; err != nil {
		t.Fatal(err)
	}
	return acknowledged, writes
}

// checkAcknowledged reports each acknowledged write that the store does not hold whole. Of what is written over, a later one may stand
// there, whole.
func checkAcknowledged(t *testing.T, s *Store, c classroom.Class, acknowledged acknowledgements) {
	t.Helper()
	desk, found, err := s.Desk(t.Context(), c.ID, "anna", c.Plan[0].ID)
	marks, marksErr := s.Marks(t.Context(), c.ID)
	if err := errors.Join(err, marksErr); err != nil || !found || len(desk.Answers) != 1 || len(marks) > 1 {
		t.Fatalf("the class: member %v, %d answers, %d marks, %v", found, len(desk.Answers), len(marks), err)
	}
	for name, n := range acknowledged {
		kind, life, _ := strings.Cut(name, " ")
		switch {
		case kind == "answers" || kind == "drafts":
			for i := int64(1); i <= n; i++ {
				a, err := s.Answer(t.Context(), "anna", answers.Key{Question: fmt.Sprint(map[string]string{"drafts": "draft "}[kind], life, " ", i)})
				if err != nil || a.Text != written(i) || a.Submitted() != (kind == "answers") {
					t.Errorf("acknowledged %s %d is lost or damaged: %.40q, %v", kind, i, a.Text, err)
				}
			}
		case kind == "runs":
			for i := int64(1); i <= n; i++ {
				runs, err := s.Submissions(t.Context(), c.ID, fmt.Sprint(life, " ", i), "")
				if err != nil || len(runs) != 1 || runs[0].Run != written(i) || runs[0].Cost != float64(i) {
					t.Errorf("acknowledged run %d is lost or damaged: %.80v, %v", i, runs, err)
				}
			}
		case strings.HasPrefix(name, "plan "):
			p, err := s.Plan(t.Context(), strings.TrimPrefix(name, "plan "))
			if err != nil || p.Revision < n || p.Revision > 1 && p.Stops[0].Notes != plannedText(p.Revision) {
				t.Errorf("plan at revision %d, acknowledged was %d: %v", p.Revision, n, err)
			}
		case strings.HasPrefix(kind, "homework"):
			sheets, err := s.Sheets(t.Context(), life)
			if err != nil || len(sheets) != 1 || len(sheets[0].Answers) != 1 {
				t.Errorf("acknowledged homework is lost: %+.80v, %v", sheets, err)
			} else if a := sheets[0].Answers[0]; kind == "homework" && (a.Revision < n || a.Text != written(a.Revision)) {
				t.Errorf("an answer in homework at revision %d, acknowledged was %d: %.40q", a.Revision, n, a.Text)
			} else if m, _ := sheets[0].Mark(a.Stop); kind == "homework-mark" && (m.Revision < n || m.Comment != written(m.Revision)) {
				t.Errorf("a mark in homework at revision %d, acknowledged was %d", m.Revision, n)
			}
		case kind == "vote":
			round, _ := strconv.Atoi(life)
			if g := desk.Guesses[round-1]; g.Value < float64(n) || round == 2 && g.Confidence != 3 {
				t.Errorf("vote %d: %+v, acknowledged was %d", round, g, n)
			}
		case name == "class answer":
			if a := desk.Answers[0]; a.Revision < n || a.Text != written(a.Revision) {
				t.Errorf("class answer at revision %d, acknowledged was %d: %.40q", a.Revision, n, a.Text)
			}
		case name == "mark":
			if len(marks) == 0 || marks[0].Revision < n || marks[0].Comment != written(marks[0].Revision) {
				t.Errorf("mark %.60v, acknowledged was %d", marks, n)
			}
		default:
			t.Errorf("the child wrote %q", name)
		}
	}
}
