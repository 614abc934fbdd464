package class

import (
	"net/http"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/views"
)

// wallCookie holds the key that shows the wall: for a lecture hall's own computer, which is not to be the teacher's.
const wallCookie = "wall"

// noKey is for a teacher whose browser has not the key that links are made of.
var noKey = &web.Problem{Status: http.StatusConflict, Heading: "A link to keep first", Text: "The projector link is made of your link to keep, which this browser does not have. Make one on your page first."}

// watches says whether a request may be shown the wall: the teacher's may, and one with the wall's own key.
func watches(r *http.Request, c classroom.Class) bool {
	for _, cookie := range r.CookiesNamed(wallCookie) {
		if c.ShowsWall(cookie.Value) {
			return true
		}
	}
	return teaches(r, c)
}

// Wall finds the class of an address for whoever may be shown the wall.
func (s *Pages) Wall(r *http.Request) (classroom.Class, error) {
	c, err := s.At(r)
	if err == nil && !watches(r, c) {
		err = notTeacher
	}
	if err != nil {
		return classroom.Class{}, err
	}
	return c, nil
}

// WallKeyPage is where the projector link leads.
func (s *Pages) WallKeyPage(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	return web.Render(w, r, http.StatusOK, views.SecretLinkPage(wallView(r, c)))
}

func wallView(r *http.Request, c classroom.Class) views.SecretLink {
	view := views.SecretLink{
		Frame: web.Frame(r, c.Title, "class", "secret.js"), Title: "The wall of class " + classroom.SpellCode(c.Code),
		Text:   "The projector link shows what the class sees; with it, nothing can be moved or read that is the teacher’s.",
		Action: "/class/" + c.Code + "/wall", Button: "Show the wall", AtOnce: true,
	}
	view.Frame.Path = view.Action
	return view
}

// UseWallKey lets this browser show the wall.
func (s *Pages) UseWallKey(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	key := web.Secret(web.Form(r).Get("secret"))
	if !c.ShowsWall(key) {
		view := wallView(r, c)
		view.Secret, view.Error = web.Form(r).Get("secret"), "This link does not show the wall: it is not whole, or the teacher has made another one since."
		return web.Render(w, r, http.StatusForbidden, views.SecretLinkPage(view))
	}
	audit.Identify(r.Context(), audit.ByKey("projector", c.WallHash))
	s.rows.Tell(r.Context(), audit.KeyUsed, "class "+c.ID, c.Code)
	giveCookie(w, r, c, wallCookie, key)
	http.Redirect(w, r, "/class/"+c.Code+"/projector", http.StatusSeeOther)
	return nil
}

// NewWallKey makes another projector link: the one before shows nothing any more, at once.
func (s *Pages) NewWallKey(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	if _, err := s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) {
		cookie := keyOf(r, c)
		if cookie == nil { // another device has made another key, or this one came by an account and has none
			return c, noKey
		}
		next, _ := c.Rewalled(cookie.Value)
		return next, nil
	}); err != nil {
		return problemOf(err)
	}
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}
