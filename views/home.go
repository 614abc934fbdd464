package views

// Home is the first page.
type Home struct {
	Frame     Frame
	Controls  FirstControls
	Board     ChainBoard
	Steps     []Step
	Lessons   []LessonLine
	Questions []QuestionLine
}

// FirstControls are the controls of the chain on the first page.
type FirstControls struct {
	Skip, Activation, Show, Layer Control
	Docked                        []Control // which a phone keeps in sight
	Rare                          []Control
}

// A Step is where to go on.
type Step struct{ Title, Text, Href string }
