package e2e

import (
	"os"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// drawn is true when every figure of the page has been drawn.
const drawn = `[...document.querySelectorAll('[data-chart]')].every(e => e.querySelector('canvas'))`

func TestScreenshots(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"home": "/", "chain": "/labs/chain", "chain-notebook": "/labs/chain?activation=tanh&depth=4&skip=none&x=10",
		"train-waiting": "/labs/train?depth=20",
		"questions":     "/questions", "question": "/questions/vanishing-gradient", "about": "/about",
		"core": "/about/core", "core-op": "/about/core?op=conv2d",
		"labs": "/labs", "answers": "/answers", "api": "/api",
	}, drawn)
}

// A visitor moves the handles of the chain: the sentence, the address and the numbers follow.
func TestChainPath(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain")
	p.until("the chart", drawn)
	p.reads("[data-part=aside]", "vanished")

	// The slider by keys, the address with it.
	p.tabTo("[data-slider=depth]")
	p.press(kb.ArrowRight)
	p.until("depth 21 in the address", `location.search === '?depth=21'`)
	p.until("21 layers in the table", `document.querySelectorAll('.numbers tbody tr').length === 21`)

	// The skip by its key, from anywhere on the page.
	eval[int](p, `document.activeElement.blur(), 0`)
	p.press("s")
	p.until("the skip off", `new URLSearchParams(location.search).get('skip') === 'none'`)

	// A bad value is named at its control, and the page goes on with the default.
	p.set("#field-x", "5000")
	p.until("the message at x", `document.querySelector('#error-x').textContent.includes('from -1000 to 1000')`)
	p.accessible()

	// The notebook's preset shows what the notebook printed.
	p.click(".presets a:first-child")
	p.until("the notebook's numbers", `['−0 rounded', '−0.0727', '−0.1319', '−0.1892'].every(n => document.querySelector('.numbers table')?.textContent.replace(/\s+/g, ' ').includes(n))`)
	p.accessible()
}

// Without scripts the labs are forms: what is set is shown after a press of the button.
func TestChainWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/labs/chain")
	p.click(".controls .button")
	p.until("the form's own address", `location.search.includes('depth=20') && document.querySelectorAll('.numbers tbody tr').length === 20`)
}

// A visitor trains the notebook's net with its twin, pauses, steps, lets it finish and reads the sentence.
func TestTrainingPath(t *testing.T) {
	t.Parallel()
	// Too dear to come with the page, small enough to finish.
	p := open(t, site(t, ""), "/labs/train?depth=6&activation=tanh&steps=60&count=30&batch=30")
	p.until("the charts", drawn)
	shown := `Number(document.querySelector('[data-part=step]').value)`
	if n := eval[int](p, shown); n != 0 {
		t.Fatalf("the run stands at step %d before it was started", n)
	}
	p.set("[data-act=speed]", "5") // slow enough to be paused before its end
	p.click("[data-act=run]")
	p.until("some steps", shown+` >= 3`)
	p.press(" ") // the button has the focus: Space presses it
	p.until("Run again", `document.querySelector('[data-act=run]').textContent === 'Run'`)
	at := eval[int](p, shown)
	p.click("[data-act=step]")
	p.until("one step more", shown+` > `+strconv.Itoa(at))
	p.accessible()
	if n := eval[int](p, shown); n != at+1 { // it has had the time to go on, if it would
		t.Errorf("Step went from %d to %d", at, n)
	}
	p.set("[data-act=speed]", "0")
	p.click("[data-act=run]")
	p.until("the end and the sentence", shown+` === 60 && /After 60 steps/.test(document.querySelector('[data-part=verdict]').textContent)`)
	p.until("a table of 61 rows and the layers", `document.querySelectorAll('[data-part=numbers] tbody tr').length >= 61`)
	p.accessible()

	// Reset goes back to step 0 of the same run; New weights is another.
	p.click("[data-act=reset]")
	p.until("step 0", shown+` === 0`)
	p.click("[data-act=renew]")
	p.until("the next seed", `new URLSearchParams(location.search).get('seed') === '1'`)
	p.until("its invitation", `/Press Run/.test(document.querySelector('[data-part=verdict]').textContent)`)
}

// A visitor answers a question, sees it saved, hands it in, reads the model answer, and finds all of it after a restart.
func TestQuestionPath(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/answers.db"
	p := open(t, site(t, file), "/questions")
	p.accessible()
	p.click(".question-list a")
	p.until("the question", `location.pathname === '/questions/vanishing-gradient'`)
	p.tabTo("#answer-")
	p.press("Each layer multiplies the gradient by a factor below one.")
	p.until("a saved draft", `/^Saved/.test(document.querySelector('[data-answer-saved]').textContent)`)
	p.visit("/questions/vanishing-gradient")
	if got := eval[string](p, `document.querySelector('textarea').value`); got != "Each layer multiplies the gradient by a factor below one." {
		t.Errorf("after a reload the box holds %q", got)
	}
	if eval[bool](p, `!!document.querySelector('[data-model]')`) {
		t.Error("the model answer is shown before an attempt")
	}
	p.click("[name=submit]")
	p.until("the model answer with its formulas typeset, once to the eye", `getComputedStyle(document.querySelector('[data-model] .katex-mathml')).position === 'absolute'`)
	p.accessible()

	// The newest text wins nothing by stealth: a write from an older state of the page is shown, not lost.
	elsewhere := func(text string) {
		eval[int](p, `fetch('/questions/vanishing-gradient/draft', {method: 'POST', body: new URLSearchParams({revision: document.querySelector('[name=revision]').value, text: '`+text+`'})}).then(() => 0)`)
	}
	elsewhere("From another tab.")
	p.problems.expect("409")
	p.tabTo("#answer-")
	p.press(kb.End, " And so on.")
	p.until("the other text beside the box", `document.querySelector('.other .kept')?.textContent === 'From another tab.'`)
	p.press(" Mine.")
	p.until("mine saved", `/^Saved/.test(document.querySelector('[data-answer-saved]').textContent)`)

	// Nor is it replaced by a press of a button that comes before its writer can see it.
	eval[int](p, `(window.sent = [], document.addEventListener('submit', e => e.defaultPrevented || sent.push('form')), window.fetch = (real => (url, ...rest) => (sent.push(url), real(url, ...rest)))(fetch), 0)`)
	for _, button := range []string{"[data-hints-ask]", "[name=submit]"} {
		text := "Meanwhile, before " + button
		elsewhere(text)
		eval[int](p, `((box, button) => {
			sent.length = 0;
			box.focus();
			box.value += ' More.';
			box.dispatchEvent(new Event('input', { bubbles: true }));
			button.focus(); // which saves
			button.click();
			return 0;
		})(document.querySelector('#answer-'), document.querySelector('`+button+`'))`)
		p.until("the text from elsewhere", `document.querySelector('.other .kept')?.textContent === '`+text+`'`)
		if got := eval[string](p, `sent.map(to => to.split('/').pop()).join()`); got != "draft" {
			t.Errorf("%s, with a save on its way that is refused, sends %s", button, got)
		}
	}
	p.click("[name=submit]") // it was seen
	p.until("mine handed in", `document.querySelector('textarea').value.endsWith('Mine. More. More.') && !document.querySelector('.other')`)

	// What a hand-in could not keep is in the box again, and known to be kept nowhere: leaving it asks first.
	put := func(text string) {
		eval[int](p, `(box => { box.value = `+text+`; box.dispatchEvent(new Event('input', { bubbles: true })); return 0; })(document.querySelector('#answer-'))`)
	}
	p.problems.expect("422")
	eval[int](p, `(window.before = 1, 0)`)
	put(`'m'.repeat(+document.querySelector('#answer-').dataset.most + 1)`)
	p.click("[name=submit]")
	p.until("why it was refused, and what was", `!window.before && document.querySelector('[data-answer-error]')?.textContent && document.querySelector('#answer-').value.startsWith('mmm') && document.querySelector('[data-answer]').dirty?.()`)
	put(`'Shorter. Mine. More. More.'`)
	p.until("it saved", `/^Saved/.test(document.querySelector('[data-answer-saved]').textContent) && !document.querySelector('[data-answer]').dirty()`)
	p.visit("/questions")
	p.until("the state in the list", `document.querySelector('.state')?.textContent === 'answered'`)
}
