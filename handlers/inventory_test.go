package handlers

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/lessons"
)

// inventoryKeys are the right answers of a form, by the question's id; each is computed once for all tests.
var inventoryKeys = map[string]map[string]string{}

// filled answers a form: rightly the first so many questions, wrongly the others.
func filled(t *testing.T, form lessons.Lesson, right int) url.Values {
	t.Helper()
	keys, known := inventoryKeys[form.Slug]
	if !known {
		keys = map[string]string{}
		for _, p := range form.Predicts() {
			truth, err := p.Truth(t.Context(), lessons.Train)
			if err != nil {
				t.Fatal(err)
			}
			answer, _ := p.Answer(truth)
			keys[p.ID] = answer.Says
		}
		inventoryKeys[form.Slug] = keys
	}
	values := url.Values{}
	for i, p := range form.Predicts() {
		for _, c := range p.Choices {
			if (c.Says == keys[p.ID]) == (i < right) {
				values.Set(p.ID, c.Says)
			}
		}
	}
	return values
}

// A reader answers before and after, and sees what has changed; a form is handed in once, whole, and nothing chosen is lost.
func TestInventory(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	forms := site.config.Library.Inventory()
	before, after := filled(t, forms[0], 4), filled(t, forms[1], 8)
	site.do(t, c, "GET", "/inventory", nil).wants(t, 200, "before the lessons", "What has changed")

	partly, missing := url.Values{}, forms[0].Predicts()[3].ID
	for id, v := range before {
		if id != missing {
			partly[id] = v
		}
	}
	got := site.do(t, c, "POST", "/inventory/inventory-before", partly)
	got.wants(t, 422, "Choose one of the answers", "")
	if n := strings.Count(got.body, " checked"); n != 9 {
		t.Errorf("%d of 9 choices are kept", n)
	}
	site.do(t, c, "POST", "/inventory/inventory-before", url.Values{missing: {"<script>"}}).wants(t, 422, "Choose one", "<script>\"")
	for slug, values := range map[string]url.Values{"inventory-before": before, "inventory-after": after} {
		if got := site.do(t, c, "POST", "/inventory/"+slug, values); got.status != http.StatusSeeOther {
			t.Fatalf("%s: got %d\n%s", slug, got.status, got.body)
		}
	}
	site.do(t, c, "POST", "/inventory/inventory-before", filled(t, forms[0], 10)) // with the keys in sight
	page := site.do(t, c, "GET", "/inventory", nil)
	page.wants(t, 200, "Before: 4 of 10 right. Now: 8.", "")
	for _, p := range forms[1].Predicts() {
		if run := site.site.Labs.Showing(p.Compute.Lab, p.Compute.Query); !strings.Contains(page.body, `href="`+html.EscapeString(run)+`"`) {
			t.Errorf("%s: no link to %s", p.ID, run)
		}
	}
	site.do(t, c, "GET", "/inventory/inventory-before", nil).wants(t, 200, "it stays as it is", "Hand in</button>")
	site.do(t, c, "GET", "/inventory/other", nil).wants(t, 404, "No such page", "")
}

// A teacher sees the gain of a class from five students on, and no names.
func TestClassGain(t *testing.T) {
	c := newTestClass(t)
	forms := c.config.Library.Inventory()
	gain := func() answer { return c.do(t, c.teacher, "GET", "/class/"+c.code+"/gain", nil) }
	for i, so := range []string{"Nobody in the class has answered both forms yet.", "One student has", "2 students have", "3 students have", "4 students have"} {
		gain().wants(t, 200, so, "Normalised gain")
		gain().wants(t, 200, "Once 5 have, the results are shown, without names.", "")
		student := c.join(t, c.code, "Nickname")
		c.do(t, student, "POST", "/inventory/inventory-before", filled(t, forms[0], i))
		c.do(t, student, "POST", "/inventory/inventory-after", filled(t, forms[1], 6))
	}
	// Two of ten before on average, six after: half of the eight that could be gained.
	gain().wants(t, 200, "5 students answered both forms: 2.0 of 10 right before, 6.0 now.", "Nickname")
	gain().wants(t, 200, "<b>0.50</b>", "")
}
