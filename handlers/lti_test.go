package handlers

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/lti"
	"gradlab/lti/ltitest"
	"gradlab/store"
	"gradlab/store/pgtest"
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
		config.LTISecret, config.PublicURL, config.Clock = ltiKey, front.URL, c.clock
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

var hidden = regexp.MustCompile(`name="([a-zA-Z_]+)" value="([^"]*)"`)

// fields are the hidden ones of a page's form.
func fields(page string) url.Values {
	v := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		if v.Get(m[1]) == "" {
			v.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	return v
}

// come brings a browser from the platform as far as the launch, whose form it returns.
func (c *course) come(t *testing.T, b *http.Client, user, what string) url.Values {
	t.Helper()
	login := strings.TrimPrefix(c.platform.LoginURL(user, what), c.URL)
	got := c.do(t, b, "GET", login, nil)
	if got.status != http.StatusFound {
		t.Fatalf("login: status %d: %s", got.status, got.body)
	}
	resp, err := b.Get(got.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("the platform: status %d, %v: %s", resp.StatusCode, err, page)
	}
	return fields(string(page))
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
	choice.Set("sealed", fields(page.body).Get("sealed"))
	back := c.do(t, b, "POST", "/lti/choose", choice, "Sec-Fetch-Dest", "iframe")
	back.wants(t, 200, "Put it into the course", "")
	if policy := back.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' "+c.platform.URL+";") || !strings.Contains(policy, "frame-ancestors "+c.platform.URL) {
		t.Errorf("the policy of the way back: %s", policy)
	}
	before := len(c.platform.Links())
	resp, err := http.PostForm(c.platform.URL+"/chosen", url.Values{"JWT": {fields(back.body).Get("JWT")}})
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

func onEachDatabase(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "answers.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t)) })
}

// A class is linked, led, joined without a code, marked, and its scores are in the gradebook: once, however often they are sent.
func TestACourseFromLinkToGradebook(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
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
		pass := func() {
			t.Helper()
			if err := c.testSite.site.lti.Pass(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
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

// Only what was launched may be framed, by the platform's pages alone, and a cookie of that frame is sent nowhere else.
func TestFramesOfACourse(t *testing.T) {
	c := newCourse(t, filepath.Join(t.TempDir(), "answers.db"), "Sue")
	link := c.link(t, "c1", url.Values{"kind": {"lesson"}, "lesson": {"the-chain"}})
	sue := c.browser(t)
	got := c.arrive(t, sue, c.come(t, sue, "s-1", link.ID))
	if got.header.Get("Location") != "/lessons/the-chain" || link.LineItem != "" {
		t.Errorf("led to %s, graded at %q", got.header.Get("Location"), link.LineItem)
	}
	for _, line := range got.header.Values("Set-Cookie") {
		if !strings.Contains(line, "; Secure") || !strings.Contains(line, "; SameSite=None") || !strings.Contains(line, "; Partitioned") || !strings.Contains(line, "; HttpOnly") {
			t.Errorf("a cookie of a frame: %s", line)
		}
	}
	ancestors := func(b *http.Client, path, dest string) (string, answer) {
		t.Helper()
		got := c.do(t, b, "GET", path, nil, "Sec-Fetch-Dest", dest)
		_, after, _ := strings.Cut(got.header.Get("Content-Security-Policy"), "frame-ancestors ")
		return after, got
	}
	for _, test := range []struct{ path, dest, want, holds string }{
		{"/lessons/the-chain", "iframe", c.platform.URL, "The chain"},
		{"/lessons/the-chain", "document", c.platform.URL, "The chain"}, // the cookie is inside the frame alone
		{"/lessons", "document", "'none'", ""}, {"/answers", "document", "'none'", ""}, {"/lessons/the-chainx", "document", "'none'", ""},
		{"/answers", "iframe", c.platform.URL, "This page opens in a tab of its own"}, {"/plans?a=b", "iframe", c.platform.URL, `href="/plans?a=b" target="_blank"`},
		{"/embed/chain", "iframe", "*", ""}, {"/labs/chain/board", "empty", "'none'", ""},
	} {
		if got, page := ancestors(sue, test.path, test.dest); got != test.want || !strings.Contains(page.body, test.holds) {
			t.Errorf("%s as %s may be framed by %s, want %s: %.300s", test.path, test.dest, got, test.want, page.body)
		}
	}
	if got, _ := ancestors(c.browser(t), "/lessons/the-chain", "iframe"); got != "'none'" {
		t.Errorf("without a launch, the lesson may be framed by %s", got)
	}
	// What is written in the frame is the person's, in every browser.
	c.do(t, sue, "POST", "/questions/how-skips-help/draft", url.Values{"text": {"Sue’s draft"}, "revision": {"0"}}).wants(t, 200, "", "")
	question := c.link(t, "c2", url.Values{"kind": {"question"}, "question": {"how-skips-help"}})
	other := c.browser(t)
	c.do(t, other, "GET", c.launch(t, other, "s-1", question.ID), nil).wants(t, 200, "Sue’s draft", "")
	lab := c.link(t, "c1", url.Values{"kind": {"lab"}, "lab": {c.URL + "/labs/chain?depth=7"}})
	if at := c.launch(t, sue, "s-1", lab.ID); at != "/labs/chain?depth=7" {
		t.Errorf("the lab leads to %s", at)
	}
	// A tab of its own has cookies of the usual kind.
	tab := c.browser(t)
	form := c.come(t, tab, "s-1", link.ID)
	got = c.do(t, tab, "POST", "/lti/launch", form, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document")
	if lines := got.header.Values("Set-Cookie"); got.status != 303 || len(lines) != 1 || !strings.Contains(lines[0], "SameSite=Lax") {
		t.Errorf("in a tab: status %d, cookies %v", got.status, lines)
	}
}

// What is refused, and how it is said.
func TestLaunchesAreRefused(t *testing.T) {
	c := newCourse(t, filepath.Join(t.TempDir(), "answers.db"), "Sue")
	link := c.platform.AddLink("c1", "A lesson", c.URL+"/lessons/the-chain", false)
	b := c.browser(t)
	form := c.come(t, b, "s-1", link.ID)

	c.arrive(t, c.browser(t), form).wants(t, 200, "Open in a new tab", "")
	other := c.browser(t)
	c.come(t, other, "s-1", link.ID)
	c.arrive(t, other, form).wants(t, 403, "began in another browser", "")
	if got := c.arrive(t, b, form); got.status != http.StatusSeeOther {
		t.Fatalf("the launch itself: status %d: %s", got.status, got.body)
	}
	c.arrive(t, b, form).wants(t, 400, "used before", "")

	again := c.come(t, b, "s-1", link.ID)
	mixed := url.Values{"id_token": form["id_token"], "state": again["state"]}
	c.arrive(t, b, mixed).wants(t, 400, "used before", "")                                                            // the nonce of another launch
	c.arrive(t, b, url.Values{"id_token": again["id_token"], "state": {"x"}}).wants(t, 400, "did not begin here", "") // forged
	c.arrive(t, b, url.Values{"error": {"login_required"}, "state": again["state"]}).wants(t, 403, "did not sign you in", "")
	c.arrive(t, b, url.Values{"id_token": {strings.Repeat("x", 1<<20)}, "state": again["state"]}).wants(t, 413, "Too much text", "")
	c.arrive(t, b, url.Values{"id_token": {strings.Repeat("x", 100<<10)}, "state": again["state"]}).wants(t, 400, "longer than it can be", "")
	c.now.Add(61)
	c.arrive(t, b, again).wants(t, 400, "did not begin here", "")

	claim := "https://purl.imsglobal.org/spec/lti/claim/"
	for name, test := range map[string]struct {
		claims map[string]any
		status int
		says   string
	}{
		"deployment": {map[string]any{claim + "deployment_id": "dep-2"}, 403, "not registered here"},
		"elsewhere":  {map[string]any{claim + "target_link_uri": "https://elsewhere.example/lessons/the-chain"}, 400, "A link to elsewhere"},
		"no lesson":  {map[string]any{claim + "target_link_uri": c.URL + "/lessons/none"}, 400, "A link to elsewhere"},
		"operator’s": {map[string]any{claim + "target_link_uri": c.URL + "/answers"}, 400, "A link to elsewhere"},
		"up":         {map[string]any{claim + "target_link_uri": c.URL + "/lessons/../answers"}, 400, "A link to elsewhere"},
		"a student chooses": {map[string]any{claim + "message_type": lti.DeepLinking, "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": map[string]any{
			"deep_link_return_url": c.platform.URL + "/chosen", "accept_types": []string{"ltiResourceLink"}, "accept_presentation_document_targets": []string{"iframe"}}}, 403, "Only who teaches"},
	} {
		c.platform.Claims = func(claims map[string]any) {
			for k, v := range test.claims {
				claims[k] = v
			}
		}
		got := c.arrive(t, b, c.come(t, b, "s-1", link.ID))
		if got.status != test.status || !strings.Contains(got.body, test.says) {
			t.Errorf("%s: status %d: %.500s", name, got.status, got.body)
		}
		if policy := got.header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors "+c.platform.URL) {
			t.Errorf("%s: said where nobody sees it: %s", name, policy)
		}
	}
	c.platform.Claims = nil
	values := c.platform.Login("s-1", link.ID)
	for name, value := range map[string]string{"iss": "https://unknown.example", "client_id": "client-2", "target_link_uri": "https://elsewhere.example/", "login_hint": ""} {
		changed, _ := url.ParseQuery(values.Encode())
		changed.Set(name, value)
		if got := c.do(t, b, "GET", "/lti/login?"+changed.Encode(), nil); got.status < 400 || got.status > 404 {
			t.Errorf("login with %s %q: status %d", name, value, got.status)
		}
		if got := c.do(t, b, "POST", "/lti/login", changed, "Sec-Fetch-Site", "cross-site"); got.status < 400 || got.status > 404 {
			t.Errorf("login by a form with %s %q: status %d", name, value, got.status)
		}
	}
	if got := c.do(t, b, "POST", "/lti/login", values, "Sec-Fetch-Site", "cross-site", "Origin", c.platform.URL); got.status != http.StatusFound {
		t.Errorf("login by a form: status %d", got.status) // [Sec 5.1.1.1] wants both
	}
	at, ticket := c.platform.Registration()
	for name, test := range map[string]struct {
		form   url.Values
		status int
	}{
		"no key":           {url.Values{"openid_configuration": {at}, "registration_token": {ticket}}, 403},
		"a wrong one":      {url.Values{"key": {ltiKey + "x"}, "openid_configuration": {at}, "registration_token": {ticket}}, 403},
		"no platform":      {url.Values{"key": {ltiKey}, "openid_configuration": {c.platform.URL + "/jwks"}}, 422},
		"by hand, no key":  {url.Values{"issuer": {"https://lms.example"}, "client": {"c"}}, 403},
		"by hand, halfway": {url.Values{"key": {ltiKey}, "issuer": {"https://lms.example"}, "client": {"c"}, "auth": {"http://lms.example/auth"}}, 422},
		"by hand":          {url.Values{"key": {ltiKey}, "issuer": {"https://lms.example"}, "client": {"c"}, "auth": {"https://lms.example/auth"}, "token": {"https://lms.example/token"}, "keys": {"https://lms.example/keys"}}, 200},
	} {
		if got := c.do(t, b, "POST", "/lti/register", test.form); got.status != test.status {
			t.Errorf("register, %s: status %d, want %d: %.600s", name, got.status, test.status, got.body)
		}
	}
}

// A link that opens nothing yet is chosen for by its teacher; the same one in two courses is two classes.
func TestOneLinkInTwoCourses(t *testing.T) {
	c := newCourse(t, filepath.Join(t.TempDir(), "answers.db"), "Sue")
	first, second := c.platform.AddLink("c1", "A class & more", c.URL+"/", true), c.platform.AddLink("c2", "A class", c.URL+"/class?plan=the-chain", false)
	sue, tara := c.browser(t), c.browser(t)
	c.arrive(t, sue, c.come(t, sue, "s-1", first.ID)).wants(t, 409, "has not chosen yet", "")
	c.platform.Claims = func(claims map[string]any) {
		claims["https://purl.imsglobal.org/spec/lti/claim/context"].(map[string]any)["title"] = "<script>alert(1)</script> & Söhne"
	}
	page := c.arrive(t, tara, c.come(t, tara, "t-1", first.ID))
	page.wants(t, 200, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne", "<script>alert")
	c.platform.Claims = nil
	sealed := fields(page.body).Get("sealed")
	for _, bad := range []url.Values{{}, {"kind": {"lesson"}, "lesson": {"none"}}, {"kind": {"lab"}, "lab": {"https://elsewhere.example"}}, {"kind": {"class"}, "plan": {"own-none"}}, {"kind": {"class"}, "points": {"a lot"}}} {
		bad.Set("sealed", sealed)
		got := c.do(t, tara, "POST", "/lti/choose", bad)
		got.wants(t, 422, "", "")
		if lab := bad.Get("lab"); lab != "" && !strings.Contains(got.body, `value="`+lab+`"`) || bad.Get("points") != "" && !strings.Contains(got.body, `value="a lot"`) {
			t.Errorf("%v: what was typed is lost", bad)
		}
	}
	c.do(t, tara, "POST", "/lti/choose", url.Values{"kind": {"class"}, "sealed": {"forged"}}).wants(t, 400, "did not begin here", "")
	got := c.do(t, tara, "POST", "/lti/choose", url.Values{"kind": {"class"}, "points": {"10"}, "sealed": {sealed}})
	one := strings.TrimSuffix(got.header.Get("Location"), "/remote")
	if got.status != http.StatusSeeOther || c.launch(t, sue, "s-1", first.ID) != one {
		t.Fatalf("after choosing: status %d to %s", got.status, one)
	}
	two := strings.TrimSuffix(c.launch(t, tara, "t-1", second.ID), "/remote")
	if two == one || c.launch(t, sue, "s-1", second.ID) != two || c.launch(t, sue, "s-1", first.ID) != one {
		t.Errorf("classes %s and %s", one, two)
	}
	// A teacher of the platform who teaches another course has no key of this one.
	c.platform.Enrol(ltitest.User{ID: "t-2", Name: "Theo", Roles: []string{ltitest.Instructor}})
	theo := c.browser(t)
	c.launch(t, theo, "t-2", second.ID)
	c.do(t, theo, "GET", one+"/remote", nil).wants(t, 403, "For the teacher", "")
	// One whom the platform does not name joins by the code.
	c.platform.Claims = func(claims map[string]any) { delete(claims, "sub") }
	nobody := c.browser(t)
	c.arrive(t, nobody, c.come(t, nobody, "s-1", first.ID)).wants(t, 403, "does not say who you are", "")
}

// A process that dies between the platform's answer and writing it down loses nothing, and the gradebook has each score once. A platform that is
// away for more than an hour is given up, with the reason where the teacher sees it, and tried again when the teacher wants it.
func TestScoresOutliveProcessesAndPlatforms(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		c := newCourse(t, dsn, "Sue")
		link := c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"10"}})
		tara, sue := c.browser(t), c.browser(t)
		at := strings.TrimSuffix(c.launch(t, tara, "t-1", link.ID), "/remote")
		c.launch(t, sue, "s-1", link.ID)
		stored, err := c.store.ClassByCode(t.Context(), strings.TrimPrefix(at, "/class/"))
		if err != nil {
			t.Fatal(err)
		}
		mark := url.Values{}
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
		pass := func() {
			t.Helper()
			if err := second.lti.Pass(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
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
	})
}

// The gradebook of a class is its teacher's. Of a class that no course opened there is none.
func TestWhoSeesTheGradebook(t *testing.T) {
	c := newCourse(t, filepath.Join(t.TempDir(), "answers.db"), "Sue")
	link := c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"10"}})
	tara, sue := c.browser(t), c.browser(t)
	at := strings.TrimSuffix(c.launch(t, tara, "t-1", link.ID), "/remote")
	c.launch(t, sue, "s-1", link.ID)
	for role, test := range map[string]struct {
		browser *http.Client
		get     int
		post    int
	}{"the teacher": {tara, 200, 303}, "a student": {sue, 403, 403}, "nobody": {c.browser(t), 403, 403}} {
		for _, path := range []string{"/gradebook", "/gradebook?course=1"} {
			if got := c.do(t, test.browser, "GET", at+path, nil); got.status != test.get {
				t.Errorf("%s gets %s: status %d, want %d", role, path, got.status, test.get)
			}
		}
		for _, path := range []string{"/gradebook", "/gradebook/retry"} {
			if got := c.do(t, test.browser, "POST", at+path, url.Values{"points": {"10"}}); got.status != test.post {
				t.Errorf("%s posts to %s: status %d, want %d", role, path, got.status, test.post)
			}
		}
	}
	c.platform.Away(true)
	c.do(t, tara, "GET", at+"/gradebook?course=1", nil).wants(t, 200, "The platform did not say who is in the course", "")
}

// Homework is linked by the teacher whose plan it is of, joined by the link under the course's name, and its points are in the gradebook once
// it is released.
func TestHomeworkOfACourse(t *testing.T) { onEachDatabase(t, homeworkOfACourse) }

func homeworkOfACourse(t *testing.T, dsn string) {
	c := newCourse(t, dsn, "Sue", "Tom")
	lesson := c.link(t, "c1", url.Values{"kind": {"lesson"}, "lesson": {"the-chain"}})
	tara, sue := c.browser(t), c.browser(t)
	c.launch(t, tara, "t-1", lesson.ID)
	post := func(b *http.Client, path string, form url.Values) string {
		t.Helper()
		got := c.do(t, b, "POST", path, form)
		if got.status != http.StatusSeeOther {
			t.Fatalf("%s %v: status %d: %.2000s", path, form, got.status, got.body)
		}
		return got.header.Get("Location")
	}
	plan := post(tara, "/plans", url.Values{"title": {"Week 3"}})
	post(tara, plan+"/stops", url.Values{"kind": {"ask"}, "title": {"Why?"}, "question": {"vanishing-gradient/"}, "after": {""}})
	work := strings.TrimSuffix(post(tara, plan+"/homework", url.Values{"zone": {"UTC"}}), "/teach")
	h, err := c.store.Homework(t.Context(), strings.TrimPrefix(work, "/homework/"))
	if err != nil {
		t.Fatal(err)
	}
	local := func(d time.Duration) []string { return []string{c.clock().UTC().Add(d).Format("2006-01-02T15:04")} }
	stop := h.Stops[0].ID
	post(tara, work+"/teach", url.Values{"title": {"Week 3"}, "from": local(-time.Hour), "until": local(time.Hour), "zone": {"UTC"}, "grace": {"0"}, "points-" + stop: {"4"}, "weight-" + stop: {"0.5"}, "set": {"1"}})

	link := c.link(t, "c1", url.Values{"kind": {"homework"}, "homework": {h.ID}})
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
	pass := func() {
		t.Helper()
		if err := c.testSite.site.lti.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
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
