package lti

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/lti"
	"gradlab/persons"
	"gradlab/views"
)

// chooseTime is how long a teacher may take to choose.
const chooseTime = 12 * time.Hour

// chosen is what a teacher is choosing for: an item for a course [DL], or a link of one that opens nothing yet.
type chosen struct {
	Platform string // of an item
	Link     string // the ID of a link
	Launch   lti.Launch
	At       time.Time
}

// choose offers what a link may open. Field and wrong say what is wrong with what was chosen.
func (s *Pages) choose(w http.ResponseWriter, r *http.Request, status int, c chosen, field, wrong string) error {
	sealed, err := s.seal(lti.Choice, c)
	if err != nil {
		return err
	}
	view := views.LTIChoose{Frame: web.Frame(r, "Choose what the course links", "class"), Course: c.Launch.Context.Title, Sealed: sealed, Fault: views.Fault{Field: field, Error: wrong},
		Graded: c.Platform == "" && c.Launch.Grades.Scored() || c.Platform != "" && c.Launch.Settings.Graded(), Lab: web.Form(r).Get("lab"), Points: web.Form(r).Get("points"), Plan: web.Form(r).Get("plan")}
	view.Frame.Bare, view.Frame.Path = true, "/"
	if field == "" {
		view.Points = "10"
	}
	for _, l := range s.library.Lessons() {
		view.Lessons = append(view.Lessons, views.Option{Value: l.Slug, Label: l.Name()})
	}
	for _, q := range s.library.Questions() {
		view.Questions = append(view.Questions, views.Option{Value: q.Slug, Label: q.Title})
	}
	if view.Plans, err = s.class.PlanNames(r); err != nil {
		return err
	}
	own, err := s.work.Own(r)
	if err != nil {
		return err
	}
	for _, h := range own {
		view.Homework = append(view.Homework, views.Option{Value: h.ID, Label: h.Title})
	}
	return web.Render(w, r, status, views.LTIChoosePage(view))
}

// Choose takes what a teacher chose: it goes to the platform as an item, or is what the link opens from now on.
func (s *Pages) Choose(w http.ResponseWriter, r *http.Request) error {
	form := web.Form(r)
	var c chosen
	if !s.unseal(lti.Choice, form.Get("sealed"), &c) || s.now().Sub(c.At).Abs() > chooseTime {
		return noState
	}
	audit.Identify(r.Context(), audit.Who{Course: persons.Line(c.Launch.Context.Title)})
	path, title, field, wrong := s.read(r, form)
	if wrong != "" {
		return s.choose(w, r, http.StatusUnprocessableEntity, c, field, wrong)
	}
	to, err := s.target(s.tool.Base + path)
	if err != nil {
		return err
	}
	if c.Platform == "" {
		if err := s.rows.Choose(r.Context(), c.Link, to.path, to.points); err != nil {
			return err
		}
		link, err := s.rows.Link(r.Context(), c.Link)
		if err != nil {
			return problemOf(err)
		}
		p, err := s.rows.Platform(r.Context(), link.Platform)
		if err != nil {
			return problemOf(err)
		}
		return s.lead(w, r, frame{origins(p, c.Launch.ReturnURL), "/lti", s.now().Add(24 * time.Hour)}, web.IsFramed(r), link, c.Launch)
	}
	p, err := s.rows.Platform(r.Context(), c.Platform)
	if err != nil {
		return problemOf(err)
	}
	key, err := s.signer(r.Context())
	if err != nil {
		return err
	}
	points := to.points
	if to.work != "" {
		own, err := s.work.Own(r)
		if err != nil {
			return err
		}
		for _, h := range own {
			if h.ID == to.work {
				_, all := h.Scores(homework.Sheet{}, nil)
				points = all.Of
			}
		}
	}
	answer, err := lti.DeepLink(key, p, c.Launch, []lti.Item{{Title: title, URL: s.tool.Base + to.path, Points: float64(points) / 100}}, s.now())
	if err != nil {
		return err
	}
	s.rows.Tell(r.Context(), audit.LinkGiven, "platform "+p.ID, to.path)
	web.LetPost(w, lti.Origin(c.Launch.Settings.ReturnURL))
	view := views.LTIReturn{Frame: web.Frame(r, "Back to the course", "", "lti.js"), Title: title, Action: c.Launch.Settings.ReturnURL, Token: answer}
	view.Frame.Bare, view.Frame.Path = true, "/"
	return web.Render(w, r, http.StatusOK, views.LTIReturnPage(view))
}

// read is the path of what was chosen, and its title; or the field in which something is wrong, and what.
func (s *Pages) read(r *http.Request, form url.Values) (path, title, field, wrong string) {
	switch kind := form.Get("kind"); kind {
	case "lesson":
		l, found := s.library.Lesson(form.Get("lesson"))
		if !found {
			return "", "", kind, "Choose one of the lessons."
		}
		return "/lessons/" + l.Slug, l.Title, "", ""
	case "question":
		q, found := s.library.Question(form.Get("question"))
		if !found {
			return "", "", kind, "Choose one of the questions."
		}
		return "/questions/" + q.Slug, q.Title, "", ""
	case "homework":
		own, err := s.work.Own(r)
		if err != nil {
			return "", "", kind, "The homework cannot be read now. Please try again."
		}
		for _, h := range own {
			if h.ID == form.Get("homework") {
				return "/homework/" + h.ID, h.Title, "", ""
			}
		}
		return "", "", kind, "Choose one of your homework."
	case "lab":
		run, err := study.ReadRun(s.labs, r, form.Get("lab"))
		if err != nil || run == "" {
			return "", "", kind, "Paste the address of a lab, such as " + s.tool.Base + "/labs/chain?depth=20."
		}
		return run, "Lab: " + s.labs.Chip(run).Label, "", ""
	case "class":
		points, err := lti.ParsePoints(strings.Replace(strings.TrimSpace(form.Get("points")), ",", ".", 1))
		if err != nil {
			return "", "", "points", web.Sentence(err.Error())
		}
		query := url.Values{}
		plans, err := s.class.PlanNames(r)
		if err != nil {
			return "", "", kind, "The plans cannot be read now. Please try again."
		}
		title := "A lecture through the questions"
		if plan := form.Get("plan"); plan != "" {
			found := false
			for _, o := range plans {
				if o.Value == plan {
					found, title = true, strings.TrimPrefix(o.Label, "Yours: ")
				}
			}
			if !found {
				return "", "", kind, "Choose one of the plans."
			}
			query.Set("plan", plan)
		}
		if points > 0 {
			query.Set("points", views.Hundredths(points))
		}
		return views.Href("/class", query), "Class: " + title, "", ""
	}
	return "", "", "", "Choose what the link opens."
}
