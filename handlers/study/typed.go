package study

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"time"

	"gradlab/answers"
	"gradlab/handlers/web"
	"gradlab/lessons"
)

// An Answer is what is typed to a part of a question.
type Answer struct {
	question lessons.Question
	part     string
	text     string
	revision int64
	run      string    // the link of one, as typed
	drawn    string    // the digest of the text that the page came with; "" where it does not say
	save     saver     // what its button asks for; nil of a part that none was pressed of
	along    []*Answer // the other answers that the form of the page holds
}

func (a *Answer) key() answers.Key { return answers.Key{Question: a.question.Slug, Part: a.part} }

// unkept says whether the answer is to be saved: where nobody typed and pressed, a newer text from another tab stays.
func (a *Answer) unkept() bool { return a.save != nil || a.drawn != digest(a.text) }

// digest names a text.
func digest(text string) string {
	h := fnv.New64a()
	h.Write([]byte(text))
	return fmt.Sprintf("%016x", h.Sum64())
}

// saver is SaveDraft or Submit of the store.
type saver func(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error)

// noPart refuses a form that no page of ours sends.
var noPart = &web.Problem{Status: http.StatusBadRequest, Heading: "No such part", Text: "This question has no part of that name."}

// AnswerTo reads the form of a page with the question that an address names: the answer whose button was pressed, and the others. A form
// that holds one answer need not say which was.
func (s *Pages) AnswerTo(r *http.Request) (Answer, error) {
	q, err := s.QuestionAt(r)
	if err != nil {
		return Answer{}, err
	}
	form := web.Form(r)
	all, err := s.answersIn(form, q, max(1, len(form["part"])))
	if err != nil {
		return Answer{}, err
	}
	pressed := 0
	if len(all) > 1 {
		pressed = slices.IndexFunc(all, func(a *Answer) bool {
			return a.key() == answers.Key{Question: q.Slug, Part: form.Get("submit")}
		})
	}
	if pressed < 0 || all[pressed].question.Slug != q.Slug {
		return Answer{}, noPart
	}
	in := *all[pressed]
	in.save, in.along = s.answers.SaveDraft, slices.Delete(all, pressed, pressed+1)
	return in, nil
}

// answersIn reads so many answers of a form, which holds each of their fields as often. They are to q where the form does not say to
// which question.
func (s *Pages) answersIn(form url.Values, q lessons.Question, n int) ([]*Answer, error) {
	if n > 1 && len(form["text"]) != n {
		return nil, web.BadRevision
	}
	all := make([]*Answer, n)
	for i := range all {
		field := func(name string) string {
			if values := form[name]; len(values) == n {
				return values[i]
			}
			return ""
		}
		a := &Answer{question: q, part: field("part"), text: web.Newlines(field("text")), run: field("run"), drawn: field("drawn")}
		if slug := field("question"); slug != "" {
			a.question, _ = s.library.Question(slug)
		}
		if _, found := a.question.Part(a.part); !found {
			return nil, noPart
		}
		var err error
		if a.revision, err = web.Revision(url.Values{"revision": {field("revision")}}); err != nil {
			return nil, err
		}
		all[i] = a
	}
	return all, nil
}

// A posted is the form of a page on its way: what is typed there, and what the button that was pressed asks for. The page of a question,
// and that of a lesson, is one form, so that nothing that is typed stays behind where no script runs. Texts are kept, those without a
// button of theirs as drafts; what is kept nowhere, a guess or the link of a run, comes back in its field.
type posted struct {
	answers []*Answer         // the one whose button was pressed first
	guesses map[string]string // those that nobody has committed, as typed, by prediction
	writing writer
	act     func(owner string) error // what is kept beside; nil: nothing
	to      string                   // where it leads, unless the page is to be shown
	place   func(owner string) (place, error)
	// show changes the page, once what the button asked for is kept, sets the focus, and returns the status; nil: the page need not be shown.
	show func(at *place) int
	// fault says on the page why act failed, and sets the focus; nil: it is said above the page.
	fault func(at *place, message string)
	// focus sets the focus on a page that says nothing new; nil: nowhere.
	focus func(at *place)
}

// postedTo is the form of a page with a question: that of the lesson that it names, else the question's own.
func (s *Pages) postedTo(r *http.Request, q lessons.Question, all []*Answer) posted {
	own := func(owner string) (place, error) { return s.questionPlace(r, owner, q) }
	l, found := s.formsLesson(r, q)
	if !found {
		return posted{answers: all, writing: web.Writing, to: "/questions/" + q.Slug, place: own}
	}
	p := s.postedIn(r, l, all)
	p.place = func(owner string) (place, error) {
		at, err := s.lessonPlace(r, owner, l)
		if at.parts[answers.Key{Question: q.Slug, Part: q.Parts[0].ID}] == nil { // the library has lost it meanwhile
			return own(owner)
		}
		return at, err
	}
	return p
}

// postedIn is the form of a lesson.
func (s *Pages) postedIn(r *http.Request, l lessons.Lesson, all []*Answer) posted {
	p := posted{answers: all, guesses: map[string]string{}, writing: web.Writing, to: "/lessons/" + l.Slug}
	for _, predict := range l.Predicts() {
		if guess := web.Form(r).Get("guess-" + predict.ID); guess != "" {
			p.guesses[predict.ID] = guess
		}
	}
	p.place = func(owner string) (place, error) { return s.lessonPlace(r, owner, l) }
	return p
}

// loose says whether something is typed that is kept nowhere.
func (p *posted) loose() bool {
	return len(p.guesses) > 0 || slices.ContainsFunc(p.answers, func(a *Answer) bool { return a.run != "" })
}

// settle keeps what was posted, and leads on; or shows the page, with what could not be kept in its fields, and the reasons.
func (s *Pages) settle(w http.ResponseWriter, r *http.Request, p posted) error {
	owner, unsaved, failed := s.keepPosted(w, r, p)
	well := len(unsaved) == 0 && failed == nil
	if well && p.show == nil && !p.loose() {
		http.Redirect(w, r, p.to, http.StatusSeeOther)
		return nil
	}
	at, unread := p.place(owner)
	if well && unread != nil {
		return unread
	}
	status, focused := http.StatusOK, failed != nil && p.fault != nil
	if pressedWell := len(p.answers) == 0 || unsaved[p.answers[0].key()] == nil; failed == nil && pressedWell && p.show != nil {
		status, focused = p.show(&at), true
	}
	status = max(status, s.drawTyped(r, p, &at, unsaved, unread != nil, focused))
	if failed != nil {
		refused := s.refusal(r, failed, "What you typed is still here")
		status = max(status, refused.status)
		if p.fault == nil {
			at.notice(refused.message)
		} else {
			p.fault(&at, refused.message)
		}
	}
	if well && !focused && p.focus != nil {
		p.focus(&at)
	}
	if unread != nil && status < 500 {
		return unread
	}
	web.RetryLater(w, &web.Problem{Status: status})
	return web.Render(w, r, status, at.page())
}

// keepPosted keeps all that it can, for the owner that it returns, and says why the rest was not kept.
func (s *Pages) keepPosted(w http.ResponseWriter, r *http.Request, p posted) (owner string, unsaved map[answers.Key]error, failed error) {
	unkept := slices.DeleteFunc(slices.Clone(p.answers), func(a *Answer) bool { return !a.unkept() })
	if p.act == nil && len(unkept) == 0 {
		return web.EnsureVisitor(w, r), nil, nil
	}
	asked := false
	owner, err := s.keep(w, r, p.writing, func(owner string) error {
		asked, unsaved, failed = true, map[answers.Key]error{}, nil
		var all []error
		if p.act != nil {
			failed = p.act(owner)
			all = append(all, failed)
		}
		for _, a := range unkept {
			save := a.save
			if save == nil {
				save = s.answers.SaveDraft
			}
			if _, err := save(r.Context(), owner, a.key(), a.text, a.revision); err != nil {
				unsaved[a.key()] = err
				all = append(all, err)
			}
		}
		return errors.Join(all...)
	})
	if asked {
		return owner, unsaved, failed
	}
	unsaved = map[answers.Key]error{}
	for _, a := range unkept {
		unsaved[a.key()] = err
	}
	if p.act != nil {
		failed = err
	}
	return owner, unsaved, failed
}

// drawTyped puts what is kept nowhere back into its fields, with the reasons. Where the page could not be read, that is all that was
// posted. The first reason has the focus, unless something else has it.
func (s *Pages) drawTyped(r *http.Request, p posted, at *place, unsaved map[answers.Key]error, unread, focused bool) (status int) {
	status = http.StatusOK
	for _, a := range p.answers {
		part, why := at.parts[a.key()], unsaved[a.key()]
		if part == nil {
			continue
		}
		part.Offer = a.run
		if why == nil && !unread {
			continue
		}
		part.Answer, part.Revision, part.Drawn, part.Saved = a.text, a.revision, a.drawn, time.Time{}
		if why == nil {
			continue
		}
		refused := s.refusal(r, why, textKept)
		part.Error = refused.message
		if refused.current != nil {
			part.Other, part.Revision = refused.current.Text, refused.current.Revision
		}
		if !focused {
			part.Focus, focused = "text", true
		}
		status = max(status, refused.status)
	}
	for id, guess := range p.guesses {
		shown := at.predicts[id]
		if shown == nil || shown.Committed {
			continue
		}
		if shown.Guess = guess; len(shown.Choices) == 0 {
			shown.Guess = clipped(guess)
		}
	}
	return status
}

// Keep keeps what is typed on the page of a question.
func (s *Pages) Keep(w http.ResponseWriter, r *http.Request, q lessons.Question) error {
	all, err := s.answersIn(web.Form(r), q, len(web.Form(r)["part"]))
	if err == nil {
		r, err = web.Look(w, r)
	}
	if err != nil {
		return err
	}
	return s.settle(w, r, s.postedTo(r, q, all))
}

// KeepInLesson keeps what is typed on the page of a lesson; guesses stay as they are typed, and are not committed.
func (s *Pages) KeepInLesson(w http.ResponseWriter, r *http.Request, l lessons.Lesson) error {
	r, err := web.Look(w, r)
	if err != nil {
		return err
	}
	p, err := s.lessonForm(r, l)
	if err != nil {
		return err
	}
	return s.settle(w, r, p)
}

// lessonForm reads the form of a lesson, of which no answer's button was pressed.
func (s *Pages) lessonForm(r *http.Request, l lessons.Lesson) (posted, error) {
	all, err := s.answersIn(web.Form(r), lessons.Question{}, len(web.Form(r)["part"]))
	return s.postedIn(r, l, all), err
}
