package homework

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/views"
)

// Home lists what a visitor has joined, and what is set by the visitor.
func (s *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	page := views.HomeworkHome{Frame: web.Frame(r, "Homework", "class")}
	if owner := web.Visitor(r); owner != "" {
		joined, err := s.Rows.HomeworkJoined(r.Context(), owner)
		if err != nil {
			return err
		}
		for _, h := range joined {
			m, _, err := s.Rows.HomeworkMember(r.Context(), h.ID, owner)
			if err != nil {
				return err
			}
			page.Joined = append(page.Joined, views.HomeworkLine{Href: "/homework/" + h.ID, Title: h.Title, Says: s.says(h, m)})
		}
	}
	own, err := s.Own(r)
	if err != nil {
		return err
	}
	for _, h := range own {
		page.Own = append(page.Own, views.HomeworkLine{Href: "/homework/" + h.ID + "/teach", Title: h.Title, Says: s.says(h, homework.Member{})})
	}
	return web.Render(w, r, http.StatusOK, views.HomeworkHomePage(page))
}

// says is how far homework is for a member, in words.
func (s *Pages) says(h homework.Homework, m homework.Member) string {
	end := h.End(m)
	switch h.For(m, s.Clock()) {
	case homework.Draft:
		return "A draft: students do not see it yet."
	case homework.Waiting:
		return "Opens " + h.Words(h.From) + " and ends " + h.Words(end) + "."
	case homework.Open:
		return "Open until " + h.Words(end) + "."
	case homework.Grace:
		return "It ended " + h.Words(end) + ". Until " + h.Words(end.Add(h.Grace)) + " what comes in is taken, as late."
	case homework.Released:
		return "It ended " + h.Words(end) + ". The marks are released."
	}
	return "It ended " + h.Words(end) + ". The marks are not released yet."
}

// Page is a student's overview, or the way in.
func (s *Pages) Page(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	web.EnsureVisitor(w, r)
	m, found, err := s.Rows.HomeworkMember(r.Context(), h.ID, web.Visitor(r))
	if err != nil {
		return err
	}
	if !found {
		return s.renderJoin(w, r, http.StatusOK, h, views.HomeworkJoin{})
	}
	sheet, err := s.Rows.Sheet(r.Context(), h.ID, m)
	if err != nil {
		return err
	}
	page := views.HomeworkPage{
		Frame: web.Frame(r, h.Title, "class"), ID: h.ID, Title: h.Title, Nickname: m.Nickname, Says: s.says(h, m), Released: h.Released(),
	}
	phase := h.For(m, s.Clock())
	page.Begun = phase != homework.Draft && phase != homework.Waiting
	notice := web.Noticed(w, r, page.Frame.Path)
	if code, found := strings.CutPrefix(notice, "code "); found {
		page.Code = homework.SpellResume(code)
	}
	if !page.Begun {
		return web.Render(w, r, http.StatusOK, views.HomeworkStudentPage(page))
	}
	scores, total := h.Scores(sheet, h.Truths)
	if page.Released {
		page.Frame.Formulas = "/formulas.css?v=" + s.library.Sheet().Version // of the model answers
		page.Total = fmt.Sprintf("You have %s of %s points.", homework.Points(total.Points), homework.Points(total.Of))
	}
	for i, stop := range h.Stops {
		step := s.step(r.Context(), h, sheet, stop, scores)
		if s.seen(h, m, sheet, i) {
			step.Href = stopPath(h, stop)
		}
		if _, guessed := sheet.Guess(stop.ID); page.Next == "" && step.Href != "" && h.Accepts(m, s.Clock()) == nil {
			a, _ := sheet.Answer(stop.ID)
			if stop.Predicts() && !guessed || stop.Asks() && a.HandedAt.IsZero() {
				page.Next = step.Href
			}
		}
		page.Stops = append(page.Stops, step)
	}
	return web.Render(w, r, http.StatusOK, views.HomeworkStudentPage(page))
}

func stopPath(h homework.Homework, stop homework.Stop) string {
	return "/homework/" + h.ID + "/stops/" + stop.ID
}

// seen says whether a student may see a stop: until the time is over, not before every prediction above it is committed to.
func (s *Pages) seen(h homework.Homework, m homework.Member, sheet homework.Sheet, place int) bool {
	switch h.For(m, s.Clock()) {
	case homework.Draft, homework.Waiting:
		return false
	case homework.Closed, homework.Released:
		return true
	}
	for _, stop := range h.Stops[:place] {
		if _, guessed := sheet.Guess(stop.ID); stop.Predicts() && !guessed {
			return false
		}
	}
	return true
}

// step is a stop in a student's list; marks, truths and the model answer are in it after the release.
func (s *Pages) step(ctx context.Context, h homework.Homework, sheet homework.Sheet, stop homework.Stop, scores map[string]homework.Score) views.HomeworkStep {
	step := views.HomeworkStep{Title: stop.Title}
	guess, guessed := sheet.Guess(stop.ID)
	answer, written := sheet.Answer(stop.ID)
	switch {
	case stop.Predicts() && guessed:
		step.State = "Committed"
	case stop.Predicts():
		step.State = "A prediction, not committed to yet"
	case stop.Asks() && !answer.HandedAt.IsZero():
		step.State = "Handed in"
	case stop.Asks() && written && h.Accepts(sheet.Member, s.Clock()) == nil:
		step.State = "Begun, not handed in yet"
	case stop.Asks() && written:
		step.State = "Handed in, as it stood at the end"
	case stop.Asks():
		step.State = "A question"
	default:
		step.State = "To look at"
	}
	if stop.Asks() && written && h.Late(answer, sheet.Member) {
		step.State += ", late"
	}
	score, counts := scores[stop.ID]
	if counts {
		step.Points = countOf(score.Of)
	}
	if !h.Released() {
		return step
	}
	if counts {
		step.Points = homework.Points(score.Points) + " of " + countOf(score.Of)
	}
	step.Text, step.Run = answer.Text, s.Desk.Labs.Chip(answer.Run)
	if guessed {
		step.Guess = views.Join(views.T("You said "), board.GuessWords(stop.Stop, guess.Value), views.T(". "))
		j := s.patiently(ctx, h, stop)
		step.Truth, step.Reply = board.TruthWords(stop.Stop, j.raw, j.told, nil), s.Judge.Reply(stop.Stop, guess.Value)
	}
	q, _ := s.library.Question(stop.Question)
	if part, found := q.Part(stop.Part); found && stop.Asks() {
		step.Model = part.ModelHTML
	}
	if mark, found := sheet.Mark(stop.ID); found {
		step.Comment = mark.Comment
		for _, c := range q.Concepts {
			for _, id := range mark.Concepts {
				if c.ID == id && c.Part == stop.Part {
					step.Names = append(step.Names, c.Label)
				}
			}
		}
	}
	return step
}

func countOf(hundredths int64) string {
	if hundredths == 100 {
		return "1 point"
	}
	return homework.Points(hundredths) + " points"
}

func (s *Pages) renderJoin(w http.ResponseWriter, r *http.Request, status int, h homework.Homework, view views.HomeworkJoin) error {
	view.Frame, view.ID, view.Title, view.Says = web.Frame(r, h.Title, "class"), h.ID, h.Title, s.says(h, homework.Member{})
	view.Frame.Path = "/homework/" + h.ID
	phase := h.For(homework.Member{}, s.Clock())
	view.Open = phase == homework.Waiting || phase == homework.Open || phase == homework.Grace
	var err error
	if view.Teacher, err = s.owns(r, h); err != nil {
		return err
	}
	return web.Render(w, r, status, views.HomeworkJoinPage(view))
}

// Join makes a visitor a member.
func (s *Pages) Join(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	if !s.writes.Allow(web.EnsureVisitor(w, r)) {
		return web.TooMany
	}
	typed := web.Form(r).Get("nickname")
	name, err := classroom.Line(typed, classroom.MaxNickname)
	reason := ""
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		reason = web.Sentence(refused.Reason)
	} else if err == nil && name == "" {
		reason = "Give your name, so that your teacher knows whose work it is."
	}
	if reason != "" {
		return s.renderJoin(w, r, http.StatusUnprocessableEntity, h, views.HomeworkJoin{Nickname: typed, NameError: reason})
	}
	if phase := h.For(homework.Member{}, s.Clock()); phase != homework.Waiting && phase != homework.Open && phase != homework.Grace {
		return s.renderJoin(w, r, http.StatusConflict, h, views.HomeworkJoin{Nickname: typed})
	}
	fresh, code := homework.NewMember(name)
	var joined homework.Member
	if _, err := web.Writing(w, r, func(owner string) (err error) {
		joined, err = s.Rows.JoinHomework(r.Context(), h.ID, owner, fresh, homework.Hash(code))
		return err
	}); err != nil {
		return problemOf(err)
	}
	if joined.ID == fresh.ID { // who has joined already has the code of then
		web.Notify(w, r, "/homework/"+h.ID, "code "+code)
	}
	http.Redirect(w, r, "/homework/"+h.ID, http.StatusSeeOther)
	return nil
}

// Resume makes a visitor the member whose code is given.
func (s *Pages) Resume(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	if !s.writes.Allow(web.EnsureVisitor(w, r)) {
		return web.TooMany
	}
	typed := web.Form(r).Get("code")
	code, ok := homework.ParseResume(typed)
	err := homework.ErrNone
	if ok {
		_, err = web.Writing(w, r, func(owner string) error {
			_, err := s.Rows.ResumeHomework(r.Context(), h.ID, owner, homework.Hash(code))
			return err
		})
	}
	view := views.HomeworkJoin{Code: typed}
	switch {
	case errors.Is(err, homework.ErrNone):
		view.CodeError = "This code opens nothing here. It has twelve letters and digits, like KXR4-47QT-CDEF; one that was made later has taken its place."
		return s.renderJoin(w, r, http.StatusNotFound, h, view)
	case errors.Is(err, homework.ErrSeated):
		view.CodeError = "In this browser you have joined already, as somebody else. Leave the homework there first, or use another browser."
		return s.renderJoin(w, r, http.StatusConflict, h, view)
	case err != nil:
		return problemOf(err)
	}
	http.Redirect(w, r, "/homework/"+h.ID, http.StatusSeeOther)
	return nil
}

// NewCode gives a student another code for going on elsewhere.
func (s *Pages) NewCode(w http.ResponseWriter, r *http.Request, d Desk) error {
	code := homework.NewResume()
	if err := s.Rows.RenewResume(r.Context(), d.Homework.ID, d.Member.ID, homework.Hash(code)); err != nil {
		return problemOf(err)
	}
	web.Notify(w, r, "/homework/"+d.Homework.ID, "code "+code)
	http.Redirect(w, r, "/homework/"+d.Homework.ID, http.StatusSeeOther)
	return nil
}

// Leave takes a student out, with everything that they handed in.
func (s *Pages) Leave(w http.ResponseWriter, r *http.Request, d Desk) error {
	if web.Form(r).Get("sure") == "" {
		return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not left", Text: "Tick the box to delete what you handed in. Nothing was deleted."}
	}
	if err := s.Rows.LeaveHomework(r.Context(), d.Homework.ID, web.Visitor(r)); err != nil {
		return err
	}
	http.Redirect(w, r, "/homework", http.StatusSeeOther)
	return nil
}
