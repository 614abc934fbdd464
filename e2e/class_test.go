package e2e

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"gradlab/handlers"
	"gradlab/store"
	"gradlab/store/pgtest"
)

// A lesson is a class in three browsers: the teacher's own page, the projector, a student.
type lesson struct {
	teacher, projector, student *page
	code                        string // as the projector spells it
}

// begin opens a class by its form, the projector by the link to keep, and lets a student join by the code.
// Each may be served by a process of its own.
func begin(t *testing.T, h http.Handler, others ...http.Handler) lesson {
	t.Helper()
	wall, hall := h, h
	if len(others) == 2 {
		wall, hall = others[0], others[1]
	}
	return beginBy(open(t, h, "/class"), func(path string) *page { return open(t, wall, path) }, func(path string) *page { return open(t, hall, path) })
}

// beginBy is begin with the teacher's page, and what opens those of the wall and the hall.
func beginBy(teacher *page, wall, hall func(path string) *page) lesson {
	teacher.t.Helper()
	l := lesson{teacher: teacher}
	l.teacher.tabTo("#open-name")
	l.teacher.press("Deep nets, Monday", kb.Enter)
	l.teacher.until("the teacher's page", `document.querySelector('[data-role=remote]')`)
	key := eval[string](l.teacher, `document.querySelector('.key-link').value`)
	l.projector = wall(key[strings.Index(key, "/class/"):])
	l.projector.until("the teacher's page by the link", `location.pathname.endsWith('/remote')`)
	l.projector.visit(strings.TrimSuffix(l.projector.where(), "/remote") + "/projector")
	l.code = l.projector.text(".way-in .code")

	l.student = hall("/class")
	l.student.tabTo("#join-code")
	l.student.press(strings.ToLower(l.code), kb.Tab, "Anna", kb.Enter)
	l.student.until("the student's page", `document.querySelector('[data-role=student]')`)
	return l
}

// inFrame is an expression about the document of the page's lab.
func inFrame(expression string) string {
	return `(() => { const doc = document.querySelector('[data-lab-frame] iframe')?.contentDocument; return doc && doc.body && (` + expression + `); })()`
}

// add adds a stop by the teacher's form and shows it.
func (l lesson) add(fields map[string]string) {
	l.teacher.t.Helper()
	script := `(() => { const form = document.querySelector('form.add'); form.closest('details').open = true;`
	for name, value := range fields {
		script += `form.elements['` + name + `'].value = ` + "`" + value + "`;"
	}
	eval[int](l.teacher, script+` form.querySelector('[name=go]').click(); return 0; })()`)
	l.teacher.until("the stop", `document.querySelector('[data-part=now] h2')?.textContent === `+"`"+fields["title"]+"`")
}

// shot writes what a page looks like, where pictures are wanted.
func (p *page) shot(name string) {
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" {
		p.shoot(filepath.Join(dir, name+".png"))
	}
}

// A whole lecture: look, branch off and come back, predict, lock, run, reveal, answer, show answers, mark, release.
func TestLecture(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { lecture(t, begin(t, site(t, ""))) })
	t.Run("three replicas on postgres", func(t *testing.T) {
		dsn := pgtest.Database(t)
		lecture(t, begin(t, replica(t, dsn), replica(t, dsn), replica(t, dsn)))
	})
}

// replica is a process of its own on a PostgreSQL that it shares with others.
func replica(t *testing.T, dsn string) http.Handler {
	t.Helper()
	return siteOn(t, dsn, func(c *handlers.Config, s *store.Store) {
		bus, err := s.Bus()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { bus.Close() })
		c.Bus = bus
	})
}

func lecture(t *testing.T, l lesson) {
	l.projector.size(1920, 1080)
	// heading waits until the student and the wall have gone on: a key of the wall counts for the stop that it shows.
	heading := func(words string) {
		t.Helper()
		for _, p := range []*page{l.student, l.projector} {
			p.until(words, `document.querySelector('.stage h1')?.textContent.includes(`+"`"+words+"`"+`)`)
		}
	}
	l.teacher.until("the student counted", `document.querySelector('[data-part=now] .kick').textContent.includes('1 student')`)

	// Everybody looks at the same lab, each in a theme of their own.
	for _, p := range []*page{l.projector, l.student} {
		p.until("the lab's chart", inFrame(`doc.querySelector('[data-chart] canvas')`))
		p.until("the notebook's chain", inFrame(`doc.querySelector('[data-field=x]')?.querySelector('[name=x]').value === '10'`))
	}
	l.projector.until("the wall's theme in the frame", inFrame(`doc.documentElement.dataset.theme === 'projector'`))
	l.projector.shot("class-projector-lab")
	l.student.shot("class-student-lab")

	// The projector's key flips the skip for everybody.
	l.projector.press("s")
	skip := inFrame(`!new URLSearchParams(doc.location.search).has('skip') && doc.querySelector('[data-lab-form]')`)
	l.projector.until("the skip on the wall", skip)
	l.student.until("the skip at the student", skip)

	// The student tries something else, and comes back by a key.
	l.student.click(`[data-lab-frame] iframe`)
	eval[int](l.student, `document.querySelector('[data-lab-frame] iframe').focus(), 0`)
	l.student.press("]")
	l.student.until("the branch", `!document.querySelector('[data-branched]').hidden`)
	l.student.press("b")
	l.student.until("back with the class", `document.querySelector('[data-branched]').hidden && `+inFrame(`!new URLSearchParams(doc.location.search).has('layer')`))

	// A prediction. Nothing of the truth is in the student's page before the reveal.
	l.projector.press(kb.ArrowRight)
	heading("as a power of ten")
	l.student.until("no lab that shows the truth before the run", `document.querySelector('[data-lab-frame]').hidden`)
	l.student.accessible()
	l.student.tabTo("#guess-box")
	l.student.press("-3", kb.Enter)
	l.student.until("the guess acknowledged", `document.querySelector('.guess-form .saved')?.textContent.includes('10−3')`)
	l.projector.until("the count", `document.querySelector('.count')?.textContent === '1 of 1 have predicted'`)
	l.projector.shot("class-projector-predict")
	l.student.shot("class-student-predict")
	l.projector.press("l")
	l.student.until("the lock", `document.querySelector('[data-phase]').dataset.phase === 'locked' && !document.querySelector('.guess-form')`)
	if strings.Contains(eval[string](l.student, `document.body.textContent`), "10−14") {
		t.Error("the truth is on the student's page before the reveal")
	}
	l.projector.press("r")
	l.student.until("the run", inFrame(`doc.querySelector('.verdict-place')?.textContent.includes('vanished')`))
	l.projector.press("v")
	for _, p := range []*page{l.projector, l.student} {
		p.until("the truth", `document.querySelector('.truth')?.textContent.includes('1.9·10−14')`)
		p.until("the bars", `document.querySelector('.bars .right .right-mark')`)
	}
	l.projector.accessible()
	l.projector.shot("class-projector-reveal")
	l.student.shot("class-student-reveal")

	// A vote, a talk, a second vote, by the clicker's one button: two quick presses are two steps.
	l.add(map[string]string{"kind": "predict-choice", "title": "Which twin is it?", "choices": "plain\nresidual\nneither: they are one and the same", "given": "2"})
	heading("Which twin is it?")
	vote := func(choice, words string) {
		t.Helper()
		l.student.click(`.guess-form [name=guess][value="` + choice + `"]`)
		l.student.click(`.guess-form [name=confidence][value="2"]`)
		l.student.click(`.guess-form .button`)
		l.student.until("the vote acknowledged", `document.querySelector('.guess-form .saved')?.textContent.includes('`+words+`')`)
	}
	l.student.accessible()
	l.student.shot("class-student-vote")
	vote("0", "A: plain")
	l.projector.until("the vote counted", `document.querySelector('.count')?.textContent === '1 of 1 have predicted'`)
	l.projector.press(kb.PageDown, kb.PageDown)
	l.student.until("the talk, with the first vote", `document.querySelector('.talk') && document.querySelector('.guess').textContent.includes('Your first vote: A: plain')`)
	l.teacher.until("the share that is right", `document.querySelector('.only-you')?.textContent.includes('0 % right (0 of 1)')`)
	l.teacher.accessible()
	l.teacher.shot("class-remote-talk")
	l.projector.until("the countdown on the wall", `/^[12]:\d\d left to talk$/.test(document.querySelector('[data-closing]').textContent)`)
	l.projector.accessible()
	l.projector.shot("class-projector-talk")
	l.projector.press("h")
	l.projector.until("the votes, without the truth", `document.querySelectorAll('.bars tbody tr').length === 3 && !document.querySelector('.right-mark')`)
	l.projector.shot("class-projector-votes")
	l.projector.press(kb.PageDown)
	l.student.until("the second vote", `document.querySelector('.guess-form [name=round]')?.value === '2' && !document.querySelector('.guess-form [name=guess]:checked')`)
	vote("1", "B: residual")
	l.projector.until("the second vote counted", `document.querySelector('.count')?.textContent === '1 of 1 have predicted again'`)
	l.projector.press(kb.PageDown, kb.PageDown)
	for _, p := range []*page{l.projector, l.student} {
		p.until("both votes, and the truth", `document.querySelector('.bars .right .right-mark') && document.querySelector('.bars .right .n').textContent === '0 → 1'`)
	}
	l.student.size(390, 844)
	l.student.fits()
	l.student.size(1280, 900)
	l.projector.accessible()
	l.projector.shot("class-projector-votes-revealed")
	l.student.shot("class-student-votes-revealed")

	// An open question: answers come in, and one is shown without its name.
	l.projector.press(kb.ArrowRight)
	heading("with a skip")
	l.projector.press(kb.ArrowRight)
	heading("primary cause")
	l.student.tabTo("#class-answer")
	l.student.press("Each layer multiplies the gradient by a factor below one, so early layers get almost no gradient.")
	l.projector.press("+") // something else changes while the student types
	l.projector.until("bigger", `document.documentElement.dataset.zoom === '1'`)
	if got := eval[string](l.student, `document.querySelector('#class-answer').value`); !strings.HasPrefix(got, "Each layer") {
		t.Errorf("what was being typed is %q", got)
	}
	l.student.click("[data-take-run]")
	l.student.click("[data-class-answer] [name=submit]")
	l.student.until("the answer acknowledged", `/^Handed in/.test(document.querySelector('[data-answer-saved]').textContent)`)
	l.teacher.until("the answer at the teacher", `document.querySelector('.incoming li')?.textContent.includes('Each layer multiplies')`)
	l.student.accessible()
	l.student.shot("class-student-answer")
	l.teacher.shot("class-remote")
	l.teacher.accessible()
	l.teacher.click(".incoming [name=do][value=pick]")
	l.projector.until("the answer on the wall", `document.querySelector('.picked')?.textContent.includes('Each layer multiplies')`)
	if strings.Contains(eval[string](l.projector, `document.body.textContent`), "Anna") {
		t.Error("the wall names the student")
	}
	l.projector.shot("class-projector-answer")
	l.projector.press("v")
	l.projector.until("the concepts", `document.querySelectorAll('.bars tbody tr').length > 2`)
	l.projector.accessible()
	l.projector.shot("class-projector-concepts")
	l.projector.press("b")
	l.projector.until("the wall blank", `!document.querySelector('[data-blank]').hidden`)
	l.projector.press("b", "j")
	l.projector.until("the way in", `!document.querySelector('[data-big-code]').hidden && document.querySelector('.big-code img').naturalWidth > 0`)
	l.projector.shot("class-projector-join")

	// Marking: what the hints suggest is ticked and said to be a suggestion; marks reach the student when released.
	l.teacher.visit(strings.TrimSuffix(l.teacher.where(), "/remote") + "/marks")
	l.teacher.until("a suggestion", `document.querySelector('.tick .suggested') && document.querySelector('.tick input').checked !== undefined`)
	if strings.Contains(eval[string](l.teacher, `document.querySelector('main').textContent`), "Anna") {
		t.Error("marking is not blind")
	}
	l.teacher.tabTo("#mark-points")
	l.teacher.press("2.5")
	l.teacher.tabTo("#mark-comment")
	l.teacher.press("Say which factor.")
	l.teacher.until("the mark kept", `/^Saved/.test(document.querySelector('[data-mark-saved]').textContent)`)
	l.teacher.accessible()
	l.teacher.shot("class-marks")
	if strings.Contains(eval[string](l.student, `document.body.textContent`), "Say which factor") {
		t.Error("the student sees the mark before it is released")
	}
	l.teacher.visit(strings.TrimSuffix(l.teacher.where(), "/marks") + "/remote")
	l.teacher.click("[name=do][value=release]")
	l.student.until("the mark at the student", `document.querySelector('.class-mine')?.textContent.includes('Say which factor.') && document.querySelector('.total')?.textContent.includes('2.5 points')`)
	l.student.accessible()
	l.student.shot("class-student-marks")
	l.teacher.visit("/class")
	l.teacher.until("the class among those of this browser", `[...document.querySelectorAll("[data-my-classes] a")].some(a => /^Deep nets, Monday/.test(a.textContent))`)
	l.teacher.click("[data-my-classes] a")
	l.teacher.until("the way back to it", `document.querySelector("[data-role=remote]")`)

	// The class ends, and is deleted.
	l.teacher.click("[name=do][value=close]")
	l.teacher.until("the way to open it again", `document.querySelector('[name=do][value=reopen]')`)
	l.student.until("the end", `document.querySelector('.stage .kick').textContent.includes('over')`)
	eval[int](l.teacher, `document.querySelector('#delete-code').closest('details').open = true, 0`)
	l.teacher.tabTo("#delete-code")
	l.teacher.press(l.code, kb.Enter)
	l.teacher.until("the first page of classes", `location.pathname === '/class'`)
	l.student.until("the student sent away", `location.pathname === '/class'`)
}

// What a teacher makes up on the spot is asked at once; what is typed while the server is away arrives when it is back.
func TestClassOutage(t *testing.T) {
	t.Parallel()
	h, away := site(t, ""), new(atomic.Bool)
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() && !strings.HasPrefix(r.URL.Path, "/static/") {
			http.Error(w, `{"error": "away"}`, http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	}))
	l.add(map[string]string{"kind": "ask", "title": "What did you see?"})
	l.student.until("the question", `document.querySelector('.stage h1')?.textContent === 'What did you see?'`)
	l.student.problems.expect("503")
	l.teacher.problems.expect("503")
	l.projector.problems.expect("503")
	away.Store(true)
	l.student.tabTo("#class-answer")
	l.student.press("A bar that is not there.")
	l.student.click("[data-class-answer] [name=submit]")
	l.student.until("the wait", `/Waiting/.test(document.querySelector('[data-answer-saved]').textContent)`)
	away.Store(false)
	l.student.until("the answer acknowledged", `/^Handed in/.test(document.querySelector('[data-answer-saved]').textContent)`)
	l.teacher.until("the answer at the teacher", `document.querySelector('.incoming li')?.textContent.includes('A bar that is not there.')`)
}

// A student whose stream is refused follows all the same, without a word of it.
func TestClassWithoutStreams(t *testing.T) {
	t.Parallel()
	h, full, refused := site(t, ""), new(atomic.Bool), new(atomic.Int64)
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, teaches := r.Cookie("teacher")
		if strings.HasSuffix(r.URL.Path, "/events") && teaches != nil && full.Load() {
			refused.Add(1)
			http.Error(w, `{"error": "too many"}`, http.StatusTooManyRequests)
			return
		}
		h.ServeHTTP(w, r)
	}))
	l.student.problems.expect("429")
	full.Store(true)
	l.student.visit(l.student.where())
	for range 3 {
		was := eval[string](l.student, `document.querySelector('.stage h1').textContent`)
		l.teacher.click("[data-do] [value=next]")
		l.student.until("the next stop", `document.querySelector('.stage h1').textContent !== `+"`"+was+"`")
	}
	l.add(map[string]string{"kind": "ask", "title": "What did you see?"})
	l.student.until("the question", `document.querySelector('.stage h1')?.textContent === 'What did you see?'`)
	l.student.tabTo("#class-answer")
	l.student.press("A bar that is not there.")
	l.student.click("[data-class-answer] [name=submit]")
	l.student.until("the answer acknowledged", `/^Handed in/.test(document.querySelector('[data-answer-saved]').textContent)`)
	if said := l.student.text("[data-connection]"); said != "" || refused.Load() == 0 {
		t.Errorf("the page says %q of %d refusals, want nothing of one at least", said, refused.Load())
	}
}

// A teacher's page whose stream is just broken when the class is deleted finds out that there is no class to come back to.
func TestDeletedWhileAStreamIsBroken(t *testing.T) {
	t.Parallel()
	h, broken := site(t, ""), new(atomic.Bool)
	streams, cut := context.WithCancel(t.Context())
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			if broken.Load() {
				http.Error(w, `{"error": "away"}`, http.StatusServiceUnavailable)
				return
			}
			r = r.WithContext(streams)
		}
		h.ServeHTTP(w, r)
	}))
	all := []*page{l.teacher, l.projector, l.student}
	for _, p := range all {
		p.problems.expect("503")
		p.problems.expect("404")
	}
	broken.Store(true)
	cut()
	l.teacher.until("that the connection is lost", `/is lost/.test(document.querySelector('[data-connection]').textContent)`)
	if got := eval[int](l.projector, `fetch(location.pathname.replace('projector', 'delete'), { method: 'POST', body: new URLSearchParams({ code: '`+l.code+`' }) }).then(answer => answer.status)`); got != 200 {
		t.Fatalf("deleting: status %d", got)
	}
	for _, p := range all {
		p.until("the first page of classes", `location.pathname === '/class'`)
	}
}
