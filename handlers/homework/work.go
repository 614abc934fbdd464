package homework

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/views"
)

// Stop is a stop as a student works at it.
func (s *Pages) Stop(w http.ResponseWriter, r *http.Request, d Desk) error {
	return s.renderStop(w, r, http.StatusOK, d, func(*views.HomeworkStop) {})
}

// stopOf is the stop of an address, for a student who may see it.
func (s *Pages) stopOf(r *http.Request, d Desk) (stop homework.Stop, place int, sheet homework.Sheet, err error) {
	stop, place, found := d.Stop(web.Path(r, "stop"))
	if !found {
		return stop, place, sheet, noStop
	}
	if sheet, err = s.Rows.Sheet(r.Context(), d.Homework.ID, d.Member); err != nil {
		return stop, place, sheet, err
	}
	if !s.seen(d.Homework, d.Member, sheet, place) {
		err = notYet
	}
	return stop, place, sheet, err
}

// renderStop shows a stop, with what change makes of the page.
func (s *Pages) renderStop(w http.ResponseWriter, r *http.Request, status int, d Desk, change func(*views.HomeworkStop)) error {
	h, m := d.Homework, d.Member
	stop, place, sheet, err := s.stopOf(r, d)
	if err != nil {
		return err
	}
	phase := h.For(m, s.Clock())
	guess, guessed := sheet.Guess(stop.ID)
	public := classroom.Public{Kind: stop.Kind, Heading: stop.Title, Text: stop.Text, Picture: stop.Picture, Alt: stop.Alt, Form: stop.Form, Choices: stop.Choices}
	if !stop.Predicts() || guessed || h.Released() { // the lab shows the truth
		public.Path = stop.Path
	}
	page := views.HomeworkStop{
		Frame: web.Frame(r, stop.Title, "class"), ID: h.ID, Title: h.Title, Stop: stop.ID, Stage: s.Desk.Stage(public), Number: place + 1, Of: len(h.Stops), Says: s.says(h, m),
		Open: phase == homework.Open || phase == homework.Grace, Late: phase == homework.Grace, Committed: guessed,
	}
	page.Frame.Path = stopPath(h, stop)
	if stop.Counts() && stop.Points > 0 && stop.Weight > 0 {
		page.Points = countOf(stop.Points * stop.Weight / 100)
	}
	if place > 0 {
		page.Previous = stopPath(h, h.Stops[place-1])
	}
	if place+1 < len(h.Stops) {
		if page.Held = !s.seen(h, m, sheet, place+1); !page.Held {
			page.Next = stopPath(h, h.Stops[place+1])
		}
	}
	if stop.Predicts() {
		if guessed {
			page.Stage.Guess = views.Join(views.T("You said "), views.Stressed(board.GuessWords(stop.Stop, guess.Value)), views.T(". "))
			if i := int(guess.Value); stop.Form == classroom.Choice && i < len(page.Stage.Choices) {
				page.Stage.Choices[i].Chosen = true
			}
		}
		if guessed || h.Released() {
			j := s.patiently(r.Context(), h, stop)
			page.Stage.Truth, page.Waits = board.TruthWords(stop.Stop, j.raw, j.told, nil), !j.told && !stop.Truth.None()
			if j.known && guessed {
				page.Stage.Reply = s.Judge.Reply(stop.Stop, guess.Value)
				page.Verdict = "That is not it."
				if j.truth.Right(guess.Value) {
					page.Verdict = "You were right."
				}
			}
		}
	}
	if stop.Asks() {
		a, _ := sheet.Answer(stop.ID)
		page.Answer = &views.HomeworkAnswer{
			Text: a.Text, Revision: a.Revision, Saved: a.UpdatedAt, Handed: a.HandedAt, Changed: a.UpdatedAt.After(a.HandedAt), Most: answers.MaxCharacters,
			Run: s.Desk.Labs.Chip(a.Run), RunText: a.Run,
		}
		if page.Open {
			page.Frame.Scripts = []string{"question.js"}
		}
	}
	change(&page)
	return web.Render(w, r, status, views.HomeworkStopPage(page))
}

// handIn lets take keep what a form brought, as long as the homework accepts it; homework that changes meanwhile is tried again.
func (s *Pages) handIn(r *http.Request, d Desk, take func(h homework.Homework, stop homework.Stop) error) (err error) {
	stop, _, _, err := s.stopOf(r, d)
	for try := 0; err == nil && try < tries; try++ {
		if err = d.Accepts(d.Member, s.Clock()); err != nil {
			return err
		}
		if err = take(d.Homework, stop); !errors.Is(err, homework.ErrStale) {
			return err
		}
		d, err = s.Joined(r)
	}
	if err == nil {
		err = homework.ErrStale
	}
	return err
}

// refusal is what may be shown of an error to whoever handed something in.
func (s *Pages) refusal(r *http.Request, err error) *web.Problem {
	var unfit *answers.TextError
	if errors.As(err, &unfit) {
		return &web.Problem{Status: http.StatusUnprocessableEntity, Text: unfit.Error()}
	}
	return s.ProblemOf(r, problemOf(err))
}

// Guess takes a prediction, once.
func (s *Pages) Guess(w http.ResponseWriter, r *http.Request, d Desk) error {
	form := web.Form(r)
	typed, sure := form.Get("guess"), form.Get("confidence")
	err := s.handIn(r, d, func(h homework.Homework, stop homework.Stop) error {
		if !stop.Predicts() {
			return noStop
		}
		g := classroom.Guess{Stop: stop.ID, Member: d.Member.ID}
		var err error
		if g.Value, err = stop.ParseGuess(typed); err != nil {
			return err
		}
		if g.Confidence, err = classroom.ParseConfidence(sure); err != nil {
			return err
		}
		_, err = s.Rows.CommitGuess(r.Context(), h, g)
		return err
	})
	if err == nil {
		http.Redirect(w, r, "/homework/"+d.Homework.ID+"/stops/"+web.Path(r, "stop"), http.StatusSeeOther)
		return nil
	}
	p := s.refusal(r, err)
	if p == noStop || p == notYet {
		return err
	}
	web.RetryLater(w, p)
	return s.renderStop(w, r, p.Status, d, func(page *views.HomeworkStop) {
		if !page.Open || page.Committed {
			page.Error, page.Unsent = p.Text, typed
			if i := strings.Index("012345", typed); page.Stage.Form == "choice" && len(typed) == 1 && i >= 0 && i < len(page.Stage.Choices) {
				page.Unsent = page.Stage.Choices[i].Letter + ": " + page.Stage.Choices[i].Label
			}
			return
		}
		page.Stage.Error, page.Stage.GuessText, page.Stage.Sure = p.Text, typed, sure
		for i := range page.Stage.Choices {
			page.Stage.Choices[i].Chosen = page.Stage.Choices[i].Value == typed
		}
	})
}

// write keeps what a form brought as an answer.
func (s *Pages) write(r *http.Request, d Desk, hand bool) (kept homework.Answer, err error) {
	form := web.Form(r)
	revision, err := web.Revision(form)
	if err != nil {
		return kept, err
	}
	text := web.Newlines(form.Get("text"))
	err = s.handIn(r, d, func(h homework.Homework, stop homework.Stop) (err error) {
		if !stop.Asks() {
			return noStop
		}
		if hand && strings.TrimSpace(text) == "" {
			return &classroom.RefusedError{Reason: "write something first"}
		}
		kept, err = s.Rows.WriteAnswer(r.Context(), h, homework.Answer{Answer: classroom.Answer{Stop: stop.ID, Member: d.Member.ID, Text: text, Revision: revision}}, hand)
		return err
	})
	return kept, err
}

// A runError says that what was given as a run is none.
type runError struct{ reason error }

func (e runError) Error() string { return e.reason.Error() }
func (e runError) Unwrap() error { return e.reason }

// attach puts the run of a form, where it has a box for one, beside the answer.
func (s *Pages) attach(r *http.Request, d Desk) error {
	if !web.Form(r).Has("run") {
		return nil
	}
	run, err := study.ReadRun(s.Desk.Labs, r, web.Form(r).Get("run"))
	if err != nil {
		return runError{err}
	}
	return s.handIn(r, d, func(h homework.Homework, stop homework.Stop) error {
		if !stop.Asks() {
			return noStop
		}
		return s.Rows.AttachHomeworkRun(r.Context(), h, d.Member.ID, stop.ID, run)
	})
}

// Answer takes what a student hands in.
func (s *Pages) Answer(w http.ResponseWriter, r *http.Request, d Desk) error {
	return s.answer(w, r, d, true)
}

// Attach takes the run that an answer argues from, and what stands in its box as a draft.
func (s *Pages) Attach(w http.ResponseWriter, r *http.Request, d Desk) error {
	return s.answer(w, r, d, false)
}

func (s *Pages) answer(w http.ResponseWriter, r *http.Request, d Desk, hand bool) (err error) {
	form := web.Form(r)
	text := web.Newlines(form.Get("text"))
	var kept homework.Answer
	if hand || text != "" || form.Get("revision") != "0" { // nothing was written, and nothing is kept of it
		kept, err = s.write(r, d, hand)
	}
	if err == nil {
		err = s.attach(r, d)
	}
	if err == nil {
		http.Redirect(w, r, "/homework/"+d.Homework.ID+"/stops/"+web.Path(r, "stop"), http.StatusSeeOther)
		return nil
	}
	p := s.refusal(r, err)
	if p == noStop || p == notYet {
		return err
	}
	web.RetryLater(w, p)
	return s.renderStop(w, r, p.Status, d, func(page *views.HomeworkStop) {
		if !page.Open || page.Answer == nil {
			if page.Answer == nil || strings.TrimSpace(page.Answer.Text) != strings.TrimSpace(text) {
				page.Error, page.Unsent = p.Text, text
			}
			if run := form.Get("run"); page.Answer != nil && run != page.Answer.RunText && run != "" {
				page.Error, page.Unsent = p.Text, strings.TrimSpace(page.Unsent+"\n"+run)
			}
			return
		}
		box := page.Answer
		if form.Has("run") {
			box.RunText = form.Get("run")
		}
		var noRun runError
		if errors.As(err, &noRun) { // the text is kept
			box.RunError = p.Text
			return
		}
		box.Text, box.Error, box.Saved = text, p.Text, time.Time{}
		if errors.Is(err, classroom.ErrStale) {
			box.Other, box.Revision = kept.Text, kept.Revision
		} else if revision, bad := web.Revision(web.Form(r)); bad == nil {
			box.Revision = revision
		}
	})
}

// Draft keeps what is being typed.
func (s *Pages) Draft(w http.ResponseWriter, r *http.Request, d Desk) error {
	kept, err := s.write(r, d, false)
	if err == nil {
		return web.WriteJSON(w, http.StatusOK, web.SavedAt(kept.Revision, kept.UpdatedAt))
	}
	p := s.refusal(r, err)
	web.RetryLater(w, p)
	body := web.Refusal{Error: p.Text}
	if errors.Is(err, classroom.ErrStale) {
		body.Current = &web.Kept{Revision: kept.Revision, Text: kept.Text}
	}
	return web.WriteJSON(w, p.Status, body)
}
