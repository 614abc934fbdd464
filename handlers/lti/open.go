package lti

import (
	"errors"
	"net/http"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/lti"
	"gradlab/views"
)

var (
	onlyTeachers = &web.Problem{Status: http.StatusForbidden, Heading: "For teachers", Text: "Only who teaches a course chooses what it links."}
	notChosen    = &web.Problem{Status: http.StatusConflict, Heading: "Not yet", Text: "Your teacher has not chosen yet what this link opens. Open it again later."}
	notOpened    = &web.Problem{Status: http.StatusConflict, Heading: "Not yet", Text: "Your teacher has not opened the class yet. Open the link again when it begins."}
	noName       = &web.Problem{Status: http.StatusForbidden, Heading: "The course does not say who you are", Text: "Your learning platform sends you without a name that could be told from others’. Join the class with the code that your teacher shows, or ask whoever runs the platform."}
	rekeyed      = &web.Problem{Status: http.StatusForbidden, Heading: "The class has a new key", Text: "Somebody made a new link to keep for this class since it was opened from the course. Open it with that link."}
)

// lead leads to what a link opens. In a frame, f says what may be framed.
func (s *Pages) lead(w http.ResponseWriter, r *http.Request, f frame, in bool, link lti.Placement, l lti.Launch) error {
	to, err := s.target(s.tool.Base + link.Target)
	if err != nil {
		return err
	}
	at := link.Target
	switch {
	case link.Target == "":
		if !l.Teaches() {
			return notChosen
		}
		if in {
			if err := s.keepFrame(w, r, f); err != nil {
				return err
			}
		}
		return s.choose(w, r, http.StatusOK, chosen{Link: link.ID, Launch: l, At: s.now()}, "", "")
	case to.class:
		c, lead, err := s.classOf(w, r, link, to, l)
		if err != nil {
			return err
		}
		at = "/class/" + c.Code
		f.Path = at
		if lead {
			at += "/remote"
		}
	case to.work != "":
		if l.Subject == "" {
			return noName
		}
		f.Path = to.under
		teaches, err := s.work.Enter(w, r, to.work, l.Name)
		if err != nil {
			return err
		}
		if teaches {
			at += "/teach"
		}
	default:
		f.Path = to.under
	}
	if in {
		if l.Subject == "" { // nobody is signed in, and a frame keeps nothing of a visitor without a name
			view := views.LTITab{Frame: web.Frame(r, link.Title, ""), Title: "In a tab of its own", Text: "Your learning platform sends you without a name. What you write is kept in this browser alone.", Href: at, Label: "Open it"}
			view.Frame.Bare = true
			return web.Render(w, r, http.StatusOK, views.LTITabPage(view))
		}
		if err := s.keepFrame(w, r, f); err != nil {
			return err
		}
	}
	http.Redirect(w, r, at, http.StatusSeeOther)
	return nil
}

// classOf is the class of a link, for its teachers to lead and for its students to be in. A teacher who is the first opens it.
func (s *Pages) classOf(w http.ResponseWriter, r *http.Request, link lti.Placement, to target, l lti.Launch) (c classroom.Class, lead bool, err error) {
	if l.Subject == "" {
		return c, false, noName
	}
	if link.Class != "" {
		if c, err = s.class.ByID(r.Context(), link.Class); err != nil && !errors.Is(err, classroom.ErrNone) {
			return c, false, err
		}
	}
	teaches := l.Teaches()
	switch {
	case c.ID == "" && !teaches:
		return c, false, notOpened
	case c.ID == "":
		if c, link.Key, err = s.begin(r, link, to); err != nil {
			return c, false, err
		}
		fallthrough
	case teaches:
		key, err := lti.Unseal(s.secret, lti.ClassKey, link.Key)
		if err != nil {
			s.log.WarnContext(r.Context(), "the key of a class does not open: was the secret changed?", "class", c.Code)
		}
		if !s.class.Lead(w, r, c, string(key)) {
			return c, false, rekeyed
		}
		return c, true, nil
	}
	return c, false, s.class.Enter(r, c, l.Name)
}

// begin opens the class of a link; of two teachers who do at the same moment, both get the one that was first.
func (s *Pages) begin(r *http.Request, link lti.Placement, to target) (c classroom.Class, sealed []byte, err error) {
	title := link.Title
	if title == "" {
		title = "A class on deep nets"
	}
	c, key, err := s.class.Begin(r, title, to.plan)
	if err != nil {
		return c, nil, err
	}
	if sealed, err = lti.Seal(s.secret, lti.ClassKey, []byte(key)); err != nil {
		return c, nil, err
	}
	if err = s.rows.BindClass(r.Context(), link.ID, c.ID, sealed); err == nil {
		return c, sealed, nil
	}
	if gone := s.class.Discard(r.Context(), c.ID); gone != nil || !errors.Is(err, lti.ErrTaken) {
		return c, nil, errors.Join(err, gone)
	}
	if link, err = s.rows.Link(r.Context(), link.ID); err != nil {
		return c, nil, err
	}
	c, err = s.class.ByID(r.Context(), link.Class)
	return c, link.Key, err
}
