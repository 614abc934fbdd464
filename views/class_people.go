package views

import "time"

// ClassPeople is who is in a class and what each has handed in: one page of it.
type ClassPeople struct {
	Frame       Frame
	Code, Title string
	Joined      int
	Here        int // whose page is open
	Stops       []PeopleStop
	Rows        []PeopleRow
	Page, Pages int // from 1
	Wrong       *WrongName
	Names       []string // of all students, as they are told apart
	Done        string   // what was just done
}

// A PeopleStop is a stop that takes something, and from how many it has.
type PeopleStop struct {
	Number int // from 1, among those stops
	Title  string
	In     int
}

// A PeopleRow is a student.
type PeopleRow struct {
	Member   string
	Name     string // told apart from the others'
	Nickname string // as given
	Here     bool
	Joined   time.Time
	Attended int
	Cells    []Text // what was handed in, in a word or two; nil where nothing
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
