package class

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// bankSize is how many comments are offered to be given again.
const bankSize = 8

// Marks shows one answer after another, question by question, with what it takes to mark it.
func (s *Pages) Marks(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	view, err := s.marksView(r, c)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.MarkClassPage(view))
}

func (s *Pages) marksView(r *http.Request, c classroom.Class) (views.MarkPage, error) {
	query := web.Query(r)
	view := views.MarkPage{Frame: web.Frame(r, "Marks", "class", "class-marks.js"), Back: "/class/" + c.Code + "/remote", Action: "/class/" + c.Code + "/marks", Title: c.Title, Names: query.Get("names") == "1", Released: c.Released()}
	answers, err := s.rows.ClassAnswers(r.Context(), c.ID, "")
	if err != nil {
		return view, err
	}
	marks, err := s.rows.Marks(r.Context(), c.ID)
	if err != nil {
		return view, err
	}
	marked := map[[2]string]classroom.Mark{}
	for _, m := range marks {
		marked[[2]string{m.Stop, m.Member}] = m
	}
	byStop := map[string][]classroom.Answer{}
	for _, a := range answers {
		byStop[a.Stop] = append(byStop[a.Stop], a)
	}
	at := func(stop string, n int) string {
		q := url.Values{"stop": {stop}, "at": {strconv.Itoa(n)}}
		if view.Names {
			q.Set("names", "1")
		}
		return views.Href("/class/"+c.Code+"/marks", q)
	}
	markQuestions(&view, c, query.Get("stop"), byStop, marked, at)
	if view.Stop == "" {
		return view, nil
	}
	list := classroom.Blind(byStop[view.Stop])
	view.At, _ = strconv.Atoi(query.Get("at"))
	view.At = min(max(view.At, 1), len(list))
	if view.At > 1 {
		view.Previous = at(view.Stop, view.At-1)
	}
	if view.At < len(list) {
		view.Next = at(view.Stop, view.At+1)
	}
	a := list[view.At-1]
	mark, found := marked[[2]string{a.Stop, a.Member}]
	stop, _, _ := c.Stop(view.Stop)
	question, _ := s.library.Question(stop.Question)
	view.Item = s.markItem(a, mark, found, question, stop.Part)
	if stop.Most > 0 {
		view.Most = classroom.Mark{Hundredths: stop.Most}.Points()
	}
	view.Item.Who = fmt.Sprintf("Answer %d", view.At)
	if view.Names {
		members, err := s.rows.Members(r.Context(), c.ID)
		if err != nil {
			return view, err
		}
		view.Item.Who = cmp.Or(classroom.Names(members)[a.Member], gone)
	}
	view.Bank = classroom.Bank(marks, bankSize)
	return view, nil
}

// markQuestions lists the questions that were answered, with how many answers of each are marked; the chosen one, or the first, is
// the one whose answers are shown.
func markQuestions(view *views.MarkPage, c classroom.Class, chosen string, byStop map[string][]classroom.Answer, marked map[[2]string]classroom.Mark, at func(stop string, n int) string) {
	if stop, _, found := c.Stop(chosen); !found || stop.Kind != classroom.Ask {
		chosen = ""
	}
	for _, stop := range c.Plan {
		if stop.Kind != classroom.Ask || len(byStop[stop.ID]) == 0 {
			continue
		}
		if chosen == "" {
			chosen = stop.ID
		}
		q := views.MarkQuestion{Href: at(stop.ID, 1), Title: stop.Title, Of: len(byStop[stop.ID]), Current: stop.ID == chosen}
		for _, a := range byStop[stop.ID] {
			if _, found := marked[[2]string{a.Stop, a.Member}]; found {
				q.Done++
			}
		}
		view.Questions = append(view.Questions, q)
		if q.Current {
			view.Stop, view.Question, view.Done, view.Of = stop.ID, stop.Title, q.Done, q.Of
		}
	}
}

// gone stands for the name of a member who left.
const gone = "A student who left"

// markItem shows an answer with the mark that it has; before there is one, the hints suggest which concepts to tick.
func (s *Pages) markItem(a classroom.Answer, m classroom.Mark, marked bool, q lessons.Question, part string) *views.MarkItem {
	item := &views.MarkItem{Members: []string{a.Member}, Run: s.labs.Chip(a.Run), Embed: s.labs.Frame(a.Run, false), Revision: m.Revision, Marked: marked}
	item.Words = []views.Marked{{Text: a.Text}}
	suggested := map[string]bool{}
	if q.Rubric != nil {
		item.Words = board.Hints(q, part, a.Text).Words
		named, _ := a.Hinted(q.Rubric.Version())
		for _, id := range named {
			suggested[id] = true
		}
	}
	for _, concept := range q.Concepts {
		if concept.Part != part {
			continue
		}
		item.Concepts = append(item.Concepts, views.MarkConcept{
			ID: concept.ID, Label: concept.Label, Suggested: suggested[concept.ID],
			On: marked && slices.Contains(m.Concepts, concept.ID) || !marked && suggested[concept.ID],
		})
	}
	if marked {
		item.Points, item.Comment, item.Saved = m.Points(), m.Comment, m.UpdatedAt
	}
	return item
}

// SaveMark keeps a mark: from a script while the teacher works, from a form on to the next answer.
func (s *Pages) SaveMark(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	mark, err := s.readMark(r, c)
	if err != nil {
		return problemOf(err)
	}
	saved, err := s.rows.SaveMark(r.Context(), c.ID, mark)
	if errors.Is(err, classroom.ErrStale) {
		return &web.Problem{Status: http.StatusConflict, Heading: "Changed elsewhere",
			Text: "This answer was marked from another page meanwhile, at " + web.Clock(saved.UpdatedAt) + ". Reload to see that mark; yours was not kept."}
	}
	if err != nil {
		return problemOf(err)
	}
	if web.WantsJSON(r) {
		return web.WriteJSON(w, http.StatusOK, web.SavedAt(saved.Revision, saved.UpdatedAt))
	}
	http.Redirect(w, r, web.LocalPath(web.Form(r).Get("then")), http.StatusSeeOther)
	return nil
}

func (s *Pages) readMark(r *http.Request, c classroom.Class) (classroom.Mark, error) {
	form := web.Form(r)
	stop, _, found := c.Stop(form.Get("stop"))
	if !found || stop.Kind != classroom.Ask {
		return classroom.Mark{}, &classroom.RefusedError{Reason: "there is no such question in this class"}
	}
	q, _ := s.library.Question(stop.Question)
	mark := classroom.Mark{Stop: stop.ID, Member: form.Get("member"), Comment: web.Newlines(form.Get("comment")), UpdatedAt: time.Now()}
	for _, id := range form["concept"] {
		if !slices.ContainsFunc(q.Concepts, func(concept lessons.Concept) bool { return concept.ID == id && concept.Part == stop.Part }) {
			return mark, &classroom.RefusedError{Reason: "there is no such concept"}
		}
		mark.Concepts = append(mark.Concepts, id)
	}
	var err error
	if mark.Hundredths, err = classroom.ParsePoints(form.Get("points")); err != nil {
		return mark, err
	}
	if mark.Revision, err = web.Revision(form); err != nil {
		return mark, err
	}
	if err := stop.Fits(mark); err != nil {
		return mark, err
	}
	return mark.Checked()
}
