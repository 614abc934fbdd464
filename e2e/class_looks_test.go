package e2e

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"gradlab/handlers/labs"
)

func TestClassScreenshots(t *testing.T) {
	t.Parallel()
	tour(t, site(t, ""), os.Getenv("GRADLAB_SHOTS"), map[string]string{"class": "/class"}, "true")
}

// crowd lets students join, and hand in what the values say, over HTTP alone.
func (l lesson) crowd(h http.Handler, path string, forms []url.Values) {
	l.teacher.t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	for _, form := range forms {
		l.post(l.joins(server, form.Get("nickname")), server.URL+"/class/"+l.plainCode()+path, form)
	}
}

// joins lets a student join over HTTP alone.
func (l lesson) joins(server *httptest.Server, nickname string) *http.Client {
	l.teacher.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		l.teacher.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	l.post(c, server.URL+"/class/join", url.Values{"code": {l.plainCode()}, "nickname": {nickname}})
	return c
}

func (l lesson) post(c *http.Client, address string, form url.Values) {
	l.teacher.t.Helper()
	answer, err := c.PostForm(address, form)
	if err != nil {
		l.teacher.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		l.teacher.t.Fatalf("%s: status %d", address, answer.StatusCode)
	}
}

// plainCode is the class's code as addresses have it.
func (l lesson) plainCode() string { return strings.ReplaceAll(l.code, "-", "") }

// Every page of a class fits every screen, and every theme has its contrast: with a hall full of guesses and answers.
func TestClassLooks(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	l := begin(t, h)
	l.projector.size(1920, 1080)
	stop := func() string { return eval[string](l.projector, `document.querySelector('[data-stop]').dataset.stop`) }
	l.projector.press(kb.ArrowRight)
	l.projector.until("the prediction", `document.querySelector('[data-phase]').dataset.phase === 'asked'`)
	var guesses []url.Values
	for i, g := range []string{"-1", "-2", "-3", "-3", "-4", "-5", "-6", "-6", "-6", "-7", "-8", "-8", "-10", "-12", "-13", "-13.5", "-20", "300"} {
		guesses = append(guesses, url.Values{"stop": {stop()}, "guess": {g}, "nickname": {fmt.Sprint("Student ", i+1)}})
	}
	l.crowd(h, "/guess", guesses)
	looks := func(name string, p *page, path string) {
		t.Helper()
		for _, theme := range themes {
			p.cookie("theme", theme)
			for _, s := range sizes {
				if !looked(os.Getenv("GRADLAB_SHOTS"), theme, s.width) {
					continue
				}
				p.size(s.width, s.height)
				p.visit(path)
				p.until("a drawn page", `(() => { const f = document.querySelector('[data-lab-frame]:not([hidden]) iframe, .mark-run'); return !f || (f.contentDocument?.querySelector('[data-chart] canvas') && f.contentDocument.readyState === 'complete'); })()`)
				p.fits()
				p.accessible()
				p.shot(fmt.Sprintf("%s-%s-%d", name, theme, s.width))
			}
		}
	}
	// onTheWall wants everything on one screen: nobody scrolls there.
	onTheWall := func(name string) {
		t.Helper()
		l.projector.until("nothing below the wall’s edge: "+name, `document.documentElement.scrollHeight - innerHeight <= 2`)
		l.projector.accessible()
		if name != "answers" { // three of them share the wall, and the longest sets their size
			l.projector.readable()
		}
		l.projector.shot("class-wall-" + name)
	}
	base := strings.TrimSuffix(l.projector.where(), "/projector")
	l.projector.until("the count", `document.querySelector('.count')?.textContent.startsWith('18 of ')`)
	onTheWall("asked")
	looks("class-student-asked", l.student, base)
	l.projector.press("r")
	l.projector.until("the run", inFrame(`doc.querySelector('[data-chart] canvas')`))
	l.projector.until("the net in all that its frame leaves it, and no more", inFrame(`doc.documentElement.dataset.theme === 'projector' && doc.querySelector('.network canvas') && ((left => left >= 0 && left < 24)(doc.defaultView.innerHeight - doc.querySelector('.note').getBoundingClientRect().bottom))`))
	onTheWall("run")
	l.projector.press("v")
	l.projector.until("the truth", `document.querySelector('.bars .right')`)
	onTheWall("reveal")
	looks("class-student-revealed", l.student, base)
	looks("class-remote-predict", l.teacher, base+"/remote")

	l.projector.press(kb.ArrowRight)
	l.projector.until("the next", `document.querySelector('.stage h1').textContent.includes('with a skip')`)
	l.projector.press(kb.ArrowRight)
	l.projector.until("the question", `document.querySelector('.stage h1').textContent.includes('primary cause')`)
	var answers []url.Values
	for i, text := range []string{
		"Gradients get smaller on their way back because each layer multiplies by a slope below one, so the first layers hardly learn.",
		"The chain rule makes a product with one factor for each layer; the sigmoid’s slope is at most a quarter.",
		"The weights are too small.", "I do not know yet.",
		strings.Repeat("A long answer goes on and on about the derivative of the activation. ", 12),
	} {
		answers = append(answers, url.Values{"stop": {stop()}, "text": {text}, "run": {"/labs/chain?depth=20&skip=none"}, "nickname": {fmt.Sprint("Writer ", i+1)}})
	}
	l.crowd(h, "/answer", answers)
	l.teacher.size(1280, 900)
	l.teacher.visit(base + "/remote")
	for i := range 3 {
		l.teacher.until("an answer to pick", `document.querySelectorAll('.incoming [value=pick]').length >= 3`)
		l.teacher.click(`.incoming [value=pick]`)
		l.projector.until("it on the wall", fmt.Sprintf(`document.querySelectorAll('.picked blockquote').length === %d`, i+1))
		l.teacher.until("it marked", fmt.Sprintf(`document.querySelectorAll('.incoming .picked-answer').length === %d`, i+1))
	}
	onTheWall("answers")
	l.projector.press("v")
	l.projector.until("the concepts", `document.querySelectorAll('.bars tbody tr').length > 2`)
	onTheWall("concepts")
	looks("class-student-question", l.student, base)
	looks("class-remote-question", l.teacher, base+"/remote")
	looks("class-marking", l.teacher, base+"/marks?at=2")
	looks("class-people", l.teacher, base+"/people")
	looks("class-report", l.teacher, base+"/report")
	looks("class-summary", l.student, base+"/summary")

	// Every lab, on the wall, where nobody scrolls, and those that a lecture ends with on a phone.
	l.student.size(390, 844)
	l.student.cookie("theme", "projector") // whose labs fill a screen
	l.student.visit(base)
	l.teacher.visit(base + "/remote")
	states := map[string]string{"blocks": "?n=3&steps=40&count=64&batch=32&out=2", "train": "?depth=2&steps=20&count=20&batch=20", "transformer": "?layers=2&steps=20"}
	for _, lab := range labs.All() {
		l.add(map[string]string{"kind": "show", "title": "Look: " + lab.Name, "path": "/labs/" + lab.Name + states[lab.Name]})
		for _, p := range []*page{l.projector, l.student} {
			p.until(lab.Name, inFrame(`doc.location.pathname === '/embed/`+lab.Name+`' && doc.readyState === 'complete' && doc.querySelector('[data-whole-lab]')`))
		}
		if states[lab.Name] != "" {
			l.projector.press("r")
			l.projector.until("all trained", inFrame(`!doc.querySelector("[data-act=run][data-running]") && /^trained$|^\d+ steps$/.test(doc.querySelector('[data-part=status]').textContent)`))
		}
		onTheWall(lab.Name)
		l.projector.until(lab.Name+": all of it in its frame", inFrame(`doc.documentElement.scrollHeight <= doc.defaultView.innerHeight + 1`))
		if lab.Name == "chain" { // a lab that is higher than a small wall leaves it is drawn smaller, and larger where the presenter wants
			l.projector.size(1280, 720)
			l.projector.until("smaller on a small wall", inFrame(`doc.body.currentCSSZoom < 1 && doc.documentElement.scrollHeight <= doc.defaultView.innerHeight + 1`))
			l.projector.readable()
			l.projector.size(1920, 1080)
			l.projector.until("as before", inFrame(`doc.body.currentCSSZoom === 1`))
		}
		l.student.until("a frame as high as its lab, and no higher", `(was => was === (globalThis.high = document.querySelector('[data-lab-frame]').offsetHeight) && was < 1e5)(globalThis.high)`)
		l.student.fits()
		l.student.accessible()
		l.student.shot("class-student-" + lab.Name)
	}
}
