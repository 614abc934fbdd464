package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gradlab/handlers/web"
	"gradlab/persons"
)

// signIn opens a session of a person in a client's browser, and returns how to end it.
func (s *testSite) signIn(t *testing.T, client *http.Client, i persons.Identity) (p persons.Person, signOut func()) {
	t.Helper()
	p, err := s.store.SignIn(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	token := web.NewToken()
	session, err := s.store.OpenSession(t.Context(), p.ID, web.Owner(token), false)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	web.BeginSession(w, httptest.NewRequest("GET", "/", nil), token, session)
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	client.Jar.SetCookies(at, w.Result().Cookies())
	return p, func() {
		if err := s.store.CloseSession(t.Context(), web.Owner(token)); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever has signed in writes as the same person in every browser, and as the visitor without a name after that, who is left alone.
func TestAPersonIsOneEverywhere(t *testing.T) {
	s := newSite(t)
	const question = "/questions/how-skips-help"
	write := func(client *http.Client, text string) {
		t.Helper()
		if got := s.do(t, client, "POST", question+"/draft", url.Values{"text": {text}, "revision": {"0"}}); got.status != http.StatusOK {
			t.Fatal(got.status, got.body)
		}
	}
	sees := func(client *http.Client, want, never string) {
		t.Helper()
		if got := s.do(t, client, "GET", question, nil); !strings.Contains(got.body, want) || strings.Contains(got.body, never) {
			t.Errorf("want %q and not %q in %s", want, never, got.body)
		}
	}
	identity := persons.Identity{Issuer: "https://idp.example.edu", Subject: "1", Name: "Anna"}
	one, two := s.client(t), s.client(t)
	write(one, "written without a name")
	_, signOut := s.signIn(t, one, identity)
	s.signIn(t, two, identity)
	write(one, "written by Anna")
	sees(one, "written by Anna", "without a name")
	sees(two, "written by Anna", "without a name")
	signOut()
	sees(one, "written without a name", "by Anna")
	sees(two, "written by Anna", "without a name")
}

// A teacher who signs in needs no password, and finds classes and plans in every browser without their keys, as nobody else does. Plans that
// a browser has the key of come along when that is asked for.
func TestAccountsOfTeachers(t *testing.T) {
	s := newSite(t, func(c *Config) { c.TeacherPassword = "chalk" })
	teacher := persons.Identity{Issuer: "https://idp.example.edu", Subject: "1", Name: "Anna", Role: persons.Teacher}
	here, there, other, student := s.client(t), s.client(t), s.client(t), s.client(t)
	s.signIn(t, here, teacher)
	s.signIn(t, there, teacher)
	s.signIn(t, other, persons.Identity{Issuer: teacher.Issuer, Subject: "2", Role: persons.Teacher})
	s.signIn(t, student, persons.Identity{Issuer: teacher.Issuer, Subject: "3", Role: persons.Student})

	opened := s.do(t, here, "POST", "/class", url.Values{"title": {"Nets on Monday"}})
	remote := opened.header.Get("Location")
	if opened.status != http.StatusSeeOther || !strings.HasSuffix(remote, "/remote") {
		t.Fatal(opened.status, opened.body)
	}
	if got := s.do(t, student, "POST", "/class", url.Values{"title": {"x"}}); got.status != http.StatusForbidden {
		t.Errorf("a student opens a class without the password: status %d", got.status)
	}
	made := s.do(t, here, "POST", "/plans", url.Values{"title": {"Nets in spring"}})
	plan := made.header.Get("Location")
	if made.status != http.StatusSeeOther {
		t.Fatal(made.status, made.body)
	}
	for _, test := range []struct {
		path   string
		client *http.Client
		status int
		shows  string
	}{
		{remote, there, http.StatusOK, "Make another link"}, {remote, other, http.StatusForbidden, ""}, {remote, student, http.StatusForbidden, ""},
		{plan, there, http.StatusOK, "Nets in spring"}, {plan, other, http.StatusForbidden, ""}, {plan, student, http.StatusForbidden, ""},
		{"/class", there, http.StatusOK, "Nets on Monday"}, {"/plans", there, http.StatusOK, "Nets in spring"}, {"/class", there, http.StatusOK, "Yours: Nets in spring"},
	} {
		if got := s.do(t, test.client, "GET", test.path, nil); got.status != test.status || !strings.Contains(got.body, test.shows) {
			t.Errorf("%s: status %d, want %d and %q: %.2000s", test.path, got.status, test.status, test.shows, got.body)
		}
	}
	if got := s.do(t, other, "GET", "/class", nil); strings.Contains(got.body, "Nets") {
		t.Error("another teacher’s list has the class or the plan")
	}
	// The projector link is made of a key, which only this browser's teacher has after asking for one.
	wall := strings.TrimSuffix(remote, "remote") + "wall/new"
	if got := s.do(t, there, "POST", wall, nil); got.status != http.StatusConflict {
		t.Errorf("a projector link without a key: status %d", got.status)
	}
	if got := s.do(t, there, "POST", strings.TrimSuffix(remote, "remote")+"key/new", nil); got.status != http.StatusSeeOther {
		t.Errorf("another key: status %d", got.status)
	}
	if got := s.do(t, there, "POST", wall, nil); got.status != http.StatusSeeOther {
		t.Errorf("a projector link with a key: status %d", got.status)
	}

	// What was prepared without an account.
	before := s.client(t)
	kept := s.do(t, before, "POST", "/plans", url.Values{"title": {"Before the account"}, "password": {"chalk"}}).header.Get("Location")
	if got := s.do(t, before, "POST", "/plans/claim", nil); got.status != http.StatusForbidden {
		t.Errorf("nobody’s account: status %d", got.status)
	}
	_, signOut := s.signIn(t, before, teacher)
	if got := s.do(t, before, "GET", "/plans", nil); !strings.Contains(got.body, "Before the account") || !strings.Contains(got.body, "Nets in spring") || !strings.Contains(got.body, "/plans/claim") {
		t.Errorf("the plans of an account and of a key: %.3000s", got.body)
	}
	if got := s.do(t, there, "GET", kept, nil); got.status != http.StatusForbidden {
		t.Errorf("before it is claimed: status %d", got.status)
	}
	if got := s.do(t, before, "POST", "/plans/claim", nil); got.status != http.StatusSeeOther {
		t.Errorf("claim: status %d", got.status)
	}
	if got := s.do(t, there, "GET", kept, nil); got.status != http.StatusOK {
		t.Errorf("after it was claimed: status %d", got.status)
	}
	signOut()
	if got := s.do(t, before, "GET", kept, nil); got.status != http.StatusOK {
		t.Errorf("by its key: status %d", got.status)
	}
}

// Where nobody can say who has signed in, nothing is answered that would be another's, and files that are everybody's are.
func TestWithoutTheStoreNobodyIsAnother(t *testing.T) {
	s := newSite(t)
	client := s.client(t)
	s.signIn(t, client, persons.Identity{Issuer: "https://idp.example.edu", Subject: "1"})
	s.store.Close()
	if got := s.do(t, client, "GET", "/labs", nil); got.status < 500 || strings.Contains(got.body, "sql:") {
		t.Errorf("status %d: %s", got.status, got.body)
	}
	if got := s.do(t, client, "GET", "/static/js/frame.js", nil); got.status >= 500 {
		t.Errorf("a file: status %d", got.status)
	}
}

// A framed session's cookie goes to frames of the site that launched us, and is kept apart for it.
func TestCookiesOfSessions(t *testing.T) {
	r := httptest.NewRequest("GET", "https://lab.example.edu/", nil)
	for framed, want := range map[bool]string{false: "HttpOnly; Secure; SameSite=Lax", true: "HttpOnly; Secure; SameSite=None; Partitioned"} {
		w := httptest.NewRecorder()
		web.BeginSession(w, r, web.NewToken(), persons.Session{Framed: framed})
		if got := w.Header().Get("Set-Cookie"); !strings.HasSuffix(got, want) {
			t.Errorf("framed %v: %s", framed, got)
		}
	}
}
