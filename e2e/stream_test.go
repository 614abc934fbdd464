package e2e

import (
	"os"
	"testing"
)

// place is where a word's dot has been sent, by the script or by the server.
const place = `(twin, word) => { const dot = [...document.querySelectorAll('[data-plane=' + twin + '] .dot')].find(d => d.textContent.trim() === word); return dot.style.transform || dot.getAttribute('transform'); }`

// The words walk through the layers by the button, the handle and the keys; the address follows, and settings move them.
func TestStreamWalks(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/stream")
	p.reads("[data-part=verdict]", "all words become the same word")
	p.reads("[data-part=layer]", "6 of 6") // without motion the end is shown, and nothing plays by itself
	p.until("one dot without skips, many with", `document.querySelector('[data-plane=plain]').classList.contains('one') && !document.querySelector('[data-plane=residual]').classList.contains('one')`)
	p.press("[")
	p.reads("[data-part=layer]", "5 of 6")
	p.until("the address", `location.search === '?layer=5'`)
	p.set("#layer-slider", "0")
	p.reads("[data-part=layer]", "0 of 6")
	p.until("the words apart, and both twins alike", `!document.querySelector('.one') && (`+place+`)('plain', 'cat') === (`+place+`)('residual', 'cat')`)
	p.press("s")
	p.until("the skip", `location.search.includes('skip=identity') && document.querySelector('[data-plane=plain]').classList.contains('not-in-hand')`)
	p.set("[name=tokens]", "3")
	p.until("three words", `document.querySelectorAll('[data-plane=plain] .dot').length === 3`)
	p.set("[name=layers]", "2")
	p.until("two layers", `document.querySelector('#layer-slider').max === '2'`)
	p.click("[data-act=play]")
	p.until("the way to the last layer", `document.querySelector('[data-part=layer]').textContent === '2 of 2' && document.querySelector('[data-act=play]').textContent === 'Play'`)

	p.set("[name=heads]", "5")
	p.until("why not", `document.querySelector('#error-heads').textContent.includes('32 is no multiple of 5') && document.querySelector('.verdict').textContent.includes('This cannot run')`)
}

// A reader who does not mind motion sees the words walk at once.
func TestStreamPlaysByItself(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.media("prefers-reduced-motion", "no-preference")
	p.visit("/labs/stream?layers=2")
	p.until("the end of the walk", `document.querySelector('[data-part=layer]').textContent === '2 of 2' && document.querySelector('[data-act=play]').textContent === 'Play'`)
}

// Without scripts the links walk.
func TestStreamWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/labs/stream?layers=4")
	p.click(".layers a")
	p.reads(".layers output", "3 of 4")
	p.reads(".verdict", "all words become the same word")
}

func TestStreamLooks(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"stream":       "/labs/stream",
		"stream-start": "/labs/stream?layer=2",
		"stream-many":  "/labs/stream?tokens=32&layer=1",
		"stream-bad":   "/labs/stream?heads=5&layers=99",
		"stream-embed": "/embed/stream?controls=layers,skip&mlp=off",
	}, `document.querySelector('[data-chart] canvas') && document.querySelector('.dot')`)
}
