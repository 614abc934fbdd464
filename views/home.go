package views

// Home is the first page.
type Home struct {
	Frame     Frame
	Controls  Controls
	Board     ChainBoard
	Lessons   []LessonLine
	Questions []QuestionLine
}
