package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// kept is all that pages keep in the browser.
const kept = `JSON.stringify([{ ...localStorage }, { ...sessionStorage }])`

// "Delete all my data" is the browser's, too: what was typed and not handed in is forgotten there, no other tab writes it back, and what
// is on its way to the server at that moment is not kept. A link brings nothing of this about.
func TestDeletingEverythingForgetsDrafts(t *testing.T) {
	t.Parallel()
	h, arrived, held := site(t, ""), make(chan struct{}, 9), make(chan struct{})
	l := begin(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/draft") {
			arrived <- struct{}{}
			<-held
		}
		h.ServeHTTP(w, r)
	}))
	// A class, in two tabs, an answer whose draft is on its way, and one that waits for its turn.
	l.ask("What is private?")
	l.student.problems.expect("403")
	type_ := func(p *page, selector, text string) {
		t.Helper()
		eval[int](p, `(document.querySelector('`+selector+`').focus(), 0)`)
		p.press(text)
	}
	type_(l.student, "#class-answer", "A secret of the first tab.")
	second := l.student.tab(l.student.where())
	second.problems.expect("403")
	type_(second, "#class-answer", "A secret of the second tab.")
	draft := l.student.tab("/questions/vanishing-gradient")
	draft.problems.expect("409")
	type_(draft, "[data-answer] textarea", "A secret on its way.")
	<-arrived
	type_(draft, "[data-answer] textarea", " A secret behind it.")
	where := l.student.tab("/class")

	// A link that somebody else made says nothing, and forgets nothing.
	mine := l.student.tab("/answers?deleted&notice=deleted")
	if got := eval[string](mine, `document.querySelector('.notice')?.textContent ?? ''`); got != "" {
		t.Errorf("a link says %q", got)
	}
	if got := eval[string](mine, kept); !strings.Contains(got, "the first tab") || !strings.Contains(got, "the second tab") {
		t.Errorf("after a link, what is kept is %s", got)
	}
	if got := eval[string](where, notIn); !strings.Contains(got, "the first tab") {
		t.Errorf("what was not handed in is not listed: %q", got)
	}

	mine.click("#delete ~ form [name=sure]")
	mine.click("#delete ~ form .button")
	mine.until("that it was deleted", `document.querySelector('.notice')?.textContent === 'Everything of yours was deleted.'`)
	mine.accessible()
	for _, p := range []*page{l.student, second} {
		p.until("the way in", `!document.querySelector('[data-role=student]') && document.querySelector('form[action$="/join"]')`)
	}
	where.until("nothing listed", `!(`+notIn+`)`)
	close(held)
	draft.until("why it was not kept", `/everything of yours was deleted/.test(document.querySelector('[data-answer-error]').textContent) && document.querySelector('[data-answer] textarea').value === 'A secret on its way. A secret behind it.'`)
	draft.visit("/about") // it complains of nothing that would be lost, and leaves nothing behind
	for _, p := range []*page{mine, l.student, second, where} {
		if got := eval[string](p, kept); strings.Contains(got, "secret") {
			t.Errorf("%s: what is kept is %s", p.where(), got)
		}
		p.visit("/answers")
		if got := eval[string](p, `document.querySelector('main').textContent`); strings.Contains(got, "secret") || !strings.Contains(got, "Nothing yet") || strings.Contains(got, "was deleted") {
			t.Errorf("afterwards the answers are %s", got)
		}
	}

	// Who goes on is a newcomer, with nothing of before, whose text is kept as anybody's.
	l.student.visit("/class/" + strings.ReplaceAll(l.code, "-", ""))
	eval[int](l.student, `(document.querySelector('form[action$="/join"]').requestSubmit(), 0)`)
	l.student.until("an empty box", `document.querySelector('#class-answer')?.value === '' && !(`+notIn+`)`)
	type_(l.student, "#class-answer", "What is new.")
	l.student.visit(l.student.where())
	l.student.until("it after a reload", boxText+` === 'What is new.'`)
}
