package handlers

import (
	"encoding/json"
	"net/http"
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
