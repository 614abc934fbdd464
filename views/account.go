package views

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Me is /me: what is known of who has signed in.
type Me struct {
	Frame    Frame
	Notice   string
	Provider string // what the sign-on is called; "" where nobody signs in here
	In       bool
	Name     string
	Issuer   string
	Role     string
	Joined   []ClassLine // as a student
	Courses  []Course
	Sessions []Session
	Held     Held // what this browser holds of nobody's
}

// A Course is one that a person is in.
type Course struct {
	Issuer, Context, Title, Role, Name string
	Seen                               time.Time
}

// A Session is a browser in which a person is signed in.
type Session struct {
	Here, Framed    bool
	Opened, Expires time.Time
}

// Along asks whether what a browser holds becomes a person's.
type Along struct {
	Frame Frame
	Name  string
	Held  Held
	Back  string
}

// Held is what a visitor has written, in numbers.
type Held struct{ Answers, Predictions, Classes int }

// signedInAs says who has signed in, and as what where that is more than a student.
func (m Me) signedInAs() Text {
	said := T("You are signed in")
	if m.Name != "" {
		said = Join(said, T(" as "), Stressed(T(m.Name)))
	}
	if m.Role != "student" {
		said = Join(said, T(", as "+m.Role))
	}
	return Join(said, T("."))
}

// underName says under whose name something is kept.
func (a Along) underName() string {
	if a.Name == "" {
		return "under your name"
	}
	return "under your name, " + a.Name + ","
}

// Words says how much it is: "3 answers, 2 predictions and a class".
func (h Held) Words() string {
	var parts []string
	for _, n := range []struct {
		n         int
		one, many string
	}{{h.Answers, "one answer", "%d answers"}, {h.Predictions, "one prediction or lesson read", "%d predictions and lessons read"}, {h.Classes, "one class", "%d classes"}} {
		switch {
		case n.n == 1:
			parts = append(parts, n.one)
		case n.n > 1:
			parts = append(parts, fmt.Sprintf(n.many, n.n))
		}
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

type accountsKey struct{}

// WithAccounts returns a context in which pages know that people may sign in.
func WithAccounts(ctx context.Context) context.Context {
	return context.WithValue(ctx, accountsKey{}, true)
}

func accounts(ctx context.Context) bool {
	on, _ := ctx.Value(accountsKey{}).(bool)
	return on
}
