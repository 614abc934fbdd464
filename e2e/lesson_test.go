package e2e

import (
	"os"
	"testing"
)

// Without scripts a lesson is read, predicted and answered by plain forms.
func TestLessonWithoutScripts(t *testing.T) {
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/lessons/why-it-vanishes")
	p.click(`#predict-tanh [name=pass]`)
	p.until("the truth", `location.hash === '#predict-tanh' && /The core computes 0.233/.test(document.querySelector('#predict-tanh').textContent)`)
	p.until("the lab as a form", `document.querySelector('#lab-tanh-chain iframe').contentDocument?.querySelector('.controls .button')`)
	p.click(`.read button`)
	p.until("the next lesson", `location.pathname === '/lessons/the-skip'`)
}

// The lessons, a lesson, the glossary and the search in every look.
func TestLessonLooks(t *testing.T) {
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"lessons": "/lessons", "lesson": "/lessons/the-skip", "glossary": "/glossary", "search": "/search?q=saturated+unit",
		"embed": "/embed/chain?controls=depth,skip",
	}, "document.querySelector('main')")
}
