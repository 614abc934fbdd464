package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// seen goes to the first of the answers that have not been in sight; true once there is none.
const seen = `(() => {
	const next = document.querySelector('[data-new-below] a')?.getAttribute('href');
	document.querySelector(next ?? 'html').scrollIntoView();
	return !next;
})()`

// places are where the answers of the teacher's list stand on the page, by their texts: the upper edge of each.
const places = `Object.fromEntries([...document.querySelectorAll('[data-incoming] > li')].map(li => [li.querySelector('.kept').textContent, Math.round(li.getBoundingClientRect().top + scrollY)]))`

// While the teacher reads, answers come in below those that are there, which stay where they are, whatever is written again; a line counts those
// that were not looked at, and leads to them. The order, the filter and what is hidden are there after a reload.
func TestAnswersStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	l := begin(t, h)
	l.projector.size(1920, 1080)
	base := strings.TrimSuffix(l.teacher.where(), "/remote")
	for i := range 3 {
		l.teacher.click("[data-do] [name=do][value=next]")
		l.teacher.until("the next stop", fmt.Sprintf(`document.querySelector('[data-part=now] .kick').textContent.startsWith('%d of')`, i+2))
	}
	l.teacher.until("the question", `document.querySelector('[data-part=now] h2')?.textContent.includes('primary cause')`)
	stop := eval[string](l.teacher, `document.querySelector('[data-do] [name=stop]').value`)
	server, people, revision := httptest.NewServer(h), map[string]*http.Client{}, map[string]int{}
	defer server.Close()
	write := func(name, text string) {
		t.Helper()
		if people[name] == nil {
			people[name] = l.joins(server, name)
		}
		l.post(people[name], server.URL+"/class/"+l.plainCode()+"/answer", url.Values{"stop": {stop}, "text": {text}, "revision": {strconv.Itoa(revision[name])}})
		revision[name]++
	}
	long := func(i int) string {
		return fmt.Sprintf("Answer %d. %s", i, strings.Repeat("The product of many slopes below one gets smaller with every layer. ", 3))
	}
	for i := range 6 {
		write(fmt.Sprint("Writer ", i), long(i))
	}
	count := func(n int) string {
		return fmt.Sprintf(`document.querySelectorAll('[data-incoming] > li').length === %d`, n)
	}
	l.teacher.until("six answers", count(6))
	l.teacher.until("what they name", `document.querySelector('[data-part=now] .bars')`)
	before := eval[map[string]int](l.teacher, places)
	stays := func(when string, but ...string) {
		t.Helper()
		after := eval[map[string]int](l.teacher, places)
		for text, at := range before {
			if now, there := after[text]; !there || now != at {
				t.Errorf("%s: %.10s stood at %d, and stands at %d", when, text, at, now)
			}
		}
		lowest := 0
		for _, at := range before {
			lowest = max(lowest, at)
		}
		for text, at := range after {
			if _, old := before[text]; !old && at <= lowest {
				t.Errorf("%s: %.10s has come in above", when, text)
			}
		}
	}
	// The teacher reads the first; others hand in, one the very text of another, one something new.
	l.teacher.size(1280, 700)
	l.teacher.until("all seen", seen)
	eval[int](l.teacher, `(document.querySelector('[data-incoming] > li').scrollIntoView(), 0)`)
	scrolled := eval[int](l.teacher, `Math.round(scrollY)`)
	write("Writer 6", long(6))
	write("Writer 7", "  "+strings.ToUpper(long(1)))
	write("Writer 8", long(8))
	l.teacher.until("two new below", count(8)+` && document.querySelector('[data-new-below]').textContent === '2 new below'`)
	l.teacher.until("the equal one with its equal", `document.querySelectorAll('[data-incoming] > li')[1].querySelector('summary').textContent === '×2: who wrote it'`)
	stays("two came in")
	write("Writer 0", "Another text than before.")
	l.teacher.until("the first written again", count(9)+` && document.querySelector('[data-incoming] > .gone')?.textContent.includes('No longer handed in like this.')`)
	stays("one was written again")
	if now := eval[int](l.teacher, `Math.round(scrollY)`); now != scrolled {
		t.Errorf("the page has scrolled from %d to %d", scrolled, now)
	}
	l.teacher.accessible()
	l.teacher.shot("answers-new-below")
	l.teacher.click("[data-new-below] a")
	l.teacher.until("at a new one, in sight", `(box => /Answer [68]\./.test(document.activeElement.textContent) && box.top >= 0 && box.bottom < innerHeight)(document.activeElement.getBoundingClientRect())`) // the sixth may have been seen in the picture
	l.teacher.until("none new", seen)

	// Hidden: the next one has the focus, nothing is lost, and it is where it was when it is brought back.
	l.teacher.click(`[data-incoming] > li:nth-child(3) [value=fold]`)
	l.teacher.until("one hidden", count(8)+` && document.querySelector('.folded summary').textContent === 'Hidden (1)' && /Hidden from your list/.test(document.querySelector('[data-said]').textContent)`)
	l.teacher.until("the focus on the next", `document.activeElement.matches('[data-incoming] > li:nth-child(3)')`)
	l.teacher.visit(base + "/remote")
	l.teacher.until("after a reload", count(7)+` && document.querySelector('.folded summary').textContent === 'Hidden (1)'`)
	order := eval[string](l.teacher, `[...document.querySelectorAll('[data-incoming] > li .kept')].map(p => p.textContent.trim().slice(0, 9)).join()`)
	if want := "Answer 1.,Answer 3.,Answer 4.,Answer 5.,Answer 6.,Answer 8.,Another t"; order != want {
		t.Errorf("the order after a reload: %s, want %s", order, want)
	}
	l.teacher.click(".folded summary")
	l.teacher.click(".folded [value=unfold]")
	l.teacher.until("it back", count(8)+` && !document.querySelector('.folded')`)

	// Four on the wall: a fifth says which it replaces, and then which it has replaced.
	for i := range 4 {
		l.teacher.click(`[data-incoming] [value=pick]`)
		l.projector.until("it on the wall", fmt.Sprintf(`document.querySelectorAll('.picked blockquote').length === %d`, i+1))
		l.teacher.until("it marked", fmt.Sprintf(`document.querySelectorAll('[data-incoming] .picked-answer').length === %d`, i+1))
	}
	first := eval[string](l.teacher, `document.querySelector('[data-incoming] .picked-answer .kept').textContent`)
	l.teacher.until("what a fifth replaces", `[...document.querySelectorAll('[data-incoming] [value=pick]')].every(b => b.textContent === 'Show it instead of Writer 1’s “Answer 1. The product of…”')`)
	for _, width := range []int64{390, 1280} {
		l.teacher.size(width, 900)
		l.teacher.fits()
		l.teacher.accessible()
		l.teacher.shot(fmt.Sprint("answers-four-picked-", width))
	}
	l.projector.shot("answers-wall-before")
	l.teacher.click(`[data-incoming] [value=pick]`)
	l.teacher.until("what it has replaced", `document.querySelector('[data-said]').textContent === 'Writer 1’s answer is no longer on the wall: four are as many as fit.'`)
	l.projector.until("another on the wall", "document.querySelectorAll('.picked blockquote').length === 4 && !document.querySelector('.picked').textContent.includes(`"+first+"`)")
	l.projector.accessible()
	l.projector.shot("answers-wall-after")

	// The filter works by the keyboard, stays while answers come in, and after a reload.
	write("Writer 9", "I like trains.")
	l.teacher.until("all read", `(`+count(9)+` || `+count(10)+`) && document.querySelector('[data-sieve]')`)
	l.teacher.tabTo("#sieve")
	l.teacher.press(kb.ArrowDown)
	none := `document.querySelector('[data-part=answers] > .muted')?.textContent`
	l.teacher.until("those that name nothing", none+`?.includes(' of 10 answers.') && [...document.querySelectorAll('[data-incoming] .kept')].some(p => p.textContent === 'I like trains.') && new URL(location).searchParams.get('filter') === 'none' && document.activeElement.id === 'sieve'`)
	write("Writer 10", "I like ships.")
	l.teacher.until("another one of those", none+`?.includes(' of 11 answers.') && [...document.querySelectorAll('[data-incoming] .kept')].some(p => p.textContent === 'I like ships.') && document.querySelector('#sieve').value === 'none'`)
	l.teacher.visit(base + "/remote" + eval[string](l.teacher, `location.search`))
	l.teacher.until("those after a reload", none+`?.includes(' of 11 answers.') && document.querySelector('#sieve').value === 'none'`)
	l.teacher.accessible()
	for _, width := range []int64{390, 1280} {
		l.teacher.size(width, 900)
		l.teacher.fits()
		l.teacher.shot(fmt.Sprint("answers-filtered-", width))
	}
}
