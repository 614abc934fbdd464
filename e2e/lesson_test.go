package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A newcomer walks through a lesson: reads, guesses, sees the lab, presents its steps, answers, takes a hint, hands in,
// and finds the progress in the list.
func TestLessonWalk(t *testing.T) {
	p := open(t, site(t, ""), "/lessons")
	p.accessible()
	p.click(`a[href="/lessons/why-it-vanishes"]`)
	p.until("the lesson with its formulas", `document.querySelector('.lesson .katex') && !document.querySelector('.math .katex + .katex')`)
	if eval[bool](p, `!!document.querySelector('iframe')`) {
		t.Error("a lab is shown before its prediction")
	}
	p.accessible()

	// What is no number is refused in place, and the page stays.
	p.problems.expect("422")
	p.tabTo(`#predict-sigmoid input`)
	p.press("many", kb.Enter)
	p.until("the reason at the box", `/Give a number/.test(document.querySelector('#predict-sigmoid .error').textContent)`)
	eval[int](p, `(document.querySelector('#predict-sigmoid input').value = '', document.querySelector('#predict-sigmoid input').focus(), 0)`)
	p.press("-6", kb.Enter)
	p.until("the comparison", `/You said 10.6. The core computes 1.9·10.14, 8 powers of ten smaller/s.test(document.querySelector('#predict-sigmoid [data-outcome]')?.textContent)`)
	if got := eval[bool](p, `document.activeElement.matches('[data-outcome]')`); !got {
		t.Errorf("after committing, the focus is on %s, want the outcome", p.focused())
	}
	lab := `document.querySelector('#lab-sigmoid-chain iframe').contentDocument`
	p.until("the lab in its frame, drawn", lab+`?.querySelector('canvas') && `+lab+`.querySelector('.verdict')`)
	p.until("the frame as high as the lab", fmt.Sprintf(`Math.abs(document.querySelector('#lab-sigmoid-chain iframe').clientHeight - %s.body.getBoundingClientRect().height) < 5`, lab))
	if got := eval[int](p, lab+`.querySelectorAll('[data-slider]').length`); got != 2 {
		t.Errorf("the lab shows %d sliders, want depth and w", got)
	}
	p.click(`#predict-tanh [name=pass]`)
	p.until("the second lab", `document.querySelector('#lab-tanh-chain iframe')`)
	p.accessible()

	// A lab in a lesson is used in place, and its keys work in it.
	eval[int](p, lab+`.querySelector('[data-slider=depth]').value = 7, `+lab+`.querySelector('[data-slider=depth]').dispatchEvent(new Event('input', {bubbles: true})), 0`)
	p.until("its own address, with the controls", `document.querySelector('#lab-sigmoid-chain iframe').contentWindow.location.search.includes('depth=7') && document.querySelector('#lab-sigmoid-chain iframe').contentWindow.location.search.includes('controls=')`)

	// Presenting: each step sets the lab.
	p.click("[data-present]")
	p.until("the first step", `/^1 of 4: Small weights/.test(document.querySelector('[data-step-title]').textContent)`)
	p.until("the lab as the step has it", `document.querySelector('#lab-tanh-chain iframe').contentWindow.location.search.includes('w=0.1')`)
	p.press(kb.PageDown)
	p.until("the second step", `/^2 of 4/.test(document.querySelector('[data-step-title]').textContent) && document.querySelector('#lab-tanh-chain iframe').contentWindow.location.search.includes('x=5')`)
	p.accessible()
	p.press(kb.Escape)
	p.until("the end of presenting", `document.querySelector('[data-presenting]').hidden`)

	// A term says what it means, by keyboard, and is dismissed.
	eval[int](p, `(document.querySelector('[data-term=sigmoid]').focus(), 0)`)
	p.until("the definition", `!document.querySelector('#term-box').hidden && /at most/.test(document.querySelector('#term-box').textContent)`)
	p.accessible()
	p.press(kb.Escape)
	p.until("the definition gone", `document.querySelector('#term-box').hidden`)

	// The question, in its place.
	eval[int](p, `(document.querySelector('#answer-').focus(), 0)`)
	p.press("The gradient of an early layer is a product with one factor for each layer.")
	p.until("a saved draft", `/^Saved/.test(document.querySelector('[data-answer-saved]').textContent)`)
	p.click("[data-hints-ask]")
	p.until("the hints", `document.querySelector('[data-hints]')`)
	p.accessible()
	p.click("[data-answer] [name=submit]")
	p.until("the model answer in the lesson", `location.pathname === '/lessons/why-it-vanishes' && document.querySelector('[data-model] .katex')`)
	p.accessible()

	eval[int](p, `(document.querySelector('[data-takeaway]').scrollIntoView(), 0)`)
	p.until("read", `/You have read/.test(document.querySelector('[data-read]').textContent)`)
	p.visit("/lessons")
	p.until("the progress in the list", `/read, 2 of 2 predicted, answered/.test(document.querySelectorAll('.lesson-list .state')[0]?.textContent)`)
	p.accessible()
}

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

// Every lesson opens with all its labs, and neither the browser nor axe complains.
func TestEveryLesson(t *testing.T) {
	p := open(t, site(t, ""), "/lessons")
	for _, path := range eval[[]string](p, `[...document.querySelectorAll('.lesson-list a')].map(a => a.pathname)`) {
		p.visit(path)
		ids := eval[[]string](p, `[...document.querySelectorAll('[data-predict]')].map(s => s.dataset.predict)`)
		for _, id := range ids {
			p.click(fmt.Sprintf("#predict-%s [name=pass]", id))
			p.until("the truth of "+id, fmt.Sprintf(`/The core computes/.test(document.querySelector('#predict-%s [data-outcome]')?.textContent)`, id))
		}
		eval[int](p, `(document.querySelectorAll('iframe').forEach(f => { f.loading = 'eager'; }), 0)`)
		p.until("its labs", `[...document.querySelectorAll('[data-lesson-lab]')].every(f => f.contentDocument?.querySelector('[data-lab]') && parseFloat(f.style.height) > 200)`)
		p.accessible()
		if wide := p.tooWide(); len(wide) > 0 {
			t.Errorf("%s is too wide: %q", path, wide)
		}
		if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" {
			for _, width := range []int64{1920, 1280, 390} {
				p.size(width, 900)
				p.until("the labs in their new width", `[...document.querySelectorAll('[data-lesson-lab]')].every(f => Math.abs(f.clientHeight - f.contentDocument.body.getBoundingClientRect().height) < 6)`)
				if wide := p.tooWide(); len(wide) > 0 {
					t.Errorf("%s at %d px is too wide: %q", path, width, wide)
				}
				p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d.png", filepath.Base(path), width)))
			}
			p.size(1280, 900)
		}
	}
}

// The lessons, a lesson, the glossary and the search in every look.
func TestLessonLooks(t *testing.T) {
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"lessons": "/lessons", "lesson": "/lessons/the-skip", "glossary": "/glossary", "search": "/search?q=saturated+unit",
		"embed": "/embed/chain?controls=depth,skip",
	}, "document.querySelector('main')")
}
