package views

import "time"

// ClassPeople is who is in a class and what each has handed in: one page of it.
type ClassPeople struct {
	Frame       Frame
	Code, Title string
	Joined      int
	Here        int          // whose page is open
	Stops       []PeopleStop // of the plan
	Takes       int          // how many of the stops take something
	Rows        []PeopleRow
	Page, Pages int // from 1
	Hands       ClassHands
	Wrong       *WrongName
	Names       []string // of all students, as they are told apart
	Done        string   // what was just done
}

// A PeopleStop is a stop, and from how many it has something.
type PeopleStop struct {
	ID     string
	Number int // in the plan, from 1
	Title  string
	Takes  bool // something: else there is nothing to hand in
	In     int
	Now    bool // shown to the class
}

// A PeopleRow is a student.
type PeopleRow struct {
	Member   string
	Name     string // told apart from the others'
	Nickname string // as given
	Here     bool
	Away     time.Time // since when the page is closed, of who is not Here; 0 where that is not known
	Branched time.Time // since when the student tries something of their own; 0 of who follows the class
	Hand     int       // its place among the hands that are up, 0 where it is down
	Joined   time.Time
	Attended int
	Cells    []PeopleCell // by the stops
}

// A PeopleCell is what a student handed in at a stop. Says is the Mark in words, where it takes some; Branched is that the student tries
// something of their own since that stop was shown.
type PeopleCell struct {
	Mark     Text
	Says     string
	Takes    bool
	Branched bool
}

// ClassHand is a student's own hand.
type ClassHand struct {
	Code  string
	Up    bool
	Over  bool // the class
	Along bool // what is typed on the stage is sent along, so that a page without scripts comes back with it
}

// ClassHands are the hands that are up, in the order of raising. Page is that of the grid that they stand above, 0 on the teacher's own.
type ClassHands struct {
	Code string
	Page int
	Up   []ClassHandUp
}

// A ClassHandUp is one of them. For is how long it is up in milliseconds, Long the same in words, and Key tells it from the same student's
// next one.
type ClassHandUp struct {
	Member, Name, Key, Long string
	Place                   int
	For                     int64
	Away                    bool
}

// A WrongName is a name that was not taken, for the student or, Other, of whom the student is the same person as.
type WrongName struct {
	Member, Typed, Error string
	Other                bool
}

// ClassTaken is what is left to somebody whom the teacher took out of a class.
type ClassTaken struct {
	Merged bool
	Texts  []ClassMark
}
