package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A walker is a newcomer on the way through the course, with the mouse or by the keyboard alone.
type walker struct {
	*page
	keys bool
	runs []string // what was attached to answers, in the order of the lessons
}

// TestNewcomer walks through the whole course in one go, from the first page by the site's own links: every lesson with its
// predictions, labs and question, every second one by the keyboard alone. What was done is found again at the end.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	w := walker{page: open(t, site(t, ""), "/")}
	w.accessible()
	w.use(`a[href="/lessons/ten-minute-tour"]`)
	for n := 0; ; n++ {
		w.keys = n%2 == 1
		w.lesson(n)
		if last := eval[bool](w.page, "!document.querySelector('.pager [rel=next]')"); last {
			break
		}
		w.use(".pager [rel=next]")
	}

	w.use(".pager a[href='/lessons']")
	w.until("all lessons done", `(() => {
		const done = [...document.querySelectorAll('.lesson-list .state.read')].map(e => e.textContent);
		return done.length === document.querySelectorAll('.lesson-list > li').length && done.length >= 10 && done.every(d => /^read, (\d+) of \1 predicted/.test(d)) && done.filter(d => d.endsWith('answered')).length === 7;
	})()`)
	w.accessible()
	w.use(".brand")
	w.until("the marks on the first page", `document.querySelectorAll('.state.read').length >= 10 && document.querySelectorAll('.state.answered').length === 7`)
	w.accessible()

	w.use("nav a[href='/questions']")
	w.until("the questions", `location.pathname === '/questions'`)
	w.use("main a[href='/answers']")
	w.until("ten answers, handed in", `document.querySelectorAll('.answers .kept').length === 10 && !/Draft/.test(document.querySelector('main').innerText)`)
	for _, run := range w.runs {
		w.until("the run "+run, fmt.Sprintf(`[...document.querySelectorAll('.run')].some(a => a.getAttribute('href') === %q)`, run))
	}
	w.accessible()
}

// use follows a link or presses a button.
func (w *walker) use(selector string) {
	w.t.Helper()
	if !w.keys {
		w.click(selector)
		return
	}
	w.tabTo(selector)
	w.press(kb.Enter)
}

// write types into a box, as into an empty one.
func (w *walker) write(selector, text string) {
	w.t.Helper()
	if w.keys {
		w.tabTo(selector)
	} else {
		w.click(selector)
	}
	w.press(text)
}

// lesson does all that a lesson asks for.
func (w *walker) lesson(n int) {
	t := w.t
	t.Helper()
	w.until(fmt.Sprintf("lesson %d, its formulas set", n), fmt.Sprintf(
		`document.querySelector('.kick')?.textContent.startsWith(%d ? 'Lesson %[1]d of ' : 'Before the lessons') && [...document.querySelectorAll('tex-math')].every(m => m.querySelector('.katex'))`, n))
	slug := eval[string](w.page, `document.querySelector('[data-lesson]').dataset.lesson`)
	if n == 1 {
		w.accessible() // before anything is done
	}
	if slug == "why-it-vanishes" {
		w.refused()
	}
	for _, id := range eval[[]string](w.page, `[...document.querySelectorAll('[data-predict]')].map(s => s.dataset.predict)`) {
		w.predict(id)
	}
	var run, shows string
	for _, id := range eval[[]string](w.page, `[...document.querySelectorAll('.lab-place')].map(s => s.id)`) {
		run, shows = w.lab(id)
	}
	if slug == "why-it-vanishes" {
		w.presented()
		w.defined()
		run, shows = w.lab("lab-tanh-chain")
	}
	for i, part := range eval[[]string](w.page, `[...document.querySelectorAll('#question [data-part]')].map(s => s.dataset.part)`) {
		w.answer(slug, part, i == 0, run, shows)
	}
	eval[int](w.page, `(document.querySelector('[data-takeaway]').scrollIntoView({ behavior: 'instant' }), 0)`)
	w.fits()
	w.accessible()
	// A lab above that comes into its own may have pushed the takeaway on: a reader follows it.
	w.until("read", `(document.querySelector('[data-takeaway]').scrollIntoView({ behavior: 'instant' }), /You have read/.test(document.querySelector('[data-read]').textContent))`)
	w.shots(slug)
}

// predict commits a guess; the truth and the labs that show it stand there only afterwards.
func (w *walker) predict(id string) {
	w.t.Helper()
	box := fmt.Sprintf("#predict-%s input", id)
	w.until("nothing of the truth yet", fmt.Sprintf(`!document.querySelector('#predict-%[1]s [data-outcome]') && ![...document.querySelectorAll('[data-after="%[1]s"]')].some(l => l.querySelector('iframe'))`, id))
	choice := eval[bool](w.page, fmt.Sprintf("document.querySelector(%q).type === 'radio'", box))
	switch {
	case choice && w.keys:
		w.tabTo(box)
		w.press(" ")
	case choice:
		w.click(box)
	default:
		w.write(box, "-6")
	}
	if w.keys {
		w.press(kb.Enter)
	} else {
		w.click(fmt.Sprintf("#predict-%s .button", id))
	}
	w.until("the comparison of "+id, fmt.Sprintf(`/You (said|chose|were right).*The core computes/s.test(document.querySelector('#predict-%s [data-outcome]')?.innerText)`, id))
	w.until("the focus on it", fmt.Sprintf(`document.activeElement.matches('#predict-%s [data-outcome]')`, id))
}

// state is a JavaScript function of a lab's document: all of its settings, and what a chain or a pixel says in numbers.
const state = `((doc) => JSON.stringify([[...new FormData(doc.querySelector('[data-lab-form]'))].filter(([, v]) => typeof v === 'string').sort(),
	doc.querySelector('[data-lab=chain] [data-part=verdict], .pixel')?.textContent.replace(/\s+/g, ' ') ?? '']))`

// lab uses a lab in its place, and returns the address of what it then shows, and its state.
func (w *walker) lab(id string) (run, shows string) {
	w.t.Helper()
	frame := "#" + id + " iframe"
	doc := fmt.Sprintf("document.querySelector('%s').contentDocument", frame)
	eval[int](w.page, fmt.Sprintf(`(document.querySelector('%s').loading = 'eager', 0)`, frame))
	w.until("the drawn lab "+id, fmt.Sprintf(`%[1]s?.readyState === 'complete' && %[1]s.querySelector('[data-lab]') && [...%[1]s.querySelectorAll('[data-chart]')].every(e => e.querySelector('canvas'))`, doc))
	w.until("the frame as high as the lab", fmt.Sprintf(`Math.abs(document.querySelector('%s').clientHeight - %s.body.getBoundingClientRect().height) < 5`, frame, doc))
	button := doc + ".querySelector('[data-act=run]')"
	touched := true
	switch kind := eval[string](w.page, doc+".querySelector('[data-lab]').dataset.lab"); kind {
	case "chain":
		w.turn(frame, doc, eval[string](w.page, doc+".querySelector('[data-slider]').dataset.slider"))
	case "kernels":
		w.look(frame, doc)
	case "barcode", "stream": // drawn at once
		touched = false
	default:
		touched = eval[bool](w.page, button+".textContent === 'Run' && !"+button+".disabled") // none that runs by itself, or whose prediction has had the run computed
		began := fmt.Sprintf(`(%[1]s.querySelector('[data-part=step]')?.value > 0 || /\d+( of \d+)? runs|paused|trained/.test(%[1]s.querySelector('[data-part=status]').textContent))`, doc)
		if touched {
			w.use(frame + " >> [data-act=run]")
		} else if eval[bool](w.page, button+".disabled") {
			break
		}
		w.until("the run under way", began)
		eval[int](w.page, fmt.Sprintf(`(%[1]s.textContent === 'Pause' && %[1]s.click(), 0)`, button)) // unless it has come to its end meanwhile
		w.until("its rest", button+".textContent === 'Run'")
	}
	if !touched {
		w.click(frame + " >> [data-part=verdict]") // what goes with an answer is the lab that was touched last
	}
	run = eval[string](w.page, fmt.Sprintf(`(({ pathname, search }) => pathname + search)(%s.querySelector('[data-whole-lab]'))`, doc))
	return run, eval[string](w.page, state+"("+doc+")")
}

// turn moves the handle of a chain, and waits until the address has it.
func (w *walker) turn(frame, doc, field string) {
	w.t.Helper()
	handle := fmt.Sprintf("[data-slider=%s]", field)
	was := eval[string](w.page, doc+".location.search")
	eval[int](w.page, fmt.Sprintf(`(%[1]s.addEventListener('drawn', e => { e.target.lastDrawn = e.detail; }), 0)`, doc))
	if w.keys {
		w.tabTo(frame + " >> " + handle)
	} else {
		w.click(frame + " >> " + handle)
	}
	w.press(kb.ArrowLeft)
	w.until("its new state drawn, in its address and its link", fmt.Sprintf(`(() => {
		const doc = %s, set = doc.querySelector(%q).value, link = doc.querySelector('[data-whole-lab]').search;
		const of = (query) => +(new URLSearchParams(query).get(%q) ?? doc.querySelector('[data-field=%[3]s]').dataset.default);
		return doc.lastDrawn !== undefined && of(doc.lastDrawn) === +set && doc.location.search !== %q && of(link) === +set && of(doc.location.search) === +set && doc.location.search.includes('controls=');
	})()`, doc, handle, field, was))
}

// look takes a pixel of a map in hand, and waits until the link has it.
func (w *walker) look(frame, doc string) {
	w.t.Helper()
	link := doc + ".querySelector('[data-whole-lab]').search"
	was := eval[string](w.page, link)
	if w.keys {
		w.tabTo(frame + " >> [data-map=sum-1]")
		w.press(kb.ArrowDown, kb.ArrowRight)
	} else {
		w.click(frame + " >> [data-map=sum-1] svg")
	}
	w.until("another pixel in the link", fmt.Sprintf(`%s !== %q && (() => {
		const doc = %s, query = new URLSearchParams(%[1]s);
		return ['row', 'column'].every((name) => query.get(name) === doc.querySelector('[name=' + name + ']').value) &&
			doc.querySelector('.pixel figcaption').textContent.includes('row ' + query.get('row') + ', column ' + query.get('column'));
	})()`, link, was, doc))
}

// answer writes an answer in its place, and hands it in. If it is to be argued, the hints are asked for and the run is
// attached, which is reopened exactly.
func (w *walker) answer(slug, part string, argued bool, run, shows string) {
	w.t.Helper()
	q := fmt.Sprintf("[data-part=%q]", part)
	in := func(selector string) string { return q + " " + selector }
	w.until("no model answer before an attempt", fmt.Sprintf("!document.querySelector('%s')", in("[data-model]")))
	w.write(in("textarea"), "Each layer multiplies the gradient by one factor more.")
	w.until("a saved draft", fmt.Sprintf(`/^Saved/.test(document.querySelector('%s').textContent.trim())`, in("[data-answer-saved]")))
	if argued {
		w.use(in("[data-hints-ask]"))
		w.until("the hints, with the focus", `document.activeElement.matches('[data-hints]')`)
		w.use(in(".attach summary"))
		w.until("the lab’s state at hand", fmt.Sprintf(`document.querySelector('%s').value === %q`, in(".attach [name=run]"), run))
		w.use(in(".attach .button"))
		w.until("the run beside the answer, with its picture", fmt.Sprintf(`(() => {
			const run = document.querySelector('%s'), picture = run?.querySelector('img');
			return run?.getAttribute('href') === %q && (!picture || picture.naturalWidth > 0) && document.activeElement === run;
		})()`, in(".run"), run))
		w.runs = append(w.runs, run)
		w.accessible()
	}
	if w.keys && argued { // the button stands before the run
		w.tabTo(in("[name=submit]:not(.secondary)"), chromedp.ModifierShift)
		w.press(kb.Enter)
	} else {
		w.use(in("[name=submit]"))
	}
	w.until("the model answer", fmt.Sprintf(`document.querySelector('%[1]s') && [...document.querySelectorAll('%[1]s tex-math')].every(m => m.querySelector('.katex'))`, in("[data-model]")))
	if !argued {
		return
	}
	w.use(in(".run"))
	w.until("the very state", fmt.Sprintf("location.pathname + location.search === %q && %s(document) === %q", run, state, shows))
	w.back("/lessons/" + slug)
}

// refused commits what is no number: it is said at the box, and the page stays.
func (w *walker) refused() {
	w.t.Helper()
	w.problems.expect("422")
	w.tabTo("#predict-twice input")
	w.press("many", kb.Enter)
	w.until("the reason at the box, which has the focus", `/power alone/.test(document.querySelector('#predict-twice .error').textContent) && document.activeElement.matches('#predict-twice input')`)
	w.hold("a", chromedp.ModifierCtrl)
	w.press(kb.Backspace)
}

// presented goes through two steps for a class; each sets the lab.
func (w *walker) presented() {
	w.t.Helper()
	lab := `document.querySelector('#lab-tanh-chain iframe').contentWindow.location.search`
	w.use("[data-present]")
	w.until("the first step", `/^1 of 8: Small weights/.test(document.querySelector('[data-step-title]').textContent) && `+lab+`.includes('w=0.1')`)
	w.press(kb.PageDown)
	w.until("the second step", `/^2 of 8/.test(document.querySelector('[data-step-title]').textContent) && `+lab+`.includes('x=5')`)
	w.accessible()
	w.press(kb.Escape)
	w.until("the end of presenting", `document.querySelector('[data-presenting]').hidden`)
}

// defined asks what a term means by the keyboard, and dismisses it.
func (w *walker) defined() {
	w.t.Helper()
	eval[int](w.page, `(document.querySelector('[data-term=sigmoid]').focus(), 0)`)
	w.until("the definition", `!document.querySelector('#term-box').hidden && /at most/.test(document.querySelector('#term-box').textContent)`)
	w.accessible()
	w.press(kb.Escape)
	w.until("the definition gone", `document.querySelector('#term-box').hidden`)
}

// shots takes the lesson's pictures in each width, where pictures are wanted.
func (w *walker) shots(name string) {
	w.t.Helper()
	dir := os.Getenv("GRADLAB_SHOTS")
	if dir == "" {
		return
	}
	for _, s := range sizes {
		w.size(s.width, s.height)
		w.until("the labs in their new width", `[...document.querySelectorAll('[data-lesson-lab]')].every(f => Math.abs(f.clientHeight - f.contentDocument.body.getBoundingClientRect().height) < 6)`)
		w.fits()
		w.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, s.width)))
	}
	w.size(1280, 900)
}
