package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// The report and the summaries of a class with two votes and a question: the teacher reads the gain of the talk and who was there, and prints it; a student
// finds the summary at the class's end and under /me, without scripts, and nothing in it that the teacher has not revealed.
func TestReport(t *testing.T) {
	t.Parallel()
	h := site(t, "")
	server := httptest.NewServer(h)
	defer server.Close()
	l := begin(t, h)
	at := "/class/" + l.plainCode()
	do := func(action, phase string) {
		t.Helper()
		eval[int](l.teacher, `(fetch('`+at+`/do', { method: 'POST', body: new URLSearchParams({ do: '`+action+`' }) }), 0)`)
		l.student.until(action, `document.querySelector('[data-phase]')?.dataset.phase === '`+phase+`'`)
	}
	vote := func(choice string) {
		t.Helper()
		l.student.until("the vote", `document.querySelector('.guess-form [name=guess]:not(:checked)')`)
		l.student.click(`.guess-form [name=guess][value="` + choice + `"]`)
		l.student.click(`.guess-form .button`)
		l.student.until("the vote acknowledged", `document.querySelector('.guess-form .saved')?.textContent`)
	}
	l.add(map[string]string{"kind": "predict-choice", "title": "Which layer learns least?", "choices": "The last\nThe first", "given": "2"})
	l.student.until("the prediction", `document.querySelector('.stage h1').textContent === 'Which layer learns least?'`)
	stop := eval[string](l.student, `document.querySelector('.guess-form [name=stop]').value`)
	var hall []*http.Client
	for i := range 6 {
		hall = append(hall, l.joins(server, fmt.Sprint("Student ", i+1)))
		l.post(hall[i], server.URL+at+"/guess", url.Values{"stop": {stop}, "guess": {[]string{"0", "0", "0", "1", "1", "0"}[i]}})
	}
	vote("0")
	do("lock", "locked")
	do("discuss", "discuss")
	do("again", "asked")
	for _, c := range hall[:5] {
		l.post(c, server.URL+at+"/guess", url.Values{"stop": {stop}, "round": {"2"}, "guess": {"1"}})
	}
	vote("1")
	do("lock", "locked")
	l.student.visit(at + "/summary")
	l.student.until("nothing that is not revealed", `document.body.textContent.includes('The truth is not revealed yet.') && !document.body.textContent.includes('Right.')`)
	l.student.visit(at)
	do("reveal", "revealed")
	l.add(map[string]string{"kind": "ask", "title": "Why?", "question": "vanishing-gradient/"})
	l.student.until("the question", `document.querySelector('#class-answer')`)
	l.student.tabTo("#class-answer")
	l.student.press("Each layer multiplies by a number below one.")
	l.student.click(`[data-class-answer] .button`)
	l.student.until("handed in", `/^Handed in/.test(document.querySelector('[data-answer-saved]').textContent)`)

	l.teacher.visit(at + "/marks")
	l.teacher.set("#mark-points", "7.5")
	l.teacher.click(`.mark-form .tools button`)
	l.teacher.until("the mark is kept", `document.querySelector('#mark-who').textContent.includes('1 marked')`)
	l.teacher.visit(at + "/remote")
	l.teacher.click(`a[href$="/report"]`)
	l.teacher.until("the gain of the talk", `document.body.textContent.includes('Of the 6 who voted twice, 2 were right before the talk and 6 after it: a normalised gain of 1.00.') && document.body.textContent.includes('4 moved from A to B')`)
	l.teacher.until("a line for each student", `document.querySelectorAll('.report-students tbody tr').length === 7 && document.querySelector('.report-students tbody').textContent.includes('7.5')`)
	l.teacher.problems.expect("422")
	l.teacher.set(".most [name=most]", "7")
	l.teacher.click(".most button")
	l.teacher.until("why it is refused", `document.querySelector('.most .error').textContent.includes('7.5 points already') && document.querySelector('.most [name=most]').value === '7'`)
	l.teacher.set(".most [name=most]", "10")
	l.teacher.click(".most button")
	l.teacher.until("the most points", `document.body.textContent.includes('7.5 of 10 points')`)
	everywhere(l.teacher, at+"/report", "report-talk")
	l.teacher.scripts(false)
	l.teacher.visit(at + "/report?all=1")
	l.teacher.until("the report without scripts", `document.querySelectorAll('.report-students tbody tr').length === 7`)
	l.teacher.scripts(true)
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" {
		l.teacher.print(filepath.Join(dir, "report.pdf"))
	}

	l.teacher.visit(at + "/remote")
	eval[int](l.teacher, `((async () => { for (const action of ['reveal', 'release', 'close']) await fetch('`+at+`/do', { method: 'POST', body: new URLSearchParams({ do: action }) }); })(), 0)`)
	l.teacher.until("the class is over, its marks released", `document.querySelector('[data-part=ending] [value=withhold]') && document.querySelector('[data-part=ending] [value=reopen]')`)
	l.student.scripts(false)
	l.student.visit("/me")
	l.student.click(`a[href="` + at + `/summary"]`)
	l.student.until("the marks first, the own votes, the model answer", `document.querySelector('.summary .total').textContent.includes('7.5 of 10 points') && document.querySelector('.summary').textContent.includes('Not right.') && document.querySelector('.summary .right').textContent === 'Right.' && document.querySelector('.model')`)
	l.student.scripts(true)
	everywhere(l.student, at+"/summary", "summary")
}

// everywhere looks at a page in each theme, at one width each.
func everywhere(p *page, path, name string) {
	p.t.Helper()
	for i, theme := range themes {
		s := sizes[i%len(sizes)]
		p.cookie("theme", theme)
		p.size(s.width, s.height)
		p.visit(path)
		p.until(name, `document.querySelector('.report')`)
		p.fits()
		p.accessible()
		p.shot(fmt.Sprintf("%s-%s-%d", name, theme, s.width))
	}
}
