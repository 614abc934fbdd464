package export

import "io"

// An Asked is what a notebook asks: its text in Markdown, and the points that a full answer earns.
type Asked struct {
	ID     string // unique in the notebook: letters, digits, hyphens
	Text   string
	Points int
}

// graded is what nbgrader wants to know of a cell: its schema, version 3, as nbgrader 0.6 and later write it
// (https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html).
type graded struct {
	Grade         bool   `json:"grade"`
	GradeID       string `json:"grade_id"`
	Locked        bool   `json:"locked"`
	Points        *int   `json:"points,omitempty"`
	SchemaVersion int    `json:"schema_version"`
	Solution      bool   `json:"solution"`
	Task          bool   `json:"task"`
}

type gradedCell struct {
	CellType string            `json:"cell_type"`
	ID       string            `json:"id"`
	Metadata map[string]graded `json:"metadata"`
	Source   []string          `json:"source"`
}

// QuestionNotebook writes questions as a Jupyter notebook for nbgrader: of each its text, which a student cannot change, and a cell for
// the answer, which a person grades.
func QuestionNotebook(w io.Writer, heading string, asked []Asked) error {
	cell := func(id, text string, g graded) gradedCell {
		g.GradeID, g.SchemaVersion = id, 3
		return gradedCell{CellType: "markdown", ID: id, Metadata: map[string]graded{"nbgrader": g}, Source: sourceLines(text)}
	}
	file := newNotebook()
	file.Cells = append(file.Cells, cell("heading", heading, graded{Locked: true}))
	for _, a := range asked {
		file.Cells = append(file.Cells,
			cell(a.ID+"-asked", a.Text, graded{Locked: true}),
			cell(a.ID, "Your answer.", graded{Grade: true, Solution: true, Points: &a.Points}))
	}
	return file.write(w)
}
