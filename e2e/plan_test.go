package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// A plan is written in a browser: what is typed is saved and shown as the wall will, the lab is chosen, and what another
// tab wrote is shown and not lost.
func TestPlanEditor(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	p := open(t, h, "/plans")
	p.accessible()
	p.click(`form[action="/plans"] button`)
	p.until("the plan", `document.querySelector('#new-kind')`)
	eval[string](p, `document.querySelector('#new-kind').value = 'show'`)
	p.click(`form[action$="/stops"] button`)
	p.until("the lab", `document.querySelector('[data-lab-frame] iframe')?.contentDocument?.querySelector('[data-lab-form]')`)
	p.accessible()
	p.tabTo("#add-text")
	p.press("So $x^2$ is")
	p.until("saved, and on the wall", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent) && document.querySelector('[data-part=wall] math')`)
	p.click(`[data-choose-lab="/embed/kernels"]`)
	p.until("another lab", `document.querySelector('#add-path').value === '/labs/kernels' && document.querySelector('[data-lab-frame] iframe').contentWindow.location.pathname === '/embed/kernels'`)
	p.until("saved with it", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)
	other := p.tab(eval[string](p, `location.pathname`))
	other.tabTo("#add-notes")
	other.press("From the other tab")
	other.until("saved there", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)
	p.tabTo("#add-notes")
	p.problems.expect("409")
	p.press("From this one")
	p.until("the newer text beside", `document.querySelector('.other .kept')?.textContent.includes('From the other tab') && document.querySelector('#add-notes').value === 'From this one'`)
	p.press(".")
	p.until("saved over it", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)

	// What the server does not get stays in the browser: over a reload of this tab, and for another one, which says so. A title that a
	// button saves is not left without a question.
	eval[int](p, `(window.fetch = () => Promise.reject(new Error('cut off')), 0)`)
	p.press(" Never sent")
	p.until("not saved", `document.querySelector('[data-stop-saved]').textContent === 'Not saved yet'`)
	other.visit(eval[string](p, `location.pathname`))
	other.until("said in another tab", `document.querySelector('[data-kept-texts] .kept')?.textContent.includes('From this one. Never sent')`)
	other.accessible()
	p.problems.expect("beforeunload")
	p.visit(eval[string](p, `location.pathname`))
	p.until("in its box again, and saved", `document.querySelector('#add-notes').value === 'From this one. Never sent' && /^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)
	other.until("no longer said", `document.querySelector('[data-kept-texts]').hidden`)
	eval[int](p, `(document.querySelector('#plan-title').closest('details').open = true, 0)`)
	p.tabTo("#plan-title")
	p.press("Another title")
	p.problems.expect("beforeunload")
	p.visit(eval[string](p, `location.pathname`))
	p.size(390, 844)
	p.fits()
	p.accessible()

	// A long stop is shown whole, also where the wall is drawn small.
	p.tabTo("#add-text")
	p.press(strings.Repeat("A line that the class reads.\n\n", 12))
	p.until("the long text on the wall", `document.querySelectorAll('[data-part=wall] .stop-text p').length > 11`)
	for _, width := range []int64{390, 1280} {
		p.size(width, 844)
		p.until("nothing of it is cut off", `[...document.querySelectorAll('[data-part=wall], [data-part=phone]')].every(e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1)`)
		p.fits()
		p.shot(fmt.Sprint("plan-preview-", width))
	}
}
