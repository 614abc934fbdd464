// Package persons is who signs in, or comes from a learning platform: people whom an issuer vouches for.
//
// A Person is one subject of one issuer and has an owner, the name under which answers and memberships are kept: as a visitor without a
// name is the owner that a cookie stands for, a person is the same owner in every browser in which a Session of theirs is open. No cookie
// stands for a person's owner, so no private link leads to what a person writes. A person may belong to several courses; each is
// left alone.
//
// The package knows no HTTP, no SQL and no protocol: package signon speaks OpenID Connect.
package persons

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Role is what a person may do on the whole site, as the issuer said at the last sign-in. What one may do in a single course is the
// course's to say.
type Role string

// Roles, each of which may do what those before may.
const (
	Student  Role = "student"
	Teacher  Role = "teacher"  // opens classes and keeps plans
	Operator Role = "operator" // sees and ends what others opened
)

// ranks are the roles in order; "" is as a student.
var ranks = map[Role]int{Student: 0, Teacher: 1, Operator: 2}

// AtLeast says whether a role may do what another may.
func (r Role) AtLeast(other Role) bool { return ranks[r] >= ranks[other] }

// An Identity is what an issuer says of somebody.
type Identity struct {
	Issuer  string // its address; with Subject it names one person for ever
	Subject string
	Name    string // as to be shown; may be empty
	Role    Role   // "" is Student
}

// Bounds. What is beyond is a mistake or an attack.
const (
	MaxIssuer  = 500 // bytes
	MaxSubject = 255 // characters of ASCII, by OpenID Connect Core, section 2, and LTI 1.3, section 5.3.6
	MaxName    = 100 // characters
	MaxCourses = 200 // of one person

	// SessionTime is how long a sign-in lasts, and FramedTime one inside the frame of a learning platform, which launches anew.
	SessionTime = 14 * 24 * time.Hour
	FramedTime  = 24 * time.Hour
)

// Why somebody is not signed in.
var (
	ErrIdentity = errors.New("the issuer’s name for this person cannot be kept")
	ErrCourses  = errors.New("this person is in as many courses as there may be")
)

// Checked returns an identity as it can be kept: one whose issuer and subject are whole, with a name of one line. The error is ErrIdentity.
func (i Identity) Checked() (Identity, error) {
	if i.Issuer == "" || len(i.Issuer) > MaxIssuer || i.Subject == "" || len(i.Subject) > MaxSubject || !printable(i.Issuer) || !printable(i.Subject) {
		return Identity{}, ErrIdentity
	}
	i.Name = Line(i.Name)
	if _, known := ranks[i.Role]; !known {
		i.Role = Student
	}
	return i, nil
}

func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// Line makes one line of what somebody else named: valid, without control characters, MaxName characters at most.
func Line(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > MaxName {
		text = string(runes[:MaxName-1]) + "…"
	}
	return text
}

// A Person is a subject of an issuer, as it is kept.
type Person struct {
	ID string // random: stands for the person where others' rows name one
	Identity
	Owner    string // of what the person writes
	SignedIn time.Time
	First    bool // of a sign-in: nobody had come under this identity before
}

// Teaches says whether a person may open classes and keep plans without the teachers' password.
func (p Person) Teaches() bool { return p.Role.AtLeast(Teacher) }

// New is a person who comes for the first time.
func New(i Identity) Person {
	return Person{ID: secret(12), Identity: i, Owner: newOwner()}
}

// newOwner is a name of the form that the hash of a visitor's token has, which no token stands for.
func newOwner() string {
	var b [sha256.Size]byte
	rand.Read(b[:]) // never fails, by its documentation
	return hex.EncodeToString(b[:])
}

func secret(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}

// A Session is one sign-in in one browser.
type Session struct {
	Hash    string // of the token in the browser's cookie, which is not kept
	Person  string // the id
	Framed  bool   // inside a learning platform's page
	Opened  time.Time
	Expires time.Time
}

// Open returns a session of a person that begins now.
func Open(person, hash string, framed bool, now time.Time) Session {
	length := SessionTime
	if framed {
		length = FramedTime
	}
	return Session{Hash: hash, Person: person, Framed: framed, Opened: now, Expires: now.Add(length)}
}

// A Course is one that a person belongs to. Issuer is what the course's own name, Context, is unique in: of a learning platform its
// issuer and deployment.
type Course struct {
	Issuer  string
	Context string
	Title   string
	Role    Role   // in this course
	Name    string // of the person, as this course has it
	Joined  time.Time
	Seen    time.Time // last
}

// Checked returns a course as it can be kept. The error is ErrIdentity.
func (c Course) Checked() (Course, error) {
	if c.Issuer == "" || len(c.Issuer) > MaxIssuer || c.Context == "" || len(c.Context) > MaxIssuer || !printable(c.Issuer) || !printable(c.Context) {
		return Course{}, ErrIdentity
	}
	c.Title, c.Name = Line(c.Title), Line(c.Name)
	if _, known := ranks[c.Role]; !known {
		c.Role = Student
	}
	return c, nil
}

// Held is what an owner has written, in numbers: what may be taken along.
type Held struct{ Answers, Predictions, Classes int }

// Any says whether there is anything.
func (h Held) Any() bool { return h != Held{} }
