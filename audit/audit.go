// Package audit is what happened on a site for which its operator may have to account: who did what, when, and from which course.
//
// A guard that lets a request in says who it is (Identify); whatever keeps events writes that down with each of them, in the
// transaction of what it tells where there is one. So nobody who changes something has to say twice who they are, and no event
// can be there without its deed, or a deed without its event.
//
// An Event names nobody: a person who has signed in is a random number, which goes with the person, a teacher who has not the fingerprint
// of the key that was used, and a student the number that stands for them in a class.
//
// The package knows no HTTP and no SQL.
package audit

import (
	"context"
	"strings"
	"time"
)

// An Act is what was done: a thing, and what became of it.
type Act string

// Acts of classes, homework, plans, visitors, learning platforms and operators.
const (
	ClassOpened      Act = "class opened"
	ClassReopened    Act = "class reopened"
	ClassClosed      Act = "class closed"
	ClassDeleted     Act = "class deleted"
	ClassExported    Act = "class exported"
	MarkChanged      Act = "mark changed"
	MarksReleased    Act = "marks released"
	MarksWithheld    Act = "marks withheld"
	MemberRemoved    Act = "student removed"
	MembersMerged    Act = "students merged"
	KeyUsed          Act = "key used"
	KeyReplaced      Act = "key replaced"
	HomeworkSet      Act = "homework set"
	HomeworkClosed   Act = "homework closed"
	HomeworkExported Act = "homework exported"
	HomeworkDeleted  Act = "homework deleted"
	PlanDeleted      Act = "plan deleted"
	DataExported     Act = "own data exported"
	DataDeleted      Act = "own data deleted"
	PlatformAdded    Act = "platform registered"
	PlatformDeleted  Act = "platform deleted"
	DeploymentAdded  Act = "deployment registered"
	LinkGiven        Act = "link given to a course"
	LinkSet          Act = "link set"
	LinkOpened       Act = "link opened"
	ScoreSent        Act = "score sent"
	ScoreWithdrawn   Act = "score taken back"
	ScoreFailed      Act = "score given up"
	OperatorCame     Act = "operator came"
	LogExported      Act = "log exported"
)

// Who is behind a request, as far as is known.
type Who struct {
	// Name is "operator", or says which person it is, or which key was used; "" is a visitor without a name, and Site the program itself.
	Name string `json:"who"`
	// Course is from which course of a learning platform, "" for none. Of what belongs to a class or homework that one course links, it is that.
	Course string `json:"course"`
}

// Site is the name under which the program itself does something that nobody asks for at that moment.
const Site = "this site"

// Person names somebody who has signed in.
func Person(id string) Who { return Who{Name: "person " + id} }

// ByKey names the holder of a secret by the beginning of its hash, which tells keys apart and opens nothing.
func ByKey(role, hash string) Who {
	return Who{Name: role + " with key " + hash[:min(len(hash), 8)]}
}

// An Event is one line of the log.
type Event struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	Who
	Act Act `json:"act"`
	// About names what it was done to, such as "class 7f3a…"; Detail says more where there is more to say.
	About  string `json:"about"`
	Detail string `json:"detail"`
}

type whoKey struct{}

// Known returns a context in which it can be said who is behind a request.
func Known(ctx context.Context) context.Context { return context.WithValue(ctx, whoKey{}, &Who{}) }

// Identify says who is behind a request. What is known already stays: a person who has signed in is that, whatever key they use.
func Identify(ctx context.Context, who Who) {
	if known, ok := ctx.Value(whoKey{}).(*Who); ok {
		if known.Name == "" {
			known.Name = who.Name
		}
		if known.Course == "" {
			known.Course = who.Course
		}
	}
}

// Behind is who is behind a request.
func Behind(ctx context.Context) Who {
	if known, ok := ctx.Value(whoKey{}).(*Who); ok {
		return *known
	}
	return Who{}
}

// Operates says that who is behind a request acts as the operator.
func Operates(ctx context.Context) {
	if known, ok := ctx.Value(whoKey{}).(*Who); ok && !strings.HasPrefix(known.Name, operator) {
		known.Name = strings.TrimSuffix(operator+", "+known.Name, ", ")
	}
}

const operator = "operator"
