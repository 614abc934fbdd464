package e2e

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/store"
	"gradlab/store/pgtest"
)

// What was acknowledged to a class survives the end of the program at any moment: lecture after lecture is given over HTTP while the program is
// ended by kill -9 again and again, on PostgreSQL every other time the database server instead. GRADLAB_KILLS is how often on each database
// (`make kills`).
func TestKilledLectures(t *testing.T) {
	t.Parallel()
	n := 3
	if text := os.Getenv("GRADLAB_KILLS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			t.Fatalf("GRADLAB_KILLS=%q is no number of kills", text)
		}
	}
	t.Run("SQLite", func(t *testing.T) { killLectures(t, n, filepath.Join(t.TempDir(), "answers.db"), nil) })
	t.Run("PostgreSQL", func(t *testing.T) {
		server := pgtest.New(t)
		dsn, err := server.CreateDatabase(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		killLectures(t, n, dsn, server)
	})
}

// killLectures gives lectures while the program is killed n times, and says what was acknowledged.
func killLectures(t *testing.T, n int, dsn string, database *pgtest.Server) {
	p := buildOn(t, dsn)
	ctx, end := context.WithCancel(t.Context())
	kept := &ledger{}
	lectures, url, over := 0, "http://"+p.address, make(chan struct{})
	go func() {
		defer close(over)
		for ctx.Err() == nil {
			l := &killedLecture{T: t, ctx: ctx, url: url, ledger: kept}
			kept.begin()
			l.give()
			lectures++
		}
	}()
	defer func() { end(); <-over }()
	for i := range n {
		select {
		case <-time.After(time.Duration(rand.IntN(400_000)) * time.Microsecond): // into any part of a lecture
		case <-over:
			t.Fatal("the lectures ended by themselves")
		}
		if database != nil && i%2 == 1 {
			if err := database.Stop(ctx, true); err != nil {
				t.Fatal(err)
			}
			if err := database.Restart(ctx); err != nil {
				t.Fatal(err)
			}
		} else {
			p.kill()
			p.start()
		}
		kept.check(t, p.file)
		if t.Failed() {
			t.Fatalf("lost by kill %d of %d", i+1, n)
		}
	}
	end()
	<-over
	t.Logf("%d kills in %d lectures, %d acknowledged writes, none lost", n, lectures, kept.writes)
}

// A ledger has of each thing in the lecture that is on the last number that was acknowledged. Its name begins with its kind, and where
// it is kept.
type ledger struct {
	sync.Mutex
	acknowledged, before map[string]int64 // in this lecture and in the one before
	writes               int
}

// begin begins another lecture.
func (l *ledger) begin() {
	l.Lock()
	defer l.Unlock()
	l.before, l.acknowledged = l.acknowledged, map[string]int64{}
}

func (l *ledger) acknowledge(n int64, name ...string) {
	l.Lock()
	defer l.Unlock()
	l.acknowledged[strings.Join(name, " ")] = n
	l.writes++
}

// check reports what was acknowledged and is not in the database of dsn, or is not whole. Of what is written over, a later one may stand there.
func (l *ledger) check(t *testing.T, dsn string) {
	t.Helper()
	l.Lock()
	expected := maps.Clone(l.acknowledged)
	maps.Copy(expected, l.before)
	l.Unlock()
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found := map[string]map[string]int64{} // of a class, a plan or homework, by its name
	for name, n := range expected {
		words := strings.Fields(name)
		place := words[0] + " " + words[1]
		if found[place] == nil {
			if found[place], err = reads[words[0]](t.Context(), s, words[1]); err != nil {
				t.Fatal(err)
			}
		}
		if got := found[place][strings.Join(words[2:], " ")]; got < n {
			t.Errorf("%s: found %d, acknowledged was %d", name, got, n)
		}
	}
}

// reads tell what a store has of a place: by who and what, the number of what is kept; of a damaged text 0.
var reads = map[string]func(context.Context, *store.Store, string) (map[string]int64, error){
	"class": func(ctx context.Context, s *store.Store, code string) (map[string]int64, error) {
		c, err := s.ClassByCode(ctx, code)
		if err != nil {
			return nil, err
		}
		members, err := s.Members(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		has, who := map[string]int64{}, map[string]string{}
		for _, m := range members {
			who[m.ID] = m.Nickname
			has["joined "+m.Nickname] = 1
		}
		guesses, err := s.Guesses(ctx, c.ID, "")
		if err != nil {
			return nil, err
		}
		for _, g := range guesses {
			has[fmt.Sprint("vote ", who[g.Member], " ", g.Round)] = int64(g.Value)
		}
		runs, err := s.Submissions(ctx, c.ID, "", "")
		if err != nil {
			return nil, err
		}
		for _, r := range runs {
			_, seed, _ := strings.Cut(r.Run, "seed=")
			seed, _, _ = strings.Cut(seed, "&")
			has["run "+who[r.Member]+" "+seed] = 1
		}
		answers, err := s.ClassAnswers(ctx, c.ID, "")
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			has["answer "+who[a.Member]] = numbered(a.Text)
		}
		marks, err := s.Marks(ctx, c.ID)
		for _, m := range marks {
			has["mark "+m.Member] = numbered(m.Comment)
		}
		return has, err
	},
	"plan": func(ctx context.Context, s *store.Store, id string) (map[string]int64, error) {
		p, err := s.Plan(ctx, id)
		has := map[string]int64{}
		for _, stop := range p.Stops {
			has["stop "+stop.ID], has["notes "+stop.ID] = 1, numbered(stop.Notes)
		}
		return has, err
	},
	"homework": func(ctx context.Context, s *store.Store, id string) (map[string]int64, error) {
		sheets, err := s.Sheets(ctx, id)
		has := map[string]int64{}
		for _, sheet := range sheets {
			has["joined "+sheet.Nickname] = 1
			for _, g := range sheet.Guesses {
				has["guess "+sheet.Nickname] = int64(g.Value)
			}
			for _, a := range sheet.Answers {
				has["answer "+sheet.Nickname] = numbered(a.Text)
			}
		}
		return has, err
	},
	"draft": func(ctx context.Context, s *store.Store, owner string) (map[string]int64, error) {
		a, err := s.Answer(ctx, owner, answers.Key{Question: draftTo})
		return map[string]int64{draftTo: numbered(a.Text)}, err
	},
}

// wordy is a text that tells which one it is, and whether it is whole.
func wordy(n int64) string { return fmt.Sprint(n, strings.Repeat(" word", 50+int(n))) }

// numbered is which text this is, 0 where it is none, or not whole.
func numbered(s string) int64 {
	first, _, _ := strings.Cut(s, " ")
	if n, err := strconv.ParseInt(first, 10, 64); err == nil && n > 0 && n < 1000 && strings.TrimSpace(s) == wordy(n) {
		return n
	}
	return 0
}
