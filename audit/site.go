package audit

import "time"

// A Class is one in an operator's list.
type Class struct {
	ID, Code, Title, KeyHash string
	Owner                    string // the name of the person who opened it, "" where nobody had signed in
	Members, HandedIn        int    // students; votes, answers and runs
	Bytes                    int64  // of its plan and what was handed in
	Opened, Closed, Used     time.Time
	Expires                  time.Time
}

// A Plan is one in an operator's list.
type Plan struct {
	ID, Title, Shelf, KeyHash string
	Owner                     string // the name of the person whose it is, "" where nobody had signed in
	Stops                     int
	Bytes                     int64     // with its versions
	Saved, Used               time.Time // Used is when any plan of its owner was looked at
	Expires                   time.Time
}

// Homework is one in an operator's list.
type Homework struct {
	ID, Title, Shelf, KeyHash string
	Owner                     string    // the name of the person whose it is, "" where nobody had signed in
	Stops, Members, HandedIn  int       // students; predictions and answers
	Bytes                     int64     // of its stops and what was handed in
	Set                       time.Time // zero of a draft
	Until, Last               time.Time // everybody's end, and the last of those that students have of their own, with the grace
	Used, Expires             time.Time // Used is zero of a draft
}

// A Platform is a registered learning platform in an operator's list.
type Platform struct {
	ID, Name, Issuer, Client string
	Links, Persons, Waiting  int       // links of its courses, who came by them, and scores that are still to be sent
	Added, Used              time.Time // Used is when one of its links was opened last, zero for never
}

// A Page says which part of a list is wanted: what holds a text, from behind the line where the page before ended.
type Page struct {
	Text string
	At   time.Time // of that line; zero at the beginning
	ID   string
	Most int
}

// A Load is what the database holds and how busy it is.
type Load struct {
	Used, Free                                 int64 // bytes on the disk; Free is -1 where it is not known
	Homework                                   int
	Open, Busy, Most                           int // connections of this process
	Classes, OpenClasses, Plans, Owners, Names int // Owners of plans and homework; Names are the visitors of whom answers are kept
}
