package views

import (
	"fmt"
	"slices"
)

// Lessons is the list of lessons with the reader's progress.
type Lessons struct {
	Frame Frame
	Lines []LessonLine
}

// A LessonLine is one lesson in a list.
type LessonLine struct {
	Number      int
	Title, Href string
	HookHTML    string
	Minutes     int
	State       string // "read", "begun" or ""
	Done        string // how far the reader is, in words; "" before the start
}

// lessonKick is the line above a lesson's title.
func lessonKick(l Lesson) string {
	minutes := fmt.Sprintf("%d\u00a0minutes", l.Minutes)
	if l.Number == 0 {
		return "Before the lessons · " + minutes
	}
	return fmt.Sprintf("Lesson %d of %d · %s", l.Number, l.Of, minutes)
}

// Lesson is the page of one lesson.
type Lesson struct {
	Frame                  Frame
	Slug                   string
	Number, Of, Minutes    int
	Title                  string
	HookHTML, TakeawayHTML string
	Blocks                 []LessonBlock
	Contents               []Link
	Sources                []Source
	Terms                  []LessonTerm // those of the page, for their definitions on hover
	Steps                  int
	Read                   bool
	Previous, Next         *Link
	Notice                 string // a message about the whole page
}

// A LessonBlock is one piece of a lesson: exactly one of its fields is set.
type LessonBlock struct {
	HTML     string
	Lab      *LessonLab
	Predict  *LessonPredict
	Question *LessonQuestion
	Steps    []LessonStep // stations that follow one another
}

// A LessonLab is a lab in place: an embedded page in a frame.
type LessonLab struct {
	ID, Name    string
	Src, Href   string // the embedded page, and the lab's own
	Label       string // of the frame, for screen readers
	CaptionHTML string
	After       string // the prediction that it waits for; "" for none
	Waits       bool   // the prediction is not committed yet
}

// A LessonPredict asks for a guess, and compares it once it is committed.
type LessonPredict struct {
	ID, Action   string
	QuestionHTML string
	Choices      []string // what to choose from; none where a number is asked for
	Before, Unit string   // around the number
	Allowance    Text     // how far off the number may be
	Guess        string   // committed, or typed so far
	Committed    bool
	Error        string
	Pending      bool // the truth is still being computed
	Verdict      Text
	Right        bool
	RevealHTML   string
	Focus        bool
}

// focusOn says whether a choice has the focus: the chosen one, else the first.
func (p LessonPredict) focusOn(choice int) bool {
	return p.Focus && !p.Committed && choice == max(0, slices.Index(p.Choices, p.Guess))
}

// keep is where what is typed on the page is kept.
func (l Lesson) keep() string { return "/lessons/" + l.Slug + "/keep" }

// asks says whether there is something to type on the page.
func (l Lesson) asks() bool {
	return slices.ContainsFunc(l.Blocks, func(b LessonBlock) bool { return b.Question != nil || b.Predict != nil && !b.Predict.Committed })
}

// A LessonQuestion is one of the questions, answered in place.
type LessonQuestion struct {
	Number, Of  int
	Title, Href string
	Parts       []QuestionPart
}

// A LessonStep is one station of presenting a lesson.
type LessonStep struct {
	Number    int
	TitleHTML string
	Href      string            // the first lab's own page, for where there are no scripts
	Sets      map[string]string // by lab: the embedded page to show
}

// A LessonTerm is a definition of the glossary.
type LessonTerm struct{ Slug, Name, MeansHTML string }

// Glossary is the page of all terms.
type Glossary struct {
	Frame Frame
	Terms []GlossaryTerm
}

// A GlossaryTerm is one entry, with the lessons that use it.
type GlossaryTerm struct {
	LessonTerm
	Also    string
	Lessons []Link
}

// Search is the page of a search.
type Search struct {
	Frame Frame
	Query string
	Hits  []SearchHit
}

// A SearchHit is one thing found.
type SearchHit struct {
	Kind, Title, Href string
	Snippet           []SearchPiece
}

// A SearchPiece is a stretch of a snippet; Match says whether it is what was looked for.
type SearchPiece struct {
	Text  string
	Match bool
}
