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
	Keep        string // where the page's one form goes to be kept, so that a change of theme leaves nothing behind that is typed; "" where there is none
	Bare        bool   // without the site's bar: a page for the wall
}

// keeping is the frame of a page whose one form is kept at an address. Enter in a field presses the first button of a form, which is
// therefore not one of a theme.
func (f Frame) keeping(path string) Frame {
	f.Keep = path
	return f
}
