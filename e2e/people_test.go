package e2e

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// row is an expression about the row of a student in the grid, called tr.
func row(name, expression string) string {
	return `(tr => tr && (` + expression + `))([...document.querySelectorAll('.people tbody tr')].find(tr => tr.querySelector('[data-live=name]').textContent === ` + fmt.Sprintf("%q", name) + `))`
}

// The teacher's grid and the line of hands follow a lecture by themselves: who is there, raises a hand, branches off, predicts and answers. The
// wall shows no name.
func TestPeopleFollow(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	l := begin(t, h)
	base := strings.TrimSuffix(l.projector.where(), "/projector")
	remote := l.teacher.tab(base + "/remote")
	grid := l.teacher
	grid.size(1280, 900)
	grid.visit(base + "/people")
	grid.until("Anna here", row("Anna", `tr.querySelector('.where').textContent.includes('here')`))
	where := eval[float64](grid, row("Anna", `tr.getBoundingClientRect().top`))

	// A second student of the same name joins, and is told apart; the row of the first one stays where it is.
	second := open(t, h, base)
	second.set("#join-name", "Anna")
	second.tabTo("#join-name")
	second.press(kb.Enter)
	second.until("the student's page", `document.querySelector('[data-role=student]')`)
	grid.until("the second one", row("Anna (2)", `tr.querySelector('.where').textContent.includes('here')`))

	// Hands, in the order of raising.
	second.click(`[data-hand]`)
	second.until("the hand up", `document.querySelector('[data-hand]').textContent.trim() === 'Lower your hand'`)
	l.student.tabTo(`[data-hand]`)
	l.student.press(kb.Enter)
	l.student.until("the hand up, and the focus where it was", `document.querySelector('[data-hand=true]') === document.activeElement`)
	l.student.accessible()
	for _, p := range []*page{grid, remote} {
		p.until("two hands", `[...document.querySelectorAll('.raised-hands li')].map(li => li.textContent.includes('Anna (2)')).join() === 'true,false' && document.querySelector('.raised-hands p').textContent.includes('2 hands')`)
		p.accessible()
	}
	grid.until("their places in the grid", row("Anna (2)", `tr.querySelector('.up').textContent === 'hand 1'`)+`&&`+row("Anna", `tr.querySelector('.up').textContent === 'hand 2'`))

	// The first is lowered; while the focus is there its place stays, and the next is not under the finger.
	remote.tabTo(`.raised-hands li button`)
	remote.press(kb.Enter)
	remote.until("the first one lowered, in its place", `document.querySelector('.raised-hands li.gone') === document.querySelector('.raised-hands li') && document.activeElement.textContent === 'Lowered' && document.querySelector('.raised-hands p').textContent.includes('1 hand')`)
	remote.press(kb.Enter)
	second.until("told", `document.querySelector('[data-hand=false]')`)
	remote.press(kb.Tab)
	eval[int](remote, `document.activeElement.blur(), 0`)
	remote.until("gone", `document.querySelectorAll('.raised-hands li').length === 1`)
	l.student.visit(base)
	l.student.until("up after a reload", `document.querySelector('[data-hand=true]')`)

	// One branches off and comes back, another is reloaded while branched off.
	branch := func(p *page) {
		t.Helper()
		p.until("the lab", inFrame(`doc.querySelector('[data-chart] canvas')`))
		p.click(`[data-lab-frame] iframe`)
		eval[int](p, `document.querySelector('[data-lab-frame] iframe').focus(), 0`)
		p.press("]")
		p.until("the branch", `!document.querySelector('[data-branched]').hidden`)
	}
	branch(l.student)
	branch(second)
	grid.until("both on their own", row("Anna", `tr.querySelector('.where').textContent.includes('◇ since') && tr.querySelector('td.now').textContent.includes('◇')`)+`&&`+row("Anna (2)", `tr.querySelector('.where').textContent.includes('◇')`))
	l.student.press("b")
	second.visit(base)
	for _, name := range []string{"Anna", "Anna (2)"} {
		grid.until(name+" back", row(name, `!tr.textContent.includes('◇')`))
	}

	// A prediction.
	l.projector.press(kb.ArrowRight)
	l.student.until("the prediction", `document.querySelector('#guess-box')`)
	l.student.set("#guess-box", "-6")
	l.student.tabTo("#guess-box")
	l.student.press(kb.Enter)
	grid.until("the prediction in its column", row("Anna", `tr.querySelector('td.now')?.textContent.includes('10−6')`))
	if now := eval[float64](grid, row("Anna", `tr.getBoundingClientRect().top`)); now != where {
		t.Errorf("the first row has moved from %v to %v", where, now)
	}

	// One closes the page.
	second.visit("/")
	grid.until("away, since when", row("Anna (2)", `/away since \d\d:\d\d/.test(tr.querySelector('.where').textContent)`))
	l.projector.until("no name on the wall", `!document.body.textContent.includes('Anna')`)

	// Who leaves stays in the grid, marked so, until it is loaded again.
	second.visit(base)
	eval[int](second, `document.querySelector('.class-leave').removeAttribute('data-confirm'), document.querySelector('.class-leave').submit(), 0`)
	grid.until("left", row("Anna", `tr.nextElementSibling?.classList.contains('gone') && tr.nextElementSibling.textContent.includes('no longer in the class')`))
	grid.accessible()
	grid.shot("people-follow")
	remote.shot("people-remote")
	l.student.shot("people-student")
	remote.finish()
}

// The grid of a full hall: sixty students and thirty stops.
func TestPeopleLooks(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("GRADLAB_SHOTS")
	if dir == "" {
		t.Skip("it is for looking at")
	}
	h := site(t, "")
	l := begin(t, h)
	base := strings.TrimSuffix(l.projector.where(), "/projector")
	for i := range 12 {
		l.add(map[string]string{"kind": "predict-choice", "title": fmt.Sprint("Which one, ", i), "choices": "left\nright\nboth\nnone"})
	}
	stop := eval[string](l.projector, `document.querySelector('[data-stop]').dataset.stop`)
	var forms []url.Values
	for i := range 59 {
		forms = append(forms, url.Values{"stop": {stop}, "guess": {fmt.Sprint(i % 4)}, "nickname": {fmt.Sprint("Student with a name ", i+1)}})
	}
	l.crowd(h, "/guess", forms)
	var hands []url.Values
	for i := range 7 {
		hands = append(hands, url.Values{"hand": {"up"}, "nickname": {fmt.Sprint("Maximiliane Mustermann ", i+1)}})
	}
	l.crowd(h, "/hand", hands)
	for _, theme := range []string{"light", "dark"} {
		l.teacher.cookie("theme", theme)
		for _, s := range [][2]int64{{390, 844}, {1280, 900}, {1920, 1080}} {
			l.teacher.size(s[0], s[1])
			for _, path := range []string{"people", "remote"} {
				l.teacher.visit(base + "/" + path)
				l.teacher.until("hands", `document.querySelectorAll('.raised-hands li').length === 7`)
				l.teacher.fits()
				l.teacher.accessible()
				l.teacher.shot(fmt.Sprintf("hall-%s-%s-%d", path, theme, s[0]))
			}
		}
	}
	l.student.size(390, 844)
	l.student.click(`[data-hand]`)
	l.student.until("the hand up", `document.querySelector('[data-hand=true]')`)
	l.student.shot("hall-student")
}
