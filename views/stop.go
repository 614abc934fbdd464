package views

// A StopForm is the form that makes a stop, as it was filled in; Error is at Field.
type StopForm struct {
	Kind, Title, Text, Path, Question, Choices, Truth, Given, Talk, Notes, Goal, Budget string
	Fault

	Truths    []Option // what a lab can compute for a prediction
	Questions []Option // of the site
}
