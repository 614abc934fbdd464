package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
)

// A form with something wrong in it comes back as it was filled in, with the reason at its field.
func TestBadStopKeepsItsForm(t *testing.T) {
	c := newTestClass(t)
	before := c.stored(t).Version
	filled := url.Values{
		"title": {"How much is left?\nGuess."}, "notes": {"Wait for them."}, "path": {"/labs/chain?depth=20"}, "choices": {"a\nb"}, "given": {"3"}, "go": {"1"},
	}
	for _, test := range []struct{ name, kind, field, value, at, reason string }{
		{"no title", "ask", "title", " ", "title", "The title is empty."},
		{"no lab", "predict-number", "path", "https://example.org/", "path", "Give the link of one of the labs here"},
		{"nothing to show", "show", "path", "", "path", "Say which page to show, or give a text or a picture."},
		{"one choice", "predict-choice", "choices", "plain", "choices", "Give two to 6 choices, one per line."},
		{"no number", "predict-power", "given", "six", "given", "Write the power alone"},
		{"no such choice", "predict-choice", "given", "7", "given", "The right choice is none of them."},
		{"another lab", "predict-number", "truth", "train losses[-1]", "truth", "Give a link of /labs/train."},
		{"a guess as the truth", "predict-choice", "truth", "chain grad_w[0]", "truth", "Which twin is lower is a choice"},
		{"text beyond the bounds", "ask", "text", strings.Repeat("ä", 4000) + ".", "text", "This has more than 8000 bytes without an empty line"},
		{"long text", "ask", "text", strings.Repeat("x ", 2001), "text", "This has 4001 characters"},
		{"no such kind", "dance", "title", "x", "kind", "There is no such kind of stop."},
	} {
		t.Run(test.name, func(t *testing.T) {
			form := url.Values{"kind": {test.kind}}
			for name, values := range filled {
				form[name] = values
			}
			form.Set(test.field, test.value)
			got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/plan", form)
			at := strings.Index(got.body, `id="add-`+test.at+`-error"`)
			if got.status != 422 || at < 0 || !strings.Contains(got.body, `"add-`+test.at+`-error" aria-invalid="true"`) {
				t.Fatalf("status %d, the reason is not at %q", got.status, test.at)
			}
			if reason := got.body[at:]; !strings.Contains(strings.ToLower(reason[:strings.Index(reason, "</p>")]), strings.ToLower(test.reason)) {
				t.Errorf("the reason is %q, want %q", reason[:strings.Index(reason, "</p>")], test.reason)
			}
			for name, values := range form {
				switch name {
				case "kind", "truth": // chosen, where they are possible
				default:
					if text := strings.TrimSpace(values[0]); !strings.Contains(got.body, text) {
						t.Errorf("what was typed in %s is gone: %q", name, text)
					}
				}
			}
			if after := c.stored(t).Version; after != before {
				t.Errorf("the class is at version %d after %d", after, before)
			}
		})
	}
}

func TestMistypedCodeDeletesNothing(t *testing.T) {
	c := newTestClass(t)
	got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/delete", url.Values{"code": {"KXR-47QQ"}})
	if got.status != 422 || !strings.Contains(got.body, "This is not the code of this class.") || !strings.Contains(got.body, `value="KXR-47QQ"`) || !strings.Contains(got.body, `data-role="remote"`) {
		t.Errorf("status %d; want the teacher's page with what was typed, and why nothing was deleted", got.status)
	}
	c.stored(t)
}

// A class that is over says so to its teacher and on the wall, and invites nobody.
func TestOverIsSaid(t *testing.T) {
	c := newTestClass(t)
	c.to(t, classroom.Ask)
	look := func(page string) string { return c.do(t, c.teacher, "GET", "/class/"+c.code+"/"+page, nil).body }
	handsIn := regexp.MustCompile(`name="do" value="(timer|unlock)"`)
	if !handsIn.MatchString(look("remote")) {
		t.Error("the teacher of an open class cannot end the handing in")
	}
	const invites, over = `<p data-while-open>Join at`, `<p data-when-over>`
	if wall := look("projector"); !strings.Contains(wall, invites) || strings.Contains(wall, over) {
		t.Error("the wall of an open class does not invite, or says that it is over")
	}
	c.act(t, "close")
	if wall := look("projector"); strings.Contains(wall, invites) || !strings.Contains(wall, over) {
		t.Error("the wall of a closed class invites")
	}
	if page := look("remote"); handsIn.MatchString(page) || !strings.Contains(page, "You closed it") || strings.Contains(page, `<div data-while-open>`) {
		t.Error("the teacher's page does not say that the class is closed, still invites, or takes answers in it")
	}
	c.act(t, "reopen")
	stored := c.stored(t)
	stored.OpenedAt = stored.OpenedAt.Add(-13 * time.Hour)
	stored.Version++
	if err := c.store.UpdateClass(t.Context(), stored); err != nil {
		t.Fatal(err)
	}
	if wall := look("projector"); strings.Contains(wall, invites) || !strings.Contains(wall, over) {
		t.Error("the wall of a class of yesterday invites")
	}
	if page := look("remote"); handsIn.MatchString(page) || !strings.Contains(page, "twelve hours ago") {
		t.Error("the teacher's page does not say that the class has ended, or takes answers in it")
	}
}

// What a form brings too late is given back to its writer, without scripts, too: at whatever stop the class is by then.
func TestTooLateIsGivenBack(t *testing.T) {
	c := newTestClass(t)
	ask := c.to(t, classroom.Ask)
	form := url.Values{"stop": {ask.ID}, "text": {"It was <nearly> done."}, "run": {"/labs/chain?depth=7"}, "revision": {"0"}}
	late := func(phase classroom.Phase) {
		t.Helper()
		stored := c.stored(t)
		stop, at, _ := stored.Stop(ask.ID)
		stop.Phase, stop.LockedAt = phase, time.Now().Add(-time.Minute)
		stored.Plan[at] = stop
		stored.Version++
		if err := c.store.UpdateClass(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		got := c.do(t, c.student, "POST", "/class/"+c.code+"/answer", form)
		if got.status != 409 || !strings.Contains(got.body, "It was &lt;nearly&gt; done.") || !strings.Contains(got.body, "/labs/chain?depth=7") || !strings.Contains(got.body, "Not handed in") {
			t.Errorf("%s: status %d; want the text back, said not to be handed in", phase, got.status)
		}
	}
	late(classroom.Locked)
	late(classroom.Revealed)
	c.act(t, "next")
	late(classroom.Locked)
	// What was typed when the teacher locked comes in a moment later.
	c.act(t, "unlock", "stop", ask.ID)
	c.act(t, "lock", "stop", ask.ID)
	if got := c.do(t, c.student, "POST", "/class/"+c.code+"/answer", form); got.status != 303 {
		t.Errorf("a moment after the lock: status %d, want it taken", got.status)
	}
}

// The text of a stop is on the wall and on the phones, typeset, and as harmless as a lesson's. Three stops that are added come in their
// order.
func TestTextIsShown(t *testing.T) {
	c := newTestClass(t)
	for _, form := range []url.Values{
		{"kind": {"show"}, "title": {"A text"}, "text": {"So $x^2$ is\n\n```\nx**2\n```\n\n<script>alert(1)</script>"}, "go": {"1"}},
		{"kind": {"ask"}, "title": {"One"}}, {"kind": {"ask"}, "title": {"Two"}}, {"kind": {"ask"}, "title": {"Three"}},
	} {
		if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/plan", form); got.status != 303 {
			t.Fatalf("adding: status %d: %.300s", got.status, got.body)
		}
	}
	for page, client := range map[string]*http.Client{"": c.student, "/projector": c.teacher} {
		body := c.do(t, client, "GET", "/class/"+c.code+page, nil).body
		for _, part := range []string{`<div class="stop-text">`, "<math ", "<pre><code>x**2", "&lt;script&gt;alert(1)"} {
			if !strings.Contains(body, part) {
				t.Errorf("/class/…%s lacks %s", page, part)
			}
		}
	}
	var titles []string
	for _, stop := range c.stored(t).Plan {
		titles = append(titles, stop.Title)
	}
	if got := strings.Join(titles, " "); !strings.Contains(got, "A text One Two Three") {
		t.Errorf("the plan is %s", got)
	}
}

var formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// A form that adds a stop, to a class or a plan, and is sent again because its answer was lost adds one stop; what else was typed into it meanwhile is another.
func TestStopIsAddedOnce(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	token := func(path string) string {
		t.Helper()
		m := formToken.FindStringSubmatch(c.do(t, c.teacher, "GET", path, nil).body)
		if m == nil {
			t.Fatalf("%s has no token", path)
		}
		return m[1]
	}
	stops := len(c.stored(t).Plan)
	add := func(path string, form url.Values) string {
		t.Helper()
		got := c.do(t, c.teacher, "POST", path, form)
		if got.status != http.StatusSeeOther {
			t.Fatalf("adding: status %d: %.300s", got.status, got.body)
		}
		return got.header.Get("Location")
	}
	form := url.Values{"kind": {"ask"}, "title": {"Why?"}, "token": {token(at + "/remote")}}
	add(at+"/plan", form)
	add(at+"/plan", form)
	if got := len(c.stored(t).Plan); got != stops+1 {
		t.Errorf("sent twice: %d stops more, want 1", got-stops)
	}
	form.Set("title", "Why not?")
	add(at+"/plan", form)
	if got := len(c.stored(t).Plan); got != stops+2 {
		t.Errorf("sent again with something else: %d stops more, want 2", got-stops)
	}
	form = url.Values{"kind": {"ask"}, "title": {"Now?"}, "token": {token(at + "/remote")}, "go": {"1"}}
	add(at+"/plan", form)
	shown := c.stored(t).Current
	add(at+"/plan", form)
	if now := c.stored(t); now.Current != shown || len(now.Plan) != stops+3 || now.Shown().Title != "Now?" {
		t.Errorf("added and shown twice: at %d of %d, want %d of %d", now.Current, len(now.Plan), shown, stops+3)
	}
	if one, other := token(at+"/remote"), token(at+"/remote"); one == other {
		t.Error("two forms have one token")
	}

	plan := add(at+"/plan/keep", nil)
	form = url.Values{"kind": {"ask"}, "token": {token(plan)}}
	first, second := add(plan+"/stops", form), add(plan+"/stops", form)
	if page := c.do(t, c.teacher, "GET", plan, nil).body; first != second || strings.Count(page, `value="down"`) != stops+4 {
		t.Errorf("a plan’s stop sent twice: led to %s and %s, %d stops", first, second, strings.Count(page, `value="down"`))
	}
	form.Set("token", token(plan))
	if third := add(plan+"/stops", form); third == first {
		t.Error("another form’s stop is taken for the one that was added")
	}
}
