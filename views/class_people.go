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

// A WrongName is a name that was not taken.
type WrongName struct{ Member, Typed, Error string }
