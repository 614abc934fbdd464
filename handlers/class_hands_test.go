package handlers

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
)

// partsOf asks for a page's parts, as its script does.
func (c *testClass) partsOf(t *testing.T, client *http.Client, path string) map[string]string {
	t.Helper()
	var told struct{ Parts map[string]string }
	got := c.do(t, client, "GET", "/class/"+c.code+path, nil)
	if err := json.Unmarshal([]byte(got.body), &told); err != nil {
		t.Fatalf("%s: status %d: %v", path, got.status, err)
	}
	return told.Parts
}

var handUp = regexp.MustCompile(`<b>(\d)</b> ([^<]*?) ?<span class="muted">`)

// Students raise hands and lower them, by forms that need no script; the teacher sees them in order on both pages, lowers one or all, and
// nobody else sees whose they are.
func TestHandsInAClass(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	second := c.join(t, c.code, "Anna <b>")
	hand := func(client *http.Client, value string, status int) {
		t.Helper()
		if got := c.do(t, client, "POST", at+"/hand", url.Values{"hand": {value}}); got.status != status {
			t.Errorf("hand %q: status %d, want %d", value, got.status, status)
		}
	}
	up := func(want string) {
		t.Helper()
		for _, view := range []string{"people", "remote"} {
			var names []string
			for _, m := range handUp.FindAllStringSubmatch(c.partsOf(t, c.teacher, "/board?view="+view)["hands"], -1) {
				names = append(names, m[1]+" "+strings.TrimSpace(m[2]))
			}
			if got := strings.Join(names, ", "); got != want {
				t.Errorf("hands up on the teacher’s page %s: %q, want %q", view, got, want)
			}
		}
	}
	lower := func(form url.Values, status int, back string) {
		t.Helper()
		if got := c.do(t, c.teacher, "POST", at+"/hands", form); got.status != status || got.header.Get("Location") != back {
			t.Errorf("lowered %v: status %d to %q, want %d to %q", form, got.status, got.header.Get("Location"), status, back)
		}
	}
	up("")
	hand(second, "up", 303)
	time.Sleep(2 * time.Millisecond) // by the clock, too, the first is before the second
	hand(c.student, "up", 303)
	hand(second, "up", 303)
	up("1 Anna &lt;b&gt;, 2 Anna")
	if page := c.do(t, c.student, "GET", at, nil).body; !strings.Contains(page, "Lower your hand") || strings.Contains(page, "&lt;b&gt;") {
		t.Error("the student does not see the own hand, or sees another’s")
	}
	for view, client := range map[string]*http.Client{"/projector": c.teacher, "/board?view=projector": c.teacher, "/state": c.student} {
		if body := c.do(t, client, "GET", at+view, nil).body; strings.Contains(body, "&lt;b&gt;") || strings.Contains(body, "hands") {
			t.Errorf("%s names who has raised a hand", view)
		}
	}
	if grid := c.partsOf(t, c.teacher, "/board?view=people")["grid"]; !strings.Contains(grid, "hand 1") || !strings.Contains(grid, "hand 2") {
		t.Error("the grid lacks the hands")
	}
	members, err := c.store.Members(t.Context(), c.stored(t).ID)
	if err != nil {
		t.Fatal(err)
	}
	lower(url.Values{"member": {members[1].ID}, "back": {"people"}, "page": {"2"}}, 303, at+"/people?page=2")
	up("1 Anna")
	lower(url.Values{"member": {"nobody"}}, 303, at+"/remote")
	up("1 Anna")
	lower(url.Values{}, 422, "")
	hand(second, "up", 303)
	lower(url.Values{"all": {"1"}}, 303, at+"/remote")
	up("")

	hand(c.student, "sideways", 422)
	hand(c.student, "", 422)
	hand(c.student, "down", 303)
	hand(c.student, "up", 303)
	c.do(t, c.teacher, "POST", at+"/people/"+members[0].ID+"/merge", url.Values{"other": {"Anna <b>"}})
	up("1 Anna &lt;b&gt;")
	c.act(t, "close")
	up("")
	hand(second, "up", 409)
	if page := c.do(t, second, "GET", at, nil).body; strings.Contains(page, "your hand") {
		t.Error("a hand can be raised in a class that is over")
	}
	c.act(t, "reopen")
	up("")
	hand(second, "up", 303)
	c.do(t, c.teacher, "POST", at+"/people/"+members[1].ID+"/remove", nil)
	up("")
	hand(second, "up", 403)
}

// Whoever raises and lowers a hand all the time is told to wait, and can hand in all the same.
func TestHandsAreBounded(t *testing.T) {
	c := newTestClass(t)
	ask := c.to(t, classroom.Ask)
	limited := 0
	for range 40 {
		for path, form := range map[string]url.Values{"/hand": {"hand": {"up"}}, "/branch": {"stop": {ask.ID}}} {
			if got := c.do(t, c.student, "POST", "/class/"+c.code+path, form); got.status == http.StatusTooManyRequests {
				limited++
			}
		}
	}
	if limited < 40 {
		t.Errorf("of 80 signs %d are refused, want most", limited)
	}
	if got := c.do(t, c.student, "POST", "/class/"+c.code+"/answer", url.Values{"stop": {ask.ID}, "text": {"In time"}}); got.status != http.StatusSeeOther {
		t.Errorf("an answer after it: status %d", got.status)
	}
}

// Without scripts, the button brings along what is typed on the page: it is there again, or given back where its box is gone.
func TestHandKeepsWhatIsTyped(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	predict := c.to(t, classroom.Predict)
	raise := func(form url.Values, want ...string) {
		t.Helper()
		form.Set("hand", "up")
		got := c.do(t, c.student, "POST", at+"/hand", form)
		for _, words := range append(want, "Lower your hand") {
			if got.status != http.StatusOK || !strings.Contains(got.body, words) {
				t.Errorf("with %v: status %d, want 200 with %q", form, got.status, words)
			}
		}
	}
	if page := c.do(t, c.student, "GET", at, nil).body; !strings.Contains(page, `form="handing-in" formaction="`+at+`/hand" formnovalidate`) || !strings.Contains(page, `<form id="handing-in"`) {
		t.Error("the button sends nothing along")
	}
	raise(url.Values{"stop": {predict.ID}, "guess": {"-1234"}, "confidence": {"2"}}, `value="-1234"`, `value="2" checked`)
	ask := c.to(t, classroom.Ask)
	raise(url.Values{"stop": {ask.ID}, "text": {"Half a <sentence"}, "run": {"/labs/chain?depth=3"}, "revision": {"0"}}, "Half a &lt;sentence", "/labs/chain?depth=3")
	raise(url.Values{"stop": {predict.ID}, "guess": {"-1234"}}, "-1234", "The class has gone on meanwhile")
	c.act(t, "lock")
	raise(url.Values{"stop": {ask.ID}, "text": {"Half a <sentence"}}, "Half a &lt;sentence", "The class has gone on meanwhile")
	raise(url.Values{"stop": {ask.ID}, "text": {""}})
	if answers, err := c.store.ClassAnswers(t.Context(), c.stored(t).ID, ""); err != nil || len(answers) != 0 {
		t.Errorf("handed in by raising a hand: %v, %v", answers, err)
	}
}

// A page that has no stream is told that the teacher lowered the hand, one with a stream at once; and the page says that its student tries
// something of their own.
func TestHandIsTold(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		at := "/class/" + c.code
		page := c.do(t, c.student, "GET", at, nil).body
		stage := regexp.MustCompile(`data-state="([^"]*)"`).FindStringSubmatch(page)[1]
		poll := func(hand string, status int) {
			t.Helper()
			if got := c.do(t, c.student, "GET", at+"/state?version=1&unless=1&stage="+stage+"&hand="+hand, nil); got.status != status {
				t.Errorf("a page that shows the hand %s: status %d, want %d", hand, got.status, status)
			}
		}
		poll("false", 204)
		next := c.follow(t, c.student)
		if first := next("change"); !strings.Contains(first, `"hand":false`) {
			t.Errorf("the first event: %s", first)
		}
		c.do(t, c.student, "POST", at+"/hand", url.Values{"hand": {"up"}})
		if got := next("hand"); got != `{"up":true}` {
			t.Errorf("raised in another tab: %s", got)
		}
		poll("false", 200)
		poll("true", 204)
		if first := c.follow(t, c.student)("change"); !strings.Contains(first, `"hand":true`) {
			t.Errorf("the first event of another stream: %s", first)
		}
		c.do(t, c.teacher, "POST", at+"/hands", url.Values{"all": {"1"}})
		if got := next("hand"); got != `{"up":false}` {
			t.Errorf("lowered by the teacher: %s", got)
		}

		stop := c.stored(t).Shown().ID
		branch := func(stop string, status int) {
			t.Helper()
			if got := c.do(t, c.student, "POST", at+"/branch", url.Values{"stop": {stop}}); got.status != status {
				t.Errorf("branched off at %q: status %d, want %d", stop, got.status, status)
			}
		}
		alone := func(want bool) {
			t.Helper()
			if grid := c.partsOf(t, c.teacher, "/board?view=people")["grid"]; strings.Contains(grid, "◇ since") != want || strings.Contains(grid, "tries something of their own") != want {
				t.Errorf("branched off in the grid: want %v", want)
			}
		}
		branch("nowhere", 422)
		alone(false)
		branch(stop, 204)
		alone(true)
		if page := c.do(t, c.student, "GET", at, nil).body; !strings.Contains(page, `data-told-branched="true"`) {
			t.Error("the page does not learn what was told")
		}
		branch("", 204)
		alone(false)
	})
}

// follow opens a client's stream, and returns what tells the next event of a name.
func (c *testClass) follow(t *testing.T, client *http.Client) (next func(event string) string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+"/class/"+c.code+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Jar: client.Jar}).Do(r) // without the client's time limit
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("a stream: %v, %v", resp, err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	return func(event string) string {
		t.Helper()
		named := false
		for lines.Scan() {
			if data, is := strings.CutPrefix(lines.Text(), "data: "); is && named {
				return data
			} else if !is {
				named = lines.Text() == "event: "+event
			}
		}
		t.Fatalf("the stream ended before %q", event)
		return ""
	}
}

// Where a form is refused by a page that has no box, as after too many or for a class that is gone, the page has what was typed.
func TestRefusalsGiveBackWhatWasTyped(t *testing.T) {
	c := newTestClass(t)
	stop := c.to(t, classroom.Ask)
	typed := url.Values{"stop": {stop.ID}, "text": {"It <vanishes>\r\nby factors"}, "password": {"not to be seen"}, "hand": {"up"}}
	const back = "It &lt;vanishes&gt;\nby factors"
	c.do(t, c.student, "POST", "/class/AAAAAAA/answer", typed).wants(t, 404, back, "not to be seen")
	refused := false
	for range 200 {
		if got := c.do(t, c.student, "POST", "/class/"+c.code+"/hand", typed); got.status == http.StatusTooManyRequests {
			got.wants(t, 429, back, "not to be seen")
			refused = true
			break
		}
	}
	if !refused {
		t.Error("200 signs in a row are not too many")
	}
}
