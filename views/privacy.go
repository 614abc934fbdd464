package views

// A Privacy is the page /privacy.
type Privacy struct {
	Frame  Frame
	Tables []KeptTable
}

// A KeptTable is what one table keeps.
type KeptTable struct {
	Name    string
	What    string
	Until   string
	Yours   bool // whether its rows are about one visitor
	Columns []KeptColumn
}

// A KeptColumn is one column and what it is for.
type KeptColumn struct {
	Name  string
	Why   string
	Apart bool // whether the visitor's file lacks it
}
