package views

import (
	"strconv"
	"time"
)

// An LTITab is a page in a frame that leads to one in a tab of its own.
type LTITab struct {
	Frame       Frame
	Title, Text string
	Href, Label string
}

// An LTIChoose is where a teacher chooses what a course links.
type LTIChoose struct {
	Frame     Frame
	Course    string
	Sealed    string // what the choice is for
	Lessons   []Option
	Questions []Option
	Plans     []Option
	Homework  []Option // the teacher's own
	Graded    bool     // the course has a gradebook that takes scores
	Lab       string
	Plan      string
	Points    string
	Fault     // at "lesson", "question", "lab", "homework", "class" or "points"
}

// An LTIReturn takes a choice to the platform.
type LTIReturn struct {
	Frame  Frame
	Title  string
	Action string
	Token  string
}

// An LTIRegister is where a platform is registered: by itself, From says where it tells of itself, or by hand.
type LTIRegister struct {
	Frame                                         Frame
	From, Ticket, Host                            string
	Key                                           string
	Issuer, Client, Auth, Token, Keys, Deployment string
	Login, Launch, JWKS, Base                     string // ours
	Fault                                                // at "key", or with the rest
	Done                                          string // who is registered now
}

// An LTIGradebook says what went to the gradebook of a course.
type LTIGradebook struct {
	Frame    Frame
	At, Back string // the path that /gradebook stands under, and the teacher's page
	Title    string
	Course   string
	Class    bool // of which the teacher says how many points there are
	Released bool
	Takes    bool // the platform takes scores
	Points   string
	Error    string // of Points
	Scores   []LTIScore
	Failing  bool

	Roster      bool // the platform says who is in the course
	Asked       bool
	RosterError string
	Students    int
	Absent      int
	Names       []string // of some who have not come
}

// An LTIScore is one student's.
type LTIScore struct {
	Name, Score        string
	Withdrawn          bool // the gradebook is to have none any more
	Retried            bool // it was tried, and has not arrived
	Sent, Failed, Next time.Time
	Tries              []LTITry
}

// An LTITry is an attempt to send it.
type LTITry struct {
	At     time.Time
	Failed string
}

// Hundredths are points as text.
func Hundredths(n int64) string { return strconv.FormatFloat(float64(n)/100, 'f', -1, 64) }
