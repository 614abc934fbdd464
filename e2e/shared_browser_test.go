package e2e

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oauth2-proxy/mockoidc"

	"gradlab/classroom"
	"gradlab/handlers"
	"gradlab/signon"
	"gradlab/store"
)

// Two students use one browser, one after the other: what the first has typed and not handed in is nowhere for the second, nor for nobody,
// and is there again when the first comes back. A page that is left open is no more the first's as soon as they have signed out.
func TestOneBrowserForTwo(t *testing.T) {
	t.Parallel()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Server.Close() })
	server := httptest.NewUnstartedServer(nil)
	var code string
	server.Config.Handler = siteOn(t, filepath.Join(t.TempDir(), "answers.db"), func(c *handlers.Config, s *store.Store) {
		c.SignOn = signon.New(signon.Config{Issuer: provider.Issuer(), ClientID: provider.ClientID, Secret: provider.ClientSecret,
			Redirect: "http://" + server.Listener.Addr().String() + "/sign-in/back", Name: "Example University"})
		code = openQuestion(t, s, "Why?")
	})
	server.Start()
	t.Cleanup(server.Close)

	p := openAt(t, server.URL, "/me")
	p.problems.expect("403") // a page that is left open asks once more, as nobody
	in := func(name string) {
		t.Helper()
		provider.QueueUser(&mockoidc.MockUser{Subject: name, PreferredUsername: name})
		p.visit("/me")
		p.click(`main a[href^="/sign-in"]`)
		p.until("that "+name+" is signed in", `document.querySelector('form[action="/sign-out"]') && document.querySelector('main').textContent.includes('`+name+`')`)
	}
	out := func() {
		t.Helper()
		p.visit("/me")
		p.click(`form[action="/sign-out"] button`)
		p.until("signed out", `/signed out here/.test(document.querySelector('.notice')?.textContent)`)
	}
	join := func(name string) {
		t.Helper()
		p.visit("/class/" + code)
		eval[int](p, `(document.querySelector('[name=nickname]').value = '`+name+`', document.querySelector('form[action$="/join"]').requestSubmit(), 0)`)
		p.until("the box of "+name, `document.querySelector('#class-answer')`)
	}
	const secret = "What Anna alone thinks of it."
	in("anna")
	join("Anna")
	eval[int](p, `(document.querySelector('#class-answer').focus(), 0)`)
	p.press(secret)
	p.until("that it is not handed in", `/Not handed in/.test(document.querySelector('[data-answer-saved]').textContent)`)
	p.visit("/questions/how-skips-help")
	left := p.tab("/class/" + code)
	left.problems.expect("403")
	left.until("the text", `document.querySelector('main').textContent.includes('`+secret+`') || `+boxText+` === '`+secret+`'`)
	out()
	left.until("the page of nobody", `!document.querySelector('#class-answer') && !document.documentElement.outerHTML.includes('`+secret+`')`)

	shows := func(of, where string) {
		t.Helper()
		p.visit(where)
		if got := eval[string](p, `document.documentElement.outerHTML + [...document.querySelectorAll('textarea, input')].map(box => box.value).join()`); strings.Contains(got, secret) || strings.Contains(got, code[:3]+"-"+code[3:]+" ·") {
			t.Errorf("%s is shown at %s what Anna typed, or her classes", of, where)
		}
	}
	shows("nobody", "/class")
	in("ben")
	shows("Ben", "/class")
	join("Ben")
	if got := eval[string](p, boxText+` + (`+notIn+`)`); got != "" {
		t.Errorf("Ben finds %q", got)
	}
	eval[int](p, `(document.querySelector('#class-answer').focus(), 0)`)
	p.press("What Ben thinks.")
	p.until("that it is not handed in", `/Not handed in/.test(document.querySelector('[data-answer-saved]').textContent)`)
	// Ben deletes all that is his; Anna's text is not.
	p.visit("/answers")
	p.click("#delete ~ form [name=sure]")
	p.click("#delete ~ form .button")
	p.until("that it was deleted", `document.querySelector('.notice')?.textContent === 'Everything of yours was deleted.'`)
	if got := eval[string](p, kept); strings.Contains(got, "What Ben") || !strings.Contains(got, secret) {
		t.Errorf("when Ben has deleted everything, the browser keeps %s", got)
	}
	in("anna")
	p.visit("/class/" + code)
	p.until("Anna’s text again", boxText+` === '`+secret+`' || (`+notIn+`).includes('`+secret+`')`)
}

// openQuestion opens a class with a question on stage, and returns its code.
func openQuestion(t *testing.T, s *store.Store, title string) string {
	t.Helper()
	class, _, err := classroom.Open("Shared", []classroom.Stop{{Kind: classroom.Ask, Title: title}}, time.Now())
	if err == nil {
		err = s.CreateClass(t.Context(), class)
	}
	if err != nil {
		t.Fatal(err)
	}
	return class.Code
}
