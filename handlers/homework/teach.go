package homework

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/plan"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/views"
)

// zones are those that the form offers; every other one can be typed.
var zones = []string{
	"UTC", "Europe/Berlin", "Europe/London", "Europe/Zurich", "Europe/Vienna", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw", "Europe/Helsinki",
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "Africa/Cairo", "Africa/Lagos", "Asia/Kolkata", "Asia/Shanghai",
	"Asia/Tokyo", "Australia/Sydney",
}

// New makes a draft of a plan.
func (s *Pages) New(w http.ResponseWriter, r *http.Request, p plan.Right) error {
	h, err := homework.New(p.Shelf, p.Title, p.ForClass(), web.Form(r).Get("zone"), s.Clock())
	if err == nil {
		err = s.Rows.CreateHomework(r.Context(), h)
	}
	if err != nil {
		return problemOf(err)
	}
	return toTeach(w, r, h)
}

// toTeach leads back to the teacher's page, to the part of the table that a form came from.
func toTeach(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	back := url.Values{}
	for _, name := range []string{"show", "page"} {
		if v := web.Query(r).Get(name); v != "" {
			back.Set(name, v)
		}
	}
	http.Redirect(w, r, views.Href("/homework/"+h.ID+"/teach", back), http.StatusSeeOther)
	return nil
}

// An overview is how far everybody is.
type overview struct {
	sheets            []homework.Sheet
	last              time.Time // of the members' own ends
	answers, unmarked int       // that are to be marked, and are not yet
	markable          bool      // the time of somebody who wrote something is over
}

func (s *Pages) overview(ctx context.Context, h homework.Homework) (o overview, err error) {
	if o.sheets, err = s.Rows.Sheets(ctx, h.ID); err != nil {
		return o, err
	}
	for _, sheet := range o.sheets {
		if sheet.Extended.After(o.last) {
			o.last = sheet.Extended
		}
		bare := sheet
		bare.Marks = nil
		o.unmarked, o.answers = o.unmarked+h.Unmarked(sheet), o.answers+h.Unmarked(bare)
		o.markable = o.markable || h.Unmarked(bare) > 0 && s.over(h, sheet.Member)
	}
	return o, nil
}

// over says whether a member can hand in nothing any more.
func (s *Pages) over(h homework.Homework, m homework.Member) bool {
	phase := h.For(m, s.Clock())
	return phase == homework.Closed || phase == homework.Released
}

// Teach is the page of homework for its teacher.
func (s *Pages) Teach(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	return s.renderTeach(w, r, http.StatusOK, h, func(*views.HomeworkTeach) {})
}

func (s *Pages) renderTeach(w http.ResponseWriter, r *http.Request, status int, h homework.Homework, change func(*views.HomeworkTeach)) error {
	o, err := s.overview(r.Context(), h)
	if err != nil {
		return err
	}
	phase := h.Phase(o.last, o.unmarked, s.Clock())
	page := views.HomeworkTeach{
		Frame: web.Frame(r, h.Title, "class", "answers.js"), ID: h.ID, Title: h.Title, Phase: string(phase), Says: s.says(h, homework.Member{}), Link: web.Origin(r) + "/homework/" + h.ID,
		Set: !h.SetAt.IsZero(), Released: h.Released(), Markable: o.markable, Unmarked: o.unmarked, Answers: o.answers, Release: phase == homework.Closed || phase == homework.Marked,
		Form: s.form(h), Gradebook: s.Linked != nil && s.Linked(r.Context(), h.ID),
	}
	page.Frame.Path = "/homework/" + h.ID + "/teach"
	if phase == homework.Marked {
		page.Says = "It ended " + h.Words(h.End(homework.Member{Extended: o.last})) + ". Everything is marked: release the marks when you like."
	} else if end := h.End(homework.Member{Extended: o.last}); end.After(h.Until) && (phase == homework.Open || phase == homework.Grace) {
		page.Says += " The last student has until " + h.Words(end) + "."
	}
	notice := web.Noticed(w, r, page.Frame.Path)
	if words := strings.Fields(notice); len(words) == 3 && words[0] == "code" {
		page.Code = homework.SpellResume(words[2])
		for i, sheet := range o.sheets {
			if sheet.ID == words[1] {
				page.CodeOf = nameOf(sheet.Member, i)
			}
		}
	} else {
		page.Notice = notice
	}
	s.students(r, h, o, &page)
	change(&page)
	return web.Render(w, r, status, views.HomeworkTeachPage(page))
}

// pageOfStudents is how many students one page of the teacher's table shows.
const pageOfStudents = 50

// shows are what the teacher's table can be narrowed to.
var shows = []struct {
	name, label string
	of          func(views.HomeworkStudent) bool
}{
	{"", "All", func(views.HomeworkStudent) bool { return true }},
	{"unmarked", "To mark", func(l views.HomeworkStudent) bool { return l.Unmarked > 0 }},
	{"nothing", "Handed in nothing", func(l views.HomeworkStudent) bool { return l.Nothing }},
	{"late", "Late", func(l views.HomeworkStudent) bool { return l.Late }},
	{"extended", "With an end of their own", func(l views.HomeworkStudent) bool { return l.Extended != "" }},
}

// students are the teacher's table: one page of those that the query narrows it to.
func (s *Pages) students(r *http.Request, h homework.Homework, o overview, page *views.HomeworkTeach) {
	// Totals of predictions wait for no run here: what is not known yet is left open.
	truths := s.truths(r.Context(), h, 20*time.Millisecond)
	complete := true
	for _, stop := range h.Stops {
		if _, known := truths[stop.ID]; stop.Judged() && stop.Points > 0 && !known {
			complete = false
		}
	}
	page.Joined = len(o.sheets)
	chosen := shows[0]
	for _, f := range shows {
		if f.name == web.Query(r).Get("show") {
			chosen = f
		}
	}
	at := func(show string, n int) string {
		q := url.Values{}
		if show != "" {
			q.Set("show", show)
		}
		if n > 1 {
			q.Set("page", strconv.Itoa(n))
		}
		return views.Href(page.Frame.Path, q)
	}
	counts := map[string]int{}
	var lines []views.HomeworkStudent
	for i, sheet := range o.sheets {
		line := s.studentLine(h, sheet, i)
		if _, total := h.Scores(sheet, truths); complete && s.over(h, sheet.Member) && line.Unmarked == 0 {
			line.Total = homework.Points(total.Points) + " of " + homework.Points(total.Of)
		}
		for _, f := range shows {
			if f.of(line) {
				counts[f.name]++
			}
		}
		if chosen.of(line) {
			lines = append(lines, line)
		}
		page.Extend.Members = append(page.Extend.Members, views.Option{Value: sheet.ID, Label: line.Name})
	}
	for _, f := range shows {
		if counts[f.name] > 0 || f.name == chosen.name {
			page.Shows = append(page.Shows, views.Filter{Href: at(f.name, 1), Label: f.label, Count: counts[f.name], Current: f.name == chosen.name})
		}
	}
	page.Students, page.Page, page.Pages = web.Paged(r, lines, pageOfStudents)
	page.Part = strings.TrimPrefix(at(chosen.name, page.Page), page.Frame.Path)
	if page.Page > 1 {
		page.Previous = at(chosen.name, page.Page-1)
	}
	if page.Page < page.Pages {
		page.Next = at(chosen.name, page.Page+1)
	}
}

// studentLine is how far a student is.
func (s *Pages) studentLine(h homework.Homework, sheet homework.Sheet, place int) views.HomeworkStudent {
	line := views.HomeworkStudent{ID: sheet.ID, Name: nameOf(sheet.Member, place), Unmarked: h.Unmarked(sheet), JoinedAt: sheet.JoinedAt}
	done, of := 0, 0
	for _, stop := range h.Stops {
		if !stop.Asks() && !stop.Predicts() {
			continue
		}
		of++
		if _, guessed := sheet.Guess(stop.ID); guessed {
			done++
		}
		if a, written := sheet.Answer(stop.ID); written && (!a.HandedAt.IsZero() || s.over(h, sheet.Member)) && a.Given() {
			done++
			line.Late = line.Late || h.Late(a, sheet.Member)
		}
	}
	line.Done, line.Nothing = fmt.Sprintf("%d of %d", done, of), done == 0
	if !sheet.Extended.IsZero() {
		line.Extended = h.Words(sheet.Extended)
	}
	return line
}

// nameOf is a member's name, or what stands for one.
func nameOf(m homework.Member, place int) string {
	if m.Nickname != "" {
		return m.Nickname
	}
	return fmt.Sprintf("Student %d", place+1)
}

// form are the terms of homework as the form has them.
func (s *Pages) form(h homework.Homework) views.HomeworkForm {
	zone, err := homework.Zone(h.Zone)
	if err != nil {
		zone = time.UTC
	}
	f := views.HomeworkForm{
		Title: h.Title, From: homework.Field(h.From, zone), Until: homework.Field(h.Until, zone), Zone: h.Zone, Grace: strconv.Itoa(int(h.Grace / time.Minute)),
		Opened: !h.SetAt.IsZero() && !s.Clock().Before(h.From), Zones: zones,
	}
	for _, minutes := range homework.Graces {
		f.Graces = append(f.Graces, views.Option{Value: strconv.Itoa(minutes), Label: graceWords[minutes]})
	}
	for _, t := range []time.Time{h.From, h.Until} {
		if note := homework.Twice(t, zone); note != "" {
			f.Notes = append(f.Notes, note)
		}
	}
	if _, before := h.From.In(zone).Zone(); true {
		if _, after := h.Until.In(zone).Zone(); before != after {
			f.Notes = append(f.Notes, "Clocks are changed in between; the times are those that they show on each day.")
		}
	}
	for _, stop := range h.Stops {
		if stop.Counts() {
			f.Stops = append(f.Stops, views.HomeworkWeight{ID: stop.ID, Title: stop.Title, Points: homework.Points(stop.Points), Weight: homework.Points(stop.Weight), Predicts: stop.Predicts()})
		}
	}
	return f
}

var graceWords = map[int]string{0: "no time", 15: "15 minutes", 60: "an hour", 24 * 60: "a day"}

// SaveTerms keeps the terms, and opens a draft to students by another button. What is wrong stands at its field, beside what was typed.
func (s *Pages) SaveTerms(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	form := web.Form(r)
	terms := homework.Terms{
		Title: form.Get("title"), From: form.Get("from"), Until: form.Get("until"), Zone: form.Get("zone"), Grace: form.Get("grace"),
		Points: map[string]string{}, Weights: map[string]string{},
	}
	for _, stop := range h.Stops {
		terms.Points[stop.ID], terms.Weights[stop.ID] = form.Get("points-"+stop.ID), form.Get("weight-"+stop.ID)
	}
	h, err := s.change(r.Context(), h, func(h homework.Homework) (homework.Homework, error) {
		next, err := h.Termed(terms, s.Clock())
		if err != nil || form.Get("set") == "" {
			return next, err
		}
		next, err = next.Set(s.Clock())
		next.Version = h.Version + 1 // it is one change
		return next, err
	})
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.renderTeach(w, r, http.StatusUnprocessableEntity, h, func(page *views.HomeworkTeach) {
			f := &page.Form
			f.Title, f.From, f.Until, f.Zone, f.Grace, f.Notes = terms.Title, terms.From, terms.Until, terms.Zone, terms.Grace, nil
			for i, stop := range f.Stops {
				f.Stops[i].Points, f.Stops[i].Weight = terms.Points[stop.ID], terms.Weights[stop.ID]
			}
			f.Field, f.Error = refused.Field, web.Sentence(refused.Reason)
		})
	}
	if err != nil {
		return problemOf(err)
	}
	web.Notify(w, r, "/homework/"+h.ID+"/teach", "Saved.")
	return toTeach(w, r, h)
}

// done leads back to the teacher's page, which says what was refused.
func (s *Pages) done(w http.ResponseWriter, r *http.Request, h homework.Homework, err error) error {
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.renderTeach(w, r, http.StatusUnprocessableEntity, h, func(page *views.HomeworkTeach) {
			page.Problem = web.Sentence(refused.Reason)
		})
	}
	if err != nil {
		return problemOf(err)
	}
	return toTeach(w, r, h)
}

// member finds a member by the id that a form gives.
func (s *Pages) member(ctx context.Context, h homework.Homework, id string) (homework.Member, error) {
	sheets, err := s.Rows.Sheets(ctx, h.ID)
	for _, sheet := range sheets {
		if sheet.ID == id {
			return sheet.Member, nil
		}
	}
	if err == nil {
		err = &web.Problem{Status: http.StatusNotFound, Heading: "No such student", Text: "This student is not in the homework any more."}
	}
	return homework.Member{}, err
}

// Extend gives one student a later end.
func (s *Pages) Extend(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	until := web.Form(r).Get("until")
	m, err := s.member(r.Context(), h, web.Form(r).Get("member"))
	if err != nil {
		return err
	}
	err = homework.ErrStale
	for try := 0; errors.Is(err, homework.ErrStale) && try < tries; try++ {
		if m, err = h.Extend(m, until, s.Clock()); err == nil {
			err = s.Rows.Extend(r.Context(), h, m)
		}
		if errors.Is(err, homework.ErrStale) {
			if h, err = s.Rows.Homework(r.Context(), h.ID); err == nil {
				err = homework.ErrStale
			}
		}
	}
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.renderTeach(w, r, http.StatusUnprocessableEntity, h, func(page *views.HomeworkTeach) {
			page.Extend.Member, page.Extend.Until, page.Extend.Error = m.ID, until, web.Sentence(refused.Reason)
		})
	}
	return s.done(w, r, h, err)
}

// Recode makes a new code for a student who has lost it.
func (s *Pages) Recode(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	m, err := s.member(r.Context(), h, web.Form(r).Get("member"))
	if err != nil {
		return err
	}
	code := homework.NewResume()
	if err := s.Rows.RenewResume(r.Context(), h.ID, m.ID, homework.Hash(code)); err != nil {
		return problemOf(err)
	}
	web.Notify(w, r, "/homework/"+h.ID+"/teach", "code "+m.ID+" "+code)
	return toTeach(w, r, h)
}

// Release shows students their marks, and tells whoever has to know. One that is released is told again.
func (s *Pages) Release(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	truths := s.truths(r.Context(), h, releaseTime)
	o, err := s.overview(r.Context(), h)
	if err != nil {
		return err
	}
	h, err = s.change(r.Context(), h, func(h homework.Homework) (homework.Homework, error) {
		return h.Release(o.last, o.unmarked, truths, s.Clock())
	})
	if err == nil {
		err = s.tell(r.Context(), h, o.sheets)
	}
	return s.done(w, r, h, err)
}

// Delete deletes homework and everything in it.
func (s *Pages) Delete(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	if web.Form(r).Get("sure") == "" {
		return s.renderTeach(w, r, http.StatusUnprocessableEntity, h, func(page *views.HomeworkTeach) {
			page.DeleteBad = "Tick the box to delete it. Nothing was deleted."
		})
	}
	if err := s.Rows.DeleteHomework(r.Context(), h.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/homework", http.StatusSeeOther)
	return nil
}
