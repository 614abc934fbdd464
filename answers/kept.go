package answers

// A KeptTable says what one table of the database keeps, for whoever wants to know.
type KeptTable struct {
	Name    string `yaml:"table"`
	What    string // in a sentence
	Until   string // how long: "until you delete it"
	Of      Belongs
	Columns []KeptColumn
}

// Belongs says whose the rows of a table are.
type Belongs string

// Whose rows are.
const (
	OfOwner  Belongs = "owner"  // a visitor's own
	OfMember Belongs = "member" // a visitor's, as a member of a class or of homework
	OfMarked Belongs = "marked" // a teacher's about a member, who sees them once they are released
	OfPerson Belongs = "person" // of whoever signed in
	OfSite   Belongs = "site"   // nobody's alone
)

// A KeptColumn says what one column is for.
type KeptColumn struct {
	Name string
	Why  string
	// Apart keeps it out of the file that a visitor takes along: names that open something, and what others are to see first.
	Apart bool
}

// Everything is all that is kept of one visitor: rows by table, each by column.
type Everything map[string][]KeptRow

// A KeptRow is one row; moments are texts in RFC 3339, in UTC.
type KeptRow map[string]any
