package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// The private link opens a visitor's answers in another browser, when its button is pressed; its secret is in no address that the
// server sees, and goes out of the browser's own at once. Without scripts the link is pasted.
func TestPrivateLink(t *testing.T) {
	t.Parallel()
	var seen sync.Map
	h := site(t, "")
	watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.URL.String()+" "+r.Referer(), true)
		h.ServeHTTP(w, r)
	})
	one := open(t, watched, "/questions/residual-fit")
	one.tabTo("textarea")
	one.press("It memorises.")
	one.until("the draft saved", `/^Saved/.test(document.querySelector('[data-answer-saved]')?.textContent ?? '')`)
	one.visit("/answers")
	link := eval[string](one, `document.querySelector('[data-select]').value`)
	_, secret, found := strings.Cut(link, "/answers/here#")
	if !found || len(secret) != 43 {
		t.Fatalf("the link is %q", link)
	}

	other := open(t, watched, "/answers/here#"+secret)
	other.until("the secret in the form, and out of the address", `document.querySelector('#secret').value.length === 43 && location.hash === ''`)
	other.click("[data-secret-link] button")
	other.until("the answers", `location.pathname === '/answers' && document.querySelector('.kept')?.textContent === 'It memorises.'`)

	pasting := open(t, watched, "/answers/here")
	pasting.accessible()
	pasting.tabTo("#secret")
	pasting.press(link)
	pasting.click("[data-secret-link] button")
	pasting.until("the answers by the pasted link", `document.querySelector('.kept')?.textContent === 'It memorises.'`)

	seen.Range(func(address, _ any) bool {
		if strings.Contains(address.(string), secret) {
			t.Errorf("the server is told the secret in an address: %s", address)
		}
		return true
	})
	one.click("form[action='/answers/link'] button")
	one.until("another link", `document.querySelector('[data-select]')?.value.includes('#') && document.querySelector('[data-select]').value !== `+"`"+link+"`")
	other.visit("/answers")
	if other.text("main p") != "Nothing yet. Your answers to the questions appear here, with the runs you attach." {
		t.Errorf("with the old link: %q", other.text("main p"))
	}
}
