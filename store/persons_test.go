package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/persons"
)

const issuer = "https://idp.example.edu"

// Whoever signs in after being away for longer than answers are kept begins anew, and what is left of before goes with its time.
func TestPersonsWhoWereAwayBeginAnew(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		start := time.Now()
		now := start
		s := open(t, dsn, WithClock(func() time.Time { return now }), WithRetention(someTime))
		who := persons.Identity{Issuer: issuer, Subject: "1"}
		come := func() persons.Person {
			t.Helper()
			p, err := s.SignIn(t.Context(), who)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first := come()
		if _, err := s.SaveDraft(t.Context(), first.Owner, answers.Key{Question: "q"}, "text", 0); err != nil {
			t.Fatal(err)
		}
		now = start.Add(someTime.Answers - time.Hour)
		if p := come(); p.Owner != first.Owner {
			t.Errorf("within the time: another owner")
		}
		now = start.Add(someTime.Answers)
		p := come()
		if _, err := s.SaveDraft(t.Context(), p.Owner, answers.Key{Question: "q"}, "new", 0); p.ID != first.ID || p.Owner == first.Owner || err != nil {
			t.Errorf("after it: %+v, before it was %+v; %v", p, first, err)
		}
		for range 3 {
			if err := s.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			now = now.Add(purgeGrace)
		}
		if own, err := s.Answers(t.Context(), p.Owner); err != nil || len(own) != 1 || own[0].Text != "new" {
			t.Errorf("what is new: %+v, %v", own, err)
		}
		var left int
		if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM answers WHERE owner = $1", first.Owner).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d answers of before are left; %v", left, err)
		}
	})
}

// signIn makes a person with a session and a course, whose owner is of that name.
func signIn(t *testing.T, s *Store, name string) persons.Person {
	t.Helper()
	p, err := s.SignIn(t.Context(), persons.Identity{Issuer: issuer, Subject: name, Name: strings.ToUpper(name[:1]) + name[1:]})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.OpenSession(t.Context(), p.ID, "session of "+name, false)
	_, named := s.write.ExecContext(t.Context(), "UPDATE persons SET owner = $2 WHERE id = $1", p.ID, name)
	if err := errors.Join(err, named, s.Enrol(t.Context(), p.ID, persons.Course{Issuer: issuer, Context: name, Title: "A course of " + name})); err != nil {
		t.Fatal(err)
	}
	p.Owner = name
	return p
}

// One subject of one issuer is one person, whatever else the issuer says each time; the same subject of another issuer is another.
func TestSignIn(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		in := func(i persons.Identity) persons.Person {
			t.Helper()
			p, err := s.SignIn(t.Context(), i)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first := in(persons.Identity{Issuer: issuer, Subject: "1", Name: "Anna", Role: persons.Teacher})
		again := in(persons.Identity{Issuer: issuer, Subject: "1", Name: " Anna\u0000\n Berg ", Role: "emperor"})
		other := in(persons.Identity{Issuer: issuer + "/other", Subject: "1"})
		if !first.First || again.First || !other.First {
			t.Errorf("first of all: %v, %v, %v", first.First, again.First, other.First)
		}
		if again.ID != first.ID || again.Owner != first.Owner || again.Name != "Anna Berg" || again.Role != persons.Student {
			t.Errorf("the second time: %+v, after %+v", again, first)
		}
		if other.ID == first.ID || other.Owner == first.Owner || len(other.Owner) != 64 {
			t.Errorf("of another issuer: %+v, after %+v", other, first)
		}
		if p, found, err := s.Person(t.Context(), first.ID); err != nil || !found || p.Name != "Anna Berg" {
			t.Errorf("by its id: %+v, %v, %v", p, found, err)
		}
		for _, bad := range []persons.Identity{{Subject: "1"}, {Issuer: issuer}, {Issuer: issuer, Subject: "a\x00b"}, {Issuer: issuer, Subject: strings.Repeat("x", 256)}, {Issuer: issuer, Subject: "\xff"}} {
			if _, err := s.SignIn(t.Context(), bad); !errors.Is(err, persons.ErrIdentity) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

// Of those who come under one identity at the same moment, all are one person.
func TestSignInAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		var all sync.WaitGroup
		ids := make([]string, 8)
		for i := range ids {
			all.Go(func() {
				p, err := s.SignIn(t.Context(), persons.Identity{Issuer: issuer, Subject: "1"})
				if err != nil {
					t.Error(err)
				}
				ids[i] = p.ID
			})
		}
		all.Wait()
		for _, id := range ids {
			if id != ids[0] || id == "" {
				t.Errorf("%v", ids)
			}
		}
	})
}

// A session opens nothing once its time is over, it was ended, or its person deleted everything; those of others go on.
func TestSessions(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		anna, ben := signIn(t, s, "anna"), signIn(t, s, "ben")
		opens := func(name string, want bool) {
			t.Helper()
			p, found, err := s.SessionPerson(t.Context(), "session of "+name)
			if err != nil || found != want || found && p.Owner != name {
				t.Errorf("%s: %+v, %v, %v", name, p, found, err)
			}
		}
		if _, err := s.OpenSession(t.Context(), anna.ID, "session of anna’s frame", true); err != nil {
			t.Fatal(err)
		}
		open, err := s.Sessions(t.Context(), anna.ID)
		if err != nil || len(open) != 2 {
			t.Fatal(open, err)
		}
		opens("anna", true)
		now = now.Add(persons.FramedTime)
		if _, found, err := s.SessionPerson(t.Context(), "session of anna’s frame"); found || err != nil {
			t.Errorf("a framed session after its time: %v, %v", found, err)
		}
		opens("anna", true)
		if err := s.CloseSession(t.Context(), "session of anna"); err != nil {
			t.Fatal(err)
		}
		opens("anna", false)
		opens("ben", true)
		now = now.Add(persons.SessionTime)
		opens("ben", false)
		var left int
		if err := s.purgeSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM sessions").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d sessions are left; %v", left, err)
		}
		if _, err := s.DeleteAll(t.Context(), "ben", true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.OpenSession(t.Context(), ben.ID, "late", false); !errors.Is(err, ErrGone) {
			t.Errorf("a session of who is deleted: %v", err)
		}
	})
}

// Leaving one course leaves the others alone, and others in it.
func TestCourses(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		anna, ben := signIn(t, s, "anna"), signIn(t, s, "ben")
		enrol := func(p persons.Person, name, title string) error {
			return s.Enrol(t.Context(), p.ID, persons.Course{Issuer: issuer, Context: name, Title: title, Role: persons.Teacher, Name: "A. Berg"})
		}
		if err := errors.Join(enrol(anna, "nets", "Nets"), enrol(ben, "nets", "Nets"), enrol(anna, "nets", "Deep <b>nets</b>")); err != nil {
			t.Fatal(err)
		}
		titles := func(p persons.Person) string {
			all, err := s.Courses(t.Context(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			var text []string
			for _, c := range all {
				text = append(text, c.Title)
			}
			return strings.Join(text, ", ")
		}
		if got := titles(anna); !strings.Contains(got, "Deep <b>nets</b>") || !strings.Contains(got, "A course of anna") {
			t.Error(got)
		}
		if err := s.LeaveCourse(t.Context(), anna.ID, issuer, "nets"); err != nil {
			t.Fatal(err)
		}
		if a, b := titles(anna), titles(ben); a != "A course of anna" || !strings.Contains(b, "Nets") {
			t.Errorf("after anna left: %s; %s", a, b)
		}
		for n := range persons.MaxCourses - 1 {
			if err := enrol(anna, fmt.Sprint(n), "x"); err != nil {
				t.Fatal(n, err)
			}
		}
		if err := enrol(anna, "one more", "x"); !errors.Is(err, persons.ErrCourses) {
			t.Errorf("one more than there may be: %v", err)
		}
		if err := enrol(anna, "0", "y"); err != nil {
			t.Errorf("one of those there are: %v", err)
		}
		if err := enrol(anna, "", "y"); !errors.Is(err, persons.ErrIdentity) {
			t.Errorf("without a name: %v", err)
		}
	})
}
