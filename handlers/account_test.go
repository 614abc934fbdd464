package handlers

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/oauth2-proxy/mockoidc"

	"gradlab/persons"
	"gradlab/signon"
)

// signOnSite is a site whose people sign in by a provider.
type signOnSite struct {
	*testSite
	provider *mockoidc.MockOIDC
	away     atomic.Bool // the provider breaks
	logged   *logged
}

// logged is what a site logs while it serves.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newSignOnSite(t *testing.T, change ...func(*Config)) *signOnSite {
	t.Helper()
	s := &signOnSite{logged: &logged{}}
	var err error
	if s.provider, err = mockoidc.NewServer(nil); err != nil {
		t.Fatal(err)
	}
	s.provider.AddMiddleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if s.away.Load() {
				http.Error(w, "broken", http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.provider.Start(listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.provider.Server.Close() })
	roles, err := signon.ParseRoles("groups: lab-teachers=teacher; lab-staff=operator")
	if err != nil {
		t.Fatal(err)
	}
	s.testSite = newSite(t, append(change, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(s.logged, nil))
		// People come back to where the test's server is: its clients make the address whole.
		c.SignOn = signon.New(signon.Config{Issuer: s.provider.Issuer(), ClientID: s.provider.ClientID, Secret: s.provider.ClientSecret,
			Redirect: "http://lab.invalid/sign-in/back", Name: "Example University", Roles: roles})
	})...)
	return s
}

// leave sends a client to the provider and returns the path by which that sends it back.
func (s *signOnSite) leave(t *testing.T, client *http.Client, to, subject string, groups ...string) string {
	t.Helper()
	s.provider.QueueUser(&mockoidc.MockUser{Subject: subject, PreferredUsername: strings.ToUpper(subject[:1]) + subject[1:], Groups: groups})
	begun := s.do(t, client, "GET", "/sign-in?"+url.Values{"back": {to}}.Encode(), nil)
	if begun.status != http.StatusFound {
		t.Fatalf("status %d: %s", begun.status, begun.body)
	}
	stranger := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := stranger.Get(begun.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	at, err := resp.Location()
	if err != nil {
		t.Fatal(resp.Status, err)
	}
	return at.RequestURI()
}

// comeIn signs a client in, and returns where that leads.
func (s *signOnSite) comeIn(t *testing.T, client *http.Client, to, subject string, groups ...string) string {
	t.Helper()
	in := s.do(t, client, "GET", s.leave(t, client, to, subject, groups...), nil)
	if in.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", in.status, in.body)
	}
	return in.header.Get("Location")
}

// Who signs in is asked before what the browser holds becomes theirs; who leaves it finds it after signing out.
func TestSigningIn(t *testing.T) {
	s := newSignOnSite(t)
	const question = "/questions/how-skips-help"
	write := func(client *http.Client, text string) {
		t.Helper()
		if got := s.do(t, client, "POST", question+"/draft", url.Values{"text": {text}, "revision": {"0"}}); got.status != http.StatusOK {
			t.Fatal(got.status, got.body)
		}
	}
	sees := func(client *http.Client, path, want, never string) {
		t.Helper()
		if got := s.do(t, client, "GET", path, nil); got.status != http.StatusOK || !strings.Contains(got.body, want) || never != "" && strings.Contains(got.body, never) {
			t.Errorf("%s: status %d, want %q and not %q in %.4000s", path, got.status, want, never, got.body)
		}
	}
	here, there := s.client(t), s.client(t)
	sees(here, "/", `href="/me"`, "")
	sees(here, "/me", "Sign in with Example University", "Sign out")
	if to := s.comeIn(t, there, "/questions", "anna"); to != "/questions" {
		t.Errorf("without anything to take along: to %s", to)
	}
	write(here, "my words")
	if to := s.comeIn(t, here, "/lessons/the-chain", "anna"); to != "/sign-in/answers?back=%2Flessons%2Fthe-chain" {
		t.Fatalf("to %s", to)
	}
	sees(here, question, "", "my words")
	sees(here, "/sign-in/answers?back=/questions", "one answer", "my words")
	if got := s.do(t, here, "POST", "/sign-in/answers", url.Values{"along": {"0"}, "back": {"/questions"}}); got.header.Get("Location") != "/questions" {
		t.Errorf("leave it: %d, to %s", got.status, got.header.Get("Location"))
	}
	sees(there, question, "", "my words")
	sees(here, "/me", "also holds one answer", "")
	s.do(t, here, "POST", "/sign-out", url.Values{})
	sees(here, "/me", "You are signed out here", "Sign out everywhere")
	sees(here, question, "my words", "")

	s.comeIn(t, here, "/", "anna")
	if got := s.do(t, here, "POST", "/sign-in/answers", url.Values{"along": {"1"}, "back": {"/questions"}}); got.header.Get("Location") != "/me" {
		t.Errorf("take it along: %d, to %s", got.status, got.header.Get("Location"))
	}
	sees(here, "/me", "is yours now, wherever you sign in", "also holds")
	sees(there, question, "my words", "")
	sees(there, "/answers", "my words", "/answers/here#") // no private link leads to a person
	sees(there, "/answers/everything.json", `"subject":"anna"`, "")
	// In a row: sign-ins everywhere end at once.
	if got := s.do(t, there, "POST", "/me/everywhere", url.Values{}); got.status != http.StatusSeeOther {
		t.Error(got.status)
	}
	for _, client := range []*http.Client{here, there} {
		sees(client, question, "", "my words")
		sees(client, "/me", "Sign in with", "Sign out everywhere")
	}
	// Without the name again.
	s.comeIn(t, here, "/", "anna")
	if got := s.do(t, here, "POST", "/me/untie", url.Values{}); got.status != http.StatusBadRequest {
		t.Errorf("not sure: status %d", got.status)
	}
	if got := s.do(t, here, "POST", "/me/untie", url.Values{"sure": {"1"}}); got.status != http.StatusSeeOther {
		t.Error(got.status, got.body)
	}
	sees(here, "/me", "Nothing is kept of you under your name any more", "")
	sees(here, question, "my words", "")
	s.comeIn(t, there, "/", "anna")
	sees(there, question, "", "my words")

	// Deletion takes the person along, and leaves what another has written in this browser.
	bens := s.client(t)
	write(bens, "of nobody")
	s.comeIn(t, bens, "/", "ben")
	if got := s.do(t, bens, "POST", "/answers/delete", url.Values{"sure": {"1"}}); got.status != http.StatusSeeOther {
		t.Error(got.status)
	}
	sees(bens, "/me", "Sign in with", "")
	sees(bens, question, "of nobody", "")
	if strings.Contains(s.logged.String(), "anna") || strings.Contains(s.logged.String(), "words") {
		t.Errorf("the log: %s", s.logged)
	}
}

// What comes back must be of this browser, and serves once; addresses elsewhere are led to by nobody.
func TestComingBack(t *testing.T) {
	s := newSignOnSite(t)
	one, other := s.client(t), s.client(t)
	refused := func(client *http.Client, path, why string) {
		t.Helper()
		got := s.do(t, client, "GET", path, nil)
		if got.status != http.StatusForbidden || !strings.Contains(got.body, "Not signed in") || strings.Contains(got.header.Get("Set-Cookie"), "session=") {
			t.Errorf("%s: status %d: %s", why, got.status, got.body)
		}
		if me := s.do(t, client, "GET", "/me", nil); strings.Contains(me.body, "Sign out") {
			t.Errorf("%s: signed in", why)
		}
	}
	path := s.leave(t, one, "/questions", "anna")
	refused(other, path, "in another browser")
	refused(one, strings.Replace(path, "state=", "state=x", 1), "another state")
	refused(one, "/sign-in/back", "nothing")
	refused(one, "/sign-in/back?code=x&state=", "an empty state")
	if got := s.do(t, one, "GET", path, nil); got.status != http.StatusSeeOther {
		t.Fatalf("in this one: status %d: %s", got.status, got.body)
	}
	s.do(t, one, "POST", "/sign-out", url.Values{})
	refused(one, path, "a second time")
	u, err := url.Parse(s.leave(t, one, "/", "anna"))
	if err != nil {
		t.Fatal(err)
	}
	code := u.Query()
	code.Set("code", "x")
	refused(one, "/sign-in/back?"+code.Encode(), "another code")
	if u, err = url.Parse(s.leave(t, one, "/", "anna")); err != nil {
		t.Fatal(err)
	}
	if got := s.do(t, one, "GET", "/sign-in/back?"+url.Values{"state": u.Query()["state"], "error": {"access_denied"}, "error_description": {"<b>"}}.Encode(), nil); got.status != http.StatusForbidden || strings.Contains(got.body, "<b>") {
		t.Errorf("denied: status %d: %s", got.status, got.body)
	}
	for _, to := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example", strings.Repeat("/x", 2000)} {
		if led := s.comeIn(t, s.client(t), to, "anna"); led != "/" {
			t.Errorf("%.40s: led to %.40s", to, led)
		}
	}
	if led := s.comeIn(t, one, "/me", "anna"); led != "/me" {
		t.Error(led)
	}
	// Several tabs, and not without end.
	client := s.client(t)
	paths := []string{s.leave(t, client, "/labs", "anna"), s.leave(t, client, "/questions", "anna")}
	for i, want := range []string{"/labs", "/questions"} {
		if got := s.do(t, client, "GET", paths[i], nil); got.header.Get("Location") != want {
			t.Errorf("tab %d: status %d, to %s", i, got.status, got.header.Get("Location"))
		}
	}
	at, err := url.Parse(s.URL + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		s.do(t, client, "GET", "/sign-in", nil)
	}
	pending := slices.DeleteFunc(client.Jar.Cookies(at), func(c *http.Cookie) bool { return !strings.HasPrefix(c.Name, "sign-in-") })
	if len(pending) == 0 || len(pending) > 6 {
		t.Errorf("%d sign-ins are kept that were begun", len(pending))
	}
}

// Without the provider nobody signs in, everything else works, and who has signed in stays so.
func TestTheProviderIsAway(t *testing.T) {
	s := newSignOnSite(t)
	in, out := s.client(t), s.client(t)
	s.comeIn(t, in, "/", "anna")
	path := s.leave(t, out, "/", "ben")
	s.away.Store(true)
	if got := s.do(t, out, "GET", path, nil); got.status != http.StatusBadGateway || !strings.Contains(got.body, "Example University does not answer") {
		t.Errorf("coming back: status %d: %s", got.status, got.body)
	}
	for path, want := range map[string]string{"/labs": "", "/questions": "", "/me": "Sign out"} {
		if got := s.do(t, in, "GET", path, nil); got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s: status %d", path, got.status)
		}
	}
	if !strings.Contains(s.logged.String(), "nobody was signed in") {
		t.Errorf("the log does not say why: %s", s.logged)
	}
}

// Where only teachers open classes, a password does not, and the pages say what does.
func TestOnlyTeachersOpenClasses(t *testing.T) {
	s := newSignOnSite(t, func(c *Config) { c.TeacherPassword, c.OnlyTeachers = "chalk", true })
	teacher, student := s.client(t), s.client(t)
	s.comeIn(t, teacher, "/", "anna", "lab-teachers")
	s.comeIn(t, student, "/", "ben", "students")
	form := url.Values{"title": {"Nets in spring"}, "password": {"chalk"}}
	for _, client := range []*http.Client{student, s.client(t)} {
		for _, path := range []string{"/class", "/plans"} {
			if got := s.do(t, client, "POST", path, form); got.status == http.StatusSeeOther || !strings.Contains(got.body, "Only teachers open classes and keep plans here") {
				t.Errorf("POST %s: status %d: %.3000s", path, got.status, got.body)
			}
			if got := s.do(t, client, "GET", path, nil); !strings.Contains(got.body, `href="/sign-in?back=%2F`) || strings.Contains(got.body, "Password for teachers") {
				t.Errorf("GET %s: %.3000s", path, got.body)
			}
		}
	}
	for _, path := range []string{"/class", "/plans"} {
		if got := s.do(t, teacher, "POST", path, url.Values{"title": {"Nets in spring"}}); got.status != http.StatusSeeOther {
			t.Errorf("POST %s as a teacher: status %d: %.2000s", path, got.status, got.body)
		}
	}
}

// Leaving one course leaves the others alone, and what nobody is in is nobody's.
func TestLeavingACourse(t *testing.T) {
	s := newSite(t)
	client := s.client(t)
	p, _ := s.signIn(t, client, persons.Identity{Issuer: "https://lms.example.edu", Subject: "1"})
	for _, name := range []string{"nets", "maths"} {
		if err := s.store.Enrol(t.Context(), p.ID, persons.Course{Issuer: "https://lms.example.edu", Context: name, Title: "<i>" + name + "</i>"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.do(t, client, "GET", "/me", nil); strings.Contains(got.body, "<i>") || !strings.Contains(got.body, "nets") || !strings.Contains(got.body, "maths") {
		t.Error(got.body)
	}
	form := url.Values{"issuer": {"https://lms.example.edu"}, "context": {"nets"}}
	if got := s.do(t, s.client(t), "POST", "/me/leave", form); got.status != http.StatusForbidden {
		t.Errorf("nobody leaves: status %d", got.status)
	}
	if got := s.do(t, client, "POST", "/me/leave", form); got.status != http.StatusSeeOther {
		t.Errorf("status %d", got.status)
	}
	if got := s.do(t, client, "GET", "/me", nil); strings.Contains(got.body, "nets") || !strings.Contains(got.body, "maths") {
		t.Error(got.body)
	}
}
