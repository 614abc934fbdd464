package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
	"gradlab/store"
)

// Who deletes everything is gone from classes, too, on both databases; the teacher sees nothing of it any more.
func TestDeletingEverythingLeavesClasses(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		class := "/class/" + c.code
		predict := c.to(t, classroom.Predict)
		c.do(t, c.student, "POST", class+"/guess", url.Values{"stop": {predict.ID}, "guess": {"-3"}})
		ask := c.to(t, classroom.Ask)
		if got := c.do(t, c.student, "POST", class+"/answer", url.Values{"stop": {ask.ID}, "text": {"Anna’s words"}}); got.status != 303 {
			t.Fatalf("answer: %d", got.status)
		}
		members, err := c.store.Members(t.Context(), c.stored(t).ID)
		if err != nil || len(members) != 1 {
			t.Fatal(members, err)
		}
		c.act(t, "pick", "stop", ask.ID, "member", members[0].ID)
		c.do(t, c.teacher, "POST", class+"/marks", url.Values{"stop": {ask.ID}, "member": {members[0].ID}, "points": {"2"}, "comment": {"Well put"}})
		if got := c.do(t, c.teacher, "GET", class+"/export.json", nil); !strings.Contains(got.body, "Anna’s words") || !strings.Contains(got.body, "Well put") {
			t.Fatalf("before: %s", got.body)
		}
		if got := c.do(t, c.student, "GET", "/answers", nil); !strings.Contains(got.body, "Delete all my data") {
			t.Error("a student who only was in a class cannot delete that")
		}
		if got := c.do(t, c.student, "POST", "/answers/delete", url.Values{"sure": {"1"}}); got.status != 303 || !strings.Contains(got.header.Get("Set-Cookie"), "visitor=;") {
			t.Fatalf("delete: %d, cookie %q", got.status, got.header.Get("Set-Cookie"))
		}
		for _, path := range []string{"/export.json", "/export.csv", "/marks", "/remote", "/board", "/projector"} {
			got := c.do(t, c.teacher, "GET", class+path, nil)
			if got.status != 200 || strings.Contains(got.body, "Anna") || strings.Contains(got.body, "Well put") {
				t.Errorf("the teacher still sees the student at %s: %d %.300s", path, got.status, got.body)
			}
		}
		if members, err := c.store.Members(t.Context(), c.stored(t).ID); err != nil || len(members) != 0 {
			t.Errorf("members afterwards: %v, %v", members, err)
		}
	})
}

// brokenDeletion is a store that cannot delete.
type brokenDeletion struct{ *store.Store }

func (brokenDeletion) DeleteAll(context.Context, string, bool) ([]string, error) {
	return nil, store.ErrFull
}

// The cookie that could delete the rest is kept where not all is deleted.
func TestCookieOutlivesAFailedDeletion(t *testing.T) {
	site := newSite(t, func(c *Config) { c.Answers = brokenDeletion{c.Answers.(*store.Store)} })
	c := site.client(t)
	site.do(t, c, "GET", "/class", nil)
	if got := site.do(t, c, "POST", "/answers/delete", url.Values{"sure": {"1"}}); got.status != 503 || got.header.Get("Set-Cookie") != "" {
		t.Errorf("%d, cookie %q; want 503 and none", got.status, got.header.Get("Set-Cookie"))
	}
}

// What a page sent before everything was deleted, and what comes in after it, is not kept; what is done by hand then is a new visitor's.
// So it is, too, where the visitor has another private link meanwhile.
func TestOnItsWayDuringADeletion(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		const question = "/questions/vanishing-gradient"
		draft := func(client *http.Client, text string) answer {
			t.Helper()
			return c.do(t, client, "POST", question+"/draft", url.Values{"text": {text}, "revision": {"0"}})
		}
		before := func() (now, late *http.Client) { // a browser, and a request of it that is slow
			now = c.client(t)
			c.do(t, now, "GET", question, nil)
			late = c.client(t)
			here, err := url.Parse(c.URL)
			if err != nil {
				t.Fatal(err)
			}
			late.Jar.SetCookies(here, now.Jar.Cookies(here))
			return now, late
		}
		refused := func(what string, got answer) {
			t.Helper()
			if got.status != 409 || !strings.Contains(got.body, "everything of yours was deleted, or another private link was made") || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: status %d, cookie %q, %.100s", what, got.status, got.header.Get("Set-Cookie"), got.body)
			}
		}
		for name, leave := range map[string]func(*http.Client) answer{
			"deleted": func(client *http.Client) answer {
				return c.do(t, client, "POST", "/answers/delete", url.Values{"sure": {"1"}})
			},
			"another link": func(client *http.Client) answer { return c.do(t, client, "POST", "/answers/link", nil) },
		} {
			now, late := before()
			if got := draft(now, "first"); got.status != 200 || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: a draft: status %d, cookie %q, want no cookie that another page could have changed", name, got.status, got.header.Get("Set-Cookie"))
			}
			leave(now)
			refused(name+": a draft", draft(late, "late"))
			refused(name+": a tick", c.do(t, late, "POST", question+"/ticks", url.Values{"concept": {"factors"}}))
			refused(name+": a lesson read", c.do(t, late, "POST", "/lessons/the-chain/read", nil))
			if got := c.do(t, late, "POST", question, url.Values{"text": {"handed in"}, "revision": {"0"}}); got.status != 303 || len(got.header.Values("Set-Cookie")) != 1 {
				t.Errorf("%s: handing in: status %d, cookies %q", name, got.status, got.header.Values("Set-Cookie"))
			}
			if got := c.do(t, late, "GET", "/answers", nil); !strings.Contains(got.body, "handed in") || strings.Contains(got.body, "first") {
				t.Errorf("%s: the new visitor has not what was handed in, or what was before: %d bytes", name, len(got.body))
			}
		}
		now, late := before()
		leave := c.do(t, now, "POST", "/answers/delete", url.Values{"sure": {"1"}})
		if leave.status != 303 {
			t.Fatal(leave.status)
		}
		refused("a first draft", draft(late, "first of all"))
		if got := c.do(t, late, "POST", "/class/join", url.Values{"code": {c.code}, "nickname": {"Dora"}}); got.status != 303 || !strings.HasPrefix(got.header.Get("Location"), "/class/"+c.code) {
			t.Errorf("joining a class afterwards: status %d to %q", got.status, got.header.Get("Location"))
		}
		if got := c.do(t, late, "GET", "/class/"+c.code, nil); !strings.Contains(got.body, `data-role="student"`) {
			t.Error("who joined afterwards is not in the class")
		}
	})
}

// The browser is told by a cookie to forget what it keeps, and the page says once what was done; a link does neither.
func TestDeletionIsNoLink(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	site.do(t, c, "GET", "/class", nil)
	says := func(path string) string {
		t.Helper()
		got := site.do(t, c, "GET", path, nil)
		for _, line := range got.header.Values("Set-Cookie") {
			if strings.HasPrefix(line, "deleted=") {
				t.Errorf("%s has the browser forget: %q", path, line)
			}
		}
		if _, notice, found := strings.Cut(got.body, `<p class="notice" role="status">`); found {
			notice, _, _ = strings.Cut(notice, "</p>")
			return notice
		}
		return ""
	}
	for _, forged := range []string{"/answers?deleted", "/answers?link", "/answers?notice=deleted", "/answers"} {
		if got := says(forged); got != "" {
			t.Errorf("%s says %q", forged, got)
		}
	}
	site.do(t, c, "POST", "/answers/link", nil)
	if got := says("/answers"); got != "You have a new private link; the old one no longer works." {
		t.Errorf("after another link: %q", got)
	}
	got := site.do(t, c, "POST", "/answers/delete", url.Values{"sure": {"1"}})
	if cookies := strings.Join(got.header.Values("Set-Cookie"), "\n"); got.header.Get("Location") != "/answers" || !strings.Contains(cookies, "\ndeleted=1; Path=/; Max-Age=34560000; SameSite=Lax") {
		t.Errorf("after the deletion: to %q, cookies %q", got.header.Get("Location"), cookies)
	}
	for _, want := range []string{"Everything of yours was deleted.", ""} {
		if got := says("/answers"); got != want {
			t.Errorf("after the deletion: %q, want %q", got, want)
		}
	}
}
