package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A hall explores: what the lab shows is submitted, and so is a link; what is half typed survives a reload and the next stop; the wall shows
// each run as a point, a click on one puts it on stage for all, and the clicker leads back; the best are ranked when the teacher asks.
func TestLectureExplores(t *testing.T) {
	t.Parallel()
	const small = "/labs/train?steps=8&count=8&batch=4&depth="
	l := begin(t, site(t, ""))
	l.projector.size(1920, 1080)
	l.add(map[string]string{"kind": "explore", "title": "Train it well", "path": small + "1", "goal": "loss", "budget": "1e9"})
	l.student.until("the box, and the lab", `document.querySelector('[data-explore]') && `+inFrame(`doc.querySelector('[data-lab-form]')`))
	l.projector.until("nothing yet", `document.querySelector('.stage figcaption')?.textContent.includes('Nothing has been submitted yet.')`)
	l.student.accessible()
	l.student.click("[data-submit-lab]")
	l.student.until("the run's loss, without a reload", `document.querySelector('[data-computed="1"] tbody tr')`)
	for _, depth := range []string{"2", "3", "6&lr=10&optimizer=sgd"} {
		l.student.set("#explore-run", small+depth)
		l.student.tabTo("#explore-run")
		l.student.press(kb.Enter)
		l.student.until("submitted", `!document.querySelector('#explore-run').value && /^Submitted/.test(document.querySelector('[data-answer-saved]').textContent)`)
	}
	l.student.until("each computed", `document.querySelector('[data-computed="4"]') && document.querySelectorAll('.explored tbody tr').length === 4`)
	l.student.problems.expect("422")
	l.student.set("#explore-run", "/labs/chain")
	l.student.tabTo("#explore-run")
	l.student.press(kb.Enter)
	l.student.until("why it is no run, and the link in its box", `document.querySelector('#explore-error').textContent && document.querySelector('#explore-run').value === '/labs/chain'`)
	l.student.accessible()
	l.student.shot("class-student-explore")
	for _, theme := range themes {
		l.student.cookie("theme", theme)
		l.student.size(390, 844)
		l.student.visit(l.student.where())
		l.student.until("what was typed, after a reload", `document.querySelector('#explore-run').value === '/labs/chain' && document.querySelectorAll('.explored tbody tr').length === 4`)
		l.student.fits()
		l.student.accessible()
		if theme != "projector" { // with the lab below, too long for one picture
			l.student.shot("class-student-explore-390-" + theme)
		}
	}

	l.projector.until("every run as a point", `document.querySelectorAll('.scatter circle').length + document.querySelectorAll('.scatter .cross').length === 4`)
	l.projector.accessible()
	l.projector.readable()
	l.projector.shot("class-projector-explore")
	l.projector.press("h")
	l.projector.until("the ranking", `document.querySelectorAll('.ranking li').length > 1`)
	l.projector.accessible()
	l.projector.shot("class-projector-explore-ranked")
	l.teacher.until("the ranking at the teacher", `document.querySelector('.ranking')`)
	l.teacher.accessible()
	l.teacher.shot("class-remote-explore")
	l.projector.click(".scatter circle")
	staged := `document.querySelector('[data-part=stage]') && !document.querySelector('.scatter') && ` + inFrame(`doc.querySelector('[data-lab-form]') && doc.location.search.includes('depth=')`)
	l.projector.until("a run on the wall", staged)
	l.teacher.until("which one", `document.querySelector('.picked-answer [aria-pressed=true]')`)
	l.projector.until("it runs there", inFrame(`doc.querySelector('[data-chart] canvas') && doc.querySelector('[data-act=run]')`))
	l.projector.shot("class-projector-explore-staged")
	l.projector.press(kb.PageUp)
	l.projector.until("the points again", `document.querySelectorAll('.scatter circle').length > 0`)
	l.teacher.size(390, 844)
	l.teacher.fits()
	l.teacher.accessible()
	l.teacher.shot("class-remote-explore-390")

	l.student.problems.expect("422")
	l.teacher.click("[data-do] [name=do][value=next]")
	l.student.until("what was typed, given back", `document.querySelector('[data-kept-texts] .kept')?.textContent.includes('/labs/chain')`)
}
