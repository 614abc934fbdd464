package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/homework"
	"gradlab/store"
)

// testWork is homework of four stops with its teacher: a prediction that is given, one that the lab computes, a question of the site, and a lab to look at.
// It opens at noon of 1 December 2026 for a day, in Berlin, and the clock is the test's.
type testWork struct {
	*testPlan
	work    string // its id
	clock   *testClock
	results *gradebook
	rows    *store.Store // by the test's clock
}

// A testClock goes on by a second at each look, so that limits recover.
type testClock struct {
	sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.Lock()
	defer c.Unlock()
	c.now = c.now.Add(100 * time.Millisecond)
	return c.now
}

func (c *testClock) set(text string) {
	t, err := time.Parse("2006-01-02T15:04Z", text)
	if err != nil {
		panic(err)
	}
	c.Lock()
	defer c.Unlock()
	c.now = t
}

// A gradebook has what it was told last of each member.
type gradebook struct {
	sync.Mutex
	fails bool
	by    map[string]homework.Result
	told  int
}

func (g *gradebook) Released(_ context.Context, results []homework.Result) error {
	g.Lock()
	defer g.Unlock()
	if g.fails {
		return errors.New("the gradebook is away")
	}
	g.told++
	for _, r := range results {
		g.by[r.Member] = r
	}
	return nil
}

var workPath = regexp.MustCompile(`^/homework/([A-Za-z0-9_-]{16})/teach$`)

func newTestWork(t *testing.T, dsn string) *testWork {
	t.Helper()
	return newTestWorkOn(t, dsn, []url.Values{
		{"kind": {"predict-number"}, "title": {"How many?"}, "given": {"3"}, "path": {"/labs/chain?depth=7"}, "notes": {"Not for students"}},
		{"kind": {"predict-power"}, "title": {"How small?"}, "truth": {"chain grad_w[0]"}, "path": {"/labs/chain?depth=20"}},
		{"kind": {"ask"}, "title": {"Why do gradients vanish?"}, "question": {"vanishing-gradient/"}},
		{"kind": {"show"}, "title": {"Look at this"}, "path": {"/labs/chain?depth=5"}},
	})
}

// newTestWorkOn is newTestWork of these stops, as the form of a plan has them.
func newTestWorkOn(t *testing.T, dsn string, stops []url.Values) *testWork {
	t.Helper()
	w := &testWork{clock: &testClock{}, results: &gradebook{by: map[string]homework.Result{}}}
	w.clock.set("2026-11-30T10:00Z")
	var err error
	if w.rows, err = store.Open(t.Context(), dsn, store.WithClock(w.clock.Now)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.rows.Close() })
	site := newSiteOn(t, dsn, func(c *Config) {
		c.Homework, c.Operated, c.OperatorKey, c.Results, c.Clock = w.rows, w.rows, operatorKey, w.results, w.clock.Now
	})
	w.testPlan = newTestPlan(t, site)
	for _, form := range stops {
		after := ""
		if stops := w.stored(t).Stops; len(stops) > 0 {
			after = stops[len(stops)-1].ID
		}
		form.Set("after", after)
		if got := w.post(t, "/stops", form); got.status != 303 {
			t.Fatalf("adding %s: status %d\n%.2000s", form.Get("title"), got.status, got.body)
		}
	}
	got := w.post(t, "/homework", url.Values{"zone": {"Europe/Berlin"}})
	m := workPath.FindStringSubmatch(got.header.Get("Location"))
	if got.status != 303 || m == nil {
		t.Fatalf("setting: status %d to %q\n%.1000s", got.status, got.header.Get("Location"), got.body)
	}
	w.work = m[1]
	return w
}

func (w *testWork) homework(t *testing.T) homework.Homework {
	t.Helper()
	h, err := w.rows.Homework(t.Context(), w.work)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// at does something at an address of the homework.
func (w *testWork) at(t *testing.T, c *http.Client, method, path string, form url.Values, headers ...string) answer {
	t.Helper()
	return w.do(t, c, method, "/homework/"+w.work+path, form, headers...)
}

// terms are a form as the page has it, with some of it changed.
func (w *testWork) terms(t *testing.T, change ...string) url.Values {
	t.Helper()
	h := w.homework(t)
	form := url.Values{"title": {"Week 3"}, "from": {"2026-12-01T12:00"}, "until": {"2026-12-02T12:00"}, "zone": {"Europe/Berlin"}, "grace": {"15"}}
	for i, stop := range h.Stops {
		if stop.Counts() {
			form.Set("points-"+stop.ID, []string{"2", "1", "10"}[i])
			form.Set("weight-"+stop.ID, []string{"1", "1", "0.5"}[i])
		}
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// set sets the homework.
func (w *testWork) set(t *testing.T) {
	t.Helper()
	if got := w.at(t, w.owner, "POST", "/teach", w.terms(t, "set", "1")); got.status != 303 {
		t.Fatalf("setting: status %d\n%.3000s", got.status, got.body)
	}
}

var resumeCode = regexp.MustCompile(`<b class="code">([A-Z0-9-]{14})</b>`)

// join lets a new student join, and returns the student's code.
func (w *testWork) join(t *testing.T, name string) (c *http.Client, code string) {
	t.Helper()
	c = w.client(t)
	w.at(t, c, "GET", "", nil).wants(t, 200, "Your name", "")
	if got := w.at(t, c, "POST", "/join", url.Values{"nickname": {name}}); got.status != 303 {
		t.Fatalf("joining: status %d\n%.1000s", got.status, got.body)
	}
	m := resumeCode.FindStringSubmatch(w.at(t, c, "GET", "", nil).body)
	if m == nil {
		t.Fatal("whoever joins is shown no code")
	}
	return c, m[1]
}

func (w *testWork) sheet(t *testing.T, name string) homework.Sheet {
	t.Helper()
	sheets, err := w.rows.Sheets(t.Context(), w.work)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sheets, func(s homework.Sheet) bool { return s.Nickname == name })
	if i < 0 {
		t.Fatalf("%s is not there", name)
	}
	return sheets[i]
}

// Homework from a plan to the marks: drafts are kept and handed in by the end, predictions are committed once and then told, a student goes on
// elsewhere, one has more time, equal answers are marked together, every mark is kept, and the gradebook hears what students see.
func TestHomework(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		w := newTestWork(t, dsn)
		stranger := w.client(t)
		w.at(t, stranger, "GET", "", nil).wants(t, 404, "No such homework", "Week 3") // a draft
		w.set(t)
		h := w.homework(t)
		given, computed, ask, show := "/stops/"+h.Stops[0].ID, "/stops/"+h.Stops[1].ID, "/stops/"+h.Stops[2].ID, "/stops/"+h.Stops[3].ID

		anna, code := w.join(t, "Anna")
		w.at(t, anna, "GET", "", nil).wants(t, 200, "Opens Tuesday, 1 December 2026, 12:00 (Europe/Berlin)", "How many?")
		w.at(t, anna, "GET", given, nil).wants(t, 403, "Not yet", "How many?")
		w.clock.set("2026-12-01T11:00Z")
		ben, _ := w.join(t, "Ben")
		clara, _ := w.join(t, "Clara")

		// A prediction: nothing before it is committed to tells the truth, and nothing after it changes it.
		w.at(t, anna, "GET", "", nil).wants(t, 200, "Open until Wednesday, 2 December 2026, 12:00", "It is 3")
		w.at(t, anna, "GET", given, nil).wants(t, 200, "Commit", "depth=7")
		w.at(t, anna, "GET", computed, nil).wants(t, 403, "", "How small?")
		w.at(t, anna, "POST", given+"/guess", url.Values{"guess": {"many"}, "confidence": {"2"}}).wants(t, 422, `value="many"`, "depth=7")
		for _, c := range []*http.Client{anna, ben, clara} {
			w.at(t, c, "POST", given+"/guess", url.Values{"guess": {"3.1"}, "confidence": {"2"}}).wants(t, 303, "", "")
		}
		w.at(t, anna, "GET", given, nil).wants(t, 200, "You were right.", "Not for students")
		w.at(t, anna, "POST", given+"/guess", url.Values{"guess": {"7"}}).wants(t, 409, "cannot be changed", "")
		if g, _ := w.sheet(t, "Anna").Guess(h.Stops[0].ID); g.Value != 3.1 || g.Confidence != 2 {
			t.Errorf("Anna’s guess is %+v", g)
		}
		w.at(t, anna, "GET", computed, nil).wants(t, 200, "10 to the power", "/labs/chain?depth=20")
		w.at(t, anna, "POST", computed+"/guess", url.Values{"guess": {"-40"}}).wants(t, 303, "", "")
		w.at(t, anna, "GET", computed, nil).wants(t, 200, "That is not it.", "")
		w.at(t, anna, "GET", computed, nil).wants(t, 200, "The lab computes", "")

		// A draft is kept as it is typed; of two tabs the second is told, and keeps its text.
		draft := func(c *http.Client, text string, revision int64) (answer, int64) {
			got := w.at(t, c, "POST", ask+"/answer/draft", url.Values{"part": {""}, "text": {text}, "revision": {fmt.Sprint(revision)}})
			var saved struct{ Revision int64 }
			if err := json.Unmarshal([]byte(got.body), &saved); err != nil {
				t.Fatal(err)
			}
			return got, saved.Revision
		}
		got, revision := draft(anna, "Because each layer multiplies", 0)
		if got.status != 200 || revision != 1 {
			t.Fatalf("a draft: status %d, %s", got.status, got.body)
		}
		if got, _ := draft(anna, "From another tab", 0); got.status != 409 || !strings.Contains(got.body, `"text":"Because each layer multiplies"`) {
			t.Errorf("another tab: status %d, %s", got.status, got.body)
		}
		w.at(t, anna, "POST", ask+"/answer", url.Values{"text": {"From a third tab"}, "revision": {"0"}}).wants(t, 409, "From a third tab", "")
		w.at(t, anna, "POST", ask+"/answer", url.Values{"text": {" "}, "revision": {"1"}}).wants(t, 422, "Write something first", "")
		w.at(t, anna, "GET", show, nil).wants(t, 200, "/embed/chain", "")
		w.at(t, anna, "GET", "", nil).wants(t, 200, "Begun, not handed in yet", "model answer")

		// Elsewhere, by the code.
		phone := w.client(t)
		w.at(t, phone, "POST", "/resume", url.Values{"code": {"KXR4-47QT-CDEF"}}).wants(t, 404, "KXR4-47QT-CDEF", "")
		w.at(t, phone, "POST", "/resume", url.Values{"code": {strings.ToLower(code)}}).wants(t, 303, "", "")
		w.at(t, phone, "GET", ask, nil).wants(t, 200, "Because each layer multiplies", "")
		w.at(t, ben, "POST", "/resume", url.Values{"code": {code}}).wants(t, 409, "as somebody else", "")
		if got, revision = draft(phone, "Each layer multiplies by a number below 1", 1); got.status != 200 {
			t.Errorf("from the phone: %s", got.body)
		}

		// More time for one; the end; the grace; the end of that.
		w.at(t, w.owner, "POST", "/extend", url.Values{"member": {w.sheet(t, "Clara").ID}, "until": {"2026-12-03T12:00"}}).wants(t, 303, "", "")
		w.at(t, ben, "POST", computed+"/guess", url.Values{"guess": {"-10"}}).wants(t, 303, "", "")
		w.at(t, clara, "POST", computed+"/guess", url.Values{"guess": {"-10"}}).wants(t, 303, "", "")
		w.clock.set("2026-12-02T11:05Z")
		w.at(t, ben, "GET", ask, nil).wants(t, 200, "late", "")
		w.at(t, ben, "POST", ask+"/answer", url.Values{"text": {" EACH layer  multiplies by a number below 1 "}, "revision": {"0"}}).wants(t, 303, "", "")
		w.clock.set("2026-12-02T11:15Z")
		if got, _ := draft(anna, "Too late", revision); got.status != 409 || !strings.Contains(got.body, "The time is over") {
			t.Errorf("after the end: status %d, %s", got.status, got.body)
		}
		w.at(t, anna, "POST", ask+"/answer", url.Values{"text": {"Far too late"}, "revision": {"2"}}).wants(t, 409, "Far too late", "")
		w.at(t, anna, "GET", ask, nil).wants(t, 200, "Each layer multiplies by a number below 1", "<textarea")
		w.at(t, anna, "GET", "", nil).wants(t, 200, "Handed in, as it stood at the end", "model answer")
		w.at(t, w.owner, "POST", "/release", nil).wants(t, 422, "Somebody can still hand in", "")
		w.at(t, clara, "POST", ask+"/answer", url.Values{"text": {"It does not"}, "revision": {"0"}}).wants(t, 303, "", "")
		w.at(t, w.owner, "GET", "/marks", nil).wants(t, 200, "2 students wrote this", "It does not") // whose time is not over
		w.clock.set("2026-12-03T11:20Z")

		// Marks: those who wrote the same together, never more than the maximum, none lost when two mark.
		w.at(t, w.owner, "POST", "/release", nil).wants(t, 422, "3 answers are not marked yet", "")
		both := []string{w.sheet(t, "Anna").ID, w.sheet(t, "Ben").ID}
		mark := func(points, seen, by string, members ...string) answer {
			return w.at(t, w.owner, "POST", "/marks", url.Values{"stop": {h.Stops[2].ID}, "member": members, "points": {points}, "comment": {"Good"}, "by": {by}, "revision": {seen}}, "Accept", "application/json")
		}
		mark("11", "0", "X", both...).wants(t, 422, "at most 10 points", "")
		mark("7", "0", "X", both...).wants(t, 200, `"revision":2`, "")
		mark("8", "0", "Y", both...).wants(t, 409, "marked from another page", "")
		mark("8", "2", "Y", both...).wants(t, 200, `"revision":4`, "")
		mark("1", "0", "Y", w.sheet(t, "Clara").ID).wants(t, 200, `"revision":1`, "")
		mark("1", "0", "Y", "nobody").wants(t, 409, "", "")
		marks := func() (both string) { // in an order that tells nothing
			for _, at := range []string{"1", "2"} {
				both += w.at(t, w.owner, "GET", "/marks?names=1&at="+at, nil).body
			}
			return both
		}
		if page := marks(); !strings.Contains(page, "8 points, by Y") || strings.Contains(page, "7 points, by Y") || !strings.Contains(page, "7 points, by X") || !strings.Contains(page, "1 of them came late") {
			t.Errorf("the pages of marks: %s", page)
		}
		w.at(t, anna, "GET", "", nil).wants(t, 200, "not released", "Good")

		// The gradebook is away: the teacher is told, and releases once more.
		w.results.fails = true
		if got := w.at(t, w.owner, "POST", "/release", nil); got.status < 500 {
			t.Errorf("the gradebook is away: status %d", got.status)
		}
		w.results.fails = false
		w.at(t, w.owner, "POST", "/release", nil).wants(t, 303, "", "")
		page := w.at(t, anna, "GET", "", nil)
		page.wants(t, 200, "You have 6 of 8 points.", "Y</")
		for _, want := range []string{"4 of 5 points", "Each layer multiplies by a number below 1", "Good", "A model answer", "2 of 2 points", "0 of 1 point"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("after the release Anna’s page lacks %q\n%s", want, page.body)
			}
		}
		w.at(t, clara, "GET", "", nil).wants(t, 200, "You have 2.5 of 8 points.", "Each layer multiplies")
		annaID := w.sheet(t, "Anna").ID
		if got := w.results.by[annaID]; got.Score != (homework.Score{Points: 600, Of: 800}) || got.Homework != w.work || len(got.Owners) != 2 || len(w.results.by) != 3 {
			t.Errorf("the gradebook has %+v of %d", got, len(w.results.by))
		}
		mark("10", "4", "Z", both...).wants(t, 200, "", "") // a complaint
		if got := w.results.by[annaID]; got.Score.Points != 700 || !got.At.After(w.homework(t).ReleasedAt) {
			t.Errorf("after another mark the gradebook has %+v", got)
		}
		all, err := w.site.homework.Results(t.Context(), w.work)
		if err != nil || len(all) != 3 || !slices.ContainsFunc(all, func(r homework.Result) bool { return r.Member == annaID && r.Points == 700 }) {
			t.Errorf("asked for: %+v, %v", all, err)
		}
		if page := marks(); !strings.Contains(page, "8 points, by Y") || !strings.Contains(page, "10 points, by Z") {
			t.Errorf("the history after another mark: %s", page)
		}
		csv := w.at(t, w.owner, "GET", "/export.csv", nil)
		cell := annaID
		if strings.HasPrefix(cell, "-") {
			cell = "'" + cell // to a spreadsheet it is a formula
		}
		csv.wants(t, 200, `"Anna","`+cell, "")
		csv.wants(t, 200, `"7","8"`, "")
		w.at(t, w.owner, "POST", "/teach", w.terms(t)).wants(t, 422, "The marks are released", "")
		w.do(t, anna, "GET", "/homework", nil).wants(t, 200, "Week 3", "Set by you</h2>")
		w.do(t, w.owner, "GET", "/homework", nil).wants(t, 200, "Set by you</h2>", "Yours to do")
		w.at(t, anna, "POST", "/leave", url.Values{"sure": {"1"}}).wants(t, 303, "", "")
		w.at(t, phone, "GET", ask, nil).wants(t, 403, "Join first", "")
		w.at(t, w.owner, "POST", "/delete", url.Values{"sure": {"1"}}).wants(t, 303, "", "")
		w.at(t, ben, "GET", "", nil).wants(t, 404, "", "")
	})
}

// What is wrong in a form is said at its field, and what was typed stands there still.
func TestHomeworkBadInput(t *testing.T) {
	w := newTestWork(t, filepath.Join(t.TempDir(), "answers.db"))
	field := func(page, name string) string {
		tag := regexp.MustCompile(`<input[^>]* name="` + name + `"[^>]*>`).FindString(page)
		if tag == "" {
			t.Fatalf("the form has no %s", name)
		}
		return html.UnescapeString(tag)
	}
	ask := w.homework(t).Stops[2].ID
	for name, c := range map[string]struct{ field, typed, says string }{
		"ends before it opens":       {"until", "2026-11-30T12:00", "It would end before it opens."},
		"open for more than 60 days": {"until", "2027-03-01T12:00", "Homework is open for at most 60 days."},
		"a time that is skipped":     {"from", "2027-03-28T02:30", "In Europe/Berlin there is no 02:30 on this day"},
		"no moment":                  {"from", "next Tuesday", "Give a day and a time"},
		"no zone":                    {"zone", "Europe/Bärlin", "There is no such time zone"},
		"points":                     {"points-" + ask, "ten", "Give a number from 0 to 1000."},
		"a long title":               {"title", strings.Repeat("😀", 300), "This has 300 characters; 100 are possible."},
	} {
		got := w.at(t, w.owner, "POST", "/teach", w.terms(t, c.field, c.typed))
		got.wants(t, 422, c.says, "")
		if tag := field(got.body, c.field); !strings.Contains(tag, `value="`+c.typed+`"`) || !strings.Contains(tag, `aria-invalid="true"`) {
			t.Errorf("%s: the field is %s", name, tag)
		}
		if tag := field(got.body, "weight-"+ask); !strings.Contains(tag, `value="0.5"`) {
			t.Errorf("%s: another field is %s", name, tag)
		}
	}
	w.at(t, w.owner, "POST", "/teach", w.terms(t, "from", "2026-10-25T02:30", "until", "2026-10-26T12:00")).wants(t, 303, "", "")
	w.at(t, w.owner, "GET", "/teach", nil).wants(t, 200, "02:30 comes twice: the first one is meant (CEST)", "")
	w.at(t, w.owner, "POST", "/teach", w.terms(t, "from", "2026-10-25T02:30", "until", "2026-10-26T12:00", "set", "1", "title", "Typed just now")).wants(t, 422, "This is over already: choose a later time.", "")
	w.at(t, w.owner, "POST", "/teach", w.terms(t, "from", "2026-10-25T02:30", "until", "2026-10-26T12:00", "set", "1", "title", "Typed just now")).wants(t, 422, "Typed just now", "")
	w.at(t, w.owner, "POST", "/teach", w.terms(t, "from", "2027-03-27T12:00", "until", "2027-03-29T12:00")).wants(t, 303, "", "")
	w.at(t, w.owner, "GET", "/teach", nil).wants(t, 200, "Clocks are changed in between", "")
	w.set(t)
	c := w.client(t)
	w.at(t, c, "POST", "/join", url.Values{"nickname": {strings.Repeat("😀", 300)}}).wants(t, 422, strings.Repeat("😀", 300), "")
	w.at(t, c, "POST", "/join", url.Values{"nickname": {" "}}).wants(t, 422, "Give your name", "")
	w.join(t, "Anna")
	w.at(t, w.owner, "POST", "/extend", url.Values{"member": {w.sheet(t, "Anna").ID}, "until": {"2026-12-01T12:00"}}).wants(t, 422, `value="2026-12-01T12:00"`, "")
	w.at(t, w.owner, "POST", "/extend", url.Values{"member": {"nobody"}}).wants(t, 404, "", "")
	w.at(t, w.owner, "POST", "/recode", url.Values{"member": {w.sheet(t, "Anna").ID}}).wants(t, 303, "", "")
	again := w.client(t)
	code := resumeCode.FindStringSubmatch(w.at(t, w.owner, "GET", "/teach", nil).body)
	if code == nil {
		t.Fatal("the teacher is shown no code")
	}
	w.at(t, again, "POST", "/resume", url.Values{"code": {code[1]}}).wants(t, 303, "", "")
	w.clock.set("2026-12-01T11:30Z")
	first := "/stops/" + w.homework(t).Stops[0].ID
	w.at(t, again, "GET", "/stops/none", nil).wants(t, 404, "", "")
	w.at(t, again, "POST", first+"/answer", url.Values{"text": {"To a prediction"}}).wants(t, 404, "", "")
	w.at(t, again, "POST", first+"/guess", url.Values{"guess": {"3"}, "confidence": {"9"}}).wants(t, 422, `value="3"`, "")
	w.at(t, again, "POST", first+"/guess", url.Values{"guess": {"3"}}).wants(t, 303, "", "")
	w.at(t, again, "POST", "/stops/"+w.homework(t).Stops[1].ID+"/guess", url.Values{"guess": {"3"}}).wants(t, 303, "", "")
	long := strings.Repeat("x", 20_001)
	w.at(t, again, "POST", "/stops/"+ask+"/answer", url.Values{"text": {long}, "revision": {"0"}}).wants(t, 422, long, "")
	w.clock.set("2026-12-05T11:30Z")
	w.at(t, w.client(t), "GET", "", nil).wants(t, 200, "It ended", "Your name")
	w.at(t, again, "POST", "/stops/"+ask+"/answer", url.Values{"text": {"Too late, but mine"}, "revision": {"0"}}).wants(t, 409, "Too late, but mine", "")
}

// TestWhoMayDoWhatWithHomework asks everybody for everything.
func TestWhoMayDoWhatWithHomework(t *testing.T) {
	w := newTestWork(t, filepath.Join(t.TempDir(), "answers.db"))
	other := newTestPlan(t, w.testSite)
	teacher, classCode := w.openClass(t)
	student := w.testSite.join(t, classCode, "Of a class")
	visitor := w.client(t)
	w.do(t, visitor, "GET", "/class", nil)
	who := []struct {
		name   string
		client *http.Client
	}{{"visitor", visitor}, {"student of a class", student}, {"teacher of a class", teacher}, {"owner of another plan", other.owner}, {"teacher", w.owner}}
	for _, one := range who {
		if got := w.at(t, one.client, "GET", "", nil); (got.status == 200) != (one.name == "teacher") {
			t.Errorf("a draft as %s: status %d", one.name, got.status)
		}
		if got := w.do(t, one.client, "POST", "/plans/"+w.id+"/homework", nil); (got.status == 303) != (one.name == "teacher") {
			t.Errorf("setting a plan as %s: status %d", one.name, got.status)
		}
	}
	w.set(t)
	anna, _ := w.join(t, "Anna")
	ben, _ := w.join(t, "Ben")
	who = append(who, struct {
		name   string
		client *http.Client
	}{"another student", ben}, struct {
		name   string
		client *http.Client
	}{"student", anna})
	w.clock.set("2026-12-01T11:30Z")
	h := w.homework(t)
	first, ask := "/stops/"+h.Stops[0].ID, "/stops/"+h.Stops[2].ID
	for _, c := range []*http.Client{anna, ben} {
		for _, stop := range h.Stops[:2] {
			w.at(t, c, "POST", "/stops/"+stop.ID+"/guess", url.Values{"guess": {"3"}}).wants(t, 303, "", "")
		}
	}
	w.at(t, anna, "POST", ask+"/answer", url.Values{"text": {"Anna’s own words"}}).wants(t, 303, "", "")
	id := w.sheet(t, "Anna").ID
	for _, c := range []struct {
		method, path string
		form         url.Values
		statuses     string // of who
	}{
		{"GET", "", nil, "200 200 200 200 200 200 200"}, // the way in, for who is not in
		{"GET", first, nil, "403 403 403 403 403 200 200"},
		{"GET", ask, nil, "403 403 403 403 403 200 200"},
		{"POST", first + "/guess", url.Values{"guess": {"3"}}, "403 403 403 403 403 303 303"}, // the same again
		{"POST", ask + "/answer", url.Values{"text": {"x"}, "revision": {"0"}}, "403 403 403 403 403 303 409"},
		{"POST", ask + "/answer/run", url.Values{"text": {""}, "revision": {"0"}, "run": {"/labs/chain"}}, "403 403 403 403 403 303 303"},
		{"POST", ask + "/answer/draft", url.Values{"text": {"x"}, "revision": {"1"}}, "403 403 403 403 403 200 200"},
		{"POST", ask + "/answer/draft", url.Values{"text": {"Anna’s own words"}, "revision": {"2"}}, "403 403 403 403 403 409 200"},
		{"POST", "/code", nil, "403 403 403 403 403 303 303"},
		{"POST", "/resume", url.Values{"code": {"wrong"}}, "404 404 404 404 404 404 404"},
		{"GET", "/teach", nil, "403 403 403 403 200 403 403"},
		{"POST", "/teach", w.terms(t), "403 403 403 403 303 403 403"},
		{"POST", "/extend", url.Values{"member": {id}}, "403 403 403 403 303 403 403"},
		{"POST", "/recode", url.Values{"member": {id}}, "403 403 403 403 303 403 403"},
		{"GET", "/marks", nil, "403 403 403 403 200 403 403"},
		{"POST", "/marks", url.Values{"stop": {h.Stops[2].ID}, "member": {id}, "points": {"1"}}, "403 403 403 403 409 403 403"}, // its time is not over
		{"GET", "/export.csv", nil, "403 403 403 403 200 403 403"},
		{"POST", "/release", nil, "403 403 403 403 422 403 403"},
		{"POST", "/delete", nil, "403 403 403 403 422 403 403"},
		{"POST", "/leave", nil, "403 403 403 403 403 422 422"},
		{"POST", "/join", url.Values{"nickname": {"x"}}, "303 303 303 303 303 303 303"},
	} {
		want := strings.Fields(c.statuses)
		for i, one := range who {
			got := w.at(t, one.client, c.method, c.path, c.form)
			if fmt.Sprint(got.status) != want[i] {
				t.Errorf("%s %s as %s: status %d, want %s: %.300s", c.method, c.path, one.name, got.status, want[i], got.body)
			}
			if strings.Contains(got.body, "Anna’s own words") && one.name != "student" && !(one.name == "teacher" && c.path == "/export.csv") {
				t.Errorf("%s %s shows Anna’s answer to the %s", c.method, c.path, one.name)
			}
			if strings.Contains(got.body, "Not for students") {
				t.Errorf("%s %s shows notes to the %s", c.method, c.path, one.name)
			}
		}
	}
}
