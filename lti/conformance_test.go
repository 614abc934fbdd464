package lti_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gradlab/lti"
	"gradlab/lti/ltitest"
)

// A tool is the least one that a platform can launch: it publishes keys.
type tool struct {
	lti.Tool
	ring   lti.Ring
	client *lti.Client
}

func newTool(t *testing.T) *tool {
	key, err := lti.NewKey(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	made := &tool{ring: lti.Ring{key}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(made.ring.Public()); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	made.Tool = lti.Tool{Name: "A tool", Description: "For tests", Base: s.URL}
	made.client = &lti.Client{HTTP: lti.NewHTTP(), Key: func(context.Context) (lti.Key, error) { return made.ring.Signer(time.Now()), nil }}
	return made
}

// registered is a platform that knows the tool, as the tool keeps it.
func registered(t *testing.T, made *tool, p *ltitest.Platform) lti.Platform {
	t.Helper()
	at, ticket := p.Registration()
	known, err := lti.Register(t.Context(), lti.NewHTTP(), made.Tool, at, ticket)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// The conformance list: each thing that a message must be, and what becomes of one that is not.
func TestLaunchConformance(t *testing.T) {
	p := ltitest.New(t, "Sue Student")
	link := p.AddLink("c1", "A lab", p.URL+"/labs/chain", false)
	known := registered(t, newTool(t), p)
	now := time.Now()
	set := func(name string, value any) func(map[string]any) { return func(c map[string]any) { c[name] = value } }
	drop := func(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }
	const claim = "https://purl.imsglobal.org/spec/lti/claim/"
	for _, test := range []struct {
		name           string
		clause         string // that refuses it; "" where the launch is taken
		claims, header func(map[string]any)
	}{
		{name: "as it should be"},
		{"signed by nobody", "Sec 5.1.3, 6", nil, set("alg", "none")},
		{"signed with an HMAC, by its name", "Sec 5.1.3, 6", nil, set("alg", "HS256")},
		{"a key that nobody publishes", "Sec 6.3", nil, set("kid", "key-99")},
		{"no key named", "Sec 6.3", nil, drop("kid")},
		{"another issuer", "Sec 5.1.3, 2", set("iss", "https://elsewhere.example"), nil},
		{"no issuer", "Sec 5.1.3, 2", drop("iss"), nil},
		{"another audience", "Sec 5.1.3, 3", set("aud", "client-2"), nil},
		{"no audience", "Sec 5.1.3, 3", drop("aud"), nil},
		{"audience as a list", "", set("aud", []string{"client-1"}), nil},
		{"several audiences without azp", "Sec 5.1.3, 4", set("aud", []string{"client-1", "client-2"}), nil},
		{"several audiences with azp", "", func(c map[string]any) { c["aud"], c["azp"] = []string{"client-2", "client-1"}, "client-1" }, nil},
		{"azp of another", "Sec 5.1.3, 5", set("azp", "client-2"), nil},
		{"expired", "Sec 5.1.3, 7", set("exp", now.Add(-4*time.Minute).Unix()), nil},
		{"expired by less than clocks may differ", "", set("exp", now.Add(-time.Minute).Unix()), nil},
		{"no expiry", "Sec 5.1.3, 7", drop("exp"), nil},
		{"issued in the future", "Sec 5.1.3, 8", set("iat", now.Add(5*time.Minute).Unix()), nil},
		{"issued ahead by less than clocks may differ", "", set("iat", now.Add(2*time.Minute).Unix()), nil},
		{"issued long ago", "Sec 5.1.3, 8", set("iat", now.Add(-time.Hour).Unix()), nil},
		{"no time of issue", "Sec 5.1.3, 8", drop("iat"), nil},
		{"another nonce", "Sec 5.1.3, 9", set("nonce", "n2"), nil},
		{"no nonce", "Sec 5.1.3, 9", drop("nonce"), nil},
		{"version 1.0", "Core 5.3.2", set(claim+"version", "LTI-1p0"), nil},
		{"no version", "Core 5.3.2", drop(claim + "version"), nil},
		{"another message", "Core 5.3.1", set(claim+"message_type", "LtiSubmissionReviewRequest"), nil},
		{"no message type", "Core 5.3.1", drop(claim + "message_type"), nil},
		{"no deployment", "Core 5.3.3", drop(claim + "deployment_id"), nil},
		{"a deployment of 256 characters", "Core 5.3.3", set(claim+"deployment_id", strings.Repeat("x", 256)), nil},
		{"no target", "Core 5.3.4", drop(claim + "target_link_uri"), nil},
		{"no link", "Core 5.3.5", drop(claim + "resource_link"), nil},
		{"a subject of 256 characters", "Core 5.3.6", set("sub", strings.Repeat("x", 256)), nil},
		{"anonymous", "", drop("sub"), nil},
		{"no roles", "Core 5.3.7", drop(claim + "roles"), nil},
		{"roles, none of them", "", set(claim+"roles", []string{}), nil},
		{"roles as a text", "Core 5.3", set(claim+"roles", "Instructor"), nil},
		{"custom fields that are no texts", "", set(claim+"custom", map[string]any{"n": 1, "ok": "yes"}), nil},
		{"a megabyte", "Sec 5.1.3", set("big", strings.Repeat("x", 1<<20)), nil},
		{"a roster that is not over TLS", "Sec 3", set("https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice", map[string]any{"context_memberships_url": "http://elsewhere.example/m"}), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.Claims, p.Header = test.claims, test.header
			keys := &lti.Keys{HTTP: lti.NewHTTP()}
			l, err := keys.Launch(t.Context(), known, p.Token("s-1", link.ID, "n1"), "n1")
			var refused *lti.RefusedError
			if errors.As(err, &refused); refused == nil && test.clause != "" || refused != nil && refused.Clause != test.clause || err != nil && refused == nil {
				t.Fatalf("%v, want %q", err, test.clause)
			}
			if err == nil && (l.Link.ID != link.ID || l.Target != link.URL || l.Context.Title != "Course c1" || l.Name != "Sue Student" || l.Teaches()) {
				t.Errorf("the launch says %+v", l)
			}
		})
	}
	p.Claims, p.Header = nil, nil

	t.Run("changed on the way", func(t *testing.T) {
		parts := strings.Split(p.Token("s-1", link.ID, "n1"), ".")
		other := strings.Split(p.Token("t-1", link.ID, "n1"), ".")
		_, err := (&lti.Keys{HTTP: lti.NewHTTP()}).Launch(t.Context(), known, parts[0]+"."+other[1]+"."+parts[2], "n1")
		var refused *lti.RefusedError
		if !errors.As(err, &refused) || refused.Clause != "Sec 5.1.3, 1" {
			t.Errorf("%v, want Sec 5.1.3, 1", err)
		}
	})
	t.Run("no nonce kept", func(t *testing.T) {
		if _, err := (&lti.Keys{HTTP: lti.NewHTTP()}).Launch(t.Context(), known, p.Token("s-1", link.ID, ""), ""); err == nil {
			t.Error("an empty nonce is taken")
		}
	})
	for _, token := range []string{"", ".", "..", "a.b.c", strings.Repeat(".", 1000)} {
		if _, err := (&lti.Keys{HTTP: lti.NewHTTP()}).Launch(t.Context(), known, token, "n1"); err == nil {
			t.Errorf("%q is taken", token)
		}
	}
}

// A launch that asks what to link says where the choice goes [DL 3.4.2].
func TestDeepLinkingConformance(t *testing.T) {
	p := ltitest.New(t)
	made := newTool(t)
	known := registered(t, made, p)
	const settings = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
	for name, change := range map[string]func(map[string]any){
		"no settings": func(c map[string]any) { delete(c, settings) },
		"no return":   func(c map[string]any) { delete(c[settings].(map[string]any), "deep_link_return_url") },
		"a return that is not over TLS": func(c map[string]any) {
			c[settings].(map[string]any)["deep_link_return_url"] = "http://elsewhere.example/"
		},
		"a script as return": func(c map[string]any) { c[settings].(map[string]any)["deep_link_return_url"] = "javascript:alert(1)" },
		"files alone":        func(c map[string]any) { c[settings].(map[string]any)["accept_types"] = []string{"file"} },
		"nowhere to show it": func(c map[string]any) { delete(c[settings].(map[string]any), "accept_presentation_document_targets") },
	} {
		p.Claims = change
		if _, err := (&lti.Keys{HTTP: lti.NewHTTP()}).Launch(t.Context(), known, p.Token("t-1", "deep:c1", "n"), "n"); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	p.Claims = nil
	l, err := (&lti.Keys{HTTP: lti.NewHTTP()}).Launch(t.Context(), known, p.Token("t-1", "deep:c1", "n"), "n")
	if err != nil || !l.Teaches() || l.Type != lti.DeepLinking {
		t.Fatalf("%+v, %v", l, err)
	}
	for _, items := range [][]lti.Item{nil, {{Title: "Lab & <b>more</b>", URL: made.Base + "/labs/chain?depth=20", Points: 10}}} {
		answer, err := lti.DeepLink(made.ring[0], known, l, items, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.PostForm(l.Settings.ReturnURL, url.Values{"JWT": {answer}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%d items: status %d", len(items), resp.StatusCode)
		}
	}
	if links := p.Links(); len(links) != 1 || links[0].URL != made.Base+"/labs/chain?depth=20" || links[0].LineItem == "" || links[0].Course != "c1" {
		t.Errorf("linked: %+v", links)
	}
}

func TestRoles(t *testing.T) {
	const m = "http://purl.imsglobal.org/vocab/lis/v2/membership"
	for role, want := range map[string]bool{
		m + "#Instructor": true, m + "#Administrator": true, m + "#ContentDeveloper": true, "Instructor": true, m + "/Instructor#TeachingAssistant": true,
		m + "#Learner": false, "Learner": false, m + "/Learner#Instructor": false, m + "#Mentor": false,
		"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor": false, // of the university, not of this course
		"https://elsewhere.example/vocab/membership#Instructor":                false,
	} {
		if got := (lti.Launch{Roles: []string{"x", role}}).Teaches(); got != want {
			t.Errorf("%s teaches: %v, want %v", role, got, want)
		}
	}
}

// A platform may change its keys; forged ones cost it nothing, and while it gives none the last go on.
func TestKeysOfAPlatform(t *testing.T) {
	p := ltitest.New(t, "Sue")
	link := p.AddLink("c1", "A lab", p.URL+"/labs/chain", false)
	known := registered(t, newTool(t), p)
	now := time.Now()
	clock := func() time.Time { return now }
	p.Clock = clock
	keys := &lti.Keys{HTTP: lti.NewHTTP(), Clock: clock}
	launch := func() error {
		_, err := keys.Launch(t.Context(), known, p.Token("s-1", link.ID, "n"), "n")
		return err
	}
	for range 3 {
		if err := launch(); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.Calls("/jwks"); n != 1 {
		t.Errorf("keys were asked for %d times in three launches, want once", n)
	}
	now = now.Add(time.Minute)
	p.Rotate()
	if err := launch(); err != nil {
		t.Errorf("after the platform changed its keys: %v", err)
	}
	p.Header = func(h map[string]any) { h["kid"] = lti.Random() }
	for range 50 {
		if launch() == nil {
			t.Fatal("a key that is not published is taken")
		}
	}
	if n := p.Calls("/jwks"); n != 2 {
		t.Errorf("keys were asked for %d times, want 2: fifty forged launches ask for none", n)
	}
	p.Header = nil
	p.Away(true)
	now = now.Add(3 * time.Hour)
	if err := launch(); err != nil {
		t.Errorf("the platform gives no keys for a while: %v", err)
	}
	p.Away(false)
}

// A platform that does not answer, or leads elsewhere, or answers without end, ends in an error.
func TestPlatformsAreBounded(t *testing.T) {
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	for name, serve := range map[string]http.HandlerFunc{
		"leads elsewhere": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/jwks", http.StatusFound) },
		"without end": func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(`{"keys":[`))
			for range 6 << 10 {
				if _, err := w.Write([]byte(strings.Repeat(" ", 1<<10))); err != nil {
					return
				}
			}
		},
		"no JSON":  func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("<html>")) },
		"no keys":  func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(`{"keys":[]}`)) },
		"an error": func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusInternalServerError) },
	} {
		s := httptest.NewServer(serve)
		p := lti.Platform{Issuer: s.URL, ClientID: "c", AuthURL: s.URL, TokenURL: s.URL, KeysURL: s.URL}
		forged, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&lti.Keys{HTTP: lti.NewHTTP()}).Launch(t.Context(), p, ltitest.Sign(forged, map[string]any{"alg": "RS256", "kid": "k"}, map[string]any{}), "n")
		if err == nil || !strings.Contains(err.Error(), "not to be had") {
			t.Errorf("keys: %s: %v", name, err)
		}
		s.Close()
	}
	if elsewhere > 0 {
		t.Errorf("%d calls were led elsewhere", elsewhere)
	}
	p := ltitest.New(t, "Sue")
	link := p.AddLink("c1", "A lab", p.URL+"/labs/chain", false)
	known := registered(t, newTool(t), p)
	p.Hang("/jwks")
	client := lti.NewHTTP()
	client.Timeout = 50 * time.Millisecond // ours is 10 s
	if _, err := (&lti.Keys{HTTP: client}).Launch(t.Context(), known, p.Token("s-1", link.ID, "n"), "n"); err == nil || !strings.Contains(err.Error(), "not to be had") {
		t.Errorf("keys that hang: %v", err)
	}
}

func TestLogin(t *testing.T) {
	p := ltitest.New(t, "Sue")
	link := p.AddLink("c1", "A lab", p.URL+"/labs/chain", false)
	known := registered(t, newTool(t), p)
	values := p.Login("s-1", link.ID)
	l, err := lti.ReadLogin(values)
	if err != nil {
		t.Fatal(err)
	}
	if again := l.Values(); again.Encode() != values.Encode() {
		t.Errorf("again: %s, want %s", again.Encode(), values.Encode())
	}
	for _, name := range []string{"iss", "login_hint", "target_link_uri"} { // [Sec 5.1.1.1]
		less, _ := url.ParseQuery(values.Encode())
		less.Del(name)
		if _, err := lti.ReadLogin(less); err == nil {
			t.Errorf("without %s: taken", name)
		}
	}
	values.Set("login_hint", strings.Repeat("x", 10<<10))
	if _, err := lti.ReadLogin(values); err == nil {
		t.Error("a hint of 10 kB is taken")
	}
	known.AuthURL += "?site=7" // of a platform that has a query there already
	at, err := url.Parse(known.SignIn(l, "https://tool.example/lti/launch", "s", "n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{ // [Sec 5.1.1.2]
		"site": "7", "scope": "openid", "response_type": "id_token", "client_id": "client-1", "redirect_uri": "https://tool.example/lti/launch", "login_hint": "s-1",
		"state": "s", "response_mode": "form_post", "nonce": "n", "prompt": "none", "lti_message_hint": link.ID,
	} {
		if got := at.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// A platform is registered as it says that it is, and only where it is that.
func TestRegister(t *testing.T) {
	p := ltitest.New(t)
	made := newTool(t)
	if known := registered(t, made, p); known.Issuer != p.URL || known.ClientID != "client-1" || !slices.Equal(known.Deployments, []string{"dep-1"}) || known.Name != "test platform" {
		t.Errorf("%+v", known)
	}
	p.Names = false
	if known := registered(t, made, p); len(known.Deployments) != 0 {
		t.Errorf("%+v", known)
	} else if may, first := known.Deployed("any"); !may || !first {
		t.Error("the first deployment of a platform that named none may not launch")
	}
	if may, _ := (lti.Platform{Deployments: []string{"a"}}).Deployed("b"); may {
		t.Error("a deployment that is not the platform’s may launch")
	}
	at, ticket := p.Registration()
	if _, err := lti.Register(t.Context(), lti.NewHTTP(), made.Tool, at, "wrong"); err == nil || len(p.Faults()) == 0 {
		t.Errorf("with a wrong ticket: %v", err)
	}
	for _, from := range []string{"", "http://elsewhere.example/x", "ftp://x/", "https://u:p@x/", strings.Replace(at, "127.0.0.1", "localhost", 1)} { // the last is the platform by another name
		if _, err := lti.Register(t.Context(), lti.NewHTTP(), made.Tool, from, ticket); err == nil {
			t.Errorf("%q: registered", from)
		}
	}
}
