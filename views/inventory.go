package views

import "fmt"

// Inventory is the page of the concept inventory.
type Inventory struct {
	Frame   Frame
	Forms   []InventoryForm
	Rows    []InventoryRow // when both forms are answered
	Verdict string
	Pending bool // the keys are being computed
}

// An InventoryForm is one of its two forms.
type InventoryForm struct {
	Title, Href string
	Count       int
	Done        bool
}

// An InventoryRow is a topic, and whether it was answered rightly.
type InventoryRow struct {
	Topic         string
	Before, After bool
	MeansHTML     string
	Run           Link
}

// An InventorySheet is a form to fill in.
type InventorySheet struct {
	Frame         Frame
	Action, Title string
	HookHTML      string
	Items         []InventoryItem
	Done          bool   // handed in: to look at
	Error         string // why it was not kept
}

// An InventoryItem is a question of a form.
type InventoryItem struct {
	ID, QuestionHTML, Chosen, Error string
	Choices                         []string
}

// ClassGain is what a class has gained, nameless.
type ClassGain struct {
	Frame         Frame
	Code, Title   string
	Both          int    // students who answered both forms
	Least         int    // how many there have to be
	Before, After string // right answers of a student, on average
	Of            int
	Gain          string // normalised; "" where nothing could be gained
	Topics        []TopicGain
	Pending       bool
}

// A TopicGain is how many of the students were right about a topic.
type TopicGain struct {
	Topic         string
	Before, After int
}

// tooFew says how many have answered both forms, where that is too few to show anything.
func tooFew(v ClassGain) string {
	so := fmt.Sprintf("%d students have answered both forms.", v.Both)
	switch v.Both {
	case 0:
		so = "Nobody in the class has answered both forms yet."
	case 1:
		so = "One student has answered both forms."
	}
	return fmt.Sprintf("%s Once %d have, the results are shown, without names.", so, v.Least)
}
