package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// The page for teachers has every lesson with its guide, and every sheet that it links to is there, with the key computed.
func TestTeach(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	page := site.do(t, c, "GET", "/teach", nil)
	page.wants(t, 200, "For teachers", "")
	for _, l := range site.config.Library.Lessons() {
		if _, found := site.config.Library.Teaching().Guide(l.Slug); found && !strings.Contains(page.body, `<a href="/lessons/`+l.Slug+`">`) {
			t.Errorf("lesson %s is not there", l.Slug)
		}
	}
	for _, m := range site.config.Library.Misconceptions().All {
		if !strings.Contains(page.body, m.Says) {
			t.Errorf("misconception %s is not there", m.Slug)
		}
	}
	for sheet, want := range map[string]string{
		"chain": "<td>−0.199</td>", "kernel": `<span class="gap">0.13</span>`, "bets": "The core computes",
		"homework-chain": "6.7", "homework-training": "optimizer.zero_grad()", "homework-block": "F.relu(h + shortcut)",
		"slips": "rand_input is never defined", "rubric": "Any 4 of these make a full answer: 8 points at most.",
	} {
		if !strings.Contains(page.body, `href="/teach/`+sheet+`"`) {
			t.Errorf("no link to %s", sheet)
		}
		if testing.Short() && sheet == "homework-block" {
			continue // it trains a net of 20 layers in float64, which the race detector makes last half a minute
		}
		site.do(t, c, "GET", "/teach/"+sheet, nil).wants(t, 200, want, "")
	}
	site.do(t, c, "GET", "/teach/homework-training.ipynb", nil).wants(t, 200, "last_loss = ...", "zero_grad")
	site.do(t, c, "GET", "/teach/none.ipynb", nil).wants(t, 404, "No such page", "")
	site.do(t, c, "GET", "/teach/none", nil).wants(t, 404, "No such page", "")
}

// A plan for teachers opens a class with a stop for each thing that it names, and the words of the plan as notes.
func TestTeachersPlans(t *testing.T) {
	site := newSite(t)
	for _, p := range site.config.Library.Teaching().Plans {
		c := site.client(t)
		site.do(t, c, "GET", "/class?plan="+p.Slug, nil).wants(t, 200, fmt.Sprintf(`<option value="%s" selected>`, p.Slug), "")
		opened := site.do(t, c, "POST", "/class", url.Values{"title": {"A class"}, "plan": {p.Slug}})
		if opened.status != 303 {
			t.Fatalf("%s: got %d", p.Slug, opened.status)
		}
		class, err := site.store.ClassByCode(t.Context(), strings.Split(opened.header.Get("Location"), "/")[2])
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, step := range p.Steps {
			if want := fmt.Sprintf("%d minutes. %s", step.Minutes, step.Do); at >= len(class.Plan) || !strings.HasPrefix(class.Plan[at].Notes, want) {
				t.Fatalf("%s: stop %d has no notes %q", p.Slug, at, want)
			}
			at += len(step.Items)
		}
		if at != len(class.Plan) {
			t.Errorf("%s: %d stops, want %d", p.Slug, len(class.Plan), at)
		}
	}
}
