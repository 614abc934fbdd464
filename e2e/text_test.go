package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gradlab/classroom"
	"gradlab/store"
)

// Text is never lost: whatever a teacher does, and whatever becomes of the student's browser, connection and server, each word
// that was typed is in a box, was acknowledged by the server, or is found again by the student.
//
// A sequence of actions is drawn from a seed, on the real program over SQLite. GRADLAB_TEXT_SEED names one to repeat;
// GRADLAB_TEXT_RUNS is how many are tried (`make text`), GRADLAB_TEXT_STEPS how long each is.
func TestTextIsNeverLost(t *testing.T) {
	t.Parallel()
	number := func(name string, otherwise uint64) uint64 {
		if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
			return n
		}
		return otherwise
	}
	first, runs, steps := number("GRADLAB_TEXT_SEED", uint64(time.Now().UnixNano())%1_000_000), number("GRADLAB_TEXT_RUNS", 1), number("GRADLAB_TEXT_STEPS", 40)
	browser(t) // skips where there is none
	for seed := first; seed < first+runs; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { writeThrough(t, seed, int(steps)) })
	}
}

// questions are the stops at which there is a box for an answer, exploration is one at which there is a box for a run.
var questions = []string{"First?", "Second?", "Third?"}

const (
	exploration = "Train it?"
	theBox      = `document.querySelector('[data-class-answer] textarea, [data-explore] [name=run]')`
	handsIn     = `document.querySelector('[data-class-answer] [name=submit], [data-explore] .button.secondary')?.click()`
)

// A writer is a student who types words while things happen.
type writer struct {
	*testing.T
	lesson
	program *program
	draw    *rand.Rand
	store   *store.Store
	profile *page   // of the student, a tab that stays
	tabs    []*page // of the student
	offline bool
	words   []string
	known   map[string]bool // words that the server has acknowledged
	done    []string        // the actions so far
}

func writeThrough(t *testing.T, seed uint64, steps int) {
	p := build(t)
	s, err := store.Open(t.Context(), p.file)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	here := func(path string) *page { return openAt(t, "http://"+p.address, path) }
	draw := rand.New(rand.NewPCG(seed, 0))
	w := &writer{T: t, program: p, store: s, draw: draw, known: map[string]bool{}}
	w.profile = here("/about")
	w.lesson = beginBy(here("/class"), here, w.profile.tab)
	w.tabs = []*page{w.student}
	for _, q := range questions {
		w.ask(q)
	}
	w.add(map[string]string{"kind": "explore", "title": exploration, "path": "/labs/train?steps=8&count=8&batch=4&depth=1", "goal": "loss"})
	for _, p := range []*page{w.teacher, w.projector, w.student} {
		w.quiet(p)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("GRADLAB_TEXT_SEED=%d GRADLAB_TEXT_STEPS=%d: %s", seed, steps, strings.Join(w.done, ", "))
		}
	})
	one := func() *page { return w.tabs[draw.IntN(len(w.tabs))] }
	typing := func() *page {
		tab := one()
		w.well(tab)
		w.write(tab)
		return tab
	}
	// What takes the box away, or another one of it to the page.
	away := func() string {
		return []string{"advance", "reveal", "next", "previous", "close", "discuss", "again"}[draw.IntN(7)]
	}
	actions := []struct {
		name   string // "" where what it does says so itself
		weight int
		do     func()
	}{
		{"type", 14, func() { w.write(one()) }},
		{"", 4, func() { w.handIn(one()) }},
		{"reload", 2, func() { w.reload(one()) }},
		{"second tab", 1, w.secondTab},
		// What takes several actions in a row to go wrong, and would be rare among single ones: each begins with a box to type into.
		{"taken away while it is typed", 3, func() {
			typing()
			w.act(away())
		}},
		{"shown while more is typed, and taken away", 3, func() {
			tab := typing()
			w.handIn(tab)
			w.soon(w.teacher, `document.querySelector('.incoming [value=pick]')`)
			w.write(tab)
			w.act("pick")
			w.soon(tab, `document.querySelector('.picked')`)
			w.act(away())
		}},
		{"more typed while it is sent", 3, func() {
			tab := typing()
			w.write(tab, handsIn)
			w.soon(tab, `/^Handed in|^Not handed in|^Submitted/.test(document.querySelector('[data-answer-saved]').textContent)`)
			if draw.IntN(2) == 0 {
				w.reload(tab)
			} else {
				w.act(away())
			}
		}},
		{"a hand raised or lowered while it is typed", 1, func() { w.run(typing(), `document.querySelector('[data-hand]')?.click()`) }},
		{"all hands lowered", 1, func() {
			w.run(w.teacher, `fetch('/class/`+w.plainCode()+`/hands', { method: 'POST', body: new URLSearchParams({ all: 1 }) }).catch(() => {})`)
		}},
		{"reloaded while it is typed", 2, func() { w.reload(typing()) }},
		{"handed in from two tabs", 2, func() {
			w.well(one())
			w.secondTab()
			for _, tab := range w.tabs {
				w.write(tab)
			}
			for _, tab := range w.tabs {
				w.handIn(tab)
			}
		}},
		{"too late", 1, func() {
			typing()
			w.connect(false)
			w.act("advance")
			time.Sleep(11 * time.Second) // longer than the grace
			w.connect(true)
		}},
		{"close a tab", 1, func() {
			if len(w.tabs) == 2 {
				w.look()
				at := draw.IntN(2)
				w.tabs[at].close()
				w.tabs = append(w.tabs[:at], w.tabs[at+1:]...)
			}
		}},
		{"offline or back", 2, func() { w.connect(w.offline) }},
		{"kill -9 or start", 2, func() {
			if w.program.running != nil {
				w.program.kill()
			} else {
				w.program.start()
			}
		}},
		{"another student comes", 1, w.another},
		{"renamed", 1, func() { w.people("Anna", "", "name", fmt.Sprint("Anna ", draw.IntN(9))) }},
		{"put together with another", 1, func() { w.people("Other", "/merge", "other", w.nameOf("Anna")) }},
		{"another is taken out", 1, func() { w.people("Other", "/remove", "page", "1") }},
		{"wait", 2, func() { time.Sleep(time.Duration(draw.IntN(1500)) * time.Millisecond) }},
	}
	for _, do := range []string{"advance", "advance", "unlock", "unlock", "pick", "reveal", "hide", "next", "previous", "timer", "blank", "eyes", "eyes", "lock", "discuss", "again", "votes", "close", "reopen", "reopen"} {
		actions = append(actions, struct {
			name   string
			weight int
			do     func()
		}{"", 1, func() { w.act(do) }})
	}
	total := 0
	for _, a := range actions {
		total += a.weight
	}
	for range steps {
		at := draw.IntN(total)
		for _, a := range actions {
			if at -= a.weight; at < 0 {
				if a.name != "" {
					w.done = append(w.done, a.name)
				}
				a.do()
				break
			}
		}
		w.look()
	}
	// Everything is well again: each word is where it can be found.
	w.serve()
	w.connect(true)
	missing := w.words
	for end := time.Now().Add(patience); len(missing) > 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		missing = w.missing()
	}
	if len(missing) > 0 {
		t.Errorf("of %d words these are lost: %v", len(w.words), missing)
		for i, tab := range w.tabs {
			kept, _ := attempt(tab, chromedp.Evaluate[string](`JSON.stringify(localStorage)`))
			seen, _ := attempt(tab, chromedp.Evaluate[string](inSight))
			t.Logf("tab %d keeps %s\nand shows %s", i, kept, seen)
		}
	}
}

// quiet lets a page complain of its connection, of what it is refused, and nothing else.
func (w *writer) quiet(p *page) {
	for _, problem := range []string{"request failed", "request answered", "ERR_", "dialog"} {
		p.problems.expect(problem)
	}
}

// run does something on a page, if it can be done there.
func (w *writer) run(p *page, script string) {
	attempt(p, chromedp.Evaluate[int]("("+script+", 0)"))
}

// soon waits for something that is to be expected, and not in vain for long: what happened before may be in its way.
func (w *writer) soon(p *page, expression string) {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if there, err := attempt(p, chromedp.Evaluate[bool]("!!("+expression+")")); err == nil && there {
			return
		}
	}
}

// act presses a button of the teacher's, if it is there.
func (w *writer) act(do string) {
	w.done = append(w.done, do)
	w.run(w.teacher, `(document.querySelector('.incoming [name=do][value=`+do+`]') ?? document.querySelector('[data-do] [name=do][value=`+do+`]:not(:disabled)'))?.click()`)
}

func (w *writer) handIn(tab *page) {
	w.done = append(w.done, "hand in")
	w.run(tab, handsIn)
}

func (w *writer) serve() {
	if w.program.running == nil {
		w.program.start()
	}
}

func (w *writer) connect(on bool) {
	w.offline = !on
	for _, tab := range w.tabs {
		tab.offline(w.offline)
	}
}

func (w *writer) secondTab() {
	if len(w.tabs) < 2 && !w.offline && w.program.running != nil {
		tab := w.profile.tab("/class/" + w.plainCode())
		w.quiet(tab)
		w.tabs = append(w.tabs, tab)
	}
}

// well brings things to where something is asked and can be handed in, as a tab sees it.
func (w *writer) well(tab *page) {
	const asks = `document.querySelector('[data-do] [value=lock]') && document.querySelector('[data-do] [value=reveal]')?.textContent.includes('concepts')`
	w.serve()
	w.connect(true)
	w.soon(w.teacher, `document.querySelector('[data-connection]').textContent === ''`)
	w.run(w.teacher, `document.querySelector('[data-do] [value=reopen]')?.click()`)
	w.soon(w.teacher, `!document.querySelector('[data-do] [value=reopen]')`)
	w.run(w.teacher, `[...document.querySelectorAll('.plan [value=go]')].find(b => b.textContent === '`+append(questions, exploration)[w.draw.IntN(len(questions)+1)]+`')?.click()`)
	w.soon(w.teacher, `document.querySelector('[data-do] [value=lock], [data-do] [value=unlock]')`)
	w.run(w.teacher, `!(`+asks+`) && document.querySelector('[data-do] [value=unlock]')?.click()`)
	w.soon(tab, theBox)
}

// write types a word at the end of the box, where there is one, after something else that the page does at that very moment.
func (w *writer) write(tab *page, first ...string) {
	word := fmt.Sprintf("w%dz", len(w.words))
	typed, err := attempt(tab, chromedp.Evaluate[bool](`(() => {
		`+strings.Join(first, "; ")+`;
		const box = `+theBox+`;
		if (!box) return false;
		box.focus();
		box.setSelectionRange(box.value.length, box.value.length);
		return document.execCommand('insertText', false, '`+word+` ') && box.value.includes('`+word+`');
	})()`))
	if err == nil && typed {
		w.words = append(w.words, word)
		w.done = append(w.done, word)
	}
}

// reload loads the student's page anew, be there a server or not.
func (w *writer) reload(tab *page) {
	attempt(tab, chromedp.Navigate(tab.base+"/class/"+w.plainCode()))
}

// look notes what the server has.
func (w *writer) look() {
	c := w.class()
	var has strings.Builder
	for _, stop := range c.Plan {
		if stop.Kind != classroom.Ask {
			continue
		}
		answers, err := w.store.ClassAnswers(w.Context(), c.ID, stop.ID)
		if err != nil {
			w.Fatal(err)
		}
		for _, a := range answers {
			has.WriteString(a.Text + " ")
		}
	}
	for _, word := range w.words {
		if strings.Contains(has.String(), word) {
			w.known[word] = true
		}
	}
}

// missing are the words that neither the server has acknowledged nor the student can see.
func (w *writer) missing() []string {
	w.look()
	seen := ""
	for _, tab := range w.tabs {
		if text, err := attempt(tab, chromedp.Evaluate[string](inSight)); err == nil {
			seen += " " + text
		} else {
			w.reload(tab) // the page of an error, since there was no server
		}
	}
	var missing []string
	for _, word := range w.words {
		if !w.known[word] && !strings.Contains(seen, word) {
			missing = append(missing, word)
		}
	}
	return missing
}

// inSight is all that a student has on a page.
const inSight = `(() => { if (!document.querySelector('[data-role=student]')) throw new Error('no page of the class'); })() ?? [...document.querySelectorAll('[data-class-answer] textarea, [data-explore] [name=run]')].map(e => e.value).concat(
	[...document.querySelectorAll('[data-kept-texts]:not([hidden]), .class-mine, .stage .q .kept, .other')].map(e => e.textContent)).join(' ')`
