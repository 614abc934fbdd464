package views

import "time"

// HomeworkHome is /homework: what a student has joined, and what a teacher has set.
type HomeworkHome struct {
	Frame  Frame
	Joined []HomeworkLine
	Own    []HomeworkLine
}

// A HomeworkLine is homework in a list.
type HomeworkLine struct{ Href, Title, Says string }

// HomeworkJoin is the page of homework for who has not joined.
type HomeworkJoin struct {
	Frame     Frame
	ID        string
	Title     string
	Says      string // when it is open
	Teacher   bool   // it is this visitor's own
	Open      bool   // joining makes sense
	Nickname  string
	NameError string
	Code      string
	CodeError string
}

// HomeworkPage is a student's overview, and after the release the marks.
type HomeworkPage struct {
	Frame    Frame
	ID       string
	Title    string
	Nickname string
	Says     string
	Notice   string
	Code     string // by which one goes on elsewhere, just made; "" for none
	Begun    bool   // the stops may be seen
	Released bool
	Total    string
	Stops    []HomeworkStep
	Next     string // the address of what is to be done next; "" for nothing
}

// A HomeworkStep is a stop in a student's list.
type HomeworkStep struct {
	Href    string // "" where it is not to be seen yet
	Title   string
	State   string // how far the student is with it, in words
	Points  string // "7 of 10", or what there is to have: "10 points"
	Text    string // the student's own, after the release
	Run     *Run
	Guess   Text
	Truth   Text
	Reply   string
	Comment string
	Names   []string // the ideas that the marker found
	Model   string   // the model answer as HTML
	Counts  bool
}

// HomeworkStop is a stop as a student works at it.
type HomeworkStop struct {
	Frame      Frame
	ID         string
	Title      string // of the homework
	Stop       string
	Stage      ClassStage
	Number, Of int
	Says       string // until when
	Points     string
	Previous   string
	Next       string // "" of the last one, and where a prediction has to be committed to first
	Held       bool   // Next waits for the prediction
	Open       bool   // something can be handed in
	Late       bool   // what comes in now does so after the end
	Committed  bool
	Waits      bool // the truth is being computed
	Verdict    string
	Answer     *HomeworkAnswer
	Unsent     string // what was just refused, where no box can hold it
	Error      string
}

// A HomeworkAnswer is the box of a question.
type HomeworkAnswer struct {
	Text     string
	Revision int64
	Saved    time.Time // 0: never
	Handed   time.Time // 0: never
	Changed  bool      // since it was handed in
	Most     int
	Error    string
	Other    string // what another tab saved meanwhile
	Run      *Run   // that the answer argues from; nil for none
	RunText  string // as it stands in the box for it
	RunError string
}

// HomeworkTeach is the teacher's own page.
type HomeworkTeach struct {
	Gradebook bool // it was opened from a course
	Frame     Frame
	ID        string
	Title     string
	Phase     string
	Says      string
	Notice    string
	Link      string // for students
	Set       bool
	Released  bool
	Markable  bool // some answers can be marked
	Unmarked  int
	Answers   int // that are to be marked in all
	Release   bool
	Problem   string // why the last thing was refused
	Form      HomeworkForm
	Joined    int
	Shows     []Filter
	Part      string            // the query of the part of the table that is shown, "" of its first page
	Students  []HomeworkStudent // one page of them
	Page      int               // from 1
	Pages     int
	Previous  string // the addresses of the pages beside this one; "" for none
	Next      string
	Extend    HomeworkExtend
	Code      string // of a student who has lost it, just made
	CodeOf    string
	DeleteBad string
}

// HomeworkForm are the terms, as they were filled in.
type HomeworkForm struct {
	Title, From, Until, Zone, Grace string
	Opened                          bool // From cannot be changed any more
	Zones                           []string
	Graces                          []Option
	Stops                           []HomeworkWeight
	Notes                           []string // what is to be known of the times
	Fault
}

// A HomeworkWeight is what a stop counts.
type HomeworkWeight struct {
	ID, Title, Points, Weight string
	Predicts                  bool
}

// HomeworkExtend gives one student more time.
type HomeworkExtend struct {
	Members              []Option
	Member, Until, Error string
}

// A HomeworkStudent is a line of the teacher's table.
type HomeworkStudent struct {
	ID, Name string
	Done     string // "3 of 4"
	Nothing  bool   // was handed in
	Late     bool
	Extended string // in words, "" for nobody's own end
	Total    string // "" while it is not known
	Unmarked int
	JoinedAt time.Time
}

// dated is the kind of box for a moment: what was typed and is none stays to be read.
func dated(text string) string {
	if _, err := time.Parse("2006-01-02T15:04", text); err != nil && text != "" {
		return "text"
	}
	return "datetime-local"
}
