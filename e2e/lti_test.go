package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
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

// A course page with the tool in a frame, in Chromium with third-party cookies blocked: a teacher chooses a class, opens it, two students
// are in it by the link alone, one by a browser that keeps no cookies in frames; they answer, are marked, and their scores are in the gradebook.
func TestCourseInAFrame(t *testing.T) {
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
		c.Persons, c.LTI, c.LTISecret, c.PublicURL, c.Stopping = s, s, "a secret for this test", tool, t.Context()
	})
	site.Store(&h)

	from, ticket := platform.Registration()
	admin := openAt(t, tool, "/lti/register?key=a+secret+for+this+test&openid_configuration="+from+"&registration_token="+strings.ReplaceAll(ticket, " ", "+"))
	admin.accessible()
	admin.shot("lti-register")
	admin.tabTo("main button")
	admin.press("\r")
	admin.reads("h1", "Registered")
	admin.accessible()
	admin.shot("lti-registered")

	course := func(path string) framed {
		p := openAt(t, platform.URL, "/jwks")
		p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // the browser's setting to block third-party cookies
			_, err := cdp.Call(ctx, t, network.SetCookieControls, network.SetCookieControlsParams{EnableThirdPartyCookieRestriction: true})
			return err
		}))
		p.visit(path)
		return framed{p, tool, map[target.ID]context.Context{}}
	}
	teacher := course("/choose?as=t-1&course=c1")
	teacher.until("the choice", `document.querySelector('#choose-points')`)
	teacher.shot("lti-choose")
	if _, err := frameEval[int](teacher, `(document.querySelector('#choose-points').form.requestSubmit(), 1)`); err != nil {
		t.Fatal(err)
	}
	teacher.eventually("the link in the course", func() (bool, error) { return len(platform.Links()) == 1, nil })
	link := platform.Links()[0]

	teacher = course("/course?as=t-1&link=" + link.ID)
	teacher.until("the teacher’s page", `document.querySelector('[data-role=remote]')`)
	remote, err := frameEval[string](teacher, "location.pathname")
	if err != nil {
		t.Fatal(err)
	}
	at := strings.TrimSuffix(remote, "/remote")
	post := func(f framed, path, body string) {
		t.Helper()
		status, err := frameEval[int](f, fmt.Sprintf(`(async () => (await fetch(%q, { method: 'POST', body: new URLSearchParams(%s) })).status)()`, at+path, body))
		if err != nil || status != 200 {
			t.Fatalf("%s %s: status %d, %v", path, body, status, err)
		}
	}
	class, err := rows.ClassByCode(t.Context(), strings.TrimPrefix(at, "/class/"))
	if err != nil {
		t.Fatal(err)
	}
	ask := ""
	for _, stop := range class.Plan {
		if stop.Kind == classroom.Ask && ask == "" {
			ask = stop.ID
		}
	}
	post(teacher, "/do", fmt.Sprintf(`{ do: 'go', stop: %q }`, ask))
	anna := course("/course?as=s-1&link=" + link.ID)
	anna.until("the student’s page", `document.querySelector('[data-role=student]')`)
	anna.shot("lti-student")
	if name, err := frameEval[string](anna, `document.body.innerText`); err != nil || !strings.Contains(name, "Anna") {
		t.Errorf("the student’s page does not know her: %v: %.300s", err, name)
	}
	refuses.Store(true)
	ben := course("/course?as=s-2&link=" + link.ID)
	ben.until("the way to a new tab", `document.querySelector('a[target=_blank]')`)
	ben.shot("lti-new-tab")
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
	post(anna, "/answer", answered)
	if status := eval[int](tab, fmt.Sprintf(`fetch(%q, { method: 'POST', body: new URLSearchParams(%s) }).then((r) => r.status)`, at+"/answer", answered)); status != 200 {
		t.Errorf("the answer in the tab: status %d", status)
	}
	members, err := rows.Members(t.Context(), class.ID)
	if err != nil || len(members) != 2 {
		t.Fatalf("members %v, %v", members, err)
	}
	for i, m := range members {
		post(teacher, "/marks", fmt.Sprintf(`{ stop: %q, member: %q, points: %d, then: '/healthz' }`, ask, m.ID, 3+i))
	}
	post(teacher, "/do", `{ do: 'close' }`)
	post(teacher, "/do", `{ do: 'release' }`)
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
}
