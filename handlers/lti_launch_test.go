package handlers

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"gradlab/lti"
	"gradlab/lti/ltitest"
)

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
	sealed := ltitest.Fields(page.body).Get("sealed")
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
