package handlers

import (
	"net/url"
	"strings"
	"testing"

	"gradlab/store"
)

// The operator sees which learning platforms are registered, and deletes one once that is sure: its links, who came by them and the scores
// that wait go with it, the class that it opened stays. Another platform is left alone, and the deleted one can be registered anew.
func TestOperatorDeletesAPlatform(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newCourse(t, dsn, "Sue")
		operator, tara, sue := c.browser(t), c.browser(t), c.browser(t)
		link := c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"10"}})
		class := strings.TrimSuffix(c.launch(t, tara, "t-1", link.ID), "/remote")
		if at := c.launch(t, sue, "s-1", link.ID); at != class {
			t.Fatalf("Sue comes to %s, want %s", at, class)
		}
		c.do(t, operator, "POST", "/lti/register", url.Values{"key": {ltiKey}, "issuer": {"https://lms.example"}, "client": {"c"}, "auth": {"https://lms.example/auth"}, "token": {"https://lms.example/token"}, "keys": {"https://lms.example/keys"}}).wants(t, 200, "", "")
		c.do(t, operator, "POST", "/admin", url.Values{"key": {operatorKey}}).wants(t, 303, "", "")
		list := func(query string) string {
			t.Helper()
			page := c.do(t, operator, "GET", "/admin/platforms"+query, nil)
			page.wants(t, 200, "Learning platforms", "")
			return page.body
		}
		found := list("?q=" + url.QueryEscape(c.platform.URL))
		if !strings.Contains(found, "1 link in its courses · 2 persons came by them") || strings.Contains(found, "https://lms.example") || !strings.Contains(found, "used last") {
			t.Errorf("the list: %s", found[strings.Index(found, "operator-lines"):])
		}
		if page := list("?q=lms.example"); !strings.Contains(page, "0 links in its courses") || strings.Contains(page, "used last") || strings.Contains(page, c.platform.URL) {
			t.Errorf("one that nobody used: %s", page[strings.Index(page, "operator-lines"):])
		}
		if strings.Count(list(""), `name="sure"`) != 2 {
			t.Error("both are not listed")
		}
		_, rest, _ := strings.Cut(found, `action="/admin/platforms/`)
		id, _, _ := strings.Cut(rest, `"`)
		act := func(form url.Values) string {
			t.Helper()
			got := c.do(t, operator, "POST", "/admin/platforms/"+id, form)
			got.wants(t, 303, "", "")
			return c.do(t, operator, "GET", got.header.Get("Location"), nil).body
		}
		if page := act(url.Values{"do": {"delete"}}); !strings.Contains(page, "tick the box") {
			t.Error("deleted without being sure")
		}
		if at := c.launch(t, sue, "s-1", link.ID); at != class {
			t.Errorf("before it is deleted, Sue comes to %s", at)
		}
		under := c.come(t, sue, "s-1", link.ID) // on her way when it goes
		if page := act(url.Values{"do": {"delete"}, "sure": {"1"}}); !strings.Contains(page, "The learning platform was deleted") || strings.Contains(page, c.platform.URL) || !strings.Contains(page, "https://lms.example") {
			t.Errorf("deleting: %s", page[strings.Index(page, "operator-lines"):])
		}
		c.arrive(t, sue, under).wants(t, 404, "A platform that this site does not know", "")
		c.do(t, sue, "GET", class, nil).wants(t, 200, "you are Sue", "")
		c.do(t, tara, "GET", class+"/gradebook", nil).wants(t, 404, "", "")
		c.do(t, tara, "GET", class+"/remote", nil).wants(t, 200, "", "")
		passBack(t, c.site) // finds nothing that is due, and no fault
		c.register(t)
		c.arrive(t, sue, c.come(t, sue, "s-1", link.ID)).wants(t, 409, "Not yet", "")
		fresh := c.browser(t)
		if at := c.launch(t, fresh, "t-1", link.ID); strings.HasPrefix(at, class) {
			t.Errorf("the link leads to %s still", at)
		}
		c.do(t, fresh, "GET", class+"/remote", nil).wants(t, 200, "", "") // her class all the same, as the page says
		rows, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		operatorDid(t, rows, "platform deleted, operator came")
	})
}
