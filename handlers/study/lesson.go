package study

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gradlab/answers"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// predictTime bounds how long a page waits for the truth of a prediction: longer than any single run of our own lessons.
const predictTime = 8 * time.Second

func (s *Pages) Lessons(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.LessonLines(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.LessonsPage(views.Lessons{Frame: s.frame(r, "Lessons", "lessons", "lesson.js"), Lines: lines}))
}

// Lesson shows a lesson with what the visitor predicted and answered. It gives the visitor the cookie that these
// will belong to.
func (s *Pages) Lesson(w http.ResponseWriter, r *http.Request, l lessons.Lesson) error {
	view, err := s.lessonView(r, web.EnsureVisitor(w, r), l)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.LessonPage(view))
}

// Predict commits a guess, the first one for good, and leads back to where the truth now stands. What is no guess stays
// in its box, with the reason. A script gets what the guess changes on the page.
func (s *Pages) Predict(w http.ResponseWriter, r *http.Request, in Prediction) error {
	p, err := s.lessonForm(r, in.lesson)
	if err != nil {
		return err
	}
	typed, guess, fault := cmp.Or(p.guesses[in.ID], web.Form(r).Get("guess")), lessons.Passed, error(nil)
	if web.Form(r).Get("pass") == "" {
		guess, fault = in.Guess(typed)
	}
	commit := func(owner string) error {
		return s.answers.Predict(r.Context(), owner, in.lesson.Slug, map[string]string{in.ID: guess})
	}
	if web.WantsJSON(r) {
		if fault != nil {
			return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "No guess", Text: fault.Error()}
		}
		return s.predictInPlace(w, r, in, commit)
	}
	p.guesses[in.ID] = typed
	p.to += "#predict-" + in.ID
	p.focus = func(at *place) { at.predicts[in.ID].Focus = true }
	p.fault = func(at *place, message string) { at.predicts[in.ID].Error, at.predicts[in.ID].Focus = message, true }
	if fault != nil {
		p.show = func(at *place) int {
			shown := at.predicts[in.ID]
			if shown.Focus = true; !shown.Committed {
				shown.Error = fault.Error()
			}
			return http.StatusUnprocessableEntity
		}
		return s.settle(w, r, p)
	}
	p.act = func(owner string) error {
		err := commit(owner)
		if err == nil {
			delete(p.guesses, in.ID)
		}
		return err
	}
	return s.settle(w, r, p)
}

// predictInPlace commits a guess for a script, which gets what the guess changes on the page.
func (s *Pages) predictInPlace(w http.ResponseWriter, r *http.Request, in Prediction, commit func(owner string) error) error {
	owner, err := s.keep(w, r, web.Writing, commit)
	if err != nil {
		return err
	}
	parts, err := s.outcome(r, owner, in)
	if err != nil {
		return err
	}
	for _, b := range in.lesson.Blocks {
		if b.Lab != nil && b.Lab.After == in.ID {
			parts["lab-"+b.Lab.ID] = views.LessonLabView(*lessonLab(*b.Lab, true))
		}
	}
	return redraw(w, r, parts)
}

// Outcome answers the script of a lesson that waits for the truth of a prediction: the prediction as it stands now.
func (s *Pages) Outcome(w http.ResponseWriter, r *http.Request, in Prediction) error {
	parts, err := s.outcome(r, web.Visitor(r), in)
	if err != nil {
		return err
	}
	return redraw(w, r, parts)
}

// outcome is a prediction with what its owner guessed, as a part of its lesson's page.
func (s *Pages) outcome(r *http.Request, owner string, in Prediction) (map[string]templ.Component, error) {
	progress, err := s.answers.Progress(r.Context(), owner)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), predictTime)
	defer cancel()
	shown := s.prediction(ctx, in.lesson.Slug, in.Predict, progress.Guesses[in.lesson.Slug])
	return map[string]templ.Component{"predict-" + in.ID: views.LessonPredictView(*shown)}, nil
}

// A Prediction is one of a lesson.
type Prediction struct {
	lesson lessons.Lesson
	lessons.Predict
}

// PredictionAt is the prediction that an address names.
func (s *Pages) PredictionAt(r *http.Request) (Prediction, error) {
	l, err := s.LessonAt(r)
	p, found := l.Predict(web.Path(r, "id"))
	if err == nil && !found {
		err = web.NotFound
	}
	return Prediction{l, p}, err
}

// clipped is what was typed, short enough to be shown again.
func clipped(typed string) string {
	if runes := []rune(strings.ToValidUTF8(typed, "\uFFFD")); len(runes) > 40 {
		return string(runes[:40])
	}
	return strings.ToValidUTF8(typed, "\uFFFD")
}

// MarkRead keeps that the visitor has read a lesson, and leads on to the next, unless a guess that is typed there would be lost.
func (s *Pages) MarkRead(w http.ResponseWriter, r *http.Request, l lessons.Lesson) error {
	p, err := s.lessonForm(r, l)
	if err != nil {
		return err
	}
	if len(p.answers) == 0 {
		p.writing = quietly
	}
	p.act, p.to = func(owner string) error { return s.answers.MarkRead(r.Context(), owner, l.Slug) }, "/lessons"
	if _, next := s.neighbours(l); next != nil {
		p.to = next.Href
	}
	return s.settle(w, r, p)
}

// LessonAt is the lesson that an address names.
func (s *Pages) LessonAt(r *http.Request) (lessons.Lesson, error) {
	l, found := s.library.Lesson(web.Path(r, "slug"))
	if !found {
		return l, web.NotFound
	}
	return l, nil
}

// lessonView fills the page of a lesson. Where what its owner has written cannot be read the page comes with the error, whole but for it.
func (s *Pages) lessonView(r *http.Request, owner string, l lessons.Lesson) (views.Lesson, error) {
	progress, unread := s.answers.Progress(r.Context(), owner)
	guesses := progress.Guesses[l.Slug]
	view := views.Lesson{
		Frame: s.frame(r, l.Title, "lessons", "lesson.js", "question.js"), Slug: l.Slug, Number: l.Number, Of: s.numbered(),
		Minutes: l.Minutes, Title: l.Title, HookHTML: l.HookHTML, TakeawayHTML: l.TakeawayHTML, Sources: sourceLines(l.Sources),
		Read: !progress.Read[l.Slug].IsZero(), Terms: lessonTerms(s.library.Terms(), l.Terms),
	}
	view.Previous, view.Next = s.neighbours(l)
	for _, h := range l.Contents {
		view.Contents = append(view.Contents, views.Link{Label: h.Text, Href: "#" + h.ID})
	}
	ctx, cancel := context.WithTimeout(r.Context(), predictTime)
	defer cancel()
	for _, b := range l.Blocks {
		switch {
		case b.HTML != "":
			view.Blocks = append(view.Blocks, views.LessonBlock{HTML: b.HTML})
		case b.Lab != nil:
			_, committed := guesses[b.Lab.After]
			view.Blocks = append(view.Blocks, views.LessonBlock{Lab: lessonLab(*b.Lab, committed)})
		case b.Predict != nil:
			view.Blocks = append(view.Blocks, views.LessonBlock{Predict: s.prediction(ctx, l.Slug, *b.Predict, guesses)})
		case b.Question != "":
			asked, err := s.lessonQuestion(r, owner, b.Question)
			unread = cmp.Or(unread, err)
			view.Blocks = append(view.Blocks, views.LessonBlock{Question: asked})
		case b.Step != nil:
			view.Steps++
			step := lessonStep(l, *b.Step, view.Steps)
			if n := len(view.Blocks); n > 0 && view.Blocks[n-1].Steps != nil {
				view.Blocks[n-1].Steps = append(view.Blocks[n-1].Steps, step)
				continue
			}
			view.Blocks = append(view.Blocks, views.LessonBlock{Steps: []views.LessonStep{step}})
		}
	}
	return view, unread
}

// prediction is a question with a guess to commit, compared with the truth where it is among those that were committed.
func (s *Pages) prediction(ctx context.Context, lesson string, p lessons.Predict, guesses map[string]string) *views.LessonPredict {
	view := lessonPredict(lesson, p)
	if guess, committed := guesses[p.ID]; committed {
		s.compare(ctx, view, p, guess)
	}
	return view
}

// compare puts the truth beside a committed guess. A truth that is not there in time is shown on the next look.
func (s *Pages) compare(ctx context.Context, view *views.LessonPredict, p lessons.Predict, guess string) {
	view.Committed, view.Guess = true, guess
	truth, err := p.Truth(ctx, s.train)
	if err != nil {
		view.Pending = true
		return
	}
	view.Right = guess != lessons.Passed && p.Right(guess, truth)
	view.Verdict, view.RevealHTML = board.Prediction(p, guess, truth), p.ReplyHTML(guess)+p.RevealHTML
}

// lessonQuestion is a question to be answered in its place; nil where the library has lost it meanwhile.
func (s *Pages) lessonQuestion(r *http.Request, owner, slug string) (*views.LessonQuestion, error) {
	q, found := s.library.Question(slug)
	if !found {
		return nil, nil
	}
	page, err := s.questionView(r, owner, q)
	return &views.LessonQuestion{Number: page.Number, Of: page.Of, Title: page.Title, Href: "/questions/" + q.Slug, Parts: page.Parts}, err
}

// numbered counts the lessons without the tour.
func (s *Pages) numbered() int {
	n := 0
	for _, l := range s.library.Lessons() {
		if l.Number > 0 {
			n++
		}
	}
	return n
}

// neighbours are the lessons before and after one.
func (s *Pages) neighbours(l lessons.Lesson) (previous, next *views.Link) {
	all := s.library.Lessons()
	for i, other := range all {
		to := &views.Link{Label: other.Title, Href: "/lessons/" + other.Slug}
		if i+1 < len(all) && all[i+1].Slug == l.Slug {
			previous = to
		}
		if i > 0 && all[i-1].Slug == l.Slug {
			next = to
		}
	}
	return previous, next
}

func sourceLines(sources []lessons.Source) []views.Source {
	var lines []views.Source
	for _, source := range sources {
		lines = append(lines, views.Source{Text: fmt.Sprintf("%s (%d): %s", source.Authors, source.Year, source.Title), Href: source.URL})
	}
	return lines
}

func lessonTerms(all []lessons.Term, used []string) []views.LessonTerm {
	var terms []views.LessonTerm
	for _, slug := range used {
		for _, t := range all {
			if t.Slug == slug {
				terms = append(terms, views.LessonTerm{Slug: t.Slug, Name: t.Name, MeansHTML: t.MeansHTML})
			}
		}
	}
	return terms
}

// embedLink is the embedded page of a lab with the controls that a lesson shows.
func embedLink(lab lessons.Lab, controls []string) string {
	query := url.Values{"controls": {strings.Join(controls, ",")}}
	for name, values := range lab.Query {
		query[name] = values
	}
	return views.Href("/embed/"+lab.Name, query)
}

func lessonLab(b lessons.LabBlock, committed bool) *views.LessonLab {
	return &views.LessonLab{
		ID: b.ID, Name: b.Name, Src: embedLink(b.Lab, b.Controls), Href: b.Href(), Label: "Lab: " + b.Label, CaptionHTML: b.CaptionHTML,
		After: b.After, Waits: b.After != "" && !committed,
	}
}

func lessonPredict(lesson string, p lessons.Predict) *views.LessonPredict {
	view := &views.LessonPredict{ID: p.ID, Action: "/lessons/" + lesson + "/predictions/" + p.ID, QuestionHTML: p.QuestionHTML, Unit: p.Unit, Allowance: board.Allowance(p)}
	for _, c := range p.Choices {
		view.Choices = append(view.Choices, c.Says)
	}
	if p.As == "exponent" {
		view.Before = "10 to the power"
	}
	return view
}

func lessonStep(l lessons.Lesson, step lessons.Step, number int) views.LessonStep {
	view := views.LessonStep{Number: number, TitleHTML: step.TitleHTML, Sets: map[string]string{}}
	for _, set := range step.Sets {
		for _, b := range l.Blocks {
			if b.Lab != nil && b.Lab.ID == set.ID {
				view.Sets[set.ID] = embedLink(set.Lab, b.Lab.Controls)
			}
		}
		if view.Href == "" {
			view.Href = set.Href()
		}
	}
	return view
}

// LessonLines lists the lessons with how far the visitor is.
func (s *Pages) LessonLines(r *http.Request) ([]views.LessonLine, error) {
	var progress answers.Progress
	answered := map[string]bool{}
	if owner := web.Visitor(r); owner != "" {
		var err error
		if progress, err = s.answers.Progress(r.Context(), owner); err != nil {
			return nil, err
		}
		questions, err := s.QuestionLines(r)
		if err != nil {
			return nil, err
		}
		for _, q := range questions {
			answered[strings.TrimPrefix(q.Href, "/questions/")] = q.State == "answered"
		}
	}
	var lines []views.LessonLine
	for _, l := range s.library.Lessons() {
		line := views.LessonLine{Number: l.Number, Title: l.Title, Href: "/lessons/" + l.Slug, HookHTML: l.HookHTML, Minutes: l.Minutes}
		line.State, line.Done = lessonProgress(l, progress, answered)
		lines = append(lines, line)
	}
	return lines, nil
}

// lessonProgress says how far a reader is with a lesson, as a state and in words.
func lessonProgress(l lessons.Lesson, progress answers.Progress, answered map[string]bool) (state, done string) {
	var parts []string
	read := !progress.Read[l.Slug].IsZero()
	if read {
		state = "read"
		parts = append(parts, "read")
	}
	predicted, all := 0, l.Predicts()
	for _, p := range all {
		if _, made := progress.Guesses[l.Slug][p.ID]; made {
			predicted++
		}
	}
	if predicted > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d predicted", predicted, len(all)))
	}
	for _, q := range l.Questions() {
		if answered[q] {
			parts = append(parts, "answered")
		}
	}
	if !read && len(parts) > 0 {
		state = "begun"
	}
	return state, strings.Join(parts, ", ")
}
