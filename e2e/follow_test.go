package e2e

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// slowBoards lets each board of a lab take a while, as on a machine that a hall uses.
func slowBoards(h http.Handler, by time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/board") && strings.HasPrefix(r.URL.Path, "/labs/") {
			time.Sleep(by)
		}
		h.ServeHTTP(w, r)
	})
}

// The address follows a control at once: a reload before the server has answered loses nothing.
func TestAddressFollowsAtOnce(t *testing.T) {
	t.Parallel()
	var held atomic.Bool
	release := make(chan struct{})
	h := site(t, "")
	p := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if held.Load() && strings.HasSuffix(r.URL.Path, "/board") {
			<-release
		}
		h.ServeHTTP(w, r)
	}), "/labs/chain")
	defer close(release)
	p.until("the chart", drawn)
	held.Store(true)
	p.set("[name=depth]", "7")
	p.set("[name=x]", "2")
	p.until("the address", `location.search === '?depth=7&x=2'`)
	p.problems.expect("board")
	p.visit(p.where())
	p.until("the same state", `document.querySelector('[name=depth]').value === '7' && document.querySelector('[name=x]').value === '2'`)
}

// What the server cannot show is said in its words, and asked for again at the next change, not for ever.
func TestBoardThatFails(t *testing.T) {
	t.Parallel()
	var asked, failing atomic.Int64
	h := site(t, "")
	p := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/board") {
			asked.Add(1)
			if failing.Load() > 0 {
				w.WriteHeader(int(failing.Load()))
				w.Write([]byte(`{"error": "This went wrong."}`))
				return
			}
		}
		h.ServeHTTP(w, r)
	}), "/labs/chain")
	p.until("the chart", drawn)
	p.problems.expect("answered 500")
	failing.Store(500)
	before := asked.Load()
	for i, depth := range []string{"7", "8", "9"} {
		p.set("[name=depth]", depth)
		p.reads("[data-part=verdict]", "This went wrong.")
		p.eventually("the board asked for", func() (bool, error) { return asked.Load() == before+int64(i)+1, nil })
		p.until("the state in the address", `location.search === '?depth=`+depth+`'`)
	}
	failing.Store(0)
	p.set("[name=depth]", "5")
	p.until("the chart", `document.querySelectorAll('.numbers tbody tr').length === 5`)
	if got := asked.Load() - before; got != 4 {
		t.Errorf("four changes asked for the board %d times", got)
	}
	// What says that it may work later is tried again.
	p.problems.expect("answered 503")
	failing.Store(503)
	p.set("[name=depth]", "6")
	p.reads("[data-part=verdict]", "This went wrong.")
	failing.Store(0)
	p.until("the chart by itself", `document.querySelectorAll('.numbers tbody tr').length === 6`)
}

// What the teacher sets reaches the wall and the hall, however long the lab takes to draw it; and no lab is a page to go back to.
func TestTeachersHandReachesTheWall(t *testing.T) {
	t.Parallel()
	l := begin(t, slowBoards(site(t, ""), 600*time.Millisecond))
	entries := eval[int](l.student, "history.length")
	for _, p := range []*page{l.teacher, l.projector, l.student} {
		p.until("the lab", inFrame(`doc.querySelector('[data-chart] canvas')`))
	}
	state := func(name, value string) string {
		return inFrame(`new URLSearchParams(doc.location.search).get('` + name + `') === '` + value + `'`)
	}
	// A slider, as it is dragged by keys, and a choice, by a click.
	l.teacher.tabTo("[data-lab-frame] iframe >> [data-slider=depth]")
	for range 3 {
		l.teacher.press(kb.ArrowRight)
	}
	for _, p := range []*page{l.teacher, l.projector, l.student} {
		p.until("the depth", state("depth", "7"))
	}
	l.teacher.tabTo("[data-lab-frame] iframe >> [data-slider=x]")
	l.teacher.press(kb.ArrowLeft)
	x := eval[string](l.teacher, inFrame(`doc.querySelector('[name=x]').value`))
	for _, p := range []*page{l.projector, l.student} {
		p.until("x as the teacher has set it", state("x", x)+" && "+state("depth", "7"))
	}
	if now := eval[string](l.teacher, inFrame(`doc.querySelector('[name=x]').value`)); now != x {
		t.Errorf("under the teacher's hand x went from %s to %s", x, now)
	}
	// Other labs, by the plan and by hand.
	l.add(map[string]string{"kind": "show", "title": "Another lab", "path": "/labs/kernels"})
	l.student.until("another lab", inFrame(`doc.location.pathname === '/embed/kernels' && doc.querySelector('[data-lab-form]')`))
	l.add(map[string]string{"kind": "show", "title": "A third", "path": "/labs/train?net=mlp"})
	l.student.until("a third", inFrame(`doc.location.pathname === '/embed/train' && doc.querySelector('[data-lab-form]')`))
	if now := eval[int](l.student, "history.length"); now != entries {
		t.Errorf("labs entered the history of the student's page: %d entries after %d", now, entries)
	}
	l.student.back("/class")
	l.student.visit("/class/" + strings.ReplaceAll(l.code, "-", ""))
	l.student.until("what is shown now", inFrame(`doc.location.pathname === '/embed/train'`))
}

// A clicker's button goes through a lecture step by step, also when it is pressed quicker than the server answers.
func TestClicker(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	var mu atomic.Int64 // actions that have been done
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/do") {
			time.Sleep(300 * time.Millisecond)
			defer mu.Add(1)
		}
		h.ServeHTTP(w, r)
	}))
	stage := func(words, phase string) string {
		return `document.querySelector('.stage h1').textContent.includes("` + words + `") && document.querySelector('.stage').dataset.phase === '` + phase + `'`
	}
	l.projector.until("the first stop", stage("four layers", ""))
	eval[int](l.projector, `(document.activeElement.blur(), window.seen = [], new MutationObserver(() => {
		const phase = document.querySelector('.stage').dataset.phase;
		if (seen.at(-1) !== phase) seen.push(phase);
	}).observe(document.querySelector('[data-part=stage]'), { childList: true }), 0)`)
	l.projector.press(kb.PageDown, kb.PageDown, kb.PageDown, kb.PageDown, kb.PageDown, kb.PageDown, kb.PageDown, kb.PageDown)
	l.projector.until("the third stop", stage("with a skip", ""))
	l.projector.eventually("every press done", func() (bool, error) { return mu.Load() == 8, nil })
	if got := eval[string](l.projector, `seen.join(' ')`); got != "asked locked discuss asked locked ran revealed " {
		t.Errorf("on the way the wall showed %q, want each phase of the prediction", got)
	}
	l.projector.press(kb.PageUp, kb.PageUp)
	l.projector.until("a step back, and another", stage("as a power of ten", "ran"))
	l.projector.press(kb.ArrowRight)
	l.projector.until("the next stop", stage("with a skip", ""))
	l.projector.press("?")
	l.projector.until("the list", `document.querySelector('[data-projector-keys]').open`)
	l.projector.accessible()
	l.projector.press(kb.PageDown) // no key acts behind the list
	l.projector.press(kb.Escape)
	l.projector.until("the list closed", `!document.querySelector('[data-projector-keys]').open`)
	l.projector.press(kb.ArrowRight)
	l.projector.until("the stop after", stage("primary cause", "asked"))
	l.student.press("?")
	l.student.until("the student's list", `document.querySelector('[data-keys]').open`)
	l.student.press(kb.Escape)
	l.student.until("closed", `!document.querySelector('[data-keys]').open`)
}
