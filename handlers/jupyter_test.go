package handlers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"testing"
)

// Of each part of each question the notebook has a text that students cannot change and a cell for the answer, whose points add up to
// those of the marking sheet.
func TestQuestionNotebook(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", "/jupyter/questions.ipynb", nil)
	var file struct {
		Cells []struct {
			ID       string
			Metadata struct {
				NBGrader struct {
					Grade, Locked, Solution bool
					Points                  int
					GradeID                 string `json:"grade_id"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(got.body), &file); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d, %v", got.status, err)
	}
	points, answers, ids := 0, 0, map[string]bool{}
	for _, c := range file.Cells {
		g := c.Metadata.NBGrader
		if g.GradeID != c.ID || ids[c.ID] || g.Locked == g.Solution || g.Grade != g.Solution {
			t.Errorf("cell %s: %+v", c.ID, g)
		}
		ids[c.ID] = true
		if g.Solution {
			answers++
			points += g.Points
		}
	}
	library, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	want, parts := 0, 0
	for _, q := range library.Questions() {
		concepts := len(q.Concepts)
		if q.Pick > 0 {
			concepts = q.Pick
		}
		want += 2 * concepts
		parts += len(q.Parts)
	}
	if points != want || answers != parts {
		t.Errorf("%d points in %d cells, want %d in %d", points, answers, want, parts)
	}
}

// Every cell keeps the rules that nbgrader checks of its metadata, by version 3 of its schema: these keys and no others, an id of letters, digits,
// hyphens and underscores that no other cell has, points where a cell is graded and nowhere else; and a cell of text is graded if, and
// only if, it is a student's to write.
func TestNotebookKeepsNbgradersRules(t *testing.T) {
	site := newSite(t)
	var file struct {
		Cells []struct {
			Type     string `json:"cell_type"`
			Metadata map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(site.do(t, site.client(t), "GET", "/jupyter/questions.ipynb", nil).body), &file); err != nil || len(file.Cells) < 15 {
		t.Fatalf("%d cells, %v", len(file.Cells), err)
	}
	ids := map[string]bool{}
	for i, c := range file.Cells {
		for _, broken := range nbgraderBreaks(c.Type, c.Metadata["nbgrader"], ids) {
			t.Errorf("cell %d, %s: %s", i, c.Metadata["nbgrader"], broken)
		}
	}
	for _, bad := range []string{
		`{"schema_version": 2, "grade": false, "locked": true, "solution": false, "grade_id": "a"}`,
		`{"schema_version": 3, "grade": false, "locked": true, "solution": false}`,
		`{"schema_version": 3, "grade": false, "locked": true, "solution": false, "grade_id": "a b"}`,
		`{"schema_version": 3, "grade": true, "locked": false, "solution": true, "grade_id": "a"}`,
		`{"schema_version": 3, "grade": true, "locked": false, "solution": true, "grade_id": "a", "points": -1}`,
		`{"schema_version": 3, "grade": true, "locked": true, "solution": false, "grade_id": "a", "points": 1}`,
		`{"schema_version": 3, "grade": false, "locked": true, "solution": false, "grade_id": "a", "colour": "red"}`,
		`{"schema_version": 3, "locked": true, "solution": false, "grade_id": "a"}`, ``,
	} {
		if len(nbgraderBreaks("markdown", json.RawMessage(bad), map[string]bool{})) == 0 {
			t.Errorf("%s breaks no rule", bad)
		}
	}
	if len(nbgraderBreaks("markdown", json.RawMessage(`{"schema_version": 3, "grade": false, "locked": true, "solution": false, "grade_id": "heading"}`), ids)) == 0 {
		t.Error("an id that is there already breaks no rule")
	}
}

var nbgraderID = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)

// nbgraderBreaks names the rules that a cell's metadata breaks; ids are those of the cells before, to which it adds its own.
func nbgraderBreaks(cellType string, metadata json.RawMessage, ids map[string]bool) (broken []string) {
	var g struct {
		Version  int      `json:"schema_version"`
		Grade    *bool    `json:"grade"`
		Locked   *bool    `json:"locked"`
		Solution *bool    `json:"solution"`
		Task     bool     `json:"task"`
		ID       string   `json:"grade_id"`
		Points   *float64 `json:"points"`
		Checksum string   `json:"checksum"`
		Type     string   `json:"cell_type"`
	}
	strict := json.NewDecoder(bytes.NewReader(metadata))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&g); err != nil {
		return []string{err.Error()}
	}
	if g.Version != 3 || g.Grade == nil || g.Locked == nil || g.Solution == nil {
		return []string{"not version 3 with grade, locked and solution"}
	}
	if (*g.Grade || *g.Locked || *g.Solution) && !nbgraderID.MatchString(g.ID) {
		broken = append(broken, "no id of letters, digits, hyphens and underscores")
	}
	if ids[g.ID] {
		broken = append(broken, "another cell has this id")
	}
	ids[g.ID] = true
	if *g.Grade != (g.Points != nil) || g.Points != nil && *g.Points < 0 {
		broken = append(broken, "points, at least 0, are for graded cells, and for them alone")
	}
	if !g.Task && cellType == "markdown" && *g.Grade != *g.Solution {
		broken = append(broken, "text is graded if, and only if, it is a solution")
	}
	if g.Task && cellType != "markdown" {
		broken = append(broken, "a task is text")
	}
	return broken
}
