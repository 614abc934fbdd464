package e2e

import (
	"fmt"
	"os"
	"testing"
)

// Without scripts a lesson is read, predicted and answered by plain forms.
func TestLessonWithoutScripts(t *testing.T) {
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/lessons/why-it-vanishes")
	p.click(`#predict-larger [name=pass]`)
	p.until("the truth", `location.hash === '#predict-larger' && /The core computes 1.09/.test(document.querySelector('#predict-larger').textContent)`)
	p.until("the lab as a form", `document.querySelector('#lab-tanh-chain iframe').contentDocument?.querySelector('.controls .button')`)
	p.click(`.read button`)
	p.until("the next lesson", `location.pathname === '/lessons/the-skip'`)
}

// The tour, from the first page on: every bet is placed, answered and shown, and the end leads on.
func TestTheTour(t *testing.T) {
	w := walker{page: open(t, site(t, ""), "/")}
	w.use(`a[href="/lessons/ten-minute-tour"]`)
	w.lesson(0)
	for _, id := range eval[[]string](w.page, `[...document.querySelectorAll('[data-predict]')].map(s => s.dataset.predict)`) {
		w.until("an answer to the choice, and one for all, to "+id, fmt.Sprintf(`document.querySelectorAll('#predict-%s [data-outcome] > p').length >= 3`, id))
	}
	w.use(`main .prose a[href="/lessons/the-chain"]`)
	w.until("the first lesson", `location.pathname === '/lessons/the-chain'`)
}

// The lessons, a lesson, the glossary and the search in every look.
func TestLessonLooks(t *testing.T) {
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"lessons": "/lessons", "lesson": "/lessons/the-skip", "tour": "/lessons/ten-minute-tour", "glossary": "/glossary", "privacy": "/privacy", "search": "/search?q=saturated+unit",
		"embed": "/embed/chain?controls=depth,skip",
	}, "document.querySelector('main')")
}

// A truth that is not there in time is asked for again, unless the server says that there will be none.
func TestPendingTruth(t *testing.T) {
	p := open(t, site(t, ""), "/lessons/why-it-vanishes")
	eval[int](p, `(window.asked = 0, window.fetch = async url => {
		if (!url.endsWith('/outcome')) {
			const waits = document.querySelector('#predict-larger').cloneNode(true);
			waits.insertAdjacentHTML('beforeend', '<p data-pending>Still computing.</p>');
			return Response.json({ parts: { 'predict-larger': waits.outerHTML } });
		}
		return ++asked === 1 ? Response.json({ error: 'Busy.' }, { status: 503 }) : Response.json({ error: 'There is nothing here.' }, { status: 404 });
	}, 0)`)
	p.click(`#predict-larger [name=pass]`)
	p.until("why there is none", `document.querySelector('[data-pending]')?.textContent === 'Still computing. There is nothing here.' && asked === 2`)
}
