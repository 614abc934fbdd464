package views

import (
	"cmp"
	"fmt"
	"time"
)

// An OperatorDoor asks for the operator's key.
type OperatorDoor struct {
	Frame Frame
	Error string
}

// An Operator is the overview of a site.
type Operator struct {
	Frame   Frame
	Session bool // by the key, so that it can be ended here
	Facts   []OperatorFact
}

// An OperatorFact is one line of the overview: a value or a moment, and more about it.
type OperatorFact struct {
	Name, Value, More string
	At                time.Time
}

// An OperatorList is what lists of the operator share.
type OperatorList struct {
	Frame   Frame
	Session bool
	Notice  string
	Path    string
	Text    string // that was looked for
	Later   bool   // that this is not the first page
	Next    string // where the next page is, "" on the last
}

// OperatorClasses is /admin/classes.
type OperatorClasses struct {
	OperatorList
	Classes []OperatorClass
}

// An OperatorClass is a class in the operator's list.
type OperatorClass struct {
	ID, Code, Title, Owner string
	Students, HandedIn     int
	Size                   string
	Opened, Used, Expires  time.Time
	Over                   bool
}

// OperatorPlans is /admin/plans.
type OperatorPlans struct {
	OperatorList
	Plans []OperatorPlan
}

// An OperatorPlan is a plan in the operator's list.
type OperatorPlan struct {
	ID, Title, Owner, Shelf string
	Stops                   int
	Size                    string
	Saved, Used, Expires    time.Time
}

// OperatorHomework is /admin/homework.
type OperatorHomework struct {
	OperatorList
	Homework []OperatorWork
}

// OperatorWork is homework in the operator's list.
type OperatorWork struct {
	ID, Title, Owner, Shelf   string
	Stops, Students, HandedIn int
	Size                      string
	State                     string    // "draft", "on" or "over"
	Until, Used, Expires      time.Time // Used is zero where nobody did anything with it
}

// OperatorPlatforms is /admin/platforms.
type OperatorPlatforms struct {
	OperatorList
	Platforms []OperatorPlatform
}

// An OperatorPlatform is a learning platform in the operator's list.
type OperatorPlatform struct {
	ID, Name, Issuer, Client string
	Links, Persons, Waiting  int       // Waiting are scores that are still to be sent
	Added, Used              time.Time // Used is zero where no link of it was opened yet
}

// called is what to call the platform: some say no name.
func (p OperatorPlatform) called() string { return cmp.Or(p.Name, p.Issuer) }

// waiting says how many scores are still to be sent, where there are any.
func (p OperatorPlatform) waiting() string {
	if p.Waiting == 0 {
		return ""
	}
	return " · " + many(p.Waiting, "score") + " to be sent"
}

// OperatorLog is /admin/log.
type OperatorLog struct {
	OperatorList
	Events []OperatorEvent
}

// An OperatorEvent is a line of the log.
type OperatorEvent struct {
	At                              time.Time
	Who, Course, Act, About, Detail string
}

// An OperatorKey shows a new link once.
type OperatorKey struct {
	Frame Frame
	Link  string
	What  string // "class" or "plans"
	Back  string
}

// Bytes is a size in words: "12 kB".
func Bytes(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	size, unit := float64(n), 0
	for size >= 1000 && unit < len(units)-1 {
		size, unit = size/1000, unit+1
	}
	if unit > 0 && size < 10 {
		return fmt.Sprintf("%.1f %s", size, units[unit])
	}
	return fmt.Sprintf("%.0f %s", size, units[unit])
}
