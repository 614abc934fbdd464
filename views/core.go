package views

// Core is the page that shows the core's sources.
type Core struct {
	Frame   Frame
	Ops     []CoreLink // what can be chosen
	Missing string     // what was asked for and is none of them
	Op      *CoreOp    // nil where none is chosen
}

// CoreLink is a link to an op.
type CoreLink struct {
	Slug, Name string
	Text       string // what it does, as a sentence that begins with the name goes on
}

// CoreOp is an op with its sources and its gradient check.
type CoreOp struct {
	Slug, Name, File  string
	Methods           []CoreMethod
	Forward, Backward string
	Checks            []CoreCheck
	Verdict           Text
	Agrees            bool
	Left              string // how many programs were not run: "28 more programs", or nothing
}

// CoreMethod is a method that records the op.
type CoreMethod struct {
	Signature, Source string
	Doc               []string // by paragraph
}

// CoreCheck is what the gradient check says of one input of a program.
type CoreCheck struct {
	Program, Input           string
	Analytic, Numeric, Error Text
	Agrees                   bool
}
