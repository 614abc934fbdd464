package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gradlab/lti/ltitest"
	"gradlab/store"
)

const ltiKey = "an operator’s key of some length"

// A course is a site that a platform knows, which is reached over TLS, as browsers want it for what stands in a frame.
type course struct {
	*testSite
	platform *ltitest.Platform
	now      atomic.Int64 // minutes that the clock of both is ahead
	dsn      string
}

func newCourse(t *testing.T, dsn string, students ...string) *course {
	t.Helper()
	var site atomic.Pointer[testSite]
	front := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { site.Load().Config.Handler.ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	c := &course{dsn: dsn}
	c.testSite = newSiteOn(t, dsn, func(config *Config) {
		config.LTISecret, config.PublicURL, config.Clock, config.OperatorKey = ltiKey, front.URL, c.clock, operatorKey
	})
	c.testSite.site.lti.Trust(front.Client())
	site.Store(c.testSite)
	c.URL = front.URL
	c.platform = ltitest.New(t, students...)
	c.platform.HTTP, c.platform.Clock = front.Client(), c.clock
	c.register(t)
	return c
}

func (c *course) clock() time.Time { return time.Now().Add(time.Duration(c.now.Load()) * time.Minute) }

// passBack sends to the platforms what a process finds due.
func passBack(t *testing.T, by *site) {
	t.Helper()
	if err := by.lti.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// another is a process of its own on the same database.
func (c *course) another(t *testing.T) *site {
	t.Helper()
	rows, err := store.Open(t.Context(), c.dsn, store.WithClock(c.clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rows.Close() })
	config := c.config
	config.LTI = rows
	s := assemble(config)
	s.lti.Trust(c.platform.HTTP)
	return s
}

// browser is a client of the site that trusts its certificate.
func (c *course) browser(t *testing.T) *http.Client {
	b := c.client(t)
	b.Transport = c.platform.HTTP.Transport
	return b
}

func (c *course) register(t *testing.T) {
	t.Helper()
	at, ticket := c.platform.Registration()
	form := url.Values{"key": {ltiKey}, "openid_configuration": {at}, "registration_token": {ticket}}
	page := c.do(t, c.browser(t), "GET", "/lti/register?"+form.Encode(), nil)
	page.wants(t, 200, "Register Gradient Lab with "+c.platform.URL, "")
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors "+c.platform.URL+";") && !strings.HasSuffix(policy, "frame-ancestors "+c.platform.URL) {
		t.Errorf("the platform may not frame its registration: %s", policy)
	}
	c.do(t, c.browser(t), "POST", "/lti/register", form).wants(t, 200, "Registered", "")
}

// come brings a browser from the platform as far as the launch, whose form it returns.
func (c *course) come(t *testing.T, b *http.Client, user, what string) url.Values {
	t.Helper()
	form, err := c.platform.Come(b, user, what)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// arrive posts a launch as a browser does, in a frame.
func (c *course) arrive(t *testing.T, b *http.Client, form url.Values) answer {
	t.Helper()
	return c.do(t, b, "POST", "/lti/launch", form, "Origin", c.platform.URL, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "iframe")
}

// launch is a whole launch; it returns where it leads to.
func (c *course) launch(t *testing.T, b *http.Client, user, what string) string {
	t.Helper()
	got := c.arrive(t, b, c.come(t, b, user, what))
	if got.status != http.StatusSeeOther {
		t.Fatalf("launch of %s by %s: status %d: %s", what, user, got.status, got.body)
	}
	return got.header.Get("Location")
}

// link has the teacher choose what a course links, and returns the platform's link.
func (c *course) link(t *testing.T, name string, choice url.Values) ltitest.Link {
	t.Helper()
	b := c.browser(t)
	page := c.arrive(t, b, c.come(t, b, "t-1", "deep:"+name))
	page.wants(t, 200, "Choose what the course links", "")
	choice.Set("sealed", ltitest.Fields(page.body).Get("sealed"))
	back := c.do(t, b, "POST", "/lti/choose", choice, "Sec-Fetch-Dest", "iframe")
	back.wants(t, 200, "Put it into the course", "")
	if policy := back.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' "+c.platform.URL+";") || !strings.Contains(policy, "frame-ancestors "+c.platform.URL) {
		t.Errorf("the policy of the way back: %s", policy)
	}
	before := len(c.platform.Links())
	resp, err := http.PostForm(c.platform.URL+"/chosen", url.Values{"JWT": {ltitest.Fields(back.body).Get("JWT")}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	links := c.platform.Links()
	if len(links) != before+1 {
		t.Fatalf("%d links, want one more than %d", len(links), before)
	}
	return links[before]
}
