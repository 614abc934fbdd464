package handlers

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"gradlab/lti/ltitest"
)

// Of a course of 5,000 the gradebook names a part, and says how many more there are; names and the course's title may hold anything.
func TestRosterOfThousands(t *testing.T) {
	c := newCourse(t, filepath.Join(t.TempDir(), "answers.db"), "Sue")
	for i := range 4999 {
		c.platform.Enrol(ltitest.User{ID: fmt.Sprint("u-", i), Name: fmt.Sprintf("<b>%d</b>\n%s", i, strings.Repeat("long ", 200)), Roles: []string{ltitest.Learner}})
	}
	c.platform.Claims = func(claims map[string]any) {
		claims["https://purl.imsglobal.org/spec/lti/claim/context"].(map[string]any)["title"] = "<script>alert(1)</script> & Söhne"
	}
	link := c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"10"}})
	tara, sue := c.browser(t), c.browser(t)
	at := strings.TrimSuffix(c.launch(t, tara, "t-1", link.ID), "/remote")
	c.launch(t, sue, "s-1", link.ID)
	page := c.do(t, tara, "GET", at+"/gradebook?course=1", nil)
	page.wants(t, 200, "Of 5000 students in the course, 4999 have not opened the link.", "<script>alert")
	page.wants(t, 200, "<h1>Gradebook of &lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne</h1>", "<b>")
	page.wants(t, 200, "<li>&lt;b&gt;0&lt;/b&gt; long long", strings.Repeat("long ", 200))
	page.wants(t, 200, "And 4699 more.", "Sue")
	if n := strings.Count(page.body, "<li>&lt;b&gt;"); n != 300 {
		t.Errorf("%d are named, want 300", n)
	}
}
