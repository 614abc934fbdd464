package e2e

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"gradlab/handlers"
	"gradlab/store"
)

// A movable clock is set by a test.
type movable struct {
	sync.Mutex
	at time.Time
}

func (m *movable) now() time.Time {
	m.Lock()
	defer m.Unlock()
	m.at = m.at.Add(50 * time.Millisecond)
	return m.at
}

func (m *movable) jump(t time.Time) {
	m.Lock()
	defer m.Unlock()
	m.at = t
}

// Homework in browsers, from a plan to the marks: a teacher sets it, three students work at it, one on two devices and one with more time; what
// was only typed is handed in at the end, and what comes after it stays with its writer. With GRADLAB_SHOTS its pages are drawn there.
func TestHomework(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "answers.db")
	clock := &movable{at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}
	rows, err := store.Open(t.Context(), file, store.WithClock(clock.now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rows.Close() })
	h := siteOn(t, file, func(c *handlers.Config, _ *store.Store) { c.Homework, c.Clock = rows, clock.now })
	teacher := open(t, h, "/plans")
	look := func(p *page, name string) { t.Helper(); p.looks("homework-" + name) }

	teacher.click(`form[action="/plans"] button`)
	for _, stop := range []struct{ kind, fill string }{
		{"predict-choice", `title.value = 'Which layer learns least?'; choices.value = 'The first\nThe last'; given.value = '1'`},
		{"ask", `title.value = 'Why do gradients vanish?'; question.value = 'vanishing-gradient/'`},
	} {
		teacher.until("the plan", `document.querySelector('#new-kind')`)
		teacher.set("#new-kind", stop.kind)
		teacher.click(`form[action$="/stops"] button`)
		teacher.until("the stop", `document.querySelector('#add-kind')?.value === '`+stop.kind+`'`)
		eval[int](teacher, `(() => { const { title, choices, given, question } = document.querySelector('[data-plan-stop]').elements; `+stop.fill+`; title.dispatchEvent(new Event('input', { bubbles: true })); return 0; })()`)
		teacher.until("saved", `/^Saved/.test(document.querySelector('[data-stop-saved]').textContent)`)
	}
	teacher.click(`form[action$="/homework"] button`)
	teacher.until("the draft", `document.querySelector('#terms-until')`)
	work := eval[string](teacher, `location.pathname.split('/')[2]`)
	if zone := eval[bool](teacher, `document.querySelector('#terms-zone').value === Intl.DateTimeFormat().resolvedOptions().timeZone`); !zone {
		t.Error("the draft is not in the time zone of its teacher")
	}
	save := func(from, until, button string) {
		teacher.set("#terms-title", "Gradients, third week")
		teacher.set("#terms-zone", "Europe/Berlin")
		teacher.set("#terms-from", from)
		teacher.set("#terms-until", until)
		teacher.click(`form[action$="/teach"] ` + button)
	}
	teacher.problems.expect("422")
	save("2026-12-01T12:00", "2026-11-30T12:00", "[name=set]")
	teacher.until("the reason at its field", `document.querySelector('#terms-until-error').textContent.includes('before it opens')`)
	look(teacher, "refused")
	save("2026-12-01T12:00", "2026-12-02T12:00", "button:not([name])")
	teacher.until("saved", `document.querySelector('[role=status]')?.textContent.includes('Saved')`)
	teacher.click(`[name=set]`)
	teacher.until("the link", `document.querySelector('#homework-link')`)

	link := "/homework/" + work
	students := map[string]*page{}
	for _, name := range []string{"Anna", "Ben", "Clara"} {
		p := open(t, h, link)
		if name == "Anna" {
			look(p, "join")
		}
		p.set("#homework-name", name)
		p.click(`form[action$="/join"] button`)
		p.until("joined", `document.querySelector('.code')`)
		students[name] = p
	}
	anna, ben, clara := students["Anna"], students["Ben"], students["Clara"]
	code := anna.text(".code")
	clock.jump(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC))
	for _, p := range students {
		p.visit(link)
		p.click(`.homework > p > a.button`)
		p.until("the prediction", `document.querySelector('.guess-form')`)
		if p == anna {
			look(p, "prediction")
		}
		p.click(`.guess-form input[value="0"]`)
		p.click(`.guess-form button`)
		p.until("how it turned out", `document.querySelector('.truth')?.textContent.includes('The first')`)
		p.click(`.pager [rel=next]`)
		p.until("the question", `document.querySelector('#answer-box')`)
	}
	write := func(p *page, text string) {
		p.tabTo("#answer-box")
		eval[int](p, `(document.activeElement.setSelectionRange(1e6, 1e6), 0)`)
		p.press(text)
		p.until("saved while it is typed", `/^Saved/.test(document.querySelector('[data-answer-saved]').textContent)`)
	}
	write(anna, "Each factor is small")
	phone := open(t, h, link)
	phone.size(390, 844)
	phone.set("#resume-code", code)
	phone.click(`form[action$="/resume"] button`)
	phone.until("the overview", `document.querySelector('.homework-steps')`)
	look(phone, "overview")
	phone.click(`.homework > p > a.button`)
	phone.until("what was typed elsewhere", `document.querySelector('#answer-box')?.value === 'Each factor is small'`)
	look(phone, "question")
	write(phone, ".")
	anna.problems.expect("409")
	anna.press("!")
	anna.until("the other text beside its own", `document.querySelector('.other .kept')?.textContent.endsWith('small.') && document.querySelector('#answer-box').value.endsWith('small!')`)
	anna.set("#answer-box", "Each factor is small.")
	anna.until("saved, since it is the other text", `/^Saved/.test(document.querySelector('[data-answer-saved]').textContent)`)
	ben.tabTo("#answer-box")
	ben.press("each factor  IS small.")
	eval[int](ben, `(document.querySelector('#answer-run details').open = true, 0)`)
	ben.tabTo("[name=run]")
	ben.press("/labs/chain?depth=20", kb.Enter) // while the text is being saved
	ben.until("the run, and the text that was being typed", `document.querySelector('#answer-run > .run') && document.querySelector('#answer-box').value === 'each factor  IS small.' && document.body.textContent.includes('What you type is kept')`)
	look(ben, "run")
	ben.click(`[name=submit]`)
	ben.until("handed in", `document.body.textContent.includes('Handed in. You can still change it')`)

	teacher.visit(link + "/teach")
	eval[int](teacher, `(document.querySelector('#extend-until').closest('details').open = true, 0)`)
	teacher.set("#extend-member", eval[string](teacher, `[...document.querySelectorAll('#extend-member option')].find(o => o.textContent === 'Clara').value`))
	teacher.set("#extend-until", "2026-12-03T12:00")
	teacher.click(`form[action$="/extend"] button`)
	teacher.until("the own end", `document.querySelector('.homework-students').textContent.includes('3 December')`)
	look(teacher, "teach")

	clock.jump(time.Date(2026, 12, 2, 11, 30, 0, 0, time.UTC))
	anna.problems.expect("409")
	anna.tabTo("#answer-box")
	eval[int](anna, `(document.activeElement.setSelectionRange(1e6, 1e6), 0)`)
	anna.press(" Too late")
	anna.until("told that it is over", `document.querySelector('[data-answer-error]').textContent.includes('over') && document.querySelector('#answer-box').value.includes('Too late')`)
	look(anna, "over")
	anna.set("#answer-box", "Each factor is small.") // what is not kept would hold its writer back from leaving
	write(clara, "No idea")
	clock.jump(time.Date(2026, 12, 3, 11, 30, 0, 0, time.UTC))

	teacher.visit(link + "/marks")
	for i := range 3 {
		eval[int](teacher, `(document.querySelector('#mark-points').value = document.querySelector('.answer-text').textContent.includes('factor') ? '8' : '2', document.querySelector('#mark-comment').value = 'Say which factors.', 0)`)
		teacher.set("#mark-by", "KF")
		if eval[bool](teacher, `!!document.querySelector('.mark-run')`) { // the lab in its frame is for a desk, not for the last row
			teacher.fits()
			teacher.accessible()
			teacher.shot("homework-marks-run")
		} else if i < 2 {
			look(teacher, "marks")
		}
		teacher.click(`.mark-form .tools button`)
		teacher.until("the mark is kept", fmt.Sprintf(`document.querySelector('#mark-who').textContent.includes('%d marked')`, i+1))
	}
	teacher.visit(link + "/teach")
	teacher.click(`form[action$="/release"] button`)
	teacher.until("released", `document.querySelector('.homework-track [aria-current]').textContent === 'Released'`)
	look(teacher, "released")
	for name, total := range map[string]string{"Anna": "8 of 10", "Ben": "8 of 10", "Clara": "2 of 10"} {
		p := students[name]
		p.visit(link)
		p.until(name+"’s marks", `document.querySelector('.total').textContent.includes('`+total+`') && document.querySelector('.model')`)
	}
	look(anna, "result")
	if sheets, err := rows.Sheets(t.Context(), work); err != nil || len(sheets) != 3 || len(sheets[0].Answers) != 1 || sheets[0].Answers[0].Text != "Each factor is small." {
		t.Errorf("kept: %+v, %v", sheets, err)
	}
	clara.visit("/homework")
	look(clara, "home")
}
