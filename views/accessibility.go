package views

// Accessibility is /accessibility.
type Accessibility struct {
	Frame                      Frame
	Contact                    string // a mail address, "" where nobody has given one
	Notes, Methods, Date       string
	Met, InPart, NotMet, Apart int                // how many criteria
	Lacks                      []AccessibilityRow // what is not met in full
	Levels                     []AccessibilityLevel
}

// An AccessibilityLevel is the criteria of a level of WCAG.
type AccessibilityLevel struct {
	Name string
	Rows []AccessibilityRow
}

// An AccessibilityRow says how far a criterion is met, and how.
type AccessibilityRow struct{ Num, Name, Says, Notes string }
