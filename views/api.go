package views

// API is /api: the interface for scripts.
type API struct {
	Frame     Frame
	Notebook  string // Python that shows how notebooks ask
	Endpoints []Endpoint
}

// An Endpoint is one request that scripts may make.
type Endpoint struct {
	Request, Answer, Example string
	Groups                   []FieldGroup
}

// A FieldGroup is parameters under a title, which may be empty.
type FieldGroup struct {
	Title  string
	Fields []FieldDoc
}

// A FieldDoc documents one parameter.
type FieldDoc struct{ Name, Accepts, Default, Help string }
