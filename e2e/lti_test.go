package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"gradlab/classroom"
	"gradlab/handlers"
	"gradlab/lti/ltitest"
	"gradlab/store"
)

// framed is the tool's document in the frame of a course page, which runs in a process of its own. It is found anew at each look: where
// the frame goes to another site, it gets another process.
type framed struct {
	*page
	tool string // the site's address
	seen map[target.ID]context.Context
}

// frameEval returns the value of an expression in the frame.
func frameEval[T any](f framed, expression string) (v T, err error) {
	all, err := chromedp.Targets(f.ctx)
	if err != nil {
		return v, err
	}
	own := chromedp.FromContext(f.ctx).BrowserContextID
	for _, info := range all {
		if info.Type == "iframe" && info.BrowserContextID == own && strings.HasPrefix(info.URL, f.tool) {
			if f.seen[info.TargetID] == nil {
				ctx, leave := chromedp.NewContext(f.ctx, chromedp.WithTargetID(info.TargetID))
				f.t.Cleanup(leave)
				f.seen[info.TargetID] = ctx
			}
			return chromedp.Run(f.seen[info.TargetID], chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		}
	}
	return v, fmt.Errorf("no frame shows the site")
}

// until waits for an expression to be true in the frame.
func (f framed) until(what, expression string) {
	f.t.Helper()
	f.eventually(what, func() (bool, error) {
		return frameEval[bool](f, `document.readyState === 'complete' && !!(`+expression+`)`)
	})
}

// accessible fails the test for each violation on the document in the frame, as page.accessible does for one that is in none.
func (f framed) accessible() {
	f.t.Helper()
	_, err := frameEval[int](f, axeSource+";0")
	var found []violation
	if err == nil {
		found, err = frameEval[[]violation](f, axeRun)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	for _, v := range found {
		where, _ := frameEval[string](f, "location.pathname")
		f.t.Errorf("in a frame, %s: axe: %s", where, v)
	}
}

// post sends a form from the frame, with fields in the script's own words.
func (f framed) post(path, fields string) {
	f.t.Helper()
	status, err := frameEval[int](f, fmt.Sprintf(`(async () => (await fetch(%q, { method: 'POST', body: new URLSearchParams(%s) })).status)()`, path, fields))
	if err != nil || status != 200 {
		f.t.Fatalf("%s %s: status %d, %v", path, fields, status, err)
	}
}

const platformKey = "a secret for this test"

// A frames is a platform, and the tool in the frames of its course pages, in Chromium with third-party cookies blocked.
type frames struct {
	t        *testing.T
	platform *ltitest.Platform
	tool     string // its address, of another site than the platform's for browsers
	rows     *store.Store
}

// register has the platform and the tool know each other.
func (c frames) register() {
	c.t.Helper()
	from, ticket := c.platform.Registration()
	admin := openAt(c.t, c.tool, "/lti/register?key="+url.QueryEscape(platformKey)+"&openid_configuration="+from+"&registration_token="+url.QueryEscape(ticket))
	admin.accessible()
	admin.shot("lti-register")
	admin.tabTo("main button")
	admin.press("\r")
	admin.reads("h1", "Registered")
	admin.accessible()
	admin.shot("lti-registered")
}

// open is a course page, in a browser of its own.
func (c frames) open(path string) framed {
	c.t.Helper()
	p := openAt(c.t, c.platform.URL, "/jwks")
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // the browser's setting to block third-party cookies
		_, err := cdp.Call(ctx, t, network.SetCookieControls, network.SetCookieControlsParams{EnableThirdPartyCookieRestriction: true})
		return err
	}))
	p.visit(path)
	return framed{p, c.tool, map[target.ID]context.Context{}}
}

// begin has the teacher link a class of 10 points and open it, and show its first question.
func (c frames) begin() (link ltitest.Link, teacher framed, class classroom.Class, ask string) {
	c.t.Helper()
	choice := c.open("/choose?as=t-1&course=c1")
	choice.until("the choice", `document.querySelector('#choose-points')`)
	choice.shot("lti-choose")
	choice.accessible()
	if _, err := frameEval[int](choice, `(document.querySelector('#choose-points').form.requestSubmit(), 1)`); err != nil {
		c.t.Fatal(err)
	}
	choice.eventually("the link in the course", func() (bool, error) { return len(c.platform.Links()) == 1, nil })
	link = c.platform.Links()[0]

	teacher = c.open("/course?as=t-1&link=" + link.ID)
	teacher.until("the teacher’s page", `document.querySelector('[data-role=remote]')`)
	teacher.accessible()
	remote, err := frameEval[string](teacher, "location.pathname")
	if err == nil {
		class, err = c.rows.ClassByCode(c.t.Context(), strings.Split(remote, "/")[2])
	}
	if err != nil {
		c.t.Fatal(err)
	}
	for _, stop := range class.Plan {
		if stop.Kind == classroom.Ask && ask == "" {
			ask = stop.ID
		}
	}
	teacher.post("/class/"+class.Code+"/do", fmt.Sprintf(`{ do: 'go', stop: %q }`, ask))
	return link, teacher, class, ask
}

// members are those of a class, of whom there are so many.
func (c frames) members(class classroom.Class, want int) []classroom.Member {
	c.t.Helper()
	all, err := c.rows.Members(c.t.Context(), class.ID)
	if err != nil || len(all) != want {
		c.t.Fatalf("members %v, %v; want %d", all, err, want)
	}
	return all
}

// A course page with the tool in a frame, in Chromium with third-party cookies blocked: a teacher chooses a class, opens it, two students
// are in it by the link alone, one by a browser that keeps no cookies in frames; they answer, are marked, and their scores are in the gradebook.
func TestCourseInAFrame(t *testing.T) {
	t.Parallel()
	platform := ltitest.New(t, "Anna", "Ben")
	var site atomic.Pointer[http.Handler]
	var refuses atomic.Bool // the next launches come from a browser that keeps no cookies in frames
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refuses.Load() && r.Header.Get("Sec-Fetch-Dest") == "iframe" {
			r.Header.Del("Cookie")
		}
		(*site.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	tool := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) // another site than the platform's, for browsers
	var rows *store.Store
	h := siteOn(t, filepath.Join(t.TempDir(), "answers.db"), func(c *handlers.Config, s *store.Store) {
		rows = s
		c.Persons, c.LTI, c.LTISecret, c.PublicURL, c.Stopping = s, s, platformKey, tool, t.Context()
	})
	site.Store(&h)

	c := frames{t, platform, tool, rows}
	c.register()
	link, teacher, class, ask := c.begin()
	at := "/class/" + class.Code
	anna := c.open("/course?as=s-1&link=" + link.ID)
	anna.until("the student’s page", `document.querySelector('[data-role=student]')`)
	anna.shot("lti-student")
	anna.accessible()
	if name, err := frameEval[string](anna, `document.body.innerText`); err != nil || !strings.Contains(name, "Anna") {
		t.Errorf("the student’s page does not know her: %v: %.300s", err, name)
	}
	refuses.Store(true)
	ben := c.open("/course?as=s-2&link=" + link.ID)
	ben.until("the way to a new tab", `document.querySelector('a[target=_blank]')`)
	ben.shot("lti-new-tab")
	ben.accessible()
	href, err := frameEval[string](ben, `document.querySelector('a[target=_blank]').href`)
	if err != nil {
		t.Fatal(err)
	}
	tab := ben.tab("/jwks")
	tab.base = ""
	tab.visit(href)
	tab.until("the student’s page in a tab", `document.querySelector('[data-role=student]') && location.href.startsWith(`+fmt.Sprintf("%q", tool)+`)`)
	refuses.Store(false)

	answered := fmt.Sprintf(`{ stop: %q, text: 'Slopes multiply.' }`, ask)
	anna.until("the question", `document.querySelector('textarea')`)
	anna.post(at+"/answer", answered)
	if status := eval[int](tab, fmt.Sprintf(`fetch(%q, { method: 'POST', body: new URLSearchParams(%s) }).then((r) => r.status)`, at+"/answer", answered)); status != 200 {
		t.Errorf("the answer in the tab: status %d", status)
	}
	for i, m := range c.members(class, 2) {
		teacher.post(at+"/marks", fmt.Sprintf(`{ stop: %q, member: %q, points: %d, then: '/healthz' }`, ask, m.ID, 3+i))
	}
	teacher.post(at+"/do", `{ do: 'close' }`)
	teacher.post(at+"/do", `{ do: 'release' }`)
	teacher.eventually("both scores in the gradebook", func() (bool, error) {
		given := 0.0
		for _, s := range platform.Scores() {
			given += s.Given
		}
		return given == 7, fmt.Errorf("it has %v", platform.Scores())
	})
	if _, err := frameEval[int](teacher, fmt.Sprintf(`(location.href = %q, 1)`, at+"/gradebook")); err != nil {
		t.Fatal(err)
	}
	teacher.until("the gradebook", `/Arrived/.test(document.body.innerText)`)
	teacher.shot("lti-gradebook")
	teacher.accessible()
}
