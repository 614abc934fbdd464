package e2e

import (
	"testing"
)

// The list under "?" names what the keys of its page do, and nothing of other pages.
func TestKeysAreListed(t *testing.T) {
	p := open(t, site(t, ""), "/about")
	for path, want := range map[string]string{
		"/about":             "P ?",
		"/labs/chain":        "S ← → F G [ ] , . P ?",
		"/labs/train":        "F S ← → [ ] Space . R N P ?",
		"/labs/sweep":        "F ← → Space N P ?",
		"/labs/kernels":      "F K G ← ↑ ↓ → P ?",
		"/labs/stream":       "S F Space [ ] P ?",
		"/labs/transformer":  "F Space N [ ] P ?",
		"/lessons/the-chain": "D Page Up Page Down Esc P ?",
	} {
		p.visit(path)
		p.until("the scripts", `document.readyState === 'complete'`)
		p.press("?")
		p.until("the list", `document.querySelector('[data-keys]').open`)
		if got := eval[string](p, `[...document.querySelectorAll('[data-keys] kbd')].map(k => k.textContent).join(' ')`); got != want {
			t.Errorf("%s lists the keys %q, want %q", path, got, want)
		}
		p.accessible()
		p.press("p") // no key acts behind the list
		if theme := eval[string](p, `document.documentElement.dataset.theme`); theme == "projector" {
			t.Errorf("%s: P changed the theme behind the list", path)
		}
		p.click("[data-keys] button")
	}
}

// A moment is told in one way whatever the browser's language is.
func TestMomentsAreTold(t *testing.T) {
	p := open(t, site(t, ""), "/questions/vanishing-gradient")
	eval[int](p, `(() => { const box = document.querySelector('textarea'); box.value = 'It shrinks.'; box.dispatchEvent(new Event('input', {bubbles: true})); return 0 })()`)
	const saved = `/^Saved at \d\d:\d\d$/.test(document.querySelector('[data-answer-saved]').textContent.trim().replace(/\s+/g, ' '))`
	p.until("the moment", saved)
	p.visit("/questions/vanishing-gradient")
	p.until("the same from the server", saved)
}
