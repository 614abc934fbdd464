package class

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
)

// Do is a teacher's action: a key of the projector or a button of the remote. A script gets the board as it is then, a
// form is led back.
func (s *Pages) Do(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	form := web.Form(r)
	a := classroom.Action{Do: form.Get("do"), Stop: form.Get("stop"), Path: form.Get("path"), Member: form.Get("member"), Instead: form.Get("instead"), Phase: classroom.Phase(form.Get("phase"))}
	a.Round, _ = strconv.Atoi(form.Get("round")) // a device that does not say
	if seconds := form.Get("seconds"); seconds != "" {
		var err error
		if a.Seconds, err = strconv.Atoi(seconds); err != nil || a.Seconds == 0 {
			a.Seconds = -1 // refused, as other times that no timer runs for
		}
	}
	if a.Do == "show" || a.Do == "stage" && a.Path != "" {
		path, err := s.classPath(r, a.Path)
		if err != nil {
			return err
		}
		a.Path = path
	}
	if a.Do == "fold" || a.Do == "unfold" {
		var err error
		if a.Answers, err = s.alike(r.Context(), c, a, form.Get("revision")); err != nil {
			return err
		}
	}
	var before classroom.Class
	c, err := s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) {
		before = c
		switch a.Do {
		case "skip":
			path, flips := s.labs.Flip(c.Public(time.Now()).Path)
			if !flips {
				return c, &classroom.RefusedError{Reason: "there is no skip to flip"}
			}
			return c.Do(classroom.Action{Do: "show", Path: path}, time.Now())
		case "drop":
			return c.Drop(a.Stop)
		}
		return c.Do(a, time.Now())
	})
	if err != nil {
		return problemOf(err)
	}
	if shown := c.Shown(); shown.Phase.Reached(classroom.Locked) || !shown.Closes.IsZero() { // its teacher asks soon who is right
		s.startRun(c)
	}
	done := sifted(a, before, c)
	if web.WantsJSON(r) {
		note, err := s.said(r.Context(), c, done)
		if err != nil {
			return err
		}
		return s.board(w, r, c, note)
	}
	if done != "" {
		web.Notify(w, r, "/class/"+c.Code+"/remote", done)
	}
	http.Redirect(w, r, remoteAfter(c, a, form), http.StatusSeeOther)
	return nil
}

// startRun computes what a prediction's truth needs, once for all, before anybody asks for it.
func (s *Pages) startRun(c classroom.Class) {
	stop := c.Shown()
	if stop.Kind != classroom.Predict || stop.Truth.None() {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(s.stopping, time.Minute)
		defer cancel()
		s.truthWithin(asClass(ctx, c), stop)
	}()
}

// classPath reads what a teacher wants to show: a lab of this site in a state.
func (s *Pages) classPath(r *http.Request, text string) (string, error) {
	path, err := study.ReadRun(s.labs, r, text)
	if err == nil && path == "" {
		err = &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Nothing to show", Text: "Give the link of a lab, such as /labs/chain?depth=20."}
	}
	return path, err
}
