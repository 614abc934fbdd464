package study

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"gradlab/answers"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// answersNotices are what was done, on /answers.
var answersNotices = map[string]string{
	"deleted": "Everything of yours was deleted.",
	"link":    "You have a new private link; the old one no longer works.",
}

// Answers shows all of the visitor's answers, with their runs.
func (s *Pages) Answers(w http.ResponseWriter, r *http.Request) error {
	items, err := s.answerItems(r)
	if err != nil {
		return err
	}
	page := views.Answers{Frame: web.Frame(r, "My answers", "questions", "answers.js"), Items: items, Notice: answersNotices[web.Noticed(w, r, "/answers")]}
	token := web.Token(r)
	_, page.Person = web.Person(r)
	page.Visitor = token != "" || page.Person
	if token != "" && len(items) > 0 && !page.Person { // no link leads to a person
		page.Move = web.Origin(r) + "/answers/here#" + token
	}
	return web.Render(w, r, http.StatusOK, views.AnswersPage(page))
}

// answerItems are a visitor's answers in the order of the questions.
func (s *Pages) answerItems(r *http.Request) ([]views.AnswerItem, error) {
	owner := web.Visitor(r)
	if owner == "" {
		return nil, nil
	}
	stored, err := s.answers.Answers(r.Context(), owner)
	if err != nil {
		return nil, err
	}
	attached, err := s.answers.Attached(r.Context(), owner)
	if err != nil {
		return nil, err
	}
	byKey := map[answers.Key]answers.Answer{}
	for _, a := range stored {
		byKey[a.Key] = a
	}
	var items []views.AnswerItem
	for _, q := range s.library.Questions() {
		first := true
		for _, p := range q.Parts {
			key := answers.Key{Question: q.Slug, Part: p.ID}
			a := byKey[key]
			run := s.labs.Chip(attached.Runs[key])
			if a.Text == "" && run == nil {
				continue
			}
			item := views.AnswerItem{
				Question: fmt.Sprintf("%d. %s", q.Number, q.Title), Part: p.Text, Text: a.Text, Href: partPath(q, p.ID),
				Attempted: a.Submitted(), FirstOfAll: first, Run: run,
			}
			if a.Revision > 0 {
				item.Saved = a.UpdatedAt
			}
			first = false
			items = append(items, item)
		}
	}
	return items, nil
}

// partPath is where a part of a question is answered.
func partPath(q lessons.Question, part string) string {
	path := "/questions/" + q.Slug
	if part != "" {
		path += "#" + part
	}
	return path
}

// Markdown is all of a visitor's answers as one file to keep.
func (s *Pages) Markdown(w http.ResponseWriter, r *http.Request) error {
	items, err := s.answerItems(r)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("# My answers\n")
	for _, item := range items {
		if item.FirstOfAll {
			fmt.Fprintf(&b, "\n## %s\n", item.Question)
		}
		if item.Part != "" {
			fmt.Fprintf(&b, "\n### %s\n", item.Part)
		}
		fmt.Fprintf(&b, "\n%s\n", strings.TrimRight(item.Text, "\n"))
		if item.Run != nil {
			fmt.Fprintf(&b, "\nRun: <%s%s>\n", web.Origin(r), item.Run.Href)
		}
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="answers.md"`)
	w.Write([]byte(b.String()))
	return nil
}

// Delete deletes everything of a visitor, and the cookie when all else is gone: it alone could delete the rest.
func (s *Pages) Delete(w http.ResponseWriter, r *http.Request) error {
	if web.Form(r).Get("sure") != "1" {
		return &web.Problem{Status: http.StatusBadRequest, Heading: "Nothing was deleted", Text: "Tick the box to say that you are sure."}
	}
	if owner := web.Visitor(r); owner != "" {
		retire := s.mayKeep(r.Context(), owner) == nil // else nothing of the owner's is taken just now, be it on its way or not
		classes, err := s.answers.DeleteAll(r.Context(), owner, retire)
		if err != nil {
			return err
		}
		for _, id := range classes {
			s.departed(id) // other tabs learn it, and the teacher’s pages show nothing of the student any more
		}
	}
	web.ForgetVisitor(w, r)
	web.Notify(w, r, "/answers", "deleted")
	http.Redirect(w, r, "/answers", http.StatusSeeOther)
	return nil
}

// Here asks whether this browser is to use the answers of a private link: a link alone must change nothing.
func (s *Pages) Here(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.SecretLinkPage(moveView(r)))
}

func moveView(r *http.Request) views.SecretLink {
	view := views.SecretLink{
		Frame: web.Frame(r, "Use these answers here?", "questions", "secret.js"), Title: "Use these answers here?",
		Text:   "This browser will then show and change the answers that the link belongs to. Answers that were written in this browser before stay stored, but are reached only through a private link of their own.",
		Action: "/answers/here", Button: "Use them here", Secret: web.Query(r).Get("token"),
	}
	view.Frame.Path = view.Action
	return view
}

// UseHere makes this browser the visitor of a private link.
func (s *Pages) UseHere(w http.ResponseWriter, r *http.Request) error {
	token := web.Secret(web.Form(r).Get("secret"))
	if !web.ValidToken(token) {
		view := moveView(r)
		view.Secret, view.Error = web.Form(r).Get("secret"), "This link is not whole. Copy it again from the page My answers."
		return web.Render(w, r, http.StatusUnprocessableEntity, views.SecretLinkPage(view))
	}
	web.SetVisitor(w, r, token)
	to := "/answers"
	if _, in := web.Person(r); in { // whose own answers are shown: ask whether these become theirs
		to = "/sign-in/answers?back=%2Fanswers"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// NewLink gives a visitor another token, so that the private link with the one before opens nothing any more. Who has signed in has none.
func (s *Pages) NewLink(w http.ResponseWriter, r *http.Request) error {
	_, in := web.Person(r)
	if owner := web.Visitor(r); owner != "" && !in {
		token := web.NewToken()
		if err := s.answers.Rename(r.Context(), owner, web.Owner(token)); err != nil {
			return err
		}
		web.SetVisitor(w, r, token)
		web.Notify(w, r, "/answers", "link")
	}
	http.Redirect(w, r, "/answers", http.StatusSeeOther)
	return nil
}

// Tick keeps which concepts a visitor ticks off an answer; without scripts what is typed on the page comes along.
func (s *Pages) Tick(w http.ResponseWriter, r *http.Request, q lessons.Question) error {
	form := web.Form(r)
	ticked := map[string]bool{}
	for _, id := range form["concept"] {
		ticked[id] = true
	}
	var ids []string
	for _, c := range q.Concepts {
		if ticked[c.ID] {
			ids = append(ids, c.ID)
		}
	}
	n := len(form["part"])
	if form.Has("text") {
		n = max(1, n)
	}
	all, err := s.answersIn(form, q, n)
	if err != nil {
		return err
	}
	p := s.postedTo(r, q, all)
	if n == 0 {
		p.writing = quietly
	}
	p.act, p.to = func(owner string) error { return s.answers.Tick(r.Context(), owner, q.Slug, ids) }, "/questions/"+q.Slug+"#ticks"
	return s.settle(w, r, p)
}

// Attach puts a run beside an answer, or takes it away where none is given. A script gets its place anew; without scripts what is typed
// on the page comes along.
func (s *Pages) Attach(w http.ResponseWriter, r *http.Request, in Answer) error {
	if web.Form(r).Has("text") {
		return s.settleWithRun(w, r, in, true)
	}
	run, err := ReadRun(s.labs, r, in.run)
	if err != nil {
		return err
	}
	if _, err := s.keep(w, r, web.Writing, func(owner string) error { return s.answers.AttachRun(r.Context(), owner, in.key(), run) }); err != nil {
		return err
	}
	if web.WantsJSON(r) {
		part := views.QuestionPart{ID: in.part, Question: in.question.Slug, Run: s.labs.Chip(run)}
		return redraw(w, r, map[string]templ.Component{"attach-" + part.ID: views.PartRun(part)})
	}
	http.Redirect(w, r, s.backTo(r, in), http.StatusSeeOther)
	return nil
}

// AttachPage lets the visitor choose the answer that a run goes with.
func (s *Pages) AttachPage(w http.ResponseWriter, r *http.Request) error {
	run, err := ReadRun(s.labs, r, web.Query(r).Get("run"))
	if err != nil {
		return err
	}
	if run == "" {
		return web.NotFound
	}
	lines, err := s.QuestionLines(r)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].Href += "?" + url.Values{"run": {run}}.Encode()
	}
	return web.Render(w, r, http.StatusOK, views.AttachPage(web.Frame(r, "Attach a run", "questions"), *s.labs.Chip(run), lines))
}
