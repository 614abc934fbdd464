package e2e

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	boxText = `(document.querySelector('#class-answer')?.value ?? '')`
	notIn   = `document.querySelector('[data-kept-texts]:not([hidden])')?.textContent ?? ''`
	handed  = `document.querySelector('.class-mine')?.textContent ?? ''`
)

// ask puts a question of the teacher's own on stage.
func (l lesson) ask(title string) {
	l.teacher.t.Helper()
	l.add(map[string]string{"kind": "ask", "title": title})
	l.student.until(title, "document.querySelector('.stage h1')?.textContent === `"+title+"` && document.querySelector('#class-answer[id]')")
}

// button presses a button of the teacher's page.
func (l lesson) button(do string) {
	l.teacher.t.Helper()
	l.teacher.click(`[data-do] [name=do][value=` + do + `]`)
}

// What is being typed when the teacher goes on is handed in, whatever the teacher does.
func TestWhatIsTypedIsCollected(t *testing.T) {
	t.Parallel()
	l := begin(t, site(t, ""))
	l.projector.size(1920, 1080)
	l.student.size(390, 844)
	for i, test := range []struct {
		name string
		do   func()
		more string // what is typed meanwhile
	}{
		{name: "an answer shown, then locked", more: " And more.", do: func() {
			l.student.click("[data-class-answer] [name=submit]")
			l.teacher.until("the answer", `document.querySelector('.incoming [value=pick]')`)
			l.student.tabTo("#class-answer")
			l.student.press(kb.End, " And more.")
			l.button("pick")
			l.student.until("the answer shown", `document.querySelector('.picked')`)
			l.button("advance")
		}},
		{name: "locked", do: func() { l.button("advance") }},
		{name: "the concepts shown", do: func() { l.button("reveal") }},
		{name: "the next stop", do: func() { l.button("previous") }},
		{name: "collected", more: " In time.", do: func() {
			l.button("timer")
			for _, p := range []*page{l.teacher, l.projector, l.student} {
				p.until("the countdown", `/^Collected in \d+ seconds?$/.test(document.querySelector('[data-closing]:not([hidden])')?.textContent ?? '')`)
				p.accessible()
			}
			l.student.shot("collect-student")
			l.teacher.shot("collect-remote")
			l.projector.shot("collect-projector")
			l.student.press(" In time.")
			l.teacher.visit("/about") // the teacher's connection is lost
			l.student.until("the server's lock", `document.querySelector('[data-phase]').dataset.phase === 'locked'`)
			l.teacher.visit("/class/" + strings.ReplaceAll(l.code, "-", "") + "/remote")
		}},
		{name: "the class closed", do: func() { l.button("close") }},
	} {
		title := "Question " + string(rune('A'+i))
		l.ask(title)
		l.student.tabTo("#class-answer")
		l.student.press("Text " + title)
		want := eval[string](l.student, boxText) + test.more
		test.do()
		l.student.until(test.name+": the text handed in", `(`+handed+`).includes("`+want+`")`)
		l.student.until(test.name+": nothing said to be lost", `!(`+notIn+`)`)
	}
	l.teacher.until("that it is over", `document.querySelector('.over') && document.querySelector('.class-share [data-while-open]').hidden`)
	l.projector.until("no invitation", `document.querySelector('.way-in [data-while-open]').hidden && !document.querySelector('.way-in [data-when-over]').hidden`)
	for _, p := range []*page{l.teacher, l.projector, l.student} {
		p.accessible()
	}
	l.teacher.shot("over-remote")
	l.projector.shot("over-projector")
	l.student.shot("over-student")
}

// What comes too late, and what was typed where nothing can be handed in any more, is found again by its writer.
func TestWhatIsTooLateIsFoundAgain(t *testing.T) {
	t.Parallel()
	l := begin(t, site(t, ""))
	l.student.size(390, 844)
	l.student.problems.expect("ERR_INTERNET_DISCONNECTED")
	l.student.problems.expect("409")
	l.ask("Too late?")
	l.student.tabTo("#class-answer")
	l.student.press("Written in a tunnel.")
	l.student.offline(true)
	l.student.press(" All of it.")
	l.button("advance")
	l.teacher.until("the lock", `document.querySelector('[data-do] [value=unlock]')`)
	eval[int](l.teacher, `new Promise(done => setTimeout(done, 11000, 0))`) // longer than the grace
	l.student.offline(false)
	l.student.until("it given back", `(`+notIn+`).includes('Written in a tunnel. All of it.') && /locked/.test(`+notIn+`)`)
	l.student.accessible()
	for _, theme := range themes {
		l.student.cookie("theme", theme)
		l.student.visit(l.student.where())
		l.student.until("it after a reload", `(`+notIn+`).includes('Written in a tunnel. All of it.')`)
		l.student.accessible()
		l.student.fits()
		l.student.shot("late-student-" + theme)
	}
	// Answers are taken again: it stands in the box.
	l.button("unlock")
	l.student.until("it in the box", boxText+` === 'Written in a tunnel. All of it.' && !(`+notIn+`)`)
	// A second tab takes it over; both texts stay.
	other := l.student.tab(l.student.where())
	other.until("it in the other tab", boxText+` === 'Written in a tunnel. All of it.'`)
	eval[int](other, `document.querySelector('#class-answer').focus(), 0`)
	other.press(kb.End, " The other tab.")
	l.student.tabTo("#class-answer")
	l.student.press(kb.End, " The first tab.")
	l.student.click("[data-class-answer] [name=submit]")
	l.student.until("the first handed in", `(`+handed+`).includes('The first tab.')`)
	other.problems.expect("409")
	other.click("[data-class-answer] [name=submit]")
	other.until("the first shown beside the other", boxText+`.endsWith('The other tab.') && document.querySelector('.other')?.textContent.includes('The first tab.')`)
	// The stage goes on. What another tab handed in is replaced by hand alone: the text that was refused is kept beside it.
	eval[int](other, `document.querySelector('#class-answer').focus(), 0`)
	other.press(kb.End, " And more.")
	third := l.student.tab(l.student.where()) // takes over what the other shows, too
	third.until("the text in a third tab", boxText+`.endsWith('The other tab. And more.')`)
	third.close()
	l.ask("And this?")
	other.until("the refused text kept", `document.querySelector('.stage h1').textContent === 'And this?' && Object.values(localStorage).some(kept => kept.includes('And more.') && JSON.parse(kept).refused) &&
		(`+notIn+`).includes('The other tab. And more.') && /from another tab/.test(`+notIn+`)`)
	other.until("the first tab's handed in as before", `(`+handed+`).includes('The first tab.')`)
	// The class is deleted: what was not handed in is listed where classes are joined.
	eval[int](l.teacher, `document.querySelector('#delete-code').closest('details').open = true, 0`)
	l.teacher.tabTo("#delete-code")
	l.teacher.problems.expect("422")
	l.teacher.problems.expect("404") // its board, asked for while the class goes
	l.teacher.press("KXR-47QQ", kb.Enter)
	l.teacher.until("that it was mistyped", `document.querySelector('#delete-code-error').textContent && document.activeElement.value === 'KXR-47QQ'`)
	l.teacher.accessible()
	l.teacher.shot("delete-mistyped")
	eval[int](l.teacher, `document.querySelector('#delete-code').select(), 0`)
	l.teacher.press(l.code, kb.Enter)
	l.teacher.until("the first page of classes", `location.pathname === '/class'`)
	other.until("the text on the first page of classes", `location.pathname === '/class' && (`+notIn+`).includes('The other tab.')`)
	other.accessible()
	other.shot("kept-home")
	eval[int](other, `(window.confirm = () => true, 0)`)
	other.until("the text listed once, which several tabs keep", `Object.values(localStorage).filter(kept => kept.includes('The other tab. And more.')).length > 1 &&
		[...document.querySelectorAll('[data-kept-texts] article')].filter(a => a.textContent.includes('The other tab.')).length === 1`)
	eval[int](other, `([...document.querySelectorAll('[data-kept-texts] article')].find(a => a.textContent.includes('The other tab.')).querySelector('button:last-of-type').click(), 0)`)
	other.visit("/class")
	other.until("deleted by its writer", `!(`+notIn+`).includes('The other tab.')`)
}

// Typing a guess is not committing it; what is typed when the teacher locks is committed all the same.
func TestTypedGuessIsCollected(t *testing.T) {
	t.Parallel()
	l := begin(t, site(t, ""))
	l.add(map[string]string{"kind": "predict-power", "title": "How many powers of ten?"})
	l.student.until("the prediction", `document.querySelector('#guess-box')`)
	l.student.problems.expect("422")
	l.student.tabTo("#guess-box")
	l.student.press("0.001", kb.Enter)
	l.student.until("the reason at the field", `/Write the power alone/.test(document.querySelector('#guess-error').textContent) && document.querySelector('#guess-box').value === '0.001'`)
	l.student.accessible()
	eval[int](l.student, `document.querySelector('#guess-box').select(), 0`)
	l.student.press("10^-12")
	l.student.visit(l.student.where())
	l.student.until("it after a reload", `document.querySelector('#guess-box')?.value === '10^-12'`)
	l.button("advance")
	l.student.until("the guess", `document.querySelector('.guess')?.textContent.includes('10−12')`)
	// After the run no guess counts: it is given back.
	l.student.problems.expect("409")
	l.add(map[string]string{"kind": "predict-number", "title": "How deep?", "path": "/labs/chain?depth=5"})
	l.student.until("the prediction", `document.querySelector('#guess-box')?.value === ''`)
	l.student.tabTo("#guess-box")
	l.student.press("12")
	l.button("run")
	l.student.until("it given back", `(`+notIn+`).includes('How deep?') && (`+notIn+`).includes('12')`)
}

// A stop with something wrong in it comes back as it was filled in.
func TestBadStopIsGivenBack(t *testing.T) {
	t.Parallel()
	l := begin(t, site(t, ""))
	l.teacher.problems.expect("422")
	eval[int](l.teacher, `(() => { const form = document.querySelector('form.add'); form.closest('details').open = true; form.elements.kind.value = 'predict-choice'; form.elements.title.value = 'Which?'; return 0 })()`)
	l.teacher.tabTo("#add-choices")
	l.teacher.press("only one")
	l.teacher.click("form.add [name=go]")
	l.teacher.until("the reason at the field", `document.querySelector('#add-choices-error').textContent.includes('two to 6') && document.activeElement.id === 'add-choices' && document.activeElement.value === 'only one' && document.querySelector('#add-title').value === 'Which?' && document.querySelector('#add-kind').value === 'predict-choice'`)
	l.teacher.accessible()
	l.teacher.shot("add-bad")
	l.teacher.press(kb.End, kb.Enter, "another")
	l.teacher.click("form.add [name=go]")
	l.student.until("the prediction", `document.querySelectorAll('.choice').length === 2`)
}

// A tab that opens takes over what it finds of one that seems gone. It may have read that before the other's last word, which stays.
func TestLastWordIsKeptWhereAnotherTabTookTheText(t *testing.T) {
	t.Parallel()
	h, held := site(t, ""), make(chan struct{})
	defer close(held)
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/answer") {
			<-held // being sent, for as long as the test takes
		}
		h.ServeHTTP(w, r)
	}))
	l.ask("Two tabs?")
	l.student.problems.expect("request failed")
	l.student.tabTo("#class-answer")
	l.student.press("One.")
	l.student.click("[data-class-answer] [name=submit]")
	l.student.until("it on its way", `/Being sent/.test(document.querySelector('[data-answer-saved]').textContent)`)
	l.student.tabTo("#class-answer")
	l.student.press(kb.End, " Two.")
	const kept = `Object.keys(localStorage).filter(key => key.startsWith('draft '))`
	other := l.student.tab("/about")
	if n := eval[int](other, `(keys => (keys.forEach(key => localStorage.removeItem(key)), keys.length))(`+kept+`)`); n != 1 {
		t.Fatalf("%d drafts are kept, want 1", n)
	}
	l.student.until("it kept again", kept+`.some(key => localStorage[key].includes('One. Two.'))`)
	l.student.visit(l.student.where())
	l.student.until("both words", boxText+` === 'One. Two.'`)
}

// A prediction is sent once: a page that has it rendered in another way than it was typed does not take it for something new when the
// teacher locks, which would be told to be too late wherever the way is slow.
func TestGuessIsSentOnce(t *testing.T) {
	t.Parallel()
	h, sent := site(t, ""), new(atomic.Int64)
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/guess") {
			sent.Add(1)
		}
		h.ServeHTTP(w, r)
	}))
	for i, c := range []struct{ typed, rendered string }{{"-3", "−3"}, {"0.50", "0.5"}} {
		l.add(map[string]string{"kind": "predict-number", "title": c.typed, "path": "/labs/chain?depth=5"})
		l.student.until("the prediction", `document.querySelector('.stage h1')?.textContent === '`+c.typed+`'`)
		l.student.tabTo("#guess-box")
		l.student.press(c.typed, kb.Enter)
		l.student.until("the guess, as the server has it", `document.querySelector('#guess-box').value === '`+c.typed+`' && document.querySelector('#guess-box').defaultValue === '`+c.rendered+`'`)
		l.button("advance")
		l.student.until("the lock", `document.querySelector('[data-phase]').dataset.phase === 'locked' && !document.querySelector('.guess-form')`)
		l.button("advance")
		l.student.until("what comes after it", `document.querySelector('[data-phase]').dataset.phase !== 'locked'`)
		if got := sent.Load(); got != int64(i+1) {
			t.Errorf("%s: %d guesses came, want %d", c.typed, got, i+1)
		}
	}
}
