package homework

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/lessons"
	"gradlab/views"
)

const (
	bankSize = 8 // how many comments are offered to be given again
	byCookie = "marker"
)

// An entry is an answer that can be marked, with the mark that it has.
type entry struct {
	sheet  homework.Sheet
	place  int // among those who joined
	answer homework.Answer
	mark   homework.Mark
}

// entries are the answers to a stop of those whose time is over, in an order that tells nothing of who wrote them.
func (s *Pages) entries(h homework.Homework, sheets []homework.Sheet, stop string) []entry {
	by, answers := map[string]entry{}, []classroom.Answer{}
	for i, sheet := range sheets {
		if a, found := sheet.Answer(stop); found && a.Given() && s.over(h, sheet.Member) {
			m, _ := sheet.Mark(stop)
			by[sheet.ID] = entry{sheet, i, a, m}
			answers = append(answers, a.Answer)
		}
	}
	var all []entry
	for _, a := range classroom.Blind(answers) {
		all = append(all, by[a.Member])
	}
	return all
}

// grouped puts equal answers together that argue from the same run, or each on its own.
func grouped(all []entry, apart bool) [][]entry {
	if !apart {
		return classroom.Grouped(all, func(e entry) string { return e.answer.Text + "\n" + e.answer.Run })
	}
	var groups [][]entry
	for _, e := range all {
		groups = append(groups, []entry{e})
	}
	return groups
}

func allDone(group []entry) bool {
	return !slices.ContainsFunc(group, func(e entry) bool { return !homework.Done(e.answer, e.mark) })
}

// Marks shows one answer after another, question by question; those who wrote the same are marked together.
func (s *Pages) Marks(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	query := web.Query(r)
	view := views.MarkPage{
		Frame: web.Frame(r, "Marks", "class", "class-marks.js"), Back: "/homework/" + h.ID + "/teach", Action: "/homework/" + h.ID + "/marks", Title: h.Title,
		Names: query.Get("names") == "1", Apart: query.Get("apart") == "1", Released: h.Released(), AsksBy: true,
	}
	for _, cookie := range r.CookiesNamed(byCookie) {
		view.By, _ = url.QueryUnescape(cookie.Value)
	}
	sheets, err := s.Rows.Sheets(r.Context(), h.ID)
	if err != nil {
		return err
	}
	chosen, all := s.questions(&view, h, sheets, query.Get("stop"))
	if len(all) == 0 {
		return web.Render(w, r, http.StatusOK, views.MarkClassPage(view))
	}
	list := grouped(all, view.Apart)
	view.Most, view.Of = homework.Points(chosen.Points), len(list)
	at, _ := strconv.Atoi(query.Get("at"))
	view.At = min(max(at, 1), len(list))
	if view.At > 1 {
		view.Previous = markHref(view, view.Stop, view.At-1, view.Apart)
	}
	if view.At < len(list) {
		view.Next = markHref(view, view.Stop, view.At+1, view.Apart)
	}
	for _, g := range list {
		if allDone(g) {
			view.Done++
		}
	}
	group := list[view.At-1]
	if view.Item, err = s.item(r.Context(), h, chosen, group); err != nil {
		return err
	}
	view.Item.Who = fmt.Sprintf("Answer %d", view.At)
	if view.Names {
		var names []string
		for _, e := range group {
			names = append(names, nameOf(e.sheet.Member, e.place))
		}
		view.Item.Who = strings.Join(names, ", ")
	}
	if len(group) > 1 {
		view.Item.Apart = markHref(view, view.Stop, 1, true)
	} else if view.Apart {
		view.Item.Together = markHref(view, view.Stop, 1, false)
	}
	var marks []classroom.Mark
	for _, sheet := range sheets {
		for _, m := range sheet.Marks {
			marks = append(marks, m.Mark)
		}
	}
	view.Bank = classroom.Bank(marks, bankSize)
	return web.Render(w, r, http.StatusOK, views.MarkClassPage(view))
}

// markHref leads to the n-th answer to a stop, with names where the page has them.
func markHref(view views.MarkPage, stop string, n int, apart bool) string {
	q := url.Values{"stop": {stop}, "at": {strconv.Itoa(n)}}
	if view.Names {
		q.Set("names", "1")
	}
	if apart {
		q.Set("apart", "1")
	}
	return views.Href(view.Action, q)
}

// questions lists on the page what can be marked, and chooses the stop that is asked for, or the first one; its answers are returned.
func (s *Pages) questions(view *views.MarkPage, h homework.Homework, sheets []homework.Sheet, asked string) (chosen homework.Stop, answers []entry) {
	stop, _, found := h.Stop(asked)
	found = found && stop.Asks()
	for _, each := range h.Stops {
		if !each.Asks() {
			continue
		}
		all := s.entries(h, sheets, each.ID)
		if len(all) == 0 {
			continue
		}
		if !found {
			stop, found = each, true
		}
		q := views.MarkQuestion{Href: markHref(*view, each.ID, 1, view.Apart), Title: each.Title, Of: len(all), Current: each.ID == stop.ID}
		for _, e := range all {
			if homework.Done(e.answer, e.mark) {
				q.Done++
			}
		}
		view.Questions = append(view.Questions, q)
		if q.Current {
			view.Stop, view.Question, chosen, answers = each.ID, each.Title, each, all
		}
	}
	return chosen, answers
}

// item shows equal answers with the mark that they have; before there is one, the hints suggest which concepts to tick. Its revision is the sum of
// those of the marks, which grows with each of them.
func (s *Pages) item(ctx context.Context, h homework.Homework, stop homework.Stop, group []entry) (*views.MarkItem, error) {
	first := group[0]
	q, _ := s.library.Question(stop.Question)
	item := &views.MarkItem{
		Words: []views.Marked{{Text: first.answer.Text}}, Marked: allDone(group), Run: s.Desk.Labs.Chip(first.answer.Run), Embed: s.Desk.Labs.Frame(first.answer.Run, false),
		Notes: notesOn(h, group),
	}
	for _, e := range group {
		item.Members = append(item.Members, e.sheet.ID)
		item.Revision += e.mark.Revision
	}
	suggested := map[string]bool{}
	if q.Rubric != nil {
		item.Words = board.Hints(q, stop.Part, first.answer.Text).Words
		for _, f := range q.Rubric.Find(first.answer.Text) {
			suggested[f.ID] = f.Found
		}
	}
	marked := first.mark.Revision > 0
	for _, c := range q.Concepts {
		if c.Part == stop.Part {
			item.Concepts = append(item.Concepts, views.MarkConcept{
				ID: c.ID, Label: c.Label, Suggested: suggested[c.ID], On: marked && slices.Contains(first.mark.Concepts, c.ID) || !marked && suggested[c.ID],
			})
		}
	}
	if marked {
		item.Points, item.Comment, item.Saved = first.mark.Points(), first.mark.Comment, first.mark.UpdatedAt
	}
	history, err := s.Rows.MarkHistory(ctx, h.ID, stop.ID, first.sheet.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range history {
		before := views.MarkBefore{At: m.UpdatedAt, Comment: m.Comment, Says: "no points"}
		if m.Hundredths >= 0 {
			before.Says = countOf(m.Hundredths)
		}
		if m.By != "" {
			before.Says += ", by " + m.By
		}
		item.History = append(item.History, before)
	}
	return item, nil
}

// notesOn says what whoever marks equal answers should know: that there are several, or no text, different marks, a late hour, a change.
func notesOn(h homework.Homework, group []entry) (notes []string) {
	first := group[0]
	late, after, differ := 0, 0, false
	for _, e := range group {
		if h.Late(e.answer, e.sheet.Member) {
			late++
		}
		if e.mark.Revision > 0 && !homework.Done(e.answer, e.mark) && e.mark.Hundredths >= 0 {
			after++
		}
		differ = differ || e.mark.Hundredths != first.mark.Hundredths || e.mark.Comment != first.mark.Comment || !slices.Equal(e.mark.Concepts, first.mark.Concepts)
	}
	if strings.TrimSpace(first.answer.Text) == "" {
		notes = append(notes, "There is no text: the run is all that was handed in.")
	}
	if n := len(group); n > 1 {
		notes = append(notes, fmt.Sprintf("%d students wrote this, but for spaces and capitals: one mark is for all of them.", n))
	}
	if differ {
		notes = append(notes, "They have different marks now; what you save replaces all of them.")
	}
	if late > 0 {
		notes = append(notes, cameLate(late, len(group)))
	}
	if after > 0 {
		notes = append(notes, "It was changed after it was marked.")
	}
	return notes
}

func cameLate(late, of int) string {
	switch {
	case of == 1:
		return "It came late."
	case late == of:
		return "All of them came late."
	}
	return fmt.Sprintf("%d of them came late.", late)
}

// SaveMark keeps a mark for all members that the form names: from a script while the teacher works, from a form on to the next answer.
func (s *Pages) SaveMark(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	form := web.Form(r)
	stop, _, _ := h.Stop(form.Get("stop"))
	mark, seen, err := s.readMark(r, h, stop)
	if err != nil {
		return problemOf(err)
	}
	sheets, err := s.Rows.Sheets(r.Context(), h.ID)
	if err != nil {
		return err
	}
	var marks []homework.Mark
	var told []homework.Sheet
	at := int64(0)
	for _, e := range s.entries(h, sheets, stop.ID) {
		if slices.Contains(form["member"], e.sheet.ID) {
			m := mark
			m.Member, m.Revision = e.sheet.ID, e.mark.Revision
			marks, told, at = append(marks, m), append(told, e.sheet), at+e.mark.Revision
		}
	}
	if at != seen || len(marks) == 0 || len(marks) != len(form["member"]) {
		return staleMark
	}
	saved, err := s.Rows.SaveHomeworkMarks(r.Context(), h, marks)
	if errors.Is(err, homework.ErrStale) {
		return staleMark
	}
	if err != nil {
		return err
	}
	if h.Released() {
		for i := range told {
			told[i], err = s.Rows.Sheet(r.Context(), h.ID, told[i].Member)
			if err != nil {
				return err
			}
		}
		if err := s.tell(r.Context(), h, told); err != nil {
			return err
		}
	}
	web.SetCookie(w, r, &http.Cookie{Name: byCookie, Value: url.QueryEscape(mark.By), Path: "/homework", HttpOnly: true, Secure: web.Encrypted(r), SameSite: http.SameSiteLaxMode, MaxAge: 200 * 24 * 3600})
	if web.WantsJSON(r) {
		return web.WriteJSON(w, http.StatusOK, web.SavedAt(seen+int64(len(saved)), saved[0].UpdatedAt))
	}
	http.Redirect(w, r, web.LocalPath(form.Get("then")), http.StatusSeeOther)
	return nil
}

// readMark reads a mark from its form, and the revision of what its maker saw.
func (s *Pages) readMark(r *http.Request, h homework.Homework, stop homework.Stop) (mark homework.Mark, seen int64, err error) {
	form := web.Form(r)
	q, _ := s.library.Question(stop.Question)
	mark = homework.Mark{Mark: classroom.Mark{Stop: form.Get("stop"), Comment: web.Newlines(form.Get("comment"))}, By: form.Get("by")}
	for _, id := range form["concept"] {
		if !slices.ContainsFunc(q.Concepts, func(c lessons.Concept) bool { return c.ID == id && c.Part == stop.Part }) {
			return mark, 0, &classroom.RefusedError{Reason: "there is no such concept"}
		}
		mark.Concepts = append(mark.Concepts, id)
	}
	if mark.Hundredths, err = classroom.ParsePoints(form.Get("points")); err != nil {
		return mark, 0, err
	}
	if seen, err = web.Revision(form); err != nil {
		return mark, 0, err
	}
	mark, err = h.Checked(mark)
	return mark, seen, err
}
