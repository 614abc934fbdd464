package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/a-h/templ"

	"gradlab/handlers/labs"
	"gradlab/lessons"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// dice is a whole lab: the mean of a fair die. Nothing but this value says that there is one.
func dice() labs.Lab {
	field := experiment.Field{Name: "sides", Label: "Sides", Help: "How many sides the die has.", Kind: experiment.Integer, Default: "6", Min: 2, Max: 20}
	sides := func(query url.Values) (int, experiment.FieldErrors) {
		text := query.Get(field.Name)
		if text == "" {
			text = field.Default
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 2 || n > 20 {
			return 6, experiment.FieldErrors{field.Name: "must be " + field.Range()}
		}
		return n, nil
	}
	mean := func(query url.Values, _ []*experiment.Outcome) (any, error) {
		n, _ := sides(query)
		return map[string]float64{"mean": float64(n+1) / 2}, nil
	}
	canonical := func(query url.Values) url.Values {
		if n, _ := sides(query); n != 6 {
			return url.Values{field.Name: {strconv.Itoa(n)}}
		}
		return url.Values{}
	}
	said := func(query url.Values) templ.Component {
		n, _ := sides(query)
		return views.Words(views.T(fmt.Sprintf("A die of %d sides comes to %g on average.", n, float64(n+1)/2)))
	}
	run := func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
		_, errs := sides(query)
		return []experiment.Field{field}, errs
	}
	return labs.Lab{
		Experiment: labs.Experiment{
			Name: "dice", Run: run, Result: mean, Facts: mean,
			Doc: labs.Doc{Answer: "mean, of one throw.", Example: "?sides=20", Fields: []labs.Group{{}}},
		},
		Menu: "Dice", Title: "The die", Text: "What a die comes to on average.", Noun: "the die",
		Page: func(query url.Values) labs.Page {
			fields, errs := run(query)
			shown := labs.Shown{
				Query: canonical(query), Errs: errs, Known: true, Parts: map[string]templ.Component{"verdict": said(query)},
				Page: func(f views.Frame, _ *views.Press) templ.Component {
					return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
						return views.Layout(f).Render(templ.WithChildren(ctx, said(query)), w)
					})
				},
			}
			return labs.Page{
				Fields: fields, Errs: errs, Run: canonical(query),
				Show: func([]*experiment.Outcome, experiment.FieldErrors) labs.Shown { return shown },
			}
		},
		Truths: []labs.Truth{{Path: "mean", Label: "die: the mean"}},
		Exports: []labs.Export{{Ending: "csv", Write: func(w io.Writer, _ string, query url.Values, _ []*experiment.Outcome) (string, error) {
			n, _ := sides(query)
			_, err := fmt.Fprintf(w, "sides,mean\n%d,%g\n", n, float64(n+1)/2)
			return "dice", err
		}}},
	}
}

const diceLesson = `---
number: 10
slug: luck
title: Luck
minutes: 3
hook: What do you expect?
takeaway: The mean.
claims:
  - {says: "10.5 on average", check: "dice?sides=20 mean = 10.5"}
---
## A die

Twenty sides come to 10.5 on average: [see it](/labs/dice?sides=20).

` + "```predict\nid: guess\nkind: number\nquestion: How much?\ncompute: dice?sides=20 mean\ntolerance: 0.5\nreveal: So much.\n```\n\n" +
	"```lab\nid: die\nshow: dice?sides=20\ncontrols: sides, foot\ncaption: A die.\nafter: guess\n```\n"

// A lab is one value: where a fifth one is among the labs of a site, it is in the navigation, on the cards, on the page of the
// API, in lessons, in classes and beside answers, without another line.
func TestAFifthLab(t *testing.T) {
	all := append(labs.All(), dice())
	library, err := lessons.Load(all.Lessons(), fstest.MapFS{"content/10-luck.md": {Data: []byte(diceLesson)}})
	if err != nil {
		t.Fatal(err)
	}
	library.Check(t.Context(), lessons.Train, 0, func(fault string) { t.Error(fault) })
	site := newSite(t, func(c *Config) { c.Labs, c.Library = all, library })
	student, teacher := site.client(t), site.client(t)
	for _, c := range []struct {
		path, contains string
		status         int
	}{
		{"/labs", "What a die comes to on average.", 200},
		{"/labs/chain", `href="/labs/dice"`, 200}, // the navigation
		{"/labs/dice?sides=8", "A die of 8 sides comes to 4.5 on average.", 200},
		{"/labs/dice/board?sides=8", `"query":"sides=8"`, 200},
		{"/labs/dice/board?sides=1", `"sides":"must be a whole number`, 200},
		{"/embed/dice", "Open the lab", 200},
		{"/api/dice?sides=20", `{"mean":10.5}`, 200},
		{"/api/dice?sides=1", `"sides":"must be a whole number`, 400},
		{"/api", "GET /api/dice", 200},
		{"/api", "How many sides the die has.", 200},
		{"/api", "{sweep,dice}.csv", 200},
		{"/export/dice.csv?sides=20", "20,10.5", 200},
		{"/answers/attach?run=/labs/dice%3Fsides%3D8", "the die: sides 8", 200},
	} {
		site.do(t, student, "GET", c.path, nil).wants(t, c.status, c.contains, "")
	}
	site.do(t, student, "POST", "/lessons/luck/predictions/guess", url.Values{"guess": {"10"}})
	site.do(t, student, "GET", "/lessons/luck", nil).wants(t, 200, "well predicted", "")
	site.do(t, student, "GET", "/lessons/luck", nil).wants(t, 200, "/embed/dice?controls=sides%2Cfoot&amp;sides=20", "")

	at := site.do(t, teacher, "POST", "/class", url.Values{"title": {"Luck"}, "plan": {"luck"}}).header.Get("Location")
	if !strings.HasSuffix(at, "/remote") {
		t.Fatalf("opening a class leads to %q", at)
	}
	site.do(t, teacher, "GET", at, nil).wants(t, 200, "die: the mean", "")
	plan := strings.Replace(at, "/remote", "/plan", 1)
	got := site.do(t, teacher, "POST", plan, url.Values{"kind": {"predict-number"}, "title": {"How much?"}, "path": {"/labs/dice?sides=4"}, "truth": {"dice mean"}, "go": {"1"}})
	if got.status != http.StatusSeeOther {
		t.Errorf("a prediction about a die: %d %.300s", got.status, got.body)
	}
	for _, action := range []string{"lock", "reveal"} {
		site.do(t, teacher, "POST", strings.Replace(at, "/remote", "/do", 1), url.Values{"do": {action}})
	}
	site.do(t, teacher, "GET", strings.Replace(at, "/remote", "/projector", 1), nil).wants(t, 200, "The lab computes <strong>2.5</strong>", "")
}
