package plan

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/plans"
	"gradlab/views"
)

// Keep puts a new plan on the visitor's shelf, which is made where there is none.
func (s *Pages) Keep(w http.ResponseWriter, r *http.Request, title string, stops []classroom.Stop) (plans.Plan, error) {
	shelves, err := s.Shelves(r)
	if err != nil {
		return plans.Plan{}, err
	}
	shelf, key := plans.NewShelf()
	if len(shelves) > 0 {
		shelf = shelves[0]
	}
	p, err := plans.New(shelf.ID, title, stops, time.Now())
	if err != nil {
		return p, err
	}
	if len(shelves) > 0 {
		if !s.writes.Allow(shelf.ID) {
			return p, web.TooMany
		}
		return p, s.rows.CreatePlan(r.Context(), p)
	}
	person, in := web.Person(r)
	shelf.Person = person.ID
	if err := s.rows.CreateShelf(r.Context(), shelf, p); err != nil {
		return p, err
	}
	if !in {
		giveKey(w, r, key)
	}
	return p, nil
}

// KeepTitled is Keep for a plan whose title may be longer than a plan's can be, and returns its id.
func (s *Pages) KeepTitled(w http.ResponseWriter, r *http.Request, title string, stops []classroom.Stop) (string, error) {
	p, err := s.Keep(w, r, clipped(title), stops)
	return p.ID, problemOf(err)
}

func clipped(title string) string {
	if runes := []rune(title); len(runes) > plans.MaxTitle {
		return string(runes[:plans.MaxTitle-1]) + "…"
	}
	return title
}

// Mine are the plans of a visitor, for a choice of them.
func (s *Pages) Mine(r *http.Request) ([]plans.Line, error) {
	shelves, err := s.Shelves(r)
	if err != nil {
		return nil, err
	}
	var all []plans.Line
	for _, shelf := range shelves {
		lines, err := s.rows.Plans(r.Context(), shelf.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

// ForClass are the stops of a plan of the visitor's own, for a class.
func (s *Pages) ForClass(r *http.Request, id string) ([]classroom.Stop, error) {
	p, err := s.rows.Plan(r.Context(), id)
	if err != nil {
		return nil, problemOf(err)
	}
	if shelves, err := s.Shelves(r); err != nil {
		return nil, err
	} else if !has(shelves, p.Shelf) {
		return nil, notOwner
	}
	return p.ForClass(), nil
}

// made is Keep behind the door for whoever has no shelf yet, as for opening a class; wrong is what to say at the password.
func (s *Pages) made(w http.ResponseWriter, r *http.Request, title string, stops []classroom.Stop) (p plans.Plan, wrong string, err error) {
	visitor := web.EnsureVisitor(w, r)
	if shelves, err := s.Shelves(r); err != nil {
		return p, "", err
	} else if len(shelves) == 0 {
		may, err := s.config.MayOpen(r, visitor)
		if err != nil {
			return p, "", err
		}
		if !may {
			return p, s.config.WhyNot(), nil
		}
	}
	p, err = s.Keep(w, r, title, stops)
	return p, "", err
}

// toSay is what a page says of a plan that was not made: wrong, or why it was refused. Any other error is returned.
func toSay(wrong string, err error) (string, error) {
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return web.Sentence(refused.Reason), nil
	}
	return wrong, problemOf(err)
}

// Home lists the plans of a visitor.
func (s *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	return s.renderHome(w, r, http.StatusOK, views.PlansPage{})
}

func (s *Pages) renderHome(w http.ResponseWriter, r *http.Request, status int, view views.PlansPage) error {
	shelf, key, found, err := s.keyed(r)
	if err != nil {
		return err
	}
	lines, err := s.Mine(r)
	if err != nil {
		return err
	}
	person, in := web.Person(r)
	view.Account, view.Claim = in, in && found && shelf.Person == ""
	view.Frame, view.Password = web.Frame(r, "Plans", "class", "plans.js"), s.config.Password && !s.config.OnlyTeachers && !found && len(lines) == 0 && !person.Teaches()
	view.SignIn = s.config.OnlyTeachers && !found && len(lines) == 0 && !person.Teaches()
	view.Frame.Path, view.KeptFor = "/plans", s.config.Rows.PlansKept()
	if view.Notice == "" {
		view.Notice = web.Noticed(w, r, "/plans")
	}
	if found {
		view.Key = web.Origin(r) + "/plans/key#" + key
	}
	for _, l := range lines {
		view.Plans = append(view.Plans, views.PlanLine{ID: l.ID, Title: l.Title, Stops: l.Stops, Saved: l.SavedAt})
	}
	return web.Render(w, r, status, views.PlansHomePage(view))
}

// New makes an empty plan.
func (s *Pages) New(w http.ResponseWriter, r *http.Request) error {
	title := web.Form(r).Get("title")
	p, wrong, err := s.made(w, r, title, nil)
	if wrong, err = toSay(wrong, err); err != nil {
		return err
	}
	if wrong != "" {
		return s.renderHome(w, r, http.StatusUnprocessableEntity, views.PlansPage{Title: title, TitleError: wrong})
	}
	http.Redirect(w, r, "/plans/"+p.ID, http.StatusSeeOther)
	return nil
}

// Import makes a plan of a text in the format of lessons.
func (s *Pages) Import(w http.ResponseWriter, r *http.Request) error {
	text := web.Newlines(web.Form(r).Get("markdown"))
	shelves, err := s.Shelves(r)
	if err != nil {
		return err
	}
	var fault error
	title, stops, lost, err := s.ReadMarkdown(text, func(name string) bool {
		for _, shelf := range shelves {
			has, err := s.rows.HasPicture(r.Context(), shelf.ID, name)
			if fault = errors.Join(fault, err); has {
				return true
			}
		}
		return false
	})
	if fault != nil {
		return fault
	}
	var p plans.Plan
	wrong := ""
	if err == nil {
		p, wrong, err = s.made(w, r, clipped(title), stops)
	}
	if wrong, err = toSay(wrong, err); err != nil {
		return err
	}
	if wrong != "" {
		return s.renderHome(w, r, http.StatusUnprocessableEntity, views.PlansPage{Markdown: text, MarkdownError: wrong})
	}
	if lost > 0 {
		web.Notify(w, r, "/plans/"+p.ID, "lost "+strconv.Itoa(lost))
	}
	http.Redirect(w, r, "/plans/"+p.ID, http.StatusSeeOther)
	return nil
}
