package account

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"gradlab/handlers/web"
	"gradlab/persons"
	"gradlab/signon"
	"gradlab/views"
)

// Rows keeps persons; package store implements it.
type Rows interface {
	web.Sessions
	SignIn(ctx context.Context, i persons.Identity) (persons.Person, error)
	OpenSession(ctx context.Context, person, hash string, framed bool) (persons.Session, error)
	CloseSession(ctx context.Context, hash string) error
	CloseSessions(ctx context.Context, person string) error
	Sessions(ctx context.Context, person string) ([]persons.Session, error)
	Courses(ctx context.Context, person string) ([]persons.Course, error)
	LeaveCourse(ctx context.Context, person, issuer, name string) error
	Held(ctx context.Context, owner, to string) (persons.Held, error)
	TakeAlong(ctx context.Context, owner, to string) (left int, err error)
	Untie(ctx context.Context, p persons.Person, to string) (left int, err error)
}

// A Provider knows who people are; package signon implements it.
type Provider interface {
	Name() string
	Begin(ctx context.Context) (address string, pending signon.Pending, err error)
	Finish(ctx context.Context, code, issuer string, pending signon.Pending) (persons.Identity, error)
}

// Config is what the pages of accounts need.
type Config struct {
	Log      *slog.Logger
	Rows     Rows
	Provider Provider // nil where nobody signs in
	// Joined are the classes that the visitor of a request is in.
	Joined func(r *http.Request) ([]views.ClassLine, error)
	// Ended tells the streams of sessions, by their hashes, that these have ended.
	Ended func(ctx context.Context, hashes ...string) error
}

// Pages are those of accounts.
type Pages struct {
	log      *slog.Logger
	rows     Rows
	provider Provider
	joined   func(r *http.Request) ([]views.ClassLine, error)
	ended    func(ctx context.Context, hashes ...string) error
}

// New returns the pages of accounts.
func New(c Config) *Pages { return &Pages{c.Log, c.Rows, c.Provider, c.Joined, c.Ended} }

// close ends one session, and its streams.
func (s *Pages) close(ctx context.Context, hash string) error {
	if err := s.rows.CloseSession(ctx, hash); err != nil {
		return err
	}
	s.tell(ctx, hash)
	return nil
}

// tell ends the streams of sessions that have ended. Where the other processes cannot be told, the sessions have ended all the same.
func (s *Pages) tell(ctx context.Context, hashes ...string) {
	if err := s.ended(ctx, hashes...); err != nil {
		s.log.WarnContext(ctx, "streams were not told that somebody has signed out", "err", err)
	}
}

// hashes are those of all sessions of a person.
func (s *Pages) hashes(ctx context.Context, person string) ([]string, error) {
	sessions, err := s.rows.Sessions(ctx, person)
	var all []string
	for _, t := range sessions {
		all = append(all, t.Hash)
	}
	return all, err
}

// notSignedIn is for what only a person can do.
var notSignedIn = &web.Problem{Status: http.StatusForbidden, Heading: "Sign in first", Text: "You are not signed in: your sign-in may have ended meanwhile."}

// person is who has signed in, for pages of theirs alone.
func person(r *http.Request) (persons.Person, error) {
	p, in := web.Person(r)
	if !in {
		return p, notSignedIn
	}
	return p, nil
}

// notices are what was done, on /me.
var notices = map[string]string{
	"in":         "You are signed in.",
	"out":        "You are signed out here. The sign-on itself may still know you in this browser: where others use it, close the browser, too.",
	"everywhere": "You are signed out in every browser.",
	"along":      "What was written in this browser is yours now, wherever you sign in.",
	"partly":     "What was written in this browser is yours now, but for what could not be joined: answers that would be too long together, and classes that you are in under both names. You find that here again when you sign out.",
	"left":       "You have left the course. Whoever opens it from the learning platform again is in it again.",
	"untied":     "Nothing is kept of you under your name any more. What you have written is in this browser alone.",
	"tied":       "Some of it could not be joined with what this browser has: answers that would be too long together, or classes that you are in under both names. That is kept under your name still; the rest is in this browser, and there when you sign out.",
}

// Me shows what is known of who has signed in.
func (s *Pages) Me(w http.ResponseWriter, r *http.Request) error {
	view := views.Me{Frame: web.Frame(r, "Account", "me"), Notice: notices[web.Noticed(w, r, "/me")]}
	if s.provider != nil {
		view.Provider = s.provider.Name()
	}
	var err error
	if view.Joined, err = s.joined(r); err != nil {
		return err
	}
	p, in := web.Person(r)
	if !in {
		return web.Render(w, r, http.StatusOK, views.MePage(view))
	}
	view.In, view.Name, view.Issuer, view.Role = true, p.Name, p.Issuer, string(p.Role)
	courses, err := s.rows.Courses(r.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, c := range courses {
		view.Courses = append(view.Courses, views.Course{Issuer: c.Issuer, Context: c.Context, Title: c.Title, Role: string(c.Role), Name: c.Name, Seen: c.Seen})
	}
	sessions, err := s.rows.Sessions(r.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, t := range sessions {
		view.Sessions = append(view.Sessions, views.Session{Here: t.Hash == web.SessionHash(r), Framed: t.Framed, Opened: t.Opened, Expires: t.Expires})
	}
	if owner := web.Nameless(r); owner != "" {
		held, err := s.rows.Held(r.Context(), owner, p.Owner)
		if err != nil {
			return err
		}
		view.Held = views.Held(held)
	}
	return web.Render(w, r, http.StatusOK, views.MePage(view))
}

// back leads to /me with a notice.
func back(w http.ResponseWriter, r *http.Request, notice string) error {
	web.Notify(w, r, "/me", notice)
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

// Leave takes the person out of one course.
func (s *Pages) Leave(w http.ResponseWriter, r *http.Request) error {
	p, err := person(r)
	if err != nil {
		return err
	}
	if err := s.rows.LeaveCourse(r.Context(), p.ID, web.Form(r).Get("issuer"), web.Form(r).Get("context")); err != nil {
		return err
	}
	return back(w, r, "left")
}

// SignOut ends the session of this browser. Who has none is where they wanted to be.
func (s *Pages) SignOut(w http.ResponseWriter, r *http.Request) error {
	if _, in := web.Person(r); in {
		if err := s.close(r.Context(), web.SessionHash(r)); err != nil {
			return err
		}
	}
	web.EndSession(w, r)
	return back(w, r, "out")
}

// SignOutEverywhere ends all sessions of the person.
func (s *Pages) SignOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	p, err := person(r)
	if err != nil {
		return err
	}
	sessions, err := s.hashes(r.Context(), p.ID)
	if err == nil {
		err = s.rows.CloseSessions(r.Context(), p.ID)
	}
	if err != nil {
		return err
	}
	s.tell(r.Context(), sessions...)
	web.EndSession(w, r)
	return back(w, r, "everywhere")
}

// Untie gives what the person has written to this browser alone, and forgets the person.
func (s *Pages) Untie(w http.ResponseWriter, r *http.Request) error {
	p, err := person(r)
	if err != nil {
		return err
	}
	if web.Form(r).Get("sure") != "1" {
		return &web.Problem{Status: http.StatusBadRequest, Heading: "Nothing was changed", Text: "Tick the box to say that you are sure."}
	}
	token := web.Token(r)
	if token == "" {
		token = web.NewToken()
	}
	sessions, err := s.hashes(r.Context(), p.ID)
	if err != nil {
		return err
	}
	left, err := s.rows.Untie(r.Context(), p, web.Owner(token))
	if err != nil {
		return err
	}
	web.SetVisitor(w, r, token)
	if left > 0 {
		return back(w, r, "tied")
	}
	s.tell(r.Context(), sessions...)
	web.Carry(w, r, web.Mark(r), "")
	web.EndSession(w, r)
	return back(w, r, "untied")
}

// Along asks whether what was written in this browser without signing in becomes the person's.
func (s *Pages) Along(w http.ResponseWriter, r *http.Request) error {
	p, err := person(r)
	if err != nil {
		return err
	}
	held, err := s.rows.Held(r.Context(), web.Nameless(r), p.Owner)
	if err != nil {
		return err
	}
	to := web.LocalPath(web.Query(r).Get("back"))
	if !held.Any() {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	view := views.Along{Frame: web.Frame(r, "Take your answers along?", "me"), Name: p.Name, Held: views.Held(held), Back: to}
	view.Frame.Path = "/me"
	return web.Render(w, r, http.StatusOK, views.AlongPage(view))
}

// TakeAlong does as the person says who was asked.
func (s *Pages) TakeAlong(w http.ResponseWriter, r *http.Request) error {
	p, err := person(r)
	if err != nil {
		return err
	}
	owner := web.Nameless(r)
	if web.Form(r).Get("along") != "1" || owner == "" {
		http.Redirect(w, r, web.LocalPath(web.Form(r).Get("back")), http.StatusSeeOther)
		return nil
	}
	left, err := s.rows.TakeAlong(r.Context(), owner, p.Owner)
	if err != nil {
		return err
	}
	web.Carry(w, r, "", web.Mark(r))
	if left > 0 {
		return back(w, r, "partly")
	}
	return back(w, r, "along")
}

// problemOf is what may be shown of an error of the sign-on; its reason is for the log.
func (s *Pages) problemOf(r *http.Request, err error) error {
	const most = 400 // bytes of a reason: a provider may answer with a page
	var p *web.Problem
	switch {
	case errors.Is(err, signon.ErrAway):
		p = &web.Problem{Status: http.StatusBadGateway, Heading: "The sign-on does not answer",
			Text: s.provider.Name() + " does not answer, so nobody can sign in just now. Everything else works: what you write is kept in this browser, and you can take it along when you sign in later."}
	case errors.Is(err, signon.ErrRefused):
		p = &web.Problem{Status: http.StatusForbidden, Heading: "Not signed in", Text: s.provider.Name() + " did not say who you are in a way that can be relied on. Please sign in again; if this goes on, tell whoever runs this site the number below the next error in their log, or the time."}
	default:
		return err
	}
	reason := err.Error()
	if len(reason) > most {
		reason = reason[:most]
	}
	s.log.WarnContext(r.Context(), "nobody was signed in", "request", web.RequestID(r), "err", reason)
	return p
}
