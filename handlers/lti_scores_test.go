package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/lti/ltitest"
)

// A class is linked, led, joined without a code, marked, and its scores are in the gradebook: once, however often they are sent.
func TestACourseFromLinkToGradebook(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newCourse(t, dsn, "Sue <b>Student</b>", "Tom")
		link := c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"7,5"}})
		if link.LineItem == "" || !strings.HasSuffix(link.URL, "/class?points=7.5") {
			t.Fatalf("linked: %+v", link)
		}
		sue, tara, tom := c.browser(t), c.browser(t), c.browser(t)
		c.arrive(t, sue, c.come(t, sue, "s-1", link.ID)).wants(t, 409, "Your teacher has not opened the class yet", "")
		remote := c.launch(t, tara, "t-1", link.ID)
		code := strings.Split(remote, "/")[2]
		if second := c.launch(t, c.browser(t), "t-1", link.ID); second != remote {
			t.Errorf("the teacher’s second browser is led to %s, not %s", second, remote)
		}
		c.do(t, tara, "GET", remote, nil).wants(t, 200, "The course’s gradebook", "")
		at := c.launch(t, sue, "s-1", link.ID)
		if at != "/class/"+code || c.launch(t, tom, "s-2", link.ID) != at || c.launch(t, sue, "s-1", link.ID) != at {
			t.Errorf("students are led to %s", at)
		}
		page := c.do(t, sue, "GET", at, nil, "Sec-Fetch-Dest", "iframe")
		page.wants(t, 200, "Sue &lt;b&gt;Student", "<b>Student")
		if policy := page.header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors "+c.platform.URL) {
			t.Errorf("the class may be framed by: %s", policy)
		}
		act := func(form url.Values, path string) {
			t.Helper()
			if got := c.do(t, tara, "POST", at+path, form); got.status != http.StatusSeeOther {
				t.Fatalf("%s %v: status %d: %s", path, form, got.status, got.body)
			}
		}
		stored, err := c.store.ClassByCode(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		var ask classroom.Stop
		for _, s := range stored.Plan {
			if s.Kind == classroom.Ask {
				ask = s
				break
			}
		}
		act(url.Values{"do": {"go"}, "stop": {ask.ID}}, "/do")
		for _, b := range []*http.Client{sue, tom} {
			if got := c.do(t, b, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"Slopes multiply."}}); got.status != http.StatusSeeOther {
				t.Fatalf("answer: status %d: %s", got.status, got.body)
			}
		}
		members, err := c.store.Members(t.Context(), stored.ID)
		if err != nil || len(members) != 2 {
			t.Fatalf("members %v, %v", members, err)
		}
		for i, m := range members {
			act(url.Values{"stop": {ask.ID}, "member": {m.ID}, "points": {fmt.Sprint(3 + i)}}, "/marks")
		}
		pass := func() { t.Helper(); passBack(t, c.testSite.site) }
		if pass(); c.platform.Posts() != 0 {
			t.Error("a score is sent before the release")
		}
		act(url.Values{"do": {"close"}}, "/do")
		act(url.Values{"do": {"release"}}, "/do")
		pass()
		pass()
		scores := c.platform.Scores()
		for user, want := range map[string]float64{"s-1": 3, "s-2": 4} {
			if got := scores[[2]string{link.LineItem, user}]; got.Given != want || got.Maximum != 7.5 {
				t.Errorf("the gradebook has of %s %+v, want %v", user, got, want)
			}
		}
		if c.platform.Posts() != 2 || len(scores) != 2 {
			t.Errorf("%d scores were sent, the gradebook has %d", c.platform.Posts(), len(scores))
		}
		book := c.do(t, tara, "GET", at+"/gradebook?course=1", nil)
		book.wants(t, 200, "Arrived", "Failed")
		book.wants(t, 200, "Of 2 students in the course, 0 have not opened the link.", "")
		c.do(t, sue, "GET", at+"/gradebook", nil).wants(t, 403, "For the teacher", "")
		c.do(t, sue, "GET", "/answers/everything.json", nil).wants(t, 200, `"given":300`, `"given":400`)

		// Twice as many points: the gradebook hears of it.
		act(url.Values{"points": {"15"}}, "/gradebook")
		c.do(t, tara, "POST", at+"/gradebook", url.Values{"points": {"many"}}).wants(t, 422, "Points are a number from 0 to 1000.", "")
		pass()
		if got := c.platform.Scores()[[2]string{link.LineItem, "s-1"}]; got.Maximum != 15 {
			t.Errorf("after the points changed: %+v", got)
		}
	})
}

// marked is a class that was opened by a link, with one answer, of s-1, that was given 6 of 10 points, and released. It returns how that is marked anew.
func (c *course) marked(t *testing.T) (link ltitest.Link, at string, tara *http.Client, mark url.Values) {
	t.Helper()
	link = c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"10"}})
	sue := c.browser(t)
	tara = c.browser(t)
	at = strings.TrimSuffix(c.launch(t, tara, "t-1", link.ID), "/remote")
	c.launch(t, sue, "s-1", link.ID)
	stored, err := c.store.ClassByCode(t.Context(), strings.TrimPrefix(at, "/class/"))
	if err != nil {
		t.Fatal(err)
	}
	mark = url.Values{}
	for _, s := range stored.Plan {
		if s.Kind == classroom.Ask && len(mark) == 0 {
			c.do(t, tara, "POST", at+"/do", url.Values{"do": {"go"}, "stop": {s.ID}})
			c.do(t, sue, "POST", at+"/answer", url.Values{"stop": {s.ID}, "text": {"Slopes multiply."}})
			members, err := c.store.Members(t.Context(), stored.ID)
			if err != nil {
				t.Fatal(err)
			}
			mark = url.Values{"stop": {s.ID}, "member": {members[0].ID}, "points": {"6"}}
		}
	}
	c.do(t, tara, "POST", at+"/marks", mark)
	c.do(t, tara, "POST", at+"/do", url.Values{"do": {"release"}})
	return link, at, tara, mark
}

// A process that dies between the platform's answer and writing it down loses nothing, and the gradebook has each score once. A platform that is
// away for more than an hour is given up, with the reason where the teacher sees it, and tried again when the teacher wants it.
func TestScoresOutliveProcessesAndPlatforms(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newCourse(t, dsn, "Sue")
		link, at, tara, mark := c.marked(t)
		if err := c.store.QueueScores(t.Context()); err != nil {
			t.Fatal(err)
		}
		taken, err := c.store.DueScores(t.Context(), 10)
		if err != nil || len(taken) != 1 {
			t.Fatalf("%d taken, %v", len(taken), err)
		}
		if err := c.testSite.site.lti.Send(t.Context(), taken[0]); err != nil { // and here it dies
			t.Fatal(err)
		}
		second := c.another(t)
		pass := func() { t.Helper(); passBack(t, second) }
		if pass(); c.platform.Posts() != 1 {
			t.Error("a score is sent that another process has in its hands")
		}
		c.now.Add(2)
		pass()
		pass()
		score := func() ltitest.Score { return c.platform.Scores()[[2]string{link.LineItem, "s-1"}] }
		if len(c.platform.Scores()) != 1 || c.platform.Posts() != 2 || score().Given != 6 {
			t.Errorf("the gradebook has %v after %d posts, want one score after two", c.platform.Scores(), c.platform.Posts())
		}

		c.platform.Away(true)
		mark.Set("points", "8")
		mark.Set("revision", "1")
		if got := c.do(t, tara, "POST", at+"/marks", mark); got.status != http.StatusSeeOther {
			t.Fatalf("mark: status %d: %s", got.status, got.body)
		}
		pass()
		book := func() answer { return c.do(t, tara, "GET", at+"/gradebook", nil) }
		book().wants(t, 200, "Tried again", "Send again")
		for range 59 {
			c.now.Add(1)
			pass()
		}
		book().wants(t, 200, "Tried again", "Send again")
		for range 30 {
			c.now.Add(1)
			pass()
		}
		book().wants(t, 200, "<strong>Failed</strong>, given up", "Tried again")
		book().wants(t, 200, "503 Service Unavailable", "")
		posts := c.platform.Posts()
		c.platform.Away(false)
		if pass(); c.platform.Posts() != posts || score().Given != 6 {
			t.Error("a score that was given up is sent")
		}
		if got := c.do(t, tara, "POST", at+"/gradebook/retry", nil); got.status != http.StatusSeeOther {
			t.Fatalf("retry: status %d", got.status)
		}
		if pass(); score().Given != 8 || c.platform.Posts() != posts+1 {
			t.Errorf("after the teacher sent it again: %+v, %d posts", score(), c.platform.Posts()-posts)
		}
		book().wants(t, 200, "Arrived", "given up")

		mark.Set("points", "9")
		mark.Set("revision", "2")
		c.do(t, tara, "POST", at+"/marks", mark)
		if err := c.store.QueueScores(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.do(t, tara, "POST", at+"/do", url.Values{"do": {"withhold"}})
		if pass(); !score().Cleared || c.platform.Posts() != posts+2 {
			t.Errorf("withheld, and yet the gradebook has %+v", score())
		}
		c.do(t, tara, "POST", at+"/do", url.Values{"do": {"release"}})
		if pass(); score().Given != 9 || c.platform.Posts() != posts+3 {
			t.Errorf("released again: %+v, %d posts", score(), c.platform.Posts()-posts)
		}
	})
}

// Where marks are withheld, the gradebook is told that there is no score: by another process, too, and when a platform that was away is back.
// Nothing of it is told of a score that was never on its way. Released again, the score is there again.
func TestScoresAreTakenBack(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newCourse(t, dsn, "Sue")
		link, at, tara, mark := c.marked(t)
		second := c.another(t)
		pass := func() { t.Helper(); passBack(t, second) }
		do := func(path string, form url.Values) {
			t.Helper()
			if got := c.do(t, tara, "POST", at+path, form); got.status != http.StatusSeeOther {
				t.Fatalf("%s %v: status %d: %.1000s", path, form, got.status, got.body)
			}
		}
		score := func() ltitest.Score { return c.platform.Scores()[[2]string{link.LineItem, "s-1"}] }
		book := func() answer { return c.do(t, tara, "GET", at+"/gradebook", nil) }
		if err := c.store.QueueScores(t.Context()); err != nil {
			t.Fatal(err)
		}
		do("/do", url.Values{"do": {"withhold"}})
		if pass(); c.platform.Posts() != 0 {
			t.Errorf("%d posts of a score that was withheld before it was sent", c.platform.Posts())
		}
		book().wants(t, 200, "Withheld", "aken back <")
		do("/do", url.Values{"do": {"release"}})
		if err := c.store.QueueScores(t.Context()); err != nil {
			t.Fatal(err)
		}
		taken, err := c.store.DueScores(t.Context(), 10)
		if err != nil || len(taken) != 1 {
			t.Fatalf("%d taken, %v", len(taken), err)
		}
		if err := c.testSite.site.lti.Send(t.Context(), taken[0]); err != nil || score().Given != 6 { // and here it dies: nobody notes that it arrived
			t.Fatalf("the gradebook has %+v, %v", score(), err)
		}
		do("/do", url.Values{"do": {"withhold"}})
		if pass(); !score().Cleared {
			t.Errorf("withheld after its process died, and the gradebook has %+v", score())
		}
		do("/do", url.Values{"do": {"release"}})
		if pass(); score().Given != 6 {
			t.Fatalf("released, and the gradebook has %+v", score())
		}
		before := c.platform.Posts()

		c.platform.Away(true)
		do("/do", url.Values{"do": {"withhold"}})
		passBack(t, c.testSite.site)
		book().wants(t, 200, "Tried again", "Arrived")
		for range 90 {
			c.now.Add(1)
			pass()
		}
		book().wants(t, 200, "<strong>Not taken back</strong>", "Arrived")
		c.platform.Away(false)
		do("/gradebook/retry", nil)
		if pass(); !score().Cleared || c.platform.Posts() != before+1 {
			t.Errorf("taken back: %+v after %d posts", score(), c.platform.Posts())
		}
		book().wants(t, 200, "Taken back", "Not taken back")
		pass()
		do("/do", url.Values{"do": {"release"}})
		pass()
		if pass(); score().Given != 6 || score().Cleared || c.platform.Posts() != before+2 {
			t.Errorf("released again: %+v after %d posts", score(), c.platform.Posts())
		}

		// Who was given points, and is given none any more, has no score.
		mark.Set("points", "")
		mark.Set("revision", "1")
		do("/marks", mark)
		if pass(); !score().Cleared {
			t.Errorf("without points the gradebook has %+v", score())
		}
		mark.Set("points", "0")
		mark.Set("revision", "2")
		do("/marks", mark)
		if pass(); score().Cleared || score().Given != 0 || score().Maximum != 10 {
			t.Errorf("with 0 points the gradebook has %+v", score())
		}
	})
}

// work is homework that Tara set, of one question of 4 points that count half, opened by a link of a course.
func (c *course) work(t *testing.T, tara *http.Client) (h homework.Homework, at string, link ltitest.Link) {
	t.Helper()
	lesson := c.link(t, "c1", url.Values{"kind": {"lesson"}, "lesson": {"the-chain"}})
	c.launch(t, tara, "t-1", lesson.ID)
	post := func(path string, form url.Values) string {
		t.Helper()
		got := c.do(t, tara, "POST", path, form)
		if got.status != http.StatusSeeOther {
			t.Fatalf("%s %v: status %d: %.2000s", path, form, got.status, got.body)
		}
		return got.header.Get("Location")
	}
	plan := post("/plans", url.Values{"title": {"Week 3"}})
	post(plan+"/stops", url.Values{"kind": {"ask"}, "title": {"Why?"}, "question": {"vanishing-gradient/"}, "after": {""}})
	at = strings.TrimSuffix(post(plan+"/homework", url.Values{"zone": {"UTC"}}), "/teach")
	h, err := c.store.Homework(t.Context(), strings.TrimPrefix(at, "/homework/"))
	if err != nil {
		t.Fatal(err)
	}
	local := func(d time.Duration) []string { return []string{c.clock().UTC().Add(d).Format("2006-01-02T15:04")} }
	stop := h.Stops[0].ID
	post(at+"/teach", url.Values{"title": {"Week 3"}, "from": local(-time.Hour), "until": local(time.Hour), "zone": {"UTC"}, "grace": {"0"}, "points-" + stop: {"4"}, "weight-" + stop: {"0.5"}, "set": {"1"}})
	return h, at, c.link(t, "c1", url.Values{"kind": {"homework"}, "homework": {h.ID}})
}

// Homework is linked by the teacher whose plan it is of, joined by the link under the course's name, and its points are in the gradebook once
// it is released.
func TestHomeworkOfACourse(t *testing.T) { onBothDatabases(t, homeworkOfACourse) }

func homeworkOfACourse(t *testing.T, dsn string) {
	c := newCourse(t, dsn, "Sue", "Tom")
	tara, sue := c.browser(t), c.browser(t)
	h, work, link := c.work(t, tara)
	stop := h.Stops[0].ID
	post := func(b *http.Client, path string, form url.Values) {
		t.Helper()
		if got := c.do(t, b, "POST", path, form); got.status != http.StatusSeeOther {
			t.Fatalf("%s %v: status %d: %.2000s", path, form, got.status, got.body)
		}
	}
	if link.LineItem == "" || link.URL != c.URL+work || link.Title != "Week 3" {
		t.Fatalf("linked: %+v", link)
	}
	if at := c.launch(t, tara, "t-1", link.ID); at != work+"/teach" {
		t.Errorf("the teacher is led to %s", at)
	}
	if at := c.launch(t, sue, "s-1", link.ID); at != work {
		t.Errorf("a student is led to %s", at)
	}
	c.do(t, sue, "GET", work, nil).wants(t, 200, "Sue", "Your name")
	post(sue, work+"/stops/"+stop+"/answer", url.Values{"text": {"Slopes multiply."}, "revision": {"0"}})
	c.now.Add(120)
	sheets, err := c.store.Sheets(t.Context(), h.ID)
	if err != nil || len(sheets) != 1 {
		t.Fatalf("%d sheets, %v", len(sheets), err)
	}
	if got := c.do(t, tara, "POST", work+"/marks", url.Values{"stop": {stop}, "member": {sheets[0].ID}, "points": {"3"}}); got.status != http.StatusSeeOther {
		t.Fatalf("mark: status %d: %.2000s", got.status, got.body)
	}
	pass := func() { t.Helper(); passBack(t, c.testSite.site) }
	if pass(); c.platform.Posts() != 0 {
		t.Error("a score is sent before the release")
	}
	post(tara, work+"/release", nil)
	pass()
	pass()
	if got := c.platform.Scores()[[2]string{link.LineItem, "s-1"}]; got.Given != 1.5 || got.Maximum != 2 || c.platform.Posts() != 1 {
		t.Errorf("the gradebook has %+v after %d posts, want 1.5 of 2 after one", got, c.platform.Posts())
	}
	c.do(t, tara, "GET", work+"/teach", nil).wants(t, 200, "The course’s gradebook", "")
	c.do(t, tara, "GET", work+"/gradebook", nil).wants(t, 200, "Arrived", "Points in the gradebook")
	c.do(t, sue, "GET", work+"/gradebook", nil).wants(t, 403, "", "Arrived")
}
