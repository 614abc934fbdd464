package e2e

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/oauth2-proxy/mockoidc"

	"gradlab/handlers"
	"gradlab/signon"
	"gradlab/store"
)

// A reader who has answered something signs in as a teacher, is asked, takes it along, opens a class without a password, and signs out:
// then the browser is nobody's again.
func TestSignOn(t *testing.T) {
	t.Parallel()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Server.Close() })
	roles, err := signon.ParseRoles("groups: lab-teachers=teacher")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = siteOn(t, filepath.Join(t.TempDir(), "answers.db"), func(c *handlers.Config, _ *store.Store) {
		c.TeacherPassword = "chalk"
		c.SignOn = signon.New(signon.Config{Issuer: provider.Issuer(), ClientID: provider.ClientID, Secret: provider.ClientSecret,
			Redirect: "http://" + server.Listener.Addr().String() + "/sign-in/back", Name: "Example University", Roles: roles})
	})
	server.Start()
	t.Cleanup(server.Close)

	p := openAt(t, server.URL, "/questions/how-skips-help")
	p.tabTo("main textarea")
	p.press("Gradients add up.")
	p.until("saved", `[...document.querySelectorAll('main output, main .muted, main [role=status]')].some((e) => /saved/i.test(e.textContent))`)
	look := func() {
		t.Helper()
		p.accessible()
		p.size(390, 844)
		p.fits()
		p.shot("signon-" + eval[string](p, `location.pathname.slice(1).replaceAll('/', '-')`))
		p.size(1280, 900)
	}
	p.click(`nav a[href="/me"]`)
	p.until("the account", `document.querySelector('a[href^="/sign-in"]')`)
	look()
	provider.QueueUser(&mockoidc.MockUser{Subject: "anna", PreferredUsername: "Anna Berg", Groups: []string{"lab-teachers"}})
	p.click(`main a[href^="/sign-in"]`)
	p.until("the question", `/one answer/.test(document.querySelector('main .lead')?.textContent)`)
	look()
	p.click(`button[name="along"][value="1"]`)
	p.until("taken along", `/is yours now/.test(document.querySelector('.notice')?.textContent)`)
	look()
	p.tour(os.Getenv("GRADLAB_SHOTS"), "signon-me-in", "/me", "document.querySelector('#sessions-title')")
	p.cookie("theme", "light")
	p.size(1280, 900)
	p.visit("/questions/how-skips-help")
	p.until("the answer", `document.querySelector('main textarea').value === 'Gradients add up.'`)
	p.visit("/class")
	p.click(`form[action="/class"] button`)
	p.until("the teacher’s page", `location.pathname.endsWith('/remote')`)
	remote := eval[string](p, `location.pathname`)
	p.visit("/class")
	p.until("the class among theirs", `[...document.querySelectorAll('section[aria-labelledby=classes-title] a')].some((a) => a.pathname === '`+remote+`')`)
	look()
	p.visit("/me")
	p.click(`form[action="/sign-out"] button`)
	p.until("signed out", `/signed out here/.test(document.querySelector('.notice')?.textContent)`)
	p.visit("/questions/how-skips-help")
	p.until("nobody’s page", `document.querySelector('main textarea').value === ''`)
	p.visit("/class")
	p.until("nobody’s classes", `!document.querySelector('section[aria-labelledby=classes-title]') && document.querySelector('#open-password')`)
}
