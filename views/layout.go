package views

// A Frame is what every page shares.
type Frame struct {
	Title       string // of the document, before the product's name
	Description string
	Section     string // the part of the navigation that is current: "labs", "questions", "about" or ""
	Theme       string // "light", "dark", "projector", or "" to follow the system
	Reader      string // whose page it is, for scripts; "" of a visitor without a name
	Path        string // where a change of theme leads back to: the page's path and query
	Scripts     []string
	Formulas    string // the style sheet of the page's formulas, "" where it has none
	Bare        bool   // without the site's bar: a page for the wall
}
