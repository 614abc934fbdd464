package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The list under "?" names what the keys of its page do, and nothing of other pages.
func TestKeysAreListed(t *testing.T) {
	t.Parallel()
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

// Whoever speaks to the computer turns keys of one character off, in the lab of a lesson, too, and finds them so the next time; named
// keys stay (WCAG 2.1.4).
func TestSingleKeysAreTurnedOff(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain?depth=5")
	p.until("the scripts", `document.readyState === 'complete'`)
	theme := func() string { return eval[string](p, `document.documentElement.dataset.theme`) }
	p.press("?")
	p.until("the focus on what closes the list", `document.activeElement.matches('[data-keys] button')`)
	p.tabTo("[data-single-keys]")
	p.press(" ", kb.Escape)
	check := func() {
		t.Helper()
		p.press("p", "?", "s")
		if got := theme(); got == "projector" || eval[bool](p, `document.querySelector('[data-keys]').open || location.search.includes('skip')`) {
			t.Errorf("%s: a single key acted; the theme is %q", p.where(), got)
		}
	}
	check()
	p.visit("/labs/chain?depth=5")
	check()
	p.press(kb.ArrowRight)
	p.until("one layer more, by a named key", `location.search.includes('depth=6')`)
	p.click("[data-keys-open]")
	p.until("the box as it was left", `!document.querySelector('[data-single-keys]').checked`)
	p.accessible()
	p.click("[data-single-keys]")
	p.click("[data-keys] button")
	p.press("p")
	if got := theme(); got != "projector" {
		t.Errorf("turned on again, P leaves the theme %q", got)
	}
}

// A moment is told in one way whatever the browser's language is.
func TestMomentsAreTold(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/questions/vanishing-gradient")
	eval[int](p, `(() => { const box = document.querySelector('textarea'); box.value = 'It shrinks.'; box.dispatchEvent(new Event('input', {bubbles: true})); return 0 })()`)
	const saved = `/^Saved at \d\d:\d\d$/.test(document.querySelector('[data-answer-saved]').textContent.trim().replace(/\s+/g, ' '))`
	p.until("the moment", saved)
	p.visit("/questions/vanishing-gradient")
	p.until("the same from the server", saved)
}
