package e2e

import (
	"fmt"
	"testing"
)

// Who listens is told once that something else is on stage: on a phone, at the wall, on the teacher's page. What comes in meanwhile is no
// other stop, and is not told.
func TestStopsAreAnnouncedOnce(t *testing.T) {
	t.Parallel()
	l := begin(t, site(t, ""))
	pages := map[string]*page{"phone": l.student, "wall": l.projector, "teacher's page": l.teacher}
	for name, p := range pages {
		if live := eval[bool](p, `document.querySelectorAll('[data-announce][role=status]').length === 1`); !live {
			t.Fatalf("the %s has no one place that is read out", name)
		}
		eval[int](p, `(window.told = [], new MutationObserver(() => { const words = document.querySelector('[data-announce]').textContent; if (words) told.push(words); }).observe(document.querySelector('[data-announce]'), { childList: true, characterData: true, subtree: true }), 0)`)
	}
	wants := func(p *page, when string, want ...string) {
		t.Helper()
		p.until(fmt.Sprintf("%s: %q told", when, want), fmt.Sprintf(`told.length >= %d`, len(want)))
		got := eval[[]string](p, `told`)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: told %q, want %q", when, got, want)
		}
	}
	var told []string
	says := func(when, words string) {
		t.Helper()
		told = append(told, words)
		for name, p := range pages {
			p.until(name+" at "+when, fmt.Sprintf("told.at(-1) === `%s`", words))
			wants(p, name+", "+when, told...)
		}
	}
	next := func() { l.teacher.click("[data-do] [name=do][value=next]") }
	next()
	says("the prediction", "2 of 7 · Predict. Sigmoid, depth 20, every weight 1. Layer 20’s gradient is about 0.05. What is layer 1’s, as a power of ten?")
	l.student.tabTo("#guess-box")
	l.student.press("-3", "\r")
	l.teacher.until("the guess counted", `/^1 of 1/.test(document.querySelector('[data-part=now] .count').textContent)`)
	l.projector.until("the guess counted", `/^1 of 1/.test(document.querySelector('.stage .count').textContent)`)
	l.teacher.click("[data-do] [name=do][value=bigger]")
	l.projector.until("bigger", `document.documentElement.dataset.zoom === '1'`)
	l.teacher.click("[data-do] [name=do][value=advance]")
	says("the lock", "2 of 7 · Locked. Sigmoid, depth 20, every weight 1. Layer 20’s gradient is about 0.05. What is layer 1’s, as a power of ten?")
	next()
	says("the next stop", "3 of 7. The same chain with a skip")
	l.add(map[string]string{"kind": "ask", "title": "Why is $x^2$ even?"})
	for _, name := range []string{"phone", "wall"} {
		wants(pages[name], name+", a formula", append(told, "4 of 8 · Question. Why is x^2 even?")...)
	}
}
