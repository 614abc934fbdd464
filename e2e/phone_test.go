package e2e

import "testing"

// underThumb names what a thumb misses: controls below 24 px (WCAG 2.5.8), and controls that the window's edges cut when they are
// scrolled to. What a label widens is as large as the label; links within a sentence are as high as its lines.
const underThumb = `[...document.querySelectorAll('button, summary, select, textarea, input:not([type=hidden], [data-theme-form] *), nav a, .cards a, .lesson-list a, .question-list a')].flatMap(e => {
	if (!e.checkVisibility({ visibilityProperty: true }) || e.closest('[data-hidden-to-eye]')) return [];
	const whole = /^(radio|checkbox)$/.test(e.type) && e.closest('label') || e, { width, height } = whole.getBoundingClientRect();
	if (width <= 1) return []; // for screen readers
	const wrong = [];
	if (width < 24 || height < 24) wrong.push(width.toFixed(1) + ' x ' + height.toFixed(1));
	const { left, right } = e.getBoundingClientRect();
	if ((left < 0 || right > innerWidth) && !e.closest('nav')) wrong.push('from ' + left + ' to ' + right);
	return wrong.map(w => ` + named + `(e) + ': ' + w);
})`

// held wants the page to fit the phone, and every control of it to be under a thumb.
func (w *walker) held(where string) {
	w.t.Helper()
	w.fits()
	if missed := eval[[]string](w.page, underThumb); len(missed) > 0 {
		w.t.Errorf("%s: no thumb hits %q", where, missed)
	}
}

// Forty minutes on a phone: the tour, a lab, a lesson that has one guess, a question that survives a reload, and what was written.
func TestFortyMinutesOnAPhone(t *testing.T) {
	t.Parallel()
	w := walker{page: open(t, site(t, ""), "/about")}
	w.size(390, 844)
	w.visit("/")
	w.until("the chart", drawn)
	w.held("the first page")
	w.use(".next-steps a")
	w.until("the tour", `location.pathname === '/lessons/ten-minute-tour'`)
	first := eval[string](w.page, `document.querySelector('[data-predict]').dataset.predict`)
	w.predict(first)
	w.held("the tour")

	// A lab: its handle under the thumb, its figure in the same window as long as the controls are docked.
	w.visit("/labs/chain")
	w.until("the chart", drawn)
	w.held("the chain")
	w.click("[data-slider=depth]")
	w.until("another depth", `new URLSearchParams(location.search).has('depth') && document.querySelectorAll('.numbers tbody tr').length === +document.querySelector('#field-depth').value`)

	// A lesson: one guess committed, one begun; an answer whose draft survives a reload, a link of a run not yet attached.
	w.visit("/lessons/why-it-vanishes")
	w.until("the lesson", `document.querySelector('#predict-larger .button')`)
	w.predict("larger")
	w.held("a lesson")
	w.write("#predict-twice input", "4")
	w.write("#question textarea", "One factor below one for each layer.")
	w.until("a saved draft", `/^Saved/.test(document.querySelector('#question [data-answer-saved]').textContent)`)
	w.visit("/lessons/why-it-vanishes")
	w.until("the draft", `document.querySelector('#question textarea').value === 'One factor below one for each layer.'`)
	w.use("#question .attach summary")
	w.click("#question .attach [name=run]")
	w.set("#question .attach [name=run]", "/labs/chain?depth=7")
	w.held("the question")
	w.use("#question [name=submit]")
	w.until("the model answer", `document.querySelector('#question [data-model]')`)
	w.until("the guess that was begun, and the link", `document.querySelector('#predict-twice input').value === '4' && document.querySelector('#question .attach details').open && document.querySelector('#question .attach [name=run]').value === '/labs/chain?depth=7'`)
	w.use("#question .attach .button")
	w.until("the run", `document.querySelector('#question .run')?.getAttribute('href') === '/labs/chain?depth=7'`)
	w.held("the model answer")
	w.accessible()

	w.visit("/answers")
	w.until("the answer", `document.querySelector('.answers .kept')?.textContent === 'One factor below one for each layer.'`)
	w.held("the answers")
	w.visit("/class")
	w.held("the way into a class")
}
