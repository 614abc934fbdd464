package views

// Teach is the page for teachers.
type Teach struct {
	Frame  Frame
	Plans  []TeachPlan
	Guides []TeachGuide
	Doubts []Doubt
	Sheets []Link
}

// A TeachPlan is a class of so many minutes.
type TeachPlan struct {
	Slug, Title string
	Steps       []TeachStep
}

// A TeachStep is one part of it.
type TeachStep struct {
	Minutes int
	Do      string
	Lesson  Link
}

// A TeachGuide is what a teacher wants to know of a lesson.
type TeachGuide struct {
	Lesson             Link
	Minutes            int
	After              []Link
	Aim, Wrong, Rescue string
	Talk               []string
	Bets               int // predictions in it
}

// A Sheet is paper to hand out: tasks with blanks, and a page with the key.
type Sheet struct {
	Frame Frame
	Title string
	Lead  string
	Chain *ChainSheet
	Patch *PatchSheet
	Bets  []BetSlip
	Slips []CodeSlip
	Marks []MarkedQuestion

	Homework *HomeworkSheet
}

// A HomeworkSheet is a notebook with blanks, on paper: numbers to predict, code to write, and the key.
type HomeworkSheet struct {
	Notebook, Run Link
	Asks          []HomeworkAsk
	Blanks        []HomeworkBlank
}

// A HomeworkAsk is a number to predict. Name is its variable's in the notebook.
type HomeworkAsk struct {
	Name, Says string
	Key        Text
}

// A HomeworkBlank is code to write.
type HomeworkBlank struct{ Name, Task, Key string }

// A ChainSheet is the chain of three layers by pencil. Rows are its layers.
type ChainSheet struct {
	X, W, Target string
	Loss, Error  string // the key's
	Rows         []ChainSheetRow
}

// A ChainSheetRow is one layer's numbers, for the key.
type ChainSheetRow struct{ Layer, A, Z, Slope, Factor, Grad string }

// A PatchSheet is a kernel, and patches of an image that it lies on.
type PatchSheet struct {
	Kernel  [][]string
	Patches []SheetPatch
}

// A SheetPatch is a patch with the sum under the kernel, for the key.
type SheetPatch struct {
	Where string
	Rows  [][]string
	Sum   string
}

// A BetSlip is a prediction to tick on paper.
type BetSlip struct {
	Lesson, Run  string
	QuestionHTML string
	Choices      []string // none where a number is asked for
	Unit         string
	Letter       string // of the right choice
	Key          Text
}

// A CodeSlip is a line of the notebook, and what is wrong with it.
type CodeSlip struct{ Code, Says string }

// A MarkedQuestion is a question with what a full answer names, each worth up to two points.
type MarkedQuestion struct {
	Title    string
	Pick     int // how many of the concepts make a full answer; 0 for all
	Concepts []string
	Most     int // points
}
