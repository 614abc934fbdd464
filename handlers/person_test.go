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
