package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	paper "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Without scripts a lesson is read, predicted and answered by plain forms.
func TestLessonWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.scripts(false)
	p.visit("/lessons/why-it-vanishes")
	p.click(`#predict-larger [name=pass]`)
	p.until("the truth", `location.hash === '#predict-larger' && /The core computes 1.09/.test(document.querySelector('#predict-larger').textContent)`)
	p.until("the lab as a form", `document.querySelector('#lab-tanh-chain iframe').contentDocument?.querySelector('.controls .button')`)
	p.click(`.read button`)
	p.until("the next lesson", `location.pathname === '/lessons/the-skip'`)
}

// Without scripts, as with them, what is typed beside what is handed in or committed is there again: another part's text, another guess.
// Enter in a field commits nothing where no script knows which was meant.
func TestNothingTypedIsLostWithoutScripts(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	const question, lesson = "/questions/then-and-now", "/lessons/why-it-vanishes"
	for _, test := range []struct {
		scripts         bool
		handed, another string
	}{{true, "changed", "methods"}, {false, "now", "then"}} {
		p.scripts(test.scripts)
		p.visit(question)
		p.set("#answer-"+test.another, "Small nets.")
		p.set("#answer-"+test.handed, "Deep ones.")
		p.click("[data-part=" + test.handed + "] [name=submit]")
		box := `document.querySelector('#answer-` + test.another + `').value`
		p.until("the part that was handed in, and the other's text", `location.pathname === '`+question+`' && document.querySelector('[data-part=`+test.handed+`] [data-model]') && `+box+` === 'Small nets.'`)
		p.visit(question)
		if got := eval[string](p, box); got != "Small nets." || eval[bool](p, `!!document.querySelector('[data-part=`+test.another+`] [data-model]')`) {
			t.Errorf("%s holds %q, or was handed in", test.another, got)
		}
	}
	p.shot("typed-question")
	p.visit("/questions/vanishing-gradient")
	p.set("#answer-box, textarea", "Each factor is small.")
	p.click(".looks [value=dark]")
	p.until("the page in another theme, and the text", `location.pathname === '/questions/vanishing-gradient' && document.documentElement.dataset.theme === 'dark' && document.querySelector('textarea').value === 'Each factor is small.'`)

	p.visit(lesson)
	p.click("#predict-larger input")
	p.set("#question textarea", "It shrinks.")
	typed := `document.querySelector('#predict-twice input').value === '-6' && document.querySelector('#predict-larger input').checked && document.querySelector('#question textarea').value === 'It shrinks.'`
	p.click("#predict-twice input")
	p.press("-6", kb.Enter)
	p.until("all of it after Enter, and nothing committed", `location.pathname === '`+lesson+`/keep' && `+typed+` && !document.querySelector('[data-outcome], [data-pending]')`)
	p.shot("typed-lesson")
	p.click(".looks [value=dark]")
	p.until("the system's theme again, and all of it", `!document.documentElement.dataset.theme && `+typed+` && !document.querySelector('[data-outcome], [data-pending]')`)
	p.click("#predict-larger .button")
	p.until("the truth, with the focus, and the other guess", `location.pathname === '`+lesson+`/predictions/larger' && `+typed+` && document.activeElement.matches('#predict-larger [data-outcome]') && !document.querySelector('#predict-twice [data-outcome]')`)
	p.click("#question [name=submit]")
	p.until("the answer handed in, and the guess", typed+` && document.querySelector('#question [data-model]')`)
}

// The tour, from the first page on: every bet is placed, answered and shown, and the end leads on.
func TestTheTour(t *testing.T) {
	t.Parallel()
	w := walker{page: open(t, site(t, ""), "/")}
	w.use(`a[href="/lessons/ten-minute-tour"]`)
	w.lesson(0)
	for _, id := range eval[[]string](w.page, `[...document.querySelectorAll('[data-predict]')].map(s => s.dataset.predict)`) {
		w.until("an answer to the choice, and one for all, to "+id, fmt.Sprintf(`document.querySelectorAll('#predict-%s [data-outcome] > p').length >= 3`, id))
	}
	w.use(`main .prose a[href="/lessons/the-chain"]`)
	w.until("the first lesson", `location.pathname === '/lessons/the-chain'`)
}

// The lessons, a lesson, the glossary and the search in every look.
func TestLessonLooks(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{
		"lessons": "/lessons", "lesson": "/lessons/the-skip", "tour": "/lessons/ten-minute-tour", "glossary": "/glossary", "privacy": "/privacy", "accessibility": "/accessibility", "search": "/search?q=saturated+unit",
		"embed": "/embed/chain?controls=depth,skip",
	}, "document.querySelector('main')")
}

// What teachers open and hand out, on a phone, where code is wider than the page.
func TestTeachersPagesOnAPhone(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.size(390, 844)
	for _, path := range []string{"/teach", "/teach/homework-chain", "/inventory"} {
		p.visit(path)
		p.fits()
		p.accessible()
	}
}

// A truth that is not there in time is asked for again, unless the server says that there will be none.
func TestPendingTruth(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/lessons/why-it-vanishes")
	eval[int](p, `(window.asked = 0, window.fetch = async url => {
		if (!url.endsWith('/outcome')) {
			const waits = document.querySelector('#predict-larger').cloneNode(true);
			waits.insertAdjacentHTML('beforeend', '<p data-pending>Still computing.</p>');
			return Response.json({ parts: { 'predict-larger': waits.outerHTML } });
		}
		return ++asked === 1 ? Response.json({ error: 'Busy.' }, { status: 503 }) : Response.json({ error: 'There is nothing here.' }, { status: 404 });
	}, 0)`)
	p.click(`#predict-larger [name=pass]`)
	p.until("why there is none", `document.querySelector('[data-pending]')?.textContent === 'Still computing. There is nothing here.' && asked === 2`)
}

// That a lesson was read is said when the server has noted it: a server that is busy, a connection that breaks and another page on
// the way put it off, and it is noted once the reader sees the end of the lesson again.
func TestReadIsNotedAtLast(t *testing.T) {
	t.Parallel()
	const asked = "/lessons/the-chain/read"
	var posts atomic.Int64
	leave := make(chan struct{})
	h := site(t, "")
	p := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == asked {
			switch posts.Add(1) {
			case 1:
				http.Error(w, "busy", http.StatusServiceUnavailable)
				return
			case 2:
				panic(http.ErrAbortHandler)
			case 3:
				leave <- struct{}{}
				<-r.Context().Done()
				return
			}
		}
		h.ServeHTTP(w, r)
	}), "/lessons/the-chain")
	p.problems.expect("503")
	p.problems.expect("request failed")
	eval[int](p, `(document.querySelector('[data-takeaway]').scrollIntoView({ behavior: 'instant' }), 0)`)
	select {
	case <-leave:
	case <-time.After(patience):
		t.Fatalf("noted %d times", posts.Load())
	}
	if p.text("[data-read]") != "Mark as read" {
		t.Errorf("it says %q before anything was noted", p.text("[data-read]"))
	}
	p.click(".pager a[href='/lessons']")
	p.until("the list", `location.pathname === '/lessons'`)
	p.back("/lessons/the-chain")
	p.until("read", `(document.querySelector('[data-takeaway]').scrollIntoView({ behavior: 'instant' }), /You have read/.test(document.querySelector('[data-read]').textContent))`)
	p.visit("/lessons")
	p.until("the mark on the list", `document.querySelectorAll('.lesson-list .state.read').length === 1`)
}

// A page that was busy while its end came into sight is told of both at once, that it was not and that it is: read is read.
func TestReadOnABusyPage(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	p := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/lesson.js") {
			h.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Accept-Encoding")
		script := httptest.NewRecorder()
		h.ServeHTTP(script, r)
		w.Header().Set("Content-Type", "text/javascript")
		io.WriteString(w, `class IntersectionObserver extends globalThis.IntersectionObserver {
			constructor(told) {
				const all = [];
				super((entries) => { globalThis.sights = all.push(...entries); if (all.length > 1) told(all.splice(0)); });
			}
		}
		`+script.Body.String())
	}), "/lessons/the-chain")
	p.until("the end out of sight", "sights > 0")
	p.until("read", `(document.querySelector('[data-takeaway]').scrollIntoView({ behavior: 'instant' }), /You have read/.test(document.querySelector('[data-read]').textContent))`)
}

// A lesson is printed whole: the labs that nobody scrolled to, the reader's own answer and the model's, in light colours whatever the
// theme on the screen.
func TestLessonOnPaper(t *testing.T) {
	t.Parallel()
	p := open(t, site(t, ""), "/about")
	p.cookie("theme", "dark")
	p.visit("/lessons/why-it-vanishes")
	p.set("#question textarea", "One factor below one for each layer.")
	p.click("#question [name=submit]")
	p.until("the model answer", `document.querySelector('[data-model]')`)
	p.click(`#predict-larger [name=pass]`)
	p.until("every lab, far below as they are", `document.querySelector('#predict-larger [data-outcome]') && document.querySelector('#lab-tanh-chain iframe') && [...document.querySelectorAll('[data-lesson-lab]')].every(f => 'drawn' in f.dataset && f.contentDocument.querySelector('canvas'))`)
	eval[int](p, `(window.printed = [], addEventListener('beforeprint', () => printed.push([document, ...[...document.querySelectorAll('[data-lesson-lab]')].map(f => f.contentDocument)].map(d => d.documentElement.dataset.theme).join())), 0)`)
	pdf, err := attempt(p, chromedp.Action[paper.PrintToPDFResult](func(ctx context.Context, t *chromedp.Target) (paper.PrintToPDFResult, error) {
		return cdp.Call(ctx, t, paper.PrintToPDF, paper.PrintToPDFParams{PrintBackground: new(true)})
	}))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "lesson.pdf"), pdf.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p.until("the theme of the screen again", `document.documentElement.dataset.theme === 'dark'`)
	for _, themes := range eval[[]string](p, "printed") {
		if strings.Contains(themes, "dark") {
			t.Errorf("printed in %s", themes)
		}
	}
	p.paper(true)
	if got := eval[string](p, `document.querySelector('#question [data-own]').innerText`); got != "One factor below one for each layer." {
		t.Errorf("on paper the reader's answer is %q", got)
	}
	if missing := eval[[]string](p, `[...document.querySelectorAll('.lab-frame, #question [data-own], #question [data-model]')].filter(e => !(e.getBoundingClientRect().height > 10)).map(e => e.outerHTML.slice(0, 90))`); len(missing) > 0 {
		t.Errorf("not on paper: %q", missing)
	}
}
