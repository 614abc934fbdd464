package e2e

import "testing"

// A visitor takes a lab's state along to an answer, and reopens exactly that state from it, later and elsewhere.
func TestAttachedRunReopens(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/labs/chain?depth=7&x=2")
	p.until("the chart", drawn)
	p.click("[data-attach]")
	p.until("the choice of an answer", `location.pathname === '/answers/attach'`)
	p.accessible()
	p.click(".question-list a")
	p.until("the run at hand", `document.querySelector('.attach [name=run]')?.value === '/labs/chain?depth=7&x=2'`)
	p.click(".attach .button")
	p.until("the run and its picture", `document.querySelector('.run img')?.naturalWidth > 0`)
	p.accessible()
	p.visit("/answers")
	p.click(".run")
	p.until("the very state", `location.pathname + location.search === '/labs/chain?depth=7&x=2' && document.querySelectorAll('.numbers tbody tr').length === 7`)
}
