package views

import "time"

// ClassHome is /class: where classes are joined and opened.
type ClassHome struct {
	Frame     Frame
	Code      string // as typed
	Nickname  string
	Title     string
	Plans     []Option    // what to make the plan of
	Classes   []ClassLine // of who has signed in, the latest first
	Joined    []ClassLine // that the visitor is in as a student, the latest first
	Plan      string      // the one that is chosen
	SignIn    bool        // opening a class takes signing in as a teacher
	Password  bool        // the operator wants one for opening a class
	JoinError string      // at the code
	OpenError string
}

// A ClassLine is a class in a list of them.
type ClassLine struct {
	Code, Spelled, Title string
	Opened               time.Time
	Over                 bool
}

// ClassJoin is the page of a class for who has not joined.
type ClassJoin struct {
	Frame    Frame
	Code     string
	Spelled  string
	Title    string
	Nickname string
	Error    string
	Ended    bool
	Teacher  bool        // holds the key
	Taken    *ClassTaken // the teacher took the visitor out; else nil
}

// ClassPage is the page of a student in a class.
type ClassPage struct {
	Frame    Frame
	Code     string
	Spelled  string
	Title    string
	Nickname string
	Version  int64
	State    string // the name of the stage; "" where it has to be fetched again
	Stage    ClassStage
	Mine     ClassMine
	Hand     ClassHand
	Branched bool        // the page said last that its student tries something of their own
	Taken    *ClassTaken // before the student joined again; else nil
}

// A ClassStage is what is shown now, as one of the class's devices shows it.
type ClassStage struct {
	Code       string
	Projected  bool // on the projector: no forms
	Number, Of int
	Kind       string // "show", "predict", "ask" or "explore"
	Phase      string // "asked", "locked", "discuss", "ran", "debrief", "revealed" or ""
	Stop       string
	Heading    string
	// HeadingHTML is Heading with its formulas typeset; "" where it has none.
	HeadingHTML string
	TextHTML    string // below it
	Picture     string // the name of one, "" for none
	Alt         string
	Ended       bool
	Form        string // of a prediction: "number", "power" or "choice"
	Choices     []ClassChoice
	EyesUp      bool   // the students' pages wait: they are to look to the front
	Round       int    // of the vote: 1 or 2
	First       Text   // the student's own first vote, once the class talks about it; nil before
	Guess       Text   // the student's own, in words; nil before
	Sure        string // how sure of it: "1" to "3", or ""
	GuessText   string // as it stands in the box
	Count       string // how many have handed in
	Bars        []ClassBar
	Flows       []string // between two votes
	Truth       Text
	Reply       string       // to the student's own guess, once the truth is told
	Answer      *ClassAnswer // the student's box; nil on the projector
	Picked      []ClassPicked
	Concepts    []ClassBar
	Lab         string // what the frame shows; "" for none
	LabPage     string // the same, as a page of its own
	Runs        int
	Closing     int64 // milliseconds until a timer ends; 0 where none runs
	Error       string
	Explored    ClassExplored
	OnStage     bool         // the lab shows a run that was submitted
	Left        int          // how many runs the student may still submit
	RunText     string       // as it stands in the box for one
	Unsent      *ClassUnsent // what was just refused, where no box can hold it
}

// Takes says whether the stage has a box, for a guess or an answer.
func (s ClassStage) Takes() bool {
	return !s.Projected && !s.Ended && s.Phase == "asked" && (s.Kind != "ask" || s.Answer != nil && s.Answer.Open)
}

// A ClassChoice is one choice of a prediction.
type ClassChoice struct {
	Value, Letter, Label string
	Chosen               bool
}

// A ClassBar is one line of a bar chart: how many of all. Share is in percent of the longest bar. A paired one has the first vote beside
// the second.
type ClassBar struct {
	Letter, Label     string
	Count, First      int
	Share, FirstShare float64
	Paired            bool
	Right             bool // the truth lies here
}

// A ClassAnswer is a student's box to answer a question in.
type ClassAnswer struct {
	Stop, Text string
	Revision   int64
	Run        string
	RunChip    *Run
	Saved      time.Time // 0: never
	Open       bool      // answers are still taken
	Most       int
	Error      string
	Other      string // what another tab handed in meanwhile
}

// A ClassUnsent is a text that was not handed in, and why. It is all that its writer has of it.
type ClassUnsent struct{ Text, Run, Reason string }

// A ClassPicked is an answer that the teacher shows, without its writer's name.
type ClassPicked struct {
	Text string
	Run  *Run
}

// ClassMine is what a student has handed in so far, and what came of it.
type ClassMine struct {
	Released bool
	Lines    []ClassMark
	Total    string
}

// A ClassMark is one answer of a student with its mark, where marks are released.
type ClassMark struct {
	Question, Text, Points, Comment string
	Concepts                        []string
	Run                             *Run
}

// ClassProjector is the page that is thrown on the wall.
type ClassProjector struct {
	Frame   Frame
	Code    string
	Spelled string
	Address string // that students type, without the protocol
	Joined  int
	Steers  bool // the teacher's: its keys move the class
	Stage   ClassStage
}

// ClassRemote is the teacher's own page.
type ClassRemote struct {
	Gradebook bool // the class was opened from a course
	Frame     Frame
	Code      string
	Spelled   string
	Title     string
	Addresses []ClassAddress
	Loopback  bool // nobody but this computer can open the site
	Key       string
	Wall      string // the projector link, "" where there is none
	Until     string // when the class and everything in it is deleted
	Board     ClassBoard
	Notice    string
	Add       StopForm
	Token     string // of the form that adds a stop: sent twice, it adds one
	// DeleteCode is what was typed to delete the class, and DeleteError why it was not.
	DeleteCode, DeleteError string
}

// A ClassAddress is one that students can open.
type ClassAddress struct{ Short, URL string }

// ClassBoard is what changes on the teacher's page.
type ClassBoard struct {
	Code      string
	Stage     ClassStage
	Notes     string
	NotesHTML string // typeset
	Blank     bool
	EyesUp    bool
	Zoom      int
	Ended     bool
	Closed    bool // by the teacher
	Released  bool
	Members   int // who have joined
	Here      int // of them
	Hands     ClassHands
	Next      string // the action of the next step
	Votes     bool   // the class sees the votes
	Share     string // how many are right, in words
	Advice    string // what helps them now
	Guesses   []ClassBar
	Flows     []string
	Answers   ClassAnswers
	Concepts  []ClassBar
	Plan      []ClassPlanned
	Skip      bool // the lab that is shown has a skip to flip
}

// ClassAnswers are the answers to a question on the teacher's page, each text once.
type ClassAnswers struct {
	Any           bool // there is one at least
	Shown, Hidden []ClassIncoming
	Filter        string   // "with ID" or "without ID", of a concept, "none" for those that name none, "" for all
	Concepts      []Option // that can be filtered by: id and label
	// Of the Of answers that are not hidden, Passed pass the filter; of Unread it is not known yet.
	Of, Passed, Unread int
}

// A ClassIncoming is a text that was handed in, and by whom.
type ClassIncoming struct {
	Key              string // stands for the text in the page
	Member, Revision string // of one who wrote it; of who wrote what is on the wall, if it is
	Text             string
	Names            []string // of all who wrote it, the first one first
	Picked           bool
	// Instead is the member whose answer this one would replace on the wall, and InsteadOf which that is in words; "" where there is room.
	Instead, InsteadOf string
	Runs               []Run
}

// A ClassPlanned is a stop of the plan.
type ClassPlanned struct {
	ID, Title, Kind, Phase string
	Current, Droppable     bool
}

// MarkPage is where a teacher marks answers, one at a time.
type MarkPage struct {
	Frame     Frame
	Back      string // the address of the teacher's own page
	Action    string // that of this page, which takes the marks
	Title     string
	Questions []MarkQuestion
	Stop      string
	Question  string
	Names     bool // shown, not blind
	At, Of    int
	Done      int
	Released  bool
	Item      *MarkItem
	Previous  string
	Next      string
	Bank      []string
	Error     string
	Most      string // the points that can be given; "" where there is no bound
	AsksBy    bool   // it is kept who marked
	By        string
	Apart     bool // equal answers are not put together
}

// A MarkQuestion is a question to mark.
type MarkQuestion struct {
	Href, Title string
	Done, Of    int
	Current     bool
}

// A MarkItem is an answer, and the mark that it has so far.
type MarkItem struct {
	Members  []string // who wrote it
	Who      string
	Words    []Marked // the text with what the hints recognised
	Run      *Run
	Embed    string // the lab of the attached run, to be opened beside
	Notes    []string
	Apart    string // where those who wrote the same are marked one by one, and Together where they are not; "" for none
	Together string
	Concepts []MarkConcept
	Points   string
	Comment  string
	Revision int64
	Saved    time.Time
	Marked   bool
	History  []MarkBefore
}

// A MarkBefore is a mark that an answer had.
type MarkBefore struct {
	At            time.Time
	Says, Comment string
}

// A MarkConcept is a box of the rubric.
type MarkConcept struct {
	ID, Label string
	On        bool
	Suggested bool // by the hints
}
